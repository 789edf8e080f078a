"""The one place where ports meet adapters.

Nothing happens at import: each edge is imported by the function that needs it, so that ``watcher --help`` pays for none
of them. An ``App`` knows settings and configuration, and makes the parts that they ask for.
"""

from watcher.bootstrap.app import SHIPPED, App
from watcher.bootstrap.assembly import (
    as_yaml,
    assemble,
    begin_with,
    check,
    demonstration,
    memory,
    proving_reader,
    stances_before,
)

__all__ = [
    "SHIPPED",
    "App",
    "as_yaml",
    "assemble",
    "begin_with",
    "check",
    "demonstration",
    "memory",
    "proving_reader",
    "stances_before",
]

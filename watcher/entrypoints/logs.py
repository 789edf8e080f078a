"""The log: one line a record, to standard error, so that standard output holds nothing but answers."""

import logging
import sys
import time
from typing import TextIO

from watcher.notify.plain import clean

# What libraries log at these levels is of use only to somebody who looks for a fault in them.
_LOUD = ("apscheduler", "slack_sdk", "trafilatura", "urllib3", "alembic", "htmldate", "justext", "courlan")


class OneLine(logging.Formatter):
    """Time in UTC, level, module and message on one line.

    A feed's own words can stand in a message: no control sequence of theirs reaches the terminal, and what follows a
    line break is set off, so that nobody can write lines into the log. Tracebacks of our own take several lines, too.
    """

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name is the library's)
        """The record's text, cleaned line by line."""
        first, *rest = super().formatMessage(record).splitlines() or [""]
        return "\n".join([clean(first), *(f"  | {_indent(line)}{clean(line)}" for line in rest)])


def _indent(line: str) -> str:
    return " " * (len(line) - len(line.lstrip(" ")))


def set_up(*, verbose: bool = False, stream: TextIO | None = None) -> None:
    """Send the log to ``stream`` (standard error): from INFO on, with ``verbose`` from DEBUG on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("watcher").setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.getLogger("storage").setLevel(logging.DEBUG if verbose else logging.INFO)
    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.ERROR)

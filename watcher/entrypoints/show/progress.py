"""A bar on a terminal; nothing in a pipe or a log."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.usecases.poll import Progress


@contextmanager
def progress_bar(label: str) -> "Iterator[Progress | None]":
    """What is to be told how much is done, of how much; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  (only on a terminal)
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn  # noqa: PLC0415  (the same)
    from rich.progress import Progress as Bar  # noqa: PLC0415  (the same)

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)

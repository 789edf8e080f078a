"""The log: one line a record, to standard error, so that standard output holds nothing but answers."""

import logging
import sys
import time
from typing import TextIO

from watcher.notify.plain import clean

# What libraries log at these levels is of use only to somebody who looks for a fault in them.
_LOUD = ("apscheduler", "slack_sdk", "trafilatura", "urllib3", "alembic", "htmldate", "justext", "courlan")


class OneLine(logging.Formatter):
    """Time in UTC, level, module and message on one line; a traceback follows only where one was handed in.

    A feed's own words can stand in a message: control sequences and line breaks in it do not reach the terminal.
    """

    converter = time.gmtime

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (the name is the library's)
        """The record's line, cleaned."""
        return clean(super().formatMessage(record))


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

"""The options that several commands share, and what the numbers of the exit status mean."""

from datetime import UTC, date, datetime, time
from enum import IntEnum, StrEnum
from typing import Annotated

import typer


class Status(IntEnum):
    """Exit status."""

    DONE = 0
    FAILED = 1  # it ran, and something in it failed
    WRONG = 2  # the command line or a configuration is wrong


class Format(StrEnum):
    """How an answer is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"


Feeds = Annotated[
    str | None,
    typer.Option("--feeds", metavar="FILE", help="What to watch; without it WATCHER_FEEDS, or feeds.yaml here."),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        metavar="URL",
        help="The record: an address or a SQLite file; without it WATCHER_DATABASE_URL, or watcher.db here.",
    ),
]
Formatted = Annotated[
    Format, typer.Option("--format", metavar="FORMAT", help="table for people, json or jsonl for programs.")
]


def day(text: str) -> date:
    """A day as ISO 8601 writes it.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no date: write it as 2020-06-10") from error


def moment(text: str) -> datetime:
    """A day or a moment as ISO 8601 writes it, aware; a moment without a zone is in UTC.

    Raises:
        typer.BadParameter: it is neither.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        expected = "write it as 2020-06-10 or 2020-06-10T18:00:00Z"
        raise typer.BadParameter(f"{text!r} is no date or time: {expected}") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def moment_known(text: str) -> datetime:
    """As ``moment``; a day alone means its end, so that what was learnt on that day counts as known."""
    found = moment(text)
    is_day = len(text.strip()) <= len("2020-06-10")
    return datetime.combine(found.date(), time.max, UTC) if is_day else found

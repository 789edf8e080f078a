"""``watcher demo``: June 2020 in fast motion, through the real pipeline.

What is real: HTTP on loopback with conditional requests, one RSS feed per publisher, parsing, reading, judging, a
SQLite file, the terminal's notifier. What is not: the days pass in a moment, because the clock is an argument.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from shlex import quote
from shutil import which
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import typer

from watcher import bootstrap
from watcher.core.source import FullText, Source, SourceKind, SourceType
from watcher.entrypoints.newsstand import Item, Newsstand
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.stances import show_status
from watcher.entrypoints.show.words import count, in_words
from watcher.usecases import answer
from watcher.usecases.ports import Store
from watcher.usecases.round import Round
from watcher.usecases.summary import ReadSummary

FIRST_DAY = date(2020, 6, 8)
LAST_DAY = date(2020, 6, 30)
_BASELINE = datetime(2020, 6, 1, tzinfo=UTC)
_RECORD = "watcher.db"
_WORTH_ASKING = ("amazon", "farmington-voice")  # publishers of a post that was told, and of one that was not


@dataclass(slots=True)
class Calendar:
    """The demo's clock: it stands at the evening of a day until it is moved to the next."""

    day: date

    def now(self) -> datetime:
        """Shortly before midnight, UTC, of the day."""
        return datetime.combine(self.day, time(23, 59), UTC)


@dataclass(frozen=True, slots=True)
class Month:
    """What happens: the publishers, and what each of them publishes."""

    sources: Mapping[str, Mapping[str, str]]
    items: Sequence[Item] = field(default=())

    @property
    def names(self) -> dict[str, str]:
        """The publishers' names by id."""
        return {source_id: given["name"] for source_id, given in self.sources.items()}

    @classmethod
    def shipped(cls) -> "Month":
        """The posts that come with the package."""
        lines = (resources.files("watcher") / "data" / "demo.jsonl").read_text("utf-8").splitlines()
        records = [json.loads(line) for line in lines]
        return cls({record["source"]["id"]: record["source"] for record in records}, [_item(one) for one in records])


def _item(record: Mapping[str, Any]) -> Item:
    published = datetime.fromisoformat(record["published"])
    return Item(record["source"]["id"], record["id"], record["url"], record["title"], published, record["text"])


def show(keep: str | None, stream: TextIO) -> None:
    """Run the demo and tell each step in plain words; ``keep`` is a folder in which the record stays.

    Raises:
        typer.BadParameter: there is a record in that folder already.
    """
    month, calendar, screen = Month.shipped(), Calendar(FIRST_DAY), Screen(stream)
    with _folder(keep) as folder, Newsstand(month.items, calendar.now, month.names) as stand:
        record = str(folder / _RECORD)
        app = bootstrap.demonstration(record, _sources(month, stand))
        with app.writing(lambda _: None) as store:
            _introduce(screen, len(month.sources), bootstrap.begin_with(store, _BASELINE))
            _conclude(screen, app, store, list(_days(app, store, calendar, screen, stream)))
        _invite(screen, month, record if keep else None)


@contextmanager
def _folder(keep: str | None) -> Iterator[Path]:
    if keep is None:
        with TemporaryDirectory(prefix="watcher-demo-") as name:
            yield Path(name)
        return
    folder = Path(keep)
    if (folder / _RECORD).exists():
        raise typer.BadParameter(f"{folder / _RECORD} is there already: name another folder, or remove it")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise typer.BadParameter(f"{folder} cannot be made: {error.strerror}") from error
    yield folder


def _sources(month: Month, stand: Newsstand) -> tuple[Source, ...]:
    return tuple(
        Source(
            id=source_id,
            type=SourceType.FEED,
            url=stand.address(source_id),
            kind=SourceKind(given["kind"]),
            name=given["name"],
            vendor=given.get("vendor"),
            full_text=FullText.NEVER,  # the feeds hold whole texts, and the pages behind them are on the real web
        )
        for source_id, given in month.sources.items()
    )


def _introduce(screen: Screen, publishers: int, known: int) -> None:
    screen.title("June 2020 in fast motion")
    screen.line(
        f"{publishers} publishers are served as RSS feeds by this machine, to this machine; nothing else is asked. "
        "Each day their feeds are polled, new posts are read by the rules, and what they say is judged against the "
        "stances on record, by the same code that watcher run uses."
    )
    screen.line(f"The ledger begins with {count(known, 'stance')} from before {_BASELINE.date().isoformat()}.")
    screen.line()


def _days(
    app: bootstrap.App, store: Store, calendar: Calendar, screen: Screen, stream: TextIO
) -> Iterator[tuple[Round, ReadSummary]]:
    """Each day: its heading, then its alerts, which the notifier prints."""
    with app.flow(store, calendar.now, _no_wait, stream, every_source=True) as flow:
        while calendar.day <= LAST_DAY:
            polled = flow.poll(_at_the_end, bool)
            if polled.new_posts:
                _head(screen, calendar.day, polled)
            read = flow.read(bool)
            flow.deliver(bool)
            if polled.new_posts and not read.alerts:
                _quiet(screen, read)
            yield polled, read
            calendar.day += timedelta(days=1)


def _no_wait(_seconds: float) -> None:
    """Days pass in a moment here, and so do the pauses between two messages."""


def _at_the_end() -> None:
    """A day's posts are read when all of its feeds have answered, so that its heading can stand above its alerts."""


def _head(screen: Screen, day: date, polled: Round) -> None:
    unchanged = f"; {count(polled.not_modified, 'feed')} unchanged" if polled.not_modified else ""
    screen.title(f"── {in_words(day)}: {count(polled.new_posts, 'new post')}{unchanged} ──")
    screen.line()


def _quiet(screen: Screen, read: ReadSummary) -> None:
    joined = f" {count(read.reports, 'report')} joined an earlier alert." if read.reports else ""
    screen.line(f"No alert.{joined}", indent=2, style="dim")
    screen.line()


def _conclude(screen: Screen, app: bootstrap.App, store: Store, days: Sequence[tuple[Round, ReadSummary]]) -> None:
    alerts = [alert for _, read in days for alert in read.alerts]
    posts, unchanged = sum(polled.new_posts for polled, _ in days), sum(polled.not_modified for polled, _ in days)
    reports = sum(read.reports for _, read in days)
    screen.title("What came of it")
    screen.line(
        f"{count(posts, 'post')} were read in {count(len(days), 'round')}, and {count(len(alerts), 'alert')} went out. "
        f"{count(reports, 'further report')} of the same events joined them and alerted nobody again. "
        f"{unchanged} times a feed answered that nothing had changed, and was not even parsed."
    )
    screen.line()
    told = {alert.vendor for alert in alerts}
    show_status(
        screen, [one for one in answer.status(store, app.vendors, LAST_DAY) if one.vendor in told], LAST_DAY, None
    )
    screen.line()


def _invite(screen: Screen, month: Month, record: str | None) -> None:
    program = _program()
    if record is None:
        screen.line("To keep the record and ask it:")
        screen.address(f"{program} demo --keep demo", indent=2)
        return
    asked = [item.url for publisher in _WORTH_ASKING for item in month.items if item.publisher == publisher]
    questions = ["status --on 2020-06-30", "status amazon --on 2020-07-01", "history amazon", "alerts"]
    screen.line(f"The record stays in {record}. Ask it:")
    for question in [*questions, *(f"why {quote(url)}" for url in asked)]:
        screen.address(f"{program} {question} --database {quote(record)}", indent=2)


def _program() -> str:
    """The command as it was called, so that what is shown can be pasted."""
    if which("watcher"):
        return "watcher"
    called = sys.argv[0]
    return "python -m watcher" if called.endswith(".py") else quote(called)

"""A year in fast motion: every letter, lapse and reminder on its day, whatever clocks, restarts and outages do.

    python eval/year.py [--zone Europe/Berlin]... [--hours 3] [--all]

The real scheduler, rounds, rules, ledger, calendar, outbox and letters run over a real SQLite file, with a clock that
is moved on by some hours at a time. Feeds and channels are stand-ins at the ports; mail goes to a real server on this
machine, for two readers in the operator's zone and one in another. The watcher is started anew every day, and switched
off for a week; one publisher's server is down for five days. Without ``--zone`` the year is lived in Berlin and in New
York, whose clocks change on other days. What was told is compared with what should have been: the exit status is 1
where they differ. ``--all`` prints it.
"""

import argparse
import logging
import socket
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self
from zoneinfo import ZoneInfo

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from yearly import OFF, STORIES, VENDORS, YEAR, World, source

from watcher import bootstrap
from watcher.bootstrap.running import running
from watcher.config.environment import Secret, Settings
from watcher.config.feeds import Configuration
from watcher.core.change import Change
from watcher.core.letter import Subscriber
from watcher.core.message import Batch, Bulletin, Message
from watcher.core.notice import Notice, NoticeKind
from watcher.entrypoints.scheduler import Beat, Work
from watcher.usecases.letters import subscribe

READERS, OPERATORS = "C0READERS", "C0OPERATORS"
HERE, ABROAD = ("anna@example.org", "ben@example.org"), "carla@example.org"
FIRST = time(0, 5)  # of each day: when the watcher is started
Line = tuple[date, str, str]  # the day in the zone, the vendor, what was told


@dataclass
class Clock:
    """Moved on by the year; what is slept passes at once."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let some seconds pass."""
        self.now += timedelta(seconds=seconds)


@dataclass
class Channel:
    """Takes every message, and keeps what it said and when."""

    clock: Clock
    zone: ZoneInfo
    readers: list[Line] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        """Keep the message; its receipt is its number."""
        del plain
        for line in self._lines(message):
            if channel == OPERATORS:
                self.operators.append(f"{line[0]} {line[2]}")
            else:
                self.readers.append(line)
        return str(len(self.readers) + len(self.operators))

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        """What was said stays said."""

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        """Nothing is ever in doubt here."""
        del keys, channel, since, thread
        return {}

    def _lines(self, message: Message) -> list[Line]:
        today = self.clock.now.astimezone(self.zone).date()
        if isinstance(message, Notice):
            return [(today, message.vendor or "", _noticed(message))]
        bulletins = message.bulletins if isinstance(message, Batch) else [message]
        alerts = [one.alert for one in bulletins if isinstance(one, Bulletin)]
        return [(today, one.vendor, _change(one.main.change, one.main.until)) for one in alerts]


def _noticed(notice: Notice) -> str:
    """A reminder by the mark and the end that its key names; anything else by its title."""
    if notice.kind is not NoticeKind.REMINDER:
        return notice.title
    end, mark = notice.key[-len("2021-01-01-30d") :].lstrip("-").rsplit("-", 1)
    return f"{mark.removesuffix('d')} days before {end[-10:]}"


def _change(change: Change, until: date | None) -> str:
    return f"lapsed after {until}" if change is Change.LAPSED else change.value


class Mailbox:
    """A mail server that keeps which week's letter came to whom, and on which day of the reader's zone."""

    def __init__(self, clock: Clock, zones: Mapping[str, ZoneInfo]) -> None:
        self.letters: list[Line] = []
        self._clock, self._zones = clock, zones
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=30)

    def __enter__(self) -> Self:
        """Listen."""
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._controller.stop()

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802  (its name)
        """Take a letter; its Message-ID begins with its week."""
        address = envelope.rcpt_tos[0]
        message = message_from_bytes(envelope.original_content or b"")
        week = message["Message-ID"].strip("<").partition(".")[0]
        day = self._clock.now.astimezone(self._zones[address]).date()
        self.letters.append((day, address, f"letter of {week}"))
        return "250 taken"


@dataclass
class Year:
    """One year in one zone."""

    zone: ZoneInfo
    step: timedelta
    folder: Path
    starts: int = 0
    ticks: int = 0

    def live(self) -> Channel:
        """Live it; what was told."""
        clock = Clock(datetime.combine(YEAR[0], FIRST, self.zone).astimezone(UTC))
        channel, world = Channel(clock, self.zone), World(clock)
        with Mailbox(clock, readers(self.zone)) as mail:
            app = self._installation(mail.port)
            self._subscribe(app, clock.now)
            day = YEAR[0]
            while day < YEAR[1]:
                if not OFF[0] <= day < OFF[1]:
                    self._day(app, day, clock, channel, world)
                day += timedelta(days=1)
        channel.readers += mail.letters
        return channel

    def _subscribe(self, app: bootstrap.App, now: datetime) -> None:
        """One reader is in the record, and lives in a zone of her own."""
        with app.adding(lambda _: None) as store:
            subscribe(store, Subscriber(ABROAD, now, zone=readers(self.zone)[ABROAD].key))

    def _installation(self, port: int) -> bootstrap.App:
        (self.folder / "feeds.yaml").write_text("sources: []\n", "utf-8")
        settings = Settings(
            feeds=str(self.folder / "feeds.yaml"),
            database_url=Secret(f"sqlite:///{self.folder / 'watcher.db'}"),
            slack_bot_token=Secret("xoxb-none"),
            slack_api_url="http://127.0.0.1:9/api/",  # nobody is there: whether the token is good stays open
            slack_channel=READERS,
            operators_channel=OPERATORS,
            smtp_url=Secret(f"smtp://127.0.0.1:{port}"),
            mail_from="watcher@example.org",
            digest_to=HERE,
            timezone=self.zone,
        )
        return bootstrap.App(settings, Configuration(sources=tuple(map(source, VENDORS)), vendors=VENDORS))

    def _day(self, app: bootstrap.App, day: date, clock: Clock, channel: Channel, world: World) -> None:
        """One day of the zone, in a process of its own as far as anything is remembered."""
        self.starts += 1
        end = datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)
        clock.now = max(clock.now, datetime.combine(day, FIRST, self.zone).astimezone(UTC))
        with app.writing(lambda _: None) as store, app.flow(store, clock, clock.sleep, sys.stderr) as flow:
            flow.fetcher.close()
            live, rota = running(app, store, replace(flow, fetcher=world, notifiers=lambda _: channel))
            beat = Beat(Work(live.poll, live.read, live.deliver, rota.run, live.changed), clock, bool)
            while clock.now < end:
                beat.tick()
                beat.tick()  # what the first one decided is delivered by the next
                self.ticks += 2
                clock.now += self.step


def readers(zone: ZoneInfo) -> dict[str, ZoneInfo]:
    """Who gets letters, and in which zone each lives."""
    other = ZoneInfo("Europe/Berlin" if zone.key.startswith("America/") else "America/New_York")
    return {**dict.fromkeys(HERE, zone), ABROAD: other}


def wanted(zone: ZoneInfo) -> list[Line]:
    """What is to be told, in the order of time."""
    lines = [(day, one.vendor, what) for one in STORIES for day, what in (*one.changes, *one.calendar)]
    back = datetime.combine(OFF[1], FIRST, zone)
    letters = [(day, to, week) for to, own in readers(zone).items() for day, week in _letters(back.astimezone(own))]
    return sorted([*lines, *letters])


def _letters(back: datetime) -> Iterator[tuple[date, str]]:
    """One each Monday about the week before; where the watcher was off on that day, when it is ``back``."""
    for number in range((YEAR[1] - YEAR[0]).days // 7):
        monday = YEAR[0] + timedelta(weeks=number)
        year, week, _ = (monday - timedelta(weeks=1)).isocalendar()
        yield back.date() if OFF[0] <= monday < OFF[1] else monday, f"letter of {year}-W{week:02}"


def compare(zone: ZoneInfo, channel: Channel, *, show: bool) -> bool:
    """Print how what was told differs from what should have been; whether it does not."""
    told, want = Counter(channel.readers), Counter(wanted(zone))
    missing, unwanted = sorted((want - told).elements()), sorted((told - want).elements())
    for title, lines in (("missing", missing), ("not wanted", unwanted), ("told", sorted(told) if show else [])):
        for day, vendor, what in lines:
            print(f"  {title:11} {day} {vendor:12} {what}")
    if show:
        print("\n".join(f"  operators   {line}" for line in channel.operators))
    kinds = Counter(_kind(what) for _, _, what in (want & told).elements())
    counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    print(f"{zone}: {counted} on their day; {len(missing)} missing, {len(unwanted)} not wanted")
    return not missing and not unwanted


def _kind(what: str) -> str:
    kinds = {"lapsed": "lapses", "before": "reminders", "letter": "letters"}
    return next((kind for word, kind in kinds.items() if word in what), "changes")


def troubles(channel: Channel) -> bool:
    """Print what the operators were told; whether it is one message for the server that was down, and one when back."""
    titles = [line.split(" ", 1)[1] for line in channel.operators]
    good = titles == ["1 source in trouble", "1 source well again"]
    print(f"  operators: {'; '.join(channel.operators)}{'' if good else '  <- one fault and its mending were wanted'}")
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description="A year in fast motion.")
    parser.add_argument("--zone", action="append", help="whose days count; again for another year")
    parser.add_argument("--hours", type=float, default=3.0, help="between two looks (default 3)")
    parser.add_argument("--all", action="store_true", help="print all that was told")
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    good = True
    for zone in given.zone or ("Europe/Berlin", "America/New_York"):
        with TemporaryDirectory() as folder:
            year = Year(ZoneInfo(zone), timedelta(hours=given.hours), Path(folder))
            channel = year.live()
        good &= compare(year.zone, channel, show=given.all)
        good &= troubles(channel)
        print(f"  {year.starts} starts, {year.ticks} ticks, off from {OFF[0]} to {OFF[1]}")
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()

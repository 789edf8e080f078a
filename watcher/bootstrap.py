"""The one place where ports meet adapters.

Nothing happens at import: each edge is imported by the function that needs it, so that ``watcher --help`` pays for none
of them. An ``App`` knows settings and configuration; a ``Flow`` is a record with all that polls, reads and delivers.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from watcher.core.errors import ConfigError, Fault, FetchError, FetchTrouble, StorageError

if TYPE_CHECKING:
    from watcher.config.environment import Settings
    from watcher.config.feeds import Configuration
    from watcher.core.alert import Alert
    from watcher.core.reader import Reader
    from watcher.core.source import Source
    from watcher.core.stance import Stance
    from watcher.core.vendor import Vendor
    from watcher.fetch.settings import Settings as Manners
    from watcher.usecases.backtest import Markup
    from watcher.usecases.deliver import Delivered
    from watcher.usecases.poll import Progress, Round
    from watcher.usecases.ports import Fetched, Fetcher, Notifier, Parser, Store
    from watcher.usecases.prove import Proof
    from watcher.usecases.read import ReadSummary

Clock = Callable[[], datetime]
Tell = Callable[[str], None]
Stop = Callable[[], bool]

SHIPPED = "default"  # how the command line names the ledger that comes with the package
_DOTENV = ".env"
_FIRST = "run watcher poll first, or watcher baseline import {shipped}"


@dataclass(frozen=True, slots=True)
class Flow:
    """One record and all that polls, reads and delivers with it; the methods are the stages of a round."""

    store: "Store"
    fetcher: "Fetcher"
    parser: "Parser"
    app: "App"
    notifiers: Callable[[str], "Notifier | None"]
    clock: Clock
    sleep: Callable[[float], None]
    only: Collection[str] | None = None
    every_source: bool = False
    progress: "Progress | None" = None
    last: MutableMapping[str, datetime] = field(default_factory=dict)

    def poll(self, on_settled: Callable[[], None], stop: Stop) -> "Round":
        """Ask the sources and record what they bring."""
        from watcher.usecases.poll import poll  # noqa: PLC0415  (late: see the module's head)

        return poll(
            self.store,
            self.fetcher,
            self.parser,
            self.app.sources,
            self.clock,
            alert_window=self.app.settings.alert_window,
            every_source=self.every_source,
            only=self.only,
            progress=self.progress,
            on_settled=on_settled,
            stop=stop,
        )

    def read(self, stop: Stop) -> "ReadSummary":
        """Read what is unread, and write down what follows."""
        from watcher.usecases.complete import Pages  # noqa: PLC0415  (late: see the module's head)
        from watcher.usecases.read import read_unread  # noqa: PLC0415  (the same)

        pages, app = Pages(self.fetcher, self.parser), self.app
        return read_unread(self.store, app.reader, app.sources, app.channels, self.clock, pages=pages, stop=stop)

    def deliver(self, stop: Stop) -> "Delivered":
        """Send what is to be sent."""
        from watcher.usecases.deliver import deliver  # noqa: PLC0415  (late: see the module's head)

        return deliver(self.store, self.notifiers, self.clock, self.sleep, last=self.last, stopping=stop)


class App:
    """An installation: its settings and its configuration, and what is made of them when it is asked for."""

    def __init__(self, settings: "Settings", configuration: "Configuration", manners: "Manners | None" = None) -> None:
        self.settings = settings
        self.configuration = configuration
        self._manners = manners

    @property
    def sources(self) -> "tuple[Source, ...]":
        """What feeds.yaml names."""
        return tuple(self.configuration.sources)

    @cached_property
    def vendors(self) -> "Mapping[str, Vendor]":
        """The shipped vendors, with those that feeds.yaml adds or changes."""
        from watcher.config.vendors import load_vendors  # noqa: PLC0415  (late: see the module's head)

        return {**load_vendors(), **self.configuration.vendors}

    @cached_property
    def reader(self) -> "Reader":
        """The rules."""
        from watcher.config.rules import load_reader  # noqa: PLC0415  (late: see the module's head)

        return load_reader(self.vendors)

    @cached_property
    def markup(self) -> "Markup":
        """What reads HTML that did not come from a feed."""
        from watcher.fetch.markup import text_of  # noqa: PLC0415  (late: see the module's head)
        from watcher.fetch.parser import WebParser  # noqa: PLC0415  (the same)
        from watcher.usecases.backtest import Markup  # noqa: PLC0415  (the same)

        return Markup(WebParser(), text_of)

    @property
    def database(self) -> str:
        """Where the record is, without a password."""
        from storage.address import parse, shown  # noqa: PLC0415  (late: see the module's head)

        return shown(parse(self._url))

    @property
    def on_terminal(self) -> bool:
        """Whether alerts go to the terminal, for want of a Slack token."""
        return self.settings.slack_bot_token is None

    @property
    def _url(self) -> str:
        return self.settings.database_url.reveal()

    def vendor_name(self, vendor: str) -> str:
        """A vendor's name for people; its id where nobody knows more."""
        return self.vendors[vendor].name if vendor in self.vendors else vendor

    def vendor_of(self, publisher: str) -> str | None:
        """The vendor whose own voice a publisher is, told by its name."""
        from watcher.usecases.voices import vendor_of  # noqa: PLC0415  (late: see the module's head)

        return vendor_of(publisher, self.vendors)

    def channels(self, alert: "Alert") -> tuple[str, ...]:
        """Where an alert is to be delivered."""
        from watcher.core.routing import TERMINAL, channels  # noqa: PLC0415  (late: see the module's head)

        if self.on_terminal:
            return (TERMINAL,)
        return channels(alert, self.configuration.routes, self.settings.slack_channel)

    # --- the record

    @contextmanager
    def reading(self) -> "Iterator[Store]":
        """The record, to be asked only.

        Raises:
            StorageError: there is none yet, or it is of another version; the message says what to do.
        """
        from storage import migrate  # noqa: PLC0415  (late: see the module's head)
        from storage.unit_of_work import SqlStore  # noqa: PLC0415  (the same)

        revision = migrate.current(self._url)
        if revision is None:
            raise StorageError(f"no record yet at {self.database}: {_FIRST.format(shipped=SHIPPED)}")
        if revision != migrate.HEAD:
            raise StorageError(f"the record at {self.database} is of another version: run watcher db upgrade")
        with SqlStore(self._url, read_only=True) as store:
            yield store

    @contextmanager
    def writing(self, tell: Tell) -> "Iterator[Store]":
        """The record, to be written by this process alone; made or brought up to date first, which ``tell`` is told.

        Raises:
            StorageError: another process writes it, or it cannot be reached.
        """
        from storage.lock import writer_lock  # noqa: PLC0415  (late: see the module's head)
        from storage.unit_of_work import SqlStore  # noqa: PLC0415  (the same)

        with writer_lock(self._url):
            self._ready(tell)
            with SqlStore(self._url) as store:
                yield store

    @contextmanager
    def adding(self, tell: Tell) -> "Iterator[Store]":
        """The record, for a short write beside a process that polls."""
        from storage.unit_of_work import SqlStore  # noqa: PLC0415  (late: see the module's head)

        self._ready(tell)
        with SqlStore(self._url) as store:
            yield store

    def _ready(self, tell: Tell) -> None:
        from storage.migrate import upgrade  # noqa: PLC0415  (late: see the module's head)

        done = upgrade(self._url)
        if done.changed:
            tell(_upgraded(self.database, done.before, done.after))

    def upgrade(self) -> str:
        """Bring the record up to date, and say in a sentence what was done."""
        from storage.migrate import upgrade  # noqa: PLC0415  (late: see the module's head)

        done = upgrade(self._url)
        return _upgraded(self.database, done.before, done.after)

    def backup(self, file: str) -> Path:
        """Copy the record while it is in use."""
        from storage.migrate import backup  # noqa: PLC0415  (late: see the module's head)

        return backup(self._url, file)

    # --- stances in and out

    def baseline(self, file: str, now: datetime) -> "tuple[Stance, ...]":
        """The stances of a file, or the shipped ones, as recorded at ``now``."""
        from watcher.config.baseline import load  # noqa: PLC0415  (late: see the module's head)

        return load(None if file == SHIPPED else file, now)

    # --- watching

    @contextmanager
    def flow(
        self,
        store: "Store",
        clock: Clock,
        sleep: Callable[[float], None],
        terminal: TextIO,
        *,
        only: Collection[str] | None = None,
        every_source: bool = False,
        progress: "Progress | None" = None,
    ) -> "Iterator[Flow]":
        """All that a round needs; connections are closed at the end of the block."""
        from watcher.fetch.download import Downloader  # noqa: PLC0415  (late: see the module's head)
        from watcher.fetch.parser import WebParser  # noqa: PLC0415  (the same)

        fetcher = Downloader(self.manners, clock)
        try:
            yield Flow(
                store=store,
                fetcher=fetcher,
                parser=WebParser(),
                app=self,
                notifiers=self._notifiers(terminal),
                clock=clock,
                sleep=sleep,
                only=only,
                every_source=every_source,
                progress=progress,
            )
        finally:
            fetcher.close()

    def download(self, url: str, clock: Clock) -> "Fetched":
        """One page.

        Raises:
            FetchError: it cannot be had.
        """
        from watcher.fetch.download import Downloader  # noqa: PLC0415  (late: see the module's head)
        from watcher.usecases.ports import FetchRequest  # noqa: PLC0415  (the same)

        fetcher = Downloader(self.manners, clock)
        try:
            answer = next((one for one in fetcher.fetch([FetchRequest(url, url)]) if one), None)
        finally:
            fetcher.close()
        if answer is None or answer.error:
            raise (answer and answer.error) or FetchError(FetchTrouble.NETWORK, f"no answer from {url}")
        return answer

    @property
    def manners(self) -> "Manners":
        """What a download may cost."""
        from watcher.fetch.settings import Settings as Manners  # noqa: PLC0415  (late: see the module's head)

        settings = self.settings
        return self._manners or Manners(
            concurrency=settings.concurrency,
            contact=settings.contact,
            allow_private=settings.allow_private_hosts,
            proxy=settings.proxy.reveal() if settings.proxy else None,
            ca_file=settings.ca_file,
        )

    def _notifiers(self, terminal: TextIO) -> Callable[[str], "Notifier | None"]:
        from watcher.core.routing import TERMINAL  # noqa: PLC0415  (late: see the module's head)
        from watcher.notify.terminal import TerminalNotifier  # noqa: PLC0415  (the same)

        speakers: dict[str, Notifier] = {TERMINAL: TerminalNotifier(terminal)}
        slack = self._slack()
        return lambda channel: speakers.get(channel, slack)

    def _slack(self) -> "Notifier | None":
        if self.settings.slack_bot_token is None:
            return None
        from watcher.notify.slack import SlackNotifier  # noqa: PLC0415  (late: see the module's head)

        return SlackNotifier(self.settings.slack_bot_token.reveal(), self.settings.slack_api_url)


def _upgraded(database: str, before: str | None, after: str) -> str:
    if before == after:
        return f"the record at {database} is up to date (revision {after})"
    return f"the record at {database} was {'made' if before is None else f'upgraded from {before}'} (revision {after})"


def assemble(feeds: str | None, database: str | None, *, need_feeds: bool = False) -> App:
    """An installation as the environment and feeds.yaml have it, with what the command line puts in their place.

    Args:
        feeds: the command line's ``--feeds``.
        database: the command line's ``--database``: an address, or the path of a SQLite file.
        need_feeds: a missing feeds.yaml is a fault also where nobody named one; a record can be asked without it.

    Raises:
        ConfigError: all faults of settings and feeds.yaml at once.
    """
    app, faults = _assemble(feeds, database, need_feeds=need_feeds)
    if app is None or faults:
        raise ConfigError(faults)
    return app


def _assemble(feeds: str | None, database: str | None, *, need_feeds: bool) -> tuple[App | None, list[Fault]]:
    from watcher.config import environment  # noqa: PLC0415  (late: see the module's head)
    from watcher.config.environment import Secret, Settings  # noqa: PLC0415  (the same)

    faults: list[Fault] = []
    settings = _noting(faults, lambda: environment.load(os.environ, _DOTENV)) or Settings()
    if database:
        url = database if "://" in database else f"sqlite:///{database}"
        settings = replace(settings, database_url=Secret(url))
    if feeds:
        settings = replace(settings, feeds=feeds)
    named = feeds is not None or settings.feeds != Settings().feeds
    configuration = _noting(faults, lambda: _configuration(settings.feeds, needed=need_feeds or named))
    if configuration is None:
        return None, faults
    return App(settings, configuration), [*faults, *environment.check_channel(settings, configuration.routes)]


def _configuration(feeds: str, *, needed: bool) -> "Configuration":
    from watcher.config.feeds import Configuration, load  # noqa: PLC0415  (late: see the module's head)

    return load(feeds) if needed or Path(feeds).exists() else Configuration()


def _noting(faults: list[Fault], make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except ConfigError as error:
        faults.extend(error.faults)
        return None

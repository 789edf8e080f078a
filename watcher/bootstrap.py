"""The one place where ports meet adapters.

Nothing happens at import: each edge is imported by the function that needs it, so that ``watcher --help`` pays for none
of them. An ``App`` knows settings and configuration, and makes the parts that they ask for.
"""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from watcher.core.errors import ConfigError, Fault, FetchError, FetchTrouble, StorageError
from watcher.core.routing import TERMINAL, channels
from watcher.usecases.ports import FetchRequest
from watcher.usecases.take_in import take_in
from watcher.usecases.voices import vendor_of

if TYPE_CHECKING:
    from storage.migrate import Upgrade
    from watcher.config.environment import Settings
    from watcher.config.feeds import Configuration
    from watcher.core.alert import Alert
    from watcher.core.reader import Reader
    from watcher.core.source import Source
    from watcher.core.stance import Stance
    from watcher.core.vendor import Vendor
    from watcher.fetch.settings import Settings as Manners
    from watcher.usecases.backtest import Markup
    from watcher.usecases.flow import Flow
    from watcher.usecases.poll import Progress
    from watcher.usecases.ports import Fetched, Notifier, Store

Made = TypeVar("Made")
Clock = Callable[[], datetime]
Tell = Callable[[str], None]

SHIPPED = "default"  # how the command line names the ledger that comes with the package
_DOTENV = ".env"


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

    def markup(self, clock: Clock) -> "Markup":
        """What reads HTML that did not come from a feed."""
        from watcher.fetch.markup import text_of_html  # noqa: PLC0415  (late: see the module's head)
        from watcher.fetch.parser import WebParser  # noqa: PLC0415  (the same)
        from watcher.usecases.backtest import Markup  # noqa: PLC0415  (the same)

        return Markup(WebParser(clock), text_of_html)

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
        return vendor_of(publisher, self.vendors)

    def channels(self, alert: "Alert") -> tuple[str, ...]:
        """Where an alert is to be delivered."""
        if self.on_terminal:
            return (TERMINAL,)
        return channels(alert, self.configuration.routes, self.settings.slack_channel)

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
            raise StorageError(
                f"no record yet at {self.database}: run watcher poll first, or watcher baseline import {SHIPPED}"
            )
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
            if self._ready(tell):
                tell(f"its ledger is empty; to begin with the known stances: watcher baseline import {SHIPPED}")
            with SqlStore(self._url) as store:
                yield store

    @contextmanager
    def adding(self, tell: Tell) -> "Iterator[Store]":
        """The record, for a short write beside a process that polls."""
        from storage.unit_of_work import SqlStore  # noqa: PLC0415  (late: see the module's head)

        self._ready(tell)
        with SqlStore(self._url) as store:
            yield store

    def _ready(self, tell: Tell) -> bool:
        """Bring the record up to date; whether it is a new one."""
        done = self._upgrade()
        if done.changed:
            tell(_upgraded(self.database, done))
        return done.before is None

    def upgrade(self) -> str:
        """Bring the record up to date, and say in a sentence what was done."""
        return _upgraded(self.database, self._upgrade())

    def _upgrade(self) -> "Upgrade":
        from storage.migrate import upgrade  # noqa: PLC0415  (late: see the module's head)

        return upgrade(self._url)

    def backup(self, file: str) -> Path:
        """Copy the record while it is in use."""
        from storage.migrate import backup  # noqa: PLC0415  (late: see the module's head)

        return backup(self._url, file)

    def take_in(self, file: str, now: datetime, tell: Tell) -> tuple[int, int]:
        """Add the stances of a file, and their further sources, to the record: how many there are, how many are new.

        Raises:
            ConfigError: all faults of the file.
            StorageError: the record cannot be written.
        """
        from watcher.config.baseline import load, load_evidence  # noqa: PLC0415  (late: see the module's head)

        path = None if file == SHIPPED else file
        stances, evidence = load(path, now, self.vendors), load_evidence(path, now)
        with self.adding(tell) as store:
            return len(stances), take_in(store, stances, evidence)

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
        from watcher.fetch.parserpool import ParserPool  # noqa: PLC0415  (the same)
        from watcher.usecases.flow import Flow  # noqa: PLC0415  (the same)

        fetcher = Downloader(self.manners, clock, ParserPool())
        try:
            yield Flow(
                store=store,
                fetcher=fetcher,
                parser=WebParser(clock),
                reader=lambda: self.reader,
                sources=self.sources,
                channels=self.channels,
                notifiers=self._notifiers(terminal),
                clock=clock,
                sleep=sleep,
                alert_window=self.settings.alert_window,
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
        from watcher.notify.terminal import TerminalNotifier  # noqa: PLC0415  (late: see the module's head)

        speakers: dict[str, Notifier] = {TERMINAL: TerminalNotifier(terminal)}
        slack = self._slack()
        return lambda channel: speakers.get(channel, slack)

    def _slack(self) -> "Notifier | None":
        if self.settings.slack_bot_token is None:
            return None
        from watcher.notify.slack import SlackNotifier  # noqa: PLC0415  (late: see the module's head)

        return SlackNotifier(self.settings.slack_bot_token.reveal(), self.settings.slack_api_url)


def _upgraded(database: str, done: "Upgrade") -> str:
    what = (
        "was made" if done.before is None else f"was upgraded from {done.before}" if done.changed else "is up to date"
    )
    return f"the record at {database} {what} (revision {done.after})"


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
    if need_feeds:
        faults += environment.check_channel(settings, configuration.routes)
    return App(settings, configuration), faults


def _configuration(feeds: str, *, needed: bool) -> "Configuration":
    from watcher.config.feeds import Configuration, load  # noqa: PLC0415  (late: see the module's head)

    return load(feeds) if needed or Path(feeds).exists() else Configuration()


def _noting(faults: list[Fault], make: Callable[[], Made]) -> Made | None:
    try:
        return make()
    except ConfigError as error:
        faults.extend(error.faults)
        return None


def demonstration(database: str, sources: "Sequence[Source]") -> App:
    """An installation that only knows feeds on this machine, and tells the terminal; it looks at no settings."""
    from watcher.config.environment import Secret, Settings  # noqa: PLC0415  (late: see the module's head)
    from watcher.config.feeds import Configuration  # noqa: PLC0415  (the same)
    from watcher.fetch.settings import Settings as Manners  # noqa: PLC0415  (the same)

    here = Manners(allow_private=True, per_host=8, gap=0.0)
    return App(Settings(database_url=Secret(f"sqlite:///{database}")), Configuration(sources=tuple(sources)), here)


def check(feeds: str | None, database: str | None) -> tuple[App, int]:
    """Validate settings, feeds.yaml, vendors and rules; the installation, and how many examples its rules met.

    Raises:
        ConfigError: all faults of all of them at once.
    """
    from watcher.config import environment  # noqa: PLC0415  (late: see the module's head)
    from watcher.usecases.mutate import disproved  # noqa: PLC0415  (the same)
    from watcher.usecases.prove import claims  # noqa: PLC0415  (the same)

    app, faults = _assemble(feeds, database, need_feeds=True)
    faults += environment.check_hosts(app.settings, app.sources) if app else []
    faults += _noting(faults, lambda: disproved(proving_reader())) or ()
    reader = _noting(faults, lambda: app.reader) if app else None
    if app is None or reader is None or faults:
        raise ConfigError(list(dict.fromkeys(faults)))  # the rules are loaded twice, and say the same
    return app, sum(1 for grammar in reader.grammars.values() for _ in claims(grammar))


def proving_reader() -> "Reader":
    """The rules, with the vendor of their examples and nobody else; raises what ``load_reader`` raises."""
    from watcher.config.rules import load_reader  # noqa: PLC0415  (late: see the module's head)
    from watcher.usecases.prove import NORTHGATE  # noqa: PLC0415  (the same)

    return load_reader({NORTHGATE.id: NORTHGATE})


def memory() -> "Store":
    """A record that is forgotten with the process."""
    from watcher.usecases.memory import MemoryStore  # noqa: PLC0415  (late: see the module's head)

    return MemoryStore()


def stances_before(file: str, when: datetime) -> "tuple[Stance, ...]":
    """The stances of a file, or the shipped ones, that held before a day, as if they had been known then."""
    from watcher.config.baseline import as_of, load  # noqa: PLC0415  (late: see the module's head)

    return as_of(load(None if file == SHIPPED else file, when), when)


def begin_with(store: "Store", when: datetime) -> int:
    """Let a record begin with the shipped ledger as it stood before a day; how many stances that is."""
    from watcher.config.baseline import load_evidence  # noqa: PLC0415  (late: see the module's head)

    stances = stances_before(SHIPPED, when)
    ids = {row.id for row in stances}
    evidence = [item for item in load_evidence(None, when) if item.stance_id in ids and item.stated_on < when.date()]
    return take_in(store, stances, evidence)


def as_yaml(stances: "Sequence[Stance]") -> str:
    """Stances in the form that ``baseline import`` reads."""
    from watcher.config.baseline import export  # noqa: PLC0415  (late: see the module's head)

    return export(stances)

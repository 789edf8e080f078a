"""An installation: its settings and its configuration, and the parts that are made of them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from watcher.bootstrap.speakers import Speakers, stand_ins
from watcher.core.errors import FetchError, FetchTrouble, StorageError
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
    from watcher.core.vendor import Vendor
    from watcher.fetch.credentials import Credentials
    from watcher.fetch.settings import Settings as Manners
    from watcher.usecases.backtest import Markup
    from watcher.usecases.flow import Flow
    from watcher.usecases.poll import Progress
    from watcher.usecases.ports import Fetched, Store

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

    def with_configuration(self, configuration: "Configuration") -> "App":
        """The same settings with another feeds.yaml; vendors and rules are read anew when they are asked for."""
        return App(self.settings, configuration, self._manners)

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
    def record_folder(self) -> Path | None:
        """The folder of a SQLite record; None on a server."""
        from storage.address import SQLITE, file_of, parse  # noqa: PLC0415  (late: see the module's head)

        address = parse(self._url)
        return file_of(address).absolute().parent if address.get_backend_name() == SQLITE else None

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
        from watcher.fetch.follow import Following  # noqa: PLC0415  (the same)
        from watcher.fetch.parser import WebParser  # noqa: PLC0415  (the same)
        from watcher.fetch.parserpool import ParserPool  # noqa: PLC0415  (the same)
        from watcher.usecases.flow import Flow  # noqa: PLC0415  (the same)

        parser = WebParser(clock)
        fetcher = Following(Downloader(self.manners, clock, ParserPool()), parser)
        notifiers = Speakers(self.settings, terminal)
        try:
            flow = Flow(
                store=store,
                fetcher=fetcher,
                parser=parser,
                reader=lambda: self.reader,
                sources=self.sources,
                channels=self.channels,
                notifiers=notifiers,
                mail=stand_ins(self.settings),
                clock=clock,
                sleep=sleep,
                alert_window=self.settings.alert_window,
                only=only,
                every_source=every_source,
                progress=progress,
            )
            try:
                yield flow
            finally:
                flow.close()
        finally:
            fetcher.close()
            notifiers.close()

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
            credentials=self._credentials(),
        )

    def _credentials(self) -> "dict[str, Credentials]":
        """What is sent for the sources that ask for more than others."""
        from watcher.fetch.credentials import credentials  # noqa: PLC0415  (late: see the module's head)

        values = {name: secret.reveal() for name, secret in self.settings.of_sources.items()}
        asking = ((source, source.access) for source in self.sources if source.access)
        return {
            source.id: credentials(source.url, access, values)
            for source, access in asking
            if all(name in values for name, _ in access.settings())
        }


def _upgraded(database: str, done: "Upgrade") -> str:
    what = (
        "was made" if done.before is None else f"was upgraded from {done.before}" if done.changed else "is up to date"
    )
    return f"the record at {database} {what} (revision {done.after})"

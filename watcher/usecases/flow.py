"""All that a round needs, and its stages: poll, read, deliver."""

from collections.abc import Callable, Collection, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from watcher.core.source import Source
from watcher.usecases.awaited import Awaited, Stop
from watcher.usecases.deliver import Delivered, deliver
from watcher.usecases.poll import SETTLE, Clock, Progress, poll
from watcher.usecases.ports import Fetcher, Notifier, Parser, Store
from watcher.usecases.round import Round
from watcher.usecases.sift import Sift
from watcher.usecases.summary import ReadSummary

if TYPE_CHECKING:
    from watcher.usecases.reading import Channels, Reads


@dataclass(frozen=True, slots=True)
class Flow:
    """The parts of a round, joined; see ``poll``, ``read_unread`` and ``deliver`` for what each is.

    ``patience``: how long a round lasts before it leaves what hangs to the next one; without, it waits for all.
    ``awaited`` are the sources, ``pages`` the pages behind posts that were asked and have not answered yet.
    ``reader`` makes the reader when there is something to read; in most rounds there is nothing.
    """

    store: Store
    fetcher: Fetcher
    parser: Parser
    reader: "Callable[[], Reads]"
    sources: Sequence[Source]
    channels: "Channels"
    notifiers: Callable[[str], Notifier | None]
    clock: Clock
    sleep: Callable[[float], None]
    alert_window: timedelta
    only: Collection[str] | None = None
    every_source: bool = False
    progress: Progress | None = None
    patience: timedelta | None = None
    awaited: Awaited = field(default_factory=lambda: Awaited(SETTLE / 10))
    pages: Awaited = field(default_factory=lambda: Awaited(SETTLE / 10))
    last: MutableMapping[str, datetime] = field(default_factory=dict)
    mail: Sequence[str] = ()

    def poll(self, on_settled: Callable[[], object], stop: Stop) -> Round:
        """Ask the sources and record what they bring."""
        return poll(
            self.store,
            self.fetcher,
            self.parser,
            self.sources,
            self.clock,
            alert_window=self.alert_window,
            every_source=self.every_source,
            only=self.only,
            progress=self.progress,
            on_settled=on_settled,
            stop=stop,
            awaited=self.awaited,
            patience=self.patience,
            sift=Sift(self.reader),
            left=bool(self.pages),
        )

    def read(self, stop: Stop) -> ReadSummary:
        """Read what is unread, but for posts whose pages are still awaited, and write down what follows."""
        with self.store.begin() as work:
            if not work.posts.unread(1):
                return ReadSummary()
        from watcher.usecases.complete import Pages  # noqa: PLC0415  (late: with them comes all that reads)
        from watcher.usecases.read import read_unread  # noqa: PLC0415  (the same)

        pages = Pages(self.fetcher, self.parser, self.pages)
        return read_unread(self.store, self.reader(), self.sources, self.channels, self.clock, pages=pages, stop=stop)

    def deliver(self, stop: Stop) -> Delivered:
        """Send what is to be sent."""
        return deliver(
            self.store, self.notifiers, self.clock, self.sleep, mail=self.mail, last=self.last, stopping=stop
        )

    def close(self) -> None:
        """Give up what is still awaited."""
        self.awaited.close()
        self.pages.close()

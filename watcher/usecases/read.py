"""Unread posts → statements → verdicts → alerts, in order of publication.

Each post with a statement is ONE transaction: its reading, ledger rows, evidence, alerts with their pending deliveries,
and reports that join earlier alerts. Killed at any moment, the next run goes on with the first post that has no
reading, and comes to the same ledger and the same alerts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.core.alert import Alert
from watcher.core.post import Post
from watcher.core.source import Source
from watcher.usecases.complete import Pages, complete
from watcher.usecases.poll import Stop
from watcher.usecases.ports import Store
from watcher.usecases.reading import Channels, Desk, Read, Reads

AT_ONCE = 500  # posts in memory, and readings in one transaction


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What one run read: ``posts`` in all, ``matched`` with a statement; ``reports`` joined alerts told before."""

    posts: int = 0
    matched: int = 0
    statements: int = 0
    alerts: tuple[Alert, ...] = ()
    reports: int = 0
    faults: tuple[str, ...] = ()

    def plus(self, post: Post, read: Read) -> "ReadSummary":
        """The summary with one more post."""
        judgement = read.judgement
        return ReadSummary(
            posts=self.posts + 1,
            matched=self.matched + bool(read.statements),
            statements=self.statements + read.statements,
            alerts=self.alerts + (judgement.alerts if judgement else ()),
            reports=self.reports + (len(judgement.reports) if judgement else 0),
            faults=(*self.faults, f"post {post.id}: {read.fault}") if read.fault else self.faults,
        )


def read_unread(
    store: Store,
    reader: Reads,
    sources: Sequence[Source],
    channels: Channels,
    clock: Callable[[], datetime],
    *,
    pages: Pages | None = None,
    stop: Stop = bool,
) -> ReadSummary:
    """Read all unread posts.

    Args:
        store: the record.
        reader: the rules.
        sources: what feeds.yaml names; a post of another source counts as news.
        channels: where an alert is to be delivered.
        clock: the time, aware, UTC; asked once for each reading.
        pages: fetches the page behind a summary first; None reads what is there.
        stop: asked between two posts; true ends the run there.

    Raises:
        StorageError: the record cannot be read or written; what was committed stays.
    """
    by_id = {source.id: source for source in sources}
    desk = Desk(store, reader, channels, clock)
    summary = ReadSummary()
    while not stop() and (posts := _unread(store)):
        notes: dict[str, str] = {}
        if pages:
            posts, notes = complete(posts, store, reader, by_id, pages, stop=stop)
        for post in posts:
            if stop():
                break
            summary = summary.plus(post, desk.read(post, by_id.get(post.source_id), notes.get(post.id)))
        desk.flush()
    return summary


def _unread(store: Store) -> list[Post]:
    with store.begin() as work:
        return work.posts.unread(AT_ONCE)

"""Unread posts → statements → verdicts → alerts, in order of publication.

Each post with a statement is ONE transaction: its reading, ledger rows, evidence, alerts with their pending deliveries,
and reports that join earlier alerts. Killed at any moment, the next run goes on with the first post that has no
reading, and comes to the same ledger and the same alerts.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from watcher.core.post import Post
from watcher.core.source import Source
from watcher.usecases.awaited import Stop
from watcher.usecases.complete import Pages, complete
from watcher.usecases.ports import Store
from watcher.usecases.reading import Channels, Desk, Reads
from watcher.usecases.summary import ReadSummary

__all__ = ["AT_ONCE", "ReadSummary", "read_unread"]

AT_ONCE = 500  # posts in memory, and readings in one transaction


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
            posts, notes = complete(posts, store, reader, by_id, pages, clock, stop=stop)
        for post in posts:
            if stop():
                break
            summary = summary.plus(post, desk.read(post, by_id.get(post.source_id), notes.get(post.id)))
        desk.flush()
    return summary


def _unread(store: Store) -> list[Post]:
    with store.begin() as work:
        return work.posts.unread(AT_ONCE)

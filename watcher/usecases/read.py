"""Unread posts → statements → verdicts → alerts, in order of publication.

Each post with a statement is ONE transaction: its reading, ledger rows, evidence, alerts with their pending deliveries,
and reports that join earlier alerts. Killed at any moment, the next run goes on with the first post that has no
reading, and comes to the same ledger and the same alerts.

A post whose page is still awaited is left to a later run. It is judged as if a later poll had brought it: by its own
date, beside what is on record by then.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.core.post import Post
from watcher.core.source import Source
from watcher.usecases.awaited import Stop
from watcher.usecases.complete import Completion, Pages
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
    """Read all unread posts, but for those whose pages are still awaited.

    Args:
        store: the record.
        reader: the rules.
        sources: what feeds.yaml names; a post of another source counts as news.
        channels: where an alert is to be delivered.
        clock: the time, aware, UTC; asked once for each reading.
        pages: fetches the page behind a summary first, and keeps what is awaited; None reads what is there.
        stop: asked between two posts; true ends the run there.

    Raises:
        StorageError: the record cannot be read or written; what was committed stays.
    """
    by_id = {source.id: source for source in sources}
    desk = Desk(store, reader, channels, clock)
    behind = Completion(pages, store, reader, by_id, clock, stop) if pages else None
    notes = behind.notes if behind else {}
    summary = ReadSummary()
    for posts in _batches(store, behind, stop):
        for post in posts:
            if stop():
                break
            summary = summary.plus(post, desk.read(post, by_id.get(post.source_id), notes.get(post.id)))
        desk.flush()
    return replace(summary, awaited=len(behind.awaited) if behind else 0)


def _batches(store: Store, behind: Completion | None, stop: Stop) -> Iterator[list[Post]]:
    """The posts that can be read, some at a time; each batch must be read before the next is asked for."""
    if behind:
        behind.take_in()
    while not stop() and (posts := _unread(store, behind.awaited if behind else ())):
        yield behind.ready(posts) if behind else posts


def _unread(store: Store, apart_from: Collection[str]) -> list[Post]:
    with store.begin() as work:
        return work.posts.unread(AT_ONCE, apart_from=apart_from)

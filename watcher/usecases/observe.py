"""A capture of a policy page → the record: its text, what went from it, and the posts that tell what it brings."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from watcher.core.absence import FLAP
from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Post
from watcher.core.revision import Revision, revise
from watcher.core.source import Source
from watcher.usecases.ports import Fetched, Parser, UnitOfWork

Reread = Callable[[Capture], Capture | None]

_EARLY = timedelta(hours=1)  # by which clocks may differ between two looks


def observe(work: UnitOfWork, source: Source, capture: Capture, reread: Reread) -> list[Post]:
    """Record one look at a page; nothing is committed here. Returns the posts that are new.

    ``reread`` reads a stored capture again, where another version of our extractor had read it.

    Raises:
        FetchError: what came is no capture of the page: ``BLOCKED`` by a wall, or ``UNREADABLE`` in another language.
    """
    held, alike = _held(work, source, capture, reread)
    absences = work.captures.absences(source.id, capture.taken - FLAP - _EARLY)
    revision = revise(source, held, absences, capture, alike=alike)
    _refuse(revision)
    work.captures.save_absences(revision.absences)
    if revision.capture:
        work.captures.add(revision.capture)
    else:
        newest = work.captures.latest(source.id)
        if newest:
            work.captures.touch(replace(newest, seen_last=capture.taken))
    return work.posts.add_new(revision.posts)


def _held(work: UnitOfWork, source: Source, capture: Capture, reread: Reread) -> tuple[Capture | None, bool]:
    held = work.captures.of_record(source.id)
    if held is None or capture.absent or held.extractor == capture.extractor:
        return held, True
    again = reread(held)
    return (held, False) if again is None else (replace(again, taken=held.taken), again.extractor == capture.extractor)


def _refuse(revision: Revision) -> None:
    if revision.wall:
        raise FetchError(FetchTrouble.BLOCKED, f"{revision.wall} came in place of the policy")
    if revision.foreign:
        raise FetchError(FetchTrouble.UNREADABLE, revision.foreign)


def rereading(parser: Parser, source: Source) -> Reread:
    """Read the bytes of a stored capture again; None where there are none, or nothing can be read in them."""

    def reread(held: Capture) -> Capture | None:
        if not held.raw:
            return None
        answer = Fetched(
            key=source.id, url=held.url, status=200, headers=held.headers, body=held.raw, final_url=held.url
        )
        try:
            return parser.policy(source, answer, held.taken)
        except FetchError:
            return None

    return reread

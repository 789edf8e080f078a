"""What a source brought: what of it is new, and what it says of the source."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core import intake
from watcher.core.health import Outcome
from watcher.core.intake import Intake
from watcher.core.post import Post
from watcher.core.source import HttpState, Source, SourceState
from watcher.usecases.lookalikes import lookalikes_of
from watcher.usecases.ports import Fetched, Parsed, UnitOfWork


@dataclass(frozen=True, slots=True)
class Arrival:
    """The entries of a feed or a listing page, not yet decided upon; ``posts`` by their key."""

    source: Source
    answer: Fetched
    parsed: Parsed
    posts: Mapping[str, Post]
    now: datetime


def arrival(source: Source, answer: Fetched, parsed: Parsed, now: datetime) -> Arrival:
    """An answer that was read; its body is let go."""
    posts = intake.posts_of(parsed.entries, source.id, now)
    return Arrival(source, replace(answer, body=b"", content=None), parsed, posts, now)


def decide(work: UnitOfWork, one: Arrival, state: SourceState, window: timedelta) -> Intake:
    """Which of the posts are new, edited or known already, beside what is on record.

    ``window``: posts older than this are the baseline at first sight and after an outage.
    """
    # What a source may have brought before its first poll is on record is left out where posts are added.
    known = work.posts.latest(one.source.id, one.posts) if state.polls else {}
    fresh = [post for key, post in one.posts.items() if key not in known]
    lookalikes = lookalikes_of(work, fresh) if state.first_success else []
    found = intake.decide(
        one.posts, one.source, state, known=known, lookalikes=lookalikes, now=one.now, alert_window=window
    )
    held = {post.key: post for post in (*lookalikes, *known.values())}
    return replace(found, edits=tuple(_quietly(work, edit, held[edit.key]) for edit in found.edits))


def outcome(one: Arrival, found: Intake, before: HttpState) -> Outcome:
    """What the answer came to for its source; ``before`` are the validators on record."""
    parsed, answer = one.parsed, one.answer
    whole = not parsed.partial and bool(parsed.entries)
    return Outcome(
        ttl=max((wish for wish in (answer.ttl, parsed.ttl) if wish is not None), default=None),
        partial=parsed.partial,
        settled=whole,
        new_posts=len(found.new),
        newest=max((post.published for post in found.new), default=None),
        # Validators stand for posts on record: those of a cut or empty answer would hide what was not there.
        http=answer.http if whole else moved(before, answer.http),
        title=parsed.title,
    )


def moved(before: HttpState, after: HttpState) -> HttpState:
    """The validators on record with what was newly seen of a permanent redirect."""
    return replace(before, moved_to=after.moved_to, moved_seen=after.moved_seen) if after.moved_to else before


def _quietly(work: UnitOfWork, edit: Post, held: Post) -> Post:
    """An edit of a baseline post is news, unless the baseline itself was never read: then it takes its place."""
    unread = held.baseline and not work.posts.readings(held.id)
    return replace(edit, baseline=True) if unread else edit

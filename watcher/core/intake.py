"""What an answer of a source brings: new posts, edits of known ones, and what of it is no news.

Pure decisions. A post is known by its identity, never by its date, and an identity never expires. On first sight of a
source and after a long outage, posts older than the alert window are its baseline: recorded, and told to nobody.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from watcher.core.health import after_outage
from watcher.core.post import Entry, Post, canonical_url, first_version
from watcher.core.source import Source, SourceState, SourceType

# A publisher may date a post back by days; what is older, and new to us on a page, came up in a list of old posts.
OLD_IN_LIST = timedelta(days=30)
MASS_LEAST = 10  # entries; below that, more than half being new is an ordinary day


@dataclass(frozen=True, slots=True)
class Intake:
    """The decision about one answer. ``edits`` are next versions of known posts; ``unchanged`` counts the rest.

    ``rematched`` counts entries that came with a new id and are known posts all the same. ``note`` is a sentence for
    people, where there is something to say.
    """

    new: tuple[Post, ...] = ()
    edits: tuple[Post, ...] = ()
    unchanged: int = 0
    rematched: int = 0
    note: str | None = None

    @property
    def baseline(self) -> int:
        """How many of the new posts are recorded without alert."""
        return sum(post.baseline for post in self.new)


def outage(source: Source, alert_window: timedelta) -> timedelta:
    """From which age of the last success on a source was out: never less than two of its own intervals."""
    return max(alert_window, 2 * source.every)


def posts_of(entries: Iterable[Entry], source_id: str, now: datetime) -> dict[str, Post]:
    """The entries as first versions, by key; what stands twice in one answer is one post."""
    posts: dict[str, Post] = {}
    seen: set[tuple[str, str]] = set()
    for entry in entries:
        post = first_version(entry, source_id, now)
        twin = (canonical_url(post.url or ""), post.digest)
        if twin not in seen:
            posts.setdefault(post.key, post)
            seen.add(twin)
    return posts


def decide(
    posts: Mapping[str, Post],
    source: Source,
    state: SourceState,
    *,
    known: Mapping[str, Post],
    lookalikes: Iterable[Post],
    now: datetime,
    alert_window: timedelta,
) -> Intake:
    """Tell new posts, edits and the rest apart.

    Args:
        posts: what the answer holds, from ``posts_of``.
        source: where it came from.
        state: its state before this answer.
        known: newest stored versions by key, for those keys of ``posts`` that are on record.
        lookalikes: stored posts of this source that share an address or a text with posts under unknown keys.
        now: the moment of the answer, aware, UTC.
        alert_window: how old a post may be and still be news, at first sight.
    """
    fresh = {key: post for key, post in posts.items() if key not in known}
    mass = _mass_change(posts, fresh, state)
    matches = _rematch(fresh, [post for post in lookalikes if post.key not in posts], mass=mass)
    held = {key: known.get(key) or matches.get(key) for key in posts}
    window = _window(source, state, now, alert_window, mass=mass)
    new = tuple(_first(post, source, now, window) for key, post in posts.items() if held[key] is None)
    edits = tuple(_edit(posts[key], old, now) for key, old in held.items() if old and old.digest != posts[key].digest)
    note = _note(source, state, new, now, (len(fresh), len(matches), len(posts)) if mass else None)
    return Intake(new, edits, len(posts) - len(new) - len(edits), len(matches), note)


def _mass_change(posts: Mapping[str, Post], fresh: Mapping[str, Post], state: SourceState) -> bool:
    return state.first_success is not None and len(posts) >= MASS_LEAST and 2 * len(fresh) > len(posts)


def _window(
    source: Source, state: SourceState, now: datetime, alert_window: timedelta, *, mass: bool
) -> timedelta | None:
    """How old a post may be and still be told; None where regular polling proves that it was not there before."""
    quietly = state.first_success is None or after_outage(state, now, outage(source, alert_window)) or mass
    return alert_window if quietly else None


def _first(post: Post, source: Source, now: datetime, window: timedelta | None) -> Post:
    young = window is None or (_dated(post) and now - post.published <= window)
    young = young and not (source.type is SourceType.BLOG and now - post.published > OLD_IN_LIST)
    return replace(post, baseline=not young, language=post.language or source.language)


def _dated(post: Post) -> bool:
    """Whether the answer gave a date; else the moment of first sight stands in for it."""
    return post.published != post.seen or _said_moment(post) == post.published


def _edit(post: Post, held: Post, now: datetime) -> Post:
    """The next version; it keeps its identity and, where the answer gives none, its date."""
    published = post.published if _dated(post) else held.published
    return replace(
        post,
        key=held.key,
        version=held.version + 1,
        published=published,
        published_raw=post.published_raw or held.published_raw,
        seen=now,
        language=post.language or held.language,
    )


def _rematch(fresh: Mapping[str, Post], lookalikes: Sequence[Post], *, mass: bool) -> dict[str, Post]:
    """Known posts behind unknown keys: a site that moves gives each old post a new guid, and often a new address.

    The same address and title (or text) is the same post. When most of a feed looks new at once, the same address, or
    the same title and text, is enough.
    """
    if not lookalikes:
        return {}
    addresses = Counter(address(post) for post in fresh.values())
    by_address = {address(post): post for post in lookalikes if post.url}
    by_digest = {post.digest: post for post in lookalikes} if mass else {}
    found: dict[str, Post] = {}
    for key, post in fresh.items():
        held = by_address.get(address(post)) if post.url and addresses[address(post)] == 1 else None
        if held and not mass and post.title != held.title and post.digest != held.digest:
            held = None
        held = held or by_digest.get(post.digest)
        if held and held not in found.values():
            found[key] = held
    return found


def address(post: Post) -> str:
    """The canonical address without its scheme: a move to https changes no post."""
    return canonical_url(post.url or "").partition("://")[2]


def _note(
    source: Source, state: SourceState, new: Sequence[Post], now: datetime, mass: tuple[int, int, int] | None
) -> str | None:
    old = sum(post.baseline for post in new)
    kept = f"{old} older post{'' if old == 1 else 's'} recorded without alert"
    if mass and (old or mass[1]):
        return f"{source.label}: {mass[0]} of {mass[2]} entries have new ids at once; {mass[1]} are known posts; {kept}"
    if old and state.first_success is not None and state.last_success is not None:
        days = (now - state.last_success).days
        return f"{source.label}: after an outage of {days} days: {kept}"
    return None


def author_time(post: Post) -> datetime:
    """When a post was published, in the author's own zone where the feed named it: "today" means the author's day."""
    said = _said_moment(post)
    return said if said is not None and said == post.published else post.published


def _said_moment(post: Post) -> datetime | None:
    """What the feed said of the date, where that can be read and names a zone."""
    raw = (post.published_raw or "").strip()
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(raw)
        except ValueError:
            continue
        if moment.tzinfo:
            return moment
    return None

"""What an answer of a source brings: new posts, edits of known ones, and what of it is no news.

Pure decisions. A post is known by its identity, never by its date, and an identity never expires. On first sight of a
source and after a long outage, posts older than the alert window are its baseline: recorded, and told to nobody.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from watcher.core.capture import Capture
from watcher.core.health import after_outage
from watcher.core.post import Entry, Post, canonical_url, content_digest, first_version, fold
from watcher.core.sentence import Line, Sentence, split
from watcher.core.source import Source, SourceState

MASS_LEAST = 10  # entries; below that, more than half being new is an ordinary day
CAPTURE_KEY = "capture:"

_Place = tuple[str | None, str | None, int]  # heading, lead-in, paragraph

_NOT_WORDS = re.compile(r"[^\w]+")
_BULLET = r"[•·▪◦*‣\u2013\u2014-]"
_NUMBER = r"(?:(?:section|article|clause)\s+)?\(?(?:\d{1,3}(?:\.\d{1,3})+[.)]?|(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])"
_NUMBERING = re.compile(rf"^\s*(?:#+\s*)?(?:(?:{_BULLET}|{_NUMBER})(?:\s+|$))?", re.IGNORECASE)


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


def is_capture(post: Post) -> bool:
    """Whether a post was made from a policy page."""
    return post.key.startswith(CAPTURE_KEY)


def same_page(before: Capture, after: Capture) -> bool:
    """Whether two captures hold the same text."""
    return fold(before.text) == fold(after.text)


def capture_post(source: Source, earlier: Sequence[Capture], capture: Capture) -> Post | None:
    """What a new capture of a policy page says, as a post of its source; None when it says nothing that is new.

    The first capture is the baseline: the whole text, told to nobody. A later one is only what was not in the capture
    before it (see ``added``), and no news where our own extractor changed in between. Wording that is gone is not read
    here: a withdrawal needs two later captures that agree (rule 7 of the design), and all captures are kept for that.

    Args:
        source: the page.
        earlier: its captures so far, oldest first.
        capture: the new one, with another text than the last.
    """
    text = added(earlier[-1].text, capture.text) if earlier else capture.text
    if not text.strip():
        return None
    return Post(
        source_id=source.id,
        key=_capture_key(earlier, capture),
        version=1,
        title=capture.title,
        text=text,
        url=capture.url,
        published=capture.taken,
        seen=capture.taken,
        language=source.language,
        baseline=not earlier or earlier[-1].extractor != capture.extractor,
        digest=content_digest(capture.title, text),
    )


def _capture_key(earlier: Sequence[Capture], capture: Capture) -> str:
    """A wording that comes back is a new event: its second time has a key of its own."""
    times = 1 + sum(same_page(old, capture) for old in earlier)
    digest = content_digest("", capture.text)[:16]
    return f"{CAPTURE_KEY}{digest}" if times == 1 else f"{CAPTURE_KEY}{digest}.{times}"


def added(before: str, after: str) -> str:
    """The sentences of ``after`` that ``before`` does not hold, each under its heading and its list's lead-in.

    Case, punctuation, numbering and order make no sentence new. Headings and lead-ins are context: they are repeated
    where a new sentence needs them, since "facial recognition" says nothing without its "You may not use it for:".
    """
    known = {plain(sentence.text) for sentence in split(before)}
    lines: list[str] = []
    heading: str | None = None
    last: _Place = (None, None, -1)
    for sentence in split(after):
        if sentence.line is Line.HEADING:
            heading = sentence.text
        words = plain(sentence.text)
        if not words or words in known:
            continue
        place = (heading, sentence.lead_in, sentence.paragraph)
        _write(lines, sentence, place, last)
        last = place
    return "\n\n".join(lines)


def _write(
    lines: list[str],
    sentence: Sentence,
    place: _Place,
    last: _Place,
) -> None:
    heading, lead_in, paragraph = place
    if heading and heading != last[0] and sentence.line is not Line.HEADING:
        lines.append(heading)
    if lead_in and lead_in != last[1] and not "".join(lines[-1:]).endswith(lead_in):
        lines.append(lead_in)
    if paragraph == last[2]:
        lines[-1] = f"{lines[-1]} {sentence.text}"
    else:
        lines.append(sentence.text)


def plain(sentence: str) -> str:
    """A sentence as it is compared: letters and digits only, lower case, without its number in a list."""
    words = unicodedata.normalize("NFKC", _NUMBERING.sub("", sentence)).casefold()
    return _NOT_WORDS.sub(" ", words).strip()

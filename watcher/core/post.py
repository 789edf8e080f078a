"""One published item: what a feed gave, which post it is, and its text.

Newness goes by identity, never by date: guid, else canonical link, else title and day, else the text itself.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_[ce]id|cmpid|ref|ref_src|s_cid|ncid|at_\w+|ito)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as a feed or a listing page gave it, made readable but not yet told apart from earlier ones.

    ``text`` is plain text; paragraphs are split by a blank line, list items begin with ``• ``.
    ``complete``: the feed gave the whole text and not only a summary. ``published`` is aware and in UTC, or None
    where the feed gave no date that can be true; ``published_raw`` keeps what it said.
    """

    title: str
    text: str
    url: str | None = None
    guid: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    updated: datetime | None = None
    language: str | None = None
    complete: bool = True
    digest: str = field(init=False, repr=False)  # as that of a post: made where the entry is read, on whatever core

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", content_digest(self.title, self.text))


@dataclass(frozen=True, slots=True)
class Post:
    """One published item of a source; an edited item is a new version of the same post.

    ``key`` is the identity within its source; ``published`` falls back to ``seen``, the moment of first sight.
    """

    source_id: str
    key: str
    version: int
    title: str
    text: str
    url: str | None
    published: datetime
    seen: datetime
    complete: bool = True
    published_raw: str | None = None
    language: str | None = None
    baseline: bool = False  # there at first sight and older than the alert window: recorded, not told
    digest: str = field(default="")  # SHA-256 of title and text, white space folded

    @property
    def id(self) -> str:
        """A short name that is unique over all sources and does not change: 16 hexadecimal digits."""
        return post_id(self.source_id, self.key)


@lru_cache(maxsize=4096)  # the same few hundred posts are named again and again while they come in and are read
def post_id(source_id: str, key: str) -> str:
    """The stable short id of the post ``key`` of a source."""
    return hashlib.sha256(f"{source_id}\n{key}".encode()).hexdigest()[:16]


@lru_cache(maxsize=4096)  # asked several times for each post that comes in
def canonical_url(url: str) -> str:
    """The address without fragment, tracking parameters, default port and trailing slash; scheme and host lowered."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    host = (parts.hostname or "").lower()
    if port and port not in {80, 443}:
        host = f"{host}:{port}"
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k)])
    return urlunsplit((parts.scheme.lower(), host, parts.path.rstrip("/"), query, ""))


def fold(text: str) -> str:
    """The text with white space folded, for comparing."""
    return " ".join(text.split())


def content_digest(title: str, text: str) -> str:
    """SHA-256 of what a reader would see, so that only a visible edit makes a new version."""
    return hashlib.sha256(f"{fold(title)}\n{fold(text)}".encode()).hexdigest()


def identity(entry: Entry, day: date | None) -> str:
    """Which post an entry is, within its source; ``day`` is the day of publication, if known."""
    if entry.guid and entry.guid.strip():
        return f"guid:{entry.guid.strip()}"
    if entry.url and entry.url.strip():
        return f"link:{canonical_url(entry.url)}"
    if entry.title.strip():
        return f"title:{fold(entry.title).casefold()}:{day.isoformat() if day else ''}"
    return f"text:{content_digest('', entry.text)}"


def first_version(entry: Entry, source_id: str, now: datetime) -> Post:
    """The entry as the first version of a post, seen at ``now``."""
    return Post(
        source_id=source_id,
        key=identity(entry, entry.published.date() if entry.published else None),
        version=1,
        title=fold(entry.title),
        text=entry.text.strip(),
        url=entry.url,
        published=entry.published or now,
        seen=now,
        complete=entry.complete,
        published_raw=entry.published_raw,
        language=entry.language,
        digest=entry.digest,
    )

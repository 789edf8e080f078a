"""RSS (0.9x, 1.0, 2.0), RDF and Atom (0.3, 1.0) into entries, by feedparser on bytes that we made safe.

What bounds the time: the download's cap on unpacked bytes, the cap on entries, and that every step before feedparser
is linear; feedparser itself is given no document type, no markup to clean, no addresses to resolve, and no elements
that nest without end. It is judged by the version and the entries it finds, never by its ``bozo`` flag, which an HTML
page does not raise.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.fetch import plainfeed
from watcher.fetch.address import absolute
from watcher.fetch.charset import decode
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.entrytext import body_of, plain, title_of
from watcher.fetch.markup import line_of, parsed
from watcher.fetch.nesting import DEEPEST, flattened
from watcher.fetch.plainfeed import Found
from watcher.fetch.wall import wall
from watcher.fetch.xmltext import FeedText, safe_xml
from watcher.usecases.ports import Parsed

Raw = Any  # a dictionary of feedparser's, which ships no types

MAX_ENTRIES = 1000

_HTML = frozenset({"html", "head", "body", "div", "p", "title", "meta", "script"})
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel"})
_PAGE_RELATIONS = (None, "alternate", "via")
_MAX_TTL = 7 * 24 * 60  # minutes
# No content-location is handed on: feedparser would make addresses of ids with it, and ids must survive a move.
_AS_UTF8 = {"content-type": "application/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a feed came from and when: what its relative links and its dates are read by."""

    url: str
    now: datetime
    language: str | None


def parse(
    body: bytes, headers: Mapping[str, str], url: str, now: datetime, *, max_entries: int = MAX_ENTRIES
) -> Parsed:
    """The entries of an XML feed, in its own order.

    Args:
        body: unpacked bytes.
        headers: of the answer, names in lower case; its content type may name the encoding.
        url: where it came from, the base of relative links.
        now: aware, UTC; no entry is dated more than 48 hours later.
        max_entries: later ones are left out, and ``partial`` says so.

    Raises:
        FetchError: ``UNREADABLE`` (empty, no feed, hostile) or ``BLOCKED`` (a bot wall).
    """
    if not body.strip():
        raise FetchError(FetchTrouble.UNREADABLE, "the body is empty")
    text = decode(body, headers.get("content-type", ""))
    feed = _feed_text(text, headers, url, max_entries)
    found = plainfeed.read(feed)
    if found is None:
        feed = _flattened(feed)
        found = _feedparsed(feed)
    if found is None or not (found.entries or feed.root in _FEED_ROOTS):
        raise no_feed(text, headers, url, what=f"what came is XML, but no feed: its first element is {feed.root}")
    place = _Place(url, now, _language(found.feed))
    entries = tuple(_entry(raw, place) for raw in found.entries[:max_entries])
    kept = tuple(entry for entry in entries if entry.title or entry.text or entry.url)
    return Parsed(
        title=title_of(*_detail(found.feed, "title")) or None,
        entries=kept,
        partial=feed.partial or ("nothing can be read in its entries" if entries and not kept else None),
        ttl=_ttl(found.feed.get("ttl")),
    )


def no_feed(text: str, headers: Mapping[str, str], url: str, what: str = "a page came, no feed") -> FetchError:
    """Why a page that came in place of a feed is none: a bot wall, or a page that may name its feed."""
    owner = wall(text, headers)
    if owner:
        return FetchError(FetchTrouble.BLOCKED, f"a page of {owner} came in place of the feed")
    links = feed_links(text, url)
    hint = f"; the page names a feed: {links[0]}" if links else ""
    return FetchError(FetchTrouble.UNREADABLE, f"{what}{hint}")


def feed_links(text: str, url: str) -> list[str]:
    """The feeds that a page names in its head."""
    tree = parsed(text)
    if tree is None:
        return []
    links = [
        absolute(url, link.get("href"))
        for link in tree.iter("link")
        if (link.get("type") or "").lower() in _FEED_TYPES and "alternate" in (link.get("rel") or "").lower()
    ]
    return [link for link in links if link]


def _feed_text(text: str, headers: Mapping[str, str], url: str, max_entries: int) -> FeedText:
    feed = safe_xml(text, max_entries)
    if feed.root in _HTML:
        raise no_feed(text, headers, url)
    return feed


def _flattened(feed: FeedText) -> FeedText:
    flat, passed = flattened(feed.text)
    deep = f"what nests deeper than {DEEPEST} elements was read without its markup" if passed else None
    return replace(feed, text=flat, partial="; ".join(note for note in (feed.partial, deep) if note) or None)


def _feedparsed(feed: FeedText) -> Found | None:
    """What feedparser makes of it; None where it takes it for no feed."""
    import feedparser  # noqa: PLC0415  (slow to import, and most feeds do without)

    body = io.BytesIO(feed.text.encode("utf-8", "replace"))
    try:
        found = feedparser.parse(body, response_headers=_AS_UTF8, sanitize_html=False, resolve_relative_uris=False)
    except MemoryError:
        raise  # not the feed's fault alone
    except Exception as error:  # its loose parser trips over some broken feeds with whatever exception comes
        raise FetchError(FetchTrouble.UNREADABLE, f"the feed is broken ({type(error).__name__})") from error
    return Found(found.feed, found.entries) if found.get("version") or found.entries else None


def _entry(raw: Raw, place: _Place) -> Entry:
    body = body_of(_content(raw), *_detail(raw, "summary", "text/html"))
    published_raw, published = _date(raw, ("published", "created", "updated"), place.now)
    return Entry(
        title=title_of(*_detail(raw, "title")),
        text=body.text,
        url=_link(raw, place.url),
        guid=_text(raw, "id"),
        published=published,
        published_raw=published_raw,
        updated=_date(raw, ("updated",), place.now)[1],
        language=_language(raw) or place.language,
        complete=body.complete,
    )


def _text(raw: Raw, key: str) -> str | None:
    """A field as it stands: ``.get`` would answer for "updated" with "published"."""
    value = dict.get(raw, key)
    return line_of(value) or None if isinstance(value, str) else None


def _parts(raw: Raw, key: str) -> list[Raw]:
    """The dictionaries of a field; an element of the same name where none belongs gives it any other type."""
    value = dict.get(raw, key)
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]


def _detail(raw: Raw, key: str, kind: str = "text/plain") -> tuple[str, str]:
    detail: Raw = next(iter(_parts(raw, f"{key}_detail")), {})
    value = detail.get("value") or _text(raw, key) or ""
    return str(value), str(detail.get("type") or kind)


def _content(raw: Raw) -> str:
    parts = [
        plain(str(part.get("value") or ""), str(part.get("type") or "text/html")) for part in _parts(raw, "content")
    ]
    return max(parts, key=len, default="")


def _date(raw: Raw, keys: tuple[str, ...], now: datetime) -> tuple[str | None, datetime | None]:
    """The first date that can be true, with its raw text; else the first raw text there is."""
    said = [text for key in keys if (text := _text(raw, key))]
    for text in said:
        date = parse_date(text, now)
        if date:
            return text, date
    return (said[0] if said else None), None


def _link(raw: Raw, base: str) -> str | None:
    """The entry's page: FeedBurner's original first, then its link, then its id where that is an address."""
    original = absolute(base, _text(raw, "feedburner_origlink"))
    if original:
        return original
    link, guid = _text(raw, "link"), _text(raw, "id")
    named = [(other.get("rel"), href) for other in _parts(raw, "links") if (href := _text(other, "href"))]
    # feedparser makes a link of an id where there is none; one that stands among the links was there.
    if link and (link != guid or any(href == link for _, href in named)):
        return absolute(base, link)
    candidate = next((href for rel, href in named if rel in _PAGE_RELATIONS), None) or link
    # A bare id such as "123" is no relative address.
    return absolute("", candidate) if candidate == guid else absolute(base, candidate)


def _language(raw: Raw) -> str | None:
    details = (*_parts(raw, "content"), *_parts(raw, "title_detail"))
    said = (_text(raw, "language"), *(_text(detail, "language") for detail in details))
    tag = next((word for word in said if word), None)
    return tag.replace("_", "-") if tag else None


def _ttl(minutes: object) -> float | None:
    text = str(minutes or "").strip()
    return float(min(int(text), _MAX_TTL) * 60) or None if text.isdecimal() and len(text) < 9 else None  # noqa: PLR2004  (no number of minutes is longer)

"""RSS (0.9x, 1.0, 2.0), RDF and Atom (0.3, 1.0) into entries, by feedparser on bytes that we made safe.

What bounds the time: the download's cap on unpacked bytes, the cap on entries, and that every step before feedparser
is linear; feedparser itself is given no document type, no markup to clean and no addresses to resolve. It is judged by
the version and the entries it finds, never by its ``bozo`` flag, which an HTML page does not raise.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.fetch.address import absolute
from watcher.fetch.charset import decode
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.entrytext import body_of, plain, title_of
from watcher.fetch.markup import line_of, parsed
from watcher.fetch.wall import wall
from watcher.fetch.xmltext import FeedText, safe_xml
from watcher.usecases.ports import Parsed

MAX_ENTRIES = 1000

_HTML = frozenset({"html", "head", "body", "div", "p", "title", "meta", "script"})
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
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
    found = _feedparsed(feed)
    if not found.get("version") and not found.entries:
        raise no_feed(text, headers, url)
    place = _Place(url, now, _language(found.feed))
    entries = tuple(_entry(raw, place) for raw in found.entries[:max_entries])
    return Parsed(
        title=title_of(*_detail(found.feed, "title")) or None,
        entries=tuple(entry for entry in entries if entry.title or entry.text or entry.url),
        partial=feed.partial,
        ttl=_ttl(found.feed.get("ttl")),
    )


def no_feed(text: str, headers: Mapping[str, str], url: str) -> FetchError:
    """Why a page that came in place of a feed is none: a bot wall, or a page that may name its feed."""
    owner = wall(text, headers)
    if owner:
        return FetchError(FetchTrouble.BLOCKED, f"a page of {owner} came in place of the feed")
    links = feed_links(text, url)
    hint = f"; the page names a feed: {links[0]}" if links else ""
    return FetchError(FetchTrouble.UNREADABLE, f"a page came, no feed{hint}")


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


def _feedparsed(feed: FeedText) -> Any:  # noqa: ANN401  (feedparser ships no types)
    body = io.BytesIO(feed.text.encode("utf-8", "replace"))
    try:
        return feedparser.parse(body, response_headers=_AS_UTF8, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # its loose parser trips over some broken feeds with whatever exception comes
        raise FetchError(FetchTrouble.UNREADABLE, f"the feed is broken ({type(error).__name__})") from error


def _entry(raw: Any, place: _Place) -> Entry:  # noqa: ANN401  (feedparser ships no types)
    body = body_of(_content(raw), plain(*_detail(raw, "summary", "text/html")))
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


def _text(raw: Any, key: str) -> str | None:  # noqa: ANN401  (feedparser ships no types)
    """A field as it stands: ``.get`` would answer for "updated" with "published"."""
    value = dict.get(raw, key)
    return line_of(value) or None if isinstance(value, str) else None


def _detail(raw: Any, key: str, kind: str = "text/plain") -> tuple[str, str]:  # noqa: ANN401  (feedparser ships no types)
    detail = dict.get(raw, f"{key}_detail") or {}
    value = detail.get("value") or _text(raw, key) or ""
    return str(value), str(detail.get("type") or kind)


def _content(raw: Any) -> str:  # noqa: ANN401  (feedparser ships no types)
    parts = [plain(part.get("value") or "", part.get("type") or "text/html") for part in dict.get(raw, "content") or ()]
    return max(parts, key=len, default="")


def _date(raw: Any, keys: tuple[str, ...], now: datetime) -> tuple[str | None, datetime | None]:  # noqa: ANN401  (feedparser ships no types)
    """The first date that can be true, with its raw text; else the first raw text there is."""
    said = [text for key in keys if (text := _text(raw, key))]
    for text in said:
        date = parse_date(text, now)
        if date:
            return text, date
    return (said[0] if said else None), None


def _link(raw: Any, base: str) -> str | None:  # noqa: ANN401  (feedparser ships no types)
    """The entry's page: FeedBurner's original first, then its link, then its id where that is an address."""
    original = absolute(base, _text(raw, "feedburner_origlink"))
    if original:
        return original
    link, guid = _text(raw, "link"), _text(raw, "id")
    if link and link != guid:
        return absolute(base, link)
    others = (other.get("href") for other in dict.get(raw, "links") or () if other.get("rel") in {None, "alternate", "via"})
    candidate = next((href for href in others if href), None) or link
    # A bare id such as "123" is no relative address.
    return absolute("", candidate) if candidate == guid else absolute(base, candidate)


def _language(raw: Any) -> str | None:  # noqa: ANN401  (feedparser ships no types)
    content = dict.get(raw, "content") or [{}]
    said = (_text(raw, "language"), content[0].get("language"), (dict.get(raw, "title_detail") or {}).get("language"))
    tag = next((word for word in said if word), None)
    return tag.replace("_", "-").strip() if tag else None


def _ttl(minutes: object) -> float | None:
    text = str(minutes or "").strip()
    return float(min(int(text), _MAX_TTL) * 60) or None if text.isdecimal() and len(text) < 9 else None  # noqa: PLR2004  (no number of minutes is longer)



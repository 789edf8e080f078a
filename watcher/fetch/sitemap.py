"""News sitemaps (https://www.google.com/schemas/sitemap-news/0.9) into entries, and the parts of a sitemap's index.

A plain sitemap says of no page what it is: only those with ``news:news``, which name a title and a date, are read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from lxml import etree

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.fetch.address import absolute
from watcher.fetch.charset import decode
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.entrytext import LONGEST_TITLE
from watcher.fetch.markup import Node, line_of
from watcher.fetch.xmltext import safe_xml
from watcher.usecases.ports import Parsed

MAX_ENTRIES = 1000
MOST_PARTS = 8  # of one index that are worth a request
_MOST_NAMED = 10_000  # parts of one index that are looked at; no site that brings news has more
_ROOTS = (b"<urlset", b"<sitemapindex")
_LOOK = 2000  # bytes in which a sitemap shows what it is
_NEWS = ("news", "press", "blog", "post", "article", "update")


@dataclass(frozen=True, slots=True)
class Part:
    """A sitemap that an index names."""

    url: str
    modified: datetime | None


def is_sitemap(body: bytes) -> bool:
    """Whether a body is a sitemap or an index of some."""
    start = body[:_LOOK].lower()
    return any(root in start for root in _ROOTS)


def parse(
    body: bytes, headers: Mapping[str, str], url: str, now: datetime, *, max_entries: int = MAX_ENTRIES
) -> Parsed:
    """The articles of a news sitemap, in its own order; their texts stand on their pages. An index gives its parts.

    Args:
        body: unpacked bytes.
        headers: of the answer, names in lower case.
        url: where it came from.
        now: aware, UTC; no article is dated more than 48 hours later.
        max_entries: later ones are left out, and ``partial`` says so.

    Raises:
        FetchError: ``UNREADABLE``: no sitemap, or one without news.
    """
    root = _root(body, headers)
    if _name(root) == "sitemapindex":
        return Parsed(None, (), parts=tuple(part.url for part in _parts(root, url, now)[:MOST_PARTS]))
    entries = (entry for page in _children(root, "url") if (entry := _entry(page, url, now)))
    found = list(islice(entries, max_entries + 1))
    if not found:
        raise FetchError(FetchTrouble.UNREADABLE, "the sitemap names no news (news:news)")
    partial = f"only the first {max_entries} entries were read" if len(found) > max_entries else None
    return Parsed(title=_publication(root), entries=tuple(found[:max_entries]), partial=partial)


def parts(body: bytes, headers: Mapping[str, str], url: str, now: datetime) -> list[Part]:
    """The sitemaps that an index names on its own site: those whose address speaks of news first, then the newest."""
    return _parts(_root(body, headers), url, now)


def _parts(root: Node, url: str, now: datetime) -> list[Part]:
    found = {
        address: Part(address, parse_date(_text(node, "lastmod"), now))
        for node in islice(_children(root, "sitemap"), _MOST_NAMED)
        if (address := absolute(url, _text(node, "loc"))) and _host(address) == _host(url)
    }
    return sorted(found.values(), key=_promise)


def _promise(part: Part) -> tuple[bool, float]:
    path = urlsplit(part.url).path.lower()
    return not any(word in path for word in _NEWS), -(part.modified.timestamp() if part.modified else 0.0)


def _root(body: bytes, headers: Mapping[str, str]) -> Node:
    text = safe_xml(decode(body, headers.get("content-type", "")), MAX_ENTRIES).text
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError as error:
        raise FetchError(FetchTrouble.UNREADABLE, "the sitemap is broken") from error
    if root is None or _name(root) not in {"urlset", "sitemapindex"}:
        raise FetchError(FetchTrouble.UNREADABLE, "what came is no sitemap")
    return root


def _entry(page: Node, base: str, now: datetime) -> Entry | None:
    news = next(_children(page, "news"), None)
    url = absolute(base, _text(page, "loc"))
    title = _text(news, "title") if news is not None else None
    if news is None or not url or not title:
        return None
    said = _text(news, "publication_date") or _text(page, "lastmod")
    published = parse_date(said, now)
    return Entry(title, "", url, published=published, published_raw=said, language=_language(news), complete=False)


def _language(news: Node) -> str | None:
    publication = next(_children(news, "publication"), None)
    return _text(publication, "language") if publication is not None else None


def _publication(root: Node) -> str | None:
    named = (
        one
        for page in _children(root, "url")
        for news in _children(page, "news")
        for one in _children(news, "publication")
    )
    first = next(named, None)
    return _text(first, "name") if first is not None else None


def _children(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node if _name(child) == name)


def _text(node: Node, name: str) -> str | None:
    child = next(_children(node, name), None)
    return line_of("".join(child.itertext())[:LONGEST_TITLE]) or None if child is not None else None


def _name(node: Node) -> str:
    """An element's name without its namespace, which many sitemaps get wrong."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")

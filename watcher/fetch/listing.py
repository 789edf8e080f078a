"""A blog's listing page into entries: the links to its articles, with titles and dates.

Only headlines are taken; each article's text is read from its own page later.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry, canonical_url
from watcher.core.source import Source
from watcher.fetch import jsonld
from watcher.fetch.address import absolute
from watcher.fetch.charset import decode
from watcher.fetch.chrome import chrome_of
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.feed import no_feed
from watcher.fetch.markup import HEADINGS, Node, line_of, parsed, text_of_tree
from watcher.fetch.selector import select
from watcher.fetch.wall import wall
from watcher.usecases.ports import Fetched, Parsed

MAX_ENTRIES = 200

_WORDS = 3  # in the text of a link to an article
_POSTS = frozenset({"BlogPosting", "NewsArticle", "Article", "Report", "TechArticle", "ListItem", "PressRelease"})
_NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|page|search|about|contact|privacy|terms|legal|careers|login|signup"
    r"|subscribe|feed|rss)(?:/|$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|zip|mp[34]|xml|css|js)$", re.IGNORECASE)
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+){2,}", re.IGNORECASE)
_DATED_PATH = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})(?:/(\d{1,2}))?/")
_DATE = re.compile(
    r"\b(?:\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}"
    r"|\d{1,2}(?:st|nd|rd|th)? [A-Z][a-z]{2,8}\.?,? \d{4})\b"
)
_CARD_TEXT = 1500  # characters; what is longer is no card but the whole list
_CARD_DEPTH = 6
_CARD_LINKS = 20
_MOST_LINKS = 2000
_LISTS = frozenset({"body", "main", "ul", "ol"})


def parse(source: Source, answer: Fetched, now: datetime) -> Parsed:
    """The articles that a listing page links to, in its order; ``source.selector`` says which links, or their cards.

    Raises:
        FetchError: ``BLOCKED`` (a bot wall) or ``UNREADABLE`` (no page, or no links to articles).
    """
    markup = decode(answer.body, answer.headers.get("content-type", ""))
    owner = wall(markup, answer.headers)
    if owner:
        raise FetchError(FetchTrouble.BLOCKED, f"a page of {owner} came in place of the blog")
    tree = parsed(markup)
    if tree is None:
        raise FetchError(FetchTrouble.UNREADABLE, "the body is empty")
    page = _Page(tree, _base(tree, answer.final_url or answer.url), now)
    entries = _merged(page.chosen(source.selector) if source.selector else page.found())
    if not entries:
        raise _nothing(source, markup, answer)
    title = tree.findtext(".//title")
    partial = f"only the first {MAX_ENTRIES} links were read" if len(entries) > MAX_ENTRIES else None
    return Parsed(line_of(title or "") or None, tuple(entries[:MAX_ENTRIES]), partial)


def _base(tree: Node, url: str) -> str:
    base = tree.find(".//base[@href]")
    return (absolute(url, base.get("href")) or url) if base is not None else url


def _nothing(source: Source, markup: str, answer: Fetched) -> FetchError:
    if source.selector:
        return FetchError(FetchTrouble.UNREADABLE, f"the selector {source.selector} finds no links on the page")
    hint = str(no_feed(markup, answer.headers, answer.final_url or answer.url).detail).partition(";")[2]
    return FetchError(FetchTrouble.UNREADABLE, f"no links to articles on the page{';' if hint else ''}{hint}")


def _merged(entries: Iterator[Entry]) -> list[Entry]:
    """One entry for each address: the first place, the longest title, the first date."""
    found: dict[str, Entry] = {}
    for entry in entries:
        key = canonical_url(entry.url or "")
        known = found.get(key)
        if known is None:
            found[key] = entry
            continue
        dated = known if known.published_raw else entry
        title = known.title if len(known.title.split()) >= _WORDS else max(known.title, entry.title, key=len)
        found[key] = replace(known, title=title, published=dated.published, published_raw=dated.published_raw)
    return [entry for entry in found.values() if entry.title]


@dataclass(slots=True)
class _Page:
    """A listing page being read."""

    tree: Node
    url: str
    now: datetime
    chrome: frozenset[Node] = field(init=False)

    def __post_init__(self) -> None:
        self.chrome = chrome_of(self.tree)

    def chosen(self, selector: str) -> Iterator[Entry]:
        """The links that a selector finds, or that stand first in what it finds."""
        try:
            elements = select(self.tree, selector)
        except ValueError as error:
            raise FetchError(FetchTrouble.UNREADABLE, str(error), transient=False) from error
        for element in elements:
            link = element if element.tag == "a" else next(self._links(element), None)
            url = absolute(self.url, link.get("href")) if link is not None else None
            if link is not None and url:
                yield self._entry(link, url)

    def found(self) -> Iterator[Entry]:
        """What JSON-LD lists, then what the links of the page look like."""
        yield from self._declared()
        outside = {inner for element in self.chrome for inner in element.iter("a")}
        for link in self._links(self.tree):
            url = absolute(self.url, link.get("href"))
            if url and link not in outside and self._is_article(url):
                entry = self._entry(link, url)
                if len(entry.title.split()) >= _WORDS:
                    yield entry

    def _links(self, element: Node) -> Iterator[Node]:
        """All links, those in headings first: their text is the title."""
        links = list(islice((link for link in element.iter("a") if link.get("href")), _MOST_LINKS))
        yield from sorted(links, key=lambda link: not _in_heading(link)) if element is not self.tree else links

    def _declared(self) -> Iterator[Entry]:
        for item in jsonld.objects(self.tree):
            if not jsonld.kinds(item) & _POSTS:
                continue
            url = absolute(self.url, jsonld.text(item, "url", "@id", "mainEntityOfPage"))
            title = jsonld.text(item, "headline", "name")
            if url and title and self._is_near(url) and canonical_url(url) != canonical_url(self.url):
                yield self._dated(title, url, jsonld.text(item, "datePublished", "dateCreated"))

    def _entry(self, link: Node, url: str) -> Entry:
        card = _card(link, self.url, url)
        return self._dated(_title(link, card), url, _said_date(card) or _path_date(url))

    def _dated(self, title: str, url: str, said: str | None) -> Entry:
        published = parse_date(said, self.now)
        return Entry(line_of(title), "", url.partition("#")[0], published=published, published_raw=said, complete=False)

    def _is_near(self, url: str) -> bool:
        ours, theirs = (_bare_host(address) for address in (self.url, url))
        return ours == theirs or ours.endswith(f".{theirs}") or theirs.endswith(f".{ours}")

    def _is_article(self, url: str) -> bool:
        """An address on the same site that is deeper than the page, or that ends in words."""
        here, there = (urlsplit(address).path.rstrip("/") for address in (self.url, url))
        if not self._is_near(url) or there == here or _NO_ARTICLE.search(there) or _FILE.search(there):
            return False
        deeper = there.startswith(f"{here}/") and bool(here)
        return deeper or bool(_DATED_PATH.search(there)) or bool(_SLUG.search(there.rpartition("/")[2]))


def _bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _in_heading(link: Node) -> bool:
    return any(above.tag in HEADINGS for above in link.iterancestors()) or any(
        inner.tag in HEADINGS for inner in link.iter()
    )


def _card(link: Node, base: str, url: str) -> Node:
    """The largest element around a link that holds links to no other article."""
    card = link
    for above in islice(link.iterancestors(), _CARD_DEPTH):
        links = list(islice(above.iter("a"), _CARD_LINKS + 1))
        others = {canonical_url(absolute(base, other.get("href")) or "") for other in links} - {canonical_url(url)}
        strangers = any(_SLUG.search(urlsplit(other).path) for other in others)
        if strangers or len(links) > _CARD_LINKS or above.tag in _LISTS:
            break
        card = above
    return card


def _title(link: Node, card: Node) -> str:
    headings = [element for element in link.iter() if element.tag in HEADINGS]
    if headings:
        return line_of(text_of_tree(headings[0]))
    said = line_of(text_of_tree(link))
    if len(said.split()) >= _WORDS and not said.casefold().startswith(("read more", "continue reading")):
        return said
    in_card = [element for element in card.iter() if element.tag in HEADINGS]
    return line_of(text_of_tree(in_card[0])) if in_card else line_of(link.get("aria-label") or said)


def _said_date(card: Node) -> str | None:
    for time in card.iter("time"):
        said = time.get("datetime") or line_of(text_of_tree(time))
        if said:
            return str(said)
    text = line_of(text_of_tree(card))[:_CARD_TEXT]
    match = _DATE.search(text)
    return match.group() if match else None


def _path_date(url: str) -> str | None:
    match = _DATED_PATH.search(urlsplit(url).path)
    return "-".join(f"{int(part):02}" for part in match.groups() if part) if match else None

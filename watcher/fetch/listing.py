"""A blog's listing page into entries: the links to its articles, with titles and dates.

::

    the page → what it declares of itself (JSON-LD, its scripts' data) ──┐
             → Links: all but navigation, authors, tags, files …         ├→ which of them are posts → entries
             → cards_of: the part of the page, title and date of each  ──┘

What is not sure to be a post is left out: an old page that comes up in a list of popular ones would look new. Only
headlines are taken; each article's text is read from its own page later.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.core.source import Source
from watcher.fetch import jsonld, pagedata
from watcher.fetch.address import absolute
from watcher.fetch.cards import Card, cards_of
from watcher.fetch.charset import decode
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.datewords import Manner, order_of_figures, short_years
from watcher.fetch.feed import no_feed
from watcher.fetch.links import Links, key_of
from watcher.fetch.markup import HEADINGS, Node, line_of, parsed, text_of_tree
from watcher.fetch.selector import select
from watcher.fetch.wall import wall
from watcher.usecases.ports import Fetched, Parsed

MAX_ENTRIES = 200

_WORDS = 3  # in the title of an undated link that is to be a post
_LETTERS = 3  # of Chinese, Japanese or Korean that count as a word
_POSTS = frozenset({"BlogPosting", "NewsArticle", "Article", "Report", "TechArticle", "ListItem", "PressRelease"})
_NO_LISTS = frozenset({"BreadcrumbList", "SiteNavigationElement"})
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+){2,}", re.IGNORECASE)
_DATED_PATH = re.compile(r"/((?:19|20)\d{2})(?:/(\d{1,2})(?:/(\d{1,2}))?/|-(\d{2})-(\d{2})-)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_MOST_ELEMENTS = 200_000
_HEADLINE = 4.5  # words that undated links have on average, which nothing but their length tells from a menu
_POSTS_PATH = re.compile(
    r"[/.](?:posts?|news|newsroom|blogs?|press|press-releases?|media|stor(?:y|ies)|articles?|updates?|insights?|journal|p|"
    r"aktuelles|actualites|noticias|prensa|comunicati|presse|releases?|announcements?)[/.]",
    re.IGNORECASE,
)
_SEVERAL = 3  # posts, beside which one that is like none of them is left out
_HEADING_WORTH = 5  # words that a heading is worth when families of undated links are compared


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
    url = answer.final_url or answer.url
    page = _Page(tree, _base(tree, url), url, now)
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


def _merged(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for each address: the first place, the longest title, the first date."""
    found: dict[str, Entry] = {}
    for entry in entries:
        key = key_of(entry.url or "")
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
    base: str
    url: str
    now: datetime
    links: Links = field(init=False)
    manner: Manner = field(init=False)

    def __post_init__(self) -> None:
        self.links = Links(self.tree, self.base, self.url)
        texts = " ".join(islice(self.tree.itertext(), _MOST_ELEMENTS))
        self.manner = Manner(order_of_figures(texts), short_years=short_years(self.tree.get("lang")))

    def chosen(self, selector: str) -> Iterator[Entry]:
        """The posts that a selector finds: links, what holds one each, the part that holds all, or a script's data."""
        try:
            elements = select(self.tree, selector)
        except ValueError as error:
            raise FetchError(FetchTrouble.UNREADABLE, str(error), transient=False) from error
        part = self._within(elements[0]) if len(elements) == 1 else []
        yield from map(self._entry, part) if len(part) > 1 else self._each(elements)

    def _within(self, part: Node) -> list[Card]:
        """The posts in a part of the page, found as on a whole one."""
        if part.tag in {"a", "script"}:
            return []
        self.links.gather(part)
        declared = self._declared()
        posts = _posts(self._cards(declared, self._in_data()), self.url, frozenset(declared))
        if len(posts) <= 1:
            self.links.clear()
        return posts

    def _each(self, elements: Iterable[Node]) -> Iterator[Entry]:
        """One post for each element."""
        for element in elements:
            if element.tag == "script":
                yield from map(self._recorded, pagedata.records_of(element))
            elif (link := _first_link(element)) is not None and (url := absolute(self.base, link.get("href"))):
                key = self.links.add(link, url)
                for other, address in self.links.all(element):
                    if other is not link and key_of(address) == key:
                        self.links.add(other, address)
        yield from map(self._entry, self._cards(self._declared(), self._in_data()))

    def found(self) -> Iterator[Entry]:
        """What its links look like, and what the page declares besides."""
        self.links.gather()
        declared, records = self._declared(), self._in_data()
        posts = _posts(self._cards(declared, records), self.url, frozenset(declared))
        yield from map(self._entry, posts)
        yield from declared.values()
        if not posts and not declared:
            yield from (entry for entry in records.values() if self.links.may_be_post(entry.url or ""))

    def _cards(self, *said: Mapping[str, Entry]) -> list[Card]:
        """The cards of the links; those without a date of their own get it from what the page says elsewhere."""
        cards = cards_of(self.links.by_key, self.manner, _years(self.tree))
        for card in cards:
            stamps = (entries[card.key].published_raw for entries in said if card.key in entries)
            if not card.dated:
                card.stamp = next(filter(None, stamps), None)
        return cards

    def _in_data(self) -> dict[str, Entry]:
        entries = (self._recorded(record) for record in pagedata.records(self.tree))
        return {key_of(entry.url or ""): entry for entry in entries}

    def _declared(self) -> dict[str, Entry]:
        return {key_of(entry.url or ""): entry for entry in self._in_jsonld()}

    def _in_jsonld(self) -> Iterator[Entry]:
        for item in jsonld.objects(self.tree, without=_NO_LISTS):
            if not jsonld.kinds(item) & _POSTS:
                continue
            url = absolute(self.base, jsonld.text(item, "url", "@id", "mainEntityOfPage"))
            title = jsonld.text(item, "headline", "name")
            if url and title and self._may_be_declared(item, url):
                yield self._dated(html.unescape(title), url, jsonld.text(item, "datePublished", "dateCreated"))

    def _may_be_declared(self, item: dict[str, Any], url: str) -> bool:
        """Whether a declared item may be a post; one that is called no article only where its address says so."""
        key, here = key_of(url), key_of(self.url).partition("?")[0]
        deeper = urlsplit(self.url).path.strip("/") and key.startswith(f"{here}/")
        named = jsonld.kinds(item) - {"ListItem"} or deeper or _POSTS_PATH.search(key)
        return bool(named) and self.links.may_be_post(url)

    def _recorded(self, record: pagedata.Record) -> Entry:
        """A post of the page's data; a bare slug stands under the page, or where a link of the page ends in it."""
        if not record.is_slug:
            return self._dated(record.title, absolute(self.base, record.address) or "", record.date)
        ends = f"/{record.address.strip('/')}"
        linked = (url for url in self.links.addresses.values() if urlsplit(url).path.rstrip("/").endswith(ends))
        own = self.url.partition("?")[0].partition("#")[0].rstrip("/")
        return self._dated(record.title, next(linked, f"{own}{ends}"), record.date)

    def _entry(self, card: Card) -> Entry:
        url = self.links.addresses[card.key]
        plain = card.stamp or (card.said.plain if card.said else "") or _path_date(url)
        return self._dated(card.title, url, plain, card.said.words if card.said and not card.stamp else None)

    def _dated(self, title: str, url: str, plain: str | None, said: str | None = None) -> Entry:
        published = parse_date(plain, self.now)
        raw = said or plain
        return Entry(line_of(title), "", url.partition("#")[0], published=published, published_raw=raw, complete=False)


def _first_link(element: Node) -> Node | None:
    """The link that stands for an element: itself, the first in a heading, whose text is the title, or the first."""
    links = [element] if element.tag == "a" else [link for link in element.iter("a") if link.get("href")]
    headed = (link for link in links if _in_heading(link))
    return next(headed, links[0] if links else None)


def _in_heading(link: Node) -> bool:
    around = (above.tag for above in islice(link.iterancestors(), _HEADING_WORTH))
    return any(tag in HEADINGS for tag in around) or any(inner.tag in HEADINGS for inner in link.iter())


def _years(tree: Node) -> dict[Node, int]:
    """For the links under a heading that is a year alone, that year: such lists give day and month only."""
    years: dict[Node, int] = {}
    year: int | None = None
    for element in tree.iter(*HEADINGS, "a"):
        if element.tag in HEADINGS:
            if next(element.iterdescendants(*HEADINGS), None) is not None:
                continue  # one that was never closed: no year alone, and thousands in one another are read for ever
            text = line_of(text_of_tree(element))
            year = int(text) if _YEAR.fullmatch(text) else year if _in_list(element, text) else None
        elif year is not None:
            years[element] = year
    return years


def _in_list(heading: Node, text: str) -> bool:
    """Whether a heading is the title of a post, so that the year above it holds on."""
    return bool(text) and next(heading.iter("a"), None) is not None


def _path_date(url: str) -> str | None:
    match = _DATED_PATH.search(urlsplit(url).path)
    return "-".join(f"{int(part):02}" for part in match.groups() if part) if match else None


# --- which cards are posts


def _posts(cards: list[Card], url: str, declared: frozenset[str]) -> list[Card]:
    """The cards that are posts: those with a date and those like them; without any date, the best family of links.

    A date in an address counts only where the page says none: references to old posts have one too.
    """
    named = [card for card in cards if card.title]
    sure = [card for card in named if card.dated or card.key in declared]
    sure = sure or [card for card in named if _DATED_PATH.search(card.key)]
    return _with_alike(_together(sure), named) if sure else _undated(named, url)


def _together(sure: list[Card]) -> list[Card]:
    """Without those that stand alone: no heading, and neither the look nor the folder of any other."""
    shapes, families = Counter(card.shape for card in sure), Counter(map(_family, sure))
    alike = [card for card in sure if card.headed or shapes[card.shape] > 1 or families[_family(card)] > 1]
    return alike if len(alike) >= _SEVERAL else sure


def _with_alike(sure: list[Card], cards: list[Card]) -> list[Card]:
    shapes = {card.shape for card in sure}
    families = {_family(card) for card in sure} - {""}
    keys = {card.key for card in sure}
    return [
        card
        for card in cards
        if card.key in keys
        or (card.shape in shapes and card.element is not card.links[0])
        or (card.headed and (_family(card) in families or _DATED_PATH.search(card.key)))
    ]


def _undated(cards: list[Card], url: str) -> list[Card]:
    """Headlines below the page's own address; else those that look alike or lie in one folder, and say most."""
    here = urlsplit(url).path.rstrip("/")
    paths = {card.key: urlsplit(f"//{card.key.removeprefix('//')}").path for card in cards}
    deeper = _headlines([card for card in cards if here and paths[card.key].startswith(f"{here}/")])
    if deeper:
        return _repeated(deeper)
    pool = _headlines(cards)
    slugs = [card for card in pool if _SLUG.search(paths[card.key].rpartition("/")[2]) and not card.headed]
    groups: dict[object, list[Card]] = {}
    for card in slugs:
        groups.setdefault((_family(card), card.shape), []).append(card)
    for card in pool:
        if card.headed:
            groups.setdefault(card.shape, []).append(card)
    return _repeated(max(filter(_promising, groups.values()), key=_worth, default=[]))


def _headlines(cards: list[Card]) -> list[Card]:
    """Those whose title is long enough, or a heading, and the short ones that look just like them."""
    long = {card.key: card for card in cards if _weight(card.title) >= _WORDS or card.headed}
    looks = {card.shape for card in long.values() if card.shape[0] != "a."}
    return [card for card in cards if card.key in long or card.shape in looks]


def _promising(cards: list[Card]) -> bool:
    """Whether undated links may be posts at all: their address says so, or they are longer than names of pages."""
    weight = sum(_weight(card.title) for card in cards) / len(cards)
    headed = all(card.headed for card in cards)
    return bool(_POSTS_PATH.search(cards[0].key)) or weight >= (_WORDS if headed else _HEADLINE)


def _worth(cards: list[Card]) -> int:
    """How much some undated links look like posts; what lies at the top of a site mostly is no post."""
    return sum((_weight(card.title) + _HEADING_WORTH * card.headed) * (2 if _family(card) else 1) for card in cards)


def _repeated(cards: list[Card]) -> list[Card]:
    """Those that look like others, or are headings; all of them where no two look alike."""
    shapes = Counter(card.shape for card in cards)
    kinds = {card.link_kind for card in cards if shapes[card.shape] > 1}
    alike = [card for card in cards if shapes[card.shape] > 1 or card.headed or card.link_kind in kinds - {"a."}]
    return alike or cards


def _family(card: Card) -> str:
    """The folder in which a post lies."""
    return card.key.partition("?")[0].rpartition("/")[0].removeprefix("//").partition("/")[2]


def _weight(title: str) -> int:
    return max(len(title.split()), len(_CJK.findall(title)) // _LETTERS)

"""What stands at an address, and how it can be watched: its feed, its list of posts, its news sitemap, or the document.

::

    the address → a feed or a sitemap itself
                → the feeds that the page names, and those that it links to
                → the usual places beneath the page
                → the page as a list of posts
                → the usual places on the host, and the sitemaps that robots.txt names

Each candidate is fetched and read; the first that gives posts is it. Nothing is guessed that was not seen to work.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin, urlsplit

from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch import sitemap
from watcher.fetch.address import absolute
from watcher.fetch.charset import decode
from watcher.fetch.feed import feed_links
from watcher.fetch.links import MOST
from watcher.fetch.markup import line_of, parsed
from watcher.usecases.ports import Fetched, Fetcher, FetchRequest, Parsed, Parser

NEW = "new"  # the id of the source that is being looked for

_PLACES = ("feed/", "feed.xml", "rss.xml", "rss", "atom.xml", "index.xml", "feed.json", "feeds/posts/default")
_FEED_PATH = re.compile(r"(?:/|\.|=)(?:rss|atom|feed|rdf)(?:\.xml|\.aspx|\.php|/)?$", re.IGNORECASE)
_FEED_TEXT = re.compile(r"(?:(?:subscribe|follow)(?: us)? (?:via|by|with) )?(?:rss|atom)(?: ?feeds?)?", re.IGNORECASE)
_SITEMAPS = ("news-sitemap.xml", "sitemap-news.xml", "sitemap_news.xml", "sitemap.xml")
_NAMED = 5  # feeds that a page names, and sitemaps that robots.txt names, that are tried
_ROBOTS = 200_000  # bytes
_NUMBERED = re.compile(r"\d")
_DEPTH = 2  # indexes of sitemaps in one another


@dataclass(frozen=True, slots=True)
class Found:
    """How an address can be watched; ``how`` says where that was found, ``others`` are further feeds of the page."""

    type: SourceType
    url: str
    how: str
    content: Parsed | Capture
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """An address that was tried in vain, and why."""

    url: str
    why: str


@dataclass(slots=True)
class Discovery:
    """Looks at one address.

    Args:
        fetcher: asks, within its deadlines and manners; it refuses private addresses.
        parser: reads what comes.
        now: the clock.
        tried: what led nowhere, in order.
    """

    fetcher: Fetcher
    parser: Parser
    now: Callable[[], datetime]
    tried: list[Tried] = field(default_factory=list)

    def find(self, url: str, wanted: SourceType | None = None, selector: str | None = None) -> Found | None:
        """How an address can be watched, as what is wanted or as what it offers; None where nothing can be read.

        Raises:
            FetchError: the address itself could not be had.
        """
        answer = self._ask([url])[0]
        if answer.error:
            raise answer.error
        if wanted is SourceType.POLICY:
            return self._policy(answer, selector)
        if wanted is SourceType.BLOG:
            return self._blog(answer, selector)
        return next(self._ways(answer, wanted, selector), None)

    def _ways(self, answer: Fetched, wanted: SourceType | None, selector: str | None) -> Iterator[Found]:
        page = answer.final_url or answer.url
        yield from self._first([answer], "the address itself")
        yield from self._index(answer, _DEPTH)
        named = [link for link in self._named(answer) if not _of_comments(link)]
        yield from _with_others(self._first(self._ask(named[:_NAMED]), "named by the page"), named)
        yield from self._first(self._ask(_linked(answer)[:_NAMED]), "linked on the page", least=1)
        is_root = urlsplit(page).path in {"", "/"}
        if not is_root:
            places = [*_places(page, _PLACES), *_of_medium(page)]
            yield from self._first(self._ask(places), "found at a usual place", least=1)
        if wanted is not SourceType.FEED and (blog := self._blog(answer, selector)):
            if not is_root or selector or _dated(blog):
                yield blog
            else:
                self._note(answer, "as a list of posts: links without dates on a home page; --type blog reads them")
        root = urljoin(page, "/")
        yield from self._first(self._ask(_places(root, _PLACES)), "found at a usual place", least=1)
        for part in self._ask([*self._robots(root), *_places(root, _SITEMAPS)]):
            yield from self._first([part], "found as a news sitemap", least=1)
            yield from self._index(part, _DEPTH)

    def _first(self, answers: Iterable[Fetched], how: str, least: int = 0) -> Iterator[Found]:
        """The first answer that is a feed with as many entries; the others are written down as tried."""
        for answer in answers:
            try:
                content = self._feed(answer)
            except FetchError as error:
                self._note(answer, error.detail)
                continue
            if len(content.entries) >= least:
                yield Found(SourceType.FEED, _lasting(answer), how, content)
                return
            self._note(answer, "a feed without entries")

    def _feed(self, answer: Fetched) -> Parsed:
        if answer.error:
            raise answer.error
        content = self.parser.entries(_source(SourceType.FEED, answer.url), answer)
        if content.parts:
            raise FetchError(FetchTrouble.UNREADABLE, "an index of sitemaps, without news of its own")
        return content

    def _index(self, answer: Fetched, depth: int) -> Iterator[Found]:
        """The first news sitemap among the parts of an index; what lies deeper, or behind the first few, is left.

        A part with a number in its name may be another one tomorrow: then the index is what to watch.
        """
        if answer.error or not depth or not sitemap.is_sitemap(answer.body):
            return
        try:
            named = sitemap.parts(answer.body, answer.headers, answer.final_url or answer.url, self.now())
        except FetchError:
            return
        for part in self._ask([one.url for one in named[: sitemap.MOST_PARTS]]):
            for found in (*self._first([part], "found as a news sitemap", least=1), *self._index(part, depth - 1)):
                yield replace(found, url=_lasting(answer)) if _NUMBERED.search(urlsplit(found.url).path) else found

    def _blog(self, answer: Fetched, selector: str | None) -> Found | None:
        try:
            content = self.parser.entries(_source(SourceType.BLOG, answer.url, selector), answer)
        except FetchError as error:
            self._note(answer, f"as a list of posts: {error.detail}")
            return None
        return Found(SourceType.BLOG, _lasting(answer), "the page lists posts", content)

    def _policy(self, answer: Fetched, selector: str | None) -> Found | None:
        try:
            content = self.parser.policy(_source(SourceType.POLICY, answer.url, selector), answer, self.now())
        except FetchError as error:
            self._note(answer, f"as a document: {error.detail}")
            return None
        return Found(SourceType.POLICY, _lasting(answer), "the page itself", content)

    def _named(self, answer: Fetched) -> list[str]:
        markup = decode(answer.body, answer.headers.get("content-type", ""))
        return list(dict.fromkeys(feed_links(markup, answer.final_url or answer.url)))

    def _robots(self, root: str) -> list[str]:
        answer = self._ask([urljoin(root, "/robots.txt")])[0]
        text = "" if answer.error else answer.body[:_ROBOTS].decode("utf-8", "replace")
        lines = (line.partition(":") for line in text.splitlines())
        named = [urljoin(root, value.strip()) for name, _, value in lines if name.strip().lower() == "sitemap"]
        return sorted(dict.fromkeys(named), key=lambda url: "news" not in url.lower())[:_NAMED]

    def _ask(self, urls: Iterable[str]) -> list[Fetched]:
        """Answers in the order of the addresses; none is asked twice in one look."""
        seen = {one.url for one in self.tried}
        wanted = [url for url in dict.fromkeys(urls) if url not in seen]
        requests = [FetchRequest(url, url, source_id=NEW) for url in wanted]
        answers = {one.key: one for one in self.fetcher.fetch(requests) if one}
        return [answers[url] for url in wanted]

    def _note(self, answer: Fetched, why: str) -> None:
        self.tried.append(Tried(answer.url, why))


def nothing_found(url: str, tried: Iterable[Tried]) -> FetchError:
    """The error that says what was tried."""
    told = "".join(f"\n  {one.url}: {one.why}" for one in tried)
    return FetchError(FetchTrouble.UNREADABLE, f"nothing at {url} that can be watched was found; tried:{told}")


def _dated(blog: Found) -> bool:
    return isinstance(blog.content, Parsed) and any(entry.published for entry in blog.content.entries)


def _lasting(answer: Fetched) -> str:
    """The address to keep: where it has moved for good, and not where it leads for the time being."""
    return answer.http.moved_to or answer.url


def _with_others(found: Iterator[Found], named: list[str]) -> Iterator[Found]:
    for one in found:
        others = tuple(link for link in named if link != one.url)
        yield Found(one.type, one.url, one.how, one.content, others)


def _places(base: str, names: Iterable[str]) -> list[str]:
    folder = base.partition("?")[0].partition("#")[0].rstrip("/") + "/"
    return [urljoin(folder, name) for name in names]


def _linked(answer: Fetched) -> list[str]:
    """Addresses of links in a page's text that look like those of feeds, or are called so."""
    tree = parsed(decode(answer.body, answer.headers.get("content-type", "")))
    links = [] if tree is None else list(islice((link for link in tree.iter("a") if link.get("href")), MOST))
    found = (
        absolute(answer.final_url or answer.url, link.get("href"))
        for link in links
        if _FEED_PATH.search(link.get("href")) or _FEED_TEXT.fullmatch(line_of("".join(link.itertext())))
    )
    return [url for url in dict.fromkeys(found) if url and not _of_comments(url)]


def _of_medium(page: str) -> list[str]:
    """Where Medium keeps the feed of a publication."""
    parts = urlsplit(page)
    return [urljoin(page, f"/feed{parts.path}")] if parts.hostname == "medium.com" else []


def _of_comments(url: str) -> bool:
    return "comment" in urlsplit(url).path.lower()


def _source(kind: SourceType, url: str, selector: str | None = None) -> Source:
    return Source(NEW, kind, url, SourceKind.NEWS, selector=selector)

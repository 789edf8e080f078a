"""Which links of a page may lead to a post: not those to authors, tags, other pages of the list, files, shops or legal.

What is decided here is what a link is not; that it is a post, ``listing`` decides from all of them together.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from watcher.core.post import canonical_url
from watcher.fetch.address import absolute
from watcher.fetch.cards import is_more
from watcher.fetch.chrome import chrome_of
from watcher.fetch.markup import HEADINGS, Node, line_of, text_of_tree

MOST = 2000  # links of one page

_NO_ARTICLE = re.compile(
    r"/(?:tags?|tagged|topics?|categor(?:y|ies|ie|ia|ías?)|authors?|auteurs?|people|persons?|team|staff|contributors?"
    r"|profiles?|users?|speakers?|page|seite|search|suche|about|contact|privacy|terms|legal|careers|jobs|login|signin"
    r"|signup|sign-?up|register|subscribe|subscription|feed|rss|events?|webinars?|pricing|demo|cart|shop|account|help"
    r"|support|pdf|print|share|comments?)(?:/|\.\w{2,5}$|$)",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|webp|zip|mp[34]|xml|css|js|docx?|xlsx?|pptx?)$", re.IGNORECASE)
_ARCHIVE = re.compile(r"/(?:19|20)\d{2}(?:/\d{1,2}){0,2}$")
_AMP_PATH = re.compile(r"(?:/amp|\.amp)(?=/?$)|(?<=/)amp/", re.IGNORECASE)
_VARIANTS = frozenset({"amp", "outputType", "share", "replytocom", "print"})  # of one page, by the names of its query
# Where the address of the list itself answers for each post, one of these says which.
_NAMES_POST = frozenset(
    {"id", "p", "post", "article", "aid", "nid", "newsid", "news_id", "item", "story", "entry", "sid"}
)
_ROLE = re.compile(
    r"(?:^|[-_])(?:authors?|byline|by-line|posted-by|categor(?:y|ies)|cat|tags?|topics?|eyebrow|kicker|avatar|pagination"
    r"|pager|page-numbers|breadcrumbs?|crumbs|comments?|filters?|sort|share|social)(?:[-_]{1,2}(?:links?|list|name|label))?$",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"(?:^|[-_])(?:popular|trending|most-?(?:read|viewed|popular)|recommended|related|widget_categories|widget_archive"
    r"|recent-?comments|tag-?cloud|upcoming|promo|advert(?:isement)?|sponsored)(?:[-_]|$)",
    re.IGNORECASE,
)
_SIDE_HEADING = re.compile(
    r"(?:(?:our |the )?(?:most )?(?:popular|read|viewed|trending|shared)(?: now| posts| stories| articles| news"
    r"| this week)?|related(?: .{1,20})?|recommended(?: .{1,20})?|you (?:may|might) also like|recent comments|archives?"
    r"|categories|topics|tags|(?:upcoming )?events|les plus lus|à lire aussi|articles populaires|meistgelesen"
    r"|das könnte .{1,30}|lo más leído|entradas populares|人気記事|関連記事|热门文章)",
    re.IGNORECASE,
)
_SIDE_LEVELS = HEADINGS - {"h1"}
_BY = re.compile(
    r"(?:^|\s)(?:by|von|par|por|di|text:|(?:from|in|posted in|filed under|topics?|tags?|categor(?:y|ies)|authors?"
    r"|source|series|part of)\s*:?)\s*$",
    re.IGNORECASE,
)
_ROLE_TEXT = 80  # characters; what holds more is no box of an author or of tags
_ROLE_ELEMENTS = 40
_MOST_HEADINGS = 500  # of one page
_ROLE_DEPTH = 3
_PROSE = 3  # words before a link that make it part of a sentence
_NEIGHBOURS = 20
_PARAGRAPHS = frozenset({"p", "li", "dd", "td", "blockquote"})
_ENDS_TEXT = _PARAGRAPHS | HEADINGS | {"br", "hr"}
_GOES_ON = re.compile(r"\s*(?:[.;]|,\s+[^\W\d]|[^\W\dA-Z]+\s+\w)")  # a sentence, after a link in it
_BEGUN = re.compile(  # a sentence, after a link with which it begins; "on 8 June", "by Ada" are none
    r"\s*(?!(?:by|on|at|posted|published|from|in|via|von|am|vom|le|el|par|por|del|il)\b)[^\W\dA-Z]+\s+\w+\s+\w"
)
_TOO_MUCH = 0.5
_FULL_STOPS = (".", "!", "?", "…", "。")
_ENDS = (":", "|", "·", "–", "—", "•", "-", "»", ">", "/")


@dataclass(slots=True)
class Links:
    """The links of a page that may lead to posts, under one key for each address they lead to."""

    tree: Node
    base: str
    url: str
    addresses: dict[str, str] = field(default_factory=dict)
    by_key: dict[str, list[Node]] = field(default_factory=dict)

    def all(self, part: Node | None = None) -> Iterator[tuple[Node, str]]:
        """All links of the page, or of a part of it, with their absolute addresses."""
        within = self.tree if part is None else part
        for link in islice((one for one in within.iter("a") if one.get("href")), MOST):
            url = absolute(self.base, link.get("href"))
            if url:
                yield link, url

    def add(self, link: Node, url: str) -> str:
        """Take a link in; the key of where it leads."""
        key = key_of(url)
        known = self.addresses.get(key)
        if known is None or (_is_variant(known) and not _is_variant(url)):
            self.addresses[key] = url.partition("#")[0]
        self.by_key.setdefault(key, []).append(link)
        return key

    def clear(self) -> None:
        """Forget all links."""
        self.addresses.clear()
        self.by_key.clear()

    def gather(self, part: Node | None = None) -> None:
        """Take in all that may lead to posts, on the page or in a part of it."""
        outside = {link for part in (*_frames(self.tree), *_side_parts(self.tree)) for link in part.iter("a")}
        for link, url in self.all(part):
            if link not in outside and self.may_be_post(url) and not (_in_role(link) or _in_prose(link)):
                self.add(link, url)

    def may_be_post(self, url: str) -> bool:
        """Whether an address on the same site may be that of a post."""
        ours, theirs = urlsplit(self.url), urlsplit(url)
        here, there = ours.path.rstrip("/"), theirs.path.rstrip("/")
        if not near(self.url, url) or _FILE.search(there) or key_of(url) == key_of(self.url):
            return False
        if there == here and not {name for name, _ in parse_qsl(theirs.query)} & _NAMES_POST:
            return False
        tail = there.removeprefix(here) if here and there.startswith(f"{here}/") else there
        named = _NO_ARTICLE.search(_AMP_PATH.sub("", tail)) or tail.rpartition("/")[2].startswith("@")
        return bool(tail or theirs.query) and not named and not _ARCHIVE.search(there)


def key_of(url: str) -> str:
    """One key for the addresses of one page: without tracking, ``www``, and the marks of its AMP and other variants."""
    parts = urlsplit(canonical_url(url))
    query = "&".join(pair for pair in parts.query.split("&") if pair.partition("=")[0] not in _VARIANTS)
    path = _AMP_PATH.sub("", parts.path).rstrip("/")
    return urlunsplit(("", parts.netloc.removeprefix("www."), path, query, ""))


def near(page: str, url: str) -> bool:
    """Whether an address is on the site of a page."""
    ours, theirs = (_bare_host(address) for address in (page, url))
    return ours == theirs or ours.endswith(f".{theirs}") or theirs.endswith(f".{ours}")


def _bare_host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _is_variant(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_AMP_PATH.search(parts.path) or {name for name, _ in parse_qsl(parts.query, True)} & _VARIANTS)


def _frames(tree: Node) -> list[Node]:
    """What surrounds the list; of several heads and feet, those in the midst of the page belong to cards."""
    heads = list(tree.iter("header"))[1:]
    feet = list(tree.iter("footer"))[:-1]
    own = frozenset(part for part in (*heads, *feet) if next(part.iter("nav"), None) is None)
    return [part for part in chrome_of(tree) if part not in own]


def _side_parts(tree: Node) -> list[Node]:
    """What stands beside the list: popular posts, related ones, archives, comments; old posts come and go there."""
    whole = _size(tree)
    named = [element for element in tree.iter() if isinstance(element.tag, str) and _named(element, _SIDE)]
    headed = [
        part
        for heading in islice(tree.iter(*_SIDE_LEVELS), _MOST_HEADINGS)
        if _SIDE_HEADING.fullmatch(line_of(text_of_tree(heading)).strip(" :"))
        for part in _under(heading)
    ]
    return [part for part in (*named, *headed) if _size(part) <= _TOO_MUCH * whole]


def _under(heading: Node) -> list[Node]:
    """What a heading stands over: all that follows up to the next heading of its level, or its whole box."""
    parent = heading.getparent()
    if (
        parent is not None
        and len(list(islice(parent.iter(heading.tag), 2))) == 1
        and parent.tag not in {"body", "main"}
    ):
        return [parent]
    following: list[Node] = []
    for sibling in heading.itersiblings():
        if isinstance(sibling.tag, str) and sibling.tag in HEADINGS and sibling.tag <= heading.tag:
            break
        following.append(sibling)
    return following


def _size(element: Node) -> int:
    return sum(len(text) for text in element.itertext())


def _named(element: Node, names: re.Pattern[str]) -> bool:
    words = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(names.search(word) for word in words)


def _in_role(link: Node) -> bool:
    """Whether a link stands where authors, tags or page numbers do."""
    if {"author", "tag", "next", "prev"} & set((link.get("rel") or "").lower().split()):
        return True
    if _BY.search(_before(link)):
        return True
    for element in (link, *islice(link.iterancestors(), _ROLE_DEPTH)):
        if not _is_small(element):
            return False
        if _named(element, _ROLE):
            return True
    return False


def _is_small(element: Node) -> bool:
    """Whether an element may be a box of an author or of tags: little text, and no heading."""
    inside = list(islice(element.iter(), _ROLE_ELEMENTS + 1))
    size = sum(len(text) for one in inside for text in (one.text, one.tail if one is not element else None) if text)
    return len(inside) <= _ROLE_ELEMENTS and size <= _ROLE_TEXT and not any(one.tag in HEADINGS for one in inside)


def _in_prose(link: Node) -> bool:
    """Whether a link is part of a sentence, such as a reference in a teaser."""
    said = _before(link)
    before = re.sub(r"[\d,./-]+", " ", said).strip()
    if not before:
        return _BEGUN.match(link.tail or "") is not None
    if before.endswith(_ENDS) or (said.endswith(_FULL_STOPS) and is_more(line_of("".join(link.itertext())))):
        return False
    within = _GOES_ON.match(link.tail or "") is not None
    return within or (len(before.split()) >= _PROSE and next(link.iterancestors(*_PARAGRAPHS), None) is not None)


def _before(link: Node) -> str:
    """The text right before a link, back to the last break; the texts of other links are not counted."""
    pieces: list[str] = []
    for element in (link, *islice(link.iterancestors(), _ROLE_DEPTH - 1)):
        for sibling in islice(element.itersiblings(preceding=True), _NEIGHBOURS):
            pieces.append(sibling.tail or "")
            if sibling.tag in _ENDS_TEXT:
                return _backwards(pieces)
            if sibling.tag not in {"a", "time"} and isinstance(sibling.tag, str):
                pieces.append("".join(islice(sibling.itertext(), _NEIGHBOURS)))
        parent = element.getparent()
        pieces.append((parent.text or "") if parent is not None else "")
        if parent is None or parent.tag in _ENDS_TEXT or parent.tag == "div":
            break
    return _backwards(pieces)


def _backwards(pieces: list[str]) -> str:
    return " ".join("".join(reversed(pieces)).split())

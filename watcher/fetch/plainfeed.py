"""The feeds that most sites publish, read by libxml2 exactly as feedparser reads them, some twenty times as fast.

Only what is certain is read here: well-formed RSS 0.9x and 2.0 and Atom 1.0, with known elements that hold text alone,
each at most once. A feed with anything else in it, be it one attribute, is left to feedparser as a whole. What makes
that certain is a comparison of the two over many feeds and their mutations (``tests/fetch/test_plainfeed.py``).
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lxml import etree

from watcher.fetch.xmltext import FeedText

Raw = dict[str, Any]  # in the shape of feedparser's own, with the fields that are asked for
Node = Any  # an element of an lxml tree; lxml ships no types
Take = Callable[[Raw, Node], None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a feed holds, in the shape of feedparser's own result."""

    feed: Raw
    entries: list[Raw]


class _UnsureError(Exception):
    """feedparser might read this otherwise."""


_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_SLASH = "{http://purl.org/rss/1.0/modules/slash/}"
_SYNDICATION = "{http://purl.org/rss/1.0/modules/syndication/}"
_THREADS = "{http://purl.org/syndication/thread/1.0}"
_WFW = "{http://wellformedweb.org/CommentAPI/}"
_WORDPRESS = "{com-wordpress:feed-additions:1}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# feedparser goes by the prefix where it does not know the namespace; these are the ones that it does not know.
_FOREIGN = frozenset(name[1:-1] for name in (_WORDPRESS, _SEARCH, _THREADS))
_OWN_PREFIXES = frozenset({"wp", "wordpress", "opensearch", "openSearch", "thr"})
# Declared on an Atom feed, these make feedparser take it for RSS.
_OTHER_FORMATS = frozenset({"http://purl.org/rss/1.0/", "http://my.netscape.com/rdf/simple/0.9/"})

_INHERITED = frozenset({"lang", "base", "mode"})  # attributes by which feedparser reads what stands inside
_TEXT_TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
}
_LINK_ATTRIBUTES = frozenset({"href", "rel", "type", "title", "hreflang", "length"})
_C1 = re.compile("[\x80-\x9f]")
_SLASHES = re.compile(r"[A-Za-z][A-Za-z0-9+-.]*:///")
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")


def read(feed: FeedText) -> Found | None:
    """A feed's title, language and entries, or None where feedparser has to be asked."""
    if feed.text.find("xmlns", feed.text.find(">")) >= 0:
        return None  # a prefix that may change its meaning half-way
    try:
        root = etree.fromstring(feed.text.encode(), _parser())
        return _FORMATS[root.tag](root)
    except (_UnsureError, KeyError, UnicodeError, etree.LxmlError):
        return None


def _parser() -> Any:  # noqa: ANN401  (lxml ships no types)
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def _rss(root: Node) -> Found:
    channels = list(root)
    if len(channels) != 1 or channels[0].tag != "channel" or channels[0].keys():
        raise _UnsureError
    language = _root_language(root)
    feed, entries = _split(channels[0], "item", _CHANNEL, language)
    return Found(feed, [_finished(_filled(item, _ITEM, {"_language": language}), rss=True) for item in entries])


def _atom(root: Node) -> Found:
    if not _OTHER_FORMATS.isdisjoint(root.nsmap.values()):
        raise _UnsureError
    language = _root_language(root)
    feed, entries = _split(root, f"{_ATOM}entry", _FEED, language)
    return Found(feed, [_finished(_filled(entry, _ENTRY, {"_language": language}), rss=False) for entry in entries])


def _root_language(root: Node) -> str | None:
    _check_prefixes(root.nsmap)
    attributes = dict(root.attrib)
    language: str | None = attributes.pop(_LANG, None)
    if language == "" or not attributes.keys() <= {"version"}:
        raise _UnsureError
    return language and language.replace("_", "-")


def _check_prefixes(names: dict[str | None, str]) -> None:
    for prefix, namespace in names.items():
        if namespace in _FOREIGN and prefix not in _OWN_PREFIXES:
            raise _UnsureError


def _split(parent: Node, entry: str, table: dict[str, Take], language: str | None) -> tuple[Raw, list[Node]]:
    """What the feed says of itself, and its entries."""
    feed: Raw = {"_language": language}
    entries: list[Node] = []
    for child in parent:
        if child.tag == entry:
            entries.append(child)
        else:
            table[child.tag](feed, child)
    if language:
        feed.setdefault("language", language)
    return feed, entries


def _filled(parent: Node, table: dict[str, Take], into: Raw) -> Raw:
    if parent.keys():
        raise _UnsureError
    for child in parent:
        table[child.tag](into, child)
    return into


def _finished(entry: Raw, *, rss: bool) -> Raw:
    """An entry with what feedparser makes of several fields together."""
    if "content" in entry:
        entry.setdefault("summary", entry["content"][0]["value"])
    if "id" in entry and (entry.pop("_permalink", True) or not rss):
        entry.setdefault("link", entry["id"])
    return entry


# --- one element


def _value(node: Node) -> str:
    """The text of an element that holds nothing else, as feedparser corrects it."""
    if len(node):
        raise _UnsureError
    text: str = (node.text or "").strip()
    if text.isascii():
        return text
    with suppress(UnicodeError):  # UTF-8 that was taken for Latin-1 and encoded once more
        text = text.encode("latin-1").decode()
    if _C1.search(text):
        raise _UnsureError
    return text


def _put(into: Raw, key: str, value: object) -> None:
    if key in into:
        raise _UnsureError
    into[key] = value


def _plain(key: str) -> Take:
    """A field without attributes."""

    def take(into: Raw, node: Node) -> None:
        if node.keys():
            raise _UnsureError
        _put(into, key, _value(node))

    return take


def _rss_text(key: str, kind: str) -> Take:
    """A field that may hold HTML, in a format that does not say whether it does."""

    def take(into: Raw, node: Node) -> None:
        if node.keys():
            raise _UnsureError
        value = _value(node)
        guessed = "text/html" if kind == "text/html" or _looks_like_html(value) else kind
        _put_text(into, key, value, guessed)

    return take


def _atom_text(key: str) -> Take:
    """A field that says by its type whether it holds HTML; other types than text are left alone."""

    def take(into: Raw, node: Node) -> None:
        attributes = dict(node.attrib)
        kind = _TEXT_TYPES[attributes.pop("type", "text").lower()]
        if attributes:
            raise _UnsureError
        _put_text(into, key, _value(node), kind)

    return take


def _put_text(into: Raw, key: str, value: str, kind: str) -> None:
    detail = {"type": kind, "language": into["_language"], "value": value}
    if key == "content":
        _put(into, key, [detail])
        return
    _put(into, key, value)
    into[f"{key}_detail"] = detail


def _looks_like_html(text: str) -> bool:
    if "<" not in text and "&" not in text:
        return False
    from feedparser.mixin import _FeedParserMixin  # noqa: PLC0415  (slow to import, and few titles need it)

    return bool(_FeedParserMixin.looks_like_html(text))


def _address(node: Node) -> str:
    address = _value(node)
    if _SLASHES.match(address):
        raise _UnsureError
    return address


def _rss_link(into: Raw, node: Node) -> None:
    if node.keys():
        raise _UnsureError
    address = _REFERENCE.sub(r"&\1", _address(node).replace("&amp;", "&"))
    _put(into, "link", address)
    into["links"] = [{"rel": "alternate", "href": address}]


def _guid(into: Raw, node: Node) -> None:
    attributes = dict(node.attrib)
    permalink = attributes.pop("isPermaLink", "true") == "true"
    if attributes:
        raise _UnsureError
    _put(into, "id", _address(node) if permalink else _value(node))
    into["_permalink"] = permalink


def _atom_link(into: Raw, node: Node) -> None:
    attributes = dict(node.attrib)
    href, rel = attributes.get("href", ""), attributes.get("rel", "alternate").lower()
    kind = attributes.get("type", "text/html").lower()
    if not href or _SLASHES.match(href) or len(node) or not attributes.keys() <= _LINK_ATTRIBUTES:
        raise _UnsureError
    into.setdefault("links", []).append({"rel": rel, "href": href})
    if rel == "alternate" and kind in {"html", "text/html", "xhtml", "application/xhtml+xml"}:
        into["link"] = href


def _atom_id(into: Raw, node: Node) -> None:
    if node.keys():
        raise _UnsureError
    _put(into, "id", _address(node))


def _aside(into: Raw, node: Node) -> None:
    """An element that is not asked for, and changes nothing around it."""
    del into
    if len(node):
        raise _UnsureError
    _check_attributes(node)


def _with_children(names: frozenset[str]) -> Take:
    """The same for an element with plain children."""

    def take(into: Raw, node: Node) -> None:
        _check_attributes(node)
        for child in node:
            if child.tag not in names or child.keys():
                raise _UnsureError
            _aside(into, child)

    return take


def _check_attributes(node: Node) -> None:
    for name in node.keys():  # noqa: SIM118  (an element iterates over its children)
        if name.rpartition("}")[2].lower() in _INHERITED:
            raise _UnsureError


def _asides(namespace: str, names: str) -> dict[str, Take]:
    return dict.fromkeys([f"{namespace}{name}" for name in names.split()], _aside)


_PERSON = _with_children(frozenset(f"{_ATOM}{name}" for name in ("name", "uri", "email")))
_SHARED = {
    **_asides(_DC, "creator subject publisher"),
    **_asides(_MEDIA, "content thumbnail credit keywords"),
    **_asides(_SLASH, "comments section department hit_parade"),
    **_asides(_THREADS, "total in-reply-to"),
    **_asides(_WFW, "comment commentRss"),
    **_asides(_WORDPRESS, "post-id site"),
}
_ITEM: dict[str, Take] = {
    **_SHARED,
    **_asides("", "author category comments enclosure source"),
    "title": _rss_text("title", "text/plain"),
    "link": _rss_link,
    "guid": _guid,
    "pubDate": _plain("published"),
    "description": _rss_text("summary", "text/html"),
    f"{_CONTENT}encoded": _rss_text("content", "text/html"),
    f"{_DC}date": _plain("updated"),
    f"{_FEEDBURNER}origLink": _plain("feedburner_origlink"),
}
_CHANNEL: dict[str, Take] = {
    **_asides("", "link description lastBuildDate pubDate generator copyright managingEditor webMaster category docs"),
    **_asides("", "cloud rating"),
    **_asides(_ATOM, "link"),
    **_asides(_DC, "creator publisher rights"),
    **_asides(_SYNDICATION, "updatePeriod updateFrequency updateBase"),
    **_asides(_WORDPRESS, "site"),
    "title": _rss_text("title", "text/plain"),
    "language": _plain("language"),
    "ttl": _plain("ttl"),
    "image": _with_children(frozenset({"title", "url", "link", "width", "height", "description"})),
}
_ENTRY: dict[str, Take] = {
    **_SHARED,
    **_asides(_ATOM, "category rights"),
    f"{_ATOM}title": _atom_text("title"),
    f"{_ATOM}link": _atom_link,
    f"{_ATOM}id": _atom_id,
    f"{_ATOM}published": _plain("published"),
    f"{_ATOM}updated": _plain("updated"),
    f"{_ATOM}summary": _atom_text("summary"),
    f"{_ATOM}content": _atom_text("content"),
    f"{_ATOM}author": _PERSON,
    f"{_ATOM}contributor": _PERSON,
    f"{_FEEDBURNER}origLink": _plain("feedburner_origlink"),
}
_FEED: dict[str, Take] = {
    **_asides(_ATOM, "link id updated category rights subtitle generator icon logo"),
    **_asides(_SEARCH, "totalResults startIndex itemsPerPage"),
    f"{_ATOM}title": _atom_text("title"),
    f"{_ATOM}author": _PERSON,
    f"{_ATOM}contributor": _PERSON,
}
_FORMATS: dict[str, Callable[[Node], Found]] = {"rss": _rss, f"{_ATOM}feed": _atom}

"""Pages: the text of an article, and policy pages as headed sentences.

Articles go through trafilatura, which is made for them. Policy pages are read by ourselves: trafilatura has dropped
the whole ``<main>`` of some, and its output changes between versions, which would look like an edit of the policy.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice

from watcher.core.capture import Capture, leads_home
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source
from watcher.fetch import dateline, jsonld
from watcher.fetch.charset import decode
from watcher.fetch.chrome import chrome_of
from watcher.fetch.markup import Node, line_of, parsed, text_of_html, text_of_tree
from watcher.fetch.selector import select
from watcher.fetch.tags import bounded
from watcher.fetch.wall import wall
from watcher.usecases.ports import Fetched

EXTRACTOR = "dom-2"  # a change in what ``policy`` writes needs a new name: old captures are then read again, unalerted

_SECRET = frozenset({"set-cookie", "set-cookie2"})
_LONGEST = 300_000  # visible characters; trafilatura takes seconds for more, and no article is so long
_LARGEST = 2_000_000  # characters of markup of an article; its tree takes some fifty times as many bytes
_LONGEST_POLICY = 2_000_000  # characters of text; the terms of a cloud with all its services have half a million
_MOST_TAGS = 40_000  # opening and closing; trafilatura takes a second for so many, and no article has them
_LITTLE = 250  # characters; below, an article's own JSON-LD is asked whether there is more
_MAIN_SHARE = 0.5
_CANDIDATES = 4
# trafilatura's own element names, after TEI, and what they were in HTML.
_TEI = {"head": "h2", "list": "ul", "item": "li", "quote": "blockquote", "lb": "br", "row": "tr", "cell": "td"}


def article(answer: Fetched) -> str | None:
    """The text of an article's page: paragraphs and list items, no comments; None where there is none."""
    markup = _begin(answer)
    tree = parsed(markup)
    if tree is None or wall(markup, answer.headers):
        return None
    whole = text_of_tree(main_of(tree), dropped=chrome_of(tree))
    usual = len(whole) <= _LONGEST and markup.count("<") <= _MOST_TAGS
    text = _extracted(markup) if usual else whole
    if len(text) < _LITTLE:
        text = max(text, _own_account(tree), key=len)
    return text or None


def published(answer: Fetched, now: datetime) -> datetime | None:
    """When an article's page says that it was published; None where it does not, or where there is no page."""
    tree = parsed(_begin(answer))
    return dateline.published(tree, answer.final_url or answer.url, now) if tree is not None else None


def policy(source: Source, answer: Fetched, now: datetime) -> Capture:
    """A policy page: headings begin with ``# `` to ``###### ``, list items with ``• ``.

    Paragraphs are split by a blank line. Folded sections are read like open ones. ``source.selector`` narrows the page
    to what it finds.

    Raises:
        FetchError: ``BLOCKED`` (a bot wall), ``TOO_LARGE`` (more text than any policy), or ``UNREADABLE`` (no page,
            no text, or the selector finds nothing).
    """
    if answer.final_url and leads_home(answer.url, answer.final_url):
        return _not_there(source, answer, now)
    markup = _markup(answer)
    tree = parsed(markup) if markup else None
    if markup is None or tree is None:
        raise FetchError(FetchTrouble.UNREADABLE, "no page came, but another kind of file")
    owner = wall(markup, answer.headers)
    if owner:
        raise FetchError(FetchTrouble.BLOCKED, f"a page of {owner} came in place of the policy")
    roots = _selected(tree, source.selector) if source.selector else [main_of(tree)]
    chrome = chrome_of(tree)
    text = "\n\n".join(part for root in roots if (part := text_of_tree(root, heading="#", dropped=chrome, hidden=True)))
    if not text:
        raise FetchError(FetchTrouble.UNREADABLE, "the page holds no text")
    if len(text) > _LONGEST_POLICY:
        raise FetchError(FetchTrouble.TOO_LARGE, "the page holds more text than any policy", transient=False)
    return Capture(
        source_id=source.id,
        taken=now,
        seen_last=now,
        url=answer.final_url or answer.url,
        title=title_of(tree, roots),
        text=text,
        sha256=hashlib.sha256(answer.body).hexdigest(),
        extractor=EXTRACTOR,
        raw=answer.body,
        headers=_kept(answer.headers),
    )


def _not_there(source: Source, answer: Fetched, now: datetime) -> Capture:
    digest = hashlib.sha256(answer.body).hexdigest()
    absent = "leads to the home page"
    return Capture(
        source.id, now, now, answer.url, "", "", digest, EXTRACTOR, answer.body, _kept(answer.headers), absent
    )


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that prove the capture; a cookie would be a secret in the record."""
    return {name: value for name, value in headers.items() if name not in _SECRET}


def main_of(tree: Node) -> Node:
    """The element that holds most of what a page says: its ``main`` or single ``article``, else its body."""
    whole = len(text_of_tree(tree, dropped=chrome_of(tree), hidden=True))
    for candidate in islice(_candidates(tree), _CANDIDATES):
        if len(text_of_tree(candidate, hidden=True)) >= _MAIN_SHARE * whole:
            return candidate
    body = tree.find("body")
    return tree if body is None else body


def title_of(tree: Node, roots: list[Node]) -> str:
    """The first heading of the text, else the title that the page gives itself."""
    headings = (heading for root in roots for heading in root.iter("h1"))
    heading = next((text for one in headings if (text := line_of(text_of_tree(one, hidden=True)))), None)
    title = tree.findtext(".//title")
    return heading or line_of(title or "")


def _markup(answer: Fetched) -> str | None:
    """The page as text; None where it is a file of another kind, such as a PDF."""
    kind = answer.headers.get("content-type", "")
    if answer.body.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff")) or kind.startswith(
        ("image/", "audio/", "video/")
    ):
        return None
    return decode(answer.body, kind) or None


def _begin(answer: Fetched) -> str:
    """An article's markup, as far as it is looked at; empty where there is none."""
    return bounded((_markup(answer) or "")[:_LARGEST])  # here too, since trafilatura makes a tree of its own


def _selected(tree: Node, selector: str) -> list[Node]:
    try:
        found = select(tree, selector)
    except ValueError as error:
        raise FetchError(FetchTrouble.UNREADABLE, str(error), transient=False) from error
    if not found:
        raise FetchError(FetchTrouble.UNREADABLE, f"the selector {selector} finds nothing on the page")
    return found


def _candidates(tree: Node) -> Iterator[Node]:
    yield from tree.iter("main")
    yield from tree.xpath('//*[@role="main"]')
    articles = list(tree.iter("article"))
    if len(articles) == 1:
        yield articles[0]


def _extracted(markup: str) -> str:
    import trafilatura  # noqa: PLC0415  (takes half a second to import, and few polls need it)

    try:
        found = trafilatura.bare_extraction(markup, favor_precision=True, include_comments=False, with_metadata=False)
    except Exception:  # noqa: BLE001  (it trips over broken pages in ways that it does not name)
        return ""
    body = getattr(found, "body", None)
    if body is None:
        return ""
    for element in body.iter(*_TEI):
        element.tag = _TEI[element.tag]
    return text_of_tree(body)


def _own_account(tree: Node) -> str:
    said = (jsonld.text(item, "articleBody") for item in jsonld.objects(tree))
    return max((text_of_html(body) for body in said if body), key=len, default="")

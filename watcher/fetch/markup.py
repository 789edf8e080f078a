"""HTML into plain text that keeps its paragraphs, headings and lists.

Paragraphs are split by a blank line, list items begin with ``• ``, a heading stands on a line of its own. The tree is
walked, not recursed into, so that no nesting is too deep; what libxml2 cuts off at its own limit is read flat instead.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from lxml.html import HTMLParser

from watcher.fetch.tags import bounded

Node = Any  # an element of an lxml tree; lxml ships no types

ITEM = "• "
_DEEPEST = 2000  # elements in one another

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure "
    "footer form header hgroup hr html li main menu nav ol p pre section summary table tbody tfoot thead tr ul"
)
_BLOCKS = HEADINGS | frozenset(_BLOCK_NAMES.split())
_DROPPED_NAMES = (
    "script style noscript template head svg math iframe object embed applet audio video canvas map select button "
    "textarea input progress meter"
)
_DROPPED = frozenset(_DROPPED_NAMES.split())
_CELLS = frozenset({"td", "th"})
_SHAPING = _BLOCKS | _CELLS | {"br"}
_HIDING = frozenset({"hidden", "aria-hidden", "style"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TAG = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)
_DROPPED_WHOLE = re.compile(r"<(script|style|noscript|template)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
_BREAKING = re.compile(r"</?(?:p|div|h[1-6]|li|tr|ul|ol|blockquote|section|article|br|table)\b[^<>]*>", re.IGNORECASE)
_SPACES = dict.fromkeys(map(ord, "\t\r\f\v\u00a0\u202f\u205f\u3000"), " ") | dict.fromkeys(range(0x2000, 0x200B), " ")
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F, 0xFFFC, *range(0x202A, 0x202F), 0])
_SEEN = _SPACES | _INVISIBLE
_IN_ONE_LINE = _SEEN | {ord("\n"): " "}
_RUN = re.compile("  +")
# Without the element classes of lxml.html, which take longer to make than a short text to read.
_FRAGMENTS = etree.HTMLParser(huge_tree=True, encoding="utf-8")
_GAP = re.compile(r"\n{3,}")
_LIST_LINE = re.compile(r"\s*(?:[•·▪◦*–—-]|\(?\d{1,2}[.)])\s+\S")
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")


def parsed(markup: str) -> Node | None:
    """The tree of a document or a fragment; None where there is nothing in it."""
    return _parsed(markup, HTMLParser(huge_tree=True, encoding="utf-8"))


def _parsed(markup: str, parser: Any) -> Node | None:  # noqa: ANN401  (lxml ships no types)
    # As bytes: lxml refuses a string that begins with an XML declaration, as XHTML pages do. "ignore": lone surrogates.
    clean = bounded(markup).encode("utf-8", "ignore").translate(None, _CONTROLS)
    if not clean or clean.isspace():
        return None
    try:
        # huge_tree lifts libxml2's limit on depth from 256 to 2,048 elements, and that on the size of one text.
        return etree.fromstring(clean, parser)
    except etree.LxmlError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:  # a large page would pass for an empty one
            raise MemoryError from error
        return None


def text_of_html(markup: str) -> str:
    """A fragment or a document of HTML as text."""
    if not _TAG.search(markup):
        return text_of_plain(html.unescape(markup))
    tree = _parsed(markup, _FRAGMENTS)
    if tree is None:
        return ""
    return text_of_tree(tree, hidden=not _may_hide(markup)) if _whole(tree, markup) else _flat(markup)


def _may_hide(markup: str) -> bool:
    """Whether any element may be hidden: few texts of feeds hold such a word, and then no attribute is looked at."""
    lower = markup.lower()
    return "hidden" in lower or "style" in lower


def text_of_plain(text: str) -> str:
    """Plain text with its white space tidied: hard-wrapped lines are joined, paragraphs and list lines stay."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line for paragraph in paragraphs for line in [*_unwrapped(paragraph), ""]]
    return _tidy("\n".join(lines))


def line_of(text: str) -> str:
    """A text as one line."""
    if text.isascii() and text.isprintable() and "  " not in text:  # nearly all titles, addresses and dates
        return text.strip()
    return _spaced(text, _IN_ONE_LINE).strip()


def text_of_tree(tree: Node, *, heading: str = "", dropped: frozenset[Node] = frozenset(), hidden: bool = False) -> str:
    """A tree as text.

    Args:
        tree: an lxml element.
        heading: what stands before a heading, once for each level.
        dropped: elements that are left out with all that is in them.
        hidden: whether to read what a browser does not show at first, such as folded sections.
    """
    writer = _Writer(heading)
    writer.open(tree.tag, tree.text)
    path, children = [tree], [iter(tree)]
    while path:
        child = next(children[-1], None)
        if child is None:
            children.pop()
            writer.close(path[-1].tag)
            if len(path) > 1:
                writer.text(path[-1].tail)
            path.pop()
            continue
        tag = child.tag  # asked for once: each question to lxml costs more than what is done with the answer
        unseen = tag in _DROPPED or not isinstance(tag, str) or (dropped and child in dropped)  # no str: a comment
        if unseen or (not hidden and _is_hidden(child)):
            writer.text(child.tail)
        elif tag not in _SHAPING and not len(child):
            writer.text(child.text)
            writer.text(child.tail)
        else:
            writer.open(tag, child.text)
            path.append(child)
            children.append(iter(child))
    return writer.done()


def _is_hidden(element: Node) -> bool:
    return any(name in _HIDING and _hides(name, element.get(name)) for name in element.keys())  # noqa: SIM118  (an element iterates over its children)


def _hides(name: str, value: str) -> bool:
    return name == "hidden" or (value == "true" if name == "aria-hidden" else bool(_HIDDEN.search(value)))


@dataclass(slots=True)
class _Writer:
    """Collects text into lines: one for each block, with an empty line around all but list items."""

    heading: str
    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    block: str = ""  # the list item or heading whose text is awaited
    begun: bool = False  # whether ``pieces`` hold more than white space

    def open(self, tag: str, text: str | None) -> None:
        if tag in _SHAPING:
            self._shape(tag)
        if text:
            self.text(text, keep=tag == "pre")

    def _shape(self, tag: str) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag in _CELLS:
            if self.begun:
                self.pieces.append(" | ")
        elif tag in _BLOCKS:
            self._break()
            if tag == "li" or tag in HEADINGS:
                self.block = tag

    def close(self, tag: str) -> None:
        if tag not in _SHAPING:
            return
        if tag in _BLOCKS:
            self._break()
        if tag == self.block:
            self.block = ""

    def text(self, text: str | None, *, keep: bool = False) -> None:
        if not text:
            return
        self.begun = self.begun or not text.isspace()
        if not keep and ("\n" in text or "\r" in text):
            text = text.replace("\n", " ").replace("\r", " ")
        self.pieces.append(text)

    def done(self) -> str:
        self._break()
        return _tidy("\n".join(self.lines))

    def _break(self) -> None:
        text = "".join(self.pieces).strip()
        self.pieces.clear()
        self.begun = False
        if not text:
            return
        if self.block == "li":
            if not self.lines[-1:] or not self.lines[-1].startswith(ITEM):
                self.lines.append("")
            self.lines.append(ITEM + text)
        elif self.block:
            level = f"{self.heading * int(self.block[1])} " if self.heading else ""
            self.lines += ["", level + text.replace("\n", " "), ""]
        else:
            self.lines += ["", text, ""]
        self.block = ""


def _unwrapped(paragraph: str) -> Iterator[str]:
    pending: list[str] = []
    for line in paragraph.split("\n"):
        if pending and _LIST_LINE.match(line):
            yield " ".join(pending)
            pending = []
        pending.append(line.strip())
    yield " ".join(pending)


def _tidy(text: str) -> str:
    lines = [line.strip() for line in _spaced(text, _SEEN).split("\n")]
    tidy = "\n".join(lines)
    return (_GAP.sub("\n\n", tidy) if "\n\n\n" in tidy else tidy).strip()


def _spaced(text: str, as_seen: Mapping[int, str | None]) -> str:
    """Every run of white space as one space; most are single spaces already, and a pattern would match each of them."""
    shown = text.translate(as_seen)
    return _RUN.sub(" ", shown) if "  " in shown else shown


def _whole(tree: Node, markup: str) -> bool:
    """Whether nothing was cut off: libxml2 stops without an exception where elements nest too deep."""
    return markup.count("<") < _DEEPEST or _depth(etree.iterwalk(tree, events=("start", "end"))) < _DEEPEST


def _depth(walk: Iterable[tuple[str, Node]]) -> int:
    depth = deepest = 0
    for event, _ in walk:
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _flat(markup: str) -> str:
    text = _BREAKING.sub("\n\n", _DROPPED_WHOLE.sub(" ", markup).replace("\n", " "))
    return _tidy(html.unescape(_TAG.sub(" ", text)))

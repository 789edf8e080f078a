"""What surrounds the text of a page: navigation, footers, cookie notices, share buttons."""

import re

from lxml import etree

from watcher.fetch.markup import Node

_TAGS = frozenset({"nav", "footer", "aside"})
_ROLE_NAMES = "navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar"
_ROLES = frozenset(_ROLE_NAMES.split())
_NAMES = re.compile(
    r"(?:^|[-_])(?:cookies?|consent|gdpr|onetrust|breadcrumbs?|share|sharing|social|newsletter|sidebar|skip-?(?:link|nav)"
    r"|feedback|helpful|related|modal|popup|lang(?:uage)?-?(?:selector|switcher|picker))(?:[-_]|$)",
    re.IGNORECASE,
)
_FRAMES = frozenset({"html", "body", "main", "article"})
_TOO_MUCH = 0.4  # share of a page's text: what holds more is no frame, whatever its name


def chrome_of(tree: Node) -> frozenset[Node]:
    """The elements of a page that surround its text."""
    sizes = _sizes(tree)
    most = _TOO_MUCH * sizes[tree]
    return frozenset(
        element
        for element, size in sizes.items()
        if element.tag not in _FRAMES and (_is_frame(element) or (size <= most and _named_so(element)))
    )


def _sizes(tree: Node) -> dict[Node, int]:
    """How much text each element holds: one walk, since elements may nest by the thousand."""
    sizes: dict[Node, int] = {}
    open_: list[int] = [0]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            open_.append(len((element.text or "").strip()))
        else:
            sizes[element] = open_.pop()
            open_[-1] += sizes[element] + len((element.tail or "").strip())
    return sizes


def _is_frame(element: Node) -> bool:
    if element.tag == "header":
        return next(element.iterancestors("main", "article"), None) is None
    return element.tag in _TAGS or (element.get("role") or "").lower() in _ROLES


def _named_so(element: Node) -> bool:
    words = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return any(_NAMES.search(word) for word in words)

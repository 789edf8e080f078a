"""The part of CSS selectors that feeds.yaml may use, as XPath.

Tags, ``*``, ``#id``, ``.class``, ``[name]``, ``[name=value]`` with ``^=``, ``$=``, ``*=`` and ``~=``, descendants
(space), children (``>``) and alternatives (``,``). No pseudo-classes: lxml's own ``cssselect`` is an extra package.
"""

import re
from functools import lru_cache

from lxml import etree

from watcher.fetch.markup import Node

_COMPOUND = re.compile(
    r"(?P<tag>\*|[A-Za-z][\w-]*)?(?P<rest>(?:[#.][A-Za-z_-][\w-]*"
    r"|\[\s*[A-Za-z_-][\w:-]*\s*(?:[\^$*~]?=\s*(?:\"[^\"]*\"|'[^'\"]*'|[\w./-]+)\s*)?\])*)"
)
_PART = re.compile(
    r"(?P<mark>[#.])(?P<name>[\w-]+)"
    r"|\[\s*(?P<attr>[\w:-]+)\s*(?:(?P<how>[\^$*~]?)=\s*(?P<value>\"[^\"]*\"|'[^'\"]*'|[\w./-]+)\s*)?\]"
)
_COMBINATOR = re.compile(r"\s*>\s*|\s+")


def select(tree: Node, selector: str) -> list[Node]:
    """The elements that a selector finds, in document order, none inside another.

    Raises:
        ValueError: the selector is not in the part of CSS that is read here.
    """
    found = list(_xpath(selector)(tree))
    inside = set(found)
    return [element for element in found if not any(above in inside for above in element.iterancestors())]


def xpath(selector: str) -> str:
    """The XPath of a selector.

    Raises:
        ValueError: as for ``select``.
    """
    return " | ".join(_alternative(one.strip(), selector) for one in _alternatives(selector))


@lru_cache(maxsize=256)
def _xpath(selector: str) -> Node:
    return etree.XPath(xpath(selector))


def _alternatives(selector: str) -> list[str]:
    """Split at commas that stand outside of brackets."""
    return re.split(r",(?![^\[]*\])", selector)


def _alternative(text: str, selector: str) -> str:
    path, axis, place = "", "descendant-or-self::", 0
    while True:
        match = _COMPOUND.match(text, place)
        if match is None or not match.group():
            raise ValueError(f"not a selector that can be read: {selector!r}")
        path += f"{'/' if path else ''}{axis}{match['tag'] or '*'}{_conditions(match['rest'])}"
        place = match.end()
        if place == len(text):
            return path
        combinator = _COMBINATOR.match(text, place)
        if combinator is None:
            raise ValueError(f"not a selector that can be read: {selector!r}")
        axis = "" if ">" in combinator.group() else "descendant::"
        place = combinator.end()


def _conditions(rest: str) -> str:
    return "".join(f"[{_condition(match)}]" for match in _PART.finditer(rest))


def _condition(part: re.Match[str]) -> str:
    if part["mark"] == "#":
        return f'@id="{part["name"]}"'
    if part["mark"] == ".":
        return _word("class", part["name"])
    name, value = part["attr"], (part["value"] or "").strip("\"'")
    forms = {
        None: f"@{name}",
        "": f'@{name}="{value}"',
        "^": f'starts-with(@{name}, "{value}")',
        "$": f'substring(@{name}, string-length(@{name}) - {len(value) - 1}) = "{value}"',
        "*": f'contains(@{name}, "{value}")',
        "~": _word(name, value),
    }
    return forms[part["how"]]


def _word(attribute: str, word: str) -> str:
    return f'contains(concat(" ", normalize-space(@{attribute}), " "), " {word} ")'

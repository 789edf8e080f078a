"""The part of CSS selectors that feeds.yaml may use, as XPath.

Tags, ``*``, ``#id``, ``.class``, ``[name]``, ``[name=value]`` with ``^=``, ``$=``, ``*=`` and ``~=``, descendants
(space), children (``>``), siblings (``+``, ``~``), alternatives (``,``), and of pseudo-classes ``:not(…)``,
``:first-child``, ``:last-child`` and ``:nth-child(…)`` with a number, ``odd`` or ``even``. lxml's own ``cssselect`` is
an extra package.
"""

import re
from functools import lru_cache

from lxml import etree

from watcher.fetch.markup import Node

_NAMED = r"[#.][A-Za-z_-][\w-]*"
_VALUE = r"(?:\"[^\"]*\"|'[^'\"]*'|[\w./-]+)"
_ATTRIBUTE = rf"\[\s*[A-Za-z_-][\w:-]*\s*(?:[\^$*~]?=\s*{_VALUE}\s*)?\]"
_PLACE = r":(?:first-child|last-child|nth-child\(\s*(?:\d{1,4}|odd|even)\s*\))"
_SIMPLE = rf"(?:{_NAMED}|{_ATTRIBUTE}|{_PLACE})"
_TAG = r"\*|[A-Za-z][\w-]*"
_NOT = rf":not\(\s*(?:(?:{_TAG}){_SIMPLE}*|{_SIMPLE}+)\s*\)"
_COMPOUND = re.compile(rf"(?P<tag>{_TAG})?(?P<rest>(?:{_SIMPLE}|{_NOT})*)")
_PART = re.compile(
    rf"(?P<mark>[#.])(?P<name>[\w-]+)"
    rf"|\[\s*(?P<attr>[\w:-]+)\s*(?:(?P<how>[\^$*~]?)=\s*(?P<value>{_VALUE})\s*)?\]"
    rf"|:not\(\s*(?P<not>.*?)\s*\)(?=[#.:\[]|\Z)"
    rf"|:(?P<place>first-child|last-child|nth-child)(?:\(\s*(?P<number>\w+)\s*\))?"
)
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
_AXES = {None: "descendant::", ">": "", "+": "following-sibling::*[1]/self::", "~": "following-sibling::"}


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
        path += f"{'/' if path else ''}{axis}{(match['tag'] or '*').lower()}{_conditions(match['rest'])}"
        place = match.end()
        if place == len(text):
            return path
        combinator = _COMBINATOR.match(text, place)
        if combinator is None:
            raise ValueError(f"not a selector that can be read: {selector!r}")
        axis = _AXES[combinator.group(1)]
        place = combinator.end()


def _conditions(rest: str) -> str:
    return "".join(f"[{_condition(match)}]" for match in _PART.finditer(rest))


def _condition(part: re.Match[str]) -> str:
    if part["mark"] == "#":
        return f'@id="{part["name"]}"'
    if part["mark"] == ".":
        return _word("class", part["name"])
    if part["not"] is not None:
        inner = _COMPOUND.fullmatch(part["not"])
        return f"not(self::{((inner and inner['tag']) or '*').lower()}{_conditions(inner['rest'] if inner else '')})"
    return _at(part["place"], part["number"]) if part["place"] else _attribute(part)


def _at(place: str, number: str | None) -> str:
    if place == "first-child":
        return "not(preceding-sibling::*)"
    if place == "last-child":
        return "not(following-sibling::*)"
    if number in {"odd", "even"}:
        return f"count(preceding-sibling::*) mod 2 = {0 if number == 'odd' else 1}"
    return f"count(preceding-sibling::*) = {int(number or 0) - 1}"


def _attribute(part: re.Match[str]) -> str:
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

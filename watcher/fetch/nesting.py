"""A feed's elements, kept from nesting without end, before a parser that keeps every open element sees them.

feedparser keeps several objects for each open element and looks at all of them again at each that closes; a million in
one another took it twelve seconds and 370 MB. libxml2 stops by itself at 256, and so do we.
"""

import re

DEEPEST = 256

_LONGEST_TAG = 10_000  # characters; no address that we would ask is longer, and no text stands there
_MARKUP = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(?P<end>/?)(?P<name>[A-Za-z_][^\s<>/]*+)(?P<rest>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+)>",
    re.DOTALL,
)
_ENTRIES = frozenset({"item", "entry"})
_VOID = frozenset({"br", "hr", "img", "wbr", "input"})  # markup that stands unescaped in feeds leaves these open


def flattened(text: str) -> tuple[str, bool]:
    """The text without the tags that stand deeper than ``DEEPEST``; what they hold stays.

    Also says whether there were any. Linear in the length of the text, which need not be well-formed. A tag of more
    than 10,000 characters loses its attributes: comparing 100,000 of them with each other takes a parser minutes.
    """
    if text.count("<") <= DEEPEST and len(text) <= _LONGEST_TAG:
        return text, False
    depth = _Depth()
    flat = _MARKUP.sub(depth.kept, text)
    return flat, depth.passed


class _Depth:
    """The elements that are open at a place in the text."""

    def __init__(self) -> None:
        self.passed = False
        self._open: list[str] = []
        self._dropped: dict[str, int] = {}  # how many of a name are open that were left out

    def kept(self, match: re.Match[str]) -> str:
        """What stays of one piece of markup."""
        name = match["name"]
        if name is None:
            return match.group()
        if match["end"]:
            return match.group() if self._close(name) else ""
        if name.rpartition(":")[2].lower() in _ENTRIES:
            self._open.clear()  # whatever was left open in the entry before
            self._dropped.clear()
        if match["rest"].endswith("/") or name.lower() in _VOID:
            return _short(match)
        return _short(match) if self._enter(name) else ""

    def _enter(self, name: str) -> bool:
        if len(self._open) < DEEPEST:
            self._open.append(name)
            return True
        self.passed = True
        self._dropped[name] = self._dropped.get(name, 0) + 1
        return False

    def _close(self, name: str) -> bool:
        """Whether the tag that closes stays: it does unless the one that opened was left out."""
        if self._dropped.get(name):
            self._dropped[name] -= 1
            return False
        if name in self._open:
            while self._open.pop() != name:
                pass
        return True


def _short(match: re.Match[str]) -> str:
    if len(match.group()) <= _LONGEST_TAG:
        return match.group()
    return f"<{match['name']}{'/' if match['rest'].endswith('/') else ''}>"

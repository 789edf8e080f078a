"""HTML whose tags hold no more attributes than libxml2 can bear: for 40,000 in one tag it takes ten seconds."""

import re

SHORT = 20_000  # characters of markup that cannot hold it up for longer than a moment
_MOST = 4000  # characters of a tag, the values of its attributes apart

# Never fails once it has begun, so that no character is looked at twice. What stands in scripts is no tag.
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title)\b[^>]*+>.*?(?:</(?P=raw)|\Z)"
    r"|<(?P<name>[a-z][^\s=>/]*+)(?:[^=>]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|))*+(?:>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_VALUE = re.compile(r"\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)")


def bounded(markup: str) -> str:
    """The markup, with tags bared that name attributes without end. Linear in its length."""
    if len(markup) <= SHORT:
        return markup
    endless = [tag for tag in _TAG.finditer(markup) if tag.end() - tag.start() > _MOST and _is_endless(tag)]
    if not endless:
        return markup
    pieces, begin = [], 0
    for tag in endless:
        pieces += [markup[begin : tag.start()], f"<{tag['name']}>"]
        begin = tag.end()
    return "".join([*pieces, markup[begin:]])


def _is_endless(tag: re.Match[str]) -> bool:
    return tag["name"] is not None and len(_VALUE.sub("", tag.group())) > _MOST

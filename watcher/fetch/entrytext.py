"""What feeds of every format have in common: text, address and completeness of an entry."""

import re
from dataclasses import dataclass

from watcher.fetch.markup import line_of, text_of_html, text_of_plain

# Characters of one element that are looked at: five times what is ever read of a text, and a tree of it stays small.
LONGEST = 2_000_000
LONGEST_TITLE = 10_000
# Below this many characters a description is taken for a teaser of a page that says more.
WHOLE = 1500

_CUT = re.compile(
    r"(?:…|\.\.\.|[\[(]\s*(?:…|\.{3}|more)\s*[\])]|\bread (?:more|the (?:rest|full)\b[^.\n]{0,80})"
    r"|\b(?:continue|keep) reading\b[^.\n]{0,120}|\bmore\s*[»›→])[\s»›→.\])]*\Z",
    re.IGNORECASE,
)
_CUT_WORDS = ("read more", "read the", "continue reading", "keep reading")
_TRAILING = "»›→.])"
_SIGNED = 300  # characters at the end in which the signature's verb stands
# WordPress ends each entry so; it repeats the title, which then would be read as a second report of it.
_SIGNATURE = re.compile(r"\n*[ \t]*The post [^\n]{1,400} (?:appeared first|first appeared) on [^\n]{1,200}\s*\Z")


@dataclass(frozen=True, slots=True)
class Body:
    """A text and whether it is all that there is."""

    text: str
    complete: bool


def body_of(content: str, summary: str, summary_type: str) -> Body:
    """The longer of an entry's content, a text, and its summary, a value as it came with its media type.

    Content is the whole text unless it ends like a teaser ("[…]", "Read more"); a summary is, only if it is long.
    """
    content = _unsigned(content)
    # No value becomes longer by being read, so that most summaries need not be.
    summary = _unsigned(plain(summary, summary_type)) if len(summary) > len(content) else ""
    if content and len(content) >= len(summary):
        return Body(content, complete=not _is_cut(content))
    return Body(summary, complete=len(summary) >= WHOLE and not _is_cut(summary))


def plain(value: str, content_type: str) -> str:
    """An element's value as text, by its media type; other media than text are empty, and what is endless is cut."""
    value = value[:LONGEST]
    kind = content_type.partition(";")[0].strip().lower()
    if kind in {"text/plain", "text", "plain"}:
        return text_of_plain(value)
    if kind.startswith("text/") or kind.endswith(("+xml", "html")):
        return text_of_html(value)
    return ""


def title_of(value: str, content_type: str) -> str:
    """A title as one line of text; what is endless is cut."""
    value = value[:LONGEST_TITLE]
    return line_of(text_of_html(value) if "html" in content_type else value)


def _unsigned(text: str) -> str:
    return _SIGNATURE.sub("", text).strip() if "appeared" in text[-_SIGNED:] else text.strip()


def _is_cut(text: str) -> bool:
    end = text[-300:]
    # The pattern is slow, and without one of its words, or one of its endings, it finds nothing.
    return _may_be_cut(end.lower()) and bool(_CUT.search(end))


def _may_be_cut(end: str) -> bool:
    kept, before = end, ""
    while kept != before:
        kept, before = kept.rstrip().rstrip(_TRAILING), kept
    return kept.endswith(("…", "more")) or "..." in end[len(kept) :] or any(word in end for word in _CUT_WORDS)

"""Text into sentences, each with its offsets, its paragraph, and what kind of line it stood in.

A splitter for news prose, press releases and terms of service; it never changes the text, so that a quote can be
cut out by its offsets. It is bounded: a text without a full stop is cut at ``MAX_SENTENCE`` characters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MAX_SENTENCE = 1200
_HEADING_LENGTH, _HEADING_WORDS = 90, 12

_LOOK_BACK, _LOOK_AHEAD = 30, 20  # characters around a full stop that tell whether it ends a sentence

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sen",
        "rep",
        "gov",
        "gen",
        "col",
        "lt",
        "sgt",
        "st",
        "jr",
        "sr",
        "inc",
        "corp",
        "co",
        "ltd",
        "llc",
        "plc",
        "no",
        "nos",
        "vs",
        "etc",
        "dept",
        "depts",
        "fig",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "u.s",
        "u.k",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "d.c",
        "n.y",
        "d-calif",
        "ark",
        "calif",
        "colo",
        "conn",
        "ill",
        "mass",
        "mich",
        "minn",
        "ore",
        "wash",
    ]
)
_END = re.compile(r"[.!?…]+(?:[\"'”’“)\]]|\s?»)*(?=\s|$)")
BULLET = re.compile(r"^\s*(?:[•·▪◦*‣–—-]|\(?[a-z0-9]{1,3}[.)])\s+", re.IGNORECASE)
_FIRST_WORD = re.compile(r"\s+(\w+)")
_NUMBER = re.compile(r"\s*\(?(?:\d{1,3}|[a-z])")  # "1. Fairness": the number of a list item
_LINE = re.compile(r"[^\n]+")
_OPENER = re.compile(r"\s*[\"'“‘„«¿¡(\[]*\s?[A-Z0-9À-Þ]")
_INITIALS = re.compile(r"(?:[a-z]\.)*[a-z]")
_ORDINAL = re.compile(r"\d{1,2}")


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language ends its sentences.

    ``abbreviations``: words whose full stop ends none; ``openers``: words in front of which one does after an initial;
    ``ordinals``: a number with a full stop is an ordinal ("am 8. Juni").
    """

    abbreviations: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    ordinals: bool = False


ENGLISH = Writing(_ABBREVIATIONS, frozenset({"The", "It", "In", "But", "He", "She", "A", "And"}))


_FOLLOWING = re.compile(
    r"\b(?:the following|as follows|lo siguiente|ce qui suit|folgende[sn]?)\b[^.]*\.?$", re.IGNORECASE
)
_GOES_ON = re.compile(
    r"\s*(?:(?:this|these|it|they|examples?) )?(?:includes?|including|covers?|means|for example)\b", re.IGNORECASE
)
_TO_DO = re.compile(r"^\W*to [a-z]")  # an item that says what somebody is to do
_CLOSED = ".!?;:"  # what no heading ends in
_LINK_LENGTH = 110  # characters: a longer line that ends like a sentence is prose again
_ELSEWHERE = (
    r"related|more (?:on|from|stories|news|coverage|about|headlines)|read (?:more|next|also|on)|see also|"
    r"also (?:read|on|in)|"
    r"most (?:read|popular|viewed|shared)|recommended|you (?:may|might) (?:also )?(?:like|enjoy)|in case you missed|"
    r"further reading|popular (?:now|stories)|trending|elsewhere|latest (?:news|stories)|don['’]t miss|keep reading|"
    r"what to read|editors['’]? picks|up next|from the archive|earlier (?:coverage|stories)|previously on|"
    r"lea también|más (?:noticias|información)|noticias relacionadas|te puede interesar|lire aussi|à lire|voir aussi|"
    r"sur le même sujet|mehr zum thema|lesen sie auch|auch interessant|weiterlesen|passend dazu"
)
_LINKS = re.compile(rf"^\W*(?:{_ELSEWHERE})\b[^.?!]{{0,40}}$", re.IGNORECASE)
_LINK = re.compile(rf"^\W*(?:{_ELSEWHERE})\b[^.?!:|]{{0,30}}[:|]\s*\S", re.IGNORECASE)


class Line(StrEnum):
    """What a sentence stood in."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    LINK = "link"  # the headline of another text, below "Related" and the like


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: ``text`` is ``whole[start:end]``; ``paragraph`` counts from 0.

    ``lead_in`` is the sentence that introduces the list in which an item stands ("You may not use it for:").
    """

    text: str
    start: int
    end: int
    paragraph: int
    line: Line = Line.PROSE
    lead_in: str | None = None


def split(whole: str, writing: Writing = ENGLISH) -> list[Sentence]:
    """All sentences of a text, in order."""
    found: list[Sentence] = []
    lead_in: str | None = None
    style: str | None = None
    below = False
    for number, match in enumerate(_LINE.finditer(whole)):
        line = _kind(match.group())
        below = _below_links(match.group(), line, below=below)
        line = Line.LINK if below or _LINK.match(match.group()) else line
        bullet = _style(match.group()) if line is Line.ITEM else None
        if bullet is None or bullet == style:
            lead_in = None
        lead_in = lead_in or (_unfinished(match.group(), found) if bullet else None)
        for start, end in _spans(match.group(), match.start(), writing):
            text = whole[start:end]
            found.append(Sentence(text, start, end, number, line, lead_in if line is Line.ITEM else None))
        if found and (found[-1].text.rstrip().endswith(":") or _FOLLOWING.search(found[-1].text)):
            lead_in, style = _below_heading(found), bullet
    return found


def _below_heading(found: list[Sentence]) -> str:
    """The sentence that leads to a list; behind its heading, where it only goes on from there ("This includes:")."""
    last = found[-1]
    above = found[-2] if len(found) > 1 else None
    if above is None or not _GOES_ON.match(last.text) or above.text[-1] in _CLOSED or len(above.text) > _LINK_LENGTH:
        return last.text
    return f"{above.text} - {last.text}"


def _unfinished(item: str, found: list[Sentence]) -> str | None:
    """The line above an item that goes on from it without a colon ("We ask Northgate", "- to say ...")."""
    above = found[-1] if found and _TO_DO.match(item) else None
    if above is None:
        return None
    if above.line is Line.ITEM:
        return above.lead_in if _TO_DO.match(above.text) else None
    return above.text if above.text[-1] not in _CLOSED else None


def _style(line: str) -> str:
    """What kind of mark an item has, so that a list within an item is told from the next item."""
    mark = line.strip()[:1]
    return "1" if mark.isdigit() else "a" if mark.isalpha() else mark


def _below_links(text: str, line: Line, *, below: bool) -> bool:
    """Whether a line stands in a block of links to other texts, which ends where prose goes on."""
    if _LINKS.match(text):
        return True
    return below and not (line is Line.PROSE and len(text) > _LINK_LENGTH and text.rstrip()[-1:] in '.!?"”»')


def _kind(line: str) -> Line:
    stripped = line.strip()
    if BULLET.match(line):
        return Line.ITEM
    if stripped.startswith("#") or (
        len(stripped) < _HEADING_LENGTH
        and stripped[-1:] not in ".!?:;,”\"’'…"
        and len(stripped.split()) < _HEADING_WORDS
    ):
        return Line.HEADING
    return Line.PROSE


def _spans(line: str, offset: int, writing: Writing) -> Iterator[tuple[int, int]]:
    begin = 0
    for stop in _stops(line, writing):
        yield from _cut(line, begin, stop, offset)
        begin = stop
    yield from _cut(line, begin, len(line), offset)


def _stops(line: str, writing: Writing) -> Iterator[int]:
    for match in _END.finditer(line):
        near = line[max(0, match.start() - _LOOK_BACK) : match.start()]
        if match.group() == "." and _abbreviated(near, line[match.end() : match.end() + _LOOK_AHEAD], writing):
            continue
        if _OPENER.match(line, match.end()):
            yield match.end()


def _abbreviated(before: str, after: str, writing: Writing) -> bool:
    if _NUMBER.fullmatch(before):
        return True
    words = before.split() if before[-1:].strip() else []
    word = words[-1].strip("\"'“”‘’„«»()[]").casefold() if words else ""
    if _INITIALS.fullmatch(word):
        opener = _FIRST_WORD.match(after)
        return word != "i" and not (opener and opener.group(1) in writing.openers)
    return word.rpartition("-")[2] in writing.abbreviations or (writing.ordinals and bool(_ORDINAL.fullmatch(word)))


def _cut(line: str, begin: int, end: int, offset: int) -> Iterator[tuple[int, int]]:
    while begin < end:
        stop = _stop(line, begin, end)
        piece = line[begin:stop]
        lead = len(piece) - len(piece.lstrip())
        kept = piece.strip()
        if kept:
            yield offset + begin + lead, offset + begin + lead + len(kept)
        begin = stop


def _stop(line: str, begin: int, end: int) -> int:
    """Where a piece ends: with the sentence, else behind the last whole word that it has room for."""
    limit = begin + MAX_SENTENCE
    if limit >= end:
        return end
    space = line.rfind(" ", begin + 1, limit + 1)
    return space if space > 0 else limit

"""Until when, under which condition, where, and announced on which day: the terms of a stance in one sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from watcher.core import pattern as slot
from watcher.core import when
from watcher.core.discourse import Scene, subject_like
from watcher.core.finder import thinkable
from watcher.core.findings import Afterthought
from watcher.core.mention import Masked
from watcher.core.pattern import Pattern
from watcher.core.place import place
from watcher.core.rule import Grammar
from watcher.core.syntax import Syntax

_END_REACH = 48  # characters behind "until" in which a day may stand
_LISTED = 30  # letters between two names of a list, at most
_MAX_WORDS = 16


@dataclass(frozen=True, slots=True)
class Terms:
    """What a sentence tells of a stance besides the stance. ``length``: a span whose beginning is not known here."""

    ends: bool = False
    ends_at: int | None = None  # where in the masked sentence "until" stands
    proviso: bool = False
    until: date | None = None
    length: tuple[int, str] | None = None
    condition: str | None = None
    announced: date | None = None
    past: bool = False  # told as the past by the words before the cue
    long_ago: bool = False  # placed in an earlier time by a date or a tense
    placed: bool = False  # told with a day or a time of its own
    again: bool = False  # said to be a repetition
    jurisdiction: str | None = None


def terms(scene: Scene, grammar: Grammar, cue: tuple[int, int], reach: tuple[int, int], written: date) -> Terms:
    """The terms around a cue."""
    masked, text, syntax = scene.masked, scene.sentence.text, scene.syntax
    offset = len(scene.sentence.lead_in) + 1 if scene.sentence.lead_in else 0
    low, high = own_part(scene.syntax, masked, cue)
    ending = _first(grammar.ends, masked.text[:high], low)
    if ending and syntax.bygone.regex.search(masked.text[: ending[0]]):
        ending = None
    whole = f"{scene.sentence.lead_in} {text}" if offset else text
    condition = _clause(syntax, whole, masked.place(*ending)) if ending else None
    until = _end(syntax, whole, masked.place(*ending), written) if ending else None
    begin, end = masked.place(low, high)
    length = when.span(syntax.calendar, syntax.has_lasted.regex.sub("", whole[begin:end]))
    proviso = _first(grammar.provisos, masked.text[: reach[1]], cue[1])
    if proviso and not ending:
        condition = _clause(syntax, whole, masked.place(*proviso), keep=True)
    announced = _announced(syntax, whole, written, masked.place(*ending) if ending else None, scene.last_day)
    before = _told(syntax, masked.text, cue)[: cue[0]]
    long_ago = (
        (written - announced).days > scene.news_days
        if announced is not None
        else _looks_back(syntax, _told(syntax, whole, masked.place(*cue)), before, written)
    )
    return Terms(
        ends=bool(ending or length),
        ends_at=ending[0] if ending else None,
        proviso=bool(proviso),
        until=until,
        length=length,
        condition=None if until else condition,
        announced=announced,
        past=long_ago or (announced is None and _background(grammar, before)),
        long_ago=long_ago,
        placed=announced is not None or when.looks_back(syntax.calendar, whole, written),
        again=any(pattern.regex.search(masked.text) for pattern in thinkable(grammar.repeats, masked.text)),
        jurisdiction=place(whole),
    )


def _end(syntax: Syntax, text: str, span: tuple[int, int], written: date) -> date | None:
    """The day that stands right behind "until"; a comma may be part of it ("June 10, 2021")."""
    clause = syntax.end_cut.regex.split(text[span[1] : span[1] + _END_REACH])[0]
    return when.end_day(syntax.calendar, clause, written)


def afterthought(scene: Scene, grammar: Grammar, written: date) -> Afterthought | None:
    """What a sentence without a stance of its own adds to the one before it, if it speaks of its end."""
    masked, syntax = scene.masked, scene.syntax
    what_ends_it = _first(grammar.afterthoughts, masked.text, 0) if scene.told else None
    if what_ends_it:
        return Afterthought(
            scene.index, None, None, _clause(syntax, scene.sentence.text, masked.place(*what_ends_it), keep=True)
        )
    if not syntax.refers.regex.match(masked.text):
        return None
    ending = _first(grammar.ends, masked.text, 0)
    length = when.span(syntax.calendar, scene.sentence.text)
    if ending is None and length is None:
        return None
    condition = _clause(syntax, scene.sentence.text, masked.place(*ending)) if ending else None
    until = _end(syntax, scene.sentence.text, masked.place(*ending), written) if ending else None
    return Afterthought(scene.index, length, until, None if until else condition)


def next_deed(syntax: Syntax, masked: Masked, cue: tuple[int, int]) -> int:
    """Where something else begins that is done behind a cue ("and to", "and has suspended"), else the end."""
    deeds = [found.start() for found in [syntax.second_deed.regex.search(masked.text, cue[1])] if found]
    for verb in syntax.second_verb.regex.finditer(masked.text, cue[1]):
        if masked.of(slot.TECHNOLOGY + slot.THINGS, cue[0], verb.start()):
            deeds.append(verb.start())
            break
    return min(deeds, default=len(masked.text))


def own_part(syntax: Syntax, masked: Masked, cue: tuple[int, int]) -> tuple[int, int]:
    """The part of a sentence that can be about the cue: between what others do before it and behind it."""
    others = [at for at, _ in masked.of(slot.VENDOR) if subject_like(syntax, masked.text, at)]
    before = [at for at in others if at < cue[0]]
    after = [at for at in others if at >= cue[1] and not syntax.says.regex.match(masked.text[at + 1 :])]
    apart = bool(before) and _apart(syntax, masked, before[-1])
    after += [at for at, _ in masked.of(slot.VENDOR, cue[1]) if syntax.and_anothers.regex.search(masked.text[: at + 3])]
    deed = next_deed(syntax, masked, cue)
    first = [match.start() for match in syntax.second_deed.regex.finditer(masked.text, 0, cue[0])]
    low = max([before[-1] if apart else 0, *first])  # "agreed not to do it for a year and to stop"
    return low, min([*after, deed])


def _apart(syntax: Syntax, masked: Masked, last: int) -> bool:
    """Whether somebody else does something well before the last vendor; in "until it has" it is the vendor."""
    actors = [at for at, _ in masked.of(slot.VENDOR + slot.PRONOUN, 0, last) if last - at > _LISTED]
    if not actors:
        return False
    fronted = [match.span() for match in syntax.fronted.regex.finditer(masked.text)]
    return any(
        subject_like(syntax, masked.text, at)
        and not (masked.text[at] == slot.PRONOUN and any(start <= at < end for start, end in fronted))
        for at in actors
    )


def _first(patterns: Sequence[Pattern], text: str, start: int) -> tuple[int, int] | None:
    found = [match.span() for pattern in thinkable(patterns, text) if (match := pattern.regex.search(text, start))]
    return min(found, default=None)


def _clause(syntax: Syntax, text: str, span: tuple[int, int], *, keep: bool = False) -> str | None:
    begin = span[0] if keep else span[1]
    stop = syntax.clause_end.regex.search(text, span[1])
    words = text[begin : stop.start() if stop else len(text)].strip(" \"“”„«»'’.").split()
    if not words:
        return text[span[0] : span[1]] or None
    return " ".join(words[:_MAX_WORDS])


def _announced(
    syntax: Syntax, text: str, written: date, ending: tuple[int, int] | None, last: when.Known
) -> date | None:
    for found in when.days(syntax.calendar, text, written, last):
        in_ending = ending is not None and ending[0] <= found.start <= ending[1] + 40
        if found.day <= written and not in_ending:
            return found.day
    return None


def _background(grammar: Grammar, before: str) -> bool:
    return any(pattern.regex.search(before) for pattern in thinkable(grammar.background, before))


def _told(syntax: Syntax, text: str, cue: tuple[int, int]) -> str:
    """A text with blanks for what it tells by the way, which may be of another time than what its cue tells."""

    def blank(match: re.Match[str]) -> str:
        return match.group() if match.start() < cue[1] and cue[0] < match.end() else " " * len(match.group())

    return syntax.by_the_way.regex.sub(blank, text)


def _looks_back(syntax: Syntax, whole: str, before: str, written: date) -> bool:
    if when.looks_back(syntax.calendar, whole, written):
        return True
    return bool(syntax.pluperfect.regex.search(before)) and not syntax.backshift.regex.search(before)

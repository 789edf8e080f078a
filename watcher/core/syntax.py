"""How a language builds its sentences: what the core asks around a cue, in that language's words.

The core knows who may hold what a cue says, where its reach ends and which day is meant; which words tell it so is
written in ``syntax.yaml`` of each language, as expressions over masked sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from watcher.core import pattern as slot
from watcher.core.pattern import PLAIN, Pattern, PatternError, Spacing, compiled, verb_forms
from watcher.core.sentence import ENGLISH, Writing
from watcher.core.when import Calendar

NEVER = Pattern("", "(?!)")
MARKS = {  # what may stand in braces in an expression: one masked mention each, or all of a kind
    "vendor": slot.VENDOR, "person": slot.PERSON, "pronoun": slot.PRONOUN, "we": slot.WE, "its": slot.ITS,
    "our": slot.OUR, "technology": slot.TECHNOLOGY, "thing": slot.THING, "audience": slot.AUDIENCE,
    "actor": slot.ACTOR, "lawmaker": slot.LAWMAKER, "law": slot.LAW, "product": slot.PRODUCT,
}  # fmt: skip
_BRACED = re.compile(r"\{([a-z][\w-]*)\}")


@dataclass(frozen=True, slots=True)
class Syntax:
    """The expressions of one language. Each is asked of masked text; one that a language lacks matches nothing.

    ``verb_last``: the audience may stand before the cue ("will der Polizei keine ... mehr verkaufen").
    ``endings``: what a verb may end in, by the end of its infinitive; without any, verbs are inflected as in English.
    """

    possessive: Pattern = NEVER
    genitive: Pattern = NEVER
    decision: Pattern = NEVER
    document: Pattern = NEVER
    decision_by: Pattern = NEVER
    modifies: Pattern = NEVER
    clause_start: Pattern = NEVER
    aside: Pattern = NEVER
    list_aside: Pattern = NEVER
    long_aside: Pattern = NEVER
    attributed: Pattern = NEVER
    fronted: Pattern = NEVER
    speaks: Pattern = NEVER
    told: Pattern = NEVER
    told_by_others: Pattern = NEVER
    others_say: Pattern = NEVER
    others_own: Pattern = NEVER
    were_it_law: Pattern = NEVER
    told_before: Pattern = NEVER
    conjunction: Pattern = NEVER
    made_to_be: Pattern = NEVER
    and_anothers: Pattern = NEVER
    habit: Pattern = NEVER
    at_home: Pattern = NEVER
    and_that: Pattern = NEVER
    afresh: Pattern = NEVER
    bygone: Pattern = NEVER
    it: Pattern = NEVER
    the_technology: Pattern = NEVER
    passing_time: Pattern = NEVER
    passing_day: Pattern = NEVER
    passing_aside: Pattern = NEVER
    passing_span: Pattern = NEVER
    passing_dash: Pattern = NEVER
    passing_short: Pattern = NEVER
    passing_word: Pattern = NEVER
    passing_quote: Pattern = NEVER
    by_the_way: Pattern = NEVER
    participle: Pattern = NEVER
    behind_participle: Pattern = NEVER
    relative: Pattern = NEVER
    in_relative: Pattern = NEVER
    infinitive: Pattern = NEVER
    to_do: Pattern = NEVER
    contrast: Pattern = NEVER
    same_thing: Pattern = NEVER
    preposition: Pattern = NEVER
    according: Pattern = NEVER
    time_clause: Pattern = NEVER
    somebody: Pattern = NEVER
    several: Pattern = NEVER
    under_law: Pattern = NEVER
    names: Pattern = NEVER
    of_others: Pattern = NEVER
    by_others: Pattern = NEVER
    beside: Pattern = NEVER
    said: Pattern = NEVER
    saying: Pattern = NEVER
    label: Pattern = NEVER
    topic: Pattern = NEVER
    list_before: Pattern = NEVER
    list_after: Pattern = NEVER
    names_only: Pattern = NEVER
    owner: Pattern = NEVER
    definite: Pattern = NEVER
    negated: Pattern = NEVER
    negated_after: Pattern = NEVER
    outside: Pattern = NEVER
    meant: Pattern = NEVER
    backshift: Pattern = NEVER
    whole_business: Pattern = NEVER
    other_object: Pattern = NEVER
    second_deed: Pattern = NEVER
    second_verb: Pattern = NEVER
    second_clause: Pattern = NEVER
    them: Pattern = NEVER
    handed: Pattern = NEVER
    by_or_for: Pattern = NEVER
    present: Pattern = NEVER
    joined: Pattern = NEVER
    clause_end: Pattern = NEVER
    says: Pattern = NEVER
    refers: Pattern = NEVER
    pluperfect: Pattern = NEVER
    has_lasted: Pattern = NEVER
    end_cut: Pattern = NEVER
    first_person: Pattern = NEVER
    verb_last: bool = False
    endings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendar: Calendar = field(default_factory=Calendar)
    writing: Writing = ENGLISH
    spacing: Spacing = PLAIN

    @property
    def passing(self) -> tuple[Pattern, ...]:
        """What may stand between any two words and says nothing to a rule; apart, since one expression is slow."""
        when = (self.passing_time, self.passing_day, self.passing_span)
        besides = (self.passing_aside, self.passing_dash, self.passing_short)
        words = (self.passing_word, self.passing_quote)
        return tuple(one for one in (*when, *besides, *words) if one is not NEVER)


EXPRESSIONS = tuple(one.name for one in fields(Syntax) if one.default is NEVER)


def forms_of(verb: str, endings: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The forms of a regular verb; extra words stay behind ("poner fin")."""
    head, _, tail = verb.partition(" ")
    known = [ending for ending in sorted(endings, key=len, reverse=True) if head.endswith(ending)]
    if not known:
        return verb_forms(verb)
    return [f"{head.removesuffix(known[0])}{ending} {tail}".strip() for ending in endings[known[0]]]


def expression(source: str, parts: Mapping[str, str]) -> str:
    """A regular expression with what stands in braces filled in: a mark, or a part of the same file.

    Raises:
        PatternError: unknown name in braces, or no regular expression.
    """

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in MARKS and name not in parts:
            raise PatternError(f"unknown name {{{name}}} in {source!r}")
        return MARKS.get(name) or f"(?:{parts[name]})"

    filled = _BRACED.sub(fill, source)
    try:
        compiled(filled)
    except re.error as error:
        raise PatternError(f"no regular expression, {error}: {source!r}") from error
    return filled

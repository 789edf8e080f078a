"""The clause before a cue: who may be its subject, what stands aside, and what cancels it."""

import re
from collections.abc import Sequence

from watcher.core import pattern as slot
from watcher.core.discourse import Scene, behind_preposition
from watcher.core.finder import thinkable
from watcher.core.pattern import Pattern
from watcher.core.rule import Grammar
from watcher.core.syntax import Syntax

_PARENTHESIS = re.compile(r"\([^()]*\)")
SUBJECTS = (
    slot.VENDOR + slot.PERSON + slot.PRONOUN + slot.WE + slot.ITS + slot.OUR + slot.AUDIENCE + slot.OTHERS + slot.LAW
)
_CLOSE = 3  # words between a subject and its verb, at most, when it follows a conjunction


def plain(syntax: Syntax, left: str) -> str:
    """The text before a cue with asides blanked out, so that the subject is what the verb belongs to."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    left = syntax.list_aside.regex.sub(blank, syntax.attributed.regex.sub(blank, left))
    left = syntax.long_aside.regex.sub(blank, syntax.fronted.regex.sub(blank, _PARENTHESIS.sub(blank, left)))
    return syntax.aside.regex.sub(lambda m: blank(m) if has_subject(left[: m.start()]) else m.group(), left)


def has_subject(text: str) -> bool:
    """Whether a masked text names anybody or anything that could be a subject."""
    return any(char in SUBJECTS for char in text)


def stranger(syntax: Syntax, between: str) -> bool:
    """Whether somebody unknown speaks in a masked text ("Peskin said")."""
    return bool(syntax.speaks.regex.search(between))


def candidate(scene: Scene, left: str, at: int) -> bool | None:  # noqa: PLR0911 (a table of cases, one return each)
    """True: may be the holder. False: somebody else is the subject. None: no subject, look further left."""
    char, rest, follows = left[at], left[at + 1 :], scene.masked.text[at + 1 : at + 60]
    syntax = scene.syntax
    if char in slot.ITS + slot.OUR:
        return True if syntax.decision.regex.match(follows) else None
    if char in slot.PRODUCT + slot.TECHNOLOGY:
        named = scene.masked.mentions[at].vendor
        terms = syntax.document.regex.match(follows) or syntax.decision_by.regex.search(left[:at])
        return True if named and terms else None
    if char == slot.VENDOR and syntax.possessive.regex.match(follows):
        return True if syntax.decision.regex.match(follows) else None
    if char in slot.VENDOR + slot.PRONOUN and syntax.decision_by.regex.search(left[:at]):
        return True
    if char == slot.VENDOR and syntax.relative.regex.match(rest):
        return True
    if behind_preposition(syntax, left, at) and not (
        char in slot.VENDOR + slot.PRONOUN and len(rest.split()) < _CLOSE and syntax.conjunction.regex.search(left[:at])
    ):
        return None
    if char in slot.OTHERS + slot.AUDIENCE and syntax.told.regex.search(left[:at]):
        return None
    if char == slot.AUDIENCE:
        return None if syntax.modifies.regex.match(rest) or not syntax.clause_start.regex.search(left[:at]) else False
    if char in slot.OTHERS + slot.LAW:
        return None if rest.startswith("'") or syntax.modifies.regex.match(rest) else False
    return True


def ends_near(patterns: Sequence[Pattern], before: str, words: int) -> bool:
    """Whether a pattern ends at most so many words before the end of a masked text, with no comma in between."""
    for pattern in thinkable(patterns, before):
        for match in pattern.regex.finditer(before):
            rest = before[match.end() :].removeprefix(",")  # "when, or if, the ban will be lifted"
            if not re.search(r"[,;:]", rest) and len(rest.split()) <= words:
                return True
    return False


def ordered(grammar: Grammar, left: str) -> bool:
    """Whether a cue behind a colon is what somebody tells somebody else to do ("Workers tell Amazon: stop ...")."""
    return left.rstrip().endswith(":") and any(pattern.regex.search(left) for pattern in grammar.demands_to)


def told_by_others(syntax: Syntax, follows: str) -> bool:
    """Whether what stands behind a cue lays the sentence in the mouth of somebody else ("..., campaigners say")."""
    return bool(syntax.told_by_others.regex.search(follows))


def _last_end(pattern: Pattern, text: str) -> int:
    """Where the last match of a pattern in a text ends, 0 without one."""
    return max((match.end() for match in pattern.regex.finditer(text)), default=0)


def cancelled(grammar: Grammar, left: str, at: int, follows: str) -> bool:
    """Whether the words around a subject take its statement back: a demand, a doubt, an "if"."""
    before, between = left[:at], left[at + 1 :]
    listed = grammar.syntax.list_before.regex.search(before)
    before = before[: listed.start(1)] if listed else before  # "tell Amazon, IBM and Microsoft to"
    if grammar.syntax.others_say.regex.search(before):
        return True
    before = before[_last_end(grammar.syntax.and_that, before) :]
    between = between[_last_end(grammar.syntax.afresh, between) :]
    if any(pattern.regex.search(between) for pattern in thinkable(grammar.blockers, between)):
        return True
    to_do = grammar.syntax.infinitive.regex.match(follows) or grammar.syntax.to_do.regex.search(between)
    wanted = to_do and left[at] != slot.ITS
    if wanted and ends_near(grammar.demands_to, before, words=2):
        return True
    if grammar.syntax.made_to_be.regex.match(between):
        return ends_near(grammar.frames, before, words=4)
    return ends_near(grammar.demands_that, before, words=2) or ends_near(grammar.frames, before, words=4)

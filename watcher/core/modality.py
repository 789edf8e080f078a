"""How binding a sentence is, by its verbs: must or should, prohibited or discouraged, will not or may.

A company that weakens one verb of its policy changes the policy, though each of its other words stays.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from watcher.core.normal import normal


class Shift(StrEnum):
    """What an edit does to the force of a sentence. ``terms``: another number, or exceptions that cannot be weighed."""

    WEAKER = "weaker"
    STRONGER = "stronger"
    TERMS = "terms"


_ADVERB = r"(?:\w+ly |also |further |now |ever |in any (?:way|case) )?"
_BE = r"(?:is|are|be|being|remains?)"
# Strength, whether it forbids, and how it is put: the longest first.
_VERBS: tuple[tuple[int, bool, str], ...] = (
    (3, True, rf"(?:must|may|shall|can|will|would) {_ADVERB}(?:not|never)|cannot|can't|won't|mustn't|shan't"),
    (2, True, rf"(?:should|ought) {_ADVERB}(?:not|never)|shouldn't"),
    (2, True, r"(?:do|does|did) not (?:currently|presently|generally|normally|intend|plan|recommend|expect)(?: to)?"),
    (3, True, rf"{_BE} {_ADVERB}(?:not (?:permitted|allowed|authori[sz]ed)|prohibited|forbidden|banned|disallowed)"),
    (3, True, r"under no circumstances|(?:do|does|did) not|don't|doesn't|agrees? not to|never|no longer|refrain from"),
    (2, True, r"(?:strongly |actively )?(?:discourag\w+|advis\w+ against|not (?:recommended|advisable|encouraged))"),
    (3, True, r"prohibits?|forbids?|bans?|prohibited|forbidden|banned"),
    (3, False, rf"must|shall|{_BE} {_ADVERB}(?:required|obliged|obligated|mandatory)(?: to)?|ha(?:s|ve) to|agrees? to"),
    (2, False, rf"should|ought to|{_BE} {_ADVERB}(?:expected|encouraged|advised|urged|recommended)(?: to)?"),
    (2, False, r"(?:aims?|seeks?|strives?|intends?|endeavou?rs?|plans?) to|(?:encourage|recommend|urge)s?"),
    (3, False, r"requires?|will"),
    (1, False, rf"may|might|can|could|{_BE} {_ADVERB}(?:permitted|allowed|free|optional)(?: to)?"),
)
_VERB = re.compile(r"\b(?:" + "|".join(f"({words})" for _, _, words in _VERBS) + r")(?!\w)")
_EXCEPTION = re.compile(
    r"\b(?:except(?:ion|ions)?|unless|other than|apart from|save (?:for|where|as)|excluding|subject to|provided that|"
    r"without (?:\w+ ){0,3}(?:consent|approval|permission|authori[sz]ation)|not (?:apply|applicable)|"
    r"with (?:\w+ ){0,3}(?:approval|permission|authori[sz]ation))\b"
)
_NUMBER = re.compile(r"(?<![\w.])(?!(?:19|20)\d\d(?:\d{4})?\b)\d+(?:[.,]\d+)*")
_ONLY = re.compile(r"\b(?:only|solely|exclusively|(?:with|under) (?:a|an|the) (?:court order|warrant))\b")
_HEDGE = re.compile(
    r"\b(?:where (?:possible|feasible|practicable)|wherever possible|reasonable efforts|generally|normally|typically|"
    r"at (?:our|its) discretion)\b"
)
_QUOTES = str.maketrans("’‘ʼ", "'''")


_PERMISSION = (1, False)

_Verb = tuple[int, bool]  # strength, 1 to 3; whether it forbids


def shift(before: str, after: str) -> Shift | None:
    """What an edit does to the force of a sentence; None where it does nothing that can be told by its verbs.

    A duty that turned into its opposite ("must not" into "must") is no shift but another sentence: None too.
    """
    old, new = _verbs(before), _verbs(after)
    moved = _moved(old, new)
    if moved or old != new:
        return moved
    exceptions = _count(_EXCEPTION, after) - _count(_EXCEPTION, before)
    if exceptions and all(verb == _PERMISSION for verb in old):
        return Shift.TERMS  # a limit to what is allowed, or one less
    fewer = exceptions + _count(_HEDGE, after) - _count(_HEDGE, before)
    if fewer:
        return Shift.WEAKER if fewer > 0 else Shift.STRONGER
    return Shift.TERMS if _numbers(before) != _numbers(after) else None


def as_binding(before: str, after: str) -> bool:
    """Whether a new wording binds as the old one did: verbs of the same kind, at least as strong, and no exception."""
    old, new = _verbs(before), _verbs(after)
    if not old or not new or shift(before, after) in {Shift.WEAKER, Shift.TERMS}:
        return False
    return _forbids(old) is _forbids(new) and max(new)[0] >= max(old)[0]


def permits(sentence: str) -> bool:
    """Whether all that a sentence says is that something may be done, perhaps under a condition."""
    verbs = _verbs(sentence)
    return bool(verbs) and all(verb == _PERMISSION for verb in verbs)


def limited(sentence: str) -> bool:
    """Whether a sentence names a condition or an exception."""
    return bool(_count(_EXCEPTION, sentence) or _count(_ONLY, sentence))


def _verbs(sentence: str) -> list[_Verb]:
    text = sentence.translate(_QUOTES).casefold()
    return [_VERBS[match.lastindex - 1][:2] for match in _VERB.finditer(text) if match.lastindex]


def _forbids(verbs: Iterable[_Verb]) -> bool:
    return any(forbids for _, forbids in verbs)


def _moved(old: list[_Verb], new: list[_Verb]) -> Shift | None:
    """Compare the verbs that differ, in their order; one verb more or less cannot be weighed."""
    lost, won = Counter(old) - Counter(new), Counter(new) - Counter(old)
    if not lost or lost.total() != won.total():
        return None
    steps = [_step(before, after) for before, after in zip(_left(old, lost), _left(new, won), strict=True)]
    if None in steps:
        return None
    known = [step for step in steps if step is not None]
    if all(step <= 0 for step in known):
        return Shift.WEAKER
    return Shift.STRONGER if all(step >= 0 for step in known) else None


def _left(verbs: list[_Verb], counts: Counter[_Verb]) -> list[_Verb]:
    left = Counter(counts)
    kept = []
    for verb in verbs:
        if left[verb]:
            left[verb] -= 1
            kept.append(verb)
    return kept


def _step(before: _Verb, after: _Verb) -> int | None:
    if before[1] is after[1]:
        return after[0] - before[0]
    if after == _PERMISSION:
        return -1
    return 1 if before == _PERMISSION else None


def _count(pattern: re.Pattern[str], sentence: str) -> int:
    return len(pattern.findall(sentence.casefold()))


def _numbers(sentence: str) -> Counter[str]:
    return Counter(_NUMBER.findall(normal(sentence)))

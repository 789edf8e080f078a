"""The clause before a cue: who may be its subject, what stands aside, and what cancels it."""

import re
from collections.abc import Sequence

from watcher.core import pattern as slot
from watcher.core.discourse import Scene, behind_preposition
from watcher.core.finder import thinkable
from watcher.core.pattern import Pattern
from watcher.core.rule import Grammar

_DECISION = re.compile(
    r"^(?:'s)?\s+(?:\w+[\s-]){0,3}?(?:decision|plans?|pledge|promise|move|announcement|commitment|refusal|vow|"
    r"polic(?:y|ies)|terms|rules|guidelines|code|conditions|pause|moratorium|ban|choice|stance|"
    r"statement|letter|post|freeze|ceo|chief|president|chairman|head|founder|spokes\w+|boss|general counsel|"
    r"vice president|executives?|officials?|board|parent|owner|maker|lawyers?|attorneys?|stores|shops|venues|cameras|products|apps?|doorbells?|lenses|software|platform|cloud|glasses|devices|services?)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"^(?:'s)?\s+(?:\w+\s+){0,2}?(?:terms|polic(?:y|ies)|rules|guidelines|code of conduct|conditions|agreement)\b",
    re.IGNORECASE,
)
_DECISION_BY = re.compile(
    r"\b(?:decision|move|pledge|promise|plan|commitment|announcement|refusal|vow|choice|moratorium|pause|ban|"
    r"offer) (?:by|from|of) (?:the )?$",
    re.IGNORECASE,
)
_MODIFIES = re.compile(
    r"^\s+(?:use|sales?|access|contracts?|customers?|clients|partnerships?|reform|work|departments?'?)\b", re.IGNORECASE
)
_CLAUSE_START = re.compile(
    r"(?:^|[,;:]|\b(?:that|and|as|when|where|while|which|so|but|says?|said|if))\s*(?:(?:the|some|most|all|"
    r"other|many|u\.s\.|us|local)\s+){0,2}$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r",\s*(?:which|who|whose|where|a|an|the|its|not|like|along|including|based|owned|as|after|amid|formerly|"
    r"together|one|long|citing|under|in|on|for|at|with|according)\b[^,;]*,"
)
_LIST_ASIDE = re.compile(
    rf",\s*(?:like|unlike|along with|together with|with|including|as did|joining|such as)\s+"
    rf"(?:[A-Z{slot.VENDOR}][\w&'.-]*(?: [A-Z0-9][\w&'.-]*){{0,3}},?\s+(?:and\s+|or\s+)?){{1,12}}?"
    rf"[A-Z{slot.VENDOR}][\w&'.-]*(?: [A-Z0-9][\w&'.-]*){{0,3}},"
)
_LONG_ASIDE = re.compile(
    rf"(?<=[{slot.VENDOR}]), (?:(?:which|who|whose|a|an|the|one of|based)\b|{slot.PRONOUN} (?:that|which|"
    rf"behind|whose))[^;]*,(?=\s+(?:is|has|was|are|will|would|said|says|does|did|have|had|also|on \w+day|"
    rf"\w+ed)\b|\s*$)"
)
_ATTRIBUTED = re.compile(
    rf",\s*(?:he|she|{slot.PRONOUN}|{slot.PERSON}|{slot.VENDOR}) (?:said|says|wrote|added|told|noted)\b[^,;]*,"
)
_PARENTHESIS = re.compile(r"\([^()]*\)")
SPEAKS = re.compile(
    r"\b(?:[A-Z][a-z]+\s+)?(?!(?:Inc|Corp|Corporation|Ltd|LLC|Co|Group|AI|Technologies|Systems|"
    r"Holdings|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)([A-Z][\w'-]+) "
    r"(?:said|says|wrote|told|called|voted|urged|asked|warned|argued|added|wants|noted)\b"
)
SUBJECTS = (
    slot.VENDOR + slot.PERSON + slot.PRONOUN + slot.WE + slot.ITS + slot.OUR + slot.AUDIENCE + slot.OTHERS + slot.LAW
)
_FRONTED = re.compile(
    r"(?:(?<=^)|(?<=[,;] )|(?<=that )|(?<=that, ))(?:until|before|after|as|when|while|amid|because|since|for|"
    r"in|on|with|by)\b[^,;]*,",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:told|tells?|telling|informed|informs|assured|assures|warned|notified|notifies|promised|given?|gave|"
    r"gives|giving|writing|wrote) (?:the |a |its )?$",
    re.IGNORECASE,
)
_TOLD_BY_OTHERS = re.compile(
    rf"[,;] (?:\w+ ){{0,3}}{slot.ACTOR}(?: \w+){{0,4}} (?:says?|said|claims?|claimed|alleges?|alleged|argues?|argued|"
    rf"warns?|warned|believes?|believed|hopes?|hoped|found|shows?|suggests?|suggested)\b|"
    rf"\baccording to (?:\w+ ){{0,3}}{slot.ACTOR}",
    re.IGNORECASE,
)
_CLOSE = 3  # words between a subject and its verb, at most, when it follows a conjunction
_CONJUNCTION = re.compile(r"\b(?:after|before|since|than|as|when|like) $", re.IGNORECASE)


def plain(left: str) -> str:
    """The text before a cue with asides blanked out, so that the subject is what the verb belongs to."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    left = _LIST_ASIDE.sub(blank, _ATTRIBUTED.sub(blank, left))
    left = _LONG_ASIDE.sub(blank, _FRONTED.sub(blank, _PARENTHESIS.sub(blank, left)))
    return _ASIDE.sub(lambda m: blank(m) if has_subject(left[: m.start()]) else m.group(), left)


def has_subject(text: str) -> bool:
    """Whether a masked text names anybody or anything that could be a subject."""
    return any(char in SUBJECTS for char in text)


def stranger(between: str) -> bool:
    """Whether somebody unknown speaks in a masked text ("Peskin said")."""
    return bool(SPEAKS.search(between))


def candidate(scene: Scene, left: str, at: int) -> bool | None:  # noqa: PLR0911 (a table of cases, one return each)
    """True: may be the holder. False: somebody else is the subject. None: no subject, look further left."""
    char, rest, follows = left[at], left[at + 1 :], scene.masked.text[at + 1 : at + 60]
    if char in slot.ITS + slot.OUR:
        return True if _DECISION.match(follows) else None
    if char in slot.PRODUCT + slot.TECHNOLOGY:
        named = scene.masked.mentions[at].vendor
        return True if named and _DOCUMENT.match(follows) else None
    if char == slot.VENDOR and follows.startswith("'s"):
        return True if _DECISION.match(follows) else None
    if char in slot.VENDOR + slot.PRONOUN and _DECISION_BY.search(left[:at]):
        return True
    if behind_preposition(left, at) and not (
        char in slot.VENDOR + slot.PRONOUN and len(rest.split()) < _CLOSE and _CONJUNCTION.search(left[:at])
    ):
        return None
    if char in slot.OTHERS + slot.AUDIENCE and _TOLD.search(left[:at]):
        return None
    if char == slot.AUDIENCE:
        return None if _MODIFIES.match(rest) or not _CLAUSE_START.search(left[:at]) else False
    if char in slot.OTHERS + slot.LAW:
        return None if rest.startswith("'") or _MODIFIES.match(rest) else False
    return True


def ends_near(patterns: Sequence[Pattern], before: str, words: int) -> bool:
    """Whether a pattern ends at most so many words before the end of a masked text, with no comma in between."""
    for pattern in thinkable(patterns, before):
        for match in pattern.regex.finditer(before):
            rest = before[match.end() :]
            if not re.search(r"[,;:]", rest) and len(rest.split()) <= words:
                return True
    return False


def ordered(grammar: Grammar, left: str) -> bool:
    """Whether a cue behind a colon is what somebody tells somebody else to do ("Workers tell Amazon: stop ...")."""
    return left.rstrip().endswith(":") and any(pattern.regex.search(left) for pattern in grammar.demands_to)


def told_by_others(follows: str) -> bool:
    """Whether what stands behind a cue lays the sentence in the mouth of somebody else ("..., campaigners say")."""
    return bool(_TOLD_BY_OTHERS.search(follows))


def cancelled(grammar: Grammar, left: str, at: int, follows: str) -> bool:
    """Whether the words around a subject take its statement back: a demand, a doubt, an "if"."""
    before, between = left[:at], left[at + 1 :]
    if any(pattern.regex.search(between) for pattern in thinkable(grammar.blockers, between)):
        return True
    wanted = re.match(r"\s+(?:not |never )?to\b", follows) and left[at] != slot.ITS
    if wanted and ends_near(grammar.demands_to, before, words=2):
        return True
    return ends_near(grammar.demands_that, before, words=2) or ends_near(grammar.frames, before, words=4)

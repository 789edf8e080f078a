"""Who holds what a cue says: the subject of the cue, what cancels it, and how far it reaches."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from watcher.core import pattern as slot
from watcher.core.discourse import Scene, behind_preposition, subject_like
from watcher.core.findings import Finding
from watcher.core.pattern import Pattern
from watcher.core.rule import Grammar, Rule, Subject
from watcher.core.statement import Audience, Position
from watcher.core.terms import Terms, terms

_DECISION = re.compile(
    r"^(?:'s)?\s+(?:\w+[\s-]){0,3}?(?:decision|plans?|pledge|promise|move|announcement|commitment|refusal|vow|polic(?:y|ies)|terms|rules|guidelines|code|conditions|pause|moratorium|ban|choice|stance|"
    r"statement|letter|post|freeze|ceo|chief|president|chairman|head|founder|spokes\w+|boss|general counsel|vice president|executives?|officials?|board)\b",
    re.IGNORECASE,
)
_DECISION_BY = re.compile(r"\b(?:decision|move|pledge|promise|plan|commitment|announcement|refusal|vow|choice|moratorium|pause|ban|offer) (?:by|from|of) (?:the )?$", re.IGNORECASE)
_MODIFIES = re.compile(r"^\s+(?:use|sales?|access|contracts?|customers?|clients|partnerships?|reform|work|departments?'?)\b", re.IGNORECASE)
_CLAUSE_START = re.compile(r"(?:^|[,;:]|\b(?:that|and|as|when|where|while|which|so|but|says?|said|if))\s*(?:(?:the|some|most|all|other|many|u\.s\.|us|local)\s+){0,2}$", re.I)
_ASIDE = re.compile(r",\s*(?:which|who|whose|where|a|an|the|its|not|like|along|including|based|owned|as|after|amid|formerly|together|one|long|citing|under|in|on|for|at|with|according)\b[^,;]*,")
_LONG_ASIDE = re.compile(
    rf"(?<=[{slot.VENDOR}]), (?:(?:which|who|whose|a|an|the|one of|based)\b|{slot.PRONOUN} (?:that|which|behind|whose))[^;]*,(?=\s+(?:is|has|was|are|will|would|said|says|does|did|have|had|also|on \w+day|\w+ed)\b|\s*$)"
)
_PARENTHESIS = re.compile(r"\([^()]*\)")
_SPEAKS = re.compile(r"\b(?:[A-Z][a-z]+\s+)?(?!(?:Inc|Corp|Corporation|Ltd|LLC|Co|Group|AI|Technologies|Systems|Holdings)\b)([A-Z][\w'-]+) (?:said|says|wrote|told|called|voted|urged|asked|warned|argued|added|wants|noted)\b")
_SOMEBODY = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_SUBJECTS = slot.VENDOR + slot.PERSON + slot.PRONOUN + slot.WE + slot.ITS + slot.OUR + slot.AUDIENCE + slot.OTHERS + slot.LAW
_FRONTED = re.compile(r"(?:(?<=^)|(?<=[,;] )|(?<=that )|(?<=that, ))(?:until|before|after|as|when|while|amid|because|since|for|in|on|with|by)\b[^,;]*,", re.IGNORECASE)
_NEGATED = re.compile(r"(?:\bnot|n't|\bnever|\bneither|\bnor|\bwithout|\bcannot|\binstead of|\brather than|\bshort of)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(?:beyond|other than|outside|besides|apart from|except) (?:the )?$", re.IGNORECASE)
_UNDER_LAW = re.compile(rf"\b(?:under|by|thanks to|because of) (?:\w+ ){{0,3}}[{slot.LAW}{slot.LAWMAKER}]")
_BESIDE = re.compile(r"\b(?:with|about|on|in|at|like) (?:\w+ )?$", re.IGNORECASE)
_TOLD = re.compile(r"\b(?:told|tells?|telling|informed|informs|assured|assures|warned|notified|notifies|promised|given?|gave|gives|giving|writing|wrote) (?:the |a |its )?$", re.IGNORECASE)
_THEM = re.compile(r"\b(?:them|they|their)\b", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\b(?:after|before|since|than|as|when|like) $", re.IGNORECASE)
_SAID = re.compile(rf"[{slot.VENDOR}{slot.PERSON}{slot.PRONOUN}](?: \w+)? (?:said|says|wrote|announced|confirmed|told|tells|added|explained|noted|disclosed)\b"
                   rf"|\b(?:said|says|wrote|announced|according to) [{slot.VENDOR}{slot.PERSON}{slot.PRONOUN}]")
_SAYING = re.compile(r"\b(?:said|says|told|tells|wrote|writes|believes?|believed|argues?|argued|thinks?|view|thought|added|agrees|agreed|insists?|insisted|repeated|reiterated)\b", re.IGNORECASE)
_PRESENT = re.compile(r"\b(?:says?|tells|announces|confirms)\b", re.IGNORECASE)
_SPLIT_LIST = re.compile(rf"((?:[{slot.VENDOR}](?: of [A-Z]\w+)?(?:,| and| or| nor|, and)\s+)*)$")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the position, and where in the masked sentence the subject stands."""

    vendors: tuple[str, ...]
    at: int
    own: bool = False


def findings(scene: Scene, grammar: Grammar, written: date, *, policy: bool) -> Iterator[Finding]:
    """What the rules find in one sentence."""
    text = scene.masked.text
    if text.rstrip().endswith("?"):
        return
    taken: list[tuple[int, int]] = []
    for rule, cue in sorted(_all_cues(grammar, text, document=policy and scene.own is not None), key=_in_order):
        if any(start <= cue[0] < end for start, end in taken):
            continue
        read = list(_read(rule, scene, grammar, cue, written))
        if read:
            taken.append(cue)
        yield from read


def _in_order(found: tuple[Rule, tuple[int, int]]) -> tuple[int, int]:
    """From left to right, the longer cue first: "lifts its ban on" takes the "ban on" in it along."""
    _, (start, end) = found
    return start, -end


def _all_cues(grammar: Grammar, text: str, *, document: bool) -> Iterator[tuple[Rule, tuple[int, int]]]:
    for rule in grammar.rules:
        if rule.subject is Subject.DOCUMENT and not document:
            continue
        for cue in _cues(rule, text):
            if rule.subject is Subject.DOCUMENT or not _NEGATED.search(text[: cue[0]]):
                yield rule, cue


def _cues(rule: Rule, text: str) -> Iterator[tuple[int, int]]:
    pseudo = [match.span() for pattern in rule.pseudo for match in pattern.regex.finditer(text)]
    seen: set[int] = set()
    for cue in rule.cues:
        for match in cue.regex.finditer(text):
            inside = any(start <= match.start() < end for start, end in pseudo)
            if not inside and match.start() not in seen:
                seen.add(match.start())
                yield match.span()


def _read(rule: Rule, scene: Scene, grammar: Grammar, cue: tuple[int, int], written: date) -> Iterator[Finding]:
    holder = _HOLDERS[rule.subject](scene, grammar, cue)
    if holder is None:
        return
    reach = (min(holder.at, cue[0]), _reach(rule, grammar, scene.masked.text, cue[1]))
    if rule.subject is Subject.DOCUMENT:
        reach = (0, len(scene.masked.text))
    if not _technology(rule, scene, reach, cue):
        return
    audiences = _audiences(rule, scene, cue, reach)
    if rule.needs_audience and audiences == (Audience.EVERYONE,):
        return
    found = terms(scene, grammar, cue, reach, written)
    for vendor in holder.vendors:
        for audience in audiences:
            yield _finding(rule, scene, holder, vendor, audience, found, reach)


def _finding(
    rule: Rule, scene: Scene, holder: Holder, vendor: str, audience: Audience, found: Terms, reach: tuple[int, int]
) -> Finding:
    products = [m.product for _, m in scene.masked.of(slot.TECHNOLOGY + slot.THING) if m.product and m.vendor == vendor]
    return Finding(
        vendor=vendor,
        position=_position(rule, audience, found),
        audience=audience,
        rule=rule.id,
        start=scene.sentence.start,
        end=scene.sentence.end,
        quote=scene.sentence.text,
        index=scene.index,
        product=products[0] if products else None,
        jurisdiction=found.jurisdiction,
        until=found.until,
        length=found.length,
        condition=found.condition,
        announced=found.announced,
        past=found.past or found.again,
        hard_past=found.again or found.long_ago,
        own=holder.own,
        saying=bool(_PRESENT.search(scene.masked.text[: reach[1]])),
        in_title=vendor in scene.title_vendors,
        cue=scene.masked.place(*reach),
    )


def _position(rule: Rule, audience: Audience, found: Terms) -> Position:
    if found.ends and rule.with_end:
        return rule.with_end
    if found.proviso and rule.with_proviso:
        return rule.with_proviso
    return rule.to_everyone if audience is Audience.EVERYONE and rule.to_everyone else rule.position


def _reach(rule: Rule, grammar: Grammar, text: str, start: int) -> int:
    stops = [match.start() for pattern in (*grammar.terminators, *rule.terminated_by) if (match := pattern.regex.search(text, start))]
    stops.extend(at for at in (text.find(";", start), text.find(":", start)) if at >= 0)
    return min(stops, default=len(text))


def _technology(rule: Rule, scene: Scene, reach: tuple[int, int], cue: tuple[int, int]) -> bool:
    masked = scene.masked
    if masked.of(slot.TECHNOLOGY, *reach):
        return True
    known = scene.near or scene.named
    if masked.of(slot.THING, *reach):
        return known or scene.seen
    if not rule.needs_technology:
        return known
    towards = bool(masked.of(slot.AUDIENCE, *reach))
    pronoun = re.match(r"\s+(?:it|them|this|that)\b", _unmasked_it(masked.text, cue[1]), re.IGNORECASE)
    return known and (towards or bool(pronoun))


def _unmasked_it(text: str, at: int) -> str:
    return text[at : at + 12].replace(slot.PRONOUN, "it")


def _audiences(rule: Rule, scene: Scene, cue: tuple[int, int], reach: tuple[int, int]) -> tuple[Audience, ...]:
    if rule.audience:
        return (rule.audience,)
    region = (cue[0], reach[1]) if rule.subject is not Subject.AUDIENCE else (0, cue[1])
    found = [(at, m) for at, m in scene.masked.of(slot.AUDIENCE, *region) if not _OUTSIDE.search(scene.masked.text[:at])]
    if rule.subject is Subject.DOCUMENT and not found:
        found = scene.masked.of(slot.AUDIENCE)
    if not found:
        them = _THEM.search(scene.masked.text, cue[0], reach[1])
        earlier = scene.masked.of(slot.AUDIENCE, 0, cue[0])
        named = earlier[-1][1].audience if earlier else scene.audience
        return (named,) if them and named else (Audience.EVERYONE,)
    picked = [found[0]] if rule.subject is not Subject.AUDIENCE else [found[-1]]
    for before, after in zip(found, found[1:], strict=False):
        between = scene.masked.text[before[0] + 1 : after[0]]
        if before in picked and re.fullmatch(r"\W*(?:and|or|nor|to|with|by|for|other|any|\w+ly|,|\s)*\W*", between):
            picked.append(after)
    return tuple(dict.fromkeys(m.audience for _, m in picked if m.audience))


# --- holders, one function for each kind of subject


def _as_holder(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    text = _plain(scene.masked.text[: cue[0]])
    return _nearest(scene, grammar, text, cue[0], depth=0)


def _plain(left: str) -> str:
    """The text before a cue with asides blanked out, so that the subject is what the verb belongs to."""

    def blank(match: re.Match[str]) -> str:
        return " " * len(match.group())

    left = _LONG_ASIDE.sub(blank, _FRONTED.sub(blank, _PARENTHESIS.sub(blank, left)))
    return _ASIDE.sub(lambda m: blank(m) if _has_subject(left[: m.start()]) else m.group(), left)


def _has_subject(text: str) -> bool:
    return any(char in _SUBJECTS for char in text)


def _nearest(scene: Scene, grammar: Grammar, left: str, cue: int, depth: int) -> Holder | None:
    for at in range(len(left) - 1, -1, -1):
        char = left[at]
        if char not in _SUBJECTS and not (char in "hHsS" and _SOMEBODY.match(left, at) and (at == 0 or not left[at - 1].isalnum())):
            continue
        verdict = _candidate(scene, left, at)
        if verdict is None:
            continue
        if not verdict or _stranger(left[at + 1 :]) or _cancelled(grammar, left, at, scene.masked.text[at + 1 : cue + 12]):
            return None
        return _resolve(scene, grammar, left, at, cue, depth)
    return _implied(scene, left)


def _stranger(between: str) -> bool:
    return bool(_SPEAKS.search(between))


def _candidate(scene: Scene, left: str, at: int) -> bool | None:
    """True: may be the holder. False: somebody else is the subject. None: no subject, look further left."""
    char, rest, follows = left[at], left[at + 1 :], scene.masked.text[at + 1 : at + 60]
    if char in slot.ITS + slot.OUR:
        return True if _DECISION.match(follows) else None
    if char in slot.VENDOR + slot.PRONOUN and follows.startswith("'s"):
        return True if _DECISION.match(follows) else None
    if char in slot.VENDOR + slot.PRONOUN and _DECISION_BY.search(left[:at]):
        return True
    if behind_preposition(left, at) and not (char in slot.VENDOR + slot.PRONOUN and len(rest.split()) < 3 and _CONJUNCTION.search(left[:at])):
        return None
    if char in slot.OTHERS + slot.AUDIENCE and _TOLD.search(left[:at]):
        return None
    if char == slot.AUDIENCE:
        return None if _MODIFIES.match(rest) or not _CLAUSE_START.search(left[:at]) else False
    if char in slot.OTHERS + slot.LAW:
        return None if rest.startswith("'") or _MODIFIES.match(rest) else False
    return True


def _resolve(scene: Scene, grammar: Grammar, left: str, at: int, cue: int, depth: int) -> Holder | None:
    char = left[at]
    mention = scene.masked.mentions.get(at)
    if char in slot.VENDOR + slot.PERSON and mention and mention.vendor:
        return Holder(_listed(scene, left, at, mention.vendor), at, own=scene.own == mention.vendor)
    if char in slot.WE + slot.OUR:
        return Holder((scene.we,), at, own=True) if scene.we else None
    if char in "hHsS":
        return Holder((scene.person,), at) if scene.person else None
    antecedent = _nearest(scene, grammar, left[:at], cue, depth + 1) if depth < 3 and _has_subject(left[:at]) else None
    if antecedent is not None:
        return Holder(antecedent.vendors, at, own=antecedent.own)
    focus = _local_focus(scene, at)
    blocked = _has_subject(left[:at]) and _blocked_before(scene, left, at)
    if focus is None and not _has_subject(left[:at]):
        return _implied(scene, left)
    return Holder((focus,), at, own=scene.own == focus) if focus and not blocked else None


def _local_focus(scene: Scene, at: int) -> str | None:
    """Whom "it" and "its" mean at a place: the vendor named last before it in the sentence, else the one in focus."""
    named = [m.vendor for _, m in scene.masked.of(slot.VENDOR, 0, at) if m.vendor]
    return named[-1] if named else scene.focus


def _blocked_before(scene: Scene, left: str, at: int) -> bool:
    """Whether somebody else, as the subject before a pronoun, is whom the pronoun means."""
    for place in range(at - 1, -1, -1):
        if left[place] in _SUBJECTS:
            verdict = _candidate(scene, left, place)
            if verdict is not None:
                return True
    return False


def _listed(scene: Scene, left: str, at: int, last: str) -> tuple[str, ...]:
    """All vendors of a list that ends at a place ("Amazon, IBM and Microsoft")."""
    before = _SPLIT_LIST.search(left[:at])
    places = [before.start(1) + n for n, char in enumerate(before.group(1)) if char == slot.VENDOR] if before else []
    ids = [found.vendor for place in places if (found := scene.masked.mentions.get(place)) and found.vendor]
    return tuple(dict.fromkeys([*ids, last]))


def _cancelled(grammar: Grammar, left: str, at: int, follows: str) -> bool:
    before, between = left[:at], left[at + 1 :]
    if any(pattern.regex.search(between) for pattern in grammar.blockers):
        return True
    wanted = re.match(r"\s+(?:not |never )?to\b", follows) and left[at] != slot.ITS
    if wanted and _ends_near(grammar.demands_to, before, words=2):
        return True
    return _ends_near(grammar.demands_that, before, words=2) or _ends_near(grammar.frames, before, words=4)


def _ends_near(patterns: Sequence[Pattern], before: str, words: int) -> bool:
    for pattern in patterns:
        for match in pattern.regex.finditer(before):
            rest = before[match.end() :]
            if not re.search(r"[,;:]", rest) and len(rest.split()) <= words:
                return True
    return False


def _implied(scene: Scene, left: str) -> Holder | None:
    """No subject at all: a fragment in the vendor's own text, or one whose speaker is named behind it."""
    if _stranger(left):
        return None
    said = _SAID.search(scene.masked.text, len(left))
    if said:
        named = [m.vendor for _, m in scene.masked.of(slot.VENDOR + slot.PERSON, said.start(), said.end()) if m.vendor]
        vendor = named[0] if named else scene.focus
        return Holder((vendor,), len(left)) if vendor else None
    return None


def _as_audience(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    text = scene.masked.text
    left = _plain(text[: cue[0]])
    towards = [at for at, char in enumerate(left) if char in slot.AUDIENCE + slot.OTHERS + slot.LAW]
    if not towards or left[towards[-1]] != slot.AUDIENCE or len(left[towards[-1] :].split()) > 9:
        return None
    subject = towards[-1]
    if _ends_near(grammar.frames, left[:subject], words=4) or any(p.regex.search(left[subject + 1 :]) for p in grammar.blockers):
        return None
    if any(left[at] in slot.OTHERS + slot.LAW and not behind_preposition(left, at) for at in towards[:-1]) or _UNDER_LAW.search(text, cue[1]):
        return None
    return _owner(scene, cue)


def _as_speaker(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    """Who says what others should do: the vendor, its person or its "we" nearest before a verb of saying."""
    left = _plain(scene.masked.text[: cue[0]])
    for match in reversed(list(_SAYING.finditer(left))):
        speaker = [at for at in range(match.start()) if left[at] in _SUBJECTS and _candidate(scene, left, at)]
        named = _SPEAKS.search(left[: match.end()])
        if speaker and not (named and named.start() > speaker[-1]):
            return _resolve(scene, grammar, left, speaker[-1], cue[0], depth=0)
        return None
    if scene.own and not _has_subject(left):
        return Holder((scene.own,), cue[0], own=True)
    return _implied(scene, scene.masked.text[: cue[1]])


def _as_technology(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    text = scene.masked.text
    things = scene.masked.of(slot.TECHNOLOGY + slot.THING, 0, cue[0])
    if not things or len(text[things[-1][0] : cue[0]].split()) > 6:
        return None
    at, thing = things[-1]
    between = text[at + 1 : cue[0]]
    others = [place for place in range(at + 1, cue[0]) if text[place] in slot.VENDOR + slot.PRONOUN + slot.OTHERS + slot.LAW + slot.WE]
    if any(subject_like(text, place) for place in others) or any(p.regex.search(between) for p in grammar.blockers):
        return None
    if re.match(r"\s+(?:bill|law|ban|act|ordinance|trial of|lawsuit|report|study)\b", between, re.IGNORECASE):
        return None
    if _BESIDE.search(text[:at]):
        return None
    if thing.vendor:
        return Holder((thing.vendor,), at, own=scene.own == thing.vendor)
    owner = _owner(scene, (max(0, at - 1), cue[1]))
    if owner is None and thing.slot == slot.THING and scene.near and scene.focus and text[:at].strip().casefold() in {"the", "this"}:
        return Holder((scene.focus,), at, own=scene.own == scene.focus)
    return owner


def _owner(scene: Scene, cue: tuple[int, int]) -> Holder | None:
    """Whose the technology is: "Northgate's", "from Northgate", or who says so."""
    text = scene.masked.text
    owners = [(at, m) for at, m in scene.masked.of(slot.VENDOR) if text.startswith("'s", at + 1) or re.search(r"\b(?:from|of|by)\s$", text[:at])]
    named = owners or [(m.start(), scene.masked.mentions.get(m.start() if text[m.start()] in slot.VENDOR + slot.PERSON else m.end() - 1)) for m in _SAID.finditer(text)]
    for _, mention in named:
        if mention and mention.vendor:
            return Holder((mention.vendor,), cue[0], own=scene.own == mention.vendor)
    products = [m.vendor for _, m in scene.masked.of(slot.TECHNOLOGY, cue[0]) if m.vendor]
    if products and products[0]:
        return Holder((products[0],), cue[0])
    if scene.masked.of(slot.OUR + slot.WE) and scene.we:
        return Holder((scene.we,), cue[0], own=True)
    belongs = scene.masked.of(slot.ITS + slot.PRONOUN)
    focus = _local_focus(scene, belongs[-1][0] if belongs else cue[0])
    return Holder((focus,), cue[0], own=scene.own == focus) if (belongs or named) and focus else None


def _as_document(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    del grammar
    return Holder((scene.own,), cue[0], own=True) if scene.own else None


_HOLDERS = {
    Subject.HOLDER: _as_holder,
    Subject.AUDIENCE: _as_audience,
    Subject.TECHNOLOGY: _as_technology,
    Subject.SPEAKER: _as_speaker,
    Subject.DOCUMENT: _as_document,
}

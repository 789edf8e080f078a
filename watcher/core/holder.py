"""Who holds what a cue says: one way of finding out for each kind of subject."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from watcher.core import pattern as slot
from watcher.core.clause import (
    SUBJECTS,
    cancelled,
    candidate,
    ends_near,
    has_subject,
    ordered,
    plain,
    stranger,
    told_by_others,
)
from watcher.core.discourse import Scene, behind_preposition, subject_like
from watcher.core.rule import Grammar, Subject
from watcher.core.statement import Audience
from watcher.core.syntax import Syntax

_SAID = 12  # characters before "it" within which somebody says it
_DEPTH = 3  # pronouns followed back in one sentence, at most
_ADDRESSED = slot.LAWMAKER + slot.AUDIENCE  # of whom a vendor's own text says what they should do
_AUDIENCE_REACH, _TECHNOLOGY_REACH = 12, 8  # words between such a subject and its verb, at most


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the position, and where in the masked sentence the subject stands."""

    vendors: tuple[str, ...]
    at: int
    own: bool = False


def _as_holder(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    if scene.we and scene.syntax.first_person.regex.search(scene.masked.text, *cue):
        return Holder((scene.we,), cue[0], own=True)
    text = plain(scene.syntax, scene.masked.text[: cue[0]])
    if scene.syntax.told_before.regex.search(scene.masked.text[: cue[0]]):
        return None
    hangs_on_law = scene.syntax.were_it_law.regex.search(scene.masked.text[: cue[0]])
    if hangs_on_law or ordered(grammar, text) or told_by_others(scene.syntax, scene.masked.text[cue[1] :]):
        return None
    return _nearest(scene, grammar, text, cue[0], depth=0)


def _nearest(scene: Scene, grammar: Grammar, left: str, cue: int, depth: int) -> Holder | None:
    for at in range(len(left) - 1, -1, -1):
        if not _may_be_subject(scene, left, at):
            continue
        verdict = candidate(scene, left, at)
        if verdict is None:
            continue
        if (
            not verdict
            or stranger(scene.syntax, left[at + 1 :])
            or cancelled(grammar, left, at, scene.masked.text[at + 1 : cue + 12])
        ):
            return None
        return _resolve(scene, grammar, left, at, cue, depth)
    return _implied(scene, left)


def _may_be_subject(scene: Scene, left: str, at: int) -> bool:
    if left[at] == slot.PRONOUN and left[:at].endswith(f"{slot.VENDOR} "):
        return False  # "makes Northgate the first company to": said of a name that is looked at next
    if left[at] in SUBJECTS + slot.PRODUCT + slot.TECHNOLOGY:
        return True
    begins = left[at].isalpha() and (at == 0 or not left[at - 1].isalnum())
    return begins and bool(scene.syntax.somebody.regex.match(left, at))


def _resolve(scene: Scene, grammar: Grammar, left: str, at: int, cue: int, depth: int) -> Holder | None:
    char = left[at]
    mention = scene.masked.mentions.get(at)
    if char in slot.VENDOR + slot.PERSON + slot.PRODUCT + slot.TECHNOLOGY and mention and mention.vendor:
        return Holder(_listed(scene, left, at, mention.vendor), at, own=scene.own == mention.vendor)
    if char in slot.WE + slot.OUR:
        return Holder((scene.we,), at, own=True) if scene.we else None
    if mention and char == slot.PRONOUN and scene.syntax.several.regex.match(scene.said(mention)):
        group = scene.group or ((scene.focus,) if scene.focus else ())  # of two, only one may be watched
        return Holder(group, at) if group else None
    if char.isalpha():
        return _somebody(scene, grammar, left, at, cue, depth)
    if depth < _DEPTH and has_subject(left[:at]):
        antecedent = _nearest(scene, grammar, left[:at], cue, depth + 1)
        if antecedent is not None:
            return Holder(antecedent.vendors, at, own=antecedent.own)
    return _meant(scene, left, at)


def _somebody(scene: Scene, grammar: Grammar, left: str, at: int, cue: int, depth: int) -> Holder | None:
    """Whom "he" or "she" speaks for: the person named last, or whose chief was ("its chief said he")."""
    named = [m.vendor for _, m in scene.masked.of(slot.PERSON, 0, at) if m.vendor]
    person = named[-1] if named else scene.person
    if person is None and depth < _DEPTH and has_subject(left[:at]):
        return _nearest(scene, grammar, left[:at], cue, depth + 1)
    return Holder((person,), at) if person else None


def _meant(scene: Scene, left: str, at: int) -> Holder | None:
    """Whom a pronoun means that no subject before it explains."""
    focus = _local_focus(scene, at)
    if focus is None and not has_subject(left[:at]):
        return _implied(scene, left)
    speaker = _speaker_before(scene, left, at)
    if speaker is None and has_subject(left[:at]) and _blocked_before(scene, left, at):
        return None
    vendor = speaker or focus
    return Holder((vendor,), at, own=scene.own == vendor) if vendor else None


def _speaker_before(scene: Scene, left: str, at: int) -> str | None:
    """Who was said to speak right before a pronoun (", Northgate said, and it will"); blanked out by ``plain``."""
    blanked = [(place, m.vendor) for place, m in scene.masked.of(slot.VENDOR, 0, at) if left[place] == " "]
    if not blanked or not scene.syntax.says.regex.match(scene.masked.text[blanked[-1][0] + 1 :]):
        return None
    return None if has_subject(left[blanked[-1][0] : at]) else blanked[-1][1]


def _local_focus(scene: Scene, at: int) -> str | None:
    """Whom "it" and "its" mean at a place: the vendor named last before it, not by contrast, else the one in focus."""
    named = [(place, m.vendor) for place, m in scene.masked.of(slot.VENDOR, 0, at) if m.vendor]
    contrast = scene.syntax.contrast.regex
    others = {vendor for place, vendor in named if contrast.search(scene.masked.text[:place])}
    meant = [vendor for _, vendor in named if vendor not in others]
    if meant:
        return meant[-1]
    return None if scene.focus in others else scene.focus


def _blocked_before(scene: Scene, left: str, at: int) -> bool:
    """Whether somebody else, as the subject before a pronoun, is whom the pronoun means."""
    for place in range(at - 1, -1, -1):
        if left[place] in SUBJECTS:
            verdict = candidate(scene, left, place)
            if verdict is not None:
                return True
    return False


def _listed(scene: Scene, left: str, at: int, last: str) -> tuple[str, ...]:
    """All vendors of a list that ends at a place ("Amazon, IBM and Microsoft")."""
    before = scene.syntax.list_before.regex.search(left[:at])
    places = [before.start(1) + n for n, char in enumerate(before.group(1)) if char == slot.VENDOR] if before else []
    contrast = scene.syntax.contrast.regex  # "Unlike Amazon, IBM has left" is no list
    places = [place for place in places if not contrast.search(scene.masked.text[:place])]
    ids = [found.vendor for place in places if (found := scene.masked.mentions.get(place)) and found.vendor]
    return tuple(dict.fromkeys([*ids, last]))


def _implied(scene: Scene, left: str) -> Holder | None:
    """No subject at all: a fragment in the vendor's own text, or one whose speaker is named behind it."""
    if stranger(scene.syntax, left):
        return None
    fronted = scene.syntax.participle.regex.match(scene.masked.text)
    if fronted and fronted.end() == len(left):
        behind = scene.syntax.behind_participle.regex.search(scene.masked.text, len(left))
        mention = scene.masked.mentions.get(behind.end() - 1) if behind else None
        if mention and mention.vendor:
            return Holder((mention.vendor,), len(left), own=scene.own == mention.vendor)
    said = scene.syntax.said.regex.search(scene.masked.text, len(left))
    if said:
        vendor = _said_by(scene, said) or scene.focus
        return Holder((vendor,), len(left)) if vendor else None
    return None


def _as_audience(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    text = scene.masked.text
    left = plain(scene.syntax, text[: cue[0]])
    towards = [at for at, char in enumerate(left) if char in slot.AUDIENCE + slot.OTHERS + slot.LAW]
    if not towards and scene.syntax.names.regex.search(left):
        return _owner(scene, cue) or _told(scene, cue, scene.told)
    if not towards or left[towards[-1]] != slot.AUDIENCE or len(left[towards[-1] :].split()) > _AUDIENCE_REACH:
        return None
    subject = towards[-1]
    if told_by_others(scene.syntax, text[cue[1] :]):
        return None
    if ends_near(grammar.frames, left[:subject], words=4) or any(
        p.regex.search(left[subject + 1 :]) for p in grammar.blockers
    ):
        return None
    if any(
        left[at] in slot.OTHERS + slot.LAW and not behind_preposition(scene.syntax, left, at) for at in towards[:-1]
    ) or scene.syntax.under_law.regex.search(text, cue[0] if scene.syntax.verb_last else cue[1]):
        return None
    return _owner(scene, cue) or _of_its_people(scene, left, subject) or _told(scene, cue, scene.told)


def _of_its_people(scene: Scene, left: str, subject: int) -> Holder | None:
    """Whose customers are spoken of ("Northgate drivers must")."""
    named = [m.vendor for at, m in scene.masked.of(slot.VENDOR, subject - 2, subject) if left[at + 1] == " "]
    people = scene.masked.mentions[subject].audience is Audience.CONSUMERS
    return Holder((named[0],), subject, own=scene.own == named[0]) if named and named[0] and people else None


def _as_speaker(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    """Who says what others should do: the vendor, its person or its "we" nearest before a verb of saying."""
    left = plain(scene.syntax, scene.masked.text[: cue[0]])
    for match in reversed(list(scene.syntax.saying.regex.finditer(left))):
        speaker = [at for at in range(match.start()) if left[at] in SUBJECTS and candidate(scene, left, at)]
        named = scene.syntax.speaks.regex.search(left[: match.end()])
        if speaker and not (named and named.start() > speaker[-1]):
            return _resolve(scene, grammar, left, speaker[-1], cue[0], depth=0)
        return None
    if scene.own and not any(char in SUBJECTS and char not in _ADDRESSED for char in left):
        return Holder((scene.own,), cue[0], own=True)
    return _in_between(scene, cue) or _implied(scene, scene.masked.text[: cue[1]])


def _in_between(scene: Scene, cue: tuple[int, int]) -> Holder | None:
    """Who is named between commas as the one who says it ("Governments, he said, must regulate")."""
    aside = scene.syntax.attributed.regex.search(scene.masked.text, 0, cue[0])
    if aside is None:
        return None
    named = [m.vendor for _, m in scene.masked.of(slot.VENDOR + slot.PERSON, *aside.span()) if m.vendor]
    vendor = named[0] if named else scene.person or scene.focus
    return Holder((vendor,), aside.start(), own=scene.own == vendor) if vendor else None


def _as_technology(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    text = scene.masked.text
    things = scene.masked.of(slot.TECHNOLOGY + slot.THINGS, 0, cue[0])
    if not things:
        return _of_it(scene, grammar, cue) if scene.near else None
    is_subject = _is_subject(scene, grammar, things[-1][0], cue[0])
    if not is_subject or scene.syntax.by_others.regex.match(text, cue[1]):
        return None
    at, thing = things[-1]
    if _doubted(scene, grammar, at, cue):
        return None
    if thing.vendor:
        return Holder((thing.vendor,), at, own=scene.own == thing.vendor)
    owner = _owner(scene, (max(0, at - 1), cue[1]))
    spoken_of = (
        (thing.slot == slot.THING or not scene.named)
        and scene.near
        and scene.syntax.definite.regex.match(text[:at].strip())
    )
    if owner is None and spoken_of and scene.focus:
        return Holder((scene.focus,), at, own=scene.own == scene.focus)
    return owner or (_told(scene, cue, scene.told) if thing.slot in slot.THINGS or not scene.named else None)


def _of_it(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    """Whose it is, where "it" is the technology ("the retailer said that it would no longer be available")."""
    text = scene.masked.text
    if scene.own:  # a vendor's own "it's off by default"
        before = text[: cue[0]].rstrip()
        return Holder((scene.own,), len(before) - 1, own=True) if before.endswith(slot.PRONOUN) else None
    it = scene.syntax.it.regex.search(text, 0, cue[0])
    if it is None or it.end() != cue[0] or scene.said(scene.masked.mentions[it.start()]).casefold() != "it":
        return None
    said = scene.syntax.saying.regex.search(text, max(0, it.start() - _SAID), it.start())
    if said is None or _doubted(scene, grammar, it.start(), cue):
        return None
    return _resolve(scene, grammar, text[: it.start() + 1], it.start(), cue[0], depth=0)


def _doubted(scene: Scene, grammar: Grammar, at: int, cue: tuple[int, int]) -> bool:
    """Whether what is told of the technology at a place is only wished, feared, or said by others."""
    text = scene.masked.text
    label = scene.syntax.label.regex.match(text)  # what leads to a list item is no doubt about it
    if any(pattern.regex.search(text, label.end() if label else 0, at) for pattern in grammar.blockers):
        return True
    return _wished(grammar, text[:at]) or bool(scene.syntax.told_by_others.regex.search(text, cue[1]))


def _is_subject(scene: Scene, grammar: Grammar, at: int, cue: int) -> bool:
    """Whether the technology named at a place, and nothing behind it, is the subject of the cue."""
    text = scene.masked.text
    between = text[at + 1 : cue]
    if (
        len(between.split()) > _TECHNOLOGY_REACH
        or scene.syntax.beside.regex.search(text[:at])
        or scene.syntax.of_others.regex.match(between)
    ):
        return False
    rivals = slot.VENDOR + slot.PRONOUN + slot.OTHERS + slot.LAW + slot.WE
    if any(text[place] in rivals and subject_like(scene.syntax, text, place) for place in range(at + 1, cue)):
        return False
    return not any(pattern.regex.search(between) for pattern in grammar.blockers)


def _owner(scene: Scene, cue: tuple[int, int]) -> Holder | None:
    """Whose the technology is: "Northgate's", "from Northgate", or who says so."""
    text = scene.masked.text
    owners = [
        mention.vendor
        for at, mention in scene.masked.of(slot.VENDOR)
        if _owns(scene.syntax, text, at) or scene.syntax.owner.regex.search(text[:at])
    ]
    label = scene.syntax.label.regex.match(text)
    if label:
        owners = [mention.vendor for _, mention in scene.masked.of(slot.VENDOR, 0, label.end())]
    bare = plain(scene.syntax, text)
    speakers = [_speaker(scene, said) for said in scene.syntax.said.regex.finditer(bare)]
    for vendors in [(owner,) for owner in owners if owner] or speakers:
        if vendors:
            return Holder(vendors, cue[0], own=scene.own in vendors)
    products = [m.vendor for _, m in scene.masked.of(slot.TECHNOLOGY, cue[0]) if m.vendor]
    if products and products[0]:
        return Holder((products[0],), cue[0])
    if scene.masked.of(slot.OUR + slot.WE) and scene.we:
        return Holder((scene.we,), cue[0], own=True)
    belongs = scene.masked.of(slot.ITS + slot.PRONOUN)
    focus = _local_focus(scene, belongs[-1][0] if belongs else cue[0])
    if (belongs or speakers) and focus:
        return Holder((focus,), cue[0], own=scene.own == focus)
    mine = scene.own and not _others_act(scene)
    return Holder((scene.own,), cue[0], own=True) if scene.own and mine else None


def _owns(syntax: Syntax, text: str, at: int) -> bool:
    """Whether the vendor at a place owns a thing, and not people ("Northgate's rivals")."""
    owns = syntax.possessive.regex.match(text, at + 1)
    return owns is not None and text[owns.end() :].lstrip()[:1] not in tuple(slot.OTHERS)


def _others_act(scene: Scene) -> bool:
    """Whether a sentence in a vendor's own text names anybody else who does something."""
    text, syntax = scene.masked.text, scene.syntax
    named = scene.masked.of(slot.VENDOR + slot.OTHERS + slot.LAW + slot.PERSON)
    others = [(at, mention) for at, mention in named if mention.vendor is None or mention.vendor != scene.own]
    return any(mention.vendor or not behind_preposition(syntax, text, at) for at, mention in others)


def _speaker(scene: Scene, said: re.Match[str]) -> tuple[str, ...]:
    """The vendors that are named as who says so, all of a list ("Northgate and Southgate said")."""
    named = [(at, m.vendor) for at, m in scene.masked.of(slot.VENDOR + slot.PERSON, said.start(), said.end())]
    at, vendor = named[0] if named else (0, None)
    return _listed(scene, scene.masked.text, at, vendor) if vendor else ()


def _said_by(scene: Scene, said: re.Match[str]) -> str | None:
    """The vendor named in "Northgate said" or "said Northgate", if it is named and not only meant."""
    named = scene.masked.of(slot.VENDOR + slot.PERSON, said.start(), said.end())
    return named[0][1].vendor if named else None


def _as_named(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    """The vendor that the cue itself names."""
    text = scene.masked.text
    named = slot.VENDOR + slot.PERSON + slot.PRONOUN + slot.WE
    places = [at for at in range(*cue) if text[at] in named]
    places = places or [at for at in cue[:1] if text[at] in slot.ITS + slot.OUR]  # "its exit from"
    if not places or _wished(grammar, text[: cue[0]]):
        return None
    last = max((place for place in places[1:] if _same_list(scene, places[0], place)), default=places[0])
    return _resolve(scene, grammar, text[: last + 1], last, cue[0], depth=0)


def _wished(grammar: Grammar, before: str) -> bool:
    """Whether what follows is only thought or demanded ("calls for Northgate's exit")."""
    demanded = ends_near(grammar.demands_that, before, words=3) or ends_near(grammar.demands_to, before, words=1)
    return demanded or ends_near(grammar.frames, before, words=8)


def _same_list(scene: Scene, first: int, last: int) -> bool:
    """Whether two names stand in one list ("Amazon, IBM and Microsoft")."""
    before = scene.syntax.list_before.regex.search(scene.masked.text[:last])
    return before is not None and before.start(1) <= first < before.end(1)


def _as_passive(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    """Nobody is named as doing it ("sales were halted"): whose technology it is, unless somebody else is behind it."""
    text = scene.masked.text
    left = plain(scene.syntax, text[: cue[0]])
    others = any(
        left[at] in slot.OTHERS + slot.LAW and not behind_preposition(scene.syntax, left, at) for at in range(len(left))
    )
    if (
        others
        or _done_by_others(scene, cue)
        or stranger(scene.syntax, left)
        or told_by_others(scene.syntax, text[cue[1] :])
    ):
        return None
    if ends_near(grammar.frames, left, words=8) or ends_near(grammar.demands_that, left, words=4):
        return None
    spoken_of = scene.near or scene.named
    in_headline = scene.focus if spoken_of and scene.focus in scene.title_vendors else None
    return _owner(scene, cue) or _told(scene, cue, scene.told or in_headline)


def _done_by_others(scene: Scene, cue: tuple[int, int]) -> bool:
    text, syntax = scene.masked.text, scene.syntax
    return bool(syntax.by_others.regex.match(text, cue[1]) or syntax.under_law.regex.search(text))


def _told(scene: Scene, cue: tuple[int, int], vendor: str | None) -> Holder | None:
    """The vendor of whom was just told, where a sentence goes on about it without naming anybody else."""
    named = {m.vendor for _, m in scene.masked.of(slot.VENDOR)} - {vendor}
    return Holder((vendor,), cue[0], own=scene.own == vendor) if vendor and not named else None


def _as_document(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Holder | None:
    del grammar
    return Holder((scene.own,), cue[0], own=True) if scene.own else None


HOLDERS: Mapping[Subject, Callable[[Scene, Grammar, tuple[int, int]], Holder | None]] = {
    Subject.HOLDER: _as_holder,
    Subject.AUDIENCE: _as_audience,
    Subject.TECHNOLOGY: _as_technology,
    Subject.SPEAKER: _as_speaker,
    Subject.NAMED: _as_named,
    Subject.PASSIVE: _as_passive,
    Subject.DOCUMENT: _as_document,
}

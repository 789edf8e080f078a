"""What a rule finds in one sentence: its cues, how far they reach, and the technology and audience in their scope."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from watcher.core import pattern as slot
from watcher.core.discourse import Scene
from watcher.core.finder import thinkable
from watcher.core.findings import Finding
from watcher.core.holder import HOLDERS, Holder
from watcher.core.marks import Marks
from watcher.core.mention import Masked, Mention
from watcher.core.rule import Grammar, Rule, Subject
from watcher.core.statement import Audience, Position
from watcher.core.syntax import Syntax
from watcher.core.terms import Terms, own_part, terms

_CONCERNED = frozenset(slot.SLOTTED) - {slot.ACTOR, slot.NOISE, slot.LAW, slot.LAWMAKER}  # who or what a stance is of
SOME = {Audience.POLICE, Audience.GOVERNMENT}  # who leaves these alone goes on with others
_UNNAMED = {Subject.PASSIVE, Subject.TECHNOLOGY, Subject.AUDIENCE}  # subjects whose vendor is named elsewhere
_TOWARDS = {Position.BAN, Position.MORATORIUM}  # what is mostly said of somebody; a headline may name whom


def findings(scene: Scene, grammar: Grammar, written: date, *, policy: bool) -> Iterator[Finding]:
    """What the rules find in one sentence."""
    text = scene.masked.text
    spoken_of = scene.named or scene.near or (scene.seen and scene.masked.of(slot.THINGS))
    concerned = policy or scene.told or not scene.masked.kinds.isdisjoint(_CONCERNED)
    if not spoken_of or not concerned or text.rstrip().endswith("?"):
        return
    taken: list[tuple[int, int]] = []
    document = policy and scene.own is not None
    for rule, cue in sorted(
        _all_cues(grammar, scene.masked, document=document), key=_in_terms_first if document else _in_order
    ):
        if any(start <= cue[0] < end for start, end in taken) or "?" in text[cue[1] :]:  # "Out of it? Not quite"
            continue
        if document and taken and rule.subject in _UNNAMED:
            continue
        read = list(_read(rule, scene, grammar, cue, written))
        if read:
            taken.append(cue)
        yield from read


def _in_order(found: tuple[Rule, tuple[int, int]]) -> tuple[int, int]:
    """From left to right, the longer cue first: "lifts its ban on" takes the "ban on" in it along."""
    _, (start, end) = found
    return start, -end


def _in_terms_first(found: tuple[Rule, tuple[int, int]]) -> tuple[bool, int, int]:
    """On a page of terms what nobody is named for comes last: its own rules read it more exactly."""
    return found[0].subject in _UNNAMED, *_in_order(found)


def _all_cues(grammar: Grammar, masked: Masked, *, document: bool) -> Iterator[tuple[Rule, tuple[int, int]]]:
    owners = grammar.cue_owners
    by_rule: dict[int, list[tuple[int, int]]] = {}
    for number, match in grammar.cues.find(masked.text):
        by_rule.setdefault(owners[number], []).append(match.span())
    for place, spans in by_rule.items():
        rule = grammar.rules[place]
        if rule.subject is Subject.DOCUMENT and not document:
            continue
        for cue in _cues(rule, masked.text, spans):
            if rule.subject is Subject.DOCUMENT or not _denied(grammar.syntax, masked.text, cue):
                yield rule, cue


def _denied(syntax: Syntax, text: str, cue: tuple[int, int]) -> bool:
    before = text[: cue[0]]
    if syntax.negated.regex.search(before) or syntax.others_own.regex.search(before):
        return True
    return bool(syntax.negated_after.regex.match(text, cue[1]))


def _cues(rule: Rule, text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The cues of a rule that are no pseudo cues; of those that begin at one place, the first."""
    pseudo = [match.span() for pattern in thinkable(rule.pseudo, text) for match in pattern.regex.finditer(text)]
    seen: set[int] = set()
    for span in spans:
        inside = any(start < span[1] and span[0] < end for start, end in pseudo)
        if not inside and span[0] not in seen:
            seen.add(span[0])
            yield span


def _read(rule: Rule, scene: Scene, grammar: Grammar, cue: tuple[int, int], written: date) -> Iterator[Finding]:
    holder = HOLDERS[rule.subject](scene, grammar, cue)
    if holder is None:
        return
    reach = (min(holder.at, cue[0]), _reach(rule, grammar, scene.masked.text, cue))
    if rule.subject is Subject.DOCUMENT:
        reach = (0, len(scene.masked.text))
    if rule.subject is Subject.SPEAKER and holder.at >= cue[0] and scene.masked.of(slot.TECHNOLOGY, 0, cue[0]):
        reach = (0, reach[1])  # who says so is named behind it all
    if not _technology(rule, scene, reach, cue):
        return
    found = terms(scene, grammar, cue, reach, written)
    audiences = _audiences(rule, scene, grammar, cue, reach, found)
    if rule.needs_audience and audiences == (Audience.EVERYONE,):
        return
    everyone = scene.masked.of(slot.AUDIENCE, *_region(scene.syntax, rule, cue, reach))
    to_all = Audience.EVERYONE in audiences and any(m.audience is Audience.EVERYONE for _, m in everyone)
    for vendor in holder.vendors:
        for audience in audiences:
            finding = _finding(rule, scene, holder, vendor, audience, found, reach)
            if _is_habit(scene, cue):
                finding = replace(finding, past=True, hard_past=True)
            whole = scene.syntax.whole_business.regex.search(scene.masked.text, cue[0])
            all_of_it = rule.position is Position.EXIT and whole is not None
            yield replace(finding, to_all=to_all or all_of_it, marks=_marks(scene, cue, reach, audience))


def _finding(
    rule: Rule, scene: Scene, holder: Holder, vendor: str, audience: Audience, found: Terms, reach: tuple[int, int]
) -> Finding:
    products = [
        m.product for _, m in scene.masked.of(slot.TECHNOLOGY + slot.THINGS) if m.product and m.vendor == vendor
    ]
    position = _position(rule, audience, found)
    return Finding(
        vendor=vendor,
        position=position,
        at_all=rule.to_everyone if position is rule.position else None,
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
        past=found.past or found.again or (rule.background and found.announced is None),
        hard_past=found.again or found.long_ago,
        placed=found.placed,
        own=holder.own,
        deal=rule.deal,
        towards_named=_towards_named(rule, scene),
        saying=bool(scene.syntax.present.regex.search(scene.masked.text[: reach[1]])),
        in_title=vendor in scene.title_vendors,
    )


def _towards_named(rule: Rule, scene: Scene) -> bool:
    """Whether those named are told what they may do, or handed it ("by charities"), and are no place ("in shops")."""
    named = scene.masked.of(slot.AUDIENCE)
    handed = any(scene.syntax.by_or_for.regex.search(scene.masked.text[:at]) for at, _ in named)
    return bool(named) and (rule.subject is Subject.AUDIENCE or handed)


def _is_habit(scene: Scene, cue: tuple[int, int]) -> bool:
    """Whether a report only tells how things are, and nobody is there who says so."""
    text = scene.masked.text
    if scene.own or scene.sentence.start < 0 or not scene.syntax.habit.regex.search(text, *cue):
        return False
    return not scene.masked.of(slot.WE) and not scene.syntax.saying.regex.search(text)


def _marks(scene: Scene, cue: tuple[int, int], reach: tuple[int, int], audience: Audience) -> Marks:
    sentence, masked = scene.sentence, scene.masked
    low = min(reach[0], cue[0])
    high = max(low + len(masked.text[low : reach[1]].rstrip()), cue[1])
    return Marks(
        text=f"{sentence.lead_in} {sentence.text}" if sentence.lead_in else sentence.text,
        scope=masked.place(low, high),
        cue=masked.place(*cue),
        targets=tuple((m.start, m.end) for _, m in masked.of(slot.TECHNOLOGY + slot.THINGS, low, high)),
        audiences=tuple((m.start, m.end) for _, m in masked.of(slot.AUDIENCE) if m.audience is audience),
    )


def _position(rule: Rule, audience: Audience, found: Terms) -> Position:
    if found.ends and rule.with_end:
        return rule.with_end
    spared = any(pattern.regex.match(found.condition or "") for pattern in rule.despite)
    if found.proviso and rule.with_proviso and not spared:
        return rule.with_proviso
    made = rule.to_everyone if audience is Audience.EVERYONE and rule.to_everyone else rule.position
    return Position.BAN if made is Position.EXIT and audience in SOME else made


def _reach(rule: Rule, grammar: Grammar, text: str, cue: tuple[int, int]) -> int:
    start = cue[1]
    stops = [
        match.start()
        for pattern in thinkable((*grammar.terminators, *rule.terminated_by), text)
        if (match := pattern.regex.search(text, start))
    ]
    closing = ",;:" if grammar.syntax.in_relative.regex.search(text[: cue[0]]) else ";:"
    stops.extend(at for at in (text.find(mark, start) for mark in closing) if at >= 0)
    return min(stops, default=len(text))


def _technology(rule: Rule, scene: Scene, reach: tuple[int, int], cue: tuple[int, int]) -> bool:
    masked = scene.masked
    if masked.of(slot.TECHNOLOGY, *reach) or scene.syntax.topic.regex.match(masked.text, 0, reach[0]):
        return True
    known = scene.near or scene.named
    if rule.subject is Subject.TECHNOLOGY and masked.text[reach[0]] == slot.PRONOUN:
        return known and rule.position is not Position.ALLOW  # "it is back" is rather said of the company
    if masked.of(slot.THINGS, *reach):
        return _in_terms(scene, reach) if rule.subject is Subject.DOCUMENT else known or scene.seen
    if not rule.needs_technology:
        return known
    if rule.subject is Subject.DOCUMENT:
        return False  # each clause of terms stands by itself
    audiences = [at for at, _ in masked.of(slot.AUDIENCE, *reach)]
    other = scene.syntax.other_object.regex
    towards = any(at < cue[1] or not other.search(masked.text[cue[1] : at]) for at in audiences)
    pronoun = scene.syntax.meant.regex.match(masked.text, cue[1]) or scene.syntax.them.regex.search(masked.text, *cue)
    return known and (towards or bool(pronoun) or slot.PRONOUN in masked.text[cue[0] : cue[1]])


def _is_user(syntax: Syntax, text: str, at: int, mention: Mention) -> bool:
    """Whether terms name somebody as a user; people behind the verb are those whose faces are looked for."""
    return (
        mention.audience is not Audience.CONSUMERS
        or not text[:at].strip()
        or bool(syntax.by_or_for.regex.search(text[:at]))
    )


def _speaks(scene: Scene, at: int) -> bool:
    """Whether those named at a place only say so (", authorities announced")."""
    return bool(scene.syntax.says.regex.match(scene.masked.text[at + 1 :]))


def _in_terms(scene: Scene, reach: tuple[int, int]) -> bool:
    """Whether a clause of terms means the technology: "the technology", but not "our products"."""
    named = [scene.said(mention) for _, mention in scene.masked.of(slot.THING, *reach)]
    return scene.titled or (scene.near and any(scene.syntax.same_thing.regex.fullmatch(text) for text in named))


def _handed_to(scene: Scene, reach: tuple[int, int]) -> Audience | None:
    """To whom the technology goes, where a sentence speaks of that ("rules on its export to repressive states")."""
    handed = scene.syntax.handed.regex.search(scene.masked.text, *reach)
    return scene.masked.mentions[handed.end() - 1].audience if handed else None


def _region(syntax: Syntax, rule: Rule, cue: tuple[int, int], reach: tuple[int, int]) -> tuple[int, int]:
    """Where a sentence may name towards whom: behind the cue, or before it where the subject is not the holder."""
    if rule.subject is Subject.AUDIENCE:
        return 0, cue[1]
    behind = cue[0]
    if syntax.verb_last:
        behind = 0 if rule.subject is Subject.NAMED else reach[0]
    return (0 if rule.subject is Subject.PASSIVE else behind), reach[1]


def _end_of_clause(scene: Scene, cue: tuple[int, int], told: Terms) -> int:
    """Behind it others are named: those of an end ("until there is a law on its use by police") or of another deed."""
    found = scene.syntax.second_clause.regex.search(scene.masked.text, cue[1])
    high = found.start() if found else len(scene.masked.text)
    return min(high, told.ends_at) if told.ends_at is not None and told.ends_at >= cue[1] else high


def _recipient(scene: Scene, grammar: Grammar, low: int, high: int) -> Audience | None:
    """Towards whom, where no audience is named ("sell it to investigators", "use it on its staff")."""
    text = scene.words(low, high) if high > low else ""
    found = [
        (match.start(), kind.audience) for kind in grammar.recipients if (match := kind.pattern.regex.search(text))
    ]
    return min(found)[1] if found else None


def _narrowed(scene: Scene, found: list[tuple[int, Mention]]) -> list[tuple[int, Mention]]:
    """Who is named beside everybody ("all accounts of police"); but "anyone, police included" is anyone."""
    narrow = [(at, m) for at, m in found if m.audience is not Audience.EVERYONE]
    if narrow and found[0] != narrow[0] and scene.masked.text[found[0][0] + 1 : narrow[0][0]].startswith(","):
        return found[:1]
    return narrow or found


def _audiences(
    rule: Rule, scene: Scene, grammar: Grammar, cue: tuple[int, int], reach: tuple[int, int], told: Terms
) -> tuple[Audience, ...]:
    if rule.audience:
        return (_handed_to(scene, reach) or rule.audience,)
    low, high = _region(scene.syntax, rule, cue, reach)
    high = min(high, _end_of_clause(scene, cue, told), own_part(scene.syntax, scene.masked, cue)[1])
    found = [
        (at, m)
        for at, m in scene.masked.of(slot.AUDIENCE, low, high)
        if not (scene.syntax.outside.regex.search(scene.masked.text[:at]) or _speaks(scene, at))
    ]
    if rule.subject is Subject.PASSIVE:
        found = [(at, m) for at, m in found if cue[0] <= at < cue[1]] or found
    found = _narrowed(scene, found)
    if rule.subject is Subject.DOCUMENT:
        found = [
            (at, m)
            for at, m in found or scene.masked.of(slot.AUDIENCE)
            if _is_user(scene.syntax, scene.masked.text, at, m)
        ]
    if not found:
        them = scene.syntax.them.regex.search(scene.masked.text, cue[0], reach[1])
        earlier = scene.masked.of(slot.AUDIENCE, 0, cue[0])
        named = earlier[-1][1].audience if earlier else scene.audience
        if (them or rule.recalls) and named:
            return (named,)
        meant = (
            scene.title_audience is Audience.POLICE
            and not told.long_ago
            and rule.position in _TOWARDS
            and not rule.to_everyone
            and not scene.syntax.whole_business.regex.search(scene.masked.text, cue[1], high)  # "to sell it entirely"
        )
        recipient = _recipient(scene, grammar, cue[0], min(high, reach[1]))
        if recipient and rule.subject not in {Subject.AUDIENCE, Subject.DOCUMENT}:
            return (recipient,)
        if rule.subject is Subject.AUDIENCE:
            return (Audience.BUSINESS,) if rule.position is Position.ALLOW else ()  # named organisations
        return (Audience.POLICE,) if meant else (Audience.EVERYONE,)
    picked = [found[0]] if rule.subject is not Subject.AUDIENCE else [found[-1]]
    for before, after in pairwise(found):
        between = scene.masked.text[before[0] + 1 : after[0]]
        if before in picked and scene.syntax.joined.regex.match(between):
            picked.append(after)
    return tuple(dict.fromkeys(m.audience for _, m in picked if m.audience))

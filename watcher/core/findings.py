"""What single sentences say, joined: one statement for each vendor, position and audience."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from watcher.core import when
from watcher.core.marks import Marks
from watcher.core.source import SourceKind
from watcher.core.statement import Audience, Position, Statement

_LEAD = 6  # sentences in which a report tells its news
_BESIDE = 3  # sentences within which an exit and a ban for some are one stance
_FOLLOWS = 2  # sentences behind a stance within which the next one belongs to the same news
_AFTER = 2  # sentences within which an afterthought may follow
_NEWS_AGE = (timedelta(days=5), timedelta(days=8))  # of news; second: in a newsletter, which sums up a week
_RESTRICTIVE = {Position.EXIT, Position.BAN, Position.MORATORIUM}


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's reading of one sentence."""

    vendor: str
    position: Position
    audience: Audience
    rule: str
    start: int
    end: int
    quote: str
    index: int
    product: str | None = None
    jurisdiction: str | None = None
    until: date | None = None
    length: tuple[int, str] | None = None
    condition: str | None = None
    announced: date | None = None
    past: bool = False
    hard_past: bool = False  # past beyond doubt: a date, a tense, or said to be a repetition
    placed: bool = False  # told with a time of its own: "in December", "on 8 June"
    saying: bool = False  # "says", in the present: a report of its own
    own: bool = False
    deal: bool = False
    towards_named: bool = False  # an audience that is told what it may do, no place
    to_all: bool = False  # towards everyone, in so many words
    at_all: Position | None = None  # the position where those named are all whom the vendor serves
    in_title: bool = False
    marks: Marks | None = None


@dataclass(frozen=True, slots=True)
class Afterthought:
    """What the sentence behind a stance adds to it ("It will last a year", "The promise holds only until ...")."""

    index: int
    length: tuple[int, str] | None
    until: date | None
    condition: str | None


def add(found: Sequence[Finding], thought: Afterthought) -> list[Finding]:
    """The findings with an afterthought added to those of the sentence before it."""
    return [
        _with(f, thought) if 0 < thought.index - f.index <= _AFTER and f.position in _RESTRICTIVE else f for f in found
    ]


def _with(finding: Finding, thought: Afterthought) -> Finding:
    return replace(
        finding,
        position=Position.MORATORIUM,
        length=finding.length or thought.length,
        until=finding.until or thought.until,
        condition=finding.condition or thought.condition,
    )


def join(found: Iterable[Finding], written: date, *, own: str | None, kind: SourceKind) -> tuple[Statement, ...]:
    """The statements of a document from the findings of its sentences, in the order of the text."""
    by_vendor: dict[str, list[Finding]] = {}
    listed = list(found)
    for finding in listed:
        by_vendor.setdefault(finding.vendor, []).append(finding)
    lead = _lead(listed)
    statements = [made for of_one in by_vendor.values() for made in _one_vendor(of_one, written, own, kind, lead)]
    return tuple(sorted(statements, key=lambda s: (s.start, s.vendor, s.audience)))


def _lead(found: Iterable[Finding]) -> int:
    """Up to which sentence a report tells its news: while one stance follows another; a late one may open the row."""
    told = sorted({finding.index for finding in found if not finding.past})
    last = max((index for index in told if index < _LEAD), default=_LEAD)
    for index in told:
        if last < index <= last + _FOLLOWS:
            last = index
    return max(last, _LEAD - 1)


def _one_vendor(
    found: Sequence[Finding], written: date, own: str | None, kind: SourceKind, lead: int
) -> list[Statement]:
    settled = _without_reasons(_narrow(_paused(found)))
    kept: dict[tuple[Position, Audience, bool], Finding] = {}
    for finding in settled:
        key = (finding.position, finding.audience, finding.hard_past)
        kept[key] = _merge(kept[key], finding) if key in kept else finding
    news_day = _news_day(found)
    told = [finding for finding in kept.values() if not (finding.hard_past and _told_anew(finding, kept))]
    return [_statement(finding, written, news_day, own, kind, lead) for finding in told]


def _told_anew(past: Finding, kept: Mapping[tuple[Position, Audience, bool], Finding]) -> bool:
    """Whether the same stance also stands there as news, so that its past telling adds no occasion of its own."""
    news = kept.get((past.position, past.audience, False))
    return news is not None and (past.announced is None or past.announced == news.announced)


def _paused(found: Sequence[Finding]) -> list[Finding]:
    """Where one sentence names an end, the others that tell the same more loosely are the same pause."""
    pauses = [f for f in found if f.position is Position.MORATORIUM]
    return [replace(f, position=Position.MORATORIUM) if any(_looser(f, p) for p in pauses) else f for f in found]


def _looser(finding: Finding, pause: Finding) -> bool:
    """Whether a finding is the pause in looser words; "limits the use by police" only if the same sentence has it."""
    if (finding.audience, finding.hard_past) != (pause.audience, pause.hard_past):
        return False
    limits = finding.position is Position.RESTRICT and finding.audience is not Audience.EVERYONE
    return finding.position in {Position.BAN, Position.EXIT} or (limits and finding.index == pause.index)


def _without_reasons(found: Sequence[Finding]) -> list[Finding]:
    """A call for rules beside a stance is that stance's reason, and none of its own, unless it has its own time."""
    stance_told = any(f.position in _RESTRICTIVE and not f.hard_past for f in found)
    return [
        f for f in found if not (stance_told and f.position is Position.ADVOCATE and not (f.hard_past and f.placed))
    ]


def _narrow(found: Sequence[Finding]) -> list[Finding]:
    """A stance told without its audience is that of the sentences that name it."""
    named = [f for f in found if f.audience is not Audience.EVERYONE and f.position in _RESTRICTIVE]
    tight = {f.position for f in named}
    looser = {Position.BAN, Position.EXIT} if tight & {Position.BAN, Position.MORATORIUM} else set()
    return [f for f in found if f.position not in tight | looser or f.to_all or _apart(f, named)]


def _apart(finding: Finding, named: Sequence[Finding]) -> bool:
    """Whether a finding names its own audience, or a place of which nothing narrower is told, or is told elsewhere."""
    own_place = finding.jurisdiction is not None and finding.jurisdiction not in {f.jurisdiction for f in named}
    far = finding.position is Position.EXIT and all(abs(f.index - finding.index) > _BESIDE for f in named)
    return finding.audience is not Audience.EVERYONE or own_place or far


def _merge(first: Finding, other: Finding) -> Finding:
    """The better proof, filled in from the other: news before background, with its terms before without."""
    best, rest = (other, first) if _proof(other) > _proof(first) else (first, other)
    return replace(
        best,
        product=best.product or rest.product,
        jurisdiction=best.jurisdiction or rest.jurisdiction,
        until=best.until or rest.until,
        length=best.length or rest.length,
        condition=best.condition or rest.condition,
        announced=best.announced or rest.announced,
    )


def _proof(finding: Finding) -> tuple[bool, bool]:
    return not finding.past, bool(finding.until or finding.length or finding.condition)


def _news_day(found: Sequence[Finding]) -> date | None:
    days = [f.announced for f in found if f.announced and not f.past]
    return days[0] if days else None


def _statement(
    finding: Finding, written: date, news_day: date | None, own: str | None, kind: SourceKind, lead: int
) -> Statement:
    mine = own == finding.vendor
    past = finding.hard_past if mine or finding.in_title else finding.past
    in_lead = finding.index <= lead or kind is SourceKind.NEWSLETTER  # where each item is a report of its own
    fresh = not past and (mine or finding.in_title or finding.saying or in_lead)
    named = finding.announced or (news_day if fresh else None)
    announced = named or (written if fresh and mine else None)
    until = finding.until
    begins = announced or (written if fresh else None)
    if until is None and finding.length and begins and finding.position is Position.MORATORIUM:
        until = when.after(begins, finding.length)
    paused = finding.position is Position.MORATORIUM
    return Statement(
        vendor=finding.vendor,
        position=finding.position,
        audience=finding.audience,
        quote=finding.quote,
        start=finding.start,
        end=finding.end,
        rule=finding.rule,
        product=finding.product,
        jurisdiction=finding.jurisdiction,
        until=until if paused else None,
        condition=finding.condition,
        announced=announced,
        fresh=fresh and (announced is None or written - announced <= _NEWS_AGE[kind is SourceKind.NEWSLETTER]),
        deal=finding.deal,
        own_voice=mine or (kind is SourceKind.VENDOR and finding.own),
        assumed=announced is not None and named is None,
        to_all=finding.to_all,
    )

"""Wording gone from a policy page: which stance went with it; and wording that came back within a week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from watcher.core.absence import FLAP, Absence
from watcher.core.alert import Alert, Report, alert_key, told_of
from watcher.core.change import Change, Verdict
from watcher.core.compare import same_product
from watcher.core.judgement import Judgement, Occasion, judge
from watcher.core.modality import as_binding, shift
from watcher.core.stance import Ledger, Stance, still_stated
from watcher.core.statement import Position, Statement
from watcher.core.vendor import Vendor

_CORE = {Position.EXIT, Position.BAN, Position.MORATORIUM}

BACK = "back on the page within seven days: a flap, counted and told to nobody"


@dataclass(frozen=True, slots=True)
class Going:
    """What is known of the wording that went: ``still`` is what the page states without it.

    ``absent`` says how the whole page went; None: it is there.
    """

    absences: Sequence[Absence]
    still: Sequence[Statement]
    absent: str | None = None

    def of(self, statement: Statement) -> Absence | None:
        """How the sentence behind a statement went."""
        return next((one for one in self.absences if one.text == statement.quote), None)

    def since(self, statement: Statement) -> Absence | None:
        """The same, or how the page went that held it."""
        return self.of(statement) or next((one for one in self.absences if one.whole), None)


def withdraw(
    statements: Sequence[Statement],
    going: Going,
    occasion: Occasion,
    ledger: Ledger,
    vendors: Mapping[str, Vendor],
    now: datetime,
) -> Judgement:
    """Judge the statements of sentences that are gone: an alert for each vendor whose stance went with them."""
    verdicts = [_verdict(statement, going, occasion, ledger) for statement in statements]
    told = [verdict for verdict in verdicts if verdict.told]
    by_vendor = {
        verdict.statement.vendor: [v for v in told if v.statement.vendor == verdict.statement.vendor]
        for verdict in told
    }
    return Judgement(
        verdicts=tuple(verdicts),
        rows=tuple(_row(verdict, going, occasion, now) for verdict in told if _takes_stance(verdict)),
        alerts=tuple(
            _alert(mine, occasion, vendors[vendor].name if vendor in vendors else vendor, now)
            for vendor, mine in by_vendor.items()
        ),
    )


def _verdict(statement: Statement, going: Going, occasion: Occasion, ledger: Ledger) -> Verdict:
    absence = going.since(statement)
    since = absence.gone_since.date() if absence else occasion.post.seen.date()
    held = _held(statement, ledger)
    gone = replace(statement, announced=since, before=_whole(statement, absence), page_dated=None, shift=None)
    standing = _standing(statement, going, held, since)
    if standing:
        return Verdict(gone, Change.REITERATED if held else Change.BACKGROUND, standing, previous=held)
    how = f"the page {going.absent}" if going.absent else "the sentence is gone from the page"
    reason = f"{how} since {since}; two later captures at least a day apart agree"
    return Verdict(gone, Change.WITHDRAWN, reason, told=True, previous=held)


def _takes_stance(verdict: Verdict) -> bool:
    """Whether the stance on record went; a stricter one that the page goes on to state did not."""
    held = verdict.previous
    return held is not None and _alike(held.position, verdict.statement.position)


def _whole(statement: Statement, absence: Absence | None) -> str:
    return absence.passage.whole if absence and not absence.whole else statement.quote


def _standing(statement: Statement, going: Going, held: Stance | None, since: date) -> str | None:
    """Why the stance does not go with its sentence; None when it does."""
    if held is None:
        return "gone from the page, and no stance of that wording was on record"
    beside = any(_covers(other, replace(statement, position=held.position)) for other in going.still)
    if not _alike(held.position, statement.position) and not beside:
        return f"gone from the page, which said what the {held.position} of {held.held_from} had replaced"
    if held.held_from > since:
        return f"gone from the page, but stated anew on {held.held_from}"
    kept = next((other for other in going.still if _covers(other, statement)), None)
    if kept:
        return f"gone from the page, which still says: {kept.quote}"
    absence = going.of(statement)
    return _succeeded(absence.passage.whole, absence.successor) if absence and absence.successor else None


def _succeeded(before: str, after: str) -> str | None:
    """Why the stance lives on in the sentence that took the place of its own."""
    if as_binding(before, after):
        return f"put into other words that bind as much: {after}"
    if shift(before, after):
        return f"edited, and judged when it was: {after}"
    return None


def _covers(other: Statement, gone: Statement) -> bool:
    if other.vendor != gone.vendor or not same_product(other.product, gone.product):
        return False
    return other.audience.covers(gone.audience) and _alike(other.position, gone.position)


def _alike(one: Position, other: Position) -> bool:
    """Pages and papers word one refusal as an exit, a ban or a pause."""
    return one is other or {one, other} <= _CORE


def _held(statement: Statement, ledger: Ledger) -> Stance | None:
    rows = [
        row
        for row in still_stated(ledger.history(statement.vendor))
        if row.audience.covers(statement.audience)
        and same_product(row.product, statement.product)
        and (row.position is Position.ADVOCATE) is (statement.position is Position.ADVOCATE)
        and not row.deal
    ]
    exact = [row for row in rows if row.audience is statement.audience]
    return exact[-1] if exact else rows[-1] if rows else None


def _row(verdict: Verdict, going: Going, occasion: Occasion, now: datetime) -> Stance:
    statement, post, held = verdict.statement, occasion.post, verdict.previous
    return Stance(
        vendor=statement.vendor,
        audience=held.audience if held else statement.audience,
        position=held.position if held else statement.position,
        held_from=statement.announced or post.seen.date(),
        recorded_at=now,
        origin=f"post:{post.id}",
        product=held.product if held else statement.product,
        jurisdiction=statement.jurisdiction,
        quote=statement.quote,
        url=post.url,
        source=occasion.source_name,
        own_voice=True,
        note=f"the page {going.absent}" if going.absent else None,
        withdrawn=True,
    )


def _alert(told: Sequence[Verdict], occasion: Occasion, vendor_name: str, now: datetime) -> Alert:
    ordered = sorted(told, key=lambda verdict: -(verdict.statement.position.strictness or 0))
    main, post = ordered[0], occasion.post
    said = main.statement
    return Alert(
        key=alert_key(said.vendor, post.id, post.version, said.audience, said.position),
        vendor=said.vendor,
        vendor_name=vendor_name,
        changes=tuple(told_of(verdict) for verdict in ordered),
        reason=main.reason,
        at=now,
        post_id=post.id,
        title=post.title,
        url=post.url,
        source_id=post.source_id,
        source_name=occasion.source_name,
        source_kind=occasion.source_kind,
        published=post.published,
        own_voice=True,
        rule=said.rule,
    )


def take_back(
    statements: Sequence[Statement],
    occasion: Occasion,
    ledger: Ledger,
    recent: Sequence[Alert],
    vendors: Mapping[str, Vendor],
    now: datetime,
) -> Judgement:
    """Judge wording that came back within a week: the record follows, and nobody is told anew.

    Where its going had been told, the return joins that alert, so that its readers can learn of it.
    """
    judgement = judge(statements, occasion, ledger, (), vendors, now)
    told = {alert.vendor: alert for alert in recent if _told_here(alert, occasion)}
    verdicts = tuple(_quiet(verdict, told) for verdict in judgement.verdicts)
    return replace(judgement, verdicts=verdicts, alerts=(), reports=tuple(_reports(verdicts, occasion, now)))


def _told_here(alert: Alert, occasion: Occasion) -> bool:
    post = occasion.post
    return alert.source_id == post.source_id and post.published - alert.published <= FLAP


def _quiet(verdict: Verdict, told: Mapping[str, Alert]) -> Verdict:
    if not verdict.told:
        return verdict
    alert = told.get(verdict.statement.vendor)
    return replace(verdict, told=False, reason=f"{verdict.reason}; but {BACK}", joins=alert.key if alert else None)


def _reports(verdicts: Sequence[Verdict], occasion: Occasion, now: datetime) -> list[Report]:
    post = occasion.post
    first = {verdict.joins: verdict for verdict in reversed(verdicts) if verdict.joins}
    return [
        Report(
            alert_key=key,
            post_id=post.id,
            url=post.url,
            source_id=post.source_id,
            source_name=occasion.source_name,
            title=post.title,
            quote=verdict.statement.quote,
            at=now,
            own_voice=True,
        )
        for key, verdict in first.items()
    ]

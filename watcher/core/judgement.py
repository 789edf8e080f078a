"""Statements against the record: what is news, what repeats, what is past; one event, one alert.

The rules are those of the project's promise: a statement older than the stance on record is background; same position
and nothing new is a repetition; within ten days of an alert another report of the same direction corroborates it;
first sight is no news; the vendor's own voice outranks the press; every verdict keeps its reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from watcher.core.alert import Alert, Report, Told, alert_key, told_of
from watcher.core.change import Change, Verdict
from watcher.core.compare import compare, same_product
from watcher.core.intake import author_time
from watcher.core.post import Post
from watcher.core.source import SourceKind
from watcher.core.stance import Evidence, Ledger, Stance, still_stated, strictest
from watcher.core.statement import Audience, Position, Statement
from watcher.core.vendor import Vendor

ONE_EVENT = timedelta(days=10)  # reports of one event come within this time of each other
_ZONES = timedelta(days=1)  # by which the days of two authors may differ at one moment
_SAME_NEWS = timedelta(days=3)  # in which outlets may put the vendor's own words quite differently
_CORE = {Position.EXIT, Position.BAN, Position.MORATORIUM}


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where statements were found. ``vendor``: whose own voice the source is.

    ``stated``: what a policy page goes on to state beside its new sentences.
    """

    post: Post
    source_name: str
    source_kind: SourceKind
    vendor: str | None = None
    stated: frozenset[tuple[Position, Audience]] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that follows from one post: to be saved together, or not at all."""

    verdicts: tuple[Verdict, ...] = ()
    rows: tuple[Stance, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    alerts: tuple[Alert, ...] = ()
    reports: tuple[Report, ...] = ()


def judge(
    statements: Sequence[Statement],
    occasion: Occasion,
    ledger: Ledger,
    recent: Sequence[Alert],
    vendors: Mapping[str, Vendor],
    now: datetime,
) -> Judgement:
    """Judge the statements of one post, vendor by vendor.

    ``ledger`` and ``recent`` hold at least the rows and the last weeks' alerts of the vendors in ``statements``.
    """
    parts = []
    for vendor in dict.fromkeys(statement.vendor for statement in statements):
        mine = [statement for statement in statements if statement.vendor == vendor]
        near = [alert for alert in recent if alert.vendor == vendor and _near(alert, occasion.post)]
        name = vendors[vendor].name if vendor in vendors else vendor
        parts.append(_Case(occasion, ledger, near, name, now).decide(mine))
    return Judgement(
        verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
        rows=tuple(row for part in parts for row in part.rows),
        evidence=tuple(item for part in parts for item in part.evidence),
        alerts=tuple(alert for part in parts for alert in part.alerts),
        reports=tuple(report for part in parts for report in part.reports),
    )


def _near(alert: Alert, post: Post) -> bool:
    return abs(alert.published - post.published) <= ONE_EVENT and alert.post_id != post.id


@dataclass(frozen=True, slots=True)
class _Case:
    """One vendor's statements in one post."""

    occasion: Occasion
    ledger: Ledger
    near: Sequence[Alert]
    vendor_name: str
    now: datetime

    def decide(self, statements: Sequence[Statement]) -> Judgement:
        restated = {(s.position, s.audience) for s in statements} | self.occasion.stated
        single = [self._beside(self._verdict(statement), restated) for statement in statements]
        together = self._together(single)
        rows = strictest([self._row(v) for v in together if self._worth_a_row(v)])
        verdicts = [self._told_past(verdict) for verdict in together]
        told = [verdict for verdict in verdicts if verdict.told]
        alerts = (self._alert(told),) if told else ()
        return Judgement(
            verdicts=tuple(verdicts),
            rows=tuple(rows),
            evidence=tuple(item for v in verdicts if (item := self._evidence(v))),
            alerts=alerts,
            reports=self._reports(verdicts),
        )

    # --- one statement

    def _verdict(self, statement: Statement) -> Verdict:
        held = self._held(statement)
        if not self._current(statement):
            return self._past(statement, held)
        joined = self._joins(statement)
        if joined and held is None:
            held = self._held(statement, ONE_EVENT)
        if joined and not self._second_event(statement, joined, held):
            reason = f"another report of what was told on {joined.published:%Y-%m-%d}; it joins that alert"
            return Verdict(statement, Change.REITERATED, reason, previous=held, joins=joined.key)
        later = self._overtaken_by(statement)
        if later:
            reason = f"announced {self._stated(statement)}, before the stance on record since {later.held_from}"
            return Verdict(statement, Change.BACKGROUND, reason, previous=held)
        change, reason = compare(statement, held, self._stated(statement))
        if self.occasion.post.baseline and held and {held.position, statement.position} <= _CORE:
            reason = f"there at first sight, in other words than the {held.position} of {held.held_from}"
            return Verdict(statement, Change.REITERATED, reason, previous=held)
        if self.occasion.post.baseline and change.news:
            reason = f"{reason}; but it was there at first sight or during an outage: recorded, not told"
            return Verdict(statement, change, reason, previous=held)
        return Verdict(statement, change, reason, told=change.news, previous=held)

    def _beside(self, verdict: Verdict, restated: set[tuple[Position, Audience]]) -> Verdict:
        """A condition told beside the ban or pause that the same post restates adds to it, and takes nothing back."""
        held, statement = verdict.previous, verdict.statement
        if held is None or verdict.change is not Change.LOOSENED or statement.position is not Position.RESTRICT:
            return verdict
        if statement.shift or (held.position, held.audience) not in restated:
            return verdict
        if (held.position, held.audience) not in self.occasion.stated and (
            not statement.condition or statement.condition in (held.condition or "")
        ):
            reason = f"repeats the {held.position} of {held.held_from}, which the same post restates"
            return replace(verdict, change=Change.REITERATED, reason=reason, told=False)
        conditions = [condition for condition in (held.condition, statement.condition) if condition]
        amended = replace(statement, position=held.position, until=held.until, condition="; ".join(conditions) or None)
        reason = f"a condition beside the {held.position} of {held.held_from}, which the same post restates"
        return replace(verdict, statement=amended, change=Change.AMENDED, reason=reason)

    @property
    def _today(self) -> date:
        return author_time(self.occasion.post).date()

    def _stated(self, statement: Statement) -> date:
        return statement.announced or self._today

    def _current(self, statement: Statement) -> bool:
        """Told as news, or dated so shortly before that nobody need have heard of it."""
        if statement.announced is not None and self._today - statement.announced > ONE_EVENT:
            return False
        return statement.fresh or statement.announced is not None

    def _past(self, statement: Statement, held: Stance | None) -> Verdict:
        if held is not None and held.position is statement.position:
            return Verdict(
                statement, Change.REITERATED, f"repeats the stance held since {held.held_from}", previous=held
            )
        when = f"of {statement.announced}" if statement.announced else "told as something past, without a day"
        return Verdict(statement, Change.BACKGROUND, f"background {when}; written down, not told", previous=held)

    def _held(self, statement: Statement, ahead: timedelta = _ZONES) -> Stance | None:
        """The stance on record that speaks of the same thing on the day of the statement."""
        rows = [
            row for row in still_stated(self.ledger.history(statement.vendor)) if row.held_from <= self._today + ahead
        ]
        rows = [row for row in rows if (row.position is Position.ADVOCATE) == (statement.position is Position.ADVOCATE)]
        if statement.position is not Position.ADVOCATE:
            rows = [
                row
                for row in rows
                if row.audience.covers(statement.audience) and same_product(row.product, statement.product)
            ]
            exact = [row for row in rows if row.audience is statement.audience]
            exact = [row for row in exact if not row.deal] or exact
            strict = [
                row
                for row in rows
                if row.position is Position.EXIT and (not exact or row.held_from >= exact[-1].held_from)
            ]
            rows = strict or exact or rows
        return rows[-1] if rows else None

    def _overtaken_by(self, statement: Statement) -> Stance | None:
        """A stance on the same thing, later than the post itself: a post with an old date, or one that came late."""
        later = [
            row
            for row in self.ledger.history(statement.vendor)
            if row.held_from > max(self._today, self._stated(statement)) + _ZONES
            and (row.position is Position.ADVOCATE) == (statement.position is Position.ADVOCATE)
            and row.audience.covers(statement.audience)
            and same_product(row.product, statement.product)
        ]
        return later[0] if later else None

    # --- one event, one alert

    def _joins(self, statement: Statement) -> Alert | None:
        """The alert of the same event, if one went out within ten days."""
        for alert in reversed(self.near):
            if any(self._same_event(statement, told, alert) for told in alert.changes):
                return alert
        return None

    def _same_event(self, statement: Statement, told: Told, alert: Alert) -> bool:
        shared = told.audience.covers(statement.audience) or statement.audience.covers(told.audience)
        same_side = _side(told.position) == _side(statement.position)
        if shared and same_side:
            return True
        if abs(alert.published - self.occasion.post.published) > _SAME_NEWS:
            return False
        another_outlet = not statement.own_voice and statement.announced in {None, alert.main.announced}
        if same_side:
            return another_outlet
        mild = {told.position, statement.position} == {Position.RESTRICT, Position.ALLOW}
        return shared and (mild or (another_outlet and alert.own_voice))

    def _second_event(self, statement: Statement, alert: Alert, held: Stance | None) -> bool:
        """New terms in the vendor's own voice, or another act on a later day."""
        first_day = alert.main.announced or alert.published.date()
        if statement.shift:
            return all(told.shift is not statement.shift for told in alert.changes)  # an edit dates itself
        later = statement.announced is not None and statement.announced > first_day + timedelta(days=1)
        if not later or held is None:
            return False
        change, _ = compare(statement, held, self._stated(statement))
        if not change.news:
            return False
        told_of = {told.position for told in alert.changes}
        if statement.own_voice and not (alert.own_voice or held.own_voice) and statement.position in _CORE:
            return not told_of & _CORE  # the vendor's own account of what the press told
        return statement.own_voice or statement.position not in told_of | (_CORE if told_of & _CORE else set())

    def _told_past(self, verdict: Verdict) -> Verdict:
        """A recap adds to the evidence, and is no report that joins."""
        if verdict.joins is None or verdict.statement.fresh:
            return verdict
        return replace(verdict, joins=None, reason="recalls what was told already")

    def _together(self, verdicts: list[Verdict]) -> list[Verdict]:
        """What else a post says of an event that was told belongs to that event: a carve-out is no second alert."""
        joined = next((v.joins for v in verdicts if v.joins), None)
        if joined is None:
            return verdicts
        reason = "part of the event that was told already; it joins that alert"
        alert = next(alert for alert in self.near if alert.key == joined)
        return [
            replace(v, told=False, joins=joined, reason=reason) if v.told and not self._reverses(v, alert) else v
            for v in verdicts
        ]

    def _reverses(self, verdict: Verdict, alert: Alert) -> bool:
        """Whether a statement takes back what was told, on a later day."""
        statement, first_day = verdict.statement, alert.main.announced or alert.published.date()
        return (
            verdict.change in {Change.LOOSENED, Change.TIGHTENED}
            and self._stated(statement) > first_day + timedelta(days=1)
            and any(
                told.audience is statement.audience and _side(told.position) != _side(statement.position)
                for told in alert.changes
            )
        )

    # --- what is written down

    def _worth_a_row(self, verdict: Verdict) -> bool:
        statement, held = verdict.statement, verdict.previous
        if verdict.change is Change.BACKGROUND:
            return statement.announced is not None and not self._on_record(statement)
        if verdict.change.news:
            # A verb changed in one sentence of a page; a stricter one that the page also states stands as it is.
            return not (statement.shift and held and held.position is not statement.position)
        if held is None or verdict.change is not Change.REITERATED:
            return False
        mine = held.origin.split(".")[0] == f"post:{self.occasion.post.id}" and self.occasion.post.version > 1
        if mine and statement.position is not held.position:
            return {statement.position, held.position} <= _CORE
        return (mine or verdict.joins is not None) and self._fills_in(statement, held)

    def _on_record(self, statement: Statement) -> bool:
        """Whether a row of the same position and audience stands near that day already."""
        day = self._stated(statement)
        return any(
            (row.position is statement.position or {row.position, statement.position} <= _CORE)
            and row.audience.covers(statement.audience)
            and abs(row.held_from - day) <= ONE_EVENT
            for row in self.ledger.history(statement.vendor)
        )

    def _fills_in(self, statement: Statement, held: Stance) -> bool:
        if statement.own_voice and not held.own_voice:
            return True
        if statement.position is not held.position:
            return False
        return (statement.until is not None and held.until is None) or (
            statement.condition is not None and held.condition is None and held.until is None
        )

    def _row(self, verdict: Verdict) -> Stance:
        statement, post = verdict.statement, self.occasion.post
        held = verdict.previous if verdict.change is Change.REITERATED else None
        return Stance(
            vendor=statement.vendor,
            audience=statement.audience,
            position=statement.position,
            held_from=max(held.held_from, self._stated(statement)) if held else self._stated(statement),
            recorded_at=self.now,
            origin=f"post:{post.id}" if post.version == 1 else f"post:{post.id}.{post.version}",
            product=statement.product or (held.product if held else None),
            jurisdiction=statement.jurisdiction or (held.jurisdiction if held else None),
            until=statement.until or (held.until if held and held.position is statement.position else None),
            condition=statement.condition or (held.condition if held else None),
            quote=statement.quote,
            url=post.url,
            source=self.occasion.source_name,
            own_voice=statement.own_voice,
            deal=statement.deal,
        )

    def _evidence(self, verdict: Verdict) -> Evidence | None:
        if verdict.change is not Change.REITERATED or verdict.previous is None:
            return None
        post = self.occasion.post
        return Evidence(
            stance_id=verdict.previous.id,
            url=post.url,
            source=self.occasion.source_name,
            quote=verdict.statement.quote,
            stated_on=self._stated(verdict.statement),
            recorded_at=self.now,
            origin=f"post:{post.id}",
            own_voice=verdict.statement.own_voice,
        )

    # --- what is told

    def _alert(self, told: Sequence[Verdict]) -> Alert:
        ordered = sorted(told, key=_weight)
        main, post = ordered[0], self.occasion.post
        return Alert(
            key=alert_key(
                main.statement.vendor, post.id, post.version, main.statement.audience, main.statement.position
            ),
            vendor=main.statement.vendor,
            vendor_name=self.vendor_name,
            changes=tuple(told_of(verdict) for verdict in ordered),
            reason=main.reason,
            at=self.now,
            post_id=post.id,
            title=post.title,
            url=post.url,
            source_id=post.source_id,
            source_name=self.occasion.source_name,
            source_kind=self.occasion.source_kind,
            published=post.published,
            own_voice=main.statement.own_voice,
            rule=main.statement.rule,
        )

    def _reports(self, verdicts: Sequence[Verdict]) -> tuple[Report, ...]:
        post = self.occasion.post
        first: dict[str, Verdict] = {}
        for verdict in verdicts:
            if verdict.joins and verdict.statement.fresh:
                first.setdefault(verdict.joins, verdict)
        return tuple(
            Report(
                alert_key=key,
                post_id=post.id,
                url=post.url,
                source_id=post.source_id,
                source_name=self.occasion.source_name,
                title=post.title,
                quote=verdict.statement.quote,
                at=self.now,
                own_voice=verdict.statement.own_voice,
            )
            for key, verdict in first.items()
        )


def _side(position: Position) -> str:
    if position is Position.ADVOCATE:
        return "advocacy"
    return "open" if position is Position.ALLOW else "closed"


def _weight(verdict: Verdict) -> tuple[int, int]:
    return -(verdict.statement.position.strictness or 0), verdict.statement.start

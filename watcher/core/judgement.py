"""Statements against the record: what is news, what repeats, what is past; one event, one alert.

The rules are those of the project's promise: a statement older than the stance on record is background; same position
and nothing new is a repetition; within ten days of an alert another report of the same direction corroborates it;
first sight is no news; the vendor's own voice outranks the press; every verdict keeps its reason.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from watcher.core import track
from watcher.core.alert import Alert, Report, alert_key, told_of
from watcher.core.change import Change, Verdict
from watcher.core.compare import compare
from watcher.core.event import ONE_EVENT, Telling, events, is_second, stands_apart, told_by
from watcher.core.intake import author_time
from watcher.core.post import Post
from watcher.core.revision import is_capture
from watcher.core.source import SourceKind
from watcher.core.stance import Evidence, Ledger, Stance, betters, completed, fills_in, strictest
from watcher.core.statement import CORE, Audience, Position, Statement
from watcher.core.vendor import Vendor


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where statements were found. ``vendor``: whose own voice the source is.

    ``stated``: what a policy page goes on to state beside its new sentences.
    ``first``: the post's first version, where ``post`` is an edit; what stood in it already is of its day.
    """

    post: Post
    source_name: str
    source_kind: SourceKind
    vendor: str | None = None
    stated: frozenset[tuple[Position, Audience]] = frozenset()
    first: Post | None = None

    def post_of(self, statement: Statement) -> Post:
        """The version of the post that gives a statement its day."""
        stood = self.first is not None and statement.quote in f"{self.first.title}\n{self.first.text}"
        return self.first if self.first is not None and stood else self.post


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
        near = [alert for alert in recent if alert.vendor == vendor and alert.post_id != occasion.post.id]
        name = vendors[vendor].name if vendor in vendors else vendor
        parts.append(_Case(occasion, ledger, near, name, now).decide(mine))
    return Judgement(
        verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
        rows=tuple(row for part in parts for row in part.rows),
        evidence=tuple(item for part in parts for item in part.evidence),
        alerts=tuple(alert for part in parts for alert in part.alerts),
        reports=tuple(report for part in parts for report in part.reports),
    )


@dataclass(frozen=True, slots=True)
class _Case:
    """One vendor's statements in one post."""

    occasion: Occasion
    ledger: Ledger
    near: Sequence[Alert]
    vendor_name: str
    now: datetime

    def decide(self, statements: Sequence[Statement]) -> Judgement:
        meant = [self._meant(statement) for statement in statements]
        restated = {(s.position, s.audience) for s in meant} | self.occasion.stated
        anew = {(s.position, s.audience) for s in meant if s.fresh} | self.occasion.stated
        single = [self._beside(self._verdict(statement), restated, anew) for statement in meant]
        together = self._together(single)
        rows = strictest([self._row(v) for v in together if self._worth_a_row(v)])
        verdicts = [self._told_past(verdict) for verdict in together]
        told = [verdict for verdict in verdicts if verdict.told]
        return Judgement(
            verdicts=tuple(verdicts),
            rows=tuple(rows),
            evidence=tuple(item for v in verdicts if (item := self._evidence(v))),
            alerts=tuple(self._alert(event) for event in events(told, _weight)),
            reports=self._reports(verdicts),
        )

    # --- one statement

    def _meant(self, statement: Statement) -> Statement:
        """The statement with what the record and the post tell of it.

        What a page of terms or an edit newly says, it says from the day on which it came to stand there.
        """
        post = self.occasion.post_of(statement)
        newly = is_capture(post) or post.version > 1
        dated = replace(statement, assumed=statement.assumed and not newly)
        return track.addressed(self.ledger, dated, self._today(statement))

    def _verdict(self, statement: Statement) -> Verdict:
        held = self._held(statement)
        if not self._current(statement):
            return self._past(statement, held)
        telling = Telling(statement, self.occasion.post_of(statement).published, self._stated(statement))
        joined = told_by(telling, self.near)
        if joined and held is None:
            held = track.held(self.ledger, statement, self._today(statement) + ONE_EVENT)
        if joined and not is_second(telling, joined, held):
            reason = f"another report of what was told on {joined.published:%Y-%m-%d}; it joins that alert"
            return Verdict(statement, Change.REITERATED, reason, previous=held, joins=joined.key)
        later = track.later_than(self.ledger, statement, max(self._today(statement), telling.stated))
        if later:
            reason = f"announced {telling.stated}, before the stance on record since {later.held_from}"
            return Verdict(statement, Change.BACKGROUND, reason, previous=held)
        return self._compared(statement, held)

    def _compared(self, statement: Statement, held: Stance | None) -> Verdict:
        change, reason = compare(statement, held, self._stated(statement))
        if self.occasion.post.baseline and held and {held.position, statement.position} <= CORE:
            reason = f"there at first sight, in other words than the {held.position} of {held.held_from}"
            return Verdict(statement, Change.REITERATED, reason, previous=held)
        if self.occasion.post.baseline and change.news:
            reason = f"{reason}; but it was there at first sight or during an outage: recorded, not told"
            return Verdict(statement, change, reason, previous=held)
        return Verdict(statement, change, reason, told=change.news, previous=held)

    def _beside(
        self, verdict: Verdict, restated: set[tuple[Position, Audience]], anew: set[tuple[Position, Audience]]
    ) -> Verdict:
        """A condition told beside the ban or pause that the same post restates adds to it, and takes nothing back.

        A stance towards all that is only recalled does not swallow what is news for some (``anew``: restated as news).
        """
        held, statement = verdict.previous, verdict.statement
        if held is None or verdict.change is not Change.LOOSENED or statement.position is not Position.RESTRICT:
            return verdict
        beside = restated if held.audience is statement.audience else anew
        if statement.shift or (held.position, held.audience) not in beside:
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

    def _today(self, statement: Statement) -> date:
        return author_time(self.occasion.post_of(statement)).date()

    def _stated(self, statement: Statement) -> date:
        return statement.announced or self._today(statement)

    def _held(self, statement: Statement) -> Stance | None:
        return track.held(self.ledger, statement, self._today(statement) + track.ZONES)

    def _current(self, statement: Statement) -> bool:
        """Told as news, or dated so shortly before that nobody need have heard of it."""
        if statement.announced is not None and self._today(statement) - statement.announced > ONE_EVENT:
            return False
        return statement.fresh or statement.announced is not None

    def _past(self, statement: Statement, held: Stance | None) -> Verdict:
        if held is not None and held.position is statement.position:
            return Verdict(
                statement, Change.REITERATED, f"repeats the stance held since {held.held_from}", previous=held
            )
        when = f"of {statement.announced}" if statement.announced else "told as something past, without a day"
        return Verdict(statement, Change.BACKGROUND, f"background {when}; written down, not told", previous=held)

    def _told_past(self, verdict: Verdict) -> Verdict:
        """A recap adds to the evidence, and is no report that joins."""
        if verdict.joins is None or verdict.statement.fresh:
            return verdict
        return replace(verdict, joins=None, reason="recalls what was told already")

    def _together(self, verdicts: list[Verdict]) -> list[Verdict]:
        """What else a post says of an event that was told belongs to that event: a carve-out is no second alert."""
        stances = (v for v in verdicts if v.statement.position is not Position.ADVOCATE)
        joined = next((v.joins for v in stances if v.joins), None)
        if joined is None:
            return verdicts
        reason = "part of the event that was told already; it joins that alert"
        alert = next(alert for alert in self.near if alert.key == joined)
        return [
            replace(v, told=False, joins=joined, reason=reason)
            if v.told and not stands_apart(v, alert, self._stated(v.statement))
            else v
            for v in verdicts
        ]

    # --- what is written down

    def _worth_a_row(self, verdict: Verdict) -> bool:
        statement, held = verdict.statement, verdict.previous
        if verdict.change is Change.BACKGROUND:
            day = self._stated(statement)
            return statement.announced is not None and not track.on_record(self.ledger, statement, day, ONE_EVENT)
        if verdict.change.news:
            # A verb changed in one sentence of a page; a stricter one that the page also states stands as it is.
            return not (statement.shift and held and held.position is not statement.position)
        if held is None:
            return verdict.joins is not None and statement.position is Position.ADVOCATE
        if verdict.change is not Change.REITERATED:
            return False
        if self._corrects(statement, held):
            return True
        return verdict.joins is not None and (betters(statement, held) or fills_in(statement, held))

    def _corrects(self, statement: Statement, held: Stance) -> bool:
        """Whether an edit says otherwise than its own earlier version did."""
        post = self.occasion.post
        if post.version == 1 or held.origin.split(".")[0] != f"post:{post.id}":
            return False
        if statement.position is not held.position:
            return {statement.position, held.position} <= CORE
        ends = statement.until is not None and statement.until != held.until
        return ends or betters(statement, held) or fills_in(statement, held)

    def _row(self, verdict: Verdict) -> Stance:
        statement, post, held = verdict.statement, self.occasion.post, verdict.previous
        same = held if verdict.change is Change.REITERATED else None
        back = held if statement.lifts or statement.extends else None
        row = Stance(
            vendor=statement.vendor,
            audience=statement.audience,
            position=statement.position,
            held_from=same.held_from if same else self._stated(statement),
            recorded_at=self.now,
            origin=f"post:{post.id}" if post.version == 1 else f"post:{post.id}.{post.version}",
            product=back.product if back else statement.product or (same.product if same else None),
            jurisdiction=self._place(verdict),
            until=statement.until,
            condition=statement.condition,
            quote=statement.quote,
            url=post.url,
            source=self.occasion.source_name,
            own_voice=statement.own_voice,
            deal=statement.deal,
        )
        return completed(row, same) if same and same.position is row.position else row

    def _place(self, verdict: Verdict) -> str | None:
        """A stance that is taken back or goes on does so where it held; a stricter one that names no place is new."""
        told, held = verdict.statement.jurisdiction, verdict.previous
        if held is None or verdict.change in {Change.ANNOUNCED, Change.BACKGROUND}:
            return told
        goes_on = verdict.change in {Change.REITERATED, Change.EXTENDED} or verdict.statement.extends
        if goes_on or verdict.statement.lifts:
            return held.jurisdiction
        return told if verdict.change is Change.TIGHTENED else told or held.jurisdiction

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
        main, post = told[0], self.occasion.post
        return Alert(
            key=alert_key(
                main.statement.vendor, post.id, post.version, main.statement.audience, main.statement.position
            ),
            vendor=main.statement.vendor,
            vendor_name=self.vendor_name,
            changes=tuple(told_of(verdict) for verdict in told),
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


def _weight(verdict: Verdict) -> tuple[int, int]:
    return -(verdict.statement.position.strictness or 0), verdict.statement.start

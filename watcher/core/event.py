"""One event, one alert: which later report tells of the event that was told, and which of another one.

Outlets word one event differently, and report it over days: the same vendor, audience and direction within ten days
is the same event. A change of direction is another one, and so are new terms in the vendor's own voice.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from watcher.core.alert import Alert, Told
from watcher.core.change import Change, Verdict
from watcher.core.compare import compare
from watcher.core.place import one_place
from watcher.core.stance import Stance
from watcher.core.statement import CORE, Audience, Position, Statement

ONE_EVENT = timedelta(days=10)  # reports of one event come within this time of each other
_SAME_NEWS = timedelta(days=3)  # in which outlets may put the vendor's own words quite differently
_NEXT_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """One statement, and when it was told: the moment of its post, and its own day."""

    statement: Statement
    published: datetime
    stated: date


def told_by(telling: Telling, alerts: Sequence[Alert]) -> Alert | None:
    """The newest alert about the event that a statement tells of, if one went out within ten days of it."""
    near = (alert for alert in reversed(alerts) if abs(alert.published - telling.published) <= ONE_EVENT)
    return next((alert for alert in near if any(_same_event(telling, told, alert) for told in alert.changes)), None)


def _same_event(telling: Telling, told: Told, alert: Alert) -> bool:
    statement, apart = telling.statement, abs(alert.published - telling.published)
    if not one_place(told.jurisdiction, statement.jurisdiction):
        return False
    if Position.ADVOCATE in {told.position, statement.position}:
        return _same_call(statement, told, apart)
    shared = _shared(told.audience, statement.audience)
    same_side = _side_told(told) == _side(statement.position)
    if statement.lifts or (shared and same_side):
        return shared and same_side
    if apart > _SAME_NEWS:
        return False
    another_outlet = not statement.own_voice and statement.announced in {None, alert.main.announced}
    if same_side:
        return another_outlet
    mild = {told.position, statement.position} == {Position.RESTRICT, Position.ALLOW}
    return shared and (mild or (another_outlet and alert.own_voice))


def _same_call(statement: Statement, told: Told, apart: timedelta) -> bool:
    """A call for rules beside a stance is part of its news; a stance beside a call is more than was told."""
    if told.position is statement.position:
        return _shared(told.audience, statement.audience) or apart <= _SAME_NEWS
    return statement.position is Position.ADVOCATE and not statement.own_voice and apart <= _SAME_NEWS


def _shared(one: Audience, other: Audience) -> bool:
    return one.covers(other) or other.covers(one)


def _side(position: Position) -> str:
    return "open" if position is Position.ALLOW else "closed"


def _side_told(told: Told) -> str:
    """What lapsed is open from then on, although nobody said so."""
    return "open" if told.change is Change.LAPSED else _side(told.position)


def is_second(telling: Telling, alert: Alert, held: Stance | None) -> bool:
    """Whether a statement that could belong to a told event is one of its own: new terms, or an act of a later day."""
    statement = telling.statement
    if statement.shift:
        return all(told.shift is not statement.shift for told in alert.changes)  # an edit dates itself
    later = statement.announced is not None and statement.announced > _first_day(alert) + _NEXT_DAY
    if not later or held is None or not compare(statement, held, telling.stated)[0].news:
        return False
    told_of = {told.position for told in alert.changes}
    if statement.own_voice and not (alert.own_voice or held.own_voice) and statement.position in CORE:
        return not told_of & CORE  # the vendor's own account of what the press told
    return statement.own_voice or statement.position not in told_of | (CORE if told_of & CORE else set())


def _first_day(alert: Alert) -> date:
    return alert.main.announced or alert.published.date()


def stands_apart(verdict: Verdict, alert: Alert, stated: date) -> bool:
    """Whether news beside a report of a told event is no part of it: its reversal, another place, an act of its own."""
    statement = verdict.statement
    if not any(one_place(told.jurisdiction, statement.jurisdiction) for told in alert.changes):
        return True
    if statement.begins and statement.dated and stated > _first_day(alert) + _NEXT_DAY:
        return True
    return _reverses(verdict, alert, stated)


def _reverses(verdict: Verdict, alert: Alert, stated: date) -> bool:
    statement = verdict.statement
    turned = verdict.change in {Change.LOOSENED, Change.TIGHTENED, Change.LAPSED}
    later = statement.lifts or stated > _first_day(alert) + _NEXT_DAY
    return turned and later and any(_opposite(told, statement) for told in alert.changes)


def _opposite(told: Told, statement: Statement) -> bool:
    return told.audience is statement.audience and _side_told(told) != _side(statement.position)


def events(told: Sequence[Verdict], weight: Callable[[Verdict], tuple[int, int]]) -> list[list[Verdict]]:
    """The news of one post, event by event, the main one first in each.

    A carve-out ("rescue charities may still use it") is part of the ban that it stands beside; an act of its own in the
    other direction, towards others ("launches it for shops"), is a second event.
    """
    ordered = sorted(told, key=weight)
    apart = [verdict for verdict in ordered if _own_act(verdict.statement, (v.statement for v in ordered))]
    one = [verdict for verdict in ordered if verdict not in apart]
    return [group for group in (one, apart) if group]


def _own_act(statement: Statement, beside: Iterable[Statement]) -> bool:
    closed = [other for other in beside if other.position in CORE]
    other_audience = all(not _shared(other.audience, statement.audience) for other in closed)
    return statement.begins and statement.position is Position.ALLOW and bool(closed) and other_audience

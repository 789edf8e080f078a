"""One statement beside the stance on record: what changed, and the sentence that says why."""

from datetime import date, timedelta

from watcher.core.change import Change
from watcher.core.modality import Shift
from watcher.core.stance import Stance
from watcher.core.statement import Position, Statement

_NEW_CALL = timedelta(days=120)  # a call for rules is news again after this time
_CORE = {Position.EXIT, Position.BAN, Position.MORATORIUM}
_RECKONED = timedelta(days=60)  # by which an undated report may misplace an end
_FORCE = {
    Shift.WEAKER: "words more weakly",
    Shift.STRONGER: "words more strongly",
    Shift.TERMS: "puts on other terms",
}
_OPEN_END = ("further notice", "indefinite")


def same_product(one: str | None, other: str | None) -> bool:
    """Whether two products may be the same; an unnamed one may be any."""
    if one is None or other is None:
        return True
    a, b = one.casefold(), other.casefold()
    return a in b or b in a


def compare(statement: Statement, held: Stance | None, stated: date) -> tuple[Change, str]:
    """What a current statement changes, and why it is judged so. ``stated`` is its own day."""
    if held is None:
        return Change.ANNOUNCED, f"no stance of {statement.vendor} towards {statement.audience} was on record"
    if statement.position is Position.ADVOCATE:
        return _advocacy(held, stated)
    if held.held_from - stated > timedelta(days=1):
        return Change.BACKGROUND, f"announced {stated}, before the stance on record since {held.held_from}"
    if held.deal and not statement.deal:
        return Change.ANNOUNCED, f"the first stance on such sales; before, one deal of {held.held_from} was known"
    return _changed(statement, held, stated)


def _advocacy(held: Stance, stated: date) -> tuple[Change, str]:
    if stated - held.held_from > _NEW_CALL:
        return Change.ANNOUNCED, f"a new call for rules; the last one on record is of {held.held_from}"
    return Change.REITERATED, f"repeats the call for rules of {held.held_from}"


def _terms(statement: Statement, held: Stance, stated: date) -> tuple[Change, str]:
    since = f"the {held.position} on record since {held.held_from}"
    if held.until is not None:
        open_end = statement.condition is not None and any(word in statement.condition.casefold() for word in _OPEN_END)
        if open_end or _later(statement, held.until):
            return Change.EXTENDED, f"goes on beyond {held.until}, the end on record"
        if (
            statement.until is None
            and stated >= held.until
            and statement.fresh
            and (statement.own_voice or statement.announced)
        ):
            return Change.EXTENDED, f"stated anew after {held.until}, the end on record"
        if statement.until is not None and statement.until < held.until and statement.own_voice:
            return Change.AMENDED, f"ends earlier than on record ({held.until})"
    if (
        statement.own_voice
        and statement.condition
        and held.own_voice
        and held.condition
        and not _alike(statement.condition, held.condition)
    ):
        return Change.AMENDED, f"another condition than on record ({held.condition})"
    return Change.REITERATED, f"repeats {since}"


def _changed(statement: Statement, held: Stance, stated: date) -> tuple[Change, str]:
    if statement.shift:
        return reworded(statement.position, statement.shift), f"{_FORCE[statement.shift]} what the page said before"
    return (_terms if statement.position is held.position else _moved)(statement, held, stated)


def reworded(position: Position, shift: Shift) -> Change:
    """What an edit that left the position as it was changes; of what a vendor allows no verb says more or less."""
    if position is Position.ALLOW or shift is Shift.TERMS:
        return Change.AMENDED
    return Change.LOOSENED if shift is Shift.WEAKER else Change.TIGHTENED


def _later(statement: Statement, end: date) -> bool:
    """Whether the end named lies beyond the one on record; a report without a day counts "a year" from its own."""
    if statement.until is None:
        return False
    slack = timedelta(0) if statement.announced else _RECKONED
    return statement.until > end + slack


def _alike(one: str, other: str) -> bool:
    a, b = set(one.casefold().split()), set(other.casefold().split())
    return len(a & b) * 3 >= min(len(a), len(b))


def _moved(statement: Statement, held: Stance, stated: date) -> tuple[Change, str]:
    was, now = held.position.strictness or 0, statement.position.strictness or 0
    change = Change.TIGHTENED if now > was else Change.LOOSENED
    dated = statement.announced is not None and stated > held.held_from
    reworded = held.own_voice and not statement.own_voice and statement.position is Position.BAN
    if {statement.position, held.position} <= _CORE and (not dated or reworded):
        return Change.REITERATED, f"words the {held.position} of {held.held_from} differently, and names no later day"
    if change is Change.LOOSENED and held.position in _CORE and statement.position is Position.RESTRICT and not dated:
        return Change.REITERATED, f"names a condition beside the {held.position} of {held.held_from}, and no later day"
    word = "stricter" if change is Change.TIGHTENED else "looser"
    return change, f"{word} than the {held.position} on record since {held.held_from}"

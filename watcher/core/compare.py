"""One statement beside the stance on record: what changed, and the sentence that says why."""

from datetime import date, timedelta

from watcher.core.change import Change
from watcher.core.modality import Shift
from watcher.core.place import wider
from watcher.core.stance import Stance
from watcher.core.statement import CORE, Position, Statement

_NEW_CALL = timedelta(days=120)  # a call for rules is news again after this time
_RECKONED = timedelta(days=60)  # by which an undated report may misplace an end
_FORCE = {
    Shift.WEAKER: "words more weakly",
    Shift.STRONGER: "words more strongly",
    Shift.TERMS: "puts on other terms",
}
_SOON = timedelta(days=60)  # before its end a stance is extended; earlier, "for a year" is told of the one that runs
_AT_ONCE = timedelta(days=10)  # after a stance began, another end is a correction of the one first told
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
        where = f" in {statement.jurisdiction}" if statement.jurisdiction else ""
        return Change.ANNOUNCED, f"no stance of {statement.vendor} towards {statement.audience}{where} was on record"
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
        if open_end or _later(statement, held, held.until, stated):
            return Change.EXTENDED, f"goes on beyond {held.until}, the end on record"
        if statement.extends and statement.fresh and statement.until is None and held.until - stated <= _SOON:
            return Change.EXTENDED, f"extended beyond {held.until}, the end on record; no other is named"
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
    anew = _anew(statement, held, stated)
    return (Change.AMENDED, anew) if anew else (Change.REITERATED, f"repeats {since}")


def _changed(statement: Statement, held: Stance, stated: date) -> tuple[Change, str]:
    if statement.shift:
        return reworded(statement.position, statement.shift), f"{_FORCE[statement.shift]} what the page said before"
    return (_terms if statement.position is held.position else _moved)(statement, held, stated)


def _anew(statement: Statement, held: Stance, stated: date) -> str | None:
    """Why a position told once more, as news of a named day long after, is another act; None where it is the same."""
    if not (statement.dated and statement.fresh) or stated - held.held_from <= _AT_ONCE:
        return None
    if statement.binds:
        return f"now bound by an agreement; the {held.position} on record is of {held.held_from}"
    if statement.begins and wider(held.jurisdiction, statement.jurisdiction):
        return f"now in {statement.jurisdiction} by name; the {held.position} on record is of {held.held_from}"
    if statement.position is Position.RESTRICT and _other_terms(statement, held, stated):
        return f"restricted anew; the terms on record are of {held.held_from}"
    return None


def _other_terms(statement: Statement, held: Stance, stated: date) -> bool:
    """A restriction is its conditions: where they cannot be compared, one told long after the other is another one."""
    if statement.condition and held.condition:
        return not _alike(statement.condition, held.condition)
    return stated - held.held_from > _NEW_CALL


def reworded(position: Position, shift: Shift) -> Change:
    """What an edit that left the position as it was changes; of what a vendor allows no verb says more or less."""
    if position is Position.ALLOW or shift is Shift.TERMS:
        return Change.AMENDED
    return Change.LOOSENED if shift is Shift.WEAKER else Change.TIGHTENED


def _later(statement: Statement, held: Stance, end: date, stated: date) -> bool:
    """Whether the end named lies beyond the one on record.

    "A year" is counted from the day of the report, and a report in passing has no other day than its own: such an end
    is later only where an extension is told of, where the one on record is near, or where the first day is the same.
    """
    if statement.until is None or statement.until <= end:
        return False
    far = statement.until > end + _RECKONED
    if statement.extends or not _counted(statement.until, stated):
        return statement.extends or statement.dated or far
    at_once = stated - held.held_from <= _AT_ONCE
    return statement.dated and (end - stated <= _SOON or (at_once and far))


def _counted(until: date, stated: date) -> bool:
    """Whether an end lies whole months or weeks after a day, as one does that was counted from it."""
    days = (until - stated).days
    return until.day == stated.day or (days % 7 == 0 and days <= _SOON.days)


def _alike(one: str, other: str) -> bool:
    a, b = set(one.casefold().split()), set(other.casefold().split())
    return len(a & b) * 3 >= min(len(a), len(b))


def _moved(statement: Statement, held: Stance, stated: date) -> tuple[Change, str]:
    was, now = held.position.strictness or 0, statement.position.strictness or 0
    change = Change.TIGHTENED if now > was else Change.LOOSENED
    if statement.lapses and held.position in CORE:
        return Change.LAPSED, f"the {held.position} on record since {held.held_from} came to its end"
    if {statement.position, held.position} <= CORE and _reworded(statement, held, stated):
        return Change.REITERATED, f"words the {held.position} of {held.held_from} differently, and names no later day"
    dated = statement.announced is not None and stated > held.held_from
    restricts = change is Change.LOOSENED and held.position in CORE and statement.position is Position.RESTRICT
    if restricts and not dated and not _for_others(statement, held, stated):
        return Change.REITERATED, f"names a condition beside the {held.position} of {held.held_from}, and no later day"
    word = "stricter" if change is Change.TIGHTENED else "looser"
    return change, f"{word} than the {held.position} on record since {held.held_from}"


def _for_others(statement: Statement, held: Stance, stated: date) -> bool:
    """Whether a condition is told as news, long after, of some of those towards whom the stance on record is held."""
    narrower = held.audience is not statement.audience
    return narrower and statement.fresh and stated - held.held_from > _AT_ONCE


def _reworded(statement: Statement, held: Stance, stated: date) -> bool:
    """Whether exit, ban and moratorium are words for one thing here: no later day is named, or the press says "ban".

    What a vendor says of itself in passing is dated only by its post; an exit, and a ban for good, is too much to be
    said in passing.
    """
    if statement.lasts and held.position is Position.MORATORIUM:
        return statement.announced is None or stated <= held.held_from
    if held.own_voice and not statement.own_voice and statement.position is Position.BAN:
        return True
    if statement.assumed and statement.position is not Position.EXIT:
        return True
    return statement.announced is None or stated <= held.held_from

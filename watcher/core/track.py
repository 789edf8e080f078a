"""What of the record a statement speaks of: the same audience, product and place, on its day."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from watcher.core.compare import same_product
from watcher.core.place import places, same_place
from watcher.core.stance import Ledger, Stance, still_stated
from watcher.core.statement import CORE, Audience, Position, Statement

ZONES = timedelta(days=1)  # by which the days of two authors may differ at one moment


def held(ledger: Ledger, statement: Statement, day: date) -> Stance | None:
    """The stance on record that speaks of the same thing, as it stood on a day; None where nothing does."""
    begun = (row for row in still_stated(ledger.history(statement.vendor)) if row.held_from <= day)
    rows = [row for row in begun if _one_scale(row, statement)]
    if statement.position is Position.ADVOCATE:
        return rows[-1] if rows else None
    rows = [row for row in rows if row.audience.covers(statement.audience) and _one_thing(row, statement)]
    rows = _in_place(rows, statement)
    exact = [row for row in rows if row.audience is statement.audience]
    exact = [row for row in exact if not row.deal] or exact
    left = [row for row in rows if row.position is Position.EXIT and _not_before(row, exact)]
    rows = left or exact or rows
    return rows[-1] if rows else None


def _in_place(rows: list[Stance], statement: Statement) -> list[Stance]:
    """The rows of the statement's own place; without one, those of the places whose stance it repeats or takes back.

    A launch that names no place says nothing of a country that was left by all.
    """
    here = [row for row in rows if places(row.jurisdiction) == places(statement.jurisdiction)]
    if places(statement.jurisdiction) is not None:
        return here or rows
    newest = {places(row.jurisdiction): row for row in rows}
    meant = {place for place, row in newest.items() if _speaks_of(statement, row)}
    if statement.position is Position.ALLOW and not meant:
        return here or [row for row in rows if row.audience is statement.audience]
    return [row for row in rows if places(row.jurisdiction) in meant] or rows


def _not_before(row: Stance, exact: list[Stance]) -> bool:
    return not exact or row.held_from >= exact[-1].held_from


def _one_scale(row: Stance, statement: Statement) -> bool:
    """A call for rules stands off the scale of sales."""
    return (row.position is Position.ADVOCATE) == (statement.position is Position.ADVOCATE)


def _one_thing(row: Stance, statement: Statement) -> bool:
    return same_product(row.product, statement.product) and same_place(row.jurisdiction, statement.jurisdiction)


def later_than(ledger: Ledger, statement: Statement, day: date) -> Stance | None:
    """The first stance on the same thing that began after a day: the statement came late."""
    rows = (row for row in ledger.history(statement.vendor) if row.held_from > day + ZONES and row.ends is None)
    same = (row for row in rows if _one_scale(row, statement) and _one_thing(row, statement))
    return next((row for row in same if row.audience.covers(statement.audience)), None)


def on_record(ledger: Ledger, statement: Statement, day: date, within: timedelta) -> bool:
    """Whether the same position, in whichever words, stands near a day already."""
    return any(
        (row.position is statement.position or {row.position, statement.position} <= CORE)
        and row.audience.covers(statement.audience)
        and same_place(row.jurisdiction, statement.jurisdiction)
        and abs(row.held_from - day) <= within
        for row in ledger.history(statement.vendor)
        if row.ends is None
    )


def addressed(ledger: Ledger, statement: Statement, day: date) -> Statement:
    """A statement that names no audience, towards the one of the single stance that it can speak of.

    "Northgate extends its pause" means the pause on record. A first ban, a way out of the business and a launch speak
    of everyone where nobody is named, whatever is on record for some.
    """
    if statement.audience is not Audience.EVERYONE or statement.to_all:
        return statement
    audiences = {row.audience for row in _standing(ledger, statement, day) if _speaks_of(statement, row)}
    return replace(statement, audience=audiences.pop()) if len(audiences) == 1 else statement


def _standing(ledger: Ledger, statement: Statement, day: date) -> Iterable[Stance]:
    """The newest row of each audience, on the statement's product and in its place."""
    begun = (row for row in still_stated(ledger.history(statement.vendor)) if row.held_from <= day)
    rows = (row for row in begun if not row.deal)
    return {row.audience: row for row in rows if _one_scale(row, statement) and _one_thing(row, statement)}.values()


def _speaks_of(statement: Statement, row: Stance) -> bool:
    if row.position not in CORE:
        return False
    if statement.lifts or statement.extends:
        return True
    if statement.position not in CORE - {Position.EXIT} or row.position is Position.EXIT:
        return False
    return (statement.position.strictness or 0) >= (row.position.strictness or 0)

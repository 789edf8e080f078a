"""Twelve outlets, one event: whatever comes first, one alert and one stance at the end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.judging import DAY, Record, held, post, statement
from watcher.core.stance import Ledger, Stance
from watcher.core.statement import Audience, Position, Statement

TODAY = DAY.date()
A_YEAR = date(2021, 6, 10)
BARE_BAN = statement(Position.BAN)
HALT = statement(Position.MORATORIUM)


def a_pause(days: int = 0) -> Statement:
    """A year's pause, counted from the day of the report."""
    return statement(Position.MORATORIUM, until=A_YEAR + timedelta(days=days))


OWN_PAUSE = replace(a_pause(), announced=TODAY, own_voice=True)
PAUSE = (
    BARE_BAN,
    replace(BARE_BAN, announced=TODAY),
    HALT,
    replace(a_pause(), announced=TODAY),
    a_pause(1),
    a_pause(1),
    a_pause(2),
    replace(HALT, product="Facefinder"),
    replace(BARE_BAN, rule="no-longer-provides"),
    BARE_BAN,
    HALT,
)
EXIT = (
    statement(Position.EXIT, Audience.EVERYONE),
    statement(Position.EXIT, Audience.EVERYONE, announced=TODAY),
    statement(Position.BAN, Audience.EVERYONE),
    statement(Position.MORATORIUM, Audience.EVERYONE),
    statement(Position.EXIT, Audience.EVERYONE),
    statement(Position.BAN, Audience.EVERYONE, announced=TODAY),
)
BAN = (BARE_BAN, replace(BARE_BAN, announced=TODAY), HALT, BARE_BAN, replace(BARE_BAN, product="Facefinder"))
RESTRICTION = (
    statement(Position.RESTRICT),
    statement(Position.RESTRICT, condition="a court order", announced=TODAY),
    statement(Position.RESTRICT, condition="a court order"),
    statement(Position.RESTRICT, announced=TODAY),
)
RESUMPTION = (
    statement(Position.ALLOW, rule="resumes"),
    statement(Position.ALLOW, rule="resumes", announced=TODAY),
    statement(Position.ALLOW, Audience.EVERYONE, rule="resumes"),
    statement(Position.ALLOW, rule="lets-use"),
)
BEFORE = (held(Position.MORATORIUM, until=date(2020, 9, 1), own_voice=True),)

Terms = tuple[Audience, Position, date | None, str | None]


def terms(row: Stance) -> Terms:
    return row.audience, row.position, row.until, row.condition


def final(record: Record) -> Stance:
    """What stands when all is told; reports without a day count from their own."""
    return Ledger.of(record.rows).history("northgate")[-1]


def replayed(told: Sequence[tuple[int, Statement]], *before: Stance) -> Record:
    """A record that was told one event by many; each with the hour at which it was published."""
    record = Record(*before)
    for number, (hour, said) in enumerate(told):
        own = "northgate" if said.own_voice else None
        arrived = DAY + timedelta(days=3, minutes=number)
        record.take(said, item=post(f"{number}", when=DAY + timedelta(hours=hour)), own=own, now=arrived)
    return record


FAMILIES = [
    (PAUSE, (), (Audience.POLICE, Position.MORATORIUM, A_YEAR, None)),
    ((*PAUSE, OWN_PAUSE), (), (Audience.POLICE, Position.MORATORIUM, A_YEAR, None)),
    (EXIT, (), (Audience.EVERYONE, Position.EXIT, None, None)),
    (BAN, (), (Audience.POLICE, Position.BAN, None, None)),
    (RESTRICTION, (), (Audience.POLICE, Position.RESTRICT, None, "a court order")),
    (RESUMPTION, BEFORE, (Audience.POLICE, Position.ALLOW, None, None)),
]
NAMES = ["pause", "own pause", "exit", "ban", "restriction", "resumption"]


@pytest.mark.parametrize(("told", "before", "expected"), FAMILIES, ids=NAMES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_in_any_order_of_wordings_one_event_is_one_alert_and_one_stance(
    told: tuple[Statement, ...], before: tuple[Stance, ...], expected: Terms, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(told))
    record = replayed([(4 * number, said) for number, said in enumerate(order)], *before)
    assert len(record.alerts) == 1
    assert terms(final(record)) == expected


@pytest.mark.parametrize(("told", "before", "expected"), FAMILIES, ids=NAMES)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_in_any_order_of_arrival_one_event_is_one_alert_and_one_stance(
    told: tuple[Statement, ...], before: tuple[Stance, ...], expected: Terms, data: st.DataObject
) -> None:
    published = [(4 * number, said) for number, said in enumerate(told)]
    record = replayed(data.draw(st.permutations(published)), *before)
    assert len(record.alerts) == 1
    assert terms(final(record)) == expected


def test_the_vendors_own_page_outranks_the_press_whenever_it_comes() -> None:
    """The day on which the event began stays that of the first report: rows are never moved."""
    own = statement(Position.MORATORIUM, announced=TODAY, own_voice=True, condition="a law is in force")
    for order in ([BARE_BAN, own, a_pause(1)], [own, a_pause(1), BARE_BAN], [a_pause(1), BARE_BAN, own]):
        record = replayed(list(enumerate(order)))
        assert len(record.alerts) == 1
        assert (final(record).position, final(record).own_voice) == (Position.MORATORIUM, True)
        assert final(record).condition == "a law is in force"


def test_the_press_adds_an_end_that_the_vendor_did_not_name_and_narrows_no_product() -> None:
    own = statement(Position.MORATORIUM, announced=TODAY, own_voice=True, quote="We pause it.")
    record = replayed([(0, own), (1, replace(a_pause(), product="Facefinder"))])
    row = final(record)
    assert (row.until, row.product, row.quote, row.own_voice) == (A_YEAR, None, "We pause it.", True)
    assert row.held_from == TODAY


def test_of_two_conditions_that_outlets_name_the_first_stands() -> None:
    """Nothing tells which of them is right: here the order of arrival decides, and both are kept as evidence."""
    one = statement(Position.MORATORIUM, condition="Congress acts")
    other = statement(Position.MORATORIUM, condition="rules are in place")
    record = replayed([(0, one), (1, other)])
    assert (len(record.alerts), final(record).condition) == (1, "Congress acts")

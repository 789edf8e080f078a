from dataclasses import replace
from datetime import UTC, date, datetime

from watcher.core.stance import Ledger, Stance
from watcher.core.statement import Audience, Position

ROW = Stance("northgate", Audience.POLICE, Position.BAN, date(2020, 6, 10), datetime(2020, 6, 11, tzinfo=UTC), "post:a")
LATER = replace(
    ROW,
    position=Position.ALLOW,
    held_from=date(2021, 6, 10),
    recorded_at=datetime(2021, 7, 1, tzinfo=UTC),
    origin="post:b",
)


def test_a_stance_holds_from_its_day_until_the_next() -> None:
    ledger = Ledger.of([LATER, ROW])
    assert ledger.history("northgate", date(2020, 6, 9)) == ()
    assert ledger.history("northgate", date(2021, 6, 9))[-1] == ROW
    assert ledger.history("northgate", date(2021, 6, 10))[-1] == LATER


def test_what_was_not_known_yet_is_not_in_the_ledger_of_that_moment() -> None:
    assert Ledger.of([ROW, LATER], known_on=datetime(2021, 6, 20, tzinfo=UTC)).rows == (ROW,)


def test_a_row_is_taken_back_by_another_row_and_stays_for_those_who_ask_as_of_before() -> None:
    back = replace(ROW, recorded_at=datetime(2020, 6, 12, tzinfo=UTC), origin="review:x", retracts=ROW.id)
    assert Ledger.of([ROW, back]).rows == ()
    assert Ledger.of([ROW, back], known_on=datetime(2020, 6, 11, 12, tzinfo=UTC)).rows == (ROW,)


def test_background_recorded_late_does_not_overwrite_what_is_newer() -> None:
    old = replace(
        ROW,
        position=Position.RESTRICT,
        held_from=date(2019, 4, 16),
        recorded_at=datetime(2022, 1, 1, tzinfo=UTC),
        origin="post:c",
    )
    assert Ledger.of([LATER, old]).history("northgate", date(2022, 1, 2))[-1] == LATER


def test_the_same_fact_has_the_same_name_whenever_it_is_recorded() -> None:
    assert replace(ROW, recorded_at=datetime(2030, 1, 1, tzinfo=UTC)).id == ROW.id != LATER.id

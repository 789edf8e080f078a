"""The eight rules of judgement, on statements made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.core.judging import DAY, Record, change, held, post, stands, statement
from watcher.core.change import Change
from watcher.core.statement import Audience, Position


def test_a_first_stance_is_announced_with_the_sentence_that_proves_it() -> None:
    judged = Record().take(statement())
    assert change(judged) is Change.ANNOUNCED
    assert judged.alerts[0].main.quote == "The sentence."
    assert judged.rows[0].held_from == DAY.date()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (Position.ALLOW, Position.MORATORIUM, Change.TIGHTENED),
        (Position.RESTRICT, Position.BAN, Change.TIGHTENED),
        (Position.BAN, Position.ALLOW, Change.LOOSENED),
        (Position.EXIT, Position.ALLOW, Change.LOOSENED),
        (Position.BAN, Position.BAN, Change.REITERATED),
    ],
)
def test_the_direction_of_a_change_goes_by_the_scale(before: Position, after: Position, expected: Change) -> None:
    judged = Record(held(before)).take(statement(after))
    assert change(judged) is expected
    assert bool(judged.alerts) is expected.news


def test_what_was_announced_before_the_stance_on_record_is_background_and_overwrites_nothing() -> None:
    record = Record(held(since=date(2020, 6, 9)))
    judged = record.take(statement(Position.ALLOW, announced=date(2019, 4, 16), fresh=False))
    assert change(judged) is Change.BACKGROUND
    assert judged.alerts == ()
    assert stands(record).position is Position.BAN


def test_background_without_a_day_enters_no_ledger() -> None:
    judged = Record().take(statement(fresh=False))
    assert (change(judged), judged.rows, judged.alerts) == (Change.BACKGROUND, (), ())


def test_a_recap_dated_the_day_before_is_told_when_nobody_had_told_it() -> None:
    judged = Record().take(statement(Position.MORATORIUM, announced=date(2020, 6, 9), fresh=False))
    assert len(judged.alerts) == 1
    assert judged.rows[0].held_from == date(2020, 6, 9)


def test_outlets_that_word_one_event_differently_make_one_alert() -> None:
    record = Record()
    record.take(statement(Position.BAN))
    second = record.take(
        statement(Position.MORATORIUM, until=date(2021, 6, 10)), item=post("b", when=DAY + timedelta(hours=5))
    )
    third = record.take(statement(Position.MORATORIUM), item=post("c", when=DAY + timedelta(days=9)))
    assert len(record.alerts) == 1
    assert [report.post_id for report in second.reports + third.reports] == [post("b").id, post("c").id]


def test_after_ten_days_the_same_stance_is_a_repetition_and_still_no_alert() -> None:
    record = Record()
    record.take(statement())
    later = record.take(statement(), item=post("b", when=DAY + timedelta(days=12)))
    assert (change(later), later.alerts, later.reports) == (Change.REITERATED, (), ())
    assert later.evidence[0].url == "https://outlet.example/b"


def test_a_report_fills_in_the_end_that_the_first_one_did_not_know() -> None:
    record = Record()
    record.take(statement(Position.MORATORIUM))
    record.take(statement(Position.MORATORIUM, until=date(2021, 6, 10)), item=post("b", when=DAY + timedelta(hours=5)))
    assert stands(record).until == date(2021, 6, 10)


def test_a_carve_out_in_the_same_post_belongs_to_the_same_alert() -> None:
    judged = Record().take(statement(Position.MORATORIUM), statement(Position.ALLOW, Audience.BUSINESS))
    (alert,) = judged.alerts
    assert [(told.position, told.audience) for told in alert.changes] == [
        (Position.MORATORIUM, Audience.POLICE),
        (Position.ALLOW, Audience.BUSINESS),
    ]


def test_a_change_of_direction_within_ten_days_is_a_second_event() -> None:
    record = Record()
    record.take(statement(Position.BAN))
    back = record.take(statement(Position.ALLOW), item=post("b", when=DAY + timedelta(days=5)))
    assert change(back) is Change.LOOSENED
    assert len(record.alerts) == 2


def test_a_later_end_extends_a_moratorium() -> None:
    record = Record(held(Position.MORATORIUM, until=date(2021, 6, 10)))
    judged = record.take(
        statement(Position.MORATORIUM, until=date(2022, 6, 10)), item=post(when=datetime(2021, 5, 18, tzinfo=UTC))
    )
    assert change(judged) is Change.EXTENDED


def test_until_further_notice_extends_a_moratorium_with_an_end() -> None:
    record = Record(held(Position.MORATORIUM, until=date(2021, 6, 10)))
    judged = record.take(
        statement(Position.MORATORIUM, condition="until further notice"),
        item=post(when=datetime(2021, 5, 18, tzinfo=UTC)),
    )
    assert change(judged) is Change.EXTENDED


def test_first_sight_is_written_down_and_not_told() -> None:
    judged = Record().take(statement(), item=post(baseline=True))
    assert judged.alerts == ()
    assert len(judged.rows) == 1
    assert "first sight" in judged.verdicts[0].reason


def test_what_is_said_of_everyone_holds_for_the_police() -> None:
    judged = Record(held(Position.EXIT, Audience.EVERYONE)).take(statement(Position.BAN))
    assert change(judged) is Change.REITERATED


def test_advocacy_never_touches_the_scale_of_sales() -> None:
    record = Record(held(Position.MORATORIUM))
    judged = record.take(statement(Position.ADVOCATE, Audience.EVERYONE))
    assert change(judged) is Change.ANNOUNCED
    assert stands(record).position is Position.MORATORIUM


def test_every_verdict_keeps_its_reason() -> None:
    judged = Record(held()).take(statement(), statement(Position.ALLOW, fresh=False), statement(Position.ADVOCATE))
    assert all(verdict.reason for verdict in judged.verdicts)


def test_the_same_post_read_again_has_the_same_key() -> None:
    first, again = Record().take(statement()), Record().take(statement())
    assert first.alerts[0].key == again.alerts[0].key


def test_an_edited_post_with_the_same_stance_alerts_nobody() -> None:
    record = Record()
    record.take(statement())
    edited = record.take(statement(), item=replace(post(when=DAY + timedelta(hours=2)), version=2))
    assert edited.alerts == ()


def test_after_one_known_deal_a_stance_on_all_such_sales_is_the_first() -> None:
    deal = held(Position.RESTRICT, since=date(2019, 4, 16), deal=True)
    judged = Record(deal).take(statement(Position.MORATORIUM))
    assert change(judged) is Change.ANNOUNCED
    assert judged.alerts[0].main.previous_since == date(2019, 4, 16)


def test_a_condition_named_beside_the_pause_it_restates_amends_it_and_loosens_nothing() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 6, 1)))
    restrict = statement(Position.RESTRICT, announced=date(2020, 6, 18), condition="where it leads to bias")
    restated = statement(Position.MORATORIUM, fresh=False)
    judged = record.take(restrict, restated, item=post(when=datetime(2020, 6, 22, tzinfo=UTC)))
    assert change(judged) is Change.AMENDED
    assert judged.alerts[0].main.position is stands(record).position is Position.MORATORIUM


def test_a_deal_refused_in_a_report_stands_as_a_deal_and_the_pause_after_it_is_announced() -> None:
    record = Record()
    record.take(statement(Position.BAN, deal=True), item=post(when=datetime(2019, 4, 17, tzinfo=UTC)))
    later = record.take(statement(Position.MORATORIUM, condition="a law is passed"))
    assert change(later) is Change.ANNOUNCED
    assert stands(record).position is Position.MORATORIUM


def test_an_undated_recap_that_counts_the_year_from_its_own_day_extends_nothing() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 6, 10), until=date(2021, 6, 10)))
    recap = record.take(
        statement(Position.MORATORIUM, until=date(2021, 6, 26)), item=post(when=datetime(2020, 6, 26, tzinfo=UTC))
    )
    assert change(recap) is Change.REITERATED


def test_a_recap_in_other_words_does_not_overwrite_the_vendors_own_pause() -> None:
    record = Record()
    record.take(
        statement(Position.MORATORIUM, until=date(2021, 6, 10), announced=date(2020, 6, 10), own_voice=True),
        own="northgate",
    )
    recap = statement(Position.BAN, announced=date(2020, 6, 10), fresh=False)
    record.take(recap, item=post("b", when=datetime(2020, 11, 20, tzinfo=UTC)))
    assert (stands(record).position, stands(record).until) == (Position.MORATORIUM, date(2021, 6, 10))


def test_a_post_older_than_the_record_is_background() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 6, 10)))
    late = record.take(statement(Position.ALLOW), item=post(when=datetime(2020, 5, 20, tzinfo=UTC)))
    assert (change(late), late.alerts) == (Change.BACKGROUND, ())


def test_of_two_positions_of_one_post_the_stricter_stands() -> None:
    record = Record()
    record.take(
        statement(Position.MORATORIUM, condition="a law is passed"),
        statement(Position.RESTRICT, condition="under review"),
    )
    assert stands(record).position is Position.MORATORIUM


def test_an_edit_that_corrects_the_end_is_recorded() -> None:
    record = Record()
    record.take(
        statement(Position.MORATORIUM, until=date(2021, 6, 10), announced=DAY.date(), own_voice=True), own="northgate"
    )
    edited = statement(Position.MORATORIUM, until=date(2022, 6, 10), announced=DAY.date(), own_voice=True)
    record.take(edited, item=replace(post(when=DAY + timedelta(hours=1)), version=2), own="northgate")
    assert stands(record).until == date(2022, 6, 10)

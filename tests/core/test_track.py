"""Which stance on record a statement speaks of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.core.judging import DAY, Record, change, held, post, stands, statement
from watcher.core.change import Change
from watcher.core.post import Post
from watcher.core.statement import Audience, Position, Statement

EVERYONE = Audience.EVERYONE


def test_an_extension_that_names_nobody_extends_the_pause_on_record() -> None:
    record = Record(held(Position.MORATORIUM, until=date(2020, 7, 1)))
    extended = record.take(
        statement(Position.MORATORIUM, EVERYONE, rule="extends-pause", until=date(2021, 7, 1), announced=DAY.date())
    )
    assert (change(extended), extended.rows[0].audience) == (Change.EXTENDED, Audience.POLICE)
    assert extended.alerts[0].main.previous is Position.MORATORIUM


@pytest.mark.parametrize(("end", "told"), [(date(2020, 7, 1), Change.EXTENDED), (date(2021, 6, 1), Change.REITERATED)])
def test_an_extension_that_names_no_end_extends_a_pause_that_is_about_to_end(end: date, told: Change) -> None:
    record = Record(held(Position.MORATORIUM, until=end))
    extended = record.take(statement(Position.MORATORIUM, rule="extends-pause"))
    assert change(extended) is told


@pytest.mark.parametrize("rule", ["resumes", "lapses"])
def test_a_lifted_ban_that_names_nobody_lifts_the_one_on_record(rule: str) -> None:
    record = Record(held(Position.BAN), held(Position.ALLOW, Audience.BUSINESS))
    lifted = record.take(statement(Position.ALLOW, EVERYONE, rule=rule))
    assert lifted.rows[0].audience is Audience.POLICE
    assert lifted.alerts[0].main.previous is Position.BAN


def test_what_ended_by_itself_has_lapsed() -> None:
    record = Record(held(Position.MORATORIUM, until=date(2020, 6, 9)))
    lapsed = record.take(statement(Position.ALLOW, rule="lapses"))
    assert (change(lapsed), len(lapsed.alerts)) == (Change.LAPSED, 1)


def test_a_report_that_names_nobody_repeats_the_narrower_stance() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 1, 1)))
    for position in (Position.MORATORIUM, Position.BAN):
        repeated = record.take(statement(position, EVERYONE))
        assert (change(repeated), repeated.alerts, repeated.rows) == (Change.REITERATED, (), ())


@pytest.mark.parametrize(
    ("position", "more"),
    [
        (Position.BAN, {"to_all": True}),
        (Position.EXIT, {}),
        (Position.ALLOW, {"rule": "launches"}),
        (Position.RESTRICT, {}),
    ],
)
def test_what_can_only_be_meant_for_everyone_stays_so(position: Position, more: dict[str, object]) -> None:
    record = Record(held(Position.BAN))
    judged = record.take(statement(position, EVERYONE, **more))
    assert judged.verdicts[0].statement.audience is EVERYONE
    assert change(judged) is Change.ANNOUNCED


def test_where_two_narrower_stances_stand_nobody_is_guessed() -> None:
    record = Record(held(Position.BAN), held(Position.MORATORIUM, Audience.GOVERNMENT))
    judged = record.take(statement(Position.ALLOW, EVERYONE, rule="resumes"))
    assert judged.verdicts[0].statement.audience is EVERYONE


def test_a_pause_that_names_nobody_does_not_soften_a_ban_for_some() -> None:
    judged = Record(held(Position.BAN)).take(statement(Position.MORATORIUM, EVERYONE))
    assert judged.verdicts[0].statement.audience is EVERYONE


def test_lifting_the_ban_on_a_product_ends_the_ban_that_named_none() -> None:
    record = Record(held(Position.BAN))
    record.take(statement(Position.ALLOW, rule="resumes", product="Facefinder"))
    assert (stands(record).position, stands(record).product) == (Position.ALLOW, None)


def test_a_change_that_names_no_place_is_one_of_the_place_on_record() -> None:
    record = Record(held(Position.BAN, jurisdiction="US"))
    record.take(statement(Position.ALLOW))
    assert (stands(record).position, stands(record).jurisdiction) == (Position.ALLOW, "US")


def test_a_stricter_stance_that_names_no_place_holds_in_the_world() -> None:
    record = Record(held(Position.ALLOW, jurisdiction="US"))
    record.take(statement(Position.BAN))
    assert (stands(record).position, stands(record).jurisdiction) == (Position.BAN, None)


def test_a_place_keeps_its_own_stance_beside_that_of_the_world() -> None:
    record = Record(held(Position.EXIT, EVERYONE, jurisdiction="Canada"), held(Position.ALLOW, EVERYONE))
    again = record.take(statement(Position.EXIT, EVERYONE, jurisdiction="Canada"))
    assert change(again) is Change.REITERATED


def test_a_report_that_names_no_place_repeats_the_stance_of_the_place_that_it_fits() -> None:
    record = Record(held(Position.ALLOW), held(Position.BAN, since=date(2020, 2, 1), jurisdiction="US"))
    assert change(record.take(statement(Position.BAN))) is Change.REITERATED
    lifted = record.take(statement(Position.ALLOW, rule="resumes"), item=post("b"))
    assert (change(lifted), lifted.rows[0].jurisdiction) == (Change.LOOSENED, "US")


def in_passing(position: Position, until: date | None = None) -> Statement:
    return statement(position, until=until, announced=DAY.date(), own_voice=True, assumed=True)


@pytest.mark.parametrize(
    "again",
    [
        in_passing(Position.MORATORIUM, date(2021, 6, 10)),
        in_passing(Position.MORATORIUM),
        in_passing(Position.BAN),
    ],
)
def test_a_vendor_that_restates_its_pause_in_passing_changes_nothing(again: Statement) -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 1, 1), until=date(2021, 1, 1), own_voice=True))
    judged = record.take(again, own="northgate")
    assert (change(judged), judged.rows) == (Change.REITERATED, ())


def test_a_vendor_that_names_the_day_of_its_ban_tightens_its_pause() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 1, 1), own_voice=True))
    judged = record.take(statement(announced=DAY.date(), own_voice=True), own="northgate")
    assert change(judged) is Change.TIGHTENED


def test_a_vendor_that_bans_for_good_tightens_its_pause_though_it_names_no_day() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 1, 1), own_voice=True))
    for_good = replace(in_passing(Position.BAN), rule="made-permanent")
    assert change(record.take(for_good, own="northgate")) is Change.TIGHTENED


def test_a_page_of_terms_says_what_it_newly_says_from_its_capture() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 1, 1), own_voice=True))
    page = replace(post(), key="capture:abc")
    judged = record.take(in_passing(Position.BAN), item=page, own="northgate")
    assert change(judged) is Change.TIGHTENED


def edited(first: Post, text: str) -> Post:
    moment = first.published + timedelta(days=200)
    return replace(first, version=2, text=text, published=moment, seen=moment)


def test_what_stood_in_the_first_version_is_of_its_day() -> None:
    record = Record(held(Position.ALLOW, since=date(2020, 9, 1)))
    first = post(when=DAY)
    judged = record.take(statement(Position.BAN), item=edited(first, "The sentence. Bumped."), first=first)
    assert (change(judged), judged.alerts) == (Change.BACKGROUND, ())


def test_what_an_edit_adds_is_of_the_day_of_the_edit() -> None:
    record = Record(held(Position.ALLOW, since=date(2020, 9, 1)))
    first = replace(post(when=DAY), text="Something else.")
    judged = record.take(statement(Position.BAN), item=edited(first, "The sentence."), first=first)
    assert change(judged) is Change.TIGHTENED
    assert judged.rows[0].held_from == (DAY + timedelta(days=200)).date()


def test_a_recap_with_the_wrong_verb_months_later_touches_nothing() -> None:
    record = Record(held(Position.MORATORIUM, since=date(2020, 6, 10), until=date(2021, 6, 10), own_voice=True))
    november = post("b", when=datetime(2020, 11, 12, tzinfo=UTC))
    recaps = [
        statement(Position.BAN),
        statement(Position.BAN, announced=date(2020, 11, 12)),
        statement(Position.BAN, announced=date(2020, 6, 10), fresh=False),
    ]
    for recap in recaps:
        judged = record.take(recap, item=november)
        assert (judged.alerts, judged.rows) == ((), ())


LONG_AFTER = date(2019, 3, 1)


def test_a_restriction_with_other_terms_told_as_news_of_a_named_day_is_another_one() -> None:
    record = Record(held(Position.RESTRICT, since=LONG_AFTER, condition="six principles hold"))
    for condition in (None, "customers apply for access"):
        judged = record.take(statement(Position.RESTRICT, announced=DAY.date(), condition=condition))
        assert change(judged) is Change.AMENDED
        record = Record(held(Position.RESTRICT, since=LONG_AFTER, condition="six principles hold"))
    alike = record.take(statement(Position.RESTRICT, announced=DAY.date(), condition="six principles"))
    assert change(alike) is Change.REITERATED


def test_a_restriction_that_names_no_day_is_a_repetition() -> None:
    record = Record(held(Position.RESTRICT, since=LONG_AFTER, condition="six principles hold"))
    assert change(record.take(statement(Position.RESTRICT, condition="a court order"))) is Change.REITERATED


def test_a_launch_in_a_country_named_for_the_first_time_is_told() -> None:
    record = Record(held(Position.ALLOW, since=LONG_AFTER))
    launch = statement(Position.ALLOW, rule="launches", announced=DAY.date(), jurisdiction="UK")
    judged = record.take(launch)
    assert (change(judged), judged.rows[0].jurisdiction) == (Change.AMENDED, "UK")
    again = record.take(launch, item=post("b", when=DAY + timedelta(days=30)))
    assert change(again) is Change.REITERATED


def test_an_agreement_that_binds_the_vendor_is_told_though_it_said_so_before() -> None:
    record = Record(held(Position.BAN, since=LONG_AFTER))
    assert change(record.take(statement(rule="bound-by-agreement", announced=DAY.date()))) is Change.AMENDED

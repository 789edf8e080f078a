"""One event, one alert: what joins, and what is an event of its own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.core.judging import DAY, Record, change, held, post, stands, statement
from watcher.core.change import Change
from watcher.core.stance import Ledger
from watcher.core.statement import Audience, Position

HOURS = timedelta(hours=1)
NEXT = DAY + timedelta(days=2)


def told_by_northgate() -> Record:
    record = Record()
    record.take(statement(Position.BAN, announced=DAY.date(), own_voice=True), own="northgate")
    return record


def test_a_lifted_ban_never_joins_the_alert_of_the_ban() -> None:
    record = told_by_northgate()
    lifted = record.take(statement(Position.ALLOW, rule="resumes"), item=post("b", when=NEXT))
    assert (change(lifted), len(record.alerts), stands(record).position) == (Change.LOOSENED, 2, Position.BAN)
    assert Ledger.of(record.rows).history("northgate")[-1].position is Position.ALLOW


def test_a_lifted_ban_is_told_though_the_same_post_recalls_the_ban() -> None:
    record = told_by_northgate()
    recalled, lifted = statement(Position.BAN), statement(Position.ALLOW, rule="resumes")
    judged = record.take(recalled, lifted, item=post("b", when=DAY + 20 * HOURS))
    assert [alert.main.position for alert in judged.alerts] == [Position.ALLOW]


def test_a_lifted_ban_does_not_join_the_carve_out_of_the_ban() -> None:
    record = Record()
    record.take(statement(Position.BAN), statement(Position.ALLOW, Audience.BUSINESS, rule="may-go-on"))
    lifted = record.take(statement(Position.ALLOW, rule="resumes"), item=post("b", when=NEXT))
    assert [alert.main.audience for alert in lifted.alerts] == [Audience.POLICE]


def test_two_reports_of_a_lifted_ban_are_one_alert() -> None:
    record = Record(held())
    for hour in (0, 4, 30):
        record.take(statement(Position.ALLOW, rule="resumes"), item=post(f"{hour}", when=DAY + hour * HOURS))
    assert len(record.alerts) == 1


def test_another_place_is_another_event() -> None:
    record = Record()
    record.take(statement(Position.EXIT, Audience.EVERYONE, jurisdiction="Canada"))
    other = record.take(
        statement(Position.EXIT, Audience.EVERYONE, jurisdiction="Australia"), item=post("b", when=NEXT)
    )
    again = record.take(statement(Position.EXIT, Audience.EVERYONE, jurisdiction="Canada"), item=post("c", when=NEXT))
    assert (change(other), change(again)) == (Change.ANNOUNCED, Change.REITERATED)
    assert "in Australia" in other.verdicts[0].reason


def test_a_report_that_names_no_place_joins_one_that_does() -> None:
    record = Record()
    record.take(statement(jurisdiction="US"))
    assert record.take(statement(), item=post("b", when=NEXT)).alerts == ()


def test_another_place_beside_a_report_of_what_was_told_is_news() -> None:
    record = Record()
    record.take(statement(jurisdiction="Canada"))
    judged = record.take(
        statement(jurisdiction="Canada"), statement(jurisdiction="Australia"), item=post("b", when=NEXT)
    )
    assert [told.jurisdiction for alert in judged.alerts for told in alert.changes] == ["Australia"]


def test_a_call_for_rules_in_another_outlet_belongs_to_the_stance_told() -> None:
    record = Record()
    record.take(statement(Position.MORATORIUM))
    call = statement(Position.ADVOCATE, Audience.GOVERNMENT)
    second = record.take(call, item=post("b", when=NEXT))
    assert (second.alerts, len(second.reports)) == ((), 1)
    later = record.take(call, item=post("c", when=DAY + timedelta(days=8)))
    assert (change(later), later.alerts) == (Change.REITERATED, ())


def test_a_call_for_rules_in_the_vendors_own_voice_is_told() -> None:
    record = Record()
    record.take(statement(Position.MORATORIUM))
    call = statement(Position.ADVOCATE, Audience.GOVERNMENT, announced=NEXT.date(), own_voice=True)
    assert len(record.take(call, item=post("b", when=NEXT), own="northgate").alerts) == 1


def test_a_stance_is_told_though_the_vendors_call_for_rules_was() -> None:
    record = Record()
    record.take(statement(Position.ADVOCATE, announced=DAY.date(), own_voice=True), own="northgate")
    assert len(record.take(statement(Position.EXIT), item=post("b", when=DAY + HOURS)).alerts) == 1


def test_news_beside_a_call_for_rules_that_joins_is_told() -> None:
    record = Record()
    record.take(statement(Position.MORATORIUM))
    judged = record.take(
        statement(Position.ADVOCATE),
        statement(Position.EXIT, Audience.CONSUMERS, announced=NEXT.date(), own_voice=True),
        item=post("b", when=NEXT),
        own="northgate",
    )
    assert [alert.main.position for alert in judged.alerts] == [Position.EXIT]


def test_a_launch_for_others_beside_a_pause_is_a_second_alert_each_with_what_stood_before() -> None:
    record = Record(held(Position.ALLOW), held(Position.RESTRICT, Audience.BUSINESS))
    judged = record.take(
        statement(Position.ALLOW, Audience.BUSINESS, rule="launches"), statement(Position.MORATORIUM, rule="pauses")
    )
    assert [(a.main.position, a.main.audience, a.main.previous, len(a.changes)) for a in judged.alerts] == [
        (Position.MORATORIUM, Audience.POLICE, Position.ALLOW, 1),
        (Position.ALLOW, Audience.BUSINESS, Position.RESTRICT, 1),
    ]
    assert len({alert.key for alert in judged.alerts}) == 2


@pytest.mark.parametrize("rule", ["may-go-on", "lets-use", "keeps-selling"])
def test_what_stays_allowed_beside_a_ban_is_part_of_its_alert(rule: str) -> None:
    judged = Record().take(statement(), statement(Position.ALLOW, Audience.BUSINESS, rule=rule))
    assert [len(alert.changes) for alert in judged.alerts] == [2]


def test_a_later_launch_beside_a_report_of_the_ban_is_news() -> None:
    record = told_by_northgate()
    launch = statement(Position.ALLOW, Audience.BUSINESS, rule="launches", announced=NEXT.date(), own_voice=True)
    judged = record.take(statement(), launch, item=post("b", when=NEXT), own="northgate")
    assert [alert.main.audience for alert in judged.alerts] == [Audience.BUSINESS]


def test_new_terms_in_the_vendors_own_voice_are_a_second_event() -> None:
    record = Record()
    day = datetime(2020, 6, 15, 9, tzinfo=UTC)
    record.take(
        statement(Position.MORATORIUM, until=date(2021, 6, 10), announced=DAY.date(), own_voice=True), own="northgate"
    )
    longer = statement(Position.MORATORIUM, until=date(2023, 12, 31), announced=day.date(), own_voice=True)
    judged = record.take(longer, item=post("b", when=day), own="northgate")
    assert (change(judged), len(judged.alerts)) == (Change.EXTENDED, 1)


def test_an_outlet_that_counts_the_year_from_its_own_day_makes_no_second_event() -> None:
    record = Record()
    record.take(statement(Position.MORATORIUM, until=date(2021, 6, 10)))
    later = record.take(
        statement(Position.MORATORIUM, until=date(2021, 6, 12), announced=NEXT.date()), item=post("b", when=NEXT)
    )
    assert (later.alerts, stands(record).until) == ((), date(2021, 6, 10))

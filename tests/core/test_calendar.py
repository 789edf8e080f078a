from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.core.judging import DAY, Record, post, statement
from tests.ledgers import NOON, row
from watcher.core.alert import Alert
from watcher.core.calendar import LATE, Lapse, alerts_of, first_end, lapses, over, reminders
from watcher.core.change import Change
from watcher.core.stance import Ledger, Stance
from watcher.core.statement import Audience, Position

END = date(2021, 6, 10)
PAUSE = row(until=END)
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
AFTER = datetime(2021, 6, 11, 0, 0, tzinfo=UTC)


def at(day: date, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def later(**changes: object) -> Stance:
    return row(**{"held_from": date(2021, 5, 18), "recorded_at": at(date(2021, 5, 18)), **changes})


def lapsed(*rows: Stance, now: datetime = AFTER, told: tuple[Alert, ...] = ()) -> list[Lapse]:
    return lapses(Ledger.of(rows), told, now, UTC)


def marks(*rows: Stance, now: datetime) -> list[tuple[int, int]]:
    return [(one.stage, one.left) for one in reminders(Ledger.of(rows), now, UTC)]


def test_a_moratorium_lapses_when_the_day_of_its_end_is_over() -> None:
    assert lapsed(PAUSE, now=AFTER - timedelta(seconds=1)) == []
    assert lapsed(PAUSE) == [Lapse(PAUSE, END)]


@pytest.mark.parametrize(("zone", "hour"), [(BERLIN, 22), (NEW_YORK, 4 + 24), (UTC, 24)])
def test_a_day_is_over_when_it_is_over_in_the_operators_zone(zone: ZoneInfo, hour: int) -> None:
    moment = at(END, 0) + timedelta(hours=hour)
    assert over(END, zone) == moment
    assert lapses(Ledger.of([PAUSE]), (), moment - timedelta(seconds=1), zone) == []
    assert len(lapses(Ledger.of([PAUSE]), (), moment, zone)) == 1


@pytest.mark.parametrize(
    "word",
    [
        later(until=date(2022, 6, 10)),
        later(condition="until further notice"),
        later(position=Position.BAN),
        later(position=Position.ALLOW),
        later(position=Position.EXIT, audience=Audience.EVERYONE),
        later(withdrawn=True),
        later(product="FaceGate"),
    ],
    ids=["longer", "open end", "ban", "resumed", "out of the business", "wording gone", "goes on for one product"],
)
def test_what_was_said_in_the_meantime_is_no_lapse_and_no_reminder(word: Stance) -> None:
    assert lapsed(PAUSE, word) == []
    assert marks(PAUSE, word, now=at(END)) == []


@pytest.mark.parametrize(
    "other",
    [
        later(position=Position.ADVOCATE),
        later(position=Position.ALLOW, deal=True),
        later(position=Position.BAN, audience=Audience.BUSINESS),
        later(position=Position.ALLOW, audience=Audience.EVERYONE),
        later(position=Position.ALLOW, product="FaceGate"),
        later(position=Position.BAN, vendor="eastworks"),
        later(position=Position.ALLOW, jurisdiction="France"),
    ],
    ids=["a call", "one deal", "others", "a launch for all", "one product allowed", "another vendor", "another place"],
)
def test_what_speaks_of_something_else_leaves_the_end_standing(other: Stance) -> None:
    pause = row(until=END, jurisdiction="US")
    assert lapsed(pause, other) == [Lapse(pause, END)]


def test_an_extension_is_what_lapses_in_the_end() -> None:
    longer = later(until=date(2022, 6, 10))
    assert lapsed(PAUSE, longer, now=at(date(2022, 6, 11))) == [Lapse(longer, date(2022, 6, 10))]


@pytest.mark.parametrize("position", [Position.ALLOW, Position.EXIT, Position.ADVOCATE])
def test_only_what_holds_back_sales_for_a_time_has_an_end(position: Position) -> None:
    assert lapsed(row(until=END, position=position)) == []


def test_a_lapse_that_is_written_down_is_found_no_more() -> None:
    (found,) = lapsed(PAUSE)
    written = found.written(AFTER)
    assert (written.ends, written.held_from, written.position) == (PAUSE.id, date(2021, 6, 11), Position.MORATORIUM)
    assert (written.until, written.quote, written.url) == (END, PAUSE.quote, PAUSE.url)
    assert lapsed(PAUSE, written) == []
    assert first_end(Ledger.of([PAUSE])) == END
    assert first_end(Ledger.of([PAUSE, written])) is None


def test_what_was_over_when_it_became_known_is_told_to_nobody() -> None:
    (found,) = lapsed(row(until=END, recorded_at=AFTER), now=AFTER + timedelta(days=1))
    assert found.quiet == "it was over when it became known: told to nobody"
    assert found.quiet in str(found.written(AFTER).note)
    assert alerts_of([found], str, AFTER, UTC) == []


def test_a_lapse_is_told_late_rather_than_never_but_not_years_later() -> None:
    assert lapsed(PAUSE, now=at(END + LATE))[0].quiet is None
    assert "91 days later" in str(lapsed(PAUSE, now=at(END + LATE + timedelta(days=1)))[0].quiet)


def test_the_ends_of_one_vendor_and_day_are_one_alert() -> None:
    both = lapsed(PAUSE, row(until=END, audience=Audience.GOVERNMENT, origin="post:2"))
    (alert,) = alerts_of(both, str.capitalize, AFTER, UTC)
    assert [told.audience for told in alert.changes] == [Audience.POLICE, Audience.GOVERNMENT]
    assert {(told.change, told.previous, told.until) for told in alert.changes} == {
        (Change.LAPSED, Position.MORATORIUM, END)
    }
    assert (alert.vendor_name, alert.at, alert.published, alert.url) == ("Northgate", AFTER, AFTER, PAUSE.url)
    assert alert.main.quote == PAUSE.quote
    assert "was to hold until 2021-06-10" in alert.reason


def test_a_second_account_of_an_end_that_was_told_is_told_to_nobody() -> None:
    told = alerts_of(lapsed(PAUSE), str, AFTER, UTC)
    other = row(until=END + timedelta(days=1), audience=Audience.EVERYONE, origin="post:2")
    (found,) = lapsed(other, now=AFTER + timedelta(days=1), told=tuple(told))
    assert found.quiet == f"another account of what alert {told[0].key} told"
    rival = row(until=END + timedelta(days=1), vendor="eastworks")
    assert lapsed(rival, now=AFTER + timedelta(days=1), told=tuple(told))[0].quiet is None
    unrelated = row(until=END + timedelta(days=1), audience=Audience.BUSINESS, origin="post:3")
    assert lapsed(unrelated, now=AFTER + timedelta(days=1), told=tuple(told))[0].quiet is None


@pytest.mark.parametrize(
    ("before", "found"),
    [(31, []), (30, [(30, 30)]), (8, [(30, 8)]), (7, [(7, 7)]), (1, [(7, 1)]), (0, [(0, 0)]), (-1, [])],
)
def test_an_end_is_told_of_30_and_7_days_ahead_and_on_the_day_late_rather_than_never(
    before: int, found: list[tuple[int, int]]
) -> None:
    assert marks(PAUSE, now=at(END) - timedelta(days=before)) == found


def test_who_heard_of_an_end_a_moment_ago_needs_no_reminder() -> None:
    short = row(until=date(2020, 6, 30))
    assert marks(short, now=NOON) == []
    assert marks(short, now=at(date(2020, 6, 23))) == [(7, 7)]
    assert marks(row(until=date(2020, 6, 10)), now=NOON) == []


def test_a_reminder_names_whom_until_when_and_the_proof() -> None:
    also = row(until=END, audience=Audience.GOVERNMENT, origin="post:2")
    (found,) = reminders(Ledger.of([PAUSE, also]), at(date(2021, 5, 11)), UTC)
    notice = found.notice("Northgate", at(date(2021, 5, 11)))
    assert notice.key == "reminder-northgate-2021-06-10-30d"
    assert notice.title == "Northgate: the moratorium towards police and government ends in 30 days, on 2021-06-10"
    assert notice.lines == (
        "“We pause police use.”",
        "On record since 2020-06-10, reported by others (Northgate Blog).",
    )
    assert (notice.vendor, notice.url) == ("northgate", PAUSE.url)


def test_an_end_at_the_end_of_time_is_none() -> None:
    assert first_end(Ledger.of([row(until=date.max)])) is None


class Lapsing(Record):
    """Northgate's pause, lapsed and told."""

    def __init__(self) -> None:
        super().__init__()
        self.take(statement(Position.MORATORIUM, until=END, announced=DAY.date()), item=post("pause"))
        found = lapses(Ledger.of(self.rows), self.alerts, AFTER, UTC)
        self.rows += [one.written(AFTER) for one in found]
        self.alerts += alerts_of(found, str, AFTER, UTC)


def said(days: int) -> dict[str, Any]:
    when = AFTER + timedelta(days=days)
    return {"item": post("later", when=when), "now": when}


def test_a_report_that_a_pause_ran_out_joins_the_alert_that_told_of_it() -> None:
    record = Lapsing()
    judged = record.take(statement(Position.ALLOW, rule="lapses"), **said(2))
    assert (judged.alerts, [one.alert_key for one in judged.reports]) == ((), [record.alerts[1].key])


def test_an_extension_that_comes_after_the_lapse_is_told() -> None:
    judged = Lapsing().take(
        statement(Position.MORATORIUM, rule="extends-pause", condition="until further notice", announced=END), **said(1)
    )
    assert [one.main.change for one in judged.alerts] == [Change.EXTENDED]


def test_an_extension_of_which_we_heard_too_late_takes_the_lapse_back() -> None:
    record = Lapsing()
    early = statement(
        Position.MORATORIUM, rule="extends-pause", condition="until further notice", announced=END - timedelta(days=5)
    )
    assert [one.main.change for one in record.take(early, **said(2)).alerts] == [Change.EXTENDED]
    assert first_end(Ledger.of(record.rows)) is None


def test_a_ban_soon_after_a_lapse_is_news() -> None:
    judged = Lapsing().take(statement(Position.BAN, announced=END + timedelta(days=3)), **said(3))
    assert [one.main.change for one in judged.alerts] == [Change.TIGHTENED]

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.fakes import Killed, Mortal
from tests.ledgers import VENDORS, row, store_of
from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.review import Person, Review, Ruling
from watcher.core.stance import Stance
from watcher.usecases import answer
from watcher.usecases.lapse import Lapsed, lapse
from watcher.usecases.mute import mute
from watcher.usecases.ports import Store
from watcher.usecases.remind import remind
from watcher.usecases.review import rule

END = date(2021, 6, 10)
AFTER = datetime(2021, 6, 11, 0, 5, tzinfo=UTC)
DAY = timedelta(days=1)


def look(store: Store, now: datetime = AFTER) -> Lapsed:
    return lapse(store, str.capitalize, route, now)


def route(alert: Alert) -> tuple[str, ...]:
    return (f"C-{alert.vendor}-{alert.main.change}",)


def ledger(store: Store) -> tuple[Stance, ...]:
    with store.begin() as work:
        return work.stances.ledger().rows


def test_a_lapse_is_an_alert_a_row_and_a_delivery_exactly_once() -> None:
    store = store_of([row(until=END)])
    (alert,) = look(store).alerts
    assert (alert.vendor_name, alert.main.change) == ("Northgate", Change.LAPSED)
    assert [one.ends for one in ledger(store)] == [None, ledger(store)[0].id]
    with store.begin() as work:
        assert [one.channel for one in work.alerts.open_deliveries()] == ["C-northgate-lapsed"]
    assert look(store, AFTER + DAY) == Lapsed()


def test_what_was_over_at_first_sight_is_written_down_and_told_to_nobody() -> None:
    store = store_of([row(until=END, recorded_at=AFTER + DAY)])
    found = look(store, AFTER + 2 * DAY)
    assert (found.alerts, [one.row.until for one in found.quiet]) == ((), [END])
    assert look(store, AFTER + 3 * DAY) == Lapsed()
    with store.begin() as work:
        assert work.alerts.open_deliveries() == []


def test_the_record_shows_the_stance_that_lapsed_and_the_row_that_says_so() -> None:
    store = store_of([row(until=END)])
    look(store)
    (standing,) = answer.status(store, VENDORS, date(2021, 7, 1))
    assert (standing.lapsed, standing.since) == (True, date(2020, 6, 10))
    assert [one.lapsed for one in answer.status(store, VENDORS, END)] == [False]
    assert [one.row.held_from for one in answer.history(store, "northgate")] == [date(2020, 6, 10), date(2021, 6, 11)]


def test_an_account_that_comes_later_of_the_same_end_is_told_to_nobody() -> None:
    store = store_of([row(until=END)])
    look(store)
    with store.begin() as work:
        work.stances.add([row(until=END, origin="post:late", own_voice=True, recorded_at=AFTER + DAY)])
        work.commit()
    found = look(store, AFTER + 2 * DAY)
    assert (found.alerts, len(found.quiet)) == ((), 1)


def test_a_reminder_is_one_notice_for_those_who_would_hear_of_the_lapse() -> None:
    store = store_of([row(until=END)])
    now = AFTER - 31 * DAY
    assert [one.key for one in remind(store, str.capitalize, route, now)] == ["reminder-northgate-2021-06-10-30d"]
    assert remind(store, str.capitalize, route, now + DAY) == ()
    with store.begin() as work:
        assert [one.channel for one in work.alerts.open_deliveries()] == ["C-northgate-lapsed"]
        assert [one.title for one in work.alerts.notices()] == [
            "Northgate: the moratorium towards police ends in 30 days, on 2021-06-10"
        ]
    assert [one.key for one in remind(store, str.capitalize, route, AFTER - 8 * DAY)] == [
        "reminder-northgate-2021-06-10-7d"
    ]
    assert [one.key for one in remind(store, str.capitalize, route, AFTER - DAY)] == [
        "reminder-northgate-2021-06-10-0d"
    ]


@pytest.mark.parametrize("after", [False, True])
def test_a_process_that_dies_while_it_writes_a_lapse_tells_it_once(*, after: bool) -> None:
    store = store_of([row(until=END)])
    with pytest.raises(Killed):
        lapse(Mortal(store, 1, after=after), str.capitalize, route, AFTER)
    look(store, AFTER + DAY)
    with store.begin() as work:
        assert len(work.alerts.open_deliveries()) == 1
    assert [one.ends is None for one in ledger(store)] == [True, False]


def test_the_last_posts_of_a_day_have_time_to_come_in() -> None:
    store = store_of([row(until=END)])
    grace = timedelta(hours=1)
    assert lapse(store, str.capitalize, route, AFTER, grace=grace) == Lapsed()
    (alert,) = lapse(store, str.capitalize, route, AFTER + grace, grace=grace).alerts
    assert alert.at == AFTER + grace


def test_a_lapse_whose_row_was_taken_back_is_not_told_a_second_time() -> None:
    store = store_of([row(until=END)])
    look(store)
    with store.begin() as work:
        marker = work.stances.ledger().rows[1]
        work.stances.add([replace(marker, origin="review:x", retracts=marker.id, recorded_at=AFTER)])
        work.commit()
    assert look(store, AFTER + DAY).alerts == ()
    assert len(ledger(store)) == 1


# --- and what people say of it

SAID = AFTER + timedelta(hours=1)


def say(store: Store, alert: Alert, ruling: Ruling, number: int) -> int:
    done = rule(store, Review(alert.key, ruling, Person("Ann"), SAID + number * DAY, str(number)))
    assert done
    return done.rows


def test_a_lapse_that_somebody_takes_back_goes_on_without_an_end_and_is_not_told_again() -> None:
    store = store_of([row(until=END)])
    (alert,) = look(store).alerts
    assert say(store, alert, Ruling.NOT_A_CHANGE, 1) == 1
    (standing,) = answer.status(store, VENDORS, date(2021, 7, 1))
    assert (standing.lapsed, standing.position, standing.row.until) == (False, row().position, None)
    assert look(store, AFTER + 3 * DAY) == Lapsed()
    assert say(store, alert, Ruling.NOT_A_CHANGE, 4) == 0
    assert say(store, alert, Ruling.CONFIRM, 5) == 1
    assert [one.lapsed for one in answer.status(store, VENDORS, date(2021, 7, 1))] == [True]
    assert look(store, AFTER + 6 * DAY) == Lapsed()


def test_a_muted_vendors_lapse_and_reminders_are_recorded_and_sent_nowhere() -> None:
    store = store_of([row(until=END)])
    mute(store, "northgate", AFTER + 30 * DAY, Person("Ann"), AFTER - 60 * DAY, "1")
    assert remind(store, str.capitalize, route, AFTER - 7 * DAY)
    assert look(store).alerts
    with store.begin() as work:
        assert work.alerts.open_deliveries() == []

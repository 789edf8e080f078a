from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from watcher.core.week import Schedule, last_week, week_ending, week_named, weeks_due

BERLIN, NEW_YORK, LORD_HOWE = (ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"))
MONDAY = Schedule()
ZONES = [BERLIN, NEW_YORK, LORD_HOWE, ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_week_ends_at_the_readers_own_nine_oclock() -> None:
    week = week_ending(date(2020, 6, 15), MONDAY, BERLIN)
    assert (week.key, week.begin, week.end) == ("2020-W24", at("2020-06-08T07:00"), at("2020-06-15T07:00"))


def test_the_week_in_which_clocks_change_is_an_hour_longer_or_shorter() -> None:
    spring = week_ending(date(2021, 3, 29), MONDAY, BERLIN)
    autumn = week_ending(date(2021, 11, 1), MONDAY, BERLIN)
    assert spring.end - spring.begin == timedelta(days=7, hours=-1)
    assert autumn.end - autumn.begin == timedelta(days=7, hours=1)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("schedule", [MONDAY, Schedule(6, 2, 30), Schedule(4, 17, 30), Schedule(6, 0, 0)], ids=str)
def test_weeks_tile_and_each_has_a_key_of_its_own(zone: ZoneInfo, schedule: Schedule) -> None:
    weeks = weeks_due(at("2027-02-01T00:00"), at("2020-01-01T00:00"), schedule, zone, most=1000)
    assert all(earlier.end == later.begin for earlier, later in pairwise(weeks))
    assert len({week.key for week in weeks}) == len(weeks) > 360
    assert all(week_named(week.key, schedule, zone) == week for week in weeks)


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_week_is_due_from_its_last_moment_on_and_no_sooner(zone: ZoneInfo) -> None:
    week = week_ending(date(2020, 6, 15), MONDAY, zone)
    assert last_week(week.end, MONDAY, zone) == week
    assert last_week(week.end - timedelta(microseconds=1), MONDAY, zone).key == "2020-W23"
    assert weeks_due(week.end, week.begin, MONDAY, zone, most=4) == [week]
    assert weeks_due(week.end, week.end, MONDAY, zone, most=4) == []


def test_after_a_long_silence_the_oldest_letter_covers_what_was_before() -> None:
    since = at("2020-01-02T00:00")
    weeks = weeks_due(at("2020-06-15T09:00"), since, MONDAY, ZoneInfo("UTC"), most=3)
    assert [week.key for week in weeks] == ["2020-W22", "2020-W23", "2020-W24"]
    assert weeks[0].begin == since
    assert all(earlier.end == later.begin for earlier, later in pairwise(weeks))


@pytest.mark.parametrize("key", ["2020-24", "W24", "2020-W54", "2020-W00", "x-Wy", "2021-W53"])
def test_what_is_no_week_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        week_named(key, MONDAY, BERLIN)

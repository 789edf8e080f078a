"""The week of a letter: which seven days it covers, and when it is due.

A letter is due at one time of the week by the reader's own clock. Both ends of a week are such times, so weeks tile
without gap or overlap whatever the clocks do. A time that a clock skips in spring is taken as if it had not been put
forward, one that comes twice in autumn is its first (PEP 495, fold 0); either way it is one moment.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SEVEN_DAYS = timedelta(days=7)
MIDDLE = timedelta(days=3, hours=12)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A time of the week by the reader's clock; ``weekday`` counts from 0, Monday."""

    weekday: int = 0
    hour: int = 9
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days by somebody's clock: ``begin`` ≤ what is told in it < ``end``, both aware and in UTC.

    ``key`` is the ISO week in which its middle lies (``2020-W24``): each week has one of its own, also around New Year.
    """

    key: str
    begin: datetime
    end: datetime


def week_ending(day: date, schedule: Schedule, zone: tzinfo) -> Week:
    """The week whose letter is due on ``day``, which falls on the schedule's day of the week."""
    at = time(schedule.hour, schedule.minute)
    begin, end = (datetime.combine(one, at, zone).astimezone(UTC) for one in (day - SEVEN_DAYS, day))
    year, number, _ = (datetime.combine(day - SEVEN_DAYS, at) + MIDDLE).isocalendar()
    return Week(f"{year}-W{number:02}", begin, end)


def last_week(now: datetime, schedule: Schedule, zone: tzinfo) -> Week:
    """The newest week that is over."""
    return next(_backwards(now, schedule, zone))


def weeks_due(now: datetime, since: datetime, schedule: Schedule, zone: tzinfo, most: int) -> list[Week]:
    """The weeks that ended after ``since`` and are over, oldest first; at most the newest ``most`` of them.

    Where more have passed, the oldest of those that are left covers all from ``since`` on: nothing is left out.
    """
    weeks: list[Week] = []
    for week in _backwards(now, schedule, zone):
        if week.end <= since:
            break
        if len(weeks) == most:
            weeks[-1] = Week(weeks[-1].key, since, weeks[-1].end)
            break
        weeks.append(week)
    return weeks[::-1]


def week_named(key: str, schedule: Schedule, zone: tzinfo) -> Week:
    """The week with this key.

    Raises:
        ValueError: there is no such week.
    """
    year, separator, number = key.partition("-W")
    if not separator:
        raise ValueError(f"a week such as 2020-W24, not {key}")
    monday = date.fromisocalendar(int(year), int(number), 1)
    ends = (monday + timedelta(days=days) for days in range(3, 15))
    weeks = (week_ending(day, schedule, zone) for day in ends if day.weekday() == schedule.weekday)
    return next(week for week in weeks if week.key == key)


def _backwards(now: datetime, schedule: Schedule, zone: tzinfo) -> Iterator[Week]:
    today = now.astimezone(zone).date() + timedelta(days=1)  # a day more: zones and moments need not agree on it
    day = today - timedelta(days=(today.weekday() - schedule.weekday) % 7)
    while True:
        week = week_ending(day, schedule, zone)
        if week.end <= now:
            yield week
        day -= SEVEN_DAYS

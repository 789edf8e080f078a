import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from watcher.core.errors import StorageError
from watcher.usecases.rota import Job, Rota

NOW = datetime(2020, 6, 10, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Done:
    """What was done, and when."""

    def __init__(self) -> None:
        self.at: list[datetime] = []

    def __call__(self, now: datetime) -> None:
        self.at.append(now)


def test_a_job_is_done_at_once_and_then_at_its_cadence() -> None:
    done = Done()
    rota = Rota([Job("job", HOUR, done)])
    for minutes in (0, 59, 60, 61, 120):
        rota.run(NOW + minutes * MINUTE)
    assert done.at == [NOW, NOW + HOUR, NOW + 2 * HOUR]


def test_a_job_with_a_zone_is_done_when_the_date_there_changes() -> None:
    done = Done()
    rota = Rota([Job("job", 24 * HOUR, done, ZoneInfo("Europe/Berlin"))])
    midnight = datetime(2020, 6, 10, 22, tzinfo=UTC)
    for moment in (NOW, midnight - MINUTE, midnight, midnight + MINUTE):
        rota.run(moment)
    assert done.at == [NOW, midnight]


def test_a_job_whose_condition_does_not_hold_stays_due() -> None:
    done, hears = Done(), [False]
    rota = Rota([Job("job", HOUR, done, when=lambda: hears[0])])
    rota.run(NOW)
    hears[0] = True
    rota.run(NOW + MINUTE)
    assert done.at == [NOW + MINUTE]


def test_a_clock_that_was_set_back_puts_no_job_off() -> None:
    done = Done()
    rota = Rota([Job("job", HOUR, done)])
    rota.run(NOW)
    rota.run(NOW - 24 * HOUR)
    assert len(done.at) == 2


@pytest.mark.parametrize("error", [StorageError("the disk is full"), ZeroDivisionError("a bug")])
def test_a_fault_in_one_job_stops_no_other_and_is_logged_once(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_now: datetime) -> None:
        raise error

    done = Done()
    rota = Rota([Job("first", MINUTE, fail), Job("second", MINUTE, done)])
    for minutes in range(3):
        rota.run(NOW + minutes * MINUTE)
    assert len(done.at) == 3
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert caplog.records[0].message.startswith("first: ")


def test_a_stop_ends_the_jobs_between_two_of_them() -> None:
    done = Done()
    Rota([Job("job", MINUTE, done)]).run(NOW, lambda: True)
    assert done.at == []

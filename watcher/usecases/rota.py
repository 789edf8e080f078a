"""What is to be done beside the rounds, each at its own cadence; a fault in one never stops the others."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from watcher.core.errors import WatcherError

_log = logging.getLogger(__name__)


def always() -> bool:
    """The condition of a job that has none."""
    return True


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so often.

    ``zone``: also when the date there has changed. ``when``: asked first; while it says no, the job stays due.
    """

    name: str
    every: timedelta
    do: Callable[[datetime], object]
    zone: tzinfo | None = None
    when: Callable[[], bool] = always

    def due(self, last: datetime | None, now: datetime) -> bool:
        """Whether it is time; a clock that was set back does not put a job off."""
        if last is None or now < last or now - last >= self.every:
            return True
        return self.zone is not None and last.astimezone(self.zone).date() != now.astimezone(self.zone).date()


class Rota:
    """The jobs, in their order, and when each was done last in this process."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = tuple(jobs)
        self._last: dict[str, datetime] = {}
        self._faults: dict[str, str] = {}

    def run(self, now: datetime, stop: Callable[[], bool] = bool) -> None:
        """Do what is due. A job that fails is due again after its own cadence."""
        for job in self._jobs:
            if stop():
                return
            if job.due(self._last.get(job.name), now) and job.when():
                self._last[job.name] = now
                self._guarded(job, now)

    def _guarded(self, job: Job, now: datetime) -> None:
        try:
            job.do(now)
        except WatcherError as error:
            self._say(job, str(error), None)
        except Exception as error:  # noqa: BLE001  (outermost loop over jobs: a bug in one must not stop the others)
            self._say(job, f"a bug of the watcher's own ({type(error).__name__})", error)
        else:
            self._faults.pop(job.name, None)

    def _say(self, job: Job, fault: str, error: Exception | None) -> None:
        """Once for each fault; a job of every minute would fill the log with it."""
        if self._faults.get(job.name) != fault:
            _log.error("%s: %s; trying on", job.name, fault, exc_info=error)
        self._faults[job.name] = fault

"""``run``: polls what is due, reads and delivers, until it is told to stop.

APScheduler is the metronome only: due times live in the record, so a restart polls nothing early and forgets nothing.
One worker does all the ticks, one after the other, because one process writes the record and each delivery must be sent
by one hand. A tick that takes long is not queued behind itself.
"""

import logging
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from types import FrameType

from watcher.core.alert import Alert
from watcher.core.errors import WatcherError
from watcher.core.health import PERHAPS_OURS, Transition
from watcher.entrypoints.clock import utc_now
from watcher.usecases.deliver import Delivered
from watcher.usecases.round import Failure, Round
from watcher.usecases.summary import ReadSummary

TICK = timedelta(seconds=1)  # a Retry-After is kept to the second
AFTER_ERROR = timedelta(minutes=1)
ONE_WISH = 3.0  # seconds: who stops a process and its group sends the same signal twice
NAMED = 5  # failures that are named in a line; the others are counted

Stop = Callable[[], bool]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What a round is made of, joined to the world by ``bootstrap``.

    ``poll`` is handed what to call while a slow source is awaited; that says whether it is to be called again. Each
    asks ``Stop`` between two pieces of work and ends there when it says yes. ``beside`` is what has a cadence of its
    own: called at each tick, after the round; it looks after its faults itself. ``changed``: whether there may be new
    sources since it was asked last.
    """

    poll: Callable[[Callable[[], object], Stop], Round]
    read: Callable[[Stop], ReadSummary]
    deliver: Callable[[Stop], Delivered]
    beside: Callable[[datetime, Stop], None] = lambda _now, _stop: None
    changed: Callable[[], bool] = bool


@dataclass(frozen=True, slots=True)
class Report:
    """What one round came to, from the first request to the last message."""

    round: Round
    reads: tuple[ReadSummary, ...] = field(default=())
    deliveries: tuple[Delivered, ...] = field(default=())

    def with_calendar(self, alerts: tuple[Alert, ...], delivered: Delivered) -> "Report":
        """The report with what the calendar told after the round."""
        return replace(self, reads=(*self.reads, ReadSummary(alerts=alerts)), deliveries=(*self.deliveries, delivered))

    @property
    def alerts(self) -> int:
        """How many alerts are new."""
        return sum(len(read.alerts) for read in self.reads)

    @property
    def faults(self) -> tuple[str, ...]:
        """Posts that could not be read."""
        return tuple(fault for read in self.reads for fault in read.faults)

    @property
    def pages(self) -> int:
        """How many posts are unread at the end, since the pages behind them are awaited."""
        return self.reads[-1].awaited if self.reads else 0

    @property
    def trouble(self) -> dict[str, str]:
        """What stands in a channel's way at the end, by channel."""
        return self.deliveries[-1].trouble if self.deliveries else {}

    @property
    def eventful(self) -> bool:
        """Whether there is something in it that people should see."""
        polled = self.round
        told = polled.failures or polled.transitions or polled.notes or polled.network_down or polled.partial
        return bool(told or polled.new_posts or polled.edits or self.alerts or self.faults or self.trouble)


def one_round(work: Work, stop: Stop = bool, *, whole: bool = True) -> Report:
    """Poll, read, deliver; and read and deliver in between, while a slow source or the page behind a post is awaited.

    ``whole``: until no page is awaited any more; else what is awaited is left to the next round.

    Raises:
        StorageError: the record cannot be read or written.
    """
    reads: list[ReadSummary] = []
    deliveries: list[Delivered] = []

    def tell() -> bool:
        reads.append(work.read(stop))
        deliveries.append(work.deliver(stop))
        return bool(reads[-1].awaited)

    polled = work.poll(tell, stop)
    more = True
    while more and not stop():
        more = tell() and whole
    return Report(polled, tuple(reads), tuple(deliveries))


def describe(report: Report) -> str:
    """One line for people."""
    polled = report.round
    if polled.network_down:
        lost = sum(failure.trouble in PERHAPS_OURS for failure in polled.failures)
        return (
            f"{lost} of {_sources(polled.answered)} could not be reached: this machine's own network seems to be down; "
            f"next try at {_clock_time(polled.next_due)}"
        )
    parts = [f"{_sources(polled.answered)} polled: {_brought(polled)}", _failed(polled.failures), _told(report)]
    if polled.awaited:
        parts.append(f"{_sources(polled.awaited)} still awaited")
    if report.pages:
        parts.append(f"{_count(report.pages, 'page')} still awaited")
    if polled.next_due:
        parts.append(f"next at {_clock_time(polled.next_due)}")
    return "; ".join(part for part in parts if part)


def describe_transition(transition: Transition) -> str:
    """A change of a source's health in one line."""
    detail = f" ({transition.detail})" if transition.detail else ""
    return f"source {transition.source_id}: {transition.before} → {transition.after}{detail}"


def _sources(count: int) -> str:
    return f"{count} source{'' if count == 1 else 's'}"


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}" if count else ""


def _brought(polled: Round) -> str:
    baseline = f" ({polled.baseline} of them as baseline)" if polled.baseline else ""
    new = _count(polled.new_posts, "new post")
    unchanged = f"{polled.not_modified} not modified" if polled.not_modified else ""
    partial = f"{len(polled.partial)} cut short ({', '.join(polled.partial[:NAMED])})" if polled.partial else ""
    found = [new and f"{new}{baseline}", _count(polled.edits, "edit"), unchanged, partial]
    return ", ".join(part for part in found if part) or "nothing new"


def _failed(failures: tuple[Failure, ...]) -> str:
    if not failures:
        return ""
    named = ", ".join(f"{failure.source_id} ({failure.trouble}: {failure.detail})" for failure in failures[:NAMED])
    more = f" and {len(failures) - NAMED} more" if len(failures) > NAMED else ""
    return f"{len(failures)} failed: {named}{more}"


def _told(report: Report) -> str:
    sent = sum(delivered.sent for delivered in report.deliveries)
    reports = sum(read.reports for read in report.reads)
    last = report.deliveries[-1] if report.deliveries else None
    joined = f"{_count(reports, 'report')} joined earlier alerts" if reports else ""
    since = f", the oldest for {_age(last.oldest)}" if last and last.oldest else ""
    held = f"{last.waiting} waiting{since}" if last and last.waiting else ""
    found = [
        _count(report.alerts, "alert"),
        _count(sent, "message") and f"{_count(sent, 'message')} sent",
        held,
        joined,
    ]
    return ", ".join(part for part in found if part)


def _age(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    return f"{minutes} min" if minutes else f"{int(length.total_seconds())} s"


def _clock_time(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%H:%M} UTC" if moment else "the next tick"


def run(
    work: Work,
    *,
    clock: Callable[[], datetime] = utc_now,
    tick: timedelta = TICK,
    stopping: threading.Event | None = None,
    reloading: threading.Event | None = None,
) -> None:
    """Work until SIGTERM or SIGINT (or ``stopping``); then finish what was begun, and return.

    A second signal, some seconds later, ends the process at once. SIGHUP sets ``reloading``.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415  (late: only ``run`` pays for it)
    from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415  (the same)

    stopping = stopping or threading.Event()
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of each tick that a long round swallows
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    beat = Beat(work, clock, stopping.is_set)
    scheduler.add_job(beat.tick, "interval", seconds=tick.total_seconds(), next_run_time=utc_now())
    with _signals(stopping, reloading):
        scheduler.start()
        stopping.wait()
        _log.info("stopping: what was begun is finished first")
        scheduler.shutdown(wait=True)


class Beat:
    """The ticks: each delivers what is due, and polls when the record says that a source is due."""

    def __init__(self, work: Work, clock: Callable[[], datetime], stop: Stop) -> None:
        self._work = work
        self._clock = clock
        self._stop = stop
        self._wake: datetime | None = None
        self._last_error = ""
        self._said = False

    def tick(self) -> None:
        """One tick; nothing that goes wrong in it ends the process."""
        if self._stop():
            return
        try:
            self._tick()
        except WatcherError as error:
            self._later()
            _log.error("%s", error)
        except Exception as error:  # noqa: BLE001  (the outermost loop: a bug in one tick must not end the watch)
            self._later()
            self._log_bug(error)
        self._work.beside(self._clock(), self._stop)

    def _tick(self) -> None:
        at = self._clock()
        if not self._work.changed() and self._wake is not None and at < self._wake:
            self._work.deliver(self._stop)
            return
        report = one_round(self._work, self._stop, whole=False)
        self._wake = at if report.round.awaited or report.pages else report.round.next_due or at + AFTER_ERROR
        self._last_error = ""
        self._say(report)

    def _later(self) -> None:
        self._wake = self._clock() + AFTER_ERROR

    def _say(self, report: Report) -> None:
        """Quiet rounds, of which there are several a minute, are not shown; the first one always is."""
        if not (report.round.answered or report.alerts or report.faults) and self._said:
            return
        level = logging.INFO if report.eventful or not self._said else logging.DEBUG
        self._said = True
        _log.log(level, "%s", describe(report))
        for transition in report.round.transitions:
            _log.warning("%s", describe_transition(transition))
        for note in (*report.round.notes, *report.faults, *(f"{k}: {v}" for k, v in report.trouble.items())):
            _log.warning("%s", note)

    def _log_bug(self, error: Exception) -> None:
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{type(error).__name__} in {where.name}, line {where.lineno}"
        if place == self._last_error:
            _log.error("the same error again (%s); trying on", place)
        else:
            _log.error("a bug of the watcher's own stopped this round; trying on", exc_info=error)
        self._last_error = place


def _set(event: threading.Event) -> None:
    """By a thread: the interrupted main thread may hold the very lock that ``set`` needs."""
    threading.Thread(target=event.set).start()


@contextmanager
def _signals(stopping: threading.Event, reloading: threading.Event | None) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may handle signals
        return
    ending = (signal.SIGTERM, signal.SIGINT)
    before = {name: signal.getsignal(name) for name in ending}
    if reloading is not None and hasattr(signal, "SIGHUP"):  # Windows has none
        before[signal.SIGHUP] = signal.signal(signal.SIGHUP, lambda _number, _frame: _set(reloading))

    asked: list[float] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        if not asked:
            asked.append(monotonic())
            _set(stopping)
        elif monotonic() - asked[0] > ONE_WISH:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    for name in ending:
        signal.signal(name, stop)
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)

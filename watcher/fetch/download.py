"""Fetching many addresses at once, politely.

::

    requests → Turns (whose turn) → Slot (one libcurl handle) on a Wire (the poller) → judge → outbox → the caller
                   ↑______________________ a redirect goes back into line ____________________|   ↑
                                                                                   ParserPool ____|

Each call to ``fetch`` runs on a thread of its own until its last answer, so that a caller who parses never holds up
the network, and may fetch more in between. What waits for the caller is bounded: above the bound nothing new starts.
All bodies of all calls share one ``Room``; a transfer that had to give way is asked for again.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source
from watcher.fetch.address import host_of, normalised
from watcher.fetch.answer import Onward, failed, judge
from watcher.fetch.credentials import NOBODY
from watcher.fetch.hosts import Job, Turns, Visits
from watcher.fetch.parserchild import Task, Unread
from watcher.fetch.parserpool import Outcome, ParserPool
from watcher.fetch.room import Room
from watcher.fetch.settings import Settings
from watcher.fetch.slot import Received, Slot
from watcher.fetch.wire import Wire
from watcher.usecases.ports import Fetched, FetchRequest

__all__ = ["Downloader", "Settings"]

_LEAST_BUFFERED = 4  # answers that may always wait, however large
_SMALL = 256 * 1024  # bytes; what cannot take a parser longer than moments, whatever it holds
_BACKLOG = 8  # bodies that wait for the caller: he is busy
NO_ROOM = "too much came from all servers at once for its answer; it is asked later, and WATCHER_CONCURRENCY asks fewer"


class Downloader:
    """Implements ``ports.Fetcher``. Close it when done; connections stay open between calls until then.

    Args:
        settings: deadlines, caps and manners.
        now: the clock for a ``Retry-After`` date in an answer without a date of its own.
        pool: what reads bodies that are large, or come faster than the caller takes them; closed with this.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime], pool: ParserPool | None = None) -> None:
        self._settings = settings
        self._now = now
        self._pool = pool
        self._visits = Visits(settings.per_host, settings.gap)
        self.room = Room(settings.held_bytes)
        self._idle: list[_Engine] = []
        self._lock = threading.Lock()

    def adopt(self, settings: Settings) -> None:
        """Go by other settings, from the next round on: sources that were added may have credentials of their own."""
        self._settings = settings

    def fetch(
        self, requests: Iterable[FetchRequest], *, idle: float | None = None
    ) -> Generator[Fetched | None, None, None]:
        """One answer for each request, as they come in; None whenever nothing came for ``idle`` seconds.

        Never raises for one address's trouble. Closing the generator ends what is on its way.
        """
        wanted = list(requests)
        if not wanted:
            return
        engine = self._engine()
        round_ = _Round(engine, wanted, self._settings, self._visits, self.room, self._now, self._pool)
        round_.start()
        left = len(wanted)
        try:
            while left:
                answer = round_.next(idle)
                left -= answer is not None
                yield answer
        finally:
            round_.stop()
            self._give_back(engine)

    def close(self) -> None:
        """Close all idle connections, and end the pool's children."""
        if self._pool:
            self._pool.close()
        with self._lock:
            engines, self._idle = self._idle, []
        for engine in engines:
            engine.close()

    def _engine(self) -> "_Engine":
        with self._lock:
            return self._idle.pop() if self._idle else _Engine(self._settings, self.room)

    def _give_back(self, engine: "_Engine") -> None:
        with self._lock:
            self._idle.append(engine)


class _Engine:
    """A wire and its handles: what is worth keeping between calls."""

    def __init__(self, settings: Settings, room: Room) -> None:
        self._settings = settings
        self._room = room
        self.wire = Wire()
        self._free: list[Slot] = []

    def slot(self) -> Slot:
        return self._free.pop() if self._free else Slot(self._settings, self._room)

    def free(self, slot: Slot) -> None:
        self._free.append(slot)

    def close(self) -> None:
        for slot in self._free:
            slot.close()
        self.wire.close()


@dataclass(frozen=True, slots=True)
class _Flight:
    job: Job
    slot: Slot


class _Round:
    """One call: its thread drives the wire, the caller takes the answers."""

    def __init__(
        self,
        engine: _Engine,
        requests: Sequence[FetchRequest],
        settings: Settings,
        visits: Visits,
        room: Room,
        now: Callable[[], datetime],
        pool: ParserPool | None,
    ) -> None:
        self._engine = engine
        self._pool = pool
        self._requests = requests
        self._settings = settings
        self._now = now
        self._turns = Turns(visits)
        self._flights: dict[object, _Flight] = {}
        self._room = room
        self._put_off: deque[tuple[float, Job]] = deque()  # who gave way, and until when they wait for room
        self._outbox = _Outbox(settings.buffered_bytes, room)
        self._left = len(requests)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._drive, name="fetch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def next(self, idle: float | None) -> Fetched | None:
        """The next answer, waited for; None when none came in ``idle`` seconds."""
        answer, was_full = self._outbox.take(idle)
        if was_full or self._put_off:
            self._engine.wire.wake()
        return answer

    def stop(self) -> None:
        """End the thread, and with it whatever is still on its way."""
        self._stopping.set()
        self._engine.wire.wake()
        self._thread.join()
        self._room.forget(self)
        self._room.forget(self._outbox)

    def _drive(self) -> None:
        try:
            for request in self._requests:
                self._enter(request)
            while self._left and not self._stopping.is_set():
                self._start_some()
                for handle, code, words in self._engine.wire.turn(self._wait()):
                    self._land(self._flights[handle], code, words)
        except BaseException as error:  # noqa: BLE001  (carried over to the caller's thread and raised there)
            self._outbox.fail(error)
        finally:
            for flight in list(self._flights.values()):
                self._take_off_wire(flight)

    def _enter(self, request: FetchRequest) -> None:
        try:
            url = normalised(request.url)
        except FetchError as error:
            self._answer(failed(Job(request, "", ""), error))
            return
        self._turns.add(Job(request, url, host_of(url)), time.monotonic())

    def _start_some(self) -> None:
        self._admit()
        while not self._is_busy:
            job = self._turns.next(time.monotonic())
            if job is None:
                return
            slot = self._engine.slot()
            self._flights[slot.handle] = _Flight(job, slot)
            own = self._settings.credentials.get(job.request.on_behalf or "", NOBODY)
            slot.begin(
                job.url,
                job.http,
                self._settings.total_timeout - job.spent,
                own,
                job.request.enough,
                kept=bool(job.kept),
            )
            self._engine.wire.add(slot.handle)

    def _wait(self) -> float | None:
        return None if self._is_busy or not self._left else self._turns.wait(time.monotonic())

    @property
    def _is_busy(self) -> bool:
        """Whether nothing may start now. One transfer may always run, or two calls could wait for each other's room."""
        if len(self._flights) >= self._settings.concurrency or self._outbox.full:
            return True
        return self._room.is_scarce and bool(self._flights)

    def _admit(self) -> None:
        """Put those who gave way into line again, as far as there is room for all that they may send."""
        while self._put_off:
            until, job = self._put_off[0]
            most = job.request.enough or self._settings.max_decoded_bytes
            alone = not self._flights and not self._room.keeps(self)
            if self._room.keep(self, most, always=alone):
                self._onward(replace(job, kept=most))
            elif time.monotonic() > until:
                self._refuse(job, FetchError(FetchTrouble.TIMEOUT, NO_ROOM))
            else:
                return
            self._put_off.popleft()

    def _land(self, flight: _Flight, code: int, words: str) -> None:
        job = flight.job
        received = self._take_off_wire(flight, code, words)
        self._release(job)
        if received.crowded:
            # With its time unspent: it need not be to blame.
            self._put_off.append((time.monotonic() + self._settings.total_timeout, job))
            return
        decision = judge(job, received, self._settings.max_redirects, self._now)
        if isinstance(decision, Onward):
            self._onward(decision.job)
            return
        if self._pool and job.request.source and decision.body and self._outbox.overtaken(len(decision.body)):
            self._read_apart(self._pool, job.request.source, decision)
        else:
            self._answer(decision)
        if decision.error and decision.error.trouble is FetchTrouble.THROTTLED:
            self._close_host(job.host, decision.error)

    def _take_off_wire(self, flight: _Flight, code: int = 0, words: str = "") -> Received:
        slot = flight.slot
        del self._flights[slot.handle]
        received = slot.end(code, words)
        self._engine.wire.remove(slot.handle)
        self._engine.free(slot)
        self._turns.ended(flight.job, time.monotonic())
        return received

    def _onward(self, job: Job) -> None:
        closed = self._turns.closed(job.host)
        if closed:
            self._refuse(job, closed)
        elif job.spent >= self._settings.total_timeout:
            self._refuse(job, FetchError(FetchTrouble.TIMEOUT, "its redirects took all the time there was"))
        else:
            self._turns.add(job, time.monotonic())

    def _refuse(self, job: Job, error: FetchError) -> None:
        self._release(job)
        self._answer(failed(job, error))

    def _release(self, job: Job) -> None:
        if job.kept:
            self._room.release(self, job.kept)

    def _close_host(self, host: str, error: FetchError) -> None:
        """A host that asked for a pause is spared for the rest of the call."""
        spared = FetchError(
            FetchTrouble.THROTTLED,
            f"not asked, since {error.detail} to another request",
            status=error.status,
            retry_after=error.retry_after,
        )
        for job in self._turns.close(host, spared):
            self._refuse(job, spared)

    def _answer(self, answer: Fetched) -> None:
        self._left -= 1
        self._outbox.put(answer, self._outbox.hold(answer))

    def _read_apart(self, pool: ParserPool, source: Source, answer: Fetched) -> None:
        """Hand the answer to a child; it reaches the caller when it was read."""
        self._left -= 1
        size = self._outbox.hold(answer)
        pool.submit(
            Task(source, answer, self._now()), lambda found: self._outbox.put(_with_content(answer, found), size)
        )


def _with_content(answer: Fetched, found: Outcome) -> Fetched:
    if found is None:
        return answer
    if isinstance(found, Unread):
        return replace(answer, body=b"", error=FetchError(found.trouble, found.detail, transient=found.transient))
    return replace(answer, body=b"", content=found)


class _Outbox:
    """Answers that wait for the caller. Putting never blocks: a full outbox only keeps new requests from starting.

    An answer is held from the moment at which its body is there, so that those that are being read count as well.
    """

    def __init__(self, most_bytes: int, room: Room) -> None:
        self._most = most_bytes
        self._room = room
        self._bytes = 0
        self._held = 0
        self._bodies = 0  # those that wait for the caller to read them
        self._answers: deque[tuple[Fetched, int]] = deque()
        self._error: BaseException | None = None
        self._change = threading.Condition()

    @property
    def full(self) -> bool:
        return self._bytes >= self._most and self._held >= _LEAST_BUFFERED

    def overtaken(self, size: int) -> bool:
        """Whether a body of this size is better not left to the caller."""
        return size > _SMALL or self._bodies >= _BACKLOG

    def hold(self, answer: Fetched) -> int:
        """Count an answer that is to come; returns its size, with which it is to be put."""
        size = len(answer.body)
        self._room.keep(self, size)
        with self._change:
            self._bytes += size
            self._held += 1
        return size

    def put(self, answer: Fetched, size: int) -> None:
        with self._change:
            self._answers.append((answer, size))
            self._bodies += bool(answer.body)
            self._change.notify()

    def fail(self, error: BaseException) -> None:
        with self._change:
            self._error = error
            self._change.notify()

    def take(self, idle: float | None) -> tuple[Fetched | None, bool]:
        """The oldest answer, or None after ``idle`` seconds without; and whether the outbox was full before."""
        with self._change:
            self._change.wait_for(lambda: self._answers or self._error, idle)
            was_full = self.full
            with suppress(IndexError):
                answer, size = self._answers.popleft()
                self._room.release(self, size)
                self._bytes -= size
                self._held -= 1
                self._bodies -= bool(answer.body)
                return answer, was_full
            if self._error:
                raise self._error
            return None, False

"""Whose turn it is: few requests at once to one host, with a gap between them, and no host waits for another."""

import heapq
import threading
from collections import deque
from dataclasses import dataclass, field
from itertools import count

from watcher.core.errors import FetchError
from watcher.core.source import HttpState
from watcher.usecases.ports import FetchRequest

_MANY_HOSTS = 5000
_ELSEWHERE = 0.05  # seconds until we look again whether another call has left the host


@dataclass(slots=True)
class Job:
    """One request on its way. ``hops`` are the addresses asked before this one, ``spent`` the seconds they took.

    ``kept``: bytes of room that are kept for its body.
    """

    request: FetchRequest
    url: str
    host: str
    hops: tuple[str, ...] = ()
    permanent: bool = True
    spent: float = 0.0
    kept: int = 0

    @property
    def http(self) -> HttpState:
        """What makes the request conditional."""
        return self.request.http


@dataclass(slots=True)
class _Visit:
    running: int = 0
    next_start: float = 0.0


class Visits:
    """Who is being asked right now, by all calls together; safe to share between threads."""

    def __init__(self, per_host: int, gap: float) -> None:
        self._per_host = per_host
        self._gap = gap
        self._visits: dict[str, _Visit] = {}
        self._lock = threading.Lock()

    def start(self, host: str, now: float) -> float | None:
        """Begin a request. None: it may run; else in how many seconds to ask again (0: when one has ended)."""
        with self._lock:
            visit = self._visits.setdefault(host, _Visit())
            if visit.running >= self._per_host:
                return 0.0
            if visit.next_start > now:
                return visit.next_start - now
            visit.running += 1
            visit.next_start = now + self._gap
            return None

    def end(self, host: str, now: float) -> None:
        """A request has ended."""
        with self._lock:
            self._visits[host].running -= 1
            if len(self._visits) > _MANY_HOSTS:
                self._visits = {h: v for h, v in self._visits.items() if v.running or v.next_start > now}


@dataclass(slots=True)
class _Line:
    waiting: deque[Job] = field(default_factory=deque)
    running: int = 0
    queued: bool = False


class Turns:
    """The jobs of one call, in one line for each host."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits
        self._lines: dict[str, _Line] = {}
        self._ready: list[tuple[float, int, str]] = []
        self._order = count()
        self._closed: dict[str, FetchError] = {}

    def add(self, job: Job, now: float) -> None:
        """Put a job at the end of its host's line."""
        line = self._lines.setdefault(job.host, _Line())
        line.waiting.append(job)
        if not line.queued:
            self._queue(job.host, line, now)

    def next(self, now: float) -> Job | None:
        """A job that may start now, counted as running; None when all have to wait."""
        while self._ready and self._ready[0][0] <= now:
            host = heapq.heappop(self._ready)[2]
            line = self._lines[host]
            line.queued = False
            if not line.waiting:
                continue
            wait = self._visits.start(host, now)
            if wait is None:
                line.running += 1
                job = line.waiting.popleft()
                self._queue(host, line, now)
                return job
            if wait > 0 or not line.running:
                self._queue(host, line, now + (wait or _ELSEWHERE))
        return None

    def ended(self, job: Job, now: float) -> None:
        """A job that was running has ended."""
        line = self._lines[job.host]
        line.running -= 1
        self._visits.end(job.host, now)
        if line.waiting and not line.queued:
            self._queue(job.host, line, now)

    def wait(self, now: float) -> float | None:
        """Seconds until a job may start; None when that depends on one that is running."""
        return max(0.0, self._ready[0][0] - now) if self._ready else None

    def close(self, host: str, error: FetchError) -> list[Job]:
        """Ask a host no more in this call; returns the jobs that will not run."""
        self._closed[host] = error
        line = self._lines.get(host) or _Line()
        dropped = list(line.waiting)
        line.waiting.clear()
        return dropped

    def closed(self, host: str) -> FetchError | None:
        """Why a host is asked no more."""
        return self._closed.get(host)

    def _queue(self, host: str, line: _Line, when: float) -> None:
        line.queued = True
        heapq.heappush(self._ready, (when, next(self._order), host))

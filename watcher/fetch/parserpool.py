"""Bodies read in processes of their own, under a deadline that really ends it.

What is small is read by the caller himself, as long as he keeps up: a process takes longer to start than a hundred
usual feeds to read. What is large, or too much for him, goes to a child: another core reads it, and a body that is made
to take for ever costs its child and nothing else. A child without work ends.
"""

import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe

from watcher.core.capture import Capture
from watcher.core.errors import FetchTrouble
from watcher.fetch.parserchild import Task, Unread
from watcher.usecases.ports import Parsed

Outcome = Parsed | Capture | Unread | None  # None: no child could be had
Done = Callable[[Outcome], None]

SECONDS = 20.0  # in which a body must have been read
MEMORY = 768 * 1024**2  # bytes of address space of a child; see docs/performance.md, "Hostile servers"
TASKS = 1000  # after which a child makes room for a new one: what parsers leak stays small
IDLE = 3.0  # seconds without work, after which a child ends

_log = logging.getLogger(__name__)


class ParserPool:
    """Hands bodies to children; each is watched by a thread of its own.

    Args:
        size: how many children at most; by default one for each core, four at most.
        seconds: the deadline of one body.
        memory: what a child may use, in bytes.
    """

    def __init__(self, size: int | None = None, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._size = size or min(4, os.cpu_count() or 1)
        self._seconds = seconds
        self._memory = memory
        self._tasks: deque[tuple[Task, Done]] = deque()
        self._threads: set[threading.Thread] = set()
        self._waiting = 0  # threads without work
        self._closing = False
        self._change = threading.Condition()

    def submit(self, task: Task, done: Done) -> None:
        """Have a body read; ``done`` is called once, on another thread."""
        with self._change:
            self._tasks.append((task, done))
            self._change.notify()
            if self._waiting < len(self._tasks) and len(self._threads) < self._size:
                thread = threading.Thread(target=self._watch, name="parser", daemon=True)
                self._threads.add(thread)
                thread.start()

    def close(self) -> None:
        """End all children, each after the body that it reads; what still waits is answered unread."""
        with self._change:
            self._closing = True
            self._change.notify_all()
            threads, left = list(self._threads), list(self._tasks)
            self._tasks.clear()
        for _, done in left:
            done(None)
        for thread in threads:
            thread.join()
        self._closing = False

    def _watch(self) -> None:
        child = _Child(self._memory)
        try:
            while item := self._next():
                task, done = item
                done(child.read(task, self._seconds))
        finally:
            child.close()

    def _next(self) -> tuple[Task, Done] | None:
        """The next task; None where this thread is to end."""
        with self._change:
            self._waiting += 1
            self._change.wait_for(lambda: self._tasks or self._closing, IDLE)
            self._waiting -= 1
            if self._tasks:
                return self._tasks.popleft()
            self._threads.discard(threading.current_thread())
            return None


class _Child:
    """One child at a time, started when there is something to read."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._tasks = 0

    def read(self, task: Task, seconds: float) -> Outcome:
        try:
            line = self._connected()
        except OSError as error:
            _log.warning("no process could be started to read %s: %s", task.source.id, error)
            return None
        try:
            line.send(task)
            if not line.poll(seconds):
                return self._given_up(f"could not be read in {seconds:.0f} s")
            found: Outcome = line.recv()
        except (EOFError, OSError):
            return self._given_up("ended the process that read it")
        except Exception as error:  # noqa: BLE001  (what cannot be sent or received is a bug, and must not end the thread)
            _log.exception("%s: the answer could not be taken in", task.source.id)
            return self._given_up(f"{type(error).__name__} while reading the answer")
        if isinstance(found, Unread) and found.trace:
            _log.error("%s: the answer could not be taken in\n%s", task.source.id, found.trace)
        self._tasks += 1
        if self._tasks >= TASKS:
            self.close()
        return found

    def close(self, *, kill: bool = False) -> None:
        """End the child: at once, or when it has seen that the line is closed."""
        if self._line:
            self._line.close()
        if self._process:
            if kill:
                self._process.kill()
            self._process.wait()
        self._line = self._process = None
        self._tasks = 0

    def _given_up(self, why: str) -> Unread:
        self.close(kill=True)
        return Unread(FetchTrouble.UNREADABLE, why)

    def _connected(self) -> Connection:
        if self._line is None:
            ours, theirs = Pipe()
            with theirs:
                # Not by -m: what a module sends that runs as __main__ is known to nobody else.
                program = f"from watcher.fetch.parserchild import serve; serve({theirs.fileno()}, {self._memory})"
                self._process = subprocess.Popen(  # noqa: S603  (our own words)
                    (sys.executable, "-c", program), stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()]
                )
            self._line = ours
        return self._line

"""The process in which bodies are read; see ``parserpool``, which starts it.

It reads one body after the other, and ends when nobody is there to give it any.
"""

import signal
import traceback
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection

from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source, SourceType
from watcher.fetch.parser import WebParser
from watcher.usecases.ports import Fetched, Parsed


@dataclass(frozen=True, slots=True)
class Task:
    """A body to be read for a source, at the moment at which it came."""

    source: Source
    answer: Fetched
    now: datetime


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a body could not be read; ``trace`` is set where that is a bug."""

    trouble: FetchTrouble
    detail: str
    transient: bool = True
    trace: str = ""


def read(task: Task) -> Parsed | Capture | Unread:
    """What a body holds. Never raises."""
    try:
        parser = WebParser(lambda: task.now)
        if task.source.type is SourceType.POLICY:
            return parser.policy(task.source, task.answer, task.now)
        return parser.entries(task.source, task.answer)
    except FetchError as error:
        return Unread(error.trouble, error.detail, error.transient)
    except MemoryError:
        return Unread(FetchTrouble.UNREADABLE, "takes more memory to read than any feed or page needs")
    except Exception as error:  # noqa: BLE001  (whatever a body does to its parser, the parent must hear of it)
        name = type(error).__name__
        return Unread(FetchTrouble.UNREADABLE, f"{name} while reading the answer", trace=traceback.format_exc())


def serve(descriptor: int, memory: int) -> None:
    """Read what comes through a socket until its other end closes; ``memory`` bounds the address space, in bytes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent ends this one in order
    _limit(memory)
    connection = Connection(descriptor)
    with suppress(EOFError, OSError):
        while True:
            connection.send(read(connection.recv()))


def _limit(memory: int) -> None:
    try:
        import resource  # noqa: PLC0415  (not on every system)
    except ImportError:
        return
    with suppress(ValueError, OSError):  # a lower limit stands already
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

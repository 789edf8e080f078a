"""What a process cost, from its start to its end."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

_KIB_IN_MB = 1000 / 1.024  # ru_maxrss counts KiB on Linux
_LOOK = 0.1  # seconds between two looks at the memory of a process and its children


@dataclass(frozen=True, slots=True)
class Cost:
    """``wall`` and ``cpu`` (user and system, its children included) in seconds.

    ``peak``: the resident memory of its largest process, in MB. ``tree``: the most that it and its children were seen
    to hold together, each page counted once (PSS), in MB; 0 for one that ended before the first look.
    """

    wall: float
    cpu: float
    peak: float
    tree: float


@dataclass(frozen=True, slots=True)
class Command:
    """A process to be started, and the exit statuses that are well."""

    words: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    well: frozenset[int] = frozenset({0})


def cost_of(command: Command, given: str = "") -> Cost:
    """Run a command to its end, with ``given`` on its standard input, and say what it cost.

    The caller should be small: Linux counts what a child shared with its parent before it became its own program
    towards the child's peak.

    Raises:
        RuntimeError: its exit status was not well; what it said is in the message.
    """
    with (command.folder / "input").open("w+") as source, (command.folder / "output").open("w+") as said:
        source.write(given)
        source.seek(0)
        began = time.monotonic()
        child = subprocess.Popen(
            command.words, stdin=source, stdout=said, stderr=said, env=command.environment, cwd=command.folder
        )
        with _watched(child.pid) as seen:
            _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in command.well:
            said.seek(0)
            raise RuntimeError(f"{' '.join(command.words)} ended with {child.returncode}:\n{said.read()[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _KIB_IN_MB, max(seen, default=0.0))


@contextmanager
def _watched(pid: int) -> Iterator[list[float]]:
    """Look again and again how much memory a process and its children hold, until the block ends."""
    seen: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK):
            seen.append(sum(map(_held, _family(pid))))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def _family(pid: int) -> list[int]:
    """A process, its children, and theirs."""
    found = [pid]
    for one in found:
        with suppress(OSError):
            for task in Path(f"/proc/{one}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _held(pid: int) -> float:
    """The proportional share of memory of a process, in MB; nothing once it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / _KIB_IN_MB
    return 0.0


def typical(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(
        median(c.wall for c in costs),
        median(c.cpu for c in costs),
        median(c.peak for c in costs),
        median(c.tree for c in costs),
    )


def ratios(ours: Sequence[Cost], theirs: Sequence[Cost]) -> Cost:
    """The median, for each figure, of the ratios within one repetition."""
    pairs = list(zip(ours, theirs, strict=True))
    return Cost(
        median(a.wall / b.wall for a, b in pairs),
        median(a.cpu / b.cpu for a, b in pairs),
        median(a.peak / b.peak for a, b in pairs),
        median(a.tree / (b.tree or a.tree or 1) for a, b in pairs),
    )

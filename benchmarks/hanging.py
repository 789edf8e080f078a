"""How much later alerts are told when some servers accept a connection and never answer.

::

    python -m benchmarks.hanging [--repetitions 3] [--feeds 1000] [--share 0.01]

Two servers with the same feeds; on one of them a share of the feeds hangs. After a first round on each, a hundredth of
the feeds changes, and a round is timed up to its last alert, and up to its end. Rounds whose change is no news (a
company says again what it said) are told to nobody and are left out. Linux only.
"""

import argparse
import subprocess
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.corpus import Shape
from benchmarks.measure import Command, cost_of
from benchmarks.poll import _server, _watcher

_ALERT = ("  Before ", "  After ", "  Quote ")  # how lines of an alert on the terminal begin
_TRIES = 5  # changes for each repetition, of which some are no news


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hanging")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.01)
    given = parser.parse_args()
    without = _rounds(Shape(feeds=given.feeds), given.repetitions)
    beside = _rounds(Shape(feeds=given.feeds, hanging=given.share), given.repetitions)
    print(f"\nlast alert told after: {without:.2f} s without, {beside:.2f} s beside hanging servers")
    print(f"ratio {beside / without:.2f}")


def _rounds(shape: Shape, repetitions: int) -> float:
    """The median time, in seconds, up to the last alert of a round."""
    told: list[float] = []
    with TemporaryDirectory(prefix="watcher-bench-") as folder, _server(shape) as (port, ask):
        watcher = _watcher(Path(folder), shape, port)
        cost_of(watcher.set_up)
        cost_of(watcher.poll)
        for _ in range(repetitions * _TRIES):
            ask("change?share=0.01")
            alert, end = _timed(watcher.poll)
            news = f"alert after {alert:.2f} s" if alert else "no news"
            print(f"hanging {shape.hanging:.0%}: {news}, end after {end:.2f} s", flush=True)
            told += [alert] if alert else []
            if len(told) == repetitions:
                break
    return median(told)


def _timed(poll: Command) -> tuple[float | None, float]:
    """When the last line of an alert came, and when the process ended; seconds since its start."""
    poll = replace(poll, environment={**poll.environment, "PYTHONUNBUFFERED": "1"})
    began, last = time.monotonic(), None
    with subprocess.Popen(
        poll.words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=poll.environment, cwd=poll.folder, text=True
    ) as process:
        for line in process.stdout or ():
            if line.startswith(_ALERT):
                last = time.monotonic() - began
    return last, time.monotonic() - began


if __name__ == "__main__":
    main()

"""How much later alerts are told when some servers accept a connection and never answer.

::

    python -m benchmarks.hanging [--pairs 7] [--feeds 1000] [--share 0.01] [--pages]

One server, and two installations that know its feeds. Before each pair of rounds a hundredth of the feeds changes; one
installation polls while all feeds answer, the other while a share of them hangs, in turns which is first. Timed is each
round up to its last alert. Pairs whose change is no news (a company says again what it said) tell nobody, and are left
out. With ``--pages`` all feeds answer and give summaries alone, and what hangs is the page behind a new entry of each
of that share of them, which would tell nobody anything; a round that ends with such pages takes half a minute. Linux
only.
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
from benchmarks.poll import Ask, _server, _watcher

_ALERT = ("  Before ", "  After ", "  Quote ")  # how lines of an alert on the terminal begin
_TRIES = 4  # changes for each pair, of which some are no news


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hanging")
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--pages", action="store_true", help="what hangs are the pages behind entries")
    given = parser.parse_args()
    silent = {"mute": given.share, "summaries": 1.0} if given.pages else {"hanging": given.share}
    shape = Shape(feeds=given.feeds, **silent)
    mute = sum(shape.is_mute(feed) for feed in range(given.feeds))
    what = f"the pages of {mute}" if given.pages else f"{given.feeds - shape.answering()}"
    print(f"{what} of {given.feeds} feeds hang", flush=True)
    found = _pairs(shape, given.pairs)
    if not found:
        raise SystemExit("no change was news: nothing was measured")
    without, beside = (median(side) for side in zip(*found, strict=True))
    ratio = median(late / early for early, late in found)
    print(f"\nlast alert told after {without:.2f} s without, {beside:.2f} s beside hanging servers (medians)")
    print(f"ratio, median of {len(found)} pairs: {ratio:.2f}")


def _pairs(shape: Shape, wanted: int) -> list[tuple[float, float]]:
    """Seconds up to the last alert, without hanging servers and beside them."""
    found: list[tuple[float, float]] = []
    with TemporaryDirectory(prefix="watcher-bench-") as folder, _server(shape) as (port, ask):
        ask("hang?on=0")
        homes = [Path(folder) / name for name in ("without", "beside")]
        polls = [_ready(home, shape, port) for home in homes]
        for number in range(wanted * _TRIES):
            ask("change?share=0.01")
            order = (0, 1) if number % 2 == 0 else (1, 0)
            times = {side: _timed(ask, polls[side], hanging=side == 1) for side in order}
            if (early := times[0]) and (late := times[1]):
                found.append((early, late))
                print(f"without {early:.2f} s, beside {late:.2f} s, ratio {late / early:.2f}", flush=True)
            if len(found) == wanted:
                break
    return found


def _ready(home: Path, shape: Shape, port: int) -> Command:
    home.mkdir()
    watcher = _watcher(home, shape, port)
    cost_of(watcher.set_up)
    cost_of(watcher.poll)
    return watcher.poll


def _timed(ask: Ask, poll: Command, *, hanging: bool) -> float | None:
    """When the last line of an alert came, in seconds since the start of the process."""
    ask(f"hang?on={int(hanging)}")
    poll = replace(poll, environment={**poll.environment, "PYTHONUNBUFFERED": "1"})
    began, last = time.monotonic(), None
    with subprocess.Popen(
        poll.words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=poll.environment, cwd=poll.folder, text=True
    ) as process:
        for line in process.stdout or ():
            if line.startswith(_ALERT):
                last = time.monotonic() - began
    return last


if __name__ == "__main__":
    main()

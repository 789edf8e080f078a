"""Kill the bot twenty times at random moments, let it finish, and compare with a run that nobody disturbed.

::

    python -m benchmarks.kills [--kills 20] [--seed 1]
    python -m benchmarks.kills --boundaries 5

The second form kills just before and just after commits instead: at each fifth of these moments, from the first to the
last of the month; 1 takes them all, in about a quarter of an hour.

Real processes, feeds and Slack on loopback, a SQLite file. Prints where each kill fell and what stood on record then;
ends with status 1 if the ledger, the alerts or the messages differ in anything from those of the undisturbed run.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from pprint import pformat
from tempfile import TemporaryDirectory
from typing import TypeVar

from tests.acceptance.kills import Hit, Outcome, dead_at, differences, disturbed, undisturbed

Made = TypeVar("Made")

AT_ONCE = 7  # kills in one June; more would leave no round to fall into

_HEAD = (
    f"{'#':>3} {'round':10} {'stage':8} {'after s':>7} {'posts':>5} {'unread':>6} {'at Slack':>8}  deliveries on record"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--boundaries", type=int, default=0, metavar="EVERY")
    given = parser.parse_args()
    began = time.monotonic()
    calm = _in_a_folder(undisturbed)
    record = {name: len(calm.record[name]) for name in ("posts", "ledger", "evidence", "alerts", "reports")}
    print(f"undisturbed: {record}, {len(calm.told)} messages")
    wrong = _at_boundaries(calm, given.boundaries) if given.boundaries else _at_random(calm, given.kills, given.seed)
    print(f"{wrong} runs that differ, {time.monotonic() - began:.0f} s")
    sys.exit(bool(wrong))


def _at_random(calm: Outcome, kills: int, first_seed: int) -> int:
    print(_HEAD)
    fell: list[Hit] = []
    wrong = 0
    for seed in range(first_seed, first_seed + 10 * kills):
        if len(fell) >= kills:
            break
        wrong += not _once(calm, seed, min(AT_ONCE, kills - len(fell)), fell)
    stages = ", ".join(f"{number} in {stage}" for stage, number in sorted(Counter(hit.stage for hit in fell).items()))
    print(f"{len(fell)} kills: {stages}")
    return wrong


def _at_boundaries(calm: Outcome, every: int) -> int:
    wrong = 0
    for boundary in count(1, every):
        found, died = _in_a_folder(partial(dead_at, boundary=boundary))
        wrong += not _same(calm, found, f"boundary {boundary}")
        if not died:
            print(f"the month has fewer than {boundary} boundaries")
            return wrong
    return wrong


def _once(calm: Outcome, seed: int, kills: int, fell: list[Hit]) -> bool:
    """One June with some of the kills; whether it came to the same."""

    def tell(hit: Hit) -> None:
        fell.append(hit)
        print(_line(len(fell), hit), flush=True)

    found = _in_a_folder(lambda folder: disturbed(folder, seed, kills, tell))
    return _same(calm, found, f"seed {seed}")


def _same(calm: Outcome, found: Outcome, run: str) -> bool:
    differ = differences(calm, found)
    twice = [key for key, times in Counter(found.told).items() if times > 1]
    same = not differ and not twice
    print(f"    {run}: {'the same record and the same messages' if same else 'NOT the same'}", flush=True)
    if not same:
        print(pformat({"twice": twice, **differ}))
    return same


def _line(number: int, hit: Hit) -> str:
    states = ", ".join(f"{number_of} {state}" for state, number_of in sorted(hit.deliveries.items())) or "none"
    where = f"{number:>3} {hit.evening.date()} {hit.stage:8} {hit.after:7.3f}"
    return f"{where} {hit.posts:>5} {hit.unread:>6} {hit.arrived:>8}  {states}"


def _in_a_folder(run: Callable[[Path], Made]) -> Made:
    with TemporaryDirectory(prefix="watcher-kills-") as name:
        return run(Path(name))


if __name__ == "__main__":
    main()

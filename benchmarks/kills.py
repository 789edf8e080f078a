"""Kill the bot twenty times at random moments, let it finish, and compare with a run that nobody disturbed.

::

    python -m benchmarks.kills [--kills 20] [--seed 1]

Real processes, feeds and Slack on loopback, a SQLite file. Prints where each kill fell and what stood on record then;
ends with status 1 if the ledger, the alerts or the messages differ in anything from those of the undisturbed run.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from pprint import pformat
from tempfile import TemporaryDirectory

from tests.acceptance.kills import Hit, Outcome, differences, disturbed, undisturbed

AT_ONCE = 7  # kills in one June; more would leave no round to fall into

_HEAD = (
    f"{'#':>3} {'round':10} {'stage':8} {'after s':>7} {'posts':>5} {'unread':>6} {'at Slack':>8}  deliveries on record"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    calm = _in_a_folder(undisturbed)
    record = {name: len(calm.record[name]) for name in ("posts", "ledger", "evidence", "alerts", "reports")}
    print(f"undisturbed: {record}, {len(calm.told)} messages")
    print(_HEAD)
    fell: list[Hit] = []
    wrong = 0
    for seed in range(given.seed, given.seed + 10 * given.kills):
        if len(fell) >= given.kills:
            break
        wrong += not _once(calm, seed, min(AT_ONCE, given.kills - len(fell)), fell)
    stages = ", ".join(f"{count} in {stage}" for stage, count in sorted(Counter(hit.stage for hit in fell).items()))
    print(f"{len(fell)} kills ({stages}), {wrong} runs that differ, {time.monotonic() - began:.0f} s")
    sys.exit(bool(wrong))


def _once(calm: Outcome, seed: int, kills: int, fell: list[Hit]) -> bool:
    """One June with some of the kills; whether it came to the same."""

    def tell(hit: Hit) -> None:
        fell.append(hit)
        print(_line(len(fell), hit), flush=True)

    found = _in_a_folder(lambda folder: disturbed(folder, seed, kills, tell))
    differ = differences(calm, found)
    twice = [key for key, times in Counter(found.told).items() if times > 1]
    same = not differ and not twice
    print(f"    seed {seed}: {'the same record and the same messages' if same else 'NOT the same'}")
    if not same:
        print(pformat({"twice": twice, **differ}))
    return same


def _line(number: int, hit: Hit) -> str:
    states = ", ".join(f"{count} {state}" for state, count in sorted(hit.deliveries.items())) or "none"
    where = f"{number:>3} {hit.evening.date()} {hit.stage:8} {hit.after:7.3f}"
    return f"{where} {hit.posts:>5} {hit.unread:>6} {hit.arrived:>8}  {states}"


def _in_a_folder(run: Callable[[Path], Outcome]) -> Outcome:
    with TemporaryDirectory(prefix="watcher-kills-") as name:
        return run(Path(name))


if __name__ == "__main__":
    main()

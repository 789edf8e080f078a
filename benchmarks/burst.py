"""500 changes at once over three channels of a Slack that fails in every way, and a bot that is killed ten times.

::

    python -m benchmarks.burst [--high 200 --normal 200 --low 100] [--kills 10] [--seed 1] [--speed 20]

Real processes on loopback, a SQLite file. ``--speed 1`` keeps Slack's real pace of one message a second a channel, and
takes some minutes. Prints what arrived in each channel; ends with status 1 if any alert is missing, came twice, or came
after a less severe one.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.acceptance.burst import Outcome, Plan, burst
from watcher.core.severity import Severity

_HEAD = f"{'channel':12} {'alerts':>6} {'messages':>8} {'folded':>6} {'lost':>4} {'twice':>5} {'out of order':>12}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.burst")
    for name in ("high", "normal", "low", "kills", "hanging", "seed"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Plan(), name))
    for name in ("failing", "speed"):
        parser.add_argument(f"--{name}", type=float, default=getattr(Plan(), name))
    plan = Plan(**vars(parser.parse_args()))
    print(
        f"{plan.high} high, {plan.normal} normal, {plan.low} low; {plan.failing:.0%} of the calls fail; {plan.speed:g}×"
    )
    with TemporaryDirectory(prefix="watcher-burst-") as folder:
        found = burst(Path(folder), plan)
    _tell(found)
    sys.exit(not found.flawless)


def _tell(found: Outcome) -> None:
    print(_HEAD)
    for one in found.channels:
        print(
            f"{one.name:12} {one.due:>6} {one.messages:>8} {one.folded:>6} {one.lost:>4} {one.twice:>5} "
            f"{one.out_of_order:>12}"
        )
    faults = ", ".join(f"{number} {fault}" for fault, number in sorted(found.faults.items()))
    print(f"{found.calls} calls met {faults}")
    print(f"{found.kills} kills, {found.killed_while_sending} of them while a message was on its way")
    ages = ", ".join(f"{severity} {found.ages[severity]:.0f} s" for severity in Severity if severity in found.ages)
    print(f"age of the last to arrive: {ages}; {found.seconds:.0f} s of our time")


if __name__ == "__main__":
    main()

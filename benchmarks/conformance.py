"""What is read in the feeds of the conformance suite, beside what feedparser alone gives for them.

::

    python -m benchmarks.conformance [--more]

Compared are the number of entries, and of each entry its title, its text after our own cleaning, its link, its id and
its date. Deliberate differences stand in ``tests/fetch/conformance/differences.py``, each with its reason. Exit status
1 where anything else differs, or where a difference that stands there is none. ``--more`` names the feeds of each
difference.
"""

import argparse
from collections import Counter
from collections.abc import Mapping

from tests.fetch.conformance.alone import Beside, Fields, beside
from tests.fetch.conformance.differences import DIFFERENCES, allowed
from tests.fetch.conformance.suite import CASES


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conformance")
    parser.add_argument("--more", action="store_true", help="name the feeds of each difference")
    given = parser.parse_args()
    found = {case.claim: beside(case) for case in CASES}
    _fields(found)
    _differences(more=given.more)
    wrong = {claim: both for claim, both in found.items() if both.differing != allowed(claim)}
    print(f"\nfeeds that differ otherwise than listed: {len(wrong)}")
    for claim, both in wrong.items():
        print(f"  {claim}: differing in {sorted(both.differing)}, listed {sorted(allowed(claim))}\n    {both}")
    raise SystemExit(1 if wrong else 0)


def _fields(found: Mapping[str, Beside]) -> None:
    equal = [both for both in found.values() if not both.differing]
    ours = sum(len(both.ours) for both in found.values())
    alone = sum(len(both.alone) for both in found.values())
    print(f"{len(found)} feeds, {ours} entries read, {alone} by feedparser alone; {len(equal)} feeds equal in all")
    differing = Counter(name for both in found.values() for name in both.differing)
    for name in ("entries", *Fields.__slots__):
        given = sum(any(getattr(one, name, "") for one in both.ours) for both in found.values())
        there = "" if name == "entries" else f", given in {given}"
        print(f"  {name:8} equal in {len(found) - differing[name]} feeds{there}")


def _differences(*, more: bool) -> None:
    feeds = {claim for one in DIFFERENCES for claim in one.feeds}
    print(f"\ndeliberate differences: {len(DIFFERENCES)} reasons, {len(feeds)} feeds")
    for one in DIFFERENCES:
        print(f"  {one.field:8} {len(one.feeds):2} feeds: {one.reason}")
        if more:
            print("".join(f"{'':21}{claim}\n" for claim in one.feeds), end="")


if __name__ == "__main__":
    main()

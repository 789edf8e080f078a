"""The bot as ``watcher poll --all`` assembles it, on a clock that a test sets: days of 2020 pass when the test says so.

::

    python -m tests.acceptance.runner [--begin 2020-06-01] [--fast] [--patience 6] [--die-at 17]

Says ``{"ready": …}`` once it holds the record. Then each line of standard input is an offset in seconds to the real
clock, and starts one round; each stage is named as it begins, and the round's report ends it. ``--fast``: what would be
slept passes at once. ``--die-at``: SIGKILL itself at this boundary; each commit has one before it and one after it.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from watcher import bootstrap
from watcher.entrypoints import logs
from watcher.entrypoints.clock import utc_now
from watcher.entrypoints.scheduler import Work, one_round
from watcher.entrypoints.show import forms
from watcher.usecases.flow import Flow
from watcher.usecases.ports import Store, UnitOfWork

Given = TypeVar("Given")


@dataclass
class Shifted:
    """The real clock, moved; it goes on ticking."""

    fast: bool
    offset: timedelta = timedelta(0)

    def now(self) -> datetime:
        return utc_now() + self.offset

    def sleep(self, seconds: float) -> None:
        if self.fast:
            self.offset += timedelta(seconds=seconds)
        else:
            time.sleep(seconds)


class Mortal:
    """The record, whose process dies at one boundary of a commit. 0: never."""

    def __init__(self, store: Store, die_at: int) -> None:
        self._store, self._left = store, die_at

    def begin(self) -> UnitOfWork:
        unit = self._store.begin()
        commit = unit.commit

        def mortal() -> None:
            self._pass()
            commit()
            self._pass()

        unit.commit = mortal  # type: ignore[method-assign]  # the unit stays what it is, but for these two moments
        return unit

    def _pass(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def say(line: dict[str, Any]) -> None:
    """One line, in one write, so that a kill leaves no half of it."""
    os.write(1, f"{json.dumps(line)}\n".encode())


def staged(flow: Flow) -> Work:
    """The stages of a round, each named as it begins."""

    def poll(on_settled: Callable[[], object], stop: Callable[[], bool]) -> Any:
        say({"stage": "poll"})
        return flow.poll(on_settled, stop)

    def read(stop: Callable[[], bool]) -> Any:
        say({"stage": "read"})
        return flow.read(stop)

    def deliver(stop: Callable[[], bool]) -> Any:
        say({"stage": "deliver"})
        return flow.deliver(stop)

    return Work(poll, read, deliver)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.runner")
    parser.add_argument("--begin", help="let the record begin with the shipped ledger as it stood before this day")
    parser.add_argument("--fast", action="store_true", help="what would be slept passes at once")
    parser.add_argument("--patience", type=float, default=30.0, help="seconds that a source may take")
    parser.add_argument("--die-at", type=int, default=0, help="the number of the boundary, from 1")
    given = parser.parse_args()
    logs.set_up()
    plain, clock = bootstrap.assemble(None, None, need_feeds=True), Shifted(given.fast)
    app = bootstrap.App(plain.settings, plain.configuration, replace(plain.manners, total_timeout=given.patience))
    with (
        app.writing(lambda _: None) as store,
        app.flow(Mortal(store, given.die_at), clock.now, clock.sleep, sys.stderr, every_source=True) as flow,
    ):
        if given.begin:
            bootstrap.begin_with(store, datetime.fromisoformat(given.begin).replace(tzinfo=UTC))
        say({"ready": app.reader.version})
        for line in sys.stdin:
            clock.offset = timedelta(seconds=float(line))
            say({"report": forms.report_of(one_round(staged(flow)))})


if __name__ == "__main__":
    main()

"""The bot's outbox as ``watcher run`` assembles it, at work until nothing is left; its day may pass faster than ours.

::

    python -m tests.acceptance.deliverer --since 1591820000.0 [--speed 20]

``--since`` is a moment of the real clock at which both clocks agree; from then on the bot's runs ``--speed`` times as
fast, over all restarts. Says ``{"ready": …}`` once it holds the record, and a line for each run over the outbox.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.acceptance.runner import say
from watcher import bootstrap
from watcher.entrypoints import logs


@dataclass(frozen=True)
class Fast:
    """A clock that agrees with the real one at a moment, and runs faster."""

    since: float
    speed: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.since + (time.time() - self.since) * self.speed, UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.acceptance.deliverer")
    parser.add_argument("--since", type=float, required=True)
    parser.add_argument("--speed", type=float, default=1.0)
    given = parser.parse_args()
    logs.set_up()
    app, clock = bootstrap.assemble(None, None), Fast(given.since, given.speed)
    with app.writing(lambda _: None) as store, app.flow(store, clock.now, clock.sleep, sys.stderr) as flow:
        say({"ready": True})
        waiting = 1
        while waiting:
            done = flow.deliver(lambda: False)
            waiting = done.waiting
            say({"waiting": waiting})
            clock.sleep(0.5)


if __name__ == "__main__":
    main()

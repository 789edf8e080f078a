"""Two hundred letters over real SMTP, with greylisting, refusals, broken connections and a process that is killed.

::

    python -m benchmarks.letters [--readers 200] [--kills 10] [--seed 1]

Each attempt is a process of its own, which is killed at a random moment until all kills are spent; between two
attempts ten minutes pass on the process's clock, so that what waits for a second try gets one. The mail server is
another process: it puts off every address once, refuses some for good, loses some messages before it has taken them,
and hangs up on others after it has. What arrived is counted from its own log.
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from storage.lock import writer_lock
from storage.migrate import upgrade
from storage.unit_of_work import SqlStore
from watcher.core.delivery import DeliveryState
from watcher.core.letter import Subscriber
from watcher.core.week import Schedule
from watcher.notify.letter import LetterPost
from watcher.notify.mail import MailServer
from watcher.usecases.letters import Office, send_due
from watcher.usecases.summarise import Watched

ROOT = Path(__file__).parent.parent
MONDAY = datetime(2020, 6, 15, 9, tzinfo=UTC)
STEP = timedelta(minutes=10)
MOST_ATTEMPTS = 60
_REFUSED = 0.025  # of the readers
_DROPS = {20: "before", 55: "after", 90: "before", 120: "after", 150: "busy", 170: "after", 180: "before"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.letters")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--send", nargs=3, metavar=("DATABASE", "SMTP", "MINUTES"), help="one attempt; for ourselves")
    given = parser.parse_args()
    if given.send:
        _attempt(given.send[0], given.send[1], timedelta(minutes=float(given.send[2])))
        return
    with TemporaryDirectory(prefix="watcher-letters-") as folder:
        _measure(Path(folder), given.readers, given.kills, random.Random(given.seed))


def _attempt(database: str, smtp: str, passed: timedelta) -> None:
    began = time.monotonic()

    def clock() -> datetime:
        return MONDAY + passed + timedelta(seconds=time.monotonic() - began)

    office = Office(Watched((), {}), Schedule(), "UTC")
    server = MailServer(smtp, "Watcher <watcher@example.org>")
    with writer_lock(database), SqlStore(database) as store:
        done = send_due(store, LetterPost(server), office, clock)
    server.close()
    print(json.dumps({"sent": done.sent, "waiting": done.waiting, "refused": [one for one, _ in done.refused]}))


def _measure(folder: Path, readers: int, kills: int, chance: random.Random) -> None:
    database, log = f"sqlite:///{folder / 'watcher.db'}", folder / "log"
    upgrade(database)
    addresses = [f"reader{number}@example.org" for number in range(readers)]
    refused = set(chance.sample(addresses, max(1, round(readers * _REFUSED))))
    with SqlStore(database) as store, store.begin() as work:
        for address in addresses:
            work.letters.save_subscriber(Subscriber(address, MONDAY - timedelta(days=1)))
        work.commit()
    drops = [word for number, fate in _DROPS.items() for word in ("--drop", f"{number}:{fate}")]
    refuse = [word for address in refused for word in ("--refuse", address)]
    server = [sys.executable, "-m", "tests.smtp_server", "--log", str(log), "--greylist", "1", *drops, *refuse]
    with subprocess.Popen(server, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        try:
            url = f"smtp://127.0.0.1:{process.stdout.readline().strip()}"
            _until_settled(database, url, kills, chance)
        finally:
            process.terminate()
    _report(database, log, addresses, refused, kills)


def _until_settled(database: str, url: str, kills: int, chance: random.Random) -> None:
    left = kills
    for attempt in range(MOST_ATTEMPTS):
        minutes = str(attempt * STEP / timedelta(minutes=1))
        words = [sys.executable, "-m", "benchmarks.letters", "--send", database, url, minutes]
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
            assert process.stdout
            if left:
                time.sleep(chance.uniform(0.4, 1.4))  # a start takes 0.3 s
                process.send_signal(signal.SIGKILL)
            out = process.stdout.read()
        killed = process.returncode == -signal.SIGKILL
        left -= killed
        print(f"attempt {attempt + 1:2}: {'killed' if killed else out.strip()}", flush=True)
        if not killed and json.loads(out)["waiting"] == 0:
            return


def _report(database: str, log: Path, addresses: list[str], refused: set[str], kills: int) -> None:
    arrived = Counter((entry["to"], entry["id"]) for entry in map(json.loads, log.read_text().splitlines()))
    by_address = Counter(address for address, _ in arrived)
    with SqlStore(database, read_only=True) as store, store.begin() as work:
        states = {address: work.letters.of(address)[0] for address in addresses}
    wanted = [address for address in addresses if address not in refused]
    lost = [address for address in wanted if address not in by_address]
    given_up = {address for address, letter in states.items() if letter.state is DeliveryState.GIVEN_UP}
    print(f"\n{len(addresses)} readers, {len(refused)} without a mailbox, {kills} kills, drops {_DROPS}")
    print(f"letters that arrived          {len(arrived):4} of {len(wanted)}")
    print(f"readers without theirs        {len(lost):4}")
    print(f"readers with two weeks' names {sum(count > 1 for count in by_address.values()):4}")
    print(f"taken twice by the server     {sum(count - 1 for count in arrived.values()):4} (same Message-ID)")
    print(f"refused and named             {len(given_up & refused):4} of {len(refused)}")
    print(f"others given up               {len(given_up - refused):4}")
    if lost or given_up != refused or len(arrived) != len(wanted):
        raise SystemExit(1)


if __name__ == "__main__":
    main()

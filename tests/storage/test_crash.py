import random
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

from storage.unit_of_work import SqlStore
from tests.storage.crash_writer import POSTS

ROOT = Path(__file__).parents[2]
KILLS = 3


def test_after_a_kill_the_record_holds_whole_transactions_and_all_that_were_committed(url: str) -> None:
    chance = random.Random(20200610)
    for _ in range(KILLS):
        committed = _write_and_kill(url, chance.uniform(0.01, 0.1))
        _holds_whole_transactions(url, committed)


def _write_and_kill(url: str, seconds: float) -> int:
    """How many transactions the writer said were committed, before it was killed at some moment."""
    command = [sys.executable, "-m", "tests.storage.crash_writer", url]
    with subprocess.Popen(command, text=True, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        first = process.stdout.readline()
        sleep(seconds)
        process.send_signal(signal.SIGKILL)
        said = [first, *process.stdout]
        assert process.wait(30) == -signal.SIGKILL
    return int(said[-1]) + 1


def _holds_whole_transactions(url: str, at_least: int) -> None:
    # One state for all questions: the killed writer's last commit may still be on its way in the server.
    with SqlStore(url, read_only=True) as store, store.begin() as work:
        alerts = work.alerts.all()
        count = len(alerts)
        assert count >= at_least
        assert work.posts.count() == count * POSTS
        assert len(work.posts.unread()) == count * (POSTS - 1)
        assert len(work.alerts.open_deliveries()) == count * 2
        assert all(len(work.alerts.reports(alert.key)) == 1 for alert in alerts)
        assert work.sources.states()["feed"].polls == count

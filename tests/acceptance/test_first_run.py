"""A newcomer's first run, in a folder of its own and without a network: one clear summary, and on it goes."""

import json
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.acceptance.world import DEADLINE, Installation
from tests.fetch.server import WebServer, hang

pytestmark = pytest.mark.acceptance


def feeds(*urls: str) -> str:
    sources = [
        {"id": f"source-{number}", "type": "feed", "url": url, "kind": "news"} for number, url in enumerate(urls)
    ]
    return json.dumps({"sources": sources})


def dead_feeds() -> str:
    """Half of them on ports that nobody listens on, half under names that nobody has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    dead = [f"http://127.0.0.1:{port}/{number}" for number in range(4)]
    return feeds(*dead, *(f"http://nobody-{number}.invalid/feed" for number in range(4)))


class Run:
    """A ``watcher run`` at work; what it says on standard error is collected as it comes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._news:
                self.said.append(line.rstrip())
                self._news.notify_all()

    def wait_for(self, words: str) -> str:
        """The first line that holds the words."""
        with self._news:
            found = self._news.wait_for(lambda: [line for line in self.said if words in line], DEADLINE)
        assert found, self.said
        return found[0]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        status = self.process.wait(timeout=10)
        self._reader.join()
        return status


@contextmanager
def running(bot: Installation) -> Iterator[Run]:
    with bot.start("run") as process:
        run = Run(process)
        try:
            yield run
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            run._reader.join()


def test_a_first_run_without_a_network_sums_up_once_goes_on_and_ends_cleanly(tmp_path: Path) -> None:
    bot = Installation(tmp_path)
    bot.write(dead_feeds())
    with running(bot) as run:
        summary = run.wait_for("could not be reached")
        assert run.process.poll() is None
        second = bot.watcher("poll")
        assert run.process.poll() is None
        status = run.stop()
        out = run.process.stdout.read() if run.process.stdout else ""
    assert status == 0
    assert "8 of 8 sources could not be reached: this machine's own network seems to be down" in summary
    assert out.splitlines() == ["No Slack token is set (WATCHER_SLACK_BOT_TOKEN): alerts go to the terminal."]
    assert [line for line in run.said if "Traceback" in line or "ERROR" in line] == []
    assert len(run.said) < 8, run.said
    assert run.said[-1] == "stopped"
    # While it ran, nobody else could poll with the same record.
    assert second.returncode == 1
    assert f"process {run.process.pid}" in second.stderr


def test_after_such_a_run_each_source_is_marked_and_none_is_blamed(tmp_path: Path) -> None:
    bot = Installation(tmp_path)
    bot.write(dead_feeds())
    done = bot.watcher("poll")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    sources = bot.answer("sources")
    assert {(one["trouble"], one["failures"], one["last_success"]) for one in sources} == {("network", 0, None)}
    assert all(one["next_due"] and one["detail"] for one in sources)
    shown = bot.watcher("sources").stdout
    assert [one["id"] for one in sources if one["id"] not in shown] == []
    assert "8 sources" in shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_that_waits_for_a_hung_server(number: signal.Signals, tmp_path: Path) -> None:
    bot = Installation(tmp_path)
    with WebServer() as web:
        web.default = hang
        bot.write(feeds(web.url("/feed")))
        with running(bot) as run:
            asked = threading.Event()
            while not web.asked and run.process.poll() is None:
                asked.wait(0.02)
            assert run.stop(number) == 0
    assert [line for line in run.said if "Traceback" in line] == []
    assert run.said[-1] == "stopped"

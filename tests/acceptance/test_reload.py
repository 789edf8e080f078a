"""A process that runs takes over a changed feeds.yaml, and with a faulty one goes on with the old."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from time import monotonic

import pytest

from tests.acceptance.world import DEADLINE, Installation
from tests.fetch.server import Handler, WebServer, text

pytestmark = pytest.mark.acceptance

FEEDS = "sources:\n  - {{id: {name}, type: feed, url: 'http://127.0.0.1:9/{name}', kind: news}}\n"


class Told:
    """What a process says on its standard error, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._lines: Queue[str] = Queue()
        self.seen: list[str] = []
        self._thread = threading.Thread(target=self._read, args=(process,), daemon=True)
        self._thread.start()

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        for line in process.stderr:
            self._lines.put(line)

    def until(self, words: str) -> str:
        """The first line from now on that holds these words."""
        end = monotonic() + DEADLINE
        while monotonic() < end:
            try:
                line = self._lines.get(timeout=1)
            except Empty:
                continue
            self.seen.append(line)
            if words in line:
                return line
        raise AssertionError(f"never said {words!r}: {self.seen}")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[Installation, subprocess.Popen[str], Told]]:
    bot = Installation(tmp_path, settings={"WATCHER_SOURCE_PAPER_TOKEN": "sesame"})
    bot.write(FEEDS.format(name="wire"))
    with bot.start("run") as process:
        told = Told(process)
        try:
            told.until("1 failed: wire")
            yield bot, process, told
        finally:
            process.kill()


def test_feeds_that_change_are_taken_over_and_faulty_ones_are_not(
    running: tuple[Installation, subprocess.Popen[str], Told],
) -> None:
    bot, process, told = running
    bot.write("sources:\n  - {id: wire, type: feed}\n")
    told.until("the changed configuration cannot be used; the old one stays")
    told.until("url")
    bot.write(FEEDS.format(name="herald"))
    process.send_signal(signal.SIGHUP)
    assert "was taken over: sources: 1;" in told.until("was taken over")
    told.until("1 failed: herald")
    process.send_signal(signal.SIGTERM)
    assert process.wait(DEADLINE) == 0
    names = [name for (name,) in bot.rows("SELECT name FROM conditions WHERE mended IS NOT NULL")]
    assert "configuration" in names


def test_a_source_that_is_added_is_asked_with_its_own_headers(
    running: tuple[Installation, subprocess.Popen[str], Told],
) -> None:
    bot, process, told = running
    feed = b"<rss version='2.0'><channel><title>x</title><item><title>A shop opens</title></item></channel></rss>"

    def members(request: Handler) -> None:
        known = request.headers.get("X-Key") == "sesame"
        text(feed)(request) if known else request.reply(401, b"", {})

    with WebServer() as web:
        web.pages["/members"] = members
        url = web.url("/members")
        bot.write(
            f"sources:\n  - {{id: paper, type: feed, url: '{url}', kind: news, "
            "headers: {X-Key: '${WATCHER_SOURCE_PAPER_TOKEN}'}}\n"
        )
        process.send_signal(signal.SIGHUP)
        assert "1 new post" in told.until("1 source polled")

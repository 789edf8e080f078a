"""Servers that ask to be left alone for a while: when each is asked again, also across a restart.

::

    python -m benchmarks.retry_after

Twelve servers answer 429 or 503 once, with a Retry-After of 4 to 26 seconds, in seconds or as a date, and then a feed;
another one hangs whenever it is asked. ``watcher run`` watches them, is killed after 9 seconds and started again.
Printed for each is the wish, and how long after its answer the next request came. A date has no fractions of a second:
its wish is what the answer's own Date leaves of it. None may come early, nor a second late. Linux only.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fetch import server
from tests.fetch.server import Handler, Page, WebServer

ROOT = Path(__file__).parent.parent
FEED = b'<rss version="2.0"><channel><title>x</title><item><title>A shop opens</title></item></channel></rss>'
WISHES = tuple(range(4, 28, 2))
KILLED_AFTER = 9.0  # seconds
LATE = 1.0  # seconds


def main() -> None:
    asked: dict[str, list[float]] = {f"wish-{seconds}": [] for seconds in WISHES}
    hung: list[float] = []
    with WebServer(host="") as web, TemporaryDirectory(prefix="watcher-bench-") as folder:
        for number, seconds in enumerate(WISHES):
            web.pages[f"/wish-{seconds}"] = _page(f"wish-{seconds}", seconds, number, asked)
        web.pages["/hangs"] = _hanging(hung)
        _write(Path(folder), web)
        _run(Path(folder), KILLED_AFTER, signal.SIGKILL)
        _run(Path(folder), WISHES[-1] + LATE - KILLED_AFTER + 4, signal.SIGTERM)
    _report(asked)
    print(f"the server that hangs was asked {len(hung)} times")


def _hanging(asked: list[float]) -> Page:
    def page(request: Handler) -> None:
        asked.append(time.time())
        server.hang(request)

    return page


def _page(name: str, seconds: int, number: int, asked: dict[str, list[float]]) -> Page:
    lock = threading.Lock()

    def page(request: Handler) -> None:
        with lock:
            asked[name].append(time.time())
            first = len(asked[name]) == 1
        if not first:
            server.text(FEED)(request)
            return
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)
        wish = str(seconds) if number % 2 else date
        request.reply(429 if number % 3 else 503, b"", {"Retry-After": wish})

    return page


def _write(folder: Path, web: WebServer) -> None:
    names = (*(f"wish-{seconds}" for seconds in WISHES), "hangs")
    lines = [
        f"  - {{id: {name}, type: feed, kind: news, url: '{web.url(f'/{name}', f'127.0.3.{place + 1}')}'}}"
        for place, name in enumerate(names)
    ]
    (folder / "feeds.yaml").write_text("sources:\n" + "\n".join(lines) + "\n")


def _run(folder: Path, seconds: float, ending: signal.Signals) -> None:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WATCHER_", "PYTHON"))}
    environment = plain | {"WATCHER_ALLOW_PRIVATE_HOSTS": "1", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "watcher", "run"]
    with subprocess.Popen(
        words, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(seconds)
        process.send_signal(ending)


def _report(asked: dict[str, list[float]]) -> None:
    print(f"{'wish':>6}{'asked again after':>20}{'late by':>10}")
    wrong = 0
    for seconds, times in zip(WISHES, asked.values(), strict=True):
        gap = times[1] - times[0] if len(times) > 1 else float("inf")
        wrong += not seconds <= gap + 1e-3 <= seconds + LATE
        print(f"{seconds:4} s {gap:17.1f} s {gap - seconds:8.1f} s")
    print(f"asked too early or not in time: {wrong} of {len(WISHES)}")
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

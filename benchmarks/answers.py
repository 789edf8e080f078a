"""How long people in Slack wait: for the acknowledgement (Slack allows three seconds), and for the answer.

::

    python -m benchmarks.answers [--feeds 400] [--asks 40] [--hold 10]

A real ``watcher run`` with a SQLite record and the shipped ledger; feeds and Slack on loopback. Questions go by Socket
Mode and over HTTP in turn: alone, during a cold round of many feeds, during a digest, and while another process holds
the database's only write lock. Ends with status 1 if an acknowledgement took longer than Slack allows.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from benchmarks.corpus import address
from tests.slack_workspace import APP_TOKEN, BOT_TOKEN, SECRET, Workspace, button, command

SLACKS_LIMIT = 3.0  # seconds
PATIENCE = 120.0
READS = ("status amazon", "status", "history ibm", "sources", "pending", "digest")
WRITES = ("mute clearview for 7 days", "unmute clearview")
_ROOT = Path(__file__).parents[1]


@dataclass
class Waits:
    """What was measured under one load, in seconds."""

    load: str
    acks: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)


class Timed(Workspace):
    """A Slack that notes when each answer came."""

    def __init__(self) -> None:
        super().__init__()
        self.came: dict[str, float] = {}

    def take(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """As its base, with the time."""
        if path.startswith("/respond/"):
            self.came[path.rpartition("/")[2]] = time.monotonic()
        return super().take(path, body)


@dataclass
class Watch:
    """The watcher at work, and the Slack around it."""

    slack: Timed
    site: str
    folder: Path
    process: subprocess.Popen[str]
    said: list[str]

    def ask(self, waits: Waits, number: int, kind: str, body: dict[str, Any]) -> tuple[str, float]:
        """One request; its name, and when it was sent."""
        name = uuid4().hex
        body = {**body, "response_url": f"{self.slack.root}/respond/{name}"}
        began = time.monotonic()
        if number % 2:
            _, seconds = self.slack.over_socket(kind, body)
        else:
            status, _, seconds = self.slack.over_http(self.site, kind, body)
            if status != 200:
                raise RuntimeError(f"refused with {status}")
        waits.acks.append(seconds)
        return name, began

    def answered(self, name: str, began: float) -> float:
        """How long the answer took."""
        while name not in self.slack.came:
            if time.monotonic() - began > PATIENCE:
                raise RuntimeError("no answer")
            time.sleep(0.002)
        return self.slack.came[name] - began

    def wait_for(self, words: str) -> None:
        """Wait until the watcher says so."""
        deadline = time.monotonic() + PATIENCE
        while not any(words in line for line in self.said):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"never said {words!r}:\n" + "\n".join(self.said))
            time.sleep(0.01)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers")
    parser.add_argument("--feeds", type=int, default=400)
    parser.add_argument("--asks", type=int, default=40)
    parser.add_argument("--hold", type=float, default=10.0, help="seconds for which another process holds the lock")
    given = parser.parse_args()
    with (
        TemporaryDirectory() as folder,
        _feeds(given.feeds) as port,
        Timed() as slack,
        _watching(Path(folder), port, given.feeds, slack) as watch,
    ):
        measured = list(_measure(watch, given.asks, given.hold))
    _print(measured)
    sys.exit(max(ack for waits in measured for ack in waits.acks) > SLACKS_LIMIT)


def _measure(watch: Watch, asks: int, hold: float) -> Iterator[Waits]:
    yield _until(watch, Waits("a cold round"), lambda: any("polled:" in line for line in watch.said))
    yield _questions(watch, Waits("nothing else"), asks)
    with _digest(watch) as load:
        yield _questions(watch, Waits(load), asks)
    with _locked(watch.folder / "watcher.db", hold) as released:
        waits = Waits(f"the write lock held for {hold:g} s")
        owed = [watch.ask(waits, number, "slash_commands", command(text)) for number, text in enumerate(WRITES)]
        owed.append(watch.ask(waits, 1, "interactive", button("confirm", "unknown")))
        _until(watch, waits, released.is_set, writes=False)
        waits.writes += [watch.answered(*one) for one in owed]
        yield waits


def _questions(watch: Watch, waits: Waits, asks: int, *, writes: bool = True) -> Waits:
    for number in range(asks):
        texts = (*READS, *(WRITES if writes else ()))
        text = texts[number // 2 % len(texts)]  # each both ways
        seconds = watch.answered(*watch.ask(waits, number, "slash_commands", command(text)))
        (waits.writes if text in WRITES else waits.answers).append(seconds)
    return waits


def _until(watch: Watch, waits: Waits, over: Callable[[], bool], *, writes: bool = True) -> Waits:
    while not over():
        _questions(watch, waits, 2 * len(READS) + (2 * len(WRITES) if writes else 0), writes=writes)
    return waits


@contextmanager
def _locked(database: Path, seconds: float) -> Iterator[threading.Event]:
    """Somebody else writes, and takes his time."""
    released = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            held.set()
            time.sleep(seconds)
            other.execute("ROLLBACK")
        released.set()

    held = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    held.wait()
    yield released
    thread.join()


@contextmanager
def _digest(watch: Watch) -> Iterator[str]:
    """The weekly letter is laid out, over and over; where there is no such command, the ledger is exported."""
    words = [sys.executable, "-m", "watcher", "digest", "preview"]
    has = subprocess.run([*words, "--help"], capture_output=True, check=False, cwd=_ROOT).returncode == 0
    words = words if has else [sys.executable, "-m", "watcher", "export"]
    stopping = threading.Event()

    def repeat() -> None:
        while not stopping.is_set():
            subprocess.run(words, cwd=watch.folder, env=_environment(watch.slack), capture_output=True, check=False)

    thread = threading.Thread(target=repeat)
    thread.start()
    yield "digests laid out" if has else "exports (no digest here)"
    stopping.set()
    thread.join()


@contextmanager
def _feeds(feeds: int) -> Iterator[int]:
    words = [sys.executable, "-m", "benchmarks.feedserver", "--feeds", str(feeds)]
    with subprocess.Popen(words, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        if server.stdin is None or server.stdout is None:
            raise RuntimeError("no pipes")
        yield int(json.loads(server.stdout.readline())["port"])
        server.stdin.close()


def _environment(slack: Workspace) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WATCHER_")}
    own = {
        "PYTHONPATH": str(_ROOT),
        "WATCHER_ALLOW_PRIVATE_HOSTS": "1",
        "WATCHER_SLACK_API_URL": slack.url,
        "WATCHER_SLACK_BOT_TOKEN": BOT_TOKEN,
        "WATCHER_SLACK_APP_TOKEN": APP_TOKEN,
        "WATCHER_SLACK_SIGNING_SECRET": SECRET,
        "WATCHER_SLACK_CHANNEL": "C0123456789",
        "WATCHER_LISTEN": "127.0.0.1:0",
    }
    return {**plain, **own}


@contextmanager
def _watching(folder: Path, port: int, feeds: int, slack: Timed) -> Iterator[Watch]:
    sources = [
        {"id": f"feed-{feed}", "type": "feed", "kind": "news", "url": address(port, feed)} for feed in range(feeds)
    ]
    (folder / "feeds.yaml").write_text(json.dumps({"sources": sources}))
    watcher, environment = [sys.executable, "-m", "watcher"], _environment(slack)
    subprocess.run(
        [*watcher, "baseline", "import", "default"], cwd=folder, env=environment, check=True, capture_output=True
    )
    with subprocess.Popen(
        [*watcher, "run"], cwd=folder, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    ) as process:
        watch = Watch(slack, "", folder, process, [])
        thread = threading.Thread(target=_note, args=(process, watch.said))
        thread.start()
        try:
            watch.wait_for("listening:")
            line = next(line for line in watch.said if "listening:" in line)
            watch.site = f"http://{line.rpartition('HTTP on ')[2].strip()}"
            slack.await_line()
            yield watch
        finally:
            process.terminate()
            process.wait()
            thread.join()


def _note(process: "subprocess.Popen[str]", said: list[str]) -> None:
    said.extend(line.rstrip() for line in process.stderr or ())


def _print(measured: list[Waits]) -> None:
    heads = "  ".join(f"{head:>20}" for head in ("acknowledged after", "questions answered", "changes answered"))
    print(f"{'while':34} {'asked':>5}  {heads}")
    for waits in measured:
        cells = (waits.acks, waits.answers, waits.writes)
        print(f"{waits.load:34} {len(waits.acks):>5}  {'  '.join(map(_cell, cells))}")
    print("median and longest, in milliseconds; by Socket Mode and over HTTP in turn")


def _cell(seconds: list[float]) -> str:
    return f"{1000 * median(seconds):>9.0f} {1000 * max(seconds):>10.0f}" if seconds else f"{'-':>20}"


if __name__ == "__main__":
    main()

"""What a round of polling costs, beside the ``reader`` library on the same feeds in the same run.

::

    python -m benchmarks.poll [--repetitions 3] [--feeds 1000] [--size 40000] [--unvalidated 0.3] [--hanging 0.01] …

Whole processes, start-up included, one after the other against one server on loopback: ``watcher poll --all`` with its
rules and the shipped ledger on a SQLite file, and ``update_feeds(workers=10)``. The two take turns in going first, and
each repetition begins with two fresh databases. A run in which either program stored another number of posts than was
served is refused. ``--alone`` leaves ``reader`` out. Linux only. Makes ``.venv-bench`` for ``reader`` on first use.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.request import Request, urlopen

from benchmarks import feedserver
from benchmarks.corpus import ENTRIES, VENDORS, Shape, address
from benchmarks.measure import Command, Cost, cost_of, ratios, typical

HERE: Final = Path(__file__).parent
BENCH: Final = HERE.parent / ".venv-bench"
WATCHER, READER = "watcher", "reader 3.26"
SET_UP: Final = "set up"
ROUNDS: Final = {"cold": 0.0, "nothing changed": 0.0, "1 % changed": 0.01}  # and how many feeds change before it
_POLLED: Final = frozenset({0, 1})  # 1: a source failed, as those that hang do

Ask = Callable[[str], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A program with a record of its own. ``given`` is what its set-up reads."""

    name: str
    set_up: Command
    poll: Command
    count: Command
    given: str = ""

    def posts(self) -> int:
        """How many posts it has on record."""
        cost_of(self.count)
        return int((self.count.folder / "output").read_text().split()[-1])


@dataclass(frozen=True, slots=True)
class Measured:
    """One round of one contender, and what the server saw of it."""

    cost: Cost
    served: dict[str, float]


Results = dict[tuple[str, str], list[Measured]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.poll")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--alone", action="store_true", help="leave the other program out")
    feedserver.arguments(parser)
    given = parser.parse_args()
    shape = feedserver.shape_of(given)
    other = None if given.alone else _environment_of_reader()
    results: Results = defaultdict(list)
    for repetition in range(given.repetitions):
        with TemporaryDirectory(prefix="watcher-bench-") as folder, _server(shape) as (port, ask):
            contenders = [_watcher(Path(folder), shape, port)]
            contenders += [_reader(Path(folder), shape, port, other)] if other else []
            _repeat(contenders if repetition % 2 == 0 else contenders[::-1], shape, ask, results)
    _print(shape, given.repetitions, results)


def _repeat(contenders: list[Contender], shape: Shape, ask: Ask, results: Results) -> None:
    """Set up both, then each round for both."""
    expected = shape.answering() * ENTRIES
    for one in contenders:
        results[SET_UP, one.name].append(Measured(cost_of(one.set_up, one.given), {}))
    for name, share in ROUNDS.items():
        expected += ask(f"change?share={share}")["changed"] if share else 0
        for one in contenders:
            ask("count")
            measured = Measured(cost_of(one.poll), ask("count"))
            results[name, one.name].append(measured)
            if (posts := one.posts()) != expected:
                raise SystemExit(f"{name}: {one.name} has {posts} posts, but {expected} were served")
            print(f"{name:16} {one.name:12} {_figures(measured.cost)}  {_seen(measured.served)}", flush=True)


def _watcher(folder: Path, shape: Shape, port: int) -> Contender:
    home = folder / "watcher"
    home.mkdir()
    (home / "feeds.yaml").write_text(_feeds_yaml(shape, port))
    # PYTHONPATH: what is measured is the checkout in which this file stands, wherever the environment's own copy is.
    environment = _plain() | {"WATCHER_ALLOW_PRIVATE_HOSTS": "1", "PYTHONPATH": str(HERE.parent)}
    base = Command((sys.executable, "-m", "watcher"), environment, home)
    counting = (
        "import sqlite3; print(sqlite3.connect('watcher.db').execute('select count(*) from posts').fetchone()[0])"
    )
    return Contender(
        WATCHER,
        set_up=replace(base, words=(*base.words, "baseline", "import", "default")),
        poll=replace(base, words=(*base.words, "poll", "--all"), well=_POLLED),
        count=replace(base, words=(sys.executable, "-c", counting)),
    )


def _reader(folder: Path, shape: Shape, port: int, python: Path) -> Contender:
    home = folder / "reader"
    home.mkdir()
    words = (str(python), str(HERE / "reader_poll.py"))
    commands = {
        command: Command((*words, command, "reader.db"), _plain(), home) for command in ("subscribe", "poll", "count")
    }
    addresses = "\n".join(address(port, feed) for feed in range(shape.feeds))
    return Contender(READER, commands["subscribe"], commands["poll"], commands["count"], addresses)


def _plain() -> dict[str, str]:
    """The environment without settings of ours and of Python's: some keep it from storing what it compiled."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("WATCHER_", "PYTHON"))}


def _feeds_yaml(shape: Shape, port: int) -> str:
    sources = "".join(
        f"  - {{id: feed-{feed}, type: feed, kind: news, url: '{address(port, feed)}'}}\n"
        for feed in range(shape.feeds)
    )
    vendors = "".join(f"  - {{id: {name.lower()}, name: {name}}}\n" for name in VENDORS)
    return f"sources:\n{sources}vendors:\n{vendors}"


@contextmanager
def _server(shape: Shape) -> Iterator[tuple[int, Ask]]:
    """The feed server as a process of its own; ends with the block."""
    switches = [word for name in Shape.__dataclass_fields__ for word in (f"--{name}", str(getattr(shape, name)))]
    words = [sys.executable, "-m", "benchmarks.feedserver", *switches]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as process:
        assert process.stdin
        assert process.stdout
        port = json.loads(process.stdout.readline())["port"]

        def ask(what: str) -> dict[str, Any]:
            with urlopen(Request(f"http://127.0.0.1:{port}/-/{what}", method="POST")) as answer:
                found: dict[str, Any] = json.load(answer)
                return found

        try:
            yield port, ask
        finally:
            process.stdin.close()


def _environment_of_reader() -> Path:
    """The Python of ``.venv-bench``, which is made from its own lock when that changed."""
    lock, copy = HERE / "requirements.lock", BENCH / "requirements.lock"
    python = BENCH / "bin" / "python"
    if not copy.exists() or copy.read_text() != lock.read_text():
        subprocess.run((sys.executable, "-m", "venv", "--clear", BENCH), check=True)
        (BENCH / ".gitignore").write_text("*\n")
        subprocess.run((python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock), check=True)
        copy.write_text(lock.read_text())
    return python


def _figures(cost: Cost) -> str:
    return f"{cost.wall:8.2f} {cost.cpu:8.2f} {cost.peak:7.0f} {cost.tree:7.0f}"


def _seen(served: dict[str, float]) -> str:
    names = (name for name in ("200", "304", "pages", "hung") if name in served)
    counts = ", ".join(f"{served[name]:.0f} {name}" for name in names)
    return f"served {counts}; {served.get('bytes', 0) / 1e6:.1f} MB, server CPU {served['cpu']:.2f} s"


def _print(shape: Shape, repetitions: int, results: Results) -> None:
    print(
        f"\n{shape.feeds} feeds, {shape.feeds * ENTRIES} posts, mean {shape.size / 1000:.0f} kB; "
        f"{repetitions} repetitions; Python {platform.python_version()}, {os.cpu_count()} cores"
    )
    print("medians; a ratio is the median of the ratios within one repetition\n")
    print("MB: of the largest process, and of all together\n")
    columns = f"{'wall s':>9}{'CPU s':>9}{'MB':>8}{'MB':>8}"
    print(f"{'':16} {WATCHER:^33} {READER:^33} {'ratio':^28}")
    print(f"{'round':16}{columns}{columns}{'wall':>8}{'CPU':>7}{'MB':>7}{'MB':>7}")
    for name in (SET_UP, *ROUNDS):
        ours, theirs = ([one.cost for one in results[name, who]] for who in (WATCHER, READER))
        print(f"{name:16} {_figures(typical(ours))}", _beside(ours, theirs) if theirs else "")


def _beside(ours: list[Cost], theirs: list[Cost]) -> str:
    ratio = ratios(ours, theirs)
    return f"{_figures(typical(theirs))} {ratio.wall:7.2f}{ratio.cpu:7.2f}{ratio.peak:7.2f}{ratio.tree:7.2f}"


if __name__ == "__main__":
    main()

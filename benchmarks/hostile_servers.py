"""Hostile servers beside good ones: when each ends, what it costs, and that the good ones lose nothing by it.

::

    python -m benchmarks.hostile_servers [--good 40] [--quick] [--only NAME…]

One round of ``watcher poll --all`` as a process of its own, over feeds that misbehave, each on an address of its own in
127.0.0.0/8, and good feeds beside them; and the same round over the good ones alone. Then what ``watcher sources`` says
of each. Last, names that lead to public addresses in a first round and to private ones later, and a server that
redirects to such a name (``benchmarks/rebinding.py``). Exit status 1 where a good feed was not read, where a hostile
server is not named as it is, where a name got through, or where a password was written down. Linux only, with openssl
for the servers that speak TLS.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.hostile_documents import hostile_documents
from benchmarks.hostile_pages import HEAD, PASSWORD, TAIL, Hostile, hostile_pages
from benchmarks.hostile_tls import hostile_tls
from benchmarks.measure import Command, Cost, cost_of
from benchmarks.rebinding import rounds
from tests.fetch import server
from tests.fetch.server import WebServer

ROOT = Path(__file__).parent.parent
DEADLINE = 120.0  # seconds: 30 for the answer, 20 for reading it, 60 for the pages behind it, and some for the rest
MOST_MEMORY = 768.0  # MB of the largest process
_VOICE = {"feed": "kind: news", "blog": "kind: news", "policy": "kind: vendor, vendor: amazon"}
State = Mapping[str, object]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile_servers")
    parser.add_argument("--good", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="without those that take long")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these hostile servers")
    given = parser.parse_args()
    with WebServer(host="") as web, TemporaryDirectory(prefix="watcher-bench-") as name, hostile_tls() as tls:
        folder = Path(name)
        pages = hostile_pages() | hostile_documents()
        web.pages |= {f"/{name}": one.page for name, one in pages.items()}
        web.pages |= {f"/good-{number}": server.text(_good(number)) for number in range(given.good)}
        hostile = {name: one for name, one in {**pages, **tls.servers}.items() if _wanted(given, name, one)}
        good = [f"good-{number}" for number in range(given.good)]
        urls = _urls(web, [*pages, *good]) | tls.urls
        environment = _environment() | tls.environment
        kinds = {name: hostile[name].kind if name in hostile else "feed" for name in [*hostile, *good]}
        sources = {name: f"type: {kinds[name]}, {_VOICE[kinds[name]]}, url: '{urls[name]}'" for name in kinds}
        alone, _ = _round(folder / "alone", {name: sources[name] for name in good}, environment)
        beside, states = _round(folder / "beside", sources, environment)
        faults = [*_table(hostile, states), *_costs(alone, beside), *_good_ones(good, states)]
        faults += [f"the password of a redirect stands in {path.name}" for path in _with_password(folder / "beside")]
        faults += rounds(folder / "rebinding") if given.only is None else []
    print(f"faults: {len(faults)}", *faults, sep="\n  ")
    raise SystemExit(1 if faults else 0)


def _wanted(given: argparse.Namespace, name: str, one: Hostile) -> bool:
    return name in given.only if given.only is not None else not (given.quick and one.slow)


def _with_password(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if PASSWORD.encode() in path.read_bytes()]


def _good(number: int) -> bytes:
    now = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    items = b"".join(
        b"<item><title>Story %d of %d</title><guid>%d-%d</guid><pubDate>%s</pubDate></item>"
        % (item, number, number, item, now.encode())
        for item in range(20)
    )
    return HEAD + items + TAIL


def _urls(web: WebServer, names: list[str]) -> dict[str, str]:
    return {
        name: web.url(f"/{name}", f"127.0.{place // 200 + 1}.{place % 200 + 1}") for place, name in enumerate(names)
    }


def _environment() -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WATCHER_", "PYTHON"))}
    return plain | {"WATCHER_ALLOW_PRIVATE_HOSTS": "1", "PYTHONPATH": str(ROOT)}


def _round(folder: Path, sources: Mapping[str, str], environment: Mapping[str, str]) -> tuple[Cost, dict[str, State]]:
    folder.mkdir()
    lines = [f"  - {{id: {name}, {source}}}" for name, source in sources.items()]
    (folder / "feeds.yaml").write_text("\n".join(["sources:", *lines, ""]))
    poll = Command((sys.executable, "-m", "watcher", "poll", "--all"), environment, folder, frozenset({0, 1}))
    cost = cost_of(poll)
    (folder / "output").rename(folder / "polled")
    cost_of(replace(poll, words=(sys.executable, "-m", "watcher", "sources", "--format", "json")))
    said = (folder / "output").read_text()
    return cost, {str(one["id"]): one for one in json.loads(said[said.index("[") :])}


def _table(hostile: Mapping[str, Hostile], states: Mapping[str, State]) -> list[str]:
    """Print what is said of each; returns where that is not what it should be."""
    print(f"{'server':36}{'health':9}{'trouble':12}detail")
    faults = []
    for name, one in hostile.items():
        state = states[name]
        detail = str(state["detail"] or "")
        print(f"{name:36}{state['health']!s:9}{state['trouble'] or '':12}{detail[:110]}")
        if state["health"] == "new" or state["trouble"] != one.trouble or one.words not in detail:
            faults.append(f"{name}: expected was {one.trouble or 'no trouble'}, and the words “{one.words}”")
    return faults


def _costs(alone: Cost, beside: Cost) -> list[str]:
    print(f"\nthe round lasted {beside.wall:.1f} s, {alone.wall:.1f} s over the good ones alone")
    print(f"CPU {beside.cpu:.1f} s and {alone.cpu:.1f} s; peak memory {beside.peak:.0f} MB and {alone.peak:.0f} MB")
    late = [f"the round took more than {DEADLINE:.0f} s"] if beside.wall > DEADLINE else []
    return late + ([f"a process took more than {MOST_MEMORY:.0f} MB"] if beside.peak > MOST_MEMORY else [])


def _good_ones(good: list[str], states: Mapping[str, State]) -> list[str]:
    read = [name for name in good if states[name]["health"] == "ok" and states[name]["last_new_post"]]
    print(f"good feeds read: {len(read)} of {len(good)}")
    return [f"{name} was not read" for name in good if name not in read]


if __name__ == "__main__":
    main()

"""Names that change where they lead, beside good feeds: what ``watcher poll`` makes of them.

``rounds`` polls twice. In the first round each name leads to a public address, and is read. In the second it leads to
another one: private, loopback, link-local, or written so that it looks like none. Some names change within a round,
between a feed and the place to which it redirects. None of the latter may be asked.

Run as a program (``python -m benchmarks.rebinding ANSWERS WORD…``), this module is ``watcher WORD…`` with such a
resolver; ``ANSWERS`` is JSON: for each name its addresses, one after the other.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.hostile_pages import HEAD, ITEM, TAIL
from benchmarks.measure import Command, cost_of
from tests.fetch.resolver import PUBLIC, rebinding
from tests.fetch.server import Handler, WebServer
from watcher.__main__ import main as watcher

PRIVATE = {
    "loopback": "127.0.0.1",
    "ten": "10.0.0.1",
    "metadata": "169.254.169.254",
    "home": "192.168.1.1",
    "any": "0.0.0.0",
    "loopback-6": "[::1]",
    "local-6": "[fd00::1]",
    "mapped": "[::ffff:127.0.0.1]",
    "translated": "[64:ff9b::7f00:1]",
}
SECRET = "/secret"
_OUTSIDE = f"{PUBLIC}1"
_FEED = HEAD + ITEM + TAIL


def rounds(folder: Path) -> list[str]:
    """Poll twice; prints what is said of each name, and returns what is wrong with it."""
    folder.mkdir()
    between = {f"{kind}.rebound.example": address for kind, address in PRIVATE.items()}
    within = {f"{kind}.redirected.example": address for kind, address in PRIVATE.items()}
    steady = "steady.example"
    with WebServer(host="") as web:
        web.default = _page
        _write(folder, web, [*between, *within, steady])
        constant = {steady: [_OUTSIDE]}
        redirected = {name: [_OUTSIDE, address] for name, address in within.items()}
        first = _round(folder, constant | redirected | {name: [_OUTSIDE] for name in between})
        second = _round(folder, constant | redirected | {name: [address] for name, address in between.items()})
        asked = web.paths.count(SECRET)
    faults = [f"{name}: was not read at first" for name in [*between, steady] if first[name]["health"] != "ok"]
    faults += [f"{name}: was not read at last" for name in [steady] if second[name]["health"] != "ok"]
    faults += [f"{asked} requests reached the inside"] if asked else []
    return faults + _refusals(between | within, second)


def _page(request: Handler) -> None:
    """The feed of a good name; the redirect of one that changes; all connections end, so that names are looked up."""
    inside = "redirected" in request.headers["Host"] and request.path != SECRET
    headers = {"Connection": "close"} | ({"Location": SECRET} if inside else {})
    request.reply(302 if inside else 200, b"" if inside else _FEED, headers)
    request.close_connection = True


def _write(folder: Path, web: WebServer, names: list[str]) -> None:
    lines = [f"  - {{id: {_id(name)}, type: feed, kind: news, url: '{web.url('/feed', name)}'}}" for name in names]
    (folder / "feeds.yaml").write_text("\n".join(["sources:", *lines, ""]))


def _id(name: str) -> str:
    return name.replace(".", "-")


def _round(folder: Path, answers: Mapping[str, list[str]]) -> dict[str, dict[str, object]]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WATCHER_", "PYTHON"))}
    words = (sys.executable, "-m", "benchmarks.rebinding", json.dumps(answers))
    environment = plain | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    poll = Command((*words, "poll", "--all"), environment, folder, frozenset({0, 1}))
    cost_of(poll)
    cost_of(replace(poll, words=(*words, "sources", "--format", "json")))
    said = (folder / "output").read_text()
    states = {str(one["id"]): one for one in json.loads(said[said.index("[") :])}
    return {name: states[_id(name)] for name in answers}


def _refusals(names: Mapping[str, str], states: Mapping[str, Mapping[str, object]]) -> list[str]:
    faults = []
    print(f"\n{'name':36}{'health':9}{'trouble':12}detail")
    for name, address in names.items():
        state = states[name]
        print(f"{name:36}{state['health']!s:9}{state['trouble'] or '':12}{state['detail']}")
        if state["trouble"] != "unsafe" or f"leads to {address.strip('[]')}" not in str(state["detail"]):
            faults.append(f"{name}: expected was unsafe, and the address {address}")
    return faults


def main() -> None:
    answers = json.loads(sys.argv[1])
    sys.argv = ["watcher", *sys.argv[2:]]
    with rebinding(answers):
        watcher()


if __name__ == "__main__":
    main()

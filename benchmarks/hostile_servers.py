"""Hostile servers beside good ones: when each ends, what it costs, and that the good ones lose nothing by it.

::

    python -m benchmarks.hostile_servers [--good 40] [--quick]

One round of ``watcher poll --all`` as a process of its own, over feeds that misbehave, each on an address of its own in
127.0.0.0/8, and good feeds beside them; and the same round over the good ones alone. Then what ``watcher sources`` says
of each. Redirects to private addresses and names that change their address need a world without private addresses and
are shown by tests (``tests/fetch/test_download.py``). Linux only.
"""

import argparse
import json
import os
import sys
import zlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import Command, Cost, cost_of
from tests.fetch import server
from tests.fetch.server import Handler, Page, WebServer

ROOT = Path(__file__).parent.parent
MIB = 1024 * 1024
_EXPECTED = {  # what must be said of those whose trouble is told for certain
    "gzip-bomb": "too-large",
    "xml-bomb-in-gzip": "too-large",
    "endless-zeros-in-gzip": "too-large",
    "entity-bomb": "unreadable",
    "external-entity": "unreadable",
    "endless-body": "too-large",
    "slow-drip": "timeout",
    "never-answers": "timeout",
    "redirects-in-a-circle": "redirects",
    "redirects-to-a-file": "unsafe",
    "entry-of-50-mb": "too-large",
    "announces-terabytes": "too-large",
    "connection-reset": "network",
    "no-http": "unreadable",
}
_SLOW = frozenset({"slow-drip", "never-answers", "100000-attributes"})  # deadlines of 15, 26 and 20 s
HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
TAIL = b"</channel></rss>"
ITEM = b"<item><title>Northgate opens a shop</title></item>"
BOMB = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile_servers")
    parser.add_argument("--good", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="without those that take until a deadline")
    given = parser.parse_args()
    hostile = {name: page for name, page in _hostile().items() if not given.quick or name not in _SLOW}
    with WebServer(host="") as web, TemporaryDirectory(prefix="watcher-bench-") as folder:
        for number in range(given.good):
            web.pages[f"/good-{number}"] = server.text(_good(number))
        web.pages |= {f"/{name}": page for name, page in hostile.items()}
        good = [f"good-{number}" for number in range(given.good)]
        alone, _ = _round(Path(folder) / "alone", web, good)
        beside, told = _round(Path(folder) / "beside", web, [*hostile, *good])
    _report(hostile, good, alone, beside, told)


def _good(number: int) -> bytes:
    now = format_datetime(datetime.now(UTC) - timedelta(hours=1))
    items = b"".join(
        b"<item><title>Story %d of %d</title><guid>%d-%d</guid><pubDate>%s</pubDate></item>"
        % (item, number, number, item, now.encode())
        for item in range(20)
    )
    return HEAD + items + TAIL


def _round(folder: Path, web: WebServer, names: list[str]) -> tuple[Cost, list[dict[str, object]]]:
    folder.mkdir()
    hosts = {name: f"127.0.{place // 200 + 1}.{place % 200 + 1}" for place, name in enumerate(names)}
    lines = (f"  - {{id: {name}, type: feed, kind: news, url: '{web.url(f'/{name}', hosts[name])}'}}" for name in names)
    (folder / "feeds.yaml").write_text("sources:\n" + "\n".join(lines) + "\n")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("WATCHER_", "PYTHON"))}
    environment = plain | {"WATCHER_ALLOW_PRIVATE_HOSTS": "1", "PYTHONPATH": str(ROOT)}
    poll = Command((sys.executable, "-m", "watcher", "poll", "--all"), environment, folder, frozenset({0, 1}))
    cost = cost_of(poll)
    asking = replace(poll, words=(sys.executable, "-m", "watcher", "sources", "--format", "json"))
    cost_of(asking)
    said = (folder / "output").read_text()
    told: list[dict[str, object]] = json.loads(said[said.index("[") :])
    return cost, told


def _hostile() -> dict[str, Page]:
    """What each does. Bodies are made of pieces: a child's peak memory would count what is large in its parent."""
    packed = {"content_encoding": "gzip"}
    entry, end = HEAD + b"<item><title>x</title><description>", b"</description></item>" + TAIL
    file = b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    attributes = b"".join(b'a%d="1" ' % n for n in range(100_000))
    entries = b"".join(b"<item><guid>%d</guid><title>x</title></item>" % n for n in range(100_000))
    words = b"&lt;p&gt;facial recognition " * (MIB // 27)
    return {
        "gzip-bomb": server.text(_packed(repeat(bytes(MIB), 400)), **packed),
        "xml-bomb-in-gzip": server.text(_packed([HEAD, *repeat(b"<a>" * MIB, 20)]), **packed),
        "nested-in-gzip": server.text(_packed([HEAD, b"<item><title>x</title><description>", b"<a>" * MIB]), **packed),
        "entity-bomb": server.text(b'<!DOCTYPE rss [<!ENTITY l0 "lol">' + BOMB + b"]>" + HEAD + b"&l9;" + TAIL),
        "external-entity": server.text(file + HEAD + b"&f;" + TAIL),
        "endless-body": server.endless(ITEM * 200),
        "endless-zeros-in-gzip": _endless_zeros,
        "slow-drip": server.drip,
        "never-answers": server.hang,
        "redirects-in-a-circle": server.redirect(302, "/redirects-in-a-circle"),
        "redirects-to-a-file": server.redirect(302, "file:///etc/passwd"),
        "100000-entries": server.text(HEAD + entries + TAIL),
        "entry-of-50-mb": _of_50_mb,
        "entry-of-19-mb-in-gzip": server.text(_packed([entry, *repeat(words, 18), end]), **packed),
        "announces-more": server.short,
        "announces-less": lambda request: request.reply(200, HEAD + ITEM * 50 + TAIL, {"Content-Length": "200"}),
        "announces-terabytes": lambda request: request.reply(200, b"x", {"Content-Length": "9999999999999"}),
        "connection-reset": server.reset,
        "reset-in-the-middle": _reset_in_the_middle,
        "nested-100000-deep": server.text(entry + b"<a>" * 100_000 + end),
        "100000-attributes": server.text(HEAD + b"<item " + attributes + b"><title>x</title></item>" + TAIL),
        "brackets-without-end": server.text(HEAD + b"<item><title>" + b"<![CDATA[" * 200_000),
        "ampersands-without-end": server.text(HEAD + b"<item><title>" + b"&a" * 2_000_000),
        "headers-without-end": _endless_headers,
        "no-http": _no_http,
        "not-packed-as-it-says": server.text(b"plain", **packed),
        "binary": server.text(bytes(range(256)) * 4000),
    }


def _packed(pieces: Iterable[bytes]) -> bytes:
    """One gzip stream: of several in a row a client may read the first alone."""
    stream = zlib.compressobj(6, zlib.DEFLATED, 31)
    return b"".join(map(stream.compress, pieces)) + stream.flush()


def _endless_zeros(request: Handler) -> None:
    request.begin({"Content-Encoding": "gzip"})
    stream = zlib.compressobj(6, zlib.DEFLATED, 31)
    while request.send(stream.compress(bytes(MIB)) + stream.flush(zlib.Z_SYNC_FLUSH)):
        pass


def _of_50_mb(request: Handler) -> None:
    request.begin()
    request.send(HEAD + b"<item><title>x</title><description>")
    for _ in range(50):
        if not request.send(b"a b " * (MIB // 4)):
            return
    request.send(b"</description></item>" + TAIL)


def _reset_in_the_middle(request: Handler) -> None:
    request.begin({"Content-Length": "100000"})
    request.send(HEAD + ITEM * 20)
    server.reset(request)


def _endless_headers(request: Handler) -> None:
    request.send_response(200)
    request.flush_headers()
    while request.send(b"X-Padding: " + b"a" * 1000 + b"\r\n"):
        pass
    request.close_connection = True


def _no_http(request: Handler) -> None:
    request.wfile.write(b"\x16\x03\x01 hello\r\n\r\n" * 100)
    request.close_connection = True


def _report(
    hostile: dict[str, Page], good: list[str], alone: Cost, beside: Cost, told: list[dict[str, object]]
) -> None:
    states = {str(one["id"]): one for one in told}
    print(f"{'server':28}{'health':10}{'trouble':13}detail")
    for name in hostile:
        one = states[name]
        print(f"{name:28}{one['health']!s:10}{one['trouble'] or '':13}{str(one['detail'] or '')[:90]}")
    well = [name for name in good if states[name]["health"] == "ok" and states[name]["last_new_post"]]
    unnamed = [name for name in hostile if states[name]["health"] == "new"]
    print(f"\ngood feeds read: {len(well)} of {len(good)}; hostile ones without a word: {len(unnamed)} {unnamed}")
    print(f"the round lasted {beside.wall:.1f} s, {alone.wall:.1f} s over the good ones alone")
    print(f"CPU {beside.cpu:.1f} s and {alone.cpu:.1f} s; peak memory {beside.peak:.0f} MB and {alone.peak:.0f} MB")
    told_as = {name: states[name]["trouble"] for name in _EXPECTED if name in hostile}
    wrong = {name: trouble for name, trouble in told_as.items() if trouble != _EXPECTED[name]}
    print(f"told otherwise than they are: {wrong or 0}")
    if len(well) < len(good) or unnamed or wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

"""How much memory it takes when many large bodies come at once.

::

    python -m benchmarks.crowd [--large 64] [--good 200]

One round of ``watcher poll --all`` as a process of its own, over feeds that come at once with 19 MB each, packed to
some kilobytes, and over small good ones, each on an address of its own; and the same round over the good ones alone.
Exit status 1 where a feed was not read. Linux only.
"""

import argparse
import gzip
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.hostile_pages import HEAD, TAIL
from benchmarks.hostile_servers import _environment, _good, _round
from tests.fetch import server
from tests.fetch.server import WebServer

SIZE = 19_000_000  # bytes, unpacked


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd")
    parser.add_argument("--large", type=int, default=64)
    parser.add_argument("--good", type=int, default=200)
    given = parser.parse_args()
    item = b"<item><title>Large</title><guid>1</guid></item>"
    large = gzip.compress(HEAD + item + b" " * (SIZE - len(HEAD + item + TAIL)) + TAIL)
    with WebServer(host="") as web, TemporaryDirectory(prefix="watcher-bench-") as name:
        pages = {f"large-{number}": server.text(large, content_encoding="gzip") for number in range(given.large)}
        pages |= {f"good-{number}": server.text(_good(number)) for number in range(given.good)}
        web.pages |= {f"/{name}": page for name, page in pages.items()}
        sources = {
            name: f"type: feed, kind: news, url: '{web.url(f'/{name}', f'127.0.{place // 200 + 1}.{place % 200 + 1}')}'"
            for place, name in enumerate(pages)
        }
        good = {name: source for name, source in sources.items() if name.startswith("good")}
        alone, _ = _round(Path(name) / "alone", good, _environment())
        beside, states = _round(Path(name) / "beside", sources, _environment())
    unread = [name for name, state in states.items() if state["health"] != "ok"]
    for what, cost in (("good ones alone", alone), (f"and {given.large} of 19 MB", beside)):
        print(f"{what:20}{cost.wall:6.1f} s, largest process {cost.peak:5.0f} MB, all together {cost.tree:5.0f} MB")
    print(f"not read: {len(unread)}", *unread[:10])
    sys.exit(bool(unread))


if __name__ == "__main__":
    main()

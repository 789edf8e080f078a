"""What reading costs: posts put aside, posts read, memory over many posts, hostile texts, and the start.

::

    python -m benchmarks.reading [--posts 3000] [--stream 100000] [--only unrelated|related|memory|hostile|start …]

An unrelated post is compared with a bare Aho-Corasick search for the same needles in the same bytes. Related articles
are made of neighbouring posts of the shipped corpus, joined until they have a thousand words. Linux only.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from ahocorasick_rs import AhoCorasick, BytesAhoCorasick, Implementation

from benchmarks import hostile, unrelated
from benchmarks.measure import Command, cost_of
from watcher.config.rules import load_reader
from watcher.config.vendors import load_vendors
from watcher.core.reader import Document, Reader

_ROOT = Path(__file__).parent.parent
_CORPUS = _ROOT / "tests" / "data" / "corpus.jsonl"
_ARTICLE = 1000  # words at least
_NEAR = (0.03, 0.25)  # of the sentences of an unrelated post: more than is usual, and far too many
_RELATED = 0.02  # of a stream
_WHEN = datetime(2022, 3, 16, 12, tzinfo=UTC)
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading")
    parser.add_argument("--posts", type=int, default=3000, help="unrelated posts")
    parser.add_argument("--stream", type=int, default=100_000, help="posts over which memory is watched")
    parser.add_argument("--only", nargs="*", choices=list(_PARTS), default=list(_PARTS))
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores")
    reader = load_reader(load_vendors())
    for part in given.only:
        print(f"\n{part}")
        _PARTS[part](reader, given)


def _names(reader: Reader) -> list[str]:
    """The watched names that do not imply the technology by themselves."""
    names = [name for vendor in reader.vendors.values() for name in vendor.names]
    telling = {name.text for name in names if name.technology}
    return [
        name
        for name in dict.fromkeys([v.name for v in reader.vendors.values()] + [n.text for n in names])
        if name not in telling
    ]


def _unrelated(reader: Reader, given: argparse.Namespace) -> None:
    print(f"{len(reader.needles)} needles")
    for near in _NEAR:
        _put_aside(reader, list(unrelated.posts(given.posts, _names(reader), near)), near)


def _put_aside(reader: Reader, posts: list[tuple[str, str]], near: float) -> None:
    passed = [post for post in posts if reader.relevant(*post)]
    read = [post for post in passed if reader.read(Document(*post, _WHEN)).statements]
    print(f"{len(posts)} posts, {near:.0%} of their sentences look alike: ", end="")
    print(f"{len(passed) / len(posts):.2%} pass and are read, {len(read)} with a statement")
    in_bytes = BytesAhoCorasick(reader.needles, implementation=Implementation.DFA).find_matches_as_indexes
    in_text = AhoCorasick([needle.decode() for needle in reader.needles]).find_matches_as_indexes
    print(f"{'size':>10}{'µs':>9}{'÷ search in bytes':>20}{'÷ search in text':>19}")
    rows = [(len(text), *_beside(reader, title, text, in_bytes, in_text)) for title, text in posts]
    for size in (*unrelated.SIZES, None):
        of_size = [
            row for number, row in enumerate(rows) if size in {None, unrelated.SIZES[number % len(unrelated.SIZES)]}
        ]
        _, ours, by_bytes, by_text = zip(*of_size, strict=True)
        ratios = f"{median(map(_ratio, ours, by_bytes)):20.2f}{median(map(_ratio, ours, by_text)):19.2f}"
        print(f"{size or 'all':>10}{median(ours) * 1e6:9.1f}{ratios}")
    total = [sum(column) for column in zip(*rows, strict=True)]
    print(f"{'sum of all':>10}{'':9}{total[1] / total[2]:20.2f}{total[1] / total[3]:19.2f}")


def _beside(
    reader: Reader, title: str, text: str, in_bytes: Callable[[bytes], object], in_text: Callable[[str], object]
) -> tuple[float, float, float]:
    data = text.encode()
    return (
        _best(lambda: reader.relevant(title, text)),
        _best(lambda: in_bytes(data)),
        _best(lambda: in_text(text)),
    )


def _ratio(ours: float, theirs: float) -> float:
    return ours / theirs


def _best(call: Callable[[], object], times: int = 7) -> float:
    """Seconds of the fastest of some runs: what else runs on the machine only ever adds."""
    found = []
    for _ in range(times):
        began = perf_counter()
        call()
        found.append(perf_counter() - began)
    return min(found)


def articles() -> Iterator[Document]:
    """Long articles, dense with statements, made of neighbouring posts of the corpus."""
    texts: list[str] = []
    for line in _CORPUS.read_text("utf-8").splitlines():
        post = json.loads(line)
        texts.append(post["text"])
        whole = "\n\n".join(texts)
        if len(whole.split()) >= _ARTICLE:
            yield Document(post["title"], whole, datetime.fromisoformat(post["published"]))
            texts = []


def _related(reader: Reader, given: argparse.Namespace) -> None:
    del given
    made = list(articles())
    for article in made:
        reader.read(article)
    cost = [_best(lambda article=article: reader.read(article)) * 1e3 for article in made]  # type: ignore[misc] # bound now
    words = [len(article.text.split()) for article in made]
    print(f"{len(made)} articles of {min(words)} to {max(words)} words; best of 7 each")
    print(f"median {median(cost):.1f} ms, 9 in 10 under {quantiles(cost, n=10)[-1]:.1f} ms, slowest {max(cost):.1f} ms")


def _memory(reader: Reader, given: argparse.Namespace) -> None:
    corpus = [json.loads(line) for line in _CORPUS.read_text("utf-8").splitlines()]
    related = cycle((post["title"], post["text"]) for post in corpus)
    step = round(1 / _RELATED)
    marks = {given.stream // 10, given.stream // 2, given.stream}
    read = 0
    for number, post in enumerate(unrelated.posts(given.stream, _names(reader), _NEAR[0], "stream"), 1):
        title, text = next(related) if number % step == 0 else post
        if reader.relevant(title, text):
            reader.read(Document(title, text, _WHEN))
            read += 1
        if number in marks:
            print(f"{number:>8} posts, {read:>6} read: {_resident():.1f} MB resident")


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE_MB


def _hostile(reader: Reader, given: argparse.Namespace) -> None:
    del given
    print(f"{'a megabyte of':26}{'s':>7}{'statements':>12}")
    for name, text in hostile.texts():
        document = Document("Microsoft and facial recognition", text, _WHEN)
        began = perf_counter()
        found = reader.read(document).statements if reader.relevant(document.title, text) else ()
        print(f"{name:26}{perf_counter() - began:7.2f}{len(found):12}", flush=True)


def _start(reader: Reader, given: argparse.Namespace) -> None:
    del reader, given
    post = json.dumps(json.loads(_CORPUS.read_text("utf-8").splitlines()[0]))
    with TemporaryDirectory(prefix="watcher-bench-") as folder:
        home = Path(folder)
        (home / "one.jsonl").write_text(post + "\n")
        (home / "feeds.yaml").write_text(  # nothing is polled
            "sources: [{id: one, type: feed, kind: news, url: 'https://example.org/feed'}]"
        )
        environment = dict(os.environ) | {"PYTHONPATH": str(_ROOT)}
        watcher = (sys.executable, "-m", "watcher")
        subprocess.run(
            (*watcher, "baseline", "import", "default"), cwd=home, env=environment, check=True, capture_output=True
        )
        commands = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "watcher --help": (*watcher, "--help"),
            "watcher status": (*watcher, "status"),
            "watcher analyze": (*watcher, "analyze", "one.jsonl"),
        }
        for name, words in commands.items():
            costs = [cost_of(Command(words, environment, home)) for _ in range(5)]
            print(f"{name:18}{median(c.wall for c in costs):6.2f} s{median(c.cpu for c in costs):8.2f} s CPU")


_PARTS: dict[str, Callable[[Reader, argparse.Namespace], None]] = {
    "unrelated": _unrelated,
    "related": _related,
    "memory": _memory,
    "hostile": _hostile,
    "start": _start,
}


if __name__ == "__main__":
    main()

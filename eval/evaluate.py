"""How well the rules read: statements and alerts, on labelled posts and on the short texts beside this file.

    python eval/evaluate.py POSTS.jsonl [--misses]      posts in the format of the development corpus
    python eval/evaluate.py                             only eval/sentences.yaml

A labelled post: id, url, title, published, text, source {name, kind}, statements [{vendor, position, audience, new,
event, ...}]. Statements are compared as sets, post by post. An alert is right when its post holds a new statement of
its vendor, and a duplicate when each of these events was told before.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from watcher.config.rules import load_reader
from watcher.config.vendors import load_vendors
from watcher.core.judgement import Occasion, judge
from watcher.core.post import Post
from watcher.core.reader import Document, Reader
from watcher.core.source import SourceKind
from watcher.core.stance import Ledger
from watcher.usecases.voices import vendor_of

Labelled = dict[str, Any]
HERE = Path(__file__).parent


@dataclass
class Score:
    """Counts of what was right, too much and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, where: str, gold: set[Any], read: set[Any]) -> None:
        """Count one post, and keep a line for each thing missed or too much."""
        self.right += len(gold & read)
        self.extra += len(read - gold)
        self.missed += len(gold - read)
        self.lines += [f"  {where}: missed {item}" for item in sorted(map(str, gold - read))]
        self.lines += [f"  {where}: extra  {item}" for item in sorted(map(str, read - gold))]

    def __str__(self) -> str:
        precision = self.right / (self.right + self.extra or 1)
        recall = self.right / (self.right + self.missed or 1)
        f1 = 2 * self.right / (2 * self.right + self.extra + self.missed or 1)
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}"


def sentences(reader: Reader) -> None:
    score, misses = Score(), Score()
    for number, entry in enumerate(yaml.safe_load((HERE / "sentences.yaml").read_text("utf-8")), 1):
        kind = SourceKind.VENDOR if "by" in entry else SourceKind.NEWS
        written = datetime(2022, 3, 16, 12, tzinfo=UTC)
        document = Document("", entry["text"], written, kind, entry.get("by"), policy=entry.get("policy", False))
        read = {f"{s.vendor} {s.position} {s.audience}" for s in reader.read(document).statements}
        misses.add(f"{number} {entry['text'][:60]}", set(entry["says"]), read)
        score.add(str(number), {_short(s) for s in entry["says"]}, {_short(s) for s in read})
    print(f"sentences.yaml, vendor and position:            {score}")
    print(f"sentences.yaml, vendor, position and audience:  {misses}")
    show(misses)


def _short(statement: str) -> str:
    return " ".join(statement.split()[:2])


def posts(path: str, reader: Reader) -> None:
    found = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]
    by_vendor, by_position, by_audience = Score(), Score(), Score()
    for post in found:
        gold = [(s["vendor"], s["position"], s["audience"]) for s in post["statements"]]
        read = [(s.vendor, str(s.position), str(s.audience)) for s in reader.read(_document(post, reader)).statements]
        by_vendor.add(post["id"], {s[:1] for s in gold}, {s[:1] for s in read})
        by_position.add(post["id"], {s[:2] for s in gold}, {s[:2] for s in read})
        by_audience.add(post["id"], set(gold), set(read))
    print(f"statements, vendor:                             {by_vendor}")
    print(f"statements, vendor and position:                {by_position}")
    print(f"statements, vendor, position and audience:      {by_audience}")
    show(by_audience)
    stream(found, reader)


def _document(post: dict[str, Any], reader: Reader) -> Document:
    kind = SourceKind(post["source"]["kind"])
    own = vendor_of(post["source"]["name"], reader.vendors) if kind is SourceKind.VENDOR else None
    return Document(post["title"], post["text"], datetime.fromisoformat(post["published"]), kind, own)


def stream(found: Iterable[dict[str, Any]], reader: Reader) -> None:
    caught: dict[str, str] = {}
    first: dict[str, str] = {}
    false, duplicate = [], []
    for post, vendor, quote in told(found, reader, first):
        events = [s["event"] for s in post["statements"] if s["vendor"] == vendor and s["new"]]
        line = f"  {post['id']}: {vendor}: {quote[:110]}"
        if not events:
            false.append(line)
        elif all(event in caught for event in events):
            duplicate.append(line)
        caught |= {event: post["id"] for event in events if event not in caught}
    early = sum(caught.get(event) == post for event, post in first.items())
    wrong = len(false) + len(duplicate)
    precision = 1 - wrong / (len(caught) + wrong or 1)
    print(f"alerts: {len(first)} events, {len(caught)} caught, {early} in their first report; ", end="")
    print(f"{len(false)} false, {len(duplicate)} duplicate; precision {precision:.3f}")
    if "--misses" in sys.argv:
        late = [
            f"  {event}: first in {post}, caught in {caught.get(event)}"
            for event, post in first.items()
            if caught.get(event) != post
        ]
        print("\n".join(["late or missed:", *late, "false:", *false, "duplicate:", *duplicate]))


def told(found: Iterable[Labelled], reader: Reader, first: dict[str, str]) -> Iterator[tuple[Labelled, str, str]]:
    rows: list[Any] = []
    alerts: list[Any] = []
    for post in sorted(found, key=lambda post: datetime.fromisoformat(post["published"])):
        for statement in post["statements"]:
            if statement["new"]:
                first.setdefault(statement["event"], post["id"])
        document = _document(post, reader)
        seen = document.published.astimezone(UTC)
        item = Post(post["source"]["name"], post["id"], 1, post["title"], post["text"], post["url"], seen, seen)
        occasion = Occasion(item, post["source"]["name"], document.kind, document.vendor)
        judged = judge(reader.read(document).statements, occasion, Ledger.of(rows), alerts, reader.vendors, seen)
        rows.extend(judged.rows)
        alerts.extend(judged.alerts)
        yield from ((post, alert.vendor, alert.main.quote) for alert in judged.alerts)


def show(score: Score) -> None:
    if "--misses" in sys.argv:
        print("\n".join(score.lines))


def main() -> None:
    reader = load_reader(load_vendors())
    sentences(reader)
    for path in [argument for argument in sys.argv[1:] if not argument.startswith("--")]:
        posts(path, reader)


if __name__ == "__main__":
    main()

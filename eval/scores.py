"""What is counted: statements of single posts, alerts on a stream of posts; each thing counted belongs to one unit.

A unit is what one post says of one vendor. It lies in a half, told by a hash of the event of which the post tells of
that vendor first, else of the post: what one event says is never in both halves.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from watcher.core.judgement import Occasion, judge
from watcher.core.post import Post
from watcher.core.reader import Document, Reader
from watcher.core.source import SourceKind
from watcher.core.stance import Ledger
from watcher.core.statement import Statement
from watcher.usecases.voices import vendor_of

Labelled = dict[str, Any]
Depth = Callable[[str, str, str], str]
DEPTHS: dict[str, Depth] = {
    "vendor": lambda vendor, _position, _audience: vendor,
    "vendor and position": lambda vendor, position, _audience: f"{vendor} {position}",
    "vendor, position and audience": lambda vendor, position, audience: f"{vendor} {position} {audience}",
}
HALVES = ("A", "B")


@dataclass
class Score:
    """Counts of what was right, too much and missed, and a line for each thing missed or too much."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, where: str, gold: dict[str, str], read: dict[str, str]) -> None:
        """Count one post: what it says, and what was read in it, each with its sentence."""
        self.right += len(gold.keys() & read.keys())
        self.extra += len(read.keys() - gold.keys())
        self.missed += len(gold.keys() - read.keys())
        self.lines += [f"  {where}: missed {one}: {gold[one]}" for one in sorted(gold.keys() - read.keys())]
        self.lines += [f"  {where}: false  {one}: {read[one]}" for one in sorted(read.keys() - gold.keys())]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (2 * self.right + self.extra + self.missed or 1)

    def __str__(self) -> str:
        precision = self.right / (self.right + self.extra or 1)
        recall = self.right / (self.right + self.missed or 1)
        return f"precision {precision:.3f}  recall {recall:.3f}  F1 {self.f1:.3f}"


def labelled(path: str) -> list[Labelled]:
    """The posts of a labelled file."""
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


def document(post: Labelled, reader: Reader) -> Document:
    """A labelled post as the reader takes it."""
    kind = SourceKind(post["source"]["kind"])
    own = post["source"].get("vendor") or (
        vendor_of(post["source"]["name"], reader.vendors) if kind is SourceKind.VENDOR else None
    )
    policy = post.get("kind") == "policy"
    return Document(post["title"], post["text"], datetime.fromisoformat(post["published"]), kind, own, policy=policy)


def half(post: Labelled, vendor: str) -> str:
    """In which half lies what a post says of a vendor."""
    events = [statement["event"] for statement in post["statements"] if statement["vendor"] == vendor]
    return HALVES[sha256((events[0] if events else post["id"]).encode()).digest()[0] % 2]


def read_all(posts: Iterable[Labelled], reader: Reader) -> dict[str, tuple[Statement, ...]]:
    """What is read in each post, by its id."""
    return {post["id"]: reader.read(document(post, reader)).statements for post in posts}


def score(
    posts: Iterable[Labelled], read: dict[str, tuple[Statement, ...]], depth: Depth, only: str | None = None
) -> Score:
    """Statements as sets, post by post; ``only`` counts one half."""
    total = Score()
    for post in posts:

        def counts(vendor: str, post: Labelled = post) -> bool:
            return only is None or half(post, vendor) == only

        total.add(
            post["id"],
            {
                depth(s["vendor"], s["position"], s["audience"]): f"… {s.get('locator', '')} …"
                for s in post["statements"]
                if counts(s["vendor"])
            },
            {
                depth(s.vendor, s.position, s.audience): f"{_short(s.quote)} ({s.rule})"
                for s in read[post["id"]]
                if counts(s.vendor)
            },
        )
    return total


def _short(quote: str) -> str:
    return quote if len(quote) <= 160 else f"{quote[:160]} …"


@dataclass
class Alerts:
    """Alerts on one stream. An alert is right when its post tells a new statement of its vendor."""

    first: dict[str, str] = field(default_factory=dict)  # event → the first post that tells it as news
    caught: dict[str, str] = field(default_factory=dict)  # event → the post of the alert that told it
    false: list[str] = field(default_factory=list)
    duplicate: list[str] = field(default_factory=list)

    @property
    def early(self) -> int:
        """Events that were told from their first report."""
        return sum(self.caught.get(event) == post for event, post in self.first.items())

    def __str__(self) -> str:
        wrong = len(self.false) + len(self.duplicate)
        precision = 1 - wrong / (len(self.caught) + wrong or 1)
        return (
            f"{len(self.first)} events, {len(self.caught)} caught, {self.early} in their first report; "
            f"{len(self.false)} false, {len(self.duplicate)} duplicate; precision {precision:.3f}"
        )

    @property
    def lines(self) -> list[str]:
        """Each event told late or never, and each alert that is false or a duplicate."""
        late = [
            f"  {event}: first in {post}, told from {self.caught.get(event, 'none')}"
            for event, post in self.first.items()
            if self.caught.get(event) != post
        ]
        return ["late or missed:", *late, "false:", *self.false, "duplicate:", *self.duplicate]


def alerts(posts: Sequence[Labelled], reader: Reader) -> dict[str | None, Alerts]:
    """The alerts of a stream: all of them (None), and those of each half."""
    found: dict[str | None, Alerts] = {key: Alerts() for key in (None, *HALVES)}
    for post in _in_time(posts):
        for statement in post["statements"]:
            if statement["new"]:
                for key in (None, half(post, statement["vendor"])):
                    found[key].first.setdefault(statement["event"], post["id"])
    for post, vendor, quote in _told(posts, reader):
        for key in (None, half(post, vendor)):
            _count(found[key], post, vendor, quote)
    return found


def _count(counted: Alerts, post: Labelled, vendor: str, quote: str) -> None:
    events = [s["event"] for s in post["statements"] if s["vendor"] == vendor and s["new"]]
    line = f"  {post['id']}: {vendor}: {_short(quote)}"
    if not events:
        counted.false.append(line)
    elif all(event in counted.caught for event in events):
        counted.duplicate.append(line)
    counted.caught |= {event: post["id"] for event in events if event not in counted.caught}


def _in_time(posts: Iterable[Labelled]) -> list[Labelled]:
    return sorted(posts, key=lambda post: datetime.fromisoformat(post["published"]))


def _told(posts: Iterable[Labelled], reader: Reader) -> Iterator[tuple[Labelled, str, str]]:
    rows: list[Any] = []
    told: list[Any] = []
    for post in _in_time(posts):
        text = document(post, reader)
        seen = text.published.astimezone(UTC)
        item = Post(post["source"]["name"], post["id"], 1, post["title"], post["text"], post["url"], seen, seen)
        occasion = Occasion(item, post["source"]["name"], text.kind, text.vendor)
        judged = judge(reader.read(text).statements, occasion, Ledger.of(rows), told, reader.vendors, seen)
        rows.extend(judged.rows)
        told.extend(judged.alerts)
        yield from ((post, alert.vendor, alert.main.quote) for alert in judged.alerts)

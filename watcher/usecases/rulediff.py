"""Two sets of rules over the same posts, each on a fresh record in memory: which alerts come, go and change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.alert import Alert
from watcher.core.post import Post
from watcher.core.source import Source
from watcher.core.stance import Stance
from watcher.usecases.backtest import Told
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import Store
from watcher.usecases.reading import Desk, Reads

AT_ONCE = 500  # posts in memory
_GIVEN = "baseline:"  # origin of stances that no post told us


class Kind(StrEnum):
    """What other rules do to an alert."""

    ADDED = "added"
    LOST = "lost"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One alert under these rules (``ours``) and under the others (``theirs``); None where there is none."""

    record: str
    ours: Alert | None
    theirs: Alert | None

    @property
    def kind(self) -> Kind:
        """Seen from these rules to the others."""
        if self.ours is None:
            return Kind.ADDED
        return Kind.LOST if self.theirs is None else Kind.CHANGED

    @property
    def alert(self) -> Alert:
        """The alert that there would be, or that there would be no more."""
        found = self.theirs or self.ours
        if found is None:
            raise ValueError("a difference without an alert")
        return found


def stored_posts(store: Store) -> Iterator[Post]:
    """All posts on record, in the order in which they were published."""
    start = 0
    while True:
        with store.begin() as work:
            page = work.posts.all(AT_ONCE, start)
        yield from page
        if len(page) < AT_ONCE:
            return
        start += AT_ONCE


def given_stances(store: Store) -> tuple[Stance, ...]:
    """The stances with which the record began: those that were imported, not read."""
    with store.begin() as work:
        return tuple(row for row in work.stances.ledger().rows if row.origin.startswith(_GIVEN))


def replay(posts: Iterable[Post], sources: Sequence[Source], reader: Reads, given: Sequence[Stance]) -> list[Told]:
    """The alerts that these posts set off when they are read with these rules, each at its first sight."""
    record, clock, by_id = MemoryStore(), _Clock(), {source.id: source for source in sources}
    with record.begin() as work:
        work.stances.add(given)
        work.commit()
    desk = Desk(record, reader, lambda _alert: (), clock)
    told = []
    for post in posts:
        if not reader.relevant(post.title, post.text):
            continue
        with record.begin() as work:
            work.posts.add_new([post])
            work.commit()
        clock.now = post.seen
        read = desk.read(post, by_id.get(post.source_id))
        told += [Told(post.id, alert) for alert in read.judgement.alerts] if read.judgement else []
    return told


class _Clock:
    """The moment at which the post at hand was first seen."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def differences(ours: Iterable[Told], theirs: Iterable[Told]) -> list[Difference]:
    """Alerts that differ, in the order of time. Two of one record and one vendor are the same alert, changed."""
    left, right = _by_owner(ours), _by_owner(theirs)
    found = [one for key in {**left, **right} for one in _of_one(key[0], left.get(key, []), right.get(key, []))]
    return sorted(found, key=lambda one: (one.alert.at, one.record, one.alert.vendor, one.kind))


def _by_owner(told: Iterable[Told]) -> dict[tuple[str, str], list[Alert]]:
    made: dict[tuple[str, str], list[Alert]] = defaultdict(list)
    for one in told:
        made[one.record or one.alert.post_id, one.alert.vendor].append(one.alert)
    return made


def _of_one(record: str, ours: Sequence[Alert], theirs: Sequence[Alert]) -> Iterator[Difference]:
    only_ours = [alert for alert in ours if alert.changes not in [other.changes for other in theirs]]
    only_theirs = [alert for alert in theirs if alert.changes not in [other.changes for other in ours]]
    paired = min(len(only_ours), len(only_theirs))
    for mine, other in zip(only_ours[:paired], only_theirs[:paired], strict=True):
        yield Difference(record, mine, other)
    yield from (Difference(record, alert, None) for alert in only_ours[paired:])
    yield from (Difference(record, None, alert) for alert in only_theirs[paired:])

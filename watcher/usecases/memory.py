"""The record in plain Python: for back-tests, which start fresh and leave nothing behind, and for tests.

It keeps the same contract as the SQL store (one suite runs over both). Every change writes down how to take it back,
so a unit of work costs only what it does itself.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from types import TracebackType
from typing import Self

from watcher.core.absence import Absence
from watcher.core.capture import Capture
from watcher.core.change import Change
from watcher.core.condition import Condition
from watcher.core.errors import StorageError
from watcher.core.post import Post, canonical_url, post_id
from watcher.core.source import SourceState
from watcher.core.stance import Evidence, Ledger, Stance
from watcher.usecases.journal import Journal, Turn
from watcher.usecases.memory_alerts import MemoryAlerts, ToldRecord
from watcher.usecases.memory_conditions import MemoryConditions
from watcher.usecases.memory_letters import LetterRecord, MemoryLetters
from watcher.usecases.memory_reviews import MemoryReviews, Said
from watcher.usecases.ports import Reading


@dataclass(slots=True)
class _Record:
    """All that is on record. Mappings keep the order in which things came."""

    states: dict[str, SourceState] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    firsts: dict[str, Post] = field(default_factory=dict)  # of those that were edited
    addresses: dict[str, dict[str, None]] = field(default_factory=lambda: defaultdict(dict))
    unread: list[Turn] = field(default_factory=list)  # sorted
    readings: dict[str, list[Reading]] = field(default_factory=lambda: defaultdict(list))
    stances: dict[str, Stance] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    told: ToldRecord = field(default_factory=ToldRecord)
    mail: LetterRecord = field(default_factory=LetterRecord)
    captures: dict[str, list[Capture]] = field(default_factory=lambda: defaultdict(list))
    absences: dict[str, Absence] = field(default_factory=dict)
    conditions: dict[str, Condition] = field(default_factory=dict)
    said: Said = field(default_factory=Said)
    busy: bool = False


class _Part:
    """What every repository works on."""

    def __init__(self, record: _Record, journal: Journal) -> None:
        self._record = record
        self._journal = journal


class MemorySources(_Part):
    """``Sources`` in memory."""

    def states(self) -> dict[str, SourceState]:
        """All states on record, by source id."""
        return dict(self._record.states)

    def save(self, states: Iterable[SourceState]) -> None:
        """Insert or replace."""
        for state in states:
            self._journal.put(self._record.states, state.source_id, state)


class MemoryPosts(_Part):
    """``Posts`` in memory."""

    def add_new(self, posts: Sequence[Post], aside: Iterable[Reading] = ()) -> list[Post]:
        """Store first versions, and the readings of some; those that are known already are left out."""
        stored = {post.id: post for post in posts if self._add(post.id, post)}
        for reading in aside:
            if reading.post_id in stored:
                self.save_reading(reading)
        return list(stored.values())

    def _add(self, key: str, post: Post) -> bool:
        if key in self._record.posts:
            return False
        self._store(key, post)
        return True

    def _store(self, key: str, post: Post) -> None:
        self._journal.put(self._record.posts, key, post)
        if post.url:
            self._journal.put(self._record.addresses[canonical_url(post.url)], key, None)
        self._journal.insert(self._record.unread, _turn(key, post))

    def latest(self, source_id: str, keys: Iterable[str]) -> dict[str, Post]:
        """The newest stored version of each of these posts, by key; unknown keys are missing."""
        ids = {key: post_id(source_id, key) for key in keys}
        return {key: self._record.posts[one] for key, one in ids.items() if one in self._record.posts}

    def add_version(self, post: Post) -> None:
        """Store a later version of a known post."""
        key = post.id
        held = self._record.posts.get(key)
        if held is None or held.version >= post.version:
            self._journal.fail(f"post {key}: version {post.version} follows no stored one")
        if self._is_unread(key, held):
            self._journal.remove(self._record.unread, _turn(key, held))
        if key not in self._record.firsts:
            self._journal.put(self._record.firsts, key, held)
        self._store(key, post)

    def _is_unread(self, key: str, post: Post) -> bool:
        turn = _turn(key, post)
        place = bisect_left(self._record.unread, turn)
        return self._record.unread[place : place + 1] == [turn]

    def unread(self, limit: int | None = None, *, apart_from: Collection[str] = ()) -> list[Post]:
        """Newest versions that no reading covers yet, ordered by published, first sight, id."""
        wanted = (key for _, _, key in self._record.unread if key not in apart_from)
        return [self._record.posts[key] for key in islice(wanted, limit)]

    def all(self, limit: int, start: int = 0) -> list[Post]:
        """Newest versions of all posts, ordered by published, first sight, id, without the first ``start`` of them."""
        turns = sorted(_turn(key, post) for key, post in self._record.posts.items())
        return [self._record.posts[key] for _, _, key in turns[start : start + limit]]

    def save_reading(self, reading: Reading) -> None:
        """Keep what was decided; the version counts as read from now on."""
        held = self._record.posts.get(reading.post_id)
        if held is None:
            self._journal.fail(f"post {reading.post_id}: there is no such post")
        self._journal.append(self._record.readings[reading.post_id], reading)
        if held.version == reading.version and self._is_unread(reading.post_id, held):
            self._journal.remove(self._record.unread, _turn(reading.post_id, held))

    def set_text(self, post: Post) -> None:
        """Replace what its page gave of an unread version; one that was read or replaced in the meantime stays."""
        key = post.id
        held = self._record.posts.get(key)
        if held and held.version == post.version and self._is_unread(key, held):
            self._journal.remove(self._record.unread, _turn(key, held))
            given = {name: getattr(post, name) for name in ("text", "complete", "published", "baseline")}
            self._journal.put(self._record.posts, key, replace(held, **given))
            self._journal.insert(self._record.unread, _turn(key, self._record.posts[key]))

    def first(self, post: Post) -> Post:
        """The first version of a stored post; itself where it was never edited."""
        return self._record.firsts.get(post.id, post)

    def find(self, reference: str) -> list[Post]:
        """Newest versions of the posts with this id or address (canonical form), newest first."""
        wanted = reference.strip()
        keys = {*self._record.addresses.get(canonical_url(wanted), ()), wanted}
        turns = [_turn(key, self._record.posts[key]) for key in keys if key in self._record.posts]
        return [self._record.posts[key] for _, _, key in sorted(turns, reverse=True)]

    def readings(self, post_id: str) -> list[Reading]:
        """All readings of a post, oldest first."""
        return list(self._record.readings.get(post_id, ()))

    def repetitions(self, begin: datetime, end: datetime) -> dict[str, int]:
        """How many statements read from ``begin`` until before ``end`` only repeated a stance, by vendor."""
        found = (one for readings in self._record.readings.values() for one in readings if begin <= one.read_at < end)
        verdicts = (verdict for reading in found for verdict in reading.verdicts)
        return dict(Counter(one.statement.vendor for one in verdicts if one.change is Change.REITERATED))

    def count(self) -> int:
        """How many posts are on record."""
        return len(self._record.posts)


def _turn(key: str, post: Post) -> Turn:
    return post.published, post.seen, key


class MemoryStances(_Part):
    """``Stances`` in memory."""

    def add(self, rows: Iterable[Stance]) -> int:
        """Append; a row that is there already (same id) is left as it is. Returns how many were new."""
        before = len(self._record.stances)
        for row in rows:
            if row.id not in self._record.stances:
                self._journal.put(self._record.stances, row.id, row)
        return len(self._record.stances) - before

    def add_evidence(self, evidence: Evidence) -> None:
        """Append a further source for a stance; one that says the same is left as it is."""
        if evidence.stance_id not in self._record.stances:
            self._journal.fail(f"stance {evidence.stance_id}: there is no such stance")
        if evidence.id not in self._record.evidence:
            self._journal.put(self._record.evidence, evidence.id, evidence)

    def ledger(self, vendor: str | None = None, known_on: datetime | None = None) -> Ledger:
        """The rows of one vendor or of all, as known at a moment."""
        rows = self._record.stances.values()
        return Ledger.of((row for row in rows if vendor is None or row.vendor == vendor), known_on)

    def evidence(self, vendor: str) -> list[Evidence]:
        """All further sources for a vendor's stances, oldest first."""
        stances = self._record.stances
        found = [item for item in self._record.evidence.values() if stances[item.stance_id].vendor == vendor]
        return sorted(found, key=lambda item: (item.stated_on, item.recorded_at, item.id))


class MemoryCaptures(_Part):
    """``Captures`` in memory."""

    def latest(self, source_id: str) -> Capture | None:
        """The newest capture of a page."""
        return next(reversed(self.all(source_id)), None)

    def add(self, capture: Capture) -> None:
        """Store a new capture."""
        self._journal.append(self._record.captures[capture.source_id], capture)

    def touch(self, capture: Capture) -> None:
        """Store ``seen_last`` of the newest capture."""
        newest = self.latest(capture.source_id)
        if newest is not None:
            pages = self._record.captures[capture.source_id]
            place = len(pages) - 1 - pages[::-1].index(newest)
            self._journal.replace(pages, place, replace(newest, seen_last=capture.seen_last))

    def all(self, source_id: str) -> list[Capture]:
        """All captures, oldest first."""
        return sorted(self._record.captures.get(source_id, ()), key=lambda capture: capture.taken)

    def at(self, source_id: str, taken: datetime) -> Capture | None:
        """The capture of that moment."""
        return next((one for one in reversed(self.all(source_id)) if one.taken == taken), None)

    def of_record(self, source_id: str, before: datetime | None = None) -> Capture | None:
        """The newest capture of record, or the newest that was taken before a moment."""
        found = (one for one in reversed(self.all(source_id)) if one.of_record)
        return next((one for one in found if before is None or one.taken < before), None)

    def absences(self, source_id: str, since: datetime | None = None) -> list[Absence]:
        """What went from a page, in the order in which it went; with ``since`` what may still come back."""
        mine = (one for one in self._record.absences.values() if one.source_id == source_id)
        kept = [one for one in mine if since is None or _may_return(one, since)]
        return sorted(kept, key=lambda one: one.gone_since)

    def save_absences(self, absences: Iterable[Absence]) -> None:
        """Insert or replace, by id."""
        for absence in absences:
            self._journal.put(self._record.absences, absence.id, absence)

    def pending(self) -> set[str]:
        """The ids of the sources from whose pages something went that is neither confirmed nor back."""
        return {one.source_id for one in self._record.absences.values() if one.pending}


def _may_return(absence: Absence, since: datetime) -> bool:
    return absence.returned is None and (absence.pending or absence.whole or absence.gone_since >= since)


class MemoryUnitOfWork:
    """One transaction over the record."""

    sources: MemorySources
    posts: MemoryPosts
    stances: MemoryStances
    alerts: MemoryAlerts
    captures: MemoryCaptures
    conditions: MemoryConditions
    letters: MemoryLetters
    reviews: MemoryReviews

    def __init__(self, record: _Record) -> None:
        self._record = record
        self._journal = Journal()
        self.sources = MemorySources(record, self._journal)
        self.posts = MemoryPosts(record, self._journal)
        self.stances = MemoryStances(record, self._journal)
        self.alerts = MemoryAlerts(record.told, self._journal)
        self.captures = MemoryCaptures(record, self._journal)
        self.conditions = MemoryConditions(record.conditions, self._journal)
        self.letters = MemoryLetters(record.mail, self._journal)
        self.reviews = MemoryReviews(record.said, self._journal, record.told.alerts)

    def commit(self) -> None:
        """Save everything done so far in this block."""
        self._journal.commit()

    def __enter__(self) -> Self:
        if self._record.busy:
            raise StorageError("a transaction is open already; a second one would wait for it for ever")
        self._record.busy = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._journal.rollback()
        self._record.busy = False


class MemoryStore:
    """The record in memory; it is gone with the object."""

    def __init__(self) -> None:
        self._record = _Record()

    def begin(self) -> MemoryUnitOfWork:
        """A new transaction, to be used in a ``with`` block."""
        return MemoryUnitOfWork(self._record)

"""A minimal record in memory: each unit of work copies the tables, and ``commit`` puts its copy in their place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Self

from watcher.core.absence import Absence
from watcher.core.alert import Alert, Report
from watcher.core.capture import Capture
from watcher.core.delivery import Delivery
from watcher.core.post import Post, canonical_url
from watcher.core.source import SourceState
from watcher.core.stance import Evidence, Ledger, Stance
from watcher.usecases.ports import Alerts, Captures, Posts, Reading, Sources, Stances, UnitOfWork


@dataclass
class _Tables:
    states: dict[str, SourceState] = field(default_factory=dict)
    posts: dict[str, list[Post]] = field(default_factory=dict)
    readings: list[Reading] = field(default_factory=list)
    rows: dict[str, Stance] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    alerts: dict[str, Alert] = field(default_factory=dict)
    reports: list[Report] = field(default_factory=list)
    deliveries: dict[tuple[str, str], Delivery] = field(default_factory=dict)
    captures: list[Capture] = field(default_factory=list)
    absences: dict[str, Absence] = field(default_factory=dict)

    def copy(self) -> "_Tables":
        return _Tables(
            dict(self.states),
            {key: list(posts) for key, posts in self.posts.items()},
            list(self.readings),
            dict(self.rows),
            list(self.evidence),
            dict(self.alerts),
            list(self.reports),
            dict(self.deliveries),
            list(self.captures),
            dict(self.absences),
        )


@dataclass
class _Part:
    tables: _Tables


class _Sources(_Part):
    def states(self) -> dict[str, SourceState]:
        return dict(self.tables.states)

    def save(self, states: Iterable[SourceState]) -> None:
        self.tables.states.update({state.source_id: state for state in states})


class _Posts(_Part):
    def add_new(self, posts: Sequence[Post]) -> list[Post]:
        new = [post for post in posts if post.id not in self.tables.posts]
        self.tables.posts.update({post.id: [post] for post in new})
        return new

    def latest(self, source_id: str, keys: Iterable[str]) -> dict[str, Post]:
        wanted = set(keys)
        newest = (posts[-1] for posts in self.tables.posts.values())
        return {post.key: post for post in newest if post.source_id == source_id and post.key in wanted}

    def add_version(self, post: Post) -> None:
        self.tables.posts[post.id].append(post)

    def unread(self, limit: int | None = None) -> list[Post]:
        read = {(reading.post_id, reading.version) for reading in self.tables.readings}
        newest = [posts[-1] for posts in self.tables.posts.values()]
        open_ = [post for post in newest if (post.id, post.version) not in read]
        return sorted(open_, key=lambda post: (post.published, post.seen, post.id))[:limit]

    def all(self, limit: int, start: int = 0) -> list[Post]:
        newest = [posts[-1] for posts in self.tables.posts.values()]
        return sorted(newest, key=lambda post: (post.published, post.seen, post.id))[start : start + limit]

    def save_reading(self, reading: Reading) -> None:
        self.tables.readings.append(reading)

    def set_text(self, post: Post) -> None:
        self.tables.posts[post.id][-1] = post

    def first(self, post: Post) -> Post:
        return self.tables.posts[post.id][0]

    def find(self, reference: str) -> list[Post]:
        newest = (posts[-1] for posts in self.tables.posts.values())
        return [p for p in newest if p.id == reference or (p.url and canonical_url(p.url) == canonical_url(reference))]

    def readings(self, post_id: str) -> list[Reading]:
        return [reading for reading in self.tables.readings if reading.post_id == post_id]

    def count(self) -> int:
        return len(self.tables.posts)


class _Stances(_Part):
    def add(self, rows: Iterable[Stance]) -> int:
        before = len(self.tables.rows)
        for row in rows:
            self.tables.rows.setdefault(row.id, row)
        return len(self.tables.rows) - before

    def add_evidence(self, evidence: Evidence) -> None:
        self.tables.evidence.append(evidence)

    def ledger(self, vendor: str | None = None, known_on: datetime | None = None) -> Ledger:
        return Ledger.of((row for row in self.tables.rows.values() if vendor in {None, row.vendor}), known_on)

    def evidence(self, vendor: str) -> list[Evidence]:
        return [one for one in self.tables.evidence if self.tables.rows[one.stance_id].vendor == vendor]


class _Alerts(_Part):
    def add(self, alert: Alert, channels: Sequence[str]) -> None:
        assert alert.key not in self.tables.alerts
        self.tables.alerts[alert.key] = alert
        for channel in channels:
            self.tables.deliveries[alert.key, channel] = Delivery(alert.key, channel, created=alert.at)

    def get(self, key: str) -> Alert | None:
        return self.tables.alerts.get(key)

    def recent(self, vendor: str, since: datetime) -> list[Alert]:
        found = [alert for alert in self.tables.alerts.values() if alert.vendor == vendor and alert.published >= since]
        return sorted(found, key=lambda alert: alert.published)

    def all(self, vendor: str | None = None, limit: int | None = None) -> list[Alert]:
        found = [alert for alert in self.tables.alerts.values() if vendor in {None, alert.vendor}]
        return list(reversed(found))[:limit]

    def join(self, report: Report) -> bool:
        if any((r.alert_key, r.post_id) == (report.alert_key, report.post_id) for r in self.tables.reports):
            return False
        self.tables.reports.append(report)
        return True

    def reports(self, key: str) -> list[Report]:
        return [report for report in self.tables.reports if report.alert_key == key]

    def open_deliveries(self) -> list[Delivery]:
        return [delivery for delivery in self.tables.deliveries.values() if delivery.state.open]

    def deliveries(self, key: str) -> list[Delivery]:
        return [delivery for delivery in self.tables.deliveries.values() if delivery.alert_key == key]

    def save_delivery(self, delivery: Delivery) -> None:
        self.tables.deliveries[delivery.alert_key, delivery.channel] = delivery


class _Captures(_Part):
    def latest(self, source_id: str) -> Capture | None:
        return next(iter(reversed(self.all(source_id))), None)

    def add(self, capture: Capture) -> None:
        self.tables.captures.append(capture)

    def touch(self, capture: Capture) -> None:
        for n, old in enumerate(self.tables.captures):
            if (old.source_id, old.taken) == (capture.source_id, capture.taken):
                self.tables.captures[n] = replace(old, seen_last=capture.seen_last)

    def all(self, source_id: str) -> list[Capture]:
        return [capture for capture in self.tables.captures if capture.source_id == source_id]

    def at(self, source_id: str, taken: datetime) -> Capture | None:
        return next((one for one in self.all(source_id) if one.taken == taken), None)

    def of_record(self, source_id: str, before: datetime | None = None) -> Capture | None:
        found = [one for one in self.all(source_id) if one.of_record and (before is None or one.taken < before)]
        return found[-1] if found else None

    def absences(self, source_id: str, since: datetime | None = None) -> list[Absence]:
        mine = [one for one in self.tables.absences.values() if one.source_id == source_id]
        if since is not None:
            mine = [one for one in mine if one.returned is None]
            mine = [one for one in mine if one.confirmed is None or one.whole or one.gone_since >= since]
        return sorted(mine, key=lambda one: one.gone_since)

    def save_absences(self, absences: Iterable[Absence]) -> None:
        self.tables.absences.update({one.id: one for one in absences})

    def pending(self) -> set[str]:
        return {one.source_id for one in self.tables.absences.values() if one.pending}


class _Work:
    def __init__(self, store: "MemoryStore") -> None:
        self._store = store
        self._tables = store.tables.copy()
        self.sources: Sources = _Sources(self._tables)
        self.posts: Posts = _Posts(self._tables)
        self.stances: Stances = _Stances(self._tables)
        self.alerts: Alerts = _Alerts(self._tables)
        self.captures: Captures = _Captures(self._tables)

    def commit(self) -> None:
        self._store.tables = self._tables.copy()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class MemoryStore:
    """The record of a test."""

    def __init__(self) -> None:
        self.tables = _Tables()

    def begin(self) -> UnitOfWork:
        return _Work(self)

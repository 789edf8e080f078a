"""Which changes are told, and the key that makes each alert unique."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from watcher.core.change import Change, Verdict
from watcher.core.modality import Shift
from watcher.core.statement import Audience, Position


@dataclass(frozen=True, slots=True)
class Told:
    """One change inside an alert: from what, to what.

    Of a policy page: ``before`` is the sentence as it stood before, ``shift`` what the edit did to its force, and
    ``page_dated`` the day of its last update that the page goes on to name.
    """

    change: Change
    audience: Audience
    position: Position
    previous: Position | None
    previous_since: date | None
    product: str | None
    jurisdiction: str | None
    until: date | None
    condition: str | None
    announced: date | None
    quote: str
    before: str | None = None
    shift: Shift | None = None
    page_dated: date | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """One event of one vendor, told once. ``changes`` holds the main one first, then what the same post adds."""

    key: str
    vendor: str
    vendor_name: str
    changes: tuple[Told, ...]
    reason: str
    at: datetime
    post_id: str
    title: str
    url: str | None
    source_id: str
    source_name: str
    source_kind: str
    published: datetime
    own_voice: bool
    rule: str

    @property
    def main(self) -> Told:
        """The change that the alert is about."""
        return self.changes[0]


@dataclass(frozen=True, slots=True)
class Report:
    """A later report of an event already told: it joins the alert instead of making a new one."""

    alert_key: str
    post_id: str
    url: str | None
    source_id: str
    source_name: str
    title: str
    quote: str
    at: datetime
    own_voice: bool


def alert_key(vendor: str, post_id: str, version: int, audience: Audience, position: Position) -> str:
    """The alert's name: the same post read again, after a crash or by another process, yields the same key."""
    told = f"{vendor}\n{post_id}\n{version}\n{audience}\n{position}"
    return f"{vendor}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def told_of(verdict: Verdict) -> Told:
    """A verdict as it is told: from what, to what, with its terms."""
    statement, previous = verdict.statement, verdict.previous
    return Told(
        change=verdict.change,
        audience=statement.audience,
        position=statement.position,
        previous=previous.position if previous else None,
        previous_since=previous.held_from if previous else None,
        product=statement.product,
        jurisdiction=statement.jurisdiction,
        until=statement.until,
        condition=statement.condition,
        announced=statement.announced,
        quote=statement.quote,
        before=statement.before,
        shift=statement.shift,
        page_dated=statement.page_dated,
    )

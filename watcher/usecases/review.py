"""A person's word on an alert → the record: the review, the ledger, and what the alert's messages go on to say.

A rejection takes the alert's rows in the ledger back by rows of its own; a confirmation after it puts them on record
again. The last word counts. Nothing is deleted, so ``status --known-on`` still tells what was believed before.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.alert import Alert, Report
from watcher.core.review import (
    Mute,
    Proposal,
    Review,
    Ruling,
    lapsed_rows,
    muted,
    reinstated,
    rejected,
    retraction,
    rows_of,
    standing,
    still_holds,
    waits,
)
from watcher.core.stance import Stance
from watcher.usecases.ports import Store, UnitOfWork

_BEFORE = timedelta(microseconds=1)
_WORDS = {
    Ruling.CONFIRM: "Confirmed by {name} on {day}",
    Ruling.NOT_A_CHANGE: "Taken back by {name} on {day}: not a change",
    Ruling.NOT_THIS_VENDOR: "Taken back by {name} on {day}: not this vendor",
}


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a review did. ``new``: it was not on record yet. ``rows``: how many rows went back or came back."""

    alert: Alert
    review: Review
    new: bool = True
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """An alert on which a person's word is wanted."""

    alert: Alert
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """A muted vendor, and the alerts that went to no channel meanwhile."""

    mute: Mute
    held: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class Echo:
    """A sentence that was taken back, and in how many posts it stood again since."""

    review: Review
    alert: Alert
    posts: int


@dataclass(frozen=True, slots=True)
class Pending:
    """All that waits for a yes or no, and all that is being kept from people."""

    alerts: tuple[Waiting, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    silences: tuple[Silence, ...] = ()
    echoes: tuple[Echo, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.alerts or self.proposals or self.silences or self.echoes)


def rule(store: Store, review: Review) -> Ruled | None:
    """Write down a person's word, in one transaction; None where there is no such alert.

    Raises:
        StorageError: it could not be saved; nothing was.
    """
    with store.begin() as work:
        alert = work.alerts.get(review.alert_key)
        if alert is None:
            return None
        said = work.reviews.all(alert.key)
        if not work.reviews.add(review):
            return Ruled(alert, review, new=False)
        rows = _rows(work, alert, said, review)
        work.stances.add(rows)
        work.alerts.remark(alert.key, review.at, remark(review))
        work.commit()
    return Ruled(alert, review, rows=len(rows))


def remark(review: Review) -> str:
    """What the alert's messages go on to say: who said what, and when."""
    told = _WORDS[review.ruling].format(name=review.by.name, day=review.at.date().isoformat())
    return f"{told} ({review.note})" if review.note else told


def _rows(work: UnitOfWork, alert: Alert, said: Sequence[Review], review: Review) -> list[Stance]:
    """What the ledger learns of a review; ``said``: those before it."""
    reports, held = work.alerts.reports(alert.key), work.stances.ledger(alert.vendor).rows
    if lapsed := lapsed_rows(alert, held):
        return _of_lapse(alert, lapsed, held, review)
    if review.ruling.rejects:
        return [retraction(row, review) for row in rows_of(alert, reports, held)]
    taken_back = _last_run(said)
    if not taken_back:
        return []
    believed = work.stances.ledger(alert.vendor, taken_back[0].at - _BEFORE).rows
    return [reinstated(row, review) for row in rows_of(alert, reports, believed) if not row.ends]


def _of_lapse(alert: Alert, lapsed: Sequence[Stance], held: Sequence[Stance], review: Review) -> list[Stance]:
    going_on = rows_of(alert, (), held)
    if review.ruling.rejects:
        return [] if going_on else [still_holds(row, review) for row in lapsed]
    return [retraction(row, review) for row in going_on]


def _last_run(said: Sequence[Review]) -> list[Review]:
    """The rejections at the end; the first of them is the one that took the rows back."""
    run: list[Review] = []
    for one in said:
        run = [*run, one] if one.ruling.rejects else []
    return run


def pending(store: Store, now: datetime) -> Pending:
    """What waits for a person's yes or no, newest first, and what is being kept from people."""
    with store.begin() as work:
        reviews = work.reviews.all()
        alerts = work.alerts.all()
        said = standing(reviews)
        open_ = [alert for alert in alerts if alert.key not in said and waits(alert, (), now)]
        found = [Waiting(alert, tuple(work.alerts.reports(alert.key))) for alert in open_]
        return Pending(
            alerts=tuple(one for one in found if waits(one.alert, one.reports, now)),
            proposals=tuple(work.reviews.proposals()),
            silences=tuple(_silences(work.reviews.mutes(), alerts, now)),
            echoes=tuple(_echoes(work, reviews, alerts)),
        )


def _silences(mutes: Sequence[Mute], alerts: Sequence[Alert], now: datetime) -> list[Silence]:
    found = (muted(mutes, vendor, now) for vendor in sorted({mute.vendor for mute in mutes}))
    return [Silence(mute, held_back(mute, alerts)) for mute in found if mute]


def held_back(mute: Mute, alerts: Sequence[Alert]) -> tuple[Alert, ...]:
    """The alerts that a mute kept from all channels."""
    return tuple(alert for alert in alerts if alert.vendor == mute.vendor and mute.holds(alert.at))


def _echoes(work: UnitOfWork, reviews: Sequence[Review], alerts: Sequence[Alert]) -> list[Echo]:
    by_key, counts = {alert.key: alert for alert in alerts}, work.reviews.echoes()
    back = rejected(reviews)
    return [Echo(one, by_key[key], counts.get(one.id, 0)) for key, one in back.items() if counts.get(one.id)]

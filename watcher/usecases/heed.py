"""What people said, as reading and telling heed it.

An alert that was taken back absorbs no later report. Its sentence is no statement again for a while, wherever
outlets copy it, unless the vendor itself says it; each time is noted. A muted vendor's alerts go to no channel.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.alert import Alert
from watcher.core.reader import Readout
from watcher.core.review import ECHO_WINDOW, Mute, Review, muted, rejected, same_sentence
from watcher.core.statement import Statement
from watcher.usecases.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class Heed:
    """The reviews by which alerts are taken back, those of late with their alerts, and all mutes."""

    rejected: dict[str, Review]
    late: tuple[tuple[Review, Alert], ...] = ()
    mutes: tuple[Mute, ...] = ()

    def standing(self, alerts: Sequence[Alert]) -> list[Alert]:
        """The alerts that were not taken back."""
        return [alert for alert in alerts if alert.key not in self.rejected]

    def silent(self, vendor: str, now: datetime) -> bool:
        """Whether a vendor's alerts go to no channel."""
        return muted(self.mutes, vendor, now) is not None

    def rejection(self, statement: Statement) -> Review | None:
        """The review that took this very sentence back a short while ago; the vendor's own voice is heard anew."""
        return next((review for review, alert in self.late if _echoes(statement, alert)), None)


def _echoes(statement: Statement, alert: Alert) -> bool:
    if statement.vendor != alert.vendor or (statement.own_voice and not alert.own_voice):
        return False
    return any(same_sentence(statement.quote, told.quote) for told in alert.changes)


def heed(work: UnitOfWork, now: datetime) -> Heed:
    """What people said so far."""
    found = rejected(work.reviews.all())
    late = [(review, work.alerts.get(key)) for key, review in found.items() if now - review.at <= ECHO_WINDOW]
    return Heed(found, tuple((review, alert) for review, alert in late if alert), tuple(work.reviews.mutes()))


def without_rejected(work: UnitOfWork, post_id: str, readout: Readout, heeded: Heed) -> Readout:
    """A readout without the sentences that were taken back; that they stood in this post is noted."""
    echoes = {statement: review for statement in readout.statements if (review := heeded.rejection(statement))}
    if not echoes:
        return readout
    for review in echoes.values():
        work.reviews.add_echo(review, post_id)
    review = next(iter(echoes.values()))
    told = f"a sentence that {review.by.name} took back on {review.at:%Y-%m-%d} ({review.ruling}) stands here again"
    kept = tuple(statement for statement in readout.statements if statement not in echoes)
    return replace(readout, statements=kept, note=told)

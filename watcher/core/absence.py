"""A sentence that went from a policy page, or the whole page: gone for good, or soon back.

Pages flip between two texts; nearly all returns to an earlier text come within a week. So a sentence counts as gone
only when two captures after the one that missed it first, at least a day apart, agree. One that comes back within a
week was a flap: it is counted, and told to nobody.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core.normal import normal
from watcher.core.page import Passage

APART = timedelta(hours=24)  # between the two later captures that agree
FLAP = timedelta(days=7)  # within which a text that comes back was a flap


@dataclass(frozen=True, slots=True)
class Absence:
    """One sentence that went from a page; an empty ``text`` stands for the whole page. Moments are aware and in UTC.

    ``gone_since`` is the first capture without it, ``agreed`` the next one, ``confirmed`` the one a day later by which
    it is gone; ``returned`` the one in which it was back. ``successor`` is the sentence that took its place, if any.
    ``reason`` says how a whole page went.
    """

    source_id: str
    text: str
    gone_since: datetime
    heading: str | None = None
    lead_in: str | None = None
    successor: str | None = None
    reason: str | None = None
    agreed: datetime | None = None
    confirmed: datetime | None = None
    returned: datetime | None = None

    @property
    def id(self) -> str:
        """A stable name: 32 hexadecimal digits."""
        told = "\n".join((self.source_id, self.gone_since.isoformat(), self.lead_in or "", self.text))
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    @property
    def whole(self) -> bool:
        """Whether it is the whole page that went."""
        return not self.text

    @property
    def pending(self) -> bool:
        """Whether it is neither confirmed nor back."""
        return self.confirmed is None and self.returned is None

    @property
    def flap(self) -> bool:
        """Whether it came back so soon that it never was gone."""
        return self.returned is not None and self.returned - self.gone_since <= FLAP

    @property
    def passage(self) -> Passage:
        """The sentence."""
        return Passage(
            text=self.text,
            words=normal(self.text),
            lead_in=self.lead_in,
            lead=normal(self.lead_in) if self.lead_in else "",
            headings=(self.heading,) if self.heading else (),
        )


def went(source_id: str, passage: Passage, now: datetime, successor: Passage | None = None) -> Absence:
    """A sentence that a capture is the first to miss."""
    return Absence(
        source_id=source_id,
        text=passage.text,
        gone_since=now,
        heading=passage.headings[-1] if passage.headings else None,
        lead_in=passage.lead_in,
        successor=successor.whole if successor else None,
    )


def missed(absence: Absence, now: datetime) -> Absence:
    """The absence after one more capture without the sentence."""
    if not absence.pending:
        return absence
    if absence.agreed is None:
        return replace(absence, agreed=now)
    return replace(absence, confirmed=now) if now - absence.agreed >= APART else absence


def seen(absence: Absence, now: datetime) -> Absence:
    """The absence after a capture in which the sentence is back."""
    return replace(absence, returned=now)

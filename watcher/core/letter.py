"""One week's letter to one subscriber: pending, sending, sent, unknown, given up; and who subscribes.

``sending`` is saved right before the step after which the server may have the letter. Mail has no history that could be
asked whether it arrived, so a letter whose fate nobody knows is sent again, under the same Message-ID, by which servers
and readers tell it is the same.
"""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from watcher.core.delivery import DeliveryState
from watcher.core.week import Week

# A greylisting server takes the second try after some minutes; a broken one is asked for days, but not every minute.
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 10, 20, 40, 60))
PATIENCE = timedelta(days=5)  # RFC 5321, 4.5.4.1: "the give-up time generally needs to be at least 4-5 days"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who gets the letter. ``vendors``: ids of interest, empty for all. ``zone``: a name of the tz database, or None.

    ``since``: the first letter is for the first week that ends after it. ``stopped``: no letter after this moment.
    ``configured``: named by the settings, and a reader only as long as they do.
    """

    address: str
    since: datetime
    vendors: tuple[str, ...] = ()
    zone: str | None = None
    stopped: datetime | None = None
    configured: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter of one week to one address. ``due``: not to be tried before."""

    address: str
    week: Week
    created: datetime
    state: DeliveryState = DeliveryState.PENDING
    due: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    error: str | None = field(default=None)

    @property
    def message_id(self) -> str:
        """The part of its Message-ID before the @: the same at each attempt, and telling nothing of the address."""
        return f"{self.week.key}.{hashlib.sha256(self.address.encode()).hexdigest()[:20]}"

    def begin(self, now: datetime) -> "Letter":
        """About to be sent: saved right before the step after which the server may have it."""
        return replace(self, state=DeliveryState.SENDING, attempts=self.attempts + 1, due=now)

    def done(self, now: datetime) -> "Letter":
        """The server has it."""
        return replace(self, state=DeliveryState.SENT, sent_at=now, error=None)

    def failed(self, now: datetime, error: str, *, for_good: bool, unknown: bool) -> "Letter":
        """It did not go out, or nobody knows: again later, unless the server refuses it for good or for too long."""
        if for_good or now - self.created > PATIENCE:
            return replace(self, state=DeliveryState.GIVEN_UP, error=error)
        wait = _WAITS[min(self.attempts, len(_WAITS)) - 1]
        state = DeliveryState.UNKNOWN if unknown else DeliveryState.PENDING
        return replace(self, state=state, due=now + wait, error=error)

    def held_up(self, now: datetime, error: str, wait: timedelta) -> "Letter":
        """Nothing is wrong with it: the mail server takes none. It counts as not tried."""
        return replace(self, state=DeliveryState.PENDING, attempts=self.attempts - 1, due=now + wait, error=error)

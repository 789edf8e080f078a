"""One alert on one channel: pending, sending, sent, unknown, given up.

``sending`` is committed before the request leaves. A process that dies after that leaves ``sending`` behind, and the
next one must treat it like ``unknown``: the message may be there, so it is looked for before it is sent again.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    GIVEN_UP = "given-up"

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self not in {DeliveryState.SENT, DeliveryState.GIVEN_UP}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert on one channel; ``channel`` is a Slack channel id, or ``terminal``."""

    alert_key: str
    channel: str
    state: DeliveryState = DeliveryState.PENDING
    created: datetime | None = None
    due: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    receipt: str | None = None  # the message's own name on the channel: Slack's ts
    error: str | None = None

    def begin(self, now: datetime) -> "Delivery":
        """About to send: saved before the request leaves."""
        return replace(self, state=DeliveryState.SENDING, attempts=self.attempts + 1, due=now)

    def done(self, now: datetime, receipt: str) -> "Delivery":
        """The channel has it."""
        return replace(self, state=DeliveryState.SENT, sent_at=now, receipt=receipt, error=None)

    def retry(self, now: datetime, error: str, *, unknown: bool, wait: timedelta) -> "Delivery":
        """Not there, or nobody knows: try again after ``wait``."""
        state = DeliveryState.UNKNOWN if unknown else DeliveryState.PENDING
        return replace(self, state=state, due=now + wait, error=error)

    def give_up(self, error: str) -> "Delivery":
        """The channel will never take it; the error says who must act."""
        return replace(self, state=DeliveryState.GIVEN_UP, error=error)

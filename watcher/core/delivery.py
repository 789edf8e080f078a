"""One thing to do on one channel: pending, sending, sent, unknown, given up.

``sending`` is committed before the request leaves. A process that dies after that leaves ``sending`` behind, and the
next one must treat it like ``unknown``: the message may be there, so it is looked for before it is sent again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.core.alert import Report
from watcher.core.routing import Medium, medium_of


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

    @property
    def begun(self) -> bool:
        """Whether the message is there, or may be: what comes now can no longer simply be part of it."""
        return self in {DeliveryState.SENT, DeliveryState.SENDING, DeliveryState.UNKNOWN}


class DeliveryKind(StrEnum):
    """What is to be done."""

    ALERT = "alert"  # post an alert
    NOTICE = "notice"  # post a notice
    REPORT = "report"  # post a later report beneath its alert
    EDIT = "edit"  # bring a posted alert up to date; to do it twice is to do it once


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing to do on one channel; ``channel`` is a Slack channel id, ``mailto:`` with an address, or ``terminal``.

    ``alert_key`` is the key of the alert, or of the notice. ``post_id`` names a report among those of its alert, and is
    empty otherwise. ``since``, of an alert sent by mail in another channel's place: since when that one was silent.
    """

    alert_key: str
    channel: str
    state: DeliveryState = DeliveryState.PENDING
    created: datetime | None = None
    due: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    receipt: str | None = None  # the message's own name on the channel: Slack's ts
    error: str | None = None
    kind: DeliveryKind = DeliveryKind.ALERT
    post_id: str = ""
    since: datetime | None = None

    @property
    def name(self) -> tuple[str, str, DeliveryKind, str]:
        """What tells it from all others."""
        return (self.alert_key, self.channel, self.kind, self.post_id)

    def begin(self, now: datetime) -> "Delivery":
        """About to send: saved before the request leaves."""
        return replace(self, state=DeliveryState.SENDING, attempts=self.attempts + 1, due=now)

    def done(self, now: datetime, receipt: str) -> "Delivery":
        """The channel has it."""
        return replace(self, state=DeliveryState.SENT, sent_at=now, receipt=receipt, error=None)

    def absent(self) -> "Delivery":
        """It was looked for and is not there: as if it had never left."""
        return replace(self, state=DeliveryState.PENDING)

    def retry(self, now: datetime, error: str, *, unknown: bool, wait: timedelta) -> "Delivery":
        """Not there, or nobody knows: try again after ``wait``."""
        state = DeliveryState.UNKNOWN if unknown else DeliveryState.PENDING
        return replace(self, state=state, due=now + wait, error=error)

    def give_up(self, error: str) -> "Delivery":
        """The channel will never take it; the error says who must act."""
        return replace(self, state=DeliveryState.GIVEN_UP, error=error)


def messages(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Those that post an alert or a notice: whether it arrived."""
    return [one for one in deliveries if one.kind in {DeliveryKind.ALERT, DeliveryKind.NOTICE}]


def of_report(report: Report, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """What a report that joins an alert gives to do, where the alert was told already.

    A reply beneath each message, and an edit of the message, whose count of sources rises. Where the message has not
    left yet the report will simply be in it. Mail is not written twice about one event.
    """
    told = [one for one in deliveries if one.kind is DeliveryKind.ALERT and one.state.begun]
    replies = [
        Delivery(report.alert_key, one.channel, created=report.at, kind=DeliveryKind.REPORT, post_id=report.post_id)
        for one in told
        if medium_of(one.channel) is not Medium.MAIL
    ]
    return [*replies, *edits(deliveries, report.at)]


def edits(deliveries: Sequence[Delivery], now: datetime) -> list[Delivery]:
    """What brings the messages of an alert up to date; only Slack's can be changed."""
    return [
        Delivery(one.alert_key, one.channel, created=now, kind=DeliveryKind.EDIT)
        for one in deliveries
        if one.kind is DeliveryKind.ALERT and one.state.begun and medium_of(one.channel) is Medium.SLACK
    ]

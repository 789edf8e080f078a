"""What telling people needs of the record: what was told, what is wrong with the watcher itself, what people say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # only named here; a round in which nothing is new needs none of it
    from watcher.core.alert import Alert, Report
    from watcher.core.condition import Condition
    from watcher.core.delivery import Delivery
    from watcher.core.notice import Notice
    from watcher.core.review import Mute, Proposal, Review


class Alerts(Protocol):
    """What was told, who corroborated it, and whether it arrived."""

    def add(self, alert: Alert, channels: Sequence[str]) -> None:
        """Store an alert with one pending delivery per channel; both must be new."""

    def get(self, key: str) -> Alert | None:
        """One alert."""

    def recent(self, vendor: str, since: datetime) -> list[Alert]:
        """Alerts of a vendor whose post was published at ``since`` or later, oldest first."""

    def all(self, vendor: str | None = None, limit: int | None = None) -> list[Alert]:
        """Alerts, newest first."""

    def join(self, report: Report) -> bool:
        """Add a corroborating report, with what it gives to do on the alert's channels.

        False, and nothing is done, when this post had joined already.
        """

    def reports(self, key: str) -> list[Report]:
        """The reports that joined an alert, oldest first."""

    def open_deliveries(self) -> list[Delivery]:
        """Deliveries pending, sending or unknown, whether due or not, in the order of their alerts."""

    def deliveries(self, key: str) -> list[Delivery]:
        """All deliveries of an alert or a notice: of the message itself, of replies beneath it, of edits."""

    def add_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        """Add what is to be done; an edit that is known is to be done again, and all else that is known stays."""

    def save_delivery(self, delivery: Delivery) -> None:
        """Replace the state of a delivery.

        An edit that was asked for again (``created``) while it was on its way stays to be done.
        """

    def message(self, channel: str, receipt: str) -> list[Delivery]:
        """The deliveries of alerts that one message on a channel holds: several where a burst was folded into one."""

    def add_notice(self, notice: Notice, channels: Sequence[str]) -> bool:
        """Store a notice with one pending delivery per channel; False, and nothing is done, when its key is known."""

    def notice(self, key: str) -> Notice | None:
        """One notice."""

    def notices(self, limit: int | None = None) -> list[Notice]:
        """Notices, newest first."""

    def remark(self, key: str, at: datetime, text: str) -> None:
        """Write a sentence beneath an alert ("Rejected by Anna"), and have its messages brought up to date."""

    def remarks(self, key: str) -> list[str]:
        """What was written beneath an alert, oldest first."""


class Conditions(Protocol):
    """What is wrong with the watcher itself, and has been told."""

    def all(self) -> dict[str, Condition]:
        """All that were ever told, in their newest state, by name."""

    def save(self, conditions: Iterable[Condition]) -> None:
        """Insert or replace."""


class Reviews(Protocol):
    """What people say of alerts: rows are added, never changed."""

    def add(self, review: Review) -> bool:
        """Append; False when it is there already. The alert must be on record."""

    def all(self, alert_key: str | None = None) -> list[Review]:
        """The reviews of one alert or of all, in the order of writing."""

    def add_mute(self, mute: Mute) -> bool:
        """Append; False when it is there already."""

    def mutes(self) -> list[Mute]:
        """All mutes, in the order of writing."""

    def add_proposal(self, proposal: Proposal) -> bool:
        """Append; False when the same was proposed already."""

    def proposals(self) -> list[Proposal]:
        """All proposals, in the order of writing."""

    def add_echo(self, review: Review, post_id: str) -> None:
        """Note that a rejected sentence stood again in a stored post; once a post."""

    def echoes(self) -> dict[str, int]:
        """In how many posts each rejected sentence stood again, by the id of the review."""

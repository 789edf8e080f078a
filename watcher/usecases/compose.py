"""Deliveries → the message that settles them, from what the record says at this moment."""

from collections.abc import Sequence
from datetime import datetime

from watcher.core.delivery import Delivery, DeliveryKind
from watcher.core.message import Batch, Bulletin, Message, Reply
from watcher.core.routing import Medium, medium_of
from watcher.core.standby import lateness
from watcher.usecases.telling_ports import Alerts


def compose(alerts: Alerts, deliveries: Sequence[Delivery], thread: str | None, now: datetime) -> Message | None:
    """The message of one delivery, or of several alerts folded; None where the record no longer holds what it is about.

    ``thread`` is the receipt of the message that a reply or an edit is about.
    """
    first = deliveries[0]
    if first.kind is DeliveryKind.NOTICE:
        return alerts.notice(first.alert_key)
    if first.kind is DeliveryKind.REPORT:
        return _reply(alerts, first, thread or "")
    if first.kind is DeliveryKind.EDIT:
        deliveries = alerts.message(first.channel, thread or "")
    found = tuple(one for delivery in deliveries if (one := _bulletin(alerts, delivery, now)))
    return Batch(found) if len(found) > 1 else next(iter(found), None)


def _bulletin(alerts: Alerts, delivery: Delivery, now: datetime) -> Bulletin | None:
    alert = alerts.get(delivery.alert_key)
    if alert is None:
        return None
    mail = medium_of(delivery.channel) is Medium.MAIL
    return Bulletin(
        alert,
        tuple(alerts.reports(alert.key)),
        tuple(alerts.remarks(alert.key)),
        late=None if mail else lateness(delivery.created, delivery.sent_at or now),
        silent=delivery.since,
    )


def _reply(alerts: Alerts, delivery: Delivery, thread: str) -> Reply | None:
    alert = alerts.get(delivery.alert_key)
    reports = (one for one in alerts.reports(delivery.alert_key) if one.post_id == delivery.post_id)
    report = next(reports, None)
    return Reply(alert, report, thread) if alert and report else None

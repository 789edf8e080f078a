"""When an alert goes out by mail because its channel does not take it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from watcher.core.delivery import Delivery, DeliveryKind
from watcher.core.routing import Medium, medium_of

SILENCE = timedelta(minutes=15)


def silent_since(queue: Sequence[Delivery], now: datetime) -> datetime | None:
    """Since when a channel has not taken an alert; None where it has not failed, or not for ``SILENCE`` yet.

    ``queue`` holds what is open on the channel.
    """
    failing = [one.created for one in queue if one.kind is DeliveryKind.ALERT and one.error and one.created]
    first = min(failing, default=now)
    return first if now - first >= SILENCE else None


def stand_ins(queue: Sequence[Delivery], now: datetime, mail: Sequence[str]) -> list[Delivery]:
    """The mails that go out in a silent channel's place: one for each alert that has waited for ``SILENCE``.

    The alert stays to be delivered on the channel. To ask again makes the same mails, which are on record by then.
    """
    since = silent_since(queue, now)
    if since is None or not all(medium_of(one.channel) is Medium.SLACK for one in queue):
        return []
    waiting = [one for one in queue if one.kind is DeliveryKind.ALERT and one.created and now - one.created >= SILENCE]
    return [Delivery(one.alert_key, channel, created=now, since=since) for one in waiting for channel in mail]


def lateness(created: datetime | None, arrived: datetime) -> timedelta | None:
    """How long an alert took to its channel, where that was too long."""
    taken = arrived - created if created else timedelta(0)
    return taken if taken >= SILENCE else None

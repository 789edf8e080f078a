"""Ends that come near → notices to those who would hear of the lapse; safe to run again at any time."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo

from watcher.core.alert import Alert
from watcher.core.calendar import reminders
from watcher.core.notice import Notice
from watcher.core.review import muted
from watcher.usecases.ports import Store


def remind(
    store: Store,
    named: Callable[[str], str],
    channels: Callable[[Alert], tuple[str, ...]],
    now: datetime,
    zone: tzinfo = UTC,
) -> tuple[Notice, ...]:
    """Store the reminders that are due and not stored yet; the arguments and errors are those of ``lapse``."""
    new = []
    with store.begin() as work:
        for one in reminders(work.stances.ledger(), now, zone):
            name = named(one.vendor)
            notice = one.notice(name, now)
            silent = muted(work.reviews.mutes(), one.vendor, now)
            if work.alerts.add_notice(notice, () if silent else channels(one.lapse_alert(name, now, zone))):
                new.append(notice)
        work.commit()
    return tuple(new)

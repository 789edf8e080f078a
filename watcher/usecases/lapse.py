"""Ends that passed without a word → rows of the ledger and alerts; safe to run again at any time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from watcher.core.alert import Alert
from watcher.core.calendar import LATE, Lapse, alerts_of, lapses
from watcher.core.event import ONE_EVENT
from watcher.core.review import muted
from watcher.core.stance import Ledger
from watcher.usecases.ports import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What one look came to: the alerts that are new, and the lapses that were only written down."""

    alerts: tuple[Alert, ...] = ()
    quiet: tuple[Lapse, ...] = ()


def lapse(
    store: Store,
    named: Callable[[str], str],
    channels: Callable[[Alert], tuple[str, ...]],
    now: datetime,
    zone: tzinfo = UTC,
    grace: timedelta = timedelta(0),
) -> Lapsed:
    """Write down which stances have lapsed by ``now``, and what is to be told of it.

    Args:
        store: the record.
        named: a vendor's name for people, by its id.
        channels: where an alert is to be delivered.
        now: the moment, aware.
        zone: whose days count: "until 10 June" holds until that day is over there.

        grace: how long after that the last posts of the day may still be coming in.

    Raises:
        StorageError: it cannot be saved, and nothing was.
    """
    with store.begin() as work:
        ledger = work.stances.ledger()
        found = lapses(ledger, _told(work, ledger, now), now - grace, zone)
        if not found:
            return Lapsed()
        # One that was told stays told, also where a person has taken its row back.
        alerts = [one for one in alerts_of(found, named, now, zone) if work.alerts.get(one.key) is None]
        work.stances.add(one.written(now) for one in found)
        for alert in alerts:
            work.alerts.add(alert, () if muted(work.reviews.mutes(), alert.vendor, now) else channels(alert))
        work.commit()
    return Lapsed(tuple(alerts), tuple(one for one in found if one.quiet))


def _told(work: UnitOfWork, ledger: Ledger, now: datetime) -> list[Alert]:
    """The alerts about ends that lie near those which may still be told."""
    vendors = dict.fromkeys(row.vendor for row in ledger.rows if row.ends)
    return [alert for vendor in vendors for alert in work.alerts.recent(vendor, now - LATE - 2 * ONE_EVENT)]

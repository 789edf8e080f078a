"""A vendor silenced for a while, and heard again. Its alerts are recorded all the same."""

from dataclasses import dataclass
from datetime import datetime

from watcher.core.alert import Alert
from watcher.core.review import LONGEST_MUTE, MUTED_FOR, Mute, Person, muted
from watcher.usecases.ports import Store
from watcher.usecases.review import held_back


@dataclass(frozen=True, slots=True)
class Unmuted:
    """The mute that ended (None: there was none), and the alerts that it had kept from all channels."""

    mute: Mute | None
    held: tuple[Alert, ...] = ()


def mute(store: Store, vendor: str, until: datetime | None, by: Person, now: datetime, request: str) -> Mute:
    """Send a vendor's alerts to no channel until a moment (None: for 30 days; at most a year).

    ``request`` names what it came with, so that a repeated one changes nothing.

    Raises:
        StorageError: it could not be saved.
    """
    made = Mute(vendor, now, min(until or now + MUTED_FOR, now + LONGEST_MUTE), by, request)
    with store.begin() as work:
        work.reviews.add_mute(made)
        work.commit()
    return made


def unmute(store: Store, vendor: str, by: Person, now: datetime, request: str) -> Unmuted:
    """End a vendor's mute, and tell what came meanwhile; what was kept back is not sent after all.

    Raises:
        StorageError: it could not be saved.
    """
    with store.begin() as work:
        held = muted(work.reviews.mutes(), vendor, now)
        if held is None:
            return Unmuted(None)
        missed = held_back(held, work.alerts.all(vendor))
        work.reviews.add_mute(Mute(vendor, now, now, by, request))
        work.commit()
    return Unmuted(held, missed)

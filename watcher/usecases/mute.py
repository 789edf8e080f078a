"""A vendor silenced for a while, and heard again. Its alerts are recorded all the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.alert import Alert
from watcher.core.notice import Notice, NoticeKind
from watcher.core.review import LONGEST_MUTE, MUTED_FOR, Mute, Person, muted
from watcher.usecases.ports import Store
from watcher.usecases.review import held_back

_LATE = timedelta(days=7)  # after which nobody is told any more that a mute has ended


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


def tell_ended(
    store: Store, named: Callable[[str], str], channels: Callable[[Alert], Sequence[str]], now: datetime
) -> list[Notice]:
    """Tell of each mute that has run out by itself what it kept back; once, and where those alerts would have gone.

    Raises:
        StorageError: it could not be saved.
    """
    with store.begin() as work:
        last = {mute.vendor: mute for mute in work.reviews.mutes()}
        over = [mute for mute in last.values() if mute.at < mute.until <= now < mute.until + _LATE]
        kept = [(mute, held) for mute in over if (held := held_back(mute, work.alerts.all(mute.vendor)))]
        made = [(_ended(mute, held, named(mute.vendor), now), held[0]) for mute, held in kept]
        new = [notice for notice, alert in made if work.alerts.add_notice(notice, tuple(channels(alert)))]
        work.commit()
    return new


def _ended(mute: Mute, held: Sequence[Alert], name: str, now: datetime) -> Notice:
    count = "1 alert was" if len(held) == 1 else f"{len(held)} alerts were"
    lines = tuple(
        f"{one.at:%Y-%m-%d}: {one.main.position} towards {one.main.audience} ({one.main.change}), {one.source_name}"
        for one in held
    )
    title = f"{name} is heard again; {count} recorded meanwhile"
    return Notice(f"mute-ended-{mute.id}", NoticeKind.SUMMARY, now, title, lines, vendor=mute.vendor)

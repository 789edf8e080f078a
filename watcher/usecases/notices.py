"""What is wrong with the watcher itself → notices to the operators, once each; safe to run again at any time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from watcher.core.condition import NETWORK, UNDELIVERED, Condition, Decided, decide, sources_seen
from watcher.core.delivery import Delivery, DeliveryKind
from watcher.core.notice import Notice
from watcher.usecases.ports import Store, UnitOfWork

OVERDUE = timedelta(minutes=15)  # the age of an alert from which its delivery is a fault

Address = Callable[[str], tuple[str, ...]]


def note(store: Store, seen: Mapping[str, str | None], address: Address, now: datetime) -> tuple[Notice, ...]:
    """Tell what has begun and what is mended among the things that were looked at.

    Args:
        store: the record, in which a condition stands from the moment in which it is told.
        seen: by name, in which words it is wrong; None: it is well.
        address: the channels of the operators for a condition of that name.
        now: the moment, aware.

    Raises:
        StorageError: it cannot be saved, and nothing was.
    """
    with store.begin() as work:
        return _write(work, decide(seen, work.conditions.all(), now), address)


def note_sources(store: Store, watched: Sequence[str], address: Address, now: datetime) -> tuple[Notice, ...]:
    """The same for the sources that are configured; while our own network is down none of them is blamed."""
    with store.begin() as work:
        known = work.conditions.all()
        network = known.get(NETWORK)
        if network and network.standing:
            return ()
        return _write(work, decide(sources_seen(work.sources.states(), watched, known), known, now), address)


def overdue(store: Store, now: datetime) -> dict[str, str | None]:
    """Whether an alert waits for longer than a quarter of an hour, as ``note`` wants it."""
    with store.begin() as work:
        late = [one for one in work.alerts.open_deliveries() if _late(one, now)]
    if not late:
        return {UNDELIVERED: None}
    oldest = min(late, key=lambda one: one.created or now)
    others = f", and {len(late) - 1} more" if len(late) > 1 else ""
    why = f": {oldest.error}" if oldest.error else ""
    return {UNDELIVERED: f"{oldest.alert_key} to {oldest.channel} waits since {oldest.created:%H:%M} UTC{others}{why}"}


def standing(store: Store) -> list[Condition]:
    """What is wrong now, the oldest first."""
    with store.begin() as work:
        found = [one for one in work.conditions.all().values() if one.standing]
    return sorted(found, key=lambda one: one.since)


def _late(delivery: Delivery, now: datetime) -> bool:
    return delivery.kind is DeliveryKind.ALERT and delivery.created is not None and now - delivery.created > OVERDUE


def _write(work: UnitOfWork, decided: Decided, address: Address) -> tuple[Notice, ...]:
    work.conditions.save(decided.conditions)
    told = [one.notice for one in decided.told if work.alerts.add_notice(one.notice, address(one.name))]
    if decided.conditions:
        work.commit()
    return tuple(told)

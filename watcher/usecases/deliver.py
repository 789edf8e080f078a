"""Open deliveries → channels; safe to run again after a crash at any moment.

For each channel by itself, one delivery after the other::

    pending ──────────────────────────────┐
    sending (a crash), unknown → look ────┴→ save "sending" → send → save "sent"
                                  │ found                      │ trouble
                                  └→ save "sent"               └→ save "pending" or "unknown", and when to try again

``sending`` is on record before the request leaves, so that whoever comes after a crash knows that the message may be
there, and looks for it by its key. No transaction is open while a channel is spoken to. Which delivery goes next, and
when, is decided by ``core.retry``.
"""

import logging
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TypeVar

from watcher.core.alert import Alert
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.errors import DeliveryError
from watcher.core.retry import LONGEST_WAIT, PATIENCE, Turn, next_turn, precedence, spacing, wait
from watcher.usecases.ports import Notifier, Store

LINGER = timedelta(seconds=30)
_NAP = timedelta(seconds=1)  # the longest sleep at a time, so that a stop is noticed

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did.

    ``found``: were there already, and only noted. ``waiting``: still open at the end; ``oldest`` is the age of the
    oldest of them. ``trouble``: what stands in a channel's way, by channel; who must act is said in it.
    """

    sent: int = 0
    found: int = 0
    given_up: int = 0
    waiting: int = 0
    oldest: timedelta | None = None
    trouble: dict[str, str] = field(default_factory=dict)


def deliver(
    store: Store,
    notifiers: Callable[[str], Notifier | None],
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    *,
    linger: timedelta = LINGER,
    last: MutableMapping[str, datetime] | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Delivered:
    """Work off the open deliveries, and wait up to ``linger`` for those that are due soon.

    Args:
        store: the record.
        notifiers: who speaks to a channel; None where nobody is set up for it, and its deliveries stay open.
        clock: the moment, aware and in UTC.
        sleep: waits a number of seconds; what it sleeps counts as passed even if the clock stands.
        linger: how long to wait altogether for pacing and for retries; what is due later is left to the next run.
        last: when each channel had its last message; hand the same mapping to each run, and pacing holds across runs.
        stopping: asked between messages; when it says yes, the run ends after the message in hand.

    Raises:
        StorageError: the record cannot be written; what was being sent stays ``sending`` and is looked for next time.
    """
    outbox = _Outbox(store, notifiers, _Time(clock, sleep), {} if last is None else last)
    outbox.load()
    while not stopping() and (turn := outbox.next_turn()):
        if outbox.time.now() >= turn.at:
            outbox.attempt(turn.delivery)
        elif not outbox.time.pause(turn.at, linger):
            break
    return outbox.summary()


class _Time:
    """A clock that moves on by at least what was slept, so that a simulated one cannot stop the loop for ever."""

    def __init__(self, clock: Callable[[], datetime], sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._sleep = sleep
        self._floor = clock()
        self._slept = timedelta(0)

    def now(self) -> datetime:
        self._floor = max(self._floor, self._clock())
        return self._floor

    def pause(self, until: datetime, limit: timedelta) -> bool:
        """Sleep towards ``until``, a nap at a time; False, without sleeping, when that would pass the limit."""
        left = until - self.now()
        if self._slept + left > limit:
            return False
        nap = min(left, _NAP)
        self._sleep(nap.total_seconds())
        self._slept += nap
        self._floor += nap
        return True


class _Look(Enum):
    """What looking for an earlier attempt's message has shown."""

    ABSENT = auto()  # it is not there: send
    SETTLED = auto()  # it is there and noted, or the channel could not be asked now: done for this turn
    REFUSED = auto()  # the channel will never let us look (a missing scope): send, since twice is better than never


class _Outbox:
    """The open deliveries of one run, by channel, and what became of them."""

    def __init__(
        self,
        store: Store,
        notifiers: Callable[[str], Notifier | None],
        time: _Time,
        last: MutableMapping[str, datetime],
    ) -> None:
        self.time = time
        self._store = store
        self._notifiers = notifiers
        self._last = last
        self._rests: dict[str, datetime] = {}
        self._alerts: dict[str, Alert] = {}
        self._queues: dict[str, list[Delivery]] = {}
        self._speakers: dict[str, Notifier] = {}
        self._count = {"sent": 0, "found": 0, "given_up": 0}
        self._trouble: dict[str, str] = {}

    def load(self) -> None:
        """Read what is open, in the order in which it is to go out."""
        with self._store.begin() as work:
            deliveries = work.alerts.open_deliveries()
            found = [work.alerts.get(key) for key in dict.fromkeys(one.alert_key for one in deliveries)]
        self._alerts = {alert.key: alert for alert in found if alert}
        known = [one for one in deliveries if one.kind is DeliveryKind.ALERT and one.alert_key in self._alerts]
        for delivery in sorted(known, key=lambda one: precedence(self._alerts[one.alert_key])):
            self._queues.setdefault(delivery.channel, []).append(delivery)
        for channel in self._queues:
            if notifier := self._notifiers(channel):
                self._speakers[channel] = notifier
            else:
                self._trouble[channel] = f"nothing is set up that reaches the channel {channel}"

    def next_turn(self) -> Turn | None:
        """The earliest turn of any channel that somebody speaks to; of equal ones, that of the longest silent."""
        turns = [turn for channel in self._speakers if (turn := self._turn(channel))]
        return min(turns, key=lambda turn: (turn.at, self._silence(turn.delivery.channel)), default=None)

    def _turn(self, channel: str) -> Turn | None:
        last = self._last.get(channel)
        rests = [self._rests.get(channel), last + spacing(channel) if last else None]
        return next_turn(self._queues[channel], max((one for one in rests if one), default=None))

    def _silence(self, channel: str) -> tuple[bool, datetime | None, str]:
        last = self._last.get(channel)
        return (last is not None, last, channel)

    def attempt(self, delivery: Delivery) -> None:
        """One delivery, once: looked for if it may be there, else sent."""
        notifier = self._speakers[delivery.channel]
        look = _Look.ABSENT if delivery.state is DeliveryState.PENDING else self._look(notifier, delivery)
        if look is _Look.SETTLED:
            return
        begun = self._save(delivery.begin(self.time.now()))
        try:
            receipt = self._send(notifier, self._alerts[delivery.alert_key], delivery.channel)
        except DeliveryError as error:
            self._failed(begun, error, doubt=look is _Look.REFUSED)
        else:
            self._arrived(begun, receipt, "sent")
        self._last[delivery.channel] = self.time.now()

    def _look(self, notifier: Notifier, delivery: Delivery) -> "_Look":
        """Whether an earlier attempt arrived."""
        try:
            receipt = _guarded(lambda: notifier.find(self._alerts[delivery.alert_key], delivery.channel))
        except DeliveryError as error:
            if not error.transient:
                _log.warning("%s: cannot look for a message that may be there: %s", delivery.channel, error.detail)
                return _Look.REFUSED
            self._later(replace(delivery, attempts=delivery.attempts + 1), error, unknown=True)
            return _Look.SETTLED
        if receipt is None:
            return _Look.ABSENT
        self._arrived(delivery, receipt, "found")
        return _Look.SETTLED

    def _send(self, notifier: Notifier, alert: Alert, channel: str) -> str:
        try:
            return _guarded(lambda: notifier.send(alert, channel))
        except DeliveryError as error:
            if not error.rendering:
                raise
            _log.warning("%s: %s; sending %s as plain text", channel, error.detail, alert.key)
            return _guarded(lambda: notifier.send(alert, channel, plain=True))

    def _arrived(self, delivery: Delivery, receipt: str, how: str) -> None:
        self._save(delivery.done(self.time.now(), receipt))
        self._count[how] += 1
        self._trouble.pop(delivery.channel, None)

    def _failed(self, delivery: Delivery, error: DeliveryError, *, doubt: bool) -> None:
        """A message refused even as plain text will never go; all else is tried again, some of it not for ever.

        ``doubt``: an attempt before this one may have arrived, whatever became of this one.
        """
        stale = self.time.now() - self._since(delivery) > PATIENCE
        if not error.transient and (error.rendering or stale):
            self._save(delivery.give_up(error.detail))
            self._count["given_up"] += 1
            self._trouble[delivery.channel] = error.detail
            return
        self._later(delivery, error, unknown=error.unknown or doubt)

    def _later(self, delivery: Delivery, error: DeliveryError, *, unknown: bool) -> None:
        pause = wait(delivery.attempts, f"{delivery.alert_key}\n{delivery.channel}", error.retry_after)
        pause = pause if error.transient else LONGEST_WAIT
        self._save(delivery.retry(self.time.now(), error.detail, unknown=unknown, wait=pause))
        self._trouble[delivery.channel] = error.detail
        if error.retry_after is not None or not error.transient:  # the channel's trouble for certain
            self._rests[delivery.channel] = self.time.now() + pause

    def _save(self, delivery: Delivery) -> Delivery:
        """In a transaction of its own, and in the queue, which holds what is still open."""
        with self._store.begin() as work:
            work.alerts.save_delivery(delivery)
            work.commit()
        queue = self._queues[delivery.channel]
        place = next(number for number, one in enumerate(queue) if one.alert_key == delivery.alert_key)
        queue[place : place + 1] = [delivery] if delivery.state.open else []
        return delivery

    def _since(self, delivery: Delivery) -> datetime:
        return delivery.created or self._alerts[delivery.alert_key].at

    def summary(self) -> Delivered:
        """What was done, and what is left."""
        left = [delivery for queue in self._queues.values() for delivery in queue]
        ages = [self.time.now() - self._since(delivery) for delivery in left]
        return Delivered(
            **self._count,
            waiting=len(left),
            oldest=max(ages, default=None),
            trouble=dict(sorted(self._trouble.items())),
        )


def _guarded(call: Callable[[], Answer]) -> Answer:
    """The call's answer, or a DeliveryError: a fault of ours in laying out one alert must not hold up the others."""
    try:
        return call()
    except DeliveryError:
        raise
    except Exception as error:
        _log.exception("a notifier failed")
        raise DeliveryError(f"a fault in the watcher ({type(error).__name__})", transient=True, unknown=True) from error

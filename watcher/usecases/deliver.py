"""Open deliveries → channels; safe to run again after a crash at any moment.

For each channel by itself, one message after the other::

    pending ──────────────────────────────┐
    sending (a crash), unknown → look ────┴→ save "sending" → send → save "sent"
                                  │ found                      │ trouble
                                  └→ save "sent"               └→ save "pending" or "unknown", and when to try again

``sending`` is on record before the request leaves, so that whoever comes after a crash knows that the message may be
there, and looks for it by its key. No transaction is open while a channel is spoken to. Which delivery goes next, and
when, is decided by ``core.retry``; which go together by ``core.folding``; what goes out by mail by ``core.standby``.
"""

import logging
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import TypeVar

from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.errors import DeliveryError
from watcher.core.message import Message, report_key
from watcher.core.retry import LONGEST_WAIT, PATIENCE, Turn, next_turn, ready, spacing, wait
from watcher.usecases.outbox import Outbox
from watcher.usecases.ports import Notifier, Store

LINGER = timedelta(seconds=30)
_NAP = timedelta(seconds=1)  # the longest sleep at a time, so that a stop is noticed
_DOUBTFUL_MAIL = "nobody knows whether the mail arrived, and it is not sent twice"

_log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run did.

    ``sent``: alerts and notices that arrived; ``found`` were there already, and only noted. ``replies`` are later
    reports beneath their alert, ``edits`` messages brought up to date. ``waiting``: alerts and notices that are still
    open at the end; ``oldest`` is the age of the oldest of them. ``trouble``: what stands in a channel's way, by
    channel; who must act is said in it.
    """

    sent: int = 0
    found: int = 0
    replies: int = 0
    edits: int = 0
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
    mail: Sequence[str] = (),
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
        mail: channels (``mailto:``) to which an alert goes that Slack has not taken for a quarter of an hour.
        linger: how long to wait altogether for pacing and for retries; what is due later is left to the next run.
        last: when each channel had its last message; hand the same mapping to each run, and pacing holds across runs.
        stopping: asked between messages; when it says yes, the run ends after the message in hand.

    Raises:
        StorageError: the record cannot be written; what was being sent stays ``sending`` and is looked for next time.
    """
    run = _Run(Outbox(store), notifiers, _Time(clock, sleep), {} if last is None else last)
    run.load()
    _work_off(run, linger, stopping)
    if run.stand_in(mail):  # only now: what came of the newest try is known
        _work_off(run, linger, stopping)
    return run.summary()


def _work_off(run: "_Run", linger: timedelta, stopping: Callable[[], bool]) -> None:
    while not stopping() and (turn := run.next_turn()):
        if run.time.now() >= turn.at:
            run.attempt(turn.delivery)
        elif not run.time.pause(turn.at, linger):
            return


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

    SETTLED = auto()  # the record says what came of it
    REFUSED = auto()  # the channel will not show its messages: better twice than never


class _Run:
    """One run over the outbox, and what became of it."""

    def __init__(
        self,
        outbox: Outbox,
        notifiers: Callable[[str], Notifier | None],
        time: _Time,
        last: MutableMapping[str, datetime],
    ) -> None:
        self.time = time
        self._outbox = outbox
        self._notifiers = notifiers
        self._last = last
        self._rests: dict[str, datetime] = {}
        self._alone: set[str] = set()  # alerts whose folded message was refused
        self._speakers: dict[str, Notifier] = {}
        self._count = {"sent": 0, "found": 0, "replies": 0, "edits": 0, "given_up": 0}
        self._trouble: dict[str, str] = {}

    def load(self) -> None:
        """Read what is open, and find who speaks to each channel."""
        self._outbox.load()
        self._find_speakers()

    def stand_in(self, mail: Sequence[str]) -> bool:
        """Add mails in the place of a channel that is silent for too long; whether there are any."""
        reached = [channel for channel in mail if self._notifiers(channel)]
        added = self._outbox.stand_in(reached, self.time.now())
        self._find_speakers()
        return added

    def _find_speakers(self) -> None:
        for channel in self._outbox.queues:
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
        return next_turn(self._outbox.queues[channel], max((one for one in rests if one), default=None))

    def _silence(self, channel: str) -> tuple[bool, datetime | None, str]:
        last = self._last.get(channel)
        return (last is not None, last, channel)

    def attempt(self, delivery: Delivery) -> None:
        """One message, once: looked for if it may be there, else sent."""
        notifier = self._speakers[delivery.channel]
        doubt = delivery.state is not DeliveryState.PENDING and delivery.kind is not DeliveryKind.EDIT
        if doubt and self._look(notifier, delivery) is _Look.SETTLED:
            return
        group = (delivery,) if doubt or delivery.alert_key in self._alone else self._outbox.together(delivery)
        begun, message = self._outbox.begin(group, self.time.now())
        try:
            receipt = self._put(notifier, message, begun[0])
        except DeliveryError as error:
            self._failed(begun, error, doubt=doubt)
        else:
            self._arrived(begun, receipt, "sent")
        self._last[delivery.channel] = self.time.now()

    def _look(self, notifier: Notifier, delivery: Delivery) -> _Look:
        """Whether earlier attempts arrived: all on this channel whose outcome is not known, in one go."""
        if _stands_in(delivery):
            self._give_up([delivery], _DOUBTFUL_MAIL)
            return _Look.SETTLED
        thread, doubtful = self._outbox.thread(delivery), self._doubtful(delivery)
        since = min(self._outbox.created(one) for one in doubtful)
        try:
            keys = [_key(one) for one in doubtful]
            found = _guarded(lambda: notifier.find(keys, delivery.channel, since, thread))
        except DeliveryError as error:
            if not error.transient:
                _log.warning("%s: cannot look for a message that may be there: %s", delivery.channel, error.detail)
                return _Look.REFUSED
            self._later([replace(delivery, attempts=delivery.attempts + 1)], error, unknown=True)
            return _Look.SETTLED
        self._outbox.save(one.absent() for one in doubtful if _key(one) not in found)
        for one in doubtful:
            if _key(one) in found:
                self._arrived([one], found[_key(one)], "found")
        return _Look.SETTLED

    def _doubtful(self, first: Delivery) -> list[Delivery]:
        """What may be there and is due to be looked for in the same place."""
        queue, now = self._outbox.queues[first.channel], self.time.now()
        open_ = [one for one in queue if one.state is not DeliveryState.PENDING and one.kind is not DeliveryKind.EDIT]
        due = [one for one in open_ if ready(one) <= now]
        return [one for one in due if self._outbox.thread(one) == self._outbox.thread(first)]

    def _put(self, notifier: Notifier, message: Message | None, delivery: Delivery) -> str:
        """Send the message, or put it in the place of the one that it changes; its receipt."""
        if message is None:
            raise DeliveryError("the record no longer holds what it is about", transient=False, gone=True)
        try:
            return _guarded(lambda: self._once(notifier, message, delivery, plain=False))
        except DeliveryError as error:
            if not error.rendering:
                raise
            _log.warning("%s: %s; sending %s as plain text", delivery.channel, error.detail, delivery.alert_key)
            return _guarded(lambda: self._once(notifier, message, delivery, plain=True))

    def _once(self, notifier: Notifier, message: Message, delivery: Delivery, *, plain: bool) -> str:
        if delivery.kind is not DeliveryKind.EDIT:
            return notifier.send(message, delivery.channel, plain=plain)
        receipt = self._outbox.thread(delivery) or ""
        notifier.edit(message, delivery.channel, receipt, plain=plain)
        return receipt

    def _arrived(self, deliveries: Sequence[Delivery], receipt: str, how: str) -> None:
        self._outbox.save(one.done(self.time.now(), receipt) for one in deliveries)
        counted = {DeliveryKind.REPORT: "replies", DeliveryKind.EDIT: "edits"}.get(deliveries[0].kind, how)
        self._count[counted] += len(deliveries)
        self._trouble.pop(deliveries[0].channel, None)

    def _failed(self, deliveries: Sequence[Delivery], error: DeliveryError, *, doubt: bool) -> None:
        """A message refused even as plain text will never go; all else is tried again, some of it not for ever.

        ``doubt``: an attempt before this one may have arrived, whatever became of this one.
        """
        if error.rendering and len(deliveries) > 1:
            self._alone.update(one.alert_key for one in deliveries)
            self._outbox.save(
                one.retry(self.time.now(), error.detail, unknown=False, wait=timedelta(0)) for one in deliveries
            )
            return
        lost = [one for one in deliveries if self._is_lost(one, error)]
        if lost:
            self._give_up(lost, _DOUBTFUL_MAIL if error.unknown else error.detail)
        if left := [one for one in deliveries if one not in lost]:
            self._later(left, error, unknown=error.unknown or doubt)

    def _is_lost(self, delivery: Delivery, error: DeliveryError) -> bool:
        if error.unknown and _stands_in(delivery):
            return True
        stale = self.time.now() - self._outbox.created(delivery) > PATIENCE
        return not error.transient and (error.rendering or error.gone or stale)

    def _give_up(self, deliveries: Sequence[Delivery], reason: str) -> None:
        self._outbox.save(one.give_up(reason) for one in deliveries)
        self._count["given_up"] += len(deliveries)
        self._trouble[deliveries[0].channel] = reason

    def _later(self, deliveries: Sequence[Delivery], error: DeliveryError, *, unknown: bool) -> None:
        first = deliveries[0]
        pause = wait(first.attempts, f"{first.alert_key}\n{first.channel}", error.retry_after)
        pause = pause if error.transient else LONGEST_WAIT
        now = self.time.now()
        self._outbox.save(one.retry(now, error.detail, unknown=unknown, wait=pause) for one in deliveries)
        self._trouble[first.channel] = error.detail
        if error.retry_after is not None or not error.transient:  # the channel's trouble for certain
            self._rests[first.channel] = now + pause

    def summary(self) -> Delivered:
        """What was done, and what is left."""
        ages = self._outbox.waiting(self.time.now())
        return Delivered(
            **self._count,
            waiting=len(ages),
            oldest=max(ages, default=None),
            trouble=dict(sorted(self._trouble.items())),
        )


def _stands_in(delivery: Delivery) -> bool:
    """A mail in Slack's place, where the alert will arrive as well: better not at all than twice."""
    return delivery.since is not None


def _key(delivery: Delivery) -> str:
    """What its message is found by."""
    if delivery.kind is DeliveryKind.REPORT:
        return report_key(delivery.alert_key, delivery.post_id)
    return delivery.alert_key


def _guarded(call: Callable[[], Answer]) -> Answer:
    """The call's answer, or a DeliveryError: a fault of ours in laying out one alert must not hold up the others."""
    try:
        return call()
    except DeliveryError:
        raise
    except Exception as error:
        _log.exception("a notifier failed")
        raise DeliveryError(f"a fault in the watcher ({type(error).__name__})", transient=True, unknown=True) from error

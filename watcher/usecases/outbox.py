"""What is open, channel by channel, in the order in which it goes out: read once for a run, and saved step by step."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from watcher.core.alert import Alert
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.folding import together
from watcher.core.message import Message
from watcher.core.notice import Notice
from watcher.core.retry import precedence
from watcher.core.routing import Medium, medium_of
from watcher.core.severity import Severity, severity_of
from watcher.core.standby import stand_ins
from watcher.usecases.compose import compose
from watcher.usecases.ports import Store
from watcher.usecases.telling_ports import Alerts

_POSTS = {DeliveryKind.ALERT, DeliveryKind.NOTICE}
_NO_MESSAGE = "the message that it belongs to never came"
_NO_NEED = "Slack has the alert by now"


class Outbox:
    """The open deliveries of one run.

    A reply or an edit waits ``behind`` its message until that has arrived.
    """

    def __init__(self, store: Store) -> None:
        self.queues: dict[str, list[Delivery]] = {}
        self._store = store
        self._subjects: dict[str, Alert | Notice] = {}
        self._threads: dict[tuple[str, str], str] = {}
        self._behind: dict[tuple[str, str], list[Delivery]] = {}

    def load(self) -> None:
        """Read what is open."""
        with self._store.begin() as work:
            opened = work.alerts.open_deliveries()
            self._subjects = _subjects(work.alerts, opened)
            known = [one for one in opened if one.alert_key in self._subjects]
            futile = [one.give_up(reason) for one in known if (reason := self._place(work.alerts, one))]
        for queue in self.queues.values():
            queue.sort(key=self._precedence)
        if futile:
            self.save(futile)

    def stand_in(self, mail: Sequence[str], now: datetime) -> bool:
        """Where Slack has been silent for too long, add the mails in its place; whether there are any."""
        # By name: one mail stands in for an alert, however many channels are silent.
        wanted = {one.name: one for queue in self.queues.values() for one in stand_ins(queue, now, mail)}
        if not wanted:
            return False
        with self._store.begin() as work:
            keys = {one.alert_key for one in wanted.values()}
            known = {one.name for key in keys for one in work.alerts.deliveries(key)}
            new = [one for name, one in wanted.items() if name not in known]
            work.alerts.add_deliveries(new)
            work.commit()
        for one in new:
            self.queues.setdefault(one.channel, []).append(one)
        return bool(new)

    def _place(self, alerts: Alerts, delivery: Delivery) -> str | None:
        """Put a delivery in its queue, or behind its message; or the reason why there is nothing to be done."""
        if delivery.since and _on_slack(alerts.deliveries(delivery.alert_key)):
            return _NO_NEED
        if delivery.kind in _POSTS:
            self.queues.setdefault(delivery.channel, []).append(delivery)
            return None
        message = next((one for one in alerts.deliveries(delivery.alert_key) if _carries(one, delivery)), None)
        if message is None or message.state is DeliveryState.GIVEN_UP:
            return _NO_MESSAGE
        if message.state is DeliveryState.SENT:
            self._threads[delivery.alert_key, delivery.channel] = message.receipt or ""
            self.queues.setdefault(delivery.channel, []).append(delivery)
        else:
            self._behind.setdefault((delivery.alert_key, delivery.channel), []).append(delivery)
        return None

    def thread(self, delivery: Delivery) -> str | None:
        """The receipt of the message that a reply or an edit is about."""
        return None if delivery.kind in _POSTS else self._threads.get((delivery.alert_key, delivery.channel))

    def together(self, first: Delivery) -> tuple[Delivery, ...]:
        """The deliveries that go out in one message with this one."""
        return together(first, self.queues[first.channel], self._severity)

    def begin(self, deliveries: Sequence[Delivery], now: datetime) -> tuple[list[Delivery], Message | None]:
        """Put on record that they are about to be sent, and make their message, in one transaction.

        So a report that comes later finds them begun, and one that came before is in the message.
        """
        begun = [one.begin(now) for one in deliveries]
        with self._store.begin() as work:
            message = compose(work.alerts, begun, self.thread(begun[0]), now)
            for one in begun:
                work.alerts.save_delivery(one)
            work.commit()
        self._keep(begun)
        return begun, message

    def save(self, deliveries: Iterable[Delivery]) -> None:
        """All of them in one transaction, and in the queues, which hold what is still open."""
        changed = list(deliveries)
        with self._store.begin() as work:
            for delivery in changed:
                work.alerts.save_delivery(delivery)
            work.commit()
        self._keep(changed)

    def _keep(self, changed: Sequence[Delivery]) -> None:
        for delivery in changed:
            queue = self.queues.get(delivery.channel, [])
            place = next((number for number, one in enumerate(queue) if one.name == delivery.name), None)
            if place is not None:
                queue[place : place + 1] = [delivery] if delivery.state.open else []
            if delivery.state is DeliveryState.SENT and delivery.kind is DeliveryKind.ALERT:
                self._release(delivery, queue)

    def _release(self, message: Delivery, queue: list[Delivery]) -> None:
        """What waited behind a message follows it."""
        waiting = self._behind.pop((message.alert_key, message.channel), [])
        if waiting:
            self._threads[message.alert_key, message.channel] = message.receipt or ""
            queue.extend(waiting)
            queue.sort(key=self._precedence)

    def created(self, delivery: Delivery) -> datetime:
        """Since when there is something to do."""
        return delivery.created or self._subjects[delivery.alert_key].at

    def waiting(self, now: datetime) -> list[timedelta]:
        """How long each alert and notice has waited that has not arrived."""
        left = [one for queue in self.queues.values() for one in queue if one.kind in _POSTS]
        return [now - self.created(one) for one in left]

    def _precedence(self, delivery: Delivery) -> tuple[int, int, datetime, datetime, str]:
        return precedence(delivery, self._subjects[delivery.alert_key])

    def _severity(self, delivery: Delivery) -> Severity:
        subject = self._subjects[delivery.alert_key]
        return severity_of(subject) if isinstance(subject, Alert) else subject.severity


def _on_slack(deliveries: Sequence[Delivery]) -> bool:
    """Whether an alert has arrived on each of its Slack channels: no mail need stand in any more."""
    mine = [one for one in deliveries if one.kind is DeliveryKind.ALERT and medium_of(one.channel) is Medium.SLACK]
    return all(one.state is DeliveryState.SENT for one in mine)


def _carries(message: Delivery, other: Delivery) -> bool:
    return message.kind is DeliveryKind.ALERT and message.channel == other.channel


def _subjects(alerts: Alerts, deliveries: Sequence[Delivery]) -> dict[str, Alert | Notice]:
    notices = {one.alert_key for one in deliveries if one.kind is DeliveryKind.NOTICE}
    find: dict[bool, Callable[[str], Alert | Notice | None]] = {True: alerts.notice, False: alerts.get}
    keys = dict.fromkeys(one.alert_key for one in deliveries)
    return {key: subject for key in keys if (subject := find[key in notices](key))}

"""Alerts to tell, and a small outbox to tell them from."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any, Self, cast

from watcher.core.alert import Alert, Told
from watcher.core.change import Change
from watcher.core.delivery import Delivery
from watcher.core.statement import Audience, Position
from watcher.usecases.ports import Store

NOW = datetime(2020, 6, 10, 21, 0, tzinfo=UTC)

MORATORIUM = Told(
    change=Change.ANNOUNCED,
    audience=Audience.POLICE,
    position=Position.MORATORIUM,
    previous=None,
    previous_since=None,
    product="Rekognition",
    jurisdiction=None,
    until=date(2021, 6, 10),
    condition=None,
    announced=date(2020, 6, 10),
    quote="We're implementing a one-year moratorium on police use of Amazon's facial recognition technology.",
)

AMAZON = Alert(
    key="amazon-0123456789ab",
    vendor="amazon",
    vendor_name="Amazon",
    changes=(MORATORIUM,),
    reason="Amazon had no stance towards police on record.",
    at=NOW,
    post_id="0123456789abcdef",
    title="We are implementing a one-year moratorium on police use of Rekognition",
    url="https://www.aboutamazon.com/news/policy-news-views/moratorium?a=1&b=2",
    source_id="about-amazon",
    source_name="About Amazon",
    source_kind="vendor",
    published=NOW - timedelta(hours=1),
    own_voice=True,
    rule="pauses-police-use",
)


def told(**changes: Any) -> Alert:
    """The sample alert with its main change altered."""
    return replace(AMAZON, changes=(replace(MORATORIUM, **changes),))


def alerts(count: int) -> list[Alert]:
    """Alerts in the order in which they were decided, a second apart, with keys that sort the other way round."""
    return [replace(AMAZON, key=f"amazon-{99 - n:012d}", at=NOW + timedelta(seconds=n)) for n in range(count)]


class Killed(BaseException):
    """The process is gone: nothing catches it."""


class Outbox:
    """Alerts and deliveries in memory, with transactions, and a place to be killed at.

    ``kill`` is told ``before`` and ``after`` each commit that holds a delivery, and may raise.
    """

    def __init__(self, told: Sequence[tuple[Alert, Sequence[str]]] = ()) -> None:
        self.known = {alert.key: alert for alert, _ in told}
        self.rows = {
            (alert.key, channel): Delivery(alert.key, channel, created=alert.at)
            for alert, channels in told
            for channel in channels
        }
        self.kill: Callable[[str], None] = lambda _: None
        self.open_transactions = 0

    @property
    def store(self) -> Store:
        """As the port that the use case takes; it uses no other noun than alerts."""
        return cast("Store", self)

    def begin(self) -> "_Work":
        return _Work(self)

    def states(self) -> list[str]:
        return [str(row.state) for row in self.rows.values()]


class _Work:
    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._changed: dict[tuple[str, str], Delivery] = {}
        self.alerts = self

    def __enter__(self) -> Self:
        self._outbox.open_transactions += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._outbox.open_transactions -= 1

    def commit(self) -> None:
        self._outbox.kill("before")
        self._outbox.rows.update(self._changed)
        self._outbox.kill("after")

    def open_deliveries(self) -> list[Delivery]:
        return [row for row in self._outbox.rows.values() if row.state.open]

    def get(self, key: str) -> Alert | None:
        return self._outbox.known.get(key)

    def save_delivery(self, delivery: Delivery) -> None:
        self._changed[delivery.alert_key, delivery.channel] = delivery

"""Alerts to tell, and a small outbox to tell them from."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self, cast

from watcher.core.alert import Alert, Report, Told
from watcher.core.change import Change
from watcher.core.delivery import Delivery, DeliveryKind
from watcher.core.notice import Notice, NoticeKind
from watcher.core.statement import Audience, Position
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import UnitOfWork

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


NOTICE = Notice(
    key="reminder-amazon-police-2021-06-10-30d",
    kind=NoticeKind.REMINDER,
    at=NOW,
    title="Amazon's moratorium ends in 30 days",
    lines=("Towards police, until 10 June 2021.",),
    vendor="amazon",
    url="https://example.org/1",
)


def told(**changes: Any) -> Alert:
    """The sample alert with its main change altered."""
    return replace(AMAZON, changes=(replace(MORATORIUM, **changes),))


def alerts(count: int) -> list[Alert]:
    """Alerts in the order in which they were decided, a second apart, with keys that sort the other way round."""
    return [replace(AMAZON, key=f"amazon-{99 - n:012d}", at=NOW + timedelta(seconds=n)) for n in range(count)]


class Killed(BaseException):
    """The process is gone: nothing catches it."""


def news(number: int, **changes: Any) -> Alert:
    """An alert that an outlet's report made: of a severity that may be folded."""
    made = replace(AMAZON, key=f"amazon-{number:012d}", at=NOW + timedelta(seconds=number), own_voice=False)
    return replace(made, **{"source_id": "bbc", "source_name": "BBC News", "source_kind": "news", **changes})


def report(alert: Alert, number: int, **changes: Any) -> Report:
    """A later report that joins an alert."""
    made = Report(
        alert_key=alert.key,
        post_id=f"{number:016d}",
        url=f"https://outlet{number}.example/pause?a=1&b=2",
        source_id=f"outlet-{number}",
        source_name=f"Outlet {number}",
        title=f"Amazon pauses, part {number}",
        quote="Amazon has paused police use of Rekognition for a year.",
        at=NOW + timedelta(hours=number),
        own_voice=False,
    )
    return replace(made, **changes)


class Outbox:
    """A record in memory with a place to be killed at.

    ``kill`` is told ``before`` and ``after`` each commit, and may raise. ``open_transactions`` counts those.
    """

    def __init__(self, told: Sequence[tuple[Alert, Sequence[str]]] = ()) -> None:
        self.store = MemoryStore()
        self.kill: Callable[[str], None] = lambda _: None
        self.open_transactions = 0
        for alert, channels in told:
            self.write(partial(_add, alert=alert, channels=channels))

    def begin(self) -> UnitOfWork:
        return cast("UnitOfWork", _Work(self, self.store.begin()))

    def write(self, step: Callable[[UnitOfWork], object]) -> None:
        with self.store.begin() as work:
            step(work)
            work.commit()

    def rows(self, *kinds: DeliveryKind) -> list[Delivery]:
        """All deliveries of these kinds, alert by alert; of alerts only, where none is named."""
        with self.store.begin() as work:
            keys = [one.key for one in reversed(work.alerts.all())] + [one.key for one in work.alerts.notices()]
            found = [one for key in keys for one in work.alerts.deliveries(key)]
        return [one for one in found if one.kind in (kinds or {DeliveryKind.ALERT})]

    def put(self, delivery: Delivery) -> None:
        self.write(lambda work: work.alerts.save_delivery(delivery))

    def states(self, *kinds: DeliveryKind) -> list[str]:
        return [str(row.state) for row in self.rows(*kinds)]


def _add(work: UnitOfWork, alert: Alert, channels: Sequence[str]) -> None:
    work.alerts.add(alert, channels)


class _Work:
    def __init__(self, outbox: Outbox, work: UnitOfWork) -> None:
        self._outbox = outbox
        self._work = work
        self.alerts = work.alerts

    def __enter__(self) -> Self:
        self._outbox.open_transactions += 1
        self._work.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._outbox.open_transactions -= 1
        self._work.__exit__(kind, error, trace)

    def commit(self) -> None:
        self._outbox.kill("before")
        self._work.commit()
        self._outbox.kill("after")

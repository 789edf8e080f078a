"""What was told, who corroborated it, and whether it arrived."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from storage import snapshot
from storage.conditions import IS_OPEN
from storage.link import Link, built, columns, values_of
from storage.schema import ALERTS, DELIVERIES, REPORTS
from watcher.core.alert import Alert, Report, Told
from watcher.core.delivery import Delivery

_ALERT = columns(Alert, ALERTS)
_REPORT = columns(Report, REPORTS)
_DELIVERY = columns(Delivery, DELIVERIES)


class SqlAlerts:
    """``Alerts`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, alert: Alert, channels: Sequence[str]) -> None:
        """Store an alert with one pending delivery per channel; both must be new.

        Raises:
            StorageError: the alert is there already, or a channel is named twice.
        """
        changes = [snapshot.dump(told) for told in alert.changes]
        self._link.run(ALERTS.insert(), values_of(alert) | {"changes": changes})
        pending = [values_of(Delivery(alert.key, channel, created=alert.at)) for channel in channels]
        if pending:
            self._link.run(DELIVERIES.insert(), pending)

    def get(self, key: str) -> Alert | None:
        """One alert."""
        return next(map(_alert, self._link.rows(select(*_ALERT).where(ALERTS.c.key == key))), None)

    def recent(self, vendor: str, since: datetime) -> list[Alert]:
        """Alerts of a vendor whose post was published at ``since`` or later, oldest first."""
        query = select(*_ALERT).where(ALERTS.c.vendor == vendor, ALERTS.c.published >= since)
        return [_alert(row) for row in self._link.rows(query.order_by(ALERTS.c.published, ALERTS.c.id))]

    def all(self, vendor: str | None = None, limit: int | None = None) -> list[Alert]:
        """Alerts, newest first: in the reverse order of telling."""
        query = select(*_ALERT).order_by(ALERTS.c.id.desc()).limit(limit)
        if vendor is not None:
            query = query.where(ALERTS.c.vendor == vendor)
        return [_alert(row) for row in self._link.rows(query)]

    def join(self, report: Report) -> bool:
        """Add a corroborating report; False when this post had joined already."""
        insert = self._link.insert(REPORTS).on_conflict_do_nothing().returning(REPORTS.c.id)
        return bool(self._link.rows(insert, values_of(report)))

    def reports(self, key: str) -> list[Report]:
        """The reports that joined an alert, oldest first."""
        query = select(*_REPORT).where(REPORTS.c.alert_key == key).order_by(REPORTS.c.at, REPORTS.c.id)
        return [built(Report, row) for row in self._link.rows(query)]

    def open_deliveries(self) -> list[Delivery]:
        """Deliveries pending, sending or unknown, whether due or not, in the order of their alerts."""
        # A delivery is stored with its alert, so its own number already counts in the order of alerts.
        query = select(*_DELIVERY).where(IS_OPEN).order_by(DELIVERIES.c.id)
        return [built(Delivery, row) for row in self._link.rows(query)]

    def deliveries(self, key: str) -> list[Delivery]:
        """All deliveries of an alert."""
        query = select(*_DELIVERY).where(DELIVERIES.c.alert_key == key).order_by(DELIVERIES.c.id)
        return [built(Delivery, row) for row in self._link.rows(query)]

    def save_delivery(self, delivery: Delivery) -> None:
        """Replace the state of a delivery.

        Raises:
            StorageError: there is no such delivery.
        """
        one = (DELIVERIES.c.alert_key == delivery.alert_key) & (DELIVERIES.c.channel == delivery.channel)
        found = self._link.rows(update(DELIVERIES).where(one).values(values_of(delivery)).returning(DELIVERIES.c.id))
        self._link.require(found, f"alert {delivery.alert_key} has no delivery to {delivery.channel}")


def _alert(row: Row[Any]) -> Alert:
    values = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name for a row as a mapping)
    changes = tuple(snapshot.load(Told, told) for told in values.pop("changes"))
    return Alert(changes=changes, **values)

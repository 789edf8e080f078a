"""What was told, who corroborated it, and whether it arrived."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from storage import snapshot
from storage.conditions import IS_OPEN
from storage.link import Link, built, columns, values_of
from storage.schema import ALERTS, DELIVERIES, NOTICES, REMARKS, REPORTS
from watcher.core.alert import Alert, Report, Told
from watcher.core.delivery import Delivery, DeliveryKind, edits, of_report
from watcher.core.notice import Notice, NoticeKind
from watcher.core.severity import Severity

_ALERT = columns(Alert, ALERTS)
_REPORT = columns(Report, REPORTS)
_DELIVERY = columns(Delivery, DELIVERIES)
_NOTICE = columns(Notice, NOTICES)


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
        """Add a corroborating report, with what it gives to do; False when this post had joined already."""
        insert = self._link.insert(REPORTS).on_conflict_do_nothing().returning(REPORTS.c.id)
        if not self._link.rows(insert, values_of(report)):
            return False
        self.add_deliveries(of_report(report, self.deliveries(report.alert_key)))
        return True

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
        """All deliveries of an alert or a notice: of the message itself, of replies beneath it, of edits."""
        return self._deliveries(DELIVERIES.c.alert_key == key)

    def message(self, channel: str, receipt: str) -> list[Delivery]:
        """The deliveries of alerts that one message on a channel holds."""
        kind = DELIVERIES.c.kind == DeliveryKind.ALERT
        return self._deliveries((DELIVERIES.c.channel == channel) & (DELIVERIES.c.receipt == receipt) & kind)

    def _deliveries(self, where: ColumnElement[bool]) -> list[Delivery]:
        query = select(*_DELIVERY).where(where).order_by(DELIVERIES.c.id)
        return [built(Delivery, row) for row in self._link.rows(query)]

    def add_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        """Add what is to be done; an edit that is known is to be done again, and all else that is known stays."""
        for delivery in deliveries:
            insert = self._link.insert(DELIVERIES).values(values_of(delivery))
            name = [DELIVERIES.c[column] for column in ("alert_key", "channel", "kind", "post_id")]
            if delivery.kind is DeliveryKind.EDIT:
                self._link.run(insert.on_conflict_do_update(index_elements=name, set_=values_of(delivery)))
            else:
                self._link.run(insert.on_conflict_do_nothing())

    def save_delivery(self, delivery: Delivery) -> None:
        """Replace the state of a delivery; an edit that was asked for again on its way stays to be done.

        Raises:
            StorageError: there is no such delivery.
        """
        table = DELIVERIES.c
        one = (table.alert_key == delivery.alert_key) & (table.channel == delivery.channel)
        one &= (table.kind == delivery.kind) & (table.post_id == delivery.post_id)
        if delivery.kind is DeliveryKind.EDIT:
            asked = self._link.rows(select(table.created).where(one))
            if any(row.created != delivery.created for row in asked):
                return
        found = self._link.rows(update(DELIVERIES).where(one).values(values_of(delivery)).returning(table.id))
        self._link.require(found, f"alert {delivery.alert_key} has no delivery to {delivery.channel}")

    def add_notice(self, notice: Notice, channels: Sequence[str]) -> bool:
        """Store a notice with one pending delivery per channel; False, and nothing is done, when its key is known."""
        insert = self._link.insert(NOTICES).on_conflict_do_nothing().returning(NOTICES.c.id)
        if not self._link.rows(insert, values_of(notice) | {"lines": list(notice.lines)}):
            return False
        kind = DeliveryKind.NOTICE
        self.add_deliveries(Delivery(notice.key, channel, created=notice.at, kind=kind) for channel in channels)
        return True

    def notice(self, key: str) -> Notice | None:
        """One notice."""
        return next(map(_notice, self._link.rows(select(*_NOTICE).where(NOTICES.c.key == key))), None)

    def notices(self, limit: int | None = None) -> list[Notice]:
        """Notices, newest first."""
        return list(map(_notice, self._link.rows(select(*_NOTICE).order_by(NOTICES.c.id.desc()).limit(limit))))

    def remark(self, key: str, at: datetime, text: str) -> None:
        """Write a sentence beneath an alert, and have its messages brought up to date.

        Raises:
            StorageError: there is no such alert.
        """
        self._link.run(REMARKS.insert(), {"alert_key": key, "at": at, "text": text})
        self.add_deliveries(edits(self.deliveries(key), at))

    def remarks(self, key: str) -> list[str]:
        """What was written beneath an alert, oldest first."""
        query = select(REMARKS.c.text).where(REMARKS.c.alert_key == key).order_by(REMARKS.c.id)
        return [row.text for row in self._link.rows(query)]


def _notice(row: Row[Any]) -> Notice:
    values = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name for a row as a mapping)
    typed = {"kind": NoticeKind(values["kind"]), "severity": Severity(values["severity"])}
    return Notice(**values | typed | {"lines": tuple(values["lines"])})


def _alert(row: Row[Any]) -> Alert:
    values = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name for a row as a mapping)
    changes = tuple(snapshot.load(Told, told) for told in values.pop("changes"))
    return Alert(changes=changes, **values)

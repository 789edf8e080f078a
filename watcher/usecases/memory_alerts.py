"""What was told, in plain Python: alerts, notices, what joined them, and their deliveries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from watcher.core.alert import Alert, Report
from watcher.core.delivery import Delivery, DeliveryKind, edits, of_report
from watcher.core.notice import Notice
from watcher.usecases.journal import Journal


@dataclass(slots=True)
class ToldRecord:
    """What is on record of it. Mappings keep the order in which things came."""

    alerts: dict[str, Alert] = field(default_factory=dict)
    reports: dict[tuple[str, str], Report] = field(default_factory=dict)
    deliveries: dict[tuple[str, str, DeliveryKind, str], Delivery] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    remarks: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


class MemoryAlerts:
    """``Alerts`` in memory."""

    def __init__(self, record: ToldRecord, journal: Journal) -> None:
        self._record = record
        self._journal = journal

    def add(self, alert: Alert, channels: Sequence[str]) -> None:
        """Store an alert with one pending delivery per channel; both must be new."""
        if alert.key in self._record.alerts or len(set(channels)) < len(channels):
            self._journal.fail(f"alert {alert.key}: it is there already, or a channel is named twice")
        self._journal.put(self._record.alerts, alert.key, alert)
        for channel in channels:
            self._put(Delivery(alert.key, channel, created=alert.at))

    def _put(self, delivery: Delivery) -> None:
        self._journal.put(self._record.deliveries, delivery.name, delivery)

    def get(self, key: str) -> Alert | None:
        """One alert."""
        return self._record.alerts.get(key)

    def recent(self, vendor: str, since: datetime) -> list[Alert]:
        """Alerts of a vendor whose post was published at ``since`` or later, oldest first."""
        mine = [alert for alert in self._record.alerts.values() if alert.vendor == vendor and alert.published >= since]
        return sorted(mine, key=lambda alert: alert.published)

    def all(self, vendor: str | None = None, limit: int | None = None) -> list[Alert]:
        """Alerts, newest first: in the reverse order of telling."""
        newest_first = reversed(self._record.alerts.values())
        return [alert for alert in newest_first if vendor is None or alert.vendor == vendor][:limit]

    def join(self, report: Report) -> bool:
        """Add a corroborating report, with what it gives to do; False when this post had joined already."""
        if report.alert_key not in self._record.alerts:
            self._journal.fail(f"alert {report.alert_key}: there is no such alert")
        key = (report.alert_key, report.post_id)
        if key in self._record.reports:
            return False
        self._journal.put(self._record.reports, key, report)
        self.add_deliveries(of_report(report, self.deliveries(report.alert_key)))
        return True

    def reports(self, key: str) -> list[Report]:
        """The reports that joined an alert, oldest first."""
        mine = [report for report in self._record.reports.values() if report.alert_key == key]
        return sorted(mine, key=lambda report: report.at)

    def open_deliveries(self) -> list[Delivery]:
        """Deliveries pending, sending or unknown, whether due or not, in the order of their alerts."""
        return [delivery for delivery in self._record.deliveries.values() if delivery.state.open]

    def deliveries(self, key: str) -> list[Delivery]:
        """All deliveries of an alert or a notice: of the message itself, of replies beneath it, of edits."""
        return [delivery for delivery in self._record.deliveries.values() if delivery.alert_key == key]

    def message(self, channel: str, receipt: str) -> list[Delivery]:
        """The deliveries of alerts that one message on a channel holds."""
        here = (one for one in self._record.deliveries.values() if (one.channel, one.receipt) == (channel, receipt))
        return [one for one in here if one.kind is DeliveryKind.ALERT]

    def add_deliveries(self, deliveries: Iterable[Delivery]) -> None:
        """Add what is to be done; an edit that is known is to be done again, and all else that is known stays."""
        for delivery in deliveries:
            if delivery.kind is DeliveryKind.EDIT or delivery.name not in self._record.deliveries:
                self._put(delivery)

    def save_delivery(self, delivery: Delivery) -> None:
        """Replace the state of a delivery; an edit that was asked for again on its way stays to be done."""
        held = self._record.deliveries.get(delivery.name)
        if held is None:
            self._journal.fail(f"alert {delivery.alert_key} has no delivery to {delivery.channel}")
        if delivery.kind is not DeliveryKind.EDIT or held.created == delivery.created:
            self._put(delivery)

    def add_notice(self, notice: Notice, channels: Sequence[str]) -> bool:
        """Store a notice with one pending delivery per channel; False, and nothing is done, when its key is known."""
        if notice.key in self._record.notices:
            return False
        self._journal.put(self._record.notices, notice.key, notice)
        kind = DeliveryKind.NOTICE
        self.add_deliveries(Delivery(notice.key, channel, created=notice.at, kind=kind) for channel in channels)
        return True

    def notice(self, key: str) -> Notice | None:
        """One notice."""
        return self._record.notices.get(key)

    def notices(self, limit: int | None = None) -> list[Notice]:
        """Notices, newest first."""
        return list(reversed(self._record.notices.values()))[:limit]

    def remark(self, key: str, at: datetime, text: str) -> None:
        """Write a sentence beneath an alert, and have its messages brought up to date."""
        if key not in self._record.alerts:
            self._journal.fail(f"alert {key}: there is no such alert")
        self._journal.append(self._record.remarks[key], text)
        self.add_deliveries(edits(self.deliveries(key), at))

    def remarks(self, key: str) -> list[str]:
        """What was written beneath an alert, oldest first."""
        return list(self._record.remarks.get(key, ()))

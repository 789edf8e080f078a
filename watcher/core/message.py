"""What stands in one message on one channel, as the record has it at the moment of writing."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.alert import Alert, Report
from watcher.core.notice import Notice


@dataclass(frozen=True, slots=True)
class Bulletin:
    """An alert with what has come to it since: ``reports`` that joined it, ``remarks`` of people, oldest first.

    ``late``: how long after its decision it reaches the channel, where that was too long. ``silent``, of a mail: since
    when the channel in whose place it is sent has not taken it.
    """

    alert: Alert
    reports: tuple[Report, ...] = ()
    remarks: tuple[str, ...] = ()
    late: timedelta | None = None
    silent: datetime | None = None

    @property
    def confirmation(self) -> Report | None:
        """The vendor's own post, where outlets had told of it first."""
        if self.alert.own_voice:
            return None
        return next((report for report in self.reports if report.own_voice), None)

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of those who tell of it, each once, the first one first."""
        told = {self.alert.source_id: self.alert.source_name}
        for report in self.reports:
            told.setdefault(report.source_id, report.source_name)
        return tuple(told.values())


@dataclass(frozen=True, slots=True)
class Batch:
    """Several alerts folded into one message."""

    bulletins: tuple[Bulletin, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A later report, beneath the message of its alert, whose name on the channel is ``thread``."""

    alert: Alert
    report: Report
    thread: str


Message = Bulletin | Batch | Reply | Notice


def keys_of(message: Message) -> tuple[str, ...]:
    """The keys that a message is found by, one for each delivery that it settles."""
    if isinstance(message, Batch):
        return tuple(bulletin.alert.key for bulletin in message.bulletins)
    if isinstance(message, Reply):
        return (report_key(message.report.alert_key, message.report.post_id),)
    return (message.alert.key,) if isinstance(message, Bulletin) else (message.key,)


def report_key(alert_key: str, post_id: str) -> str:
    """The key of a reply. It does not hold the alert's own, which stands in the alert's message and nowhere else."""
    name = f"{alert_key}\n{post_id}"
    return f"report-{hashlib.sha256(name.encode()).hexdigest()[:12]}"

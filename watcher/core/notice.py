"""Something told that is no alert: nobody has said anything new, and people should know all the same."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.core.severity import Severity


class NoticeKind(StrEnum):
    """What a notice is about."""

    REMINDER = "reminder"  # a moratorium's end comes near
    HEALTH = "health"  # a source changed its state
    FAULT = "fault"  # something of ours is broken
    MENDED = "mended"  # it works again
    SUMMARY = "summary"  # what came in while nobody watched
    REVIEW = "review"  # a person's word is wanted


@dataclass(frozen=True, slots=True)
class Notice:
    """One message, told once for its ``key`` on each of its channels, through the same outbox as alerts.

    ``key`` is made of what the notice is about (``reminder-amazon-police-2021-06-10-30d``), so that whoever makes it a
    second time, after a crash or a day later, makes the same one. ``lines`` are sentences for people, the most
    important first; like ``title`` they may hold words of a feed, which each channel makes harmless.
    """

    key: str
    kind: NoticeKind
    at: datetime
    title: str
    lines: tuple[str, ...] = ()
    vendor: str | None = None
    url: str | None = None
    severity: Severity = Severity.NORMAL

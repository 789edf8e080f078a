"""Moments and spans in words."""

from datetime import UTC, date, datetime, timedelta

from watcher.notify.wording import day

# Not strftime's %A, which speaks the language of the process.
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def in_words(when: date) -> str:
    """A day as people say it: Wednesday, 10 June 2020."""
    return f"{_WEEKDAYS[when.weekday()]}, {day(when)}"


def minute(moment: datetime) -> str:
    """A moment to the minute, with its zone."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def ago(moment: datetime | None, now: datetime) -> str:
    """How long ago something was, in the largest unit that fits."""
    return f"{_span(now - moment)} ago" if moment else "never"


def ahead(moment: datetime | None, now: datetime) -> str:
    """How long until something is due."""
    return "now" if moment is None or moment <= now else f"in {_span(moment - now)}"


def _span(length: timedelta) -> str:
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun: 1 source, 2 sources."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"

"""What ``why`` says of an end that passed without a word: for people and for programs."""

from typing import Any

from watcher.core.alert import Alert
from watcher.entrypoints.show.screen import Screen
from watcher.entrypoints.show.words import minute

Form = dict[str, Any]


def show_lapse(screen: Screen, alert: Alert) -> None:
    """That the end of a stance had passed, by whose words it had been named, and why it was told."""
    screen.line(f"Lapsed, told {minute(alert.at)} (alert {alert.key})", style="dim")
    screen.labelled("Why", alert.reason)
    screen.labelled("Quote", f"“{alert.main.quote}”" if alert.main.quote else "none on record")
    screen.address(alert.url, indent=14)


def lapse(alert: Alert) -> Form:
    """The same as an object."""
    until = alert.main.until
    ended = until.isoformat() if until else None
    return {"alert": alert.key, "at": alert.at.isoformat(), "until": ended, "reason": alert.reason}


def lapse_alone(alert: Alert) -> Form:
    """A post that there is not: the stance that lapsed was on record from the start."""
    known = {"id": None, "title": alert.title, "url": alert.url}
    unknown = dict.fromkeys(("published", "seen", "version", "baseline", "complete"))
    source = {"id": alert.source_id, "name": alert.source_name}
    return {**known, **unknown, "source": source, "told": True, "readings": [], "lapses": [lapse(alert)]}

"""How much a message matters: what goes out first, what always stands alone, what a route may leave out.

The question is what readers must act on. A vendor that does something else from now on is ``high``, whoever reports it:
it tightens, loosens, takes back, or lets a moratorium run out; so is a stance that a vendor takes for the first time in
its own words. What outlets report of a stance nobody knew, and an end that moves, is ``normal``: the vendor's own word
may still come. New terms of a known stance, and calls for rules, are ``low``.
"""

from enum import StrEnum

from watcher.core.alert import Alert, Told
from watcher.core.change import Change
from watcher.core.statement import Position


class Severity(StrEnum):
    """From the most to the least."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 goes first."""
        return list(Severity).index(self)

    def at_least(self, least: "Severity") -> bool:
        """Whether it matters as much as ``least``, or more."""
        return self.rank <= least.rank


_OF_CHANGES = {
    Change.TIGHTENED: Severity.HIGH,
    Change.LOOSENED: Severity.HIGH,
    Change.WITHDRAWN: Severity.HIGH,
    Change.LAPSED: Severity.HIGH,
    Change.ANNOUNCED: Severity.NORMAL,
    Change.EXTENDED: Severity.NORMAL,
}


def severity_of(alert: Alert) -> Severity:
    """That of the weightiest change in the alert."""
    return min((_severity(told, own_voice=alert.own_voice) for told in alert.changes), key=lambda one: one.rank)


def _severity(told: Told, *, own_voice: bool) -> Severity:
    if told.position is Position.ADVOCATE:
        return Severity.LOW
    if told.change is Change.ANNOUNCED and own_voice:
        return Severity.HIGH
    return _OF_CHANGES.get(told.change, Severity.LOW)

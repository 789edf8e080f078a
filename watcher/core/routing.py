"""Which channels an alert goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from watcher.core.alert import Alert, Told
from watcher.core.change import Change
from watcher.core.severity import Severity, severity_of
from watcher.core.statement import Audience

TERMINAL = "terminal"
MAILTO = "mailto:"


class Medium(Enum):
    """What kind of channel a channel is."""

    SLACK = auto()
    MAIL = auto()
    TERMINAL = auto()


def medium_of(channel: str) -> Medium:
    """The kind, told by the channel's name."""
    if channel == TERMINAL:
        return Medium.TERMINAL
    return Medium.MAIL if channel.startswith(MAILTO) else Medium.SLACK


@dataclass(frozen=True, slots=True)
class Route:
    """One channel and what it wants to hear; an empty set asks for nothing and lets all pass."""

    channel: str
    vendors: frozenset[str] = frozenset()
    audiences: frozenset[Audience] = frozenset()
    changes: frozenset[Change] = frozenset()
    severity: Severity = Severity.LOW  # the least that is heard

    def takes(self, alert: Alert) -> bool:
        """Whether at least one change of the alert meets all conditions at once."""
        if self.vendors and alert.vendor not in self.vendors:
            return False
        if not severity_of(alert).at_least(self.severity):
            return False
        return any(self._wants(told) for told in alert.changes)

    def _wants(self, told: Told) -> bool:
        if self.changes and told.change not in self.changes:
            return False
        return not self.audiences or any(told.audience.covers(audience) for audience in self.audiences)


def channels(alert: Alert, routes: Sequence[Route], default: str | None) -> tuple[str, ...]:
    """The channels of an alert, each once, in the order of the routes.

    An alert that no route takes goes to ``default``, and without one to the terminal: it is never dropped.
    """
    taken = tuple(dict.fromkeys(route.channel for route in routes if route.takes(alert)))
    return taken or (default or TERMINAL,)

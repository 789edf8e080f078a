"""``sources`` and ``alerts`` for people."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from watcher.core.source import Health
from watcher.entrypoints.show.reasons import describe
from watcher.entrypoints.show.screen import Column, Screen
from watcher.entrypoints.show.words import ago, ahead, count, minute
from watcher.usecases.answer import AlertLine, SourceLine

_SOURCES = (
    Column("Source", most=26),
    Column("Health", solid=True),
    Column("Last good", solid=True),
    Column("Next", solid=True),
    Column("What stands in the way"),
)
_STYLES = {
    Health.FAILING: "red",
    Health.BLOCKED: "red",
    Health.GONE: "red",
    Health.PARTIAL: "yellow",
    Health.QUIET: "yellow",
}


def show_sources(screen: Screen, found: Sequence[SourceLine], now: datetime) -> None:
    """The health of each source, and how many are well."""
    rows = [_source(one, now) for one in found]
    screen.table(_SOURCES, rows, styles=[_STYLES.get(one.state.health) for one in found])
    screen.line()
    counts = Counter(one.state.health.value for one in found)
    told = ", ".join(f"{counts[health]} {health}" for health in Health if counts[health])
    screen.line(f"{count(len(found), 'source')}: {told}" if found else "No sources are configured.")


def _source(one: SourceLine, now: datetime) -> list[str]:
    state = one.state
    detail = f"{state.trouble}: {state.detail}" if state.trouble else state.detail or ""
    moved = f"moved for good to {state.http.moved_to}" if state.http.moved_to else ""
    return [
        one.source.id,
        state.health.value,
        ago(state.last_success, now),
        ahead(state.next_due, now),
        "; ".join(part for part in (detail, moved) if part),
    ]


def show_alerts(screen: Screen, found: Sequence[AlertLine]) -> None:
    """Each alert with its deliveries, newest first."""
    for number, one in enumerate(found):
        if number:
            screen.line()
        _alert(screen, one)


def _alert(screen: Screen, one: AlertLine) -> None:
    alert, main = one.alert, one.alert.main
    end = f" until {main.until.isoformat()}" if main.until else ""
    head = f"{alert.vendor_name}: {main.position} towards {main.audience}{end} ({main.change})"
    screen.line(f"{minute(alert.at)}  {head}", hanging=2, style="bold")
    screen.labelled("Source", f"{alert.source_name}: {alert.title}")
    screen.address(alert.url, indent=14)
    screen.labelled("Alert", alert.key)
    for delivery in one.deliveries:
        screen.labelled("Delivery", describe(delivery))
    if one.reports:
        names = ", ".join(dict.fromkeys(report.source_name for report in one.reports))
        screen.labelled("Joined by", f"{len(one.reports)}: {names}")

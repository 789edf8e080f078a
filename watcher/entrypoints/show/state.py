"""``sources`` and ``alerts`` for people."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from watcher.core.errors import FetchTrouble
from watcher.core.source import Health, SourceState
from watcher.entrypoints.show.reasons import describe
from watcher.entrypoints.show.screen import Column, Screen
from watcher.entrypoints.show.words import ago, ahead, count, minute
from watcher.usecases.answer import AlertLine, SourceLine
from watcher.usecases.backlog import Backlog
from watcher.usecases.review import remark

_SOURCES = (
    Column("Source", most=26),
    Column("Health", solid=True),
    Column("Last good", solid=True),
    Column("Next", solid=True),
    Column("What stands in the way"),
)
_MANY, _MOST = 5, 0.8  # as in core/health: so many sources at once are our own network
_STYLES = {
    Health.FAILING: "red",
    Health.BLOCKED: "red",
    Health.GONE: "red",
    Health.PARTIAL: "yellow",
    Health.QUIET: "yellow",
}


def show_sources(screen: Screen, found: Sequence[SourceLine], now: datetime) -> None:
    """The health of each source, and how many are well."""
    ours = _our_network(found)
    if ours:
        screen.line(
            f"{ours} of {count(len(found), 'source')} could not be reached: this machine's own network seems down."
        )
        screen.line()
    rows = [_source(one, now, brief=bool(ours)) for one in found]
    screen.table(_SOURCES, rows, styles=[_STYLES.get(one.state.health) for one in found])
    screen.line()
    counts = Counter(row[1] for row in rows)
    told = ", ".join(f"{number} {health}" for health, number in counts.items())
    screen.line(f"{count(len(found), 'source')}: {told}" if found else "No sources are configured.")


def _our_network(found: Sequence[SourceLine]) -> int:
    """How many sources the network kept from us, where it is so many that it must be our own; else 0."""
    kept = sum(one.state.trouble in {FetchTrouble.NETWORK, FetchTrouble.TIMEOUT} for one in found)
    return kept if len(found) >= _MANY and kept >= _MOST * len(found) else 0


def _source(one: SourceLine, now: datetime, *, brief: bool) -> list[str]:
    state = one.state
    lasting = brief and state.trouble in {FetchTrouble.NETWORK, FetchTrouble.TIMEOUT}
    detail = (
        f"{state.trouble}: {state.detail}" if state.trouble and not lasting else state.trouble or state.detail or ""
    )
    moved = _moved(state)
    return [
        one.source.id,
        "unreached" if state.health is Health.NEW and state.trouble else state.health.value,
        ago(state.last_success, now),
        ahead(state.next_due, now),
        "; ".join(part for part in (detail, moved) if part),
    ]


def _moved(state: SourceState) -> str:
    if not state.proposed_url:
        return ""
    since = f" since {state.http.moved_since:%Y-%m-%d}" if state.http.moved_since else ""
    return f"moved for good (seen {state.http.moved_seen} times{since}): change its url to {state.proposed_url}"


def show_backlog(screen: Screen, left: Backlog, now: datetime) -> None:
    """How many messages have not arrived, and since when the oldest waits; nothing where all have."""
    if left.waiting:
        since = f", the oldest decided {ago(left.since, now)}" if left.since else ""
        screen.line(f"{count(left.waiting, 'message')} not delivered yet{since}.", style="yellow")
        screen.line()


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
    if not one.deliveries:
        screen.labelled("Delivery", "none: the vendor was muted when it came")
    if one.review:
        screen.labelled("Review", remark(one.review))
    if one.reports:
        names = ", ".join(dict.fromkeys(report.source_name for report in one.reports))
        screen.labelled("Joined by", f"{len(one.reports)}: {names}")

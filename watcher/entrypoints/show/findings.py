"""``doctor`` for people and for programs."""

from collections import Counter
from collections.abc import Sequence

from watcher.entrypoints.show.forms import Form
from watcher.entrypoints.show.screen import Column, Screen
from watcher.entrypoints.show.words import count
from watcher.usecases.examine import Finding, State

_COLUMNS = (Column("About", solid=True), Column("Name", most=28), Column("State", solid=True), Column("Finding"))
_STYLES = {State.FAILED: "red", State.WARNING: "yellow", State.SKIPPED: "dim", State.OK: None}


def show_findings(screen: Screen, found: Sequence[Finding]) -> None:
    """A table of what was looked at, and what it comes to."""
    rows = [[one.about, one.name, one.state.value, one.detail] for one in found]
    screen.table(_COLUMNS, rows, styles=[_STYLES[one.state] for one in found])
    screen.line()
    states = Counter(one.state for one in found)
    failed, warned = states[State.FAILED], states[State.WARNING]
    if failed or warned:
        screen.line(f"{failed} failed, {count(warned, 'warning')}.", style="red" if failed else "yellow")
    else:
        screen.line("All is well.", style="green")


def form_of(one: Finding) -> Form:
    """One thing that was looked at, with keys that stay."""
    return {"about": one.about, "name": one.name, "state": one.state.value, "detail": one.detail}

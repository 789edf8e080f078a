"""How the sources stand in a round: their states on record, and those that follow."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core import cadence, health, intake
from watcher.core.health import Outcome, Transition
from watcher.core.source import HttpState, Source, SourceState
from watcher.usecases.ports import FetchRequest, Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class Step:
    """The next state of a source, not yet saved."""

    state: SourceState
    transition: Transition | None


class Standing:
    """The states of the sources, as they are on record.

    ``window``: posts older than this are no news at first sight and after an outage. ``transitions`` are those that
    were saved in this round.
    """

    def __init__(self, store: Store, sources: Iterable[Source], window: timedelta) -> None:
        self.sources = {source.id: source for source in sources}
        self.transitions: list[Transition] = []
        self.window = window
        with store.begin() as work:
            self._states = work.sources.states()
            self._lost = work.captures.pending()

    def of(self, source: Source) -> SourceState:
        """The state on record."""
        return self._states.get(source.id) or SourceState(source.id)

    def is_due(self, source: Source, now: datetime) -> bool:
        """Whether the source is to be polled now."""
        return cadence.is_due(source, self._states.get(source.id), now)

    def next_due(self, apart_from: Iterable[str] = ()) -> datetime | None:
        """The earliest due time; None without sources."""
        left = self.sources.keys() - set(apart_from)
        return min((due for name in left if (due := self.of(self.sources[name]).next_due)), default=None)

    def request(self, source: Source) -> FetchRequest:
        """A conditional request for a source; a page from which something went is looked at in full."""
        http = HttpState() if source.id in self._lost else cadence.validators(source, self.of(source))
        return FetchRequest(source.id, source.url, http, source)

    def follow(self, source: Source, outcome: Outcome, now: datetime) -> Step:
        """The state after an outcome."""
        quiet_from = intake.outage(source, self.window)
        state, transition = health.follow(source, self.of(source), outcome, now, quiet_from)
        return Step(replace(state, next_due=cadence.next_due(source, state, outcome, now)), transition)

    def network_down(self, failed: Iterable[tuple[str, Outcome]], now: datetime) -> bool:
        """Whether these failures, beside how the other sources fared lately, look like our own network's."""
        by_id = dict(failed)
        others = (self.of(source) for source in self.sources.values() if source.id not in by_id)
        recent = health.recent_outcomes(others, now)
        return bool(by_id) and health.network_down([*recent, *(outcome.trouble for outcome in by_id.values())])

    def save(self, work: UnitOfWork, *steps: Step) -> None:
        """Commit, and only then believe it."""
        work.sources.save([step.state for step in steps])
        work.commit()
        self._states.update({step.state.source_id: step.state for step in steps})
        self.transitions += [step.transition for step in steps if step.transition]

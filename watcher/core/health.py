"""How a source fares: the next state after an outcome, and the change of health that is worth one message.

A source in trouble keeps being polled for ever; what changes is how it is shown. A source that never worked is shown
in trouble at once, one that did gets the benefit of the doubt, since most trouble passes by the next poll. When most
sources fail together it is our own network, and no source is blamed for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core.errors import FetchTrouble
from watcher.core.source import Health, HttpState, Source, SourceState, SourceType

FAILURES_IN_A_ROW = 3
REFUSALS_IN_A_ROW = 2
PATIENCE = timedelta(hours=2)  # a 403 or 404 of some minutes is often a deploy or a passing bot check
CUT_POLLS = 3
QUIET_AFTER = timedelta(days=60)
NETWORK_DOWN_SHARE = 0.8
NETWORK_DOWN_LEAST = 5
RECENT = timedelta(minutes=10)

_REFUSED = {FetchTrouble.BLOCKED: Health.BLOCKED, FetchTrouble.GONE: Health.GONE}
_IN_TROUBLE = frozenset({Health.FAILING, Health.BLOCKED, Health.GONE})
# A resolver that does not answer shows as a time-out, not as a network error.
PERHAPS_OURS = frozenset({FetchTrouble.NETWORK, FetchTrouble.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one poll of a source came to; ``trouble`` None means that it answered.

    ``partial`` says what was cut short. ``ttl`` and ``retry_after`` are in seconds. ``lasting``: it is meant to last
    (410). ``newest`` is the latest date of publication among ``new_posts``. ``http`` None keeps the validators on
    record, because the answer is not covered. ``settled``: a whole answer with something in it, so that what is missing
    from it is really not there.
    """

    trouble: FetchTrouble | None = None
    detail: str | None = None
    retry_after: float | None = None
    lasting: bool = False
    ttl: float | None = None
    partial: str | None = None
    not_modified: bool = False
    settled: bool = True
    new_posts: int = 0
    newest: datetime | None = None
    http: HttpState | None = None
    title: str | None = None
    network_down: bool = False


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of a source's health that people are told once."""

    source_id: str
    before: Health
    after: Health
    at: datetime
    detail: str | None = None


def follow(
    source: Source, state: SourceState, outcome: Outcome, now: datetime, outage: timedelta
) -> tuple[SourceState, Transition | None]:
    """The state after an outcome (all but the next due time), and the change of health if there is one to tell.

    ``outage`` is the age of the last success from which on the next whole answer ends an outage.
    """
    counted = replace(state, polls=state.polls + 1, last_polled=now)
    after = _failed(counted, outcome, now) if outcome.trouble else _answered(source, counted, outcome, now, outage)
    after = replace(after, http=_moved_since(state.http, after.http, now))
    if after.health is state.health:
        return after, None
    after = replace(after, health_since=now)
    return after, _transition(state, after, now)


def _moved_since(before: HttpState, after: HttpState, now: datetime) -> HttpState:
    """Since when a permanent redirect leads to the same address."""
    if after.moved_to is None or (after.moved_to == before.moved_to and before.moved_since):
        since = before.moved_since if after.moved_to else None
    else:
        since = now
    return after if after.moved_since == since else replace(after, moved_since=since)


def after_outage(state: SourceState, now: datetime, outage: timedelta) -> bool:
    """Whether the source was last read so long ago that old posts on it are no news."""
    return state.last_success is not None and now - state.last_success > outage


def network_down(outcomes: Iterable[FetchTrouble | None]) -> bool:
    """Whether the recent outcomes (None: it answered) look like a failure of our own network."""
    seen = list(outcomes)
    failed = [trouble for trouble in seen if trouble in PERHAPS_OURS]
    return len(seen) >= NETWORK_DOWN_LEAST and len(failed) >= NETWORK_DOWN_SHARE * len(seen)


def recent_outcomes(states: Iterable[SourceState], now: datetime) -> list[FetchTrouble | None]:
    """How the sources fared that were polled in the last ten minutes.

    Due times are spread, so that a small round alone could not tell its own network's failure from a source's.
    """
    return [
        state.trouble for state in states if state.last_polled and timedelta(0) <= now - state.last_polled <= RECENT
    ]


def _answered(source: Source, state: SourceState, outcome: Outcome, now: datetime, outage: timedelta) -> SourceState:
    # A feed that is always cut short (its last item is broken for good) counts as seen after a few polls.
    settled = (outcome.settled and not outcome.partial) or (bool(outcome.partial) and state.polls > CUT_POLLS)
    # A cut answer does not end an outage: what was cut off would come as news at the next poll.
    keeps_outage = not settled and after_outage(state, now, outage)
    last_new = _latest(state.last_new_post, outcome.newest, now)
    return replace(
        state,
        http=outcome.http or state.http,
        health=_answering(source, state, outcome, last_new, now),
        first_success=state.first_success or (now if settled else None),
        last_success=state.last_success if keeps_outage else now,
        last_new_post=last_new,
        failures=0,
        trouble=None,
        detail=outcome.partial,
        title=outcome.title or state.title,
        not_modified=state.not_modified + outcome.not_modified,
    )


def _latest(known: datetime | None, newest: datetime | None, now: datetime) -> datetime | None:
    dates = [min(date, now) for date in (known, newest) if date]
    return max(dates, default=None)


def _answering(
    source: Source, state: SourceState, outcome: Outcome, last_new: datetime | None, now: datetime
) -> Health:
    if outcome.partial:
        return Health.PARTIAL
    since = last_new or state.first_success
    quiet = source.type is not SourceType.POLICY and since is not None and now - since > QUIET_AFTER
    return Health.QUIET if quiet else Health.OK


def _failed(state: SourceState, outcome: Outcome, now: datetime) -> SourceState:
    told = replace(state, trouble=outcome.trouble, detail=outcome.detail)
    if outcome.network_down:
        return told
    counted = replace(told, failures=state.failures + 1)
    return replace(counted, health=_troubled(counted, now, lasting=outcome.lasting))


def _troubled(state: SourceState, now: datetime, *, lasting: bool) -> Health:
    refused = _REFUSED.get(state.trouble) if state.trouble else None
    enough = REFUSALS_IN_A_ROW if refused else FAILURES_IN_A_ROW
    proven = lasting or (state.failures >= enough and _for_hours(state, now))
    return refused or Health.FAILING if proven or state.last_success is None else state.health


def _for_hours(state: SourceState, now: datetime) -> bool:
    return state.last_success is not None and now - state.last_success >= PATIENCE


def _transition(before: SourceState, after: SourceState, now: datetime) -> Transition | None:
    if before.health is Health.NEW and after.health not in _IN_TROUBLE:
        return None
    return Transition(before.source_id, before.health, after.health, now, after.detail)

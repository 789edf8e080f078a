"""When a source is polled next: arithmetic only.

Each source has its own place in its interval, derived from its id, so that a thousand sources that were first polled
together are spread evenly from the second poll on, and the same after every restart.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from watcher.core.errors import FetchTrouble
from watcher.core.health import Outcome
from watcher.core.source import Health, HttpState, Source, SourceState

TTL_CAP = timedelta(hours=1)  # shared caches announce days; news does not wait so long
BACK_OFF_CAP = timedelta(hours=6)
REFUSED_CAP = timedelta(hours=24)
RETRY_AFTER_CAP = timedelta(days=7)  # a slip in a header must not silence a source for ever
NETWORK_RETRY = timedelta(minutes=5)
JITTER = 0.1  # of a back-off, either way
QUIET_FACTOR = 4  # a source that has brought nothing for months is asked less often
QUIET_CAP = timedelta(hours=6)
UNCONDITIONAL = 48  # polls after which one asks for the whole answer: some servers say 304 for ever

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_CAPS = {
    FetchTrouble.BLOCKED: REFUSED_CAP,
    FetchTrouble.GONE: REFUSED_CAP,
    FetchTrouble.TOO_LARGE: REFUSED_CAP,
    FetchTrouble.UNSAFE: REFUSED_CAP,
    FetchTrouble.REDIRECTS: REFUSED_CAP,
}


def is_due(source: Source, state: SourceState | None, now: datetime) -> bool:
    """Whether a source is to be polled now.

    A due time that no rule here would have set is not believed: the interval was shortened since, or the clock was
    wrong when it was written.
    """
    if state is None or state.next_due is None or state.last_polled is None or state.next_due <= now:
        return True
    if state.last_polled > now:
        return True
    longest = RETRY_AFTER_CAP if state.trouble else max(1.5 * interval(source, state), TTL_CAP)
    return state.next_due - state.last_polled > longest + timedelta(minutes=1)


def next_due(source: Source, state: SourceState, outcome: Outcome, now: datetime) -> datetime:
    """When to poll next; ``state`` is the one after the outcome, with its failures counted."""
    if outcome.trouble is None:
        return max(_slot(source, interval(source, state), now), now + _seconds(outcome.ttl, TTL_CAP))
    if outcome.retry_after is not None:
        return now + max(timedelta(seconds=1), _seconds(outcome.retry_after, RETRY_AFTER_CAP))
    if outcome.network_down:
        return now + min(source.every, NETWORK_RETRY)
    return now + _back_off(source, state.failures, outcome.trouble)


def interval(source: Source, state: SourceState) -> timedelta:
    """How often a source is asked: as its operator said, else less often while it is quiet."""
    if source.named_every or state.health is not Health.QUIET:
        return source.every
    return max(source.every, min(source.every * QUIET_FACTOR, QUIET_CAP))


def validators(source: Source, state: SourceState) -> HttpState:
    """What the next request is made conditional with; every 48th asks for the whole answer, each source at its own.

    The hash of the known body stays, so that an unchanged answer is not read again.
    """
    whole = state.polls >= UNCONDITIONAL and state.polls % UNCONDITIONAL == int(spread(source.id) * UNCONDITIONAL)
    return replace(state.http, etag=None, last_modified=None) if whole else state.http


def _slot(source: Source, every: timedelta, now: datetime) -> datetime:
    """The source's next own place in the interval that is at least half an interval away."""
    earliest = now + every / 2 - (_EPOCH + every * spread(source.id))
    return now + every / 2 + (-earliest % every)


def _back_off(source: Source, failures: int, trouble: FetchTrouble) -> timedelta:
    wait = min(source.every * (1 << min(max(failures - 1, 0), 20)), _CAPS.get(trouble, BACK_OFF_CAP))
    return max(source.every, wait) * (1 + JITTER * (2 * spread(source.id) - 1))


def _seconds(wish: float | None, cap: timedelta) -> timedelta:
    return min(timedelta(seconds=max(0.0, min(wish or 0.0, cap.total_seconds()))), cap)


def spread(source_id: str) -> float:
    """A number from 0 up to 1 that is always the same for a source."""
    return int.from_bytes(hashlib.sha256(source_id.encode()).digest()[:4]) / 2**32

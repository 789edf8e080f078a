"""When a delivery is tried, how long a channel rests, and which alert goes first: back-off as arithmetic.

Nothing here reads a clock or draws a random number. The jitter comes from the delivery's key, so that the same
failure gives the same plan in every process and in every test.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.alert import Alert
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.notice import Notice
from watcher.core.routing import Medium, medium_of
from watcher.core.severity import severity_of

FIRST_WAIT = timedelta(seconds=3)
LONGEST_WAIT = timedelta(minutes=5)
LONGEST_WISH = timedelta(hours=1)  # a channel that asks for more (Retry-After: 86400) is asked again after this
JITTER = 0.25  # at most this part of the wait is added

# A request that left just before a crash may still be under way: the channel's history is not asked before this.
SETTLING = timedelta(seconds=3)

# Slack: "posting messages: 1 per second" and channel, https://docs.slack.dev/apis/web-api/rate-limits
SPACING = timedelta(seconds=1)

# A delivery that failed this often, which takes three minutes, no longer holds back the ones behind it: it may be the
# message, not the channel. Not sooner, or a severe alert that had bad luck would be overtaken by others.
STEPS_ASIDE_AFTER = 7

# An error that only a person can mend (a refused token, a bot that was never invited) must not cost an alert that
# they would have got by mending it on Monday. After this an alert is old news, and is given up.
PATIENCE = timedelta(days=7)

_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def wait(attempt: int, key: str, retry_after: float | None = None) -> timedelta:
    """How long to leave a delivery alone after its ``attempt``-th failure (1 is the first).

    Doubles from ``FIRST_WAIT`` up to ``LONGEST_WAIT``, plus up to a quarter of jitter derived from ``key``. What the
    channel itself asked for (``retry_after``, seconds) stands in place of the doubling; jitter is added to it too,
    never taken away.
    """
    if retry_after is None:
        doublings = min(max(attempt, 1) - 1, 20)  # no overflow after a year of failures
        plain = min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
    else:
        plain = min(max(timedelta(seconds=min(retry_after, 1e6)), SPACING), LONGEST_WISH)
    return plain * (1 + JITTER * _fraction(f"{key}\n{attempt}"))


def _fraction(text: str) -> float:
    """A number in [0, 1) that looks random and is not."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32


# Posts first, then what brings posted messages up to date, then replies beneath them, which ring nobody.
_STAGES = {DeliveryKind.EDIT: 1, DeliveryKind.REPORT: 2}


def precedence(delivery: Delivery, subject: Alert | Notice) -> tuple[int, int, datetime, datetime, str]:
    """Which of several deliveries on a channel goes first: the most severe, and of those the one decided first.

    ``subject`` is what the delivery is about. The only place to change the order.
    """
    severity = severity_of(subject) if isinstance(subject, Alert) else subject.severity
    published = subject.published if isinstance(subject, Alert) else subject.at
    return (_STAGES.get(delivery.kind, 0), severity.rank, subject.at, published, subject.key)


def spacing(channel: str) -> timedelta:
    """The least time between two messages on a channel."""
    return SPACING if medium_of(channel) is Medium.SLACK else timedelta(0)


@dataclass(frozen=True, slots=True)
class Turn:
    """The next thing to do on one channel, and not before when."""

    delivery: Delivery
    at: datetime


def next_turn(queue: Sequence[Delivery], rests_until: datetime | None) -> Turn | None:
    """Whose turn it is on one channel.

    ``queue`` holds the open deliveries of the channel in the order of ``precedence``. The channel rests until
    ``rests_until`` (its last message plus spacing, or what a 429 asked for), and while a delivery that failed only a
    few times waits for its next try: the trouble is most likely the channel's, and order is kept.
    """
    held = [ready(delivery) for delivery in queue if 0 < delivery.attempts < STEPS_ASIDE_AFTER]
    free = max([rests_until or _EPOCH, *held])
    turns = [Turn(delivery, max(free, ready(delivery))) for delivery in queue]
    return min(turns, key=lambda turn: turn.at, default=None)


def ready(delivery: Delivery) -> datetime:
    """The moment from which this delivery may be tried, its channel aside."""
    due = delivery.due or _EPOCH
    return due + SETTLING if delivery.state is DeliveryState.SENDING else due

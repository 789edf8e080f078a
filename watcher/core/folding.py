"""When a burst is folded into one message, and which alerts are.

Two hundred pings in three minutes are read by nobody. What is not ``high`` is folded where more than ``FEW`` alerts of
one severity wait for one channel. What is ``high`` always stands alone: it is what people subscribed for.
"""

from collections.abc import Callable, Sequence

from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.routing import Medium, medium_of
from watcher.core.severity import Severity

FEW = 8
# Keeps a message under Slack's limits whatever the alerts hold (see notify/blocks), and readable.
MOST = 12


def together(
    first: Delivery, queue: Sequence[Delivery], severity: Callable[[Delivery], Severity]
) -> tuple[Delivery, ...]:
    """The deliveries that go out in one message with ``first``, itself the first of them.

    ``queue`` holds what is open on the channel, in the order in which it is to go out.
    """
    if not _may_be_folded(first) or severity(first) is Severity.HIGH:
        return (first,)
    others = [one for one in queue if one.name != first.name and _may_be_folded(one)]
    alike = [one for one in others if severity(one) is severity(first)]
    return (first, *alike[: MOST - 1]) if len(alike) >= FEW else (first,)


def _may_be_folded(delivery: Delivery) -> bool:
    waits = delivery.kind is DeliveryKind.ALERT and delivery.state is DeliveryState.PENDING
    return waits and medium_of(delivery.channel) is Medium.SLACK

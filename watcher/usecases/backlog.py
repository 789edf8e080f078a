"""What was decided and has not arrived yet."""

from dataclasses import dataclass
from datetime import datetime

from watcher.core.delivery import messages
from watcher.usecases.ports import Store


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages wait to arrive on their channel, and since when the oldest of them does."""

    waiting: int
    since: datetime | None


def backlog(store: Store) -> Backlog:
    """Of alerts and notices; replies and edits to what has arrived are not counted."""
    with store.begin() as work:
        left = messages(work.alerts.open_deliveries())
    return Backlog(len(left), min((one.created for one in left if one.created), default=None))

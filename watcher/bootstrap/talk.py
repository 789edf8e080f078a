"""What answers in Slack need of an installation."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.bootstrap.app import App, Tell
from watcher.core.delivery import DeliveryKind
from watcher.usecases.ports import Store

if TYPE_CHECKING:
    from watcher.core.review import Proposal
    from watcher.usecases.reply import Office


def office(app: App, tell: Tell) -> "Office":
    """What a question is answered with. Each opens the record for itself: nobody waits for a round of polls."""
    from watcher.usecases.reply import Office  # noqa: PLC0415  (late: only those who are asked need it)

    def writing() -> AbstractContextManager[Store]:
        return app.adding(tell)

    return Office(app.vendors, app.sources, app.reading, writing)


def propose(app: App, store: Store, now: datetime) -> "list[Proposal]":
    """Propose what rules should learn of the rejections on record; see ``usecases.propose``."""
    from watcher.usecases.propose import propose  # noqa: PLC0415  (late: it brings all that reads)

    return propose(store, lambda: app.reader, app.sources, app.channels, now)


def health(app: App, now: datetime) -> dict[str, object]:
    """What an outside observer may know: when sources were last asked, and how long the oldest alert has waited.

    Raises:
        StorageError: the record cannot be read.
    """
    with app.reading() as store, store.begin() as work:
        polled = [state.last_polled for state in work.sources.states().values() if state.last_polled]
        open_ = [one for one in work.alerts.open_deliveries() if one.kind is DeliveryKind.ALERT]
    ages = [(now - one.created).total_seconds() for one in open_ if one.created]
    last = max(polled, default=None)
    return {
        "last_poll": last.isoformat() if last else None,
        "undelivered": len(open_),
        "oldest_undelivered_seconds": round(max(ages), 3) if ages else None,
    }

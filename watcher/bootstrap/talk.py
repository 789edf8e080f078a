"""What answers in Slack need of an installation."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from watcher.bootstrap.app import App, Clock, Tell
from watcher.bootstrap.letters import is_address, signing_key
from watcher.bootstrap.mailserver import address_of
from watcher.core.delivery import DeliveryKind
from watcher.core.letter import Subscriber
from watcher.usecases.letters import subscribe, unsubscribe
from watcher.usecases.mute import tell_ended
from watcher.usecases.ports import Store
from watcher.usecases.rota import Job
from watcher.usecases.unsubscribe import PATH, handle

if TYPE_CHECKING:
    from watcher.bootstrap.live import Live
    from watcher.core.review import Person, Proposal
    from watcher.usecases.reply import Office

Handle = Callable[[str, str, bytes], tuple[int, tuple[tuple[str, str], ...], bytes]]

_MUTES = timedelta(minutes=10)

_log = logging.getLogger(__name__)


def office(app: App, tell: Tell) -> "Office":
    """What a question is answered with. Each opens the record for itself: nobody waits for a round of polls."""
    from watcher.usecases.reply import Office  # noqa: PLC0415  (late: only those who are asked need it)

    def writing() -> AbstractContextManager[Store]:
        return app.adding(tell)

    letters = Subscriptions(writing) if app.settings.smtp_url else None
    return Office(app.vendors, app.sources, app.reading, writing, letters)


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Who gets the weekly letter, as people say it in Slack."""

    writing: Callable[[], AbstractContextManager[Store]]

    def subscribe(self, address: str, by: "Person", now: datetime) -> str:
        """Send the letter to an address from now on."""
        bare = address_of(address)
        if not is_address(bare):
            return f"{address} is no address."
        with self.writing() as store:
            if bare in _readers(store):
                return f"{bare} is a reader already."  # and keeps what was chosen on the command line
            subscribe(store, Subscriber(bare, now))
        _log.info("%s subscribed an address to the weekly letter", by.name)
        return f"{bare} gets the letter from next week on."

    def unsubscribe(self, address: str, by: "Person", now: datetime) -> str:
        """Send it there no more."""
        bare = address_of(address)
        with self.writing() as store:
            was = unsubscribe(store, bare, now)
        _log.info("%s unsubscribed an address from the weekly letter", by.name)
        return f"{bare} gets no further letter." if was else f"{bare} is no reader."


def _readers(store: Store) -> set[str]:
    with store.begin() as work:
        return {one.address for one in work.letters.subscribers() if one.stopped is None}


def unsubscribing(app: App, store: Store, tell: Tell, clock: Clock) -> dict[str, Handle]:
    """The page that ends somebody's letters, by its path; none where nobody could reach it."""
    if app.settings.public_url is None:
        return {}
    key = signing_key(store)

    def page(method: str, target: str, _body: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
        with ExitStack() as stack:
            made = handle(lambda: stack.enter_context(app.adding(tell)), key, method, target, clock())
        return made.status, made.headers, made.body

    return {PATH: page}


def mute_job(live: "Live", store: Store) -> Job:
    """The ends of mutes, as one of the jobs of a running installation."""
    return Job("mutes", _MUTES, lambda now: tell_ended(store, live.app.vendor_name, live.app.channels, now))


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

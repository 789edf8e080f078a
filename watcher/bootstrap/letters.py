"""The weekly letter: joined to the record, the settings and the mail server."""

import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from watcher.bootstrap.mailserver import address_of, mail_server
from watcher.core.errors import ConfigError, Fault
from watcher.usecases.letters import Office, send_due
from watcher.usecases.rota import Job
from watcher.usecases.summarise import Watched
from watcher.usecases.unsubscribe import KEY, link

if TYPE_CHECKING:
    from watcher.bootstrap.app import App
    from watcher.bootstrap.live import Live
    from watcher.config.environment import Settings
    from watcher.notify.letter import LetterPost
    from watcher.usecases.ports import Store


AT_ONCE = timedelta(seconds=15)  # for which letters may keep a round waiting

_log = logging.getLogger(__name__)


@contextmanager
def mailing(settings: "Settings") -> "Iterator[LetterPost]":
    """Who sends the letters; the connection is closed at the end of the block.

    Raises:
        ConfigError: no mail server is set.
    """
    from watcher.notify.letter import LetterPost  # noqa: PLC0415  (late: see the head of app)

    server = mail_server(settings)
    if server is None:
        raise ConfigError([Fault("environment", "WATCHER_SMTP_URL", "is missing: letters go out by mail")])
    try:
        yield LetterPost(server)
    finally:
        server.close()


def letter_job(live: "Live", store: "Store") -> Job:
    """The letters, as one of the jobs of a running installation: some at a time, since alerts do not wait for them."""

    def send(now: datetime) -> None:
        if live.app.settings.smtp_url is None:
            return
        began, clock = now, live.flow.clock
        with mailing(live.app.settings) as postman:
            place = office(live.app, store)
            done = send_due(store, postman, place, clock, stopping=lambda: clock() - began > AT_ONCE)
        if done.sent or done.trouble:
            trouble = f"; {done.trouble}" if done.trouble else ""
            _log.info("letters: %d sent, %d waiting%s", done.sent, done.waiting, trouble)

    return Job("letters", timedelta(minutes=1), send)


def office(app: "App", store: "Store | None") -> Office:
    """How letters are sent in this installation; without a record to keep the key of their links, without links."""
    settings = app.settings
    base = settings.public_url if store else None
    key = signing_key(store) if store and base else ""
    return Office(
        watched=Watched(app.sources, app.vendors),
        schedule=settings.digest_schedule,
        zone=settings.timezone.key,
        readers=tuple(address_of(one) for one in settings.digest_to),
        page=lambda address: link(base, key, address) if base else None,
    )


def signing_key(store: "Store") -> str:
    """The key that signs the links of this installation."""
    with store.begin() as work:
        key = work.letters.key(KEY, secrets.token_urlsafe(32))
        work.commit()
    return key


def is_address(text: str) -> bool:
    """Whether mail can be sent there; what could forge a header is none."""
    return bool(re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+", text)) and text.isprintable()

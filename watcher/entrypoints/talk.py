"""``run`` listens to people, too: over the line to Slack, over HTTP, or both, as the settings have it."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from watcher import bootstrap
from watcher.bootstrap import talk

if TYPE_CHECKING:
    from slack_bolt import App as BoltApp

    from watcher.config.environment import Settings
    from watcher.core.review import Proposal
    from watcher.entrypoints.slack_socket import Line
    from watcher.entrypoints.web import Handle

Current = Callable[[], bootstrap.App]
Probe = Callable[[], dict[str, str | None]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """What is listened to, in words, and what to ask now and then whether it still is."""

    words: tuple[str, ...]
    probes: tuple[Probe, ...]


@contextmanager
def talking(
    current: "Current", clock: Callable[[], datetime], pages: "Mapping[str, Handle] | None" = None
) -> Iterator[Heard]:
    """Listen while the block lasts. ``current``: the installation as it is now.

    The line needs WATCHER_SLACK_APP_TOKEN, Slack over HTTP needs WATCHER_SLACK_SIGNING_SECRET; the web server also
    starts for ``pages`` (handlers by path) where WATCHER_PUBLIC_URL is set.

    Raises:
        ConfigError: the address to listen on cannot be had.
    """
    settings = current().settings
    with ExitStack() as stack:
        bolt = _bolt(current, clock, stack) if settings.slack_app_token or settings.slack_signing_secret else None
        told: list[str] = []
        probes: list[Probe] = []
        if bolt and settings.slack_app_token:
            probes.append(_open_line(settings, bolt, clock, stack).probe)
            told.append("Slack by Socket Mode")
        if settings.slack_signing_secret or settings.public_url:
            told.append(f"HTTP on {_serve(current, bolt, clock, pages or {}, stack)}")
        yield Heard(tuple(told), tuple(probes))


def _bolt(current: "Current", clock: Callable[[], datetime], stack: ExitStack) -> "BoltApp":
    from watcher.entrypoints.once import Once  # noqa: PLC0415  (late: most installations only speak)
    from watcher.entrypoints.slack_answers import Voice  # noqa: PLC0415  (the same)
    from watcher.entrypoints.slack_commands import Conversation, bolt_app  # noqa: PLC0415  (the same)

    settings = current().settings
    token = settings.slack_bot_token.reveal() if settings.slack_bot_token else ""
    secret = settings.slack_signing_secret.reveal() if settings.slack_signing_secret else None

    def propose(now: datetime) -> "list[Proposal]":
        with current().adding(_log.info) as store:
            return talk.propose(current(), store, now)

    voice = Voice(token, settings.slack_api_url)
    conversation = Conversation(lambda: talk.office(current(), _log.info), voice, clock, propose)
    stack.callback(conversation.close)
    return bolt_app(conversation, token, settings.slack_api_url, secret, Once(clock))


def _open_line(settings: "Settings", bolt: "BoltApp", clock: Callable[[], datetime], stack: ExitStack) -> "Line":
    from watcher.entrypoints.once import Once  # noqa: PLC0415  (late: as above)
    from watcher.entrypoints.slack_socket import Line  # noqa: PLC0415  (the same)

    token = settings.slack_app_token
    line = Line(bolt, token.reveal() if token else "", settings.slack_api_url, Once(clock))
    line.start()
    stack.callback(line.close)
    return line


def _serve(
    current: "Current",
    bolt: "BoltApp | None",
    clock: Callable[[], datetime],
    pages: "Mapping[str, Handle]",
    stack: ExitStack,
) -> str:
    from watcher.entrypoints.web import Site, WebServer  # noqa: PLC0415  (late: as above)

    settings = current().settings
    slack = bolt if settings.slack_signing_secret else None
    site = Site(clock, lambda now: talk.health(current(), now), slack, pages)
    server = WebServer(site, settings.listen.host, settings.listen.port)
    server.start()
    stack.callback(server.close)
    return f"{settings.listen.host}:{server.port}"

"""``doctor``: everything that an installation depends on, asked once."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.bootstrap.mailserver import mail_server
from watcher.bootstrap.upkeep import FLOOR
from watcher.core.errors import DeliveryError, StorageError
from watcher.core.routing import Medium, medium_of
from watcher.usecases.examine import Finding, State, examine_sources

if TYPE_CHECKING:
    from watcher.bootstrap.app import App
    from watcher.notify.slackcheck import Channel
    from watcher.usecases.poll import Progress

_MIB = 2**20


def examine(app: "App", clock: Callable[[], datetime], progress: "Progress | None" = None) -> Iterator[Finding]:
    """What was found, thing by thing: the record, Slack, the mail server, each source."""
    yield from _record(app)
    yield from _slack(app)
    yield from _mail(app)
    yield from _sources(app, clock, progress)


def _record(app: "App") -> Iterator[Finding]:
    from storage.examine import examine as look  # noqa: PLC0415  (late: see the package's head)

    try:
        found = look(app.settings.database_url.reveal())
    except StorageError as error:
        yield Finding("record", app.database, State.FAILED, str(error))
        return
    if found.revision is None:
        yield Finding("record", app.database, State.WARNING, f"{found.engine}; none yet: the first run makes it")
    elif found.revision != found.needed:
        told = f"of revision {found.revision}, and {found.needed} is needed: the next run brings it up to date"
        yield Finding("record", app.database, State.WARNING, f"{found.engine}; {told}")
    else:
        size = f", {found.size // _MIB} MB" if found.size is not None else ""
        yield Finding("record", app.database, State.OK, f"{found.engine}; revision {found.revision}{size}")
    if found.free is not None:
        state = State.OK if found.free >= FLOOR else State.FAILED
        yield Finding("record", "disk", state, f"{found.free // _MIB} MB are free")
    if found.revision is not None:
        yield Finding("record", "lock", State.OK, found.holder or "free: no watcher is polling with it")


def _slack(app: "App") -> Iterator[Finding]:
    settings = app.settings
    if settings.slack_bot_token is None:
        yield Finding("slack", "token", State.SKIPPED, "none is set: alerts go to the terminal")
        return
    from watcher.notify import slackcheck  # noqa: PLC0415  (late: see the package's head)

    token = settings.slack_bot_token.reveal()
    found = slackcheck.ask(token, settings.slack_api_url)
    if not found.user:
        yield Finding("slack", "token", State.FAILED, found.refused or found.trouble)
        return
    yield Finding("slack", "token", State.OK, f"it is {found.user} of {found.team}")
    yield _scopes(found.scopes, found.missing)
    for channel in _channels(app):
        yield _channel(channel, slackcheck.ask_channel(token, channel, settings.slack_api_url))
    if settings.slack_app_token is not None:
        trouble = slackcheck.ask_socket(settings.slack_app_token.reveal(), settings.slack_api_url)
        state = State.FAILED if trouble else State.OK
        yield Finding("slack", "socket", state, trouble or "Socket Mode can be had")


def _scopes(scopes: tuple[str, ...], missing: tuple[str, ...]) -> Finding:
    if missing:
        told = f"the token lacks {', '.join(missing)}: add it to the app in Slack and install the app again"
        return Finding("slack", "scopes", State.FAILED, told)
    if not scopes:
        return Finding("slack", "scopes", State.WARNING, "Slack does not say what the token may do")
    return Finding("slack", "scopes", State.OK, ", ".join(scopes))


def _channels(app: "App") -> list[str]:
    named = [*(route.channel for route in app.configuration.routes), app.settings.slack_channel]
    every = dict.fromkeys(channel for channel in (*named, app.settings.operators_channel) if channel)
    return [channel for channel in every if medium_of(channel) is Medium.SLACK]


def _channel(channel: str, found: "Channel") -> Finding:
    if found.trouble:
        return Finding("slack", channel, State.FAILED, found.trouble)
    if found.member is None:
        return Finding("slack", channel, State.WARNING, "not looked at: the token lacks channels:read")
    if not found.member:
        told = f"the bot is not in #{found.name}: invite it there with /invite @ and the bot's name"
        return Finding("slack", channel, State.FAILED, told)
    return Finding("slack", channel, State.OK, f"the bot is in #{found.name}")


def _mail(app: "App") -> Iterator[Finding]:
    server = mail_server(app.settings)
    if server is None:
        yield Finding("mail", "server", State.SKIPPED, "WATCHER_SMTP_URL is not set: no mail is sent")
        return
    try:
        server.greet()
    except DeliveryError as error:
        yield Finding("mail", "server", State.FAILED, error.detail)
        return
    finally:
        server.close()
    yield Finding("mail", "server", State.OK, "it answers, and takes the user name where one is given")


def _sources(app: "App", clock: Callable[[], datetime], progress: "Progress | None") -> Iterator[Finding]:
    if not app.sources:
        yield Finding("source", app.settings.feeds, State.WARNING, "no source is configured")
        return
    from watcher.fetch.download import Downloader  # noqa: PLC0415  (late: see the package's head)
    from watcher.fetch.follow import Following  # noqa: PLC0415  (the same)
    from watcher.fetch.parser import WebParser  # noqa: PLC0415  (the same)

    parser = WebParser(clock)
    fetcher = Following(Downloader(app.manners, clock), parser)
    try:
        yield from examine_sources(fetcher, parser, app.sources, clock, progress)
    finally:
        fetcher.close()

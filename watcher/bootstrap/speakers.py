"""Who speaks to which channel."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from watcher.core.routing import MAILTO, Medium, medium_of

if TYPE_CHECKING:
    from watcher.config.environment import Settings
    from watcher.notify.mail import MailServer
    from watcher.usecases.ports import Notifier


def speakers(settings: "Settings", terminal: TextIO) -> "Callable[[str], Notifier | None]":
    """The notifier of each channel; None where nothing is set up that reaches it."""
    from watcher.notify.terminal import TerminalNotifier  # noqa: PLC0415  (late: see the head of app)

    known: dict[Medium, Notifier | None] = {
        Medium.TERMINAL: TerminalNotifier(terminal),
        Medium.SLACK: _slack(settings),
        Medium.MAIL: _mail(settings),
    }
    return lambda channel: known.get(medium_of(channel))


def _slack(settings: "Settings") -> "Notifier | None":
    if settings.slack_bot_token is None:
        return None
    from watcher.notify.slack import SlackNotifier  # noqa: PLC0415  (late: see the head of app)

    listening = settings.slack_app_token is not None or settings.slack_signing_secret is not None
    return SlackNotifier(settings.slack_bot_token.reveal(), settings.slack_api_url, buttons=listening)


def mail_server(settings: "Settings") -> "MailServer | None":
    """Where mail is handed over; None where nothing is set up."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    from watcher.notify.mail import MailServer  # noqa: PLC0415  (late: see the head of app)

    return MailServer(settings.smtp_url.reveal(), settings.mail_from)


def _mail(settings: "Settings") -> "Notifier | None":
    server = mail_server(settings)
    if server is None:
        return None
    from watcher.notify.mailalert import MailNotifier  # noqa: PLC0415  (late: see the head of app)

    return MailNotifier(server)


def stand_ins(settings: "Settings") -> tuple[str, ...]:
    """The channels to which an alert goes that Slack does not take."""
    if settings.smtp_url is None or settings.slack_bot_token is None:
        return ()
    return tuple(f"{MAILTO}{address}" for address in settings.alert_mail or settings.digest_to)

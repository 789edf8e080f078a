"""Who speaks to which channel."""

from typing import TYPE_CHECKING, TextIO

from watcher.bootstrap.mailserver import address_of, mail_server
from watcher.core.routing import MAILTO, Medium, medium_of

if TYPE_CHECKING:
    from watcher.config.environment import Settings
    from watcher.notify.mail import MailServer
    from watcher.usecases.ports import Notifier


class Speakers:
    """The notifier of each channel, made when it is first asked for; None where nothing is set up that reaches it."""

    def __init__(self, settings: "Settings", terminal: TextIO) -> None:
        self._settings = settings
        self._terminal = terminal
        self._server: MailServer | None = None
        self._known: dict[Medium, Notifier | None] = {}

    def __call__(self, channel: str) -> "Notifier | None":
        """The notifier of a channel."""
        medium = medium_of(channel)
        if medium not in self._known:
            self._known[medium] = self._made(medium)
        return self._known[medium]

    def close(self) -> None:
        """End the connection to the mail server."""
        if self._server is not None:
            self._server.close()

    def _made(self, medium: Medium) -> "Notifier | None":
        if medium is Medium.SLACK:
            return self._slack()
        if medium is Medium.MAIL:
            return self._mail()
        from watcher.notify.terminal import TerminalNotifier  # noqa: PLC0415  (late: see the head of app)

        return TerminalNotifier(self._terminal)

    def _slack(self) -> "Notifier | None":
        settings = self._settings
        if settings.slack_bot_token is None:
            return None
        from watcher.notify.slack import SlackNotifier  # noqa: PLC0415  (late: see the head of app)

        listening = settings.slack_app_token is not None or settings.slack_signing_secret is not None
        return SlackNotifier(settings.slack_bot_token.reveal(), settings.slack_api_url, buttons=listening)

    def _mail(self) -> "Notifier | None":
        from watcher.notify.mailalert import MailNotifier  # noqa: PLC0415  (late: see the head of app)

        self._server = mail_server(self._settings)
        return MailNotifier(self._server) if self._server else None


def stand_ins(settings: "Settings") -> tuple[str, ...]:
    """The channels to which an alert goes that Slack does not take."""
    if settings.smtp_url is None or settings.slack_bot_token is None:
        return ()
    return tuple(f"{MAILTO}{address_of(one)}" for one in settings.alert_mail or settings.digest_to)

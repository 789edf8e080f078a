"""Alerts and notices by mail: where Slack is silent, and for operators who read mail."""

from collections.abc import Collection
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from watcher.core.message import Batch, Bulletin, Message, Reply, keys_of
from watcher.core.routing import MAILTO
from watcher.notify.mail import MailServer
from watcher.notify.plain import clean, cut
from watcher.notify.terminal import render
from watcher.notify.wording import headline

_SUBJECT = 150


class MailNotifier:
    """Sends messages to addresses; the receipt is the message's name, made of its key: a repetition is told by it."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        """Send one message; all mail of this kind is plain.

        Raises:
            DeliveryError: it was refused, or (``unknown``) nobody knows.
        """
        del plain
        address = channel.removeprefix(MAILTO)
        mail = EmailMessage()
        mail["From"] = self._server.sender
        mail["To"] = address
        mail["Subject"] = cut(_subject(message), _SUBJECT)
        mail["Date"] = _date(message)
        mail["Message-ID"] = receipt = f"<{keys_of(message)[0]}@{self._server.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(render(message), cte="quoted-printable")
        self._server.send(mail, address)
        return receipt

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        """Nothing: what was mailed cannot be changed."""

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        """Always empty: a mailbox cannot be asked. A repetition carries the same Message-ID."""
        del keys, channel, since, thread
        return {}


def _subject(message: Message) -> str:
    if isinstance(message, Batch):
        names = dict.fromkeys(clean(one.alert.vendor_name) for one in message.bulletins)
        return f"{len(message.bulletins)} changes: {', '.join(names)}"
    if isinstance(message, Bulletin | Reply):
        return headline(message.alert)
    return clean(message.title)


def _date(message: Message) -> str:
    if isinstance(message, Batch):
        message = message.bulletins[0]
    moment = message.alert.at if isinstance(message, Bulletin | Reply) else message.at
    return format_datetime(moment.astimezone(UTC))

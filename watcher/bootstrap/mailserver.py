"""The mail server of an installation, and the addresses that its settings name."""

from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watcher.config.environment import Settings
    from watcher.notify.mail import MailServer


def mail_server(settings: "Settings") -> "MailServer | None":
    """Where mail is handed over; None where nothing is set up."""
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    from watcher.notify.mail import MailServer  # noqa: PLC0415  (late: see the head of app)

    return MailServer(settings.smtp_url.reveal(), settings.mail_from)


def address_of(text: str) -> str:
    """The bare address, in one spelling, of what may hold a name as well."""
    return parseaddr(text)[1].casefold()

"""Mail over SMTP: hands one message after the other to a server, and says what became of each.

A message is the server's from the moment in which it takes the final dot (RFC 5321, 4.1.1.4). What breaks before has
certainly not arrived; where the answer to the dot is lost, nobody knows.
"""

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import parseaddr
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from watcher.core.errors import DeliveryError
from watcher.notify.plain import clean, cut

TIMEOUT = 30  # seconds for one step of the dialogue
_CLOSING = 421
_GO_AHEAD = 354
_REFUSED = 500
_FAILED = 400
_SUBMISSION, _SMTPS = 587, 465
_SAID = 200  # characters of a server's answer that are passed on


class MailServer:
    """A connection that is opened when there is something to send, and kept for what follows.

    Args:
        url: ``smtp://`` (STARTTLS where the server offers it) or ``smtps://``, with user and password if it wants them.
        sender: the address that it comes from, with or without a name.
        timeout: seconds for one step of the dialogue.
        trust: certificates to trust; None: the system's.
    """

    def __init__(self, url: str, sender: str, *, timeout: float = TIMEOUT, trust: ssl.SSLContext | None = None) -> None:
        self._parts = urlsplit(url)
        self.sender = sender
        self._timeout = timeout
        self._trust = trust
        self._smtp: smtplib.SMTP | None = None

    @property
    def domain(self) -> str:
        """The sender's domain."""
        return parseaddr(self.sender)[1].rpartition("@")[2]

    def send(self, message: EmailMessage, address: str, last_step: Callable[[], object] = lambda: None) -> None:
        """Hand over one message for one address; ``last_step`` is called right before the final dot.

        Raises:
            DeliveryError: it was refused, or (``unknown``) nobody knows; ``everyone``: the server takes nothing now.
        """
        smtp = self._connected()
        try:
            self._envelope(smtp, address)
            self._content(smtp, message.as_bytes(policy=WIRE), last_step)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise DeliveryError(f"the connection to the mail server broke ({_name(error)})", transient=True) from error
        except DeliveryError:
            self._again()
            raise

    def close(self) -> None:
        """End the connection."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                smtp.quit()
            smtp.close()

    def greet(self) -> None:
        """Open the connection, sign in, and send nothing.

        Raises:
            DeliveryError: the server cannot be reached, or does not let us in.
        """
        self._connected()

    def _connected(self) -> smtplib.SMTP:
        """The open connection, or a new one: servers close those that rest."""
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                if self._smtp.noop()[0] < _FAILED:
                    return self._smtp
            self.close()
        try:
            self._smtp = self._opened()
            self._sign_in(self._smtp)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise _unreached(error) from error
        except DeliveryError:
            self.close()
            raise
        return self._smtp

    def _opened(self) -> smtplib.SMTP:
        host, trust = self._parts.hostname or "", self._trust or ssl.create_default_context()
        if self._parts.scheme == "smtps":
            smtps = smtplib.SMTP_SSL(host, self._parts.port or _SMTPS, timeout=self._timeout, context=trust)
            smtps.ehlo_or_helo_if_needed()
            return smtps
        smtp = smtplib.SMTP(host, self._parts.port or _SUBMISSION, timeout=self._timeout)
        smtp.ehlo_or_helo_if_needed()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=trust)
            smtp.ehlo()
        elif self._parts.password and not _here(host):
            raise DeliveryError(
                "the mail server offers no encryption, so the password is kept back: use smtps:// in WATCHER_SMTP_URL",
                transient=False,
                everyone=True,
            )
        return smtp

    def _sign_in(self, smtp: smtplib.SMTP) -> None:
        if not self._parts.username:
            return
        try:
            smtp.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        except smtplib.SMTPAuthenticationError as error:
            told = "the mail server refuses user name or password: mend WATCHER_SMTP_URL"
            raise DeliveryError(told, transient=error.smtp_code < _REFUSED, everyone=True) from None
        except smtplib.SMTPNotSupportedError:
            told = "the mail server takes no user name: leave it out of WATCHER_SMTP_URL"
            raise DeliveryError(told, transient=False, everyone=True) from None

    def _envelope(self, smtp: smtplib.SMTP, address: str) -> None:
        code, said = smtp.mail(parseaddr(self.sender)[1])
        if code >= _FAILED:
            told = f"the mail server refuses the sender {self.sender}: {_words(code, said)}; see WATCHER_MAIL_FROM"
            raise DeliveryError(told, transient=code < _REFUSED, everyone=True)
        try:
            code, said = smtp.rcpt(address)
        except UnicodeEncodeError as error:
            raise DeliveryError("the address has letters that mail servers do not take", transient=False) from error
        if code >= _FAILED:
            raise DeliveryError(_words(code, said), transient=code < _REFUSED, everyone=code == _CLOSING)

    def _content(self, smtp: smtplib.SMTP, content: bytes, last_step: Callable[[], object]) -> None:
        code, said = smtp.docmd("DATA")
        if code != _GO_AHEAD:
            raise DeliveryError(_words(code, said), transient=code < _REFUSED, everyone=code == _CLOSING)
        smtp.send(
            b"".join(b"." + line if line.startswith(b".") else line for line in content.splitlines(keepends=True))
        )
        last_step()
        try:
            smtp.send(b".\r\n")
            code, said = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            told = f"the mail server took the letter and gave no answer ({_name(error)})"
            raise DeliveryError(told, transient=True, unknown=True) from error
        if code >= _FAILED:
            raise DeliveryError(_words(code, said), transient=code < _REFUSED, everyone=code == _CLOSING)

    def _again(self) -> None:
        """Make the connection fit for the next message."""
        if self._smtp is None:
            return
        try:
            fit = self._smtp.rset()[0] < _FAILED
        except (OSError, smtplib.SMTPException):
            fit = False
        if not fit:
            self.close()


def _here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unreached(error: Exception) -> DeliveryError:
    if isinstance(error, ssl.SSLCertVerificationError):
        told = "the mail server's certificate is not to be trusted: name the host for which it was made"
        return DeliveryError(f"{told} in WATCHER_SMTP_URL", transient=False, everyone=True)
    return DeliveryError(f"the mail server cannot be reached ({_name(error)})", transient=True, everyone=True)


def _name(error: Exception) -> str:
    return type(error).__name__


def _words(code: int, said: bytes) -> str:
    """A server's own words; they hold at most the address that was asked for."""
    return f"the mail server says: {code} {cut(clean(said.decode('utf-8', 'replace')), _SAID)}"

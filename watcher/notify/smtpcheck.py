"""A question to the mail server: does it answer, can the way be secured, does it take the password. No mail is sent."""

import smtplib
import ssl
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from watcher.notify.plain import clean, cut

TIMEOUT = 10.0  # seconds for one step
_PORTS = {"smtp": 587, "smtps": 465}
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})

_WORDS: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "it does not take the user name and password"),
    (smtplib.SMTPNotSupportedError, "it offers no way to log in"),
    (smtplib.SMTPServerDisconnected, "it hung up"),
    (ssl.SSLCertVerificationError, "its certificate does not hold"),
    (ssl.SSLError, "no TLS could be agreed on"),
    (TimeoutError, "no answer in time"),
    (ConnectionRefusedError, "the connection is refused"),
)


@dataclass(frozen=True, slots=True)
class Server:
    """What the mail server said: ``secured`` by TLS, ``known`` by its password; ``trouble`` is a sentence."""

    secured: bool = False
    known: bool = False
    trouble: str = ""


def ask(url: str) -> Server:
    """Connect, secure the way, and log in, as far as the address asks for it; ``smtp://user:password@host:587``."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    try:
        if parts.scheme == "smtps":
            with smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context()) as server:
                return _greeted(server, parts.username, parts.password, secured=True)
        with smtplib.SMTP(host, port, timeout=TIMEOUT) as server:
            server.ehlo_or_helo_if_needed()
            secured = server.has_extn("starttls")
            if secured:
                server.starttls(context=ssl.create_default_context())
            if parts.username and not secured and host not in _LOCAL:
                return Server(trouble="it offers no STARTTLS, and the password would be sent in the clear")
            return _greeted(server, parts.username, parts.password, secured=secured)
    except (OSError, smtplib.SMTPException) as error:
        return Server(trouble=_sentence(error))


def _greeted(server: smtplib.SMTP, user: str | None, password: str | None, *, secured: bool) -> Server:
    server.ehlo_or_helo_if_needed()
    if user:
        server.login(unquote(user), unquote(password or ""))
    server.noop()
    return Server(secured, bool(user))


def _sentence(error: OSError | smtplib.SMTPException) -> str:
    """What went wrong, in words that hold nothing of the password: the server's own may repeat it."""
    told = next((words for kind, words in _WORDS if isinstance(error, kind)), None)
    if told:
        return told
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answers {error.smtp_code}"
    return cut(clean(getattr(error, "strerror", None) or type(error).__name__), 100)

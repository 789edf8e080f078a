"""One setting's text becomes its value, or a ``ValueError`` that says what was expected and never what was given."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

from watcher.config.duration import span
from watcher.core.week import Schedule

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_NAMED_MAIL = re.compile(r"[^\x00-\x1f\x7f<>,;]*<([^<>]*)>")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Secret:
    """A text that shows itself to nobody who does not ask for it by name."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself: for the library that needs it, never for a message or a log."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str | tuple[Any, ...]:
        raise TypeError("a secret is not written down")


@dataclass(frozen=True, slots=True)
class Listen:
    """Where the own web server listens; port 0 lets the system choose one."""

    host: str = "127.0.0.1"
    port: int = 8080


def readable(text: str) -> str:
    """The path of a file that can be read."""
    try:
        with Path(plain(text)).open("rb"):
            return text
    except OSError as error:
        raise ValueError(f"a file that can be read: {error.strerror}") from error


def plain(text: str) -> str:
    """One line of text."""
    if _CONTROL.search(text):
        raise ValueError("one line of text, without control characters")
    return text


def secret(text: str) -> Secret:
    """A secret of any form, on one line."""
    if _CONTROL.search(text) or text != text.strip():
        raise ValueError("one line, without spaces around it")
    return Secret(text)


def token(prefix: str) -> Callable[[str], Secret]:
    """A reader of Slack tokens of one kind."""

    def read(text: str) -> Secret:
        if not re.fullmatch(rf"{re.escape(prefix)}[!-~]+", text) or text.endswith("..."):
            raise ValueError(f"a whole token that begins with {prefix}")
        return Secret(text)

    return read


def channel(text: str) -> str:
    """A Slack channel's id.

    Raises:
        ValueError: it is a channel's name, which Slack's history cannot be asked for, or has spaces.
    """
    if not re.fullmatch(r"[A-Z][A-Za-z0-9_-]+", text):
        raise ValueError("a channel id such as C0123456789; it stands at the end of the channel's details in Slack")
    return text


def channel_or_mail(text: str) -> str:
    """A Slack channel's id, or ``mailto:`` and an address."""
    if text.startswith("mailto:"):
        return f"mailto:{mail(text.removeprefix('mailto:').strip())}"
    return channel(text)


def web(text: str) -> str:
    """A web address."""
    parts = _split(text, {"http", "https"}, "an address that begins with https:// or http://, with a host")
    if parts.query or parts.fragment:
        raise ValueError("an address without a query")
    if parts.username or parts.password:
        raise ValueError("an address without a user name or password")
    return text


def api(text: str) -> str:
    """The base address of an API, with a slash at its end."""
    return web(text).rstrip("/") + "/"


def _split(text: str, schemes: Collection[str], expected: str) -> SplitResult:
    """The parts of an address with one of these schemes, a host and a port that can be."""
    if _CONTROL.search(text) or " " in text:
        raise ValueError(expected)
    try:
        parts = urlsplit(text)
        sound = parts.hostname and parts.scheme in schemes and parts.port != 0
    except ValueError as error:
        raise ValueError(expected) from error
    if not sound:
        raise ValueError(expected)
    return parts


def database(text: str) -> Secret:
    """The address of a database; it may hold a password."""
    scheme = text.partition("://")[0]
    if not re.fullmatch(r"(sqlite|postgresql|postgres)(\+[a-z0-9_]+)?", scheme) or "://" not in text:
        raise ValueError("sqlite:///file or postgresql://user:password@host/name")
    return secret(text)


def smtp(text: str) -> Secret:
    """The address of a mail server; it may hold a password."""
    _split(text, {"smtp", "smtps"}, "smtp://user:password@host:587 or smtps://user:password@host")
    return Secret(text)


def proxy(text: str) -> Secret:
    """The address of a proxy; it may hold a password."""
    _split(text, {"http", "https", "socks5", "socks5h"}, "http://host:port, https://host:port or socks5h://host:port")
    return Secret(text)


def mail(text: str) -> str:
    """One mail address, with or without a name; line breaks would let headers be forged."""
    named = _NAMED_MAIL.fullmatch(text)
    address = named[1] if named else text
    if _CONTROL.search(text) or not _MAIL.fullmatch(address):
        raise ValueError("one mail address, such as watcher@example.org or Watcher <watcher@example.org>")
    return text


def mails(text: str) -> tuple[str, ...]:
    """Mail addresses, with commas between them."""
    return tuple(mail(part.strip()) for part in text.split(",") if part.strip())


def schedule(text: str) -> Schedule:
    """A day of the week and a time."""
    match = re.fullmatch(r"([A-Za-z]+)\s+([01]?\d|2[0-3]):([0-5]\d)", text)
    days = [index for index, day in enumerate(_DAYS) if match and match[1].lower() in {day, day[:3]}]
    if match is None or not days:
        raise ValueError("a day and a time, such as Monday 09:00")
    return Schedule(days[0], int(match[2]), int(match[3]))


def zone(text: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError) as error:  # unknown names are a KeyError, folders an OSError
        raise ValueError("a zone of the tz database, such as Europe/Berlin or UTC") from error


def listen(text: str) -> Listen:
    """A host and a port to listen on."""
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})", text)
    if match is None or int(match[2]) > 65_535:  # noqa: PLR2004 (the highest port)
        raise ValueError("host:port, such as 127.0.0.1:8080 or [::1]:8080")
    return Listen(match[1].strip("[]"), int(match[2]))


def flag(text: str) -> bool:
    """On or off."""
    if text.lower() not in _TRUE | _FALSE:
        raise ValueError("on or off")
    return text.lower() in _TRUE


def window(text: str) -> timedelta:
    """A span of at least an hour."""
    return span(text, timedelta(hours=1))


def count(text: str) -> int:
    """A number from 1 to 999."""
    if not re.fullmatch(r"[1-9]\d{0,2}", text):
        raise ValueError("a number from 1 to 999")
    return int(text)

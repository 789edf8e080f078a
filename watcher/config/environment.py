"""Settings from the environment and ``.env``: raw text becomes typed values, or one error that names every fault.

The real environment wins over ``.env``. Each secret may also come from a file (``NAME_FILE``), as containers hand them
out. An empty value counts as not set, since compose files pass unset variables that way.
"""

import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from watcher.config import values
from watcher.config.suggest import suggestion
from watcher.config.values import Listen, Secret
from watcher.core.access import SETTING
from watcher.core.errors import ConfigError, Fault
from watcher.core.routing import Route
from watcher.core.source import Source
from watcher.core.week import Schedule

__all__ = ["Listen", "Schedule", "Secret", "Settings", "check_channel", "check_hosts", "load"]

PREFIX = "WATCHER_"
ENVIRONMENT = "environment"
SLACK_API = "https://slack.com/api/"
DATABASE = "sqlite:///watcher.db"
_MAX_SECRET = 65_536
_OF_SOURCE = re.compile(SETTING)


@dataclass(frozen=True, slots=True)
class Settings:
    """How this installation runs. ``database_url``, tokens and ``smtp_url`` are secrets: they may hold passwords."""

    feeds: str = "feeds.yaml"
    database_url: Secret = field(default_factory=lambda: Secret(DATABASE))
    slack_bot_token: Secret | None = None
    slack_app_token: Secret | None = None
    slack_signing_secret: Secret | None = None
    slack_channel: str | None = None
    slack_api_url: str = SLACK_API
    smtp_url: Secret | None = None
    mail_from: str | None = None
    alert_mail: tuple[str, ...] = ()
    operators_channel: str | None = None
    digest_to: tuple[str, ...] = ()
    digest_schedule: Schedule = field(default_factory=Schedule)
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    listen: Listen = field(default_factory=Listen)
    public_url: str | None = None
    allow_private_hosts: bool = False
    alert_window: timedelta = timedelta(hours=72)
    concurrency: int = 64
    contact: str | None = None
    proxy: Secret | None = None
    ca_file: str | None = None
    of_sources: Mapping[str, Secret] = field(default_factory=dict)  # WATCHER_SOURCE_…, which feeds.yaml refers to


def load(environ: Mapping[str, str], dotenv: str | None) -> Settings:
    """The settings.

    Args:
        environ: the process's environment; only names that begin with ``WATCHER_`` are looked at.
        dotenv: path of a ``.env`` file, which may be missing; None reads none.

    Raises:
        ConfigError: all faults at once; no message holds a value of a secret.
    """
    given = _Given()
    given.take(ENVIRONMENT, {name: (text, None) for name, text in environ.items()})
    if dotenv is not None:
        given.take(dotenv, _dotenv(dotenv, given.faults))
    typed = {_field(name): _typed(name, given) for name in _SETTINGS}
    named = {name: Secret(text) for name in given.of_sources() if (text := _text(name, given))}
    settings = Settings(of_sources=named, **{name: value for name, value in typed.items() if value is not None})
    given.faults.extend(_together(given))
    if given.faults:
        raise ConfigError(given.faults)
    return settings


def check_hosts(settings: Settings, sources: Iterable[Source]) -> list[Fault]:
    """Sources whose address names a host of our own network, which no download goes to unless it is allowed."""
    found = [source for source in sources if _private(urlsplit(source.url).hostname or "")]
    expected = "an address outside our own network, or WATCHER_ALLOW_PRIVATE_HOSTS=true"
    return [Fault(settings.feeds, f"url ({one.id})", expected) for one in found if not settings.allow_private_hosts]


def _private(host: str) -> bool:
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_channel(settings: Settings, routes: Sequence[Route]) -> list[Fault]:
    """What is missing for alerts to reach Slack, now that the routes of feeds.yaml are known."""
    if settings.slack_bot_token is None or settings.slack_channel or routes:
        return []
    expected = "a channel id such as C0123456789, since there is a Slack token and feeds.yaml has no routes"
    return [Fault(ENVIRONMENT, "WATCHER_SLACK_CHANNEL", expected)]


@dataclass(slots=True)
class _Given:
    """What is set, where it was set, and what is wrong with it."""

    texts: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, int | None]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def take(self, origin: str, found: Mapping[str, tuple[str, int | None]]) -> None:
        """Take in one origin; what an earlier one set stays, also where it set the other form of a secret."""
        mine = {name: value for name, value in found.items() if name.startswith(PREFIX)}
        earlier = {_base(name) for name in self.texts}
        for name, (text, line) in sorted(mine.items()):
            known = _base(name) in _SETTINGS and (name == _base(name) or _base(name) in _SECRETS)
            if not known and not _OF_SOURCE.fullmatch(name):
                self.faults.append(Fault(origin, name, f"no such setting{suggestion(name, _names())}", line))
            elif text.strip() and _base(name) not in earlier:
                self.texts[name], self.places[name] = text.strip(), (origin, line)

    def of_sources(self) -> list[str]:
        """The settings that sources may refer to."""
        return sorted({_base(name) for name in self.texts if _OF_SOURCE.fullmatch(name)})

    def fault(self, name: str, expected: str) -> None:
        file, line = self.places.get(name, (ENVIRONMENT, None))
        self.faults.append(Fault(file, name, expected, line))


def _base(name: str) -> str:
    stem = name.removesuffix("_FILE")
    return stem if name not in _SETTINGS and (stem in _SETTINGS or _OF_SOURCE.fullmatch(stem)) else name


def _names() -> list[str]:
    return [*_SETTINGS, *(f"{name}_FILE" for name in _SECRETS)]


def _field(name: str) -> str:
    return name.removeprefix(PREFIX).lower()


def _dotenv(path: str, faults: list[Fault]) -> dict[str, tuple[str, int | None]]:
    from dotenv.parser import parse_stream  # noqa: PLC0415  (only where there is a file to read)

    try:
        text = Path(path).read_text("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        faults.append(Fault(path, "file", f"a readable UTF-8 text: {type(error).__name__}"))
        return {}
    found: dict[str, tuple[str, int | None]] = {}
    for binding in parse_stream(io.StringIO(text)):
        if binding.error or (binding.key is not None and binding.value is None):
            faults.append(Fault(path, "line", "NAME=value", binding.original.line))
        elif binding.key is not None:
            found[binding.key] = (binding.value or "", binding.original.line)
    return found


def _typed(name: str, given: _Given) -> Any:  # noqa: ANN401 (each setting has its own type)
    text = _text(name, given)
    if text is None:
        return None
    try:
        return _SETTINGS[name](text)
    except ValueError as error:
        given.fault(name if name in given.texts else f"{name}_FILE", str(error))
        return None


def _text(name: str, given: _Given) -> str | None:
    file = f"{name}_FILE"
    if file not in given.texts:
        return given.texts.get(name)
    if name in given.texts:
        given.fault(name, f"either this or {file}, not both")
        return None
    try:
        with Path(given.texts[file]).open("rb") as secret:
            text = secret.read(_MAX_SECRET).decode("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        given.fault(file, f"a readable text file: {getattr(error, 'strerror', None) or 'it is not UTF-8'}")
        return None
    if not text:
        given.fault(file, "a file that is not empty")
    return text or None


def _together(given: _Given) -> list[Fault]:
    """What is wrong only in combination. A setting that is given but faulty is not said to be missing as well."""
    set_ = {_base(name) for name in given.texts}
    needs = [
        ("WATCHER_SLACK_APP_TOKEN", "WATCHER_SLACK_BOT_TOKEN", "the app token only listens; messages need it"),
        ("WATCHER_SLACK_SIGNING_SECRET", "WATCHER_SLACK_BOT_TOKEN", "answers need it"),
        ("WATCHER_ALERT_MAIL", "WATCHER_SMTP_URL", "what Slack does not take goes out by mail"),
        ("WATCHER_DIGEST_TO", "WATCHER_SMTP_URL", "the digest goes out by mail"),
        ("WATCHER_SMTP_URL", "WATCHER_MAIL_FROM", "mail needs a sender"),
    ]
    if "WATCHER_OPERATORS_CHANNEL" in set_:
        by_mail = given.texts.get("WATCHER_OPERATORS_CHANNEL", "").startswith("mailto:")
        carrier = "WATCHER_SMTP_URL" if by_mail else "WATCHER_SLACK_BOT_TOKEN"
        needs.append(("WATCHER_OPERATORS_CHANNEL", carrier, "what is wrong with the watcher is told there"))
    return [
        Fault(given.places.get(name, (ENVIRONMENT, None))[0], other, f"is missing: {name} is set, and {why}")
        for name, other, why in needs
        if name in set_ and other not in set_
    ]


_SETTINGS: dict[str, Callable[[str], Any]] = {
    "WATCHER_FEEDS": values.plain,
    "WATCHER_DATABASE_URL": values.database,
    "WATCHER_SLACK_BOT_TOKEN": values.token("xoxb-"),
    "WATCHER_SLACK_APP_TOKEN": values.token("xapp-"),
    "WATCHER_SLACK_SIGNING_SECRET": values.secret,
    "WATCHER_SLACK_CHANNEL": values.channel,
    "WATCHER_SLACK_API_URL": values.api,
    "WATCHER_SMTP_URL": values.smtp,
    "WATCHER_MAIL_FROM": values.mail,
    "WATCHER_ALERT_MAIL": values.mails,
    "WATCHER_OPERATORS_CHANNEL": values.channel_or_mail,
    "WATCHER_DIGEST_TO": values.mails,
    "WATCHER_DIGEST_SCHEDULE": values.schedule,
    "WATCHER_TIMEZONE": values.zone,
    "WATCHER_LISTEN": values.listen,
    "WATCHER_PUBLIC_URL": values.web,
    "WATCHER_ALLOW_PRIVATE_HOSTS": values.flag,
    "WATCHER_ALERT_WINDOW": values.window,
    "WATCHER_CONCURRENCY": values.count,
    "WATCHER_CONTACT": values.plain,
    "WATCHER_PROXY": values.proxy,
    "WATCHER_CA_FILE": values.readable,
}
_SECRETS = (
    "WATCHER_DATABASE_URL",
    "WATCHER_SLACK_BOT_TOKEN",
    "WATCHER_SLACK_APP_TOKEN",
    "WATCHER_SLACK_SIGNING_SECRET",
    "WATCHER_SMTP_URL",
    "WATCHER_PROXY",
)

"""Questions to Slack about the bot itself: is the token good, what may it do, which channels does it see.

Nothing is posted. An answer that does not come is no refusal: ``trouble`` says so.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from watcher.core.errors import DeliveryError
from watcher.notify.plain import clean
from watcher.notify.slack import API_URL, refusal

TIMEOUT = 10  # seconds for one step of a request
# https://docs.slack.dev/reference/methods: posting needs one scope, looking for what was posted another, which has its
# own name for private channels.
POST = "chat:write"
HISTORY = ("channels:history", "groups:history")

_client_log = logging.getLogger(f"{__name__}.client")
_client_log.setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Token:
    """What Slack says of a token: ``refused`` and ``trouble`` are sentences; without either it is good."""

    user: str = ""
    team: str = ""
    scopes: tuple[str, ...] = ()
    refused: str = ""
    trouble: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The scopes that the watcher needs and the token lacks; none where Slack does not name its scopes."""
        if not self.scopes:
            return ()
        blind = not any(scope in self.scopes for scope in HISTORY)
        return ((POST,) if POST not in self.scopes else ()) + ((HISTORY[0],) if blind else ())


@dataclass(frozen=True, slots=True)
class Channel:
    """What Slack says of a channel: ``member`` None means that it may not be asked (a missing scope)."""

    name: str = ""
    member: bool | None = None
    trouble: str = ""


def ask(token: str, api_url: str = API_URL) -> Token:
    """Whether Slack takes the token (``auth.test``), and what it may do."""
    client = _client(token, api_url)
    try:
        answer = _asked("", client.auth_test)
    except DeliveryError as error:
        return Token(trouble=error.detail) if error.transient else Token(refused=error.detail)
    scopes = str(answer.headers.get("x-oauth-scopes") or answer.headers.get("X-OAuth-Scopes") or "")
    named = tuple(scope.strip() for scope in scopes.split(",") if scope.strip())
    return Token(clean(str(answer.get("user") or "the bot")), clean(str(answer.get("team") or "")), named)


def ask_socket(app_token: str, api_url: str = API_URL) -> str:
    """Why Socket Mode cannot be had with this token; empty where it can. No socket is opened."""
    client = _client(app_token, api_url)
    try:
        _asked("", lambda: client.apps_connections_open(app_token=app_token))
    except DeliveryError as error:
        return error.detail.replace("WATCHER_SLACK_BOT_TOKEN", "WATCHER_SLACK_APP_TOKEN")
    return ""


def ask_channel(token: str, channel: str, api_url: str = API_URL) -> Channel:
    """Whether the bot sees a channel and is in it (``conversations.info``)."""
    client = _client(token, api_url)
    try:
        answer = _asked(channel, lambda: client.conversations_info(channel=channel))
    except DeliveryError as error:
        cause = error.__cause__
        unasked = isinstance(cause, SlackApiError) and cause.response.get("error") == "missing_scope"
        return Channel(trouble="" if unasked else error.detail)
    found: dict[str, Any] = answer.get("channel") or {}
    if found.get("is_archived"):
        return Channel(clean(str(found.get("name") or "")), trouble=f"{channel} is archived")
    return Channel(clean(str(found.get("name") or "")), bool(found.get("is_member")))


def _client(token: str, api_url: str) -> WebClient:
    client = WebClient(token, base_url=api_url, timeout=TIMEOUT, retry_handlers=[], logger=_client_log)
    client.proxy = None  # as in notify.slack
    return client


def _asked(channel: str, call: Callable[[], SlackResponse]) -> SlackResponse:
    try:
        return call()
    except SlackApiError as error:
        raise refusal(channel, error.response) from error
    except Exception as error:
        raise DeliveryError(f"no usable answer from Slack ({type(error).__name__})", transient=True) from error

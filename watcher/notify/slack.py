"""Slack: posts a message, edits it, or looks whether it is there already. Nothing is retried here; ``deliver`` decides.

Answers are told apart by what they leave certain: nothing was posted (refused connection, 429, a refusal with a code),
or nobody knows (a time-out, a reset, a 5xx). Error texts are our own: the client's exceptions can carry headers.
"""

import logging
import re
import socket
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from watcher.core.errors import DeliveryError
from watcher.core.message import Message, Reply
from watcher.notify.blocks import keys_in, payload
from watcher.notify.plain import clean, cut

API_URL = "https://slack.com/api/"
TIMEOUT = 15  # seconds for one step of a request: connecting, or waiting for bytes

# A request that timed out may still be carried out. Not before this, in seconds, is its message looked for: one that is
# not there yet would be sent twice.
_UNDER_WAY = 30.0

# The message's time is Slack's clock, the alert's is ours; a wider look costs at most a page more.
_CLOCK_SKEW = timedelta(hours=1)
_PAGE = 200  # what Slack recommends at most, https://docs.slack.dev/reference/methods/conversations.history
_MOST_PAGES = 50

_log = logging.getLogger(__name__)
# The client logs each failure as an error of its own, with the whole message at level debug; deliver tells it once.
_client_log = logging.getLogger(f"{__name__}.client")
_client_log.setLevel(logging.CRITICAL)

# What Slack answers with when it dislikes the layout and not the sender or the channel.
_LAYOUT = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "invalid_attachments"}
)
# The message that was to be edited or answered is no longer there, or no longer ours to change.
_GONE = frozenset(
    {"message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed", "cannot_reply_to_message"}
)
# "It's possible some aspect of the operation succeeded before the error was raised", says Slack's reference.
_UNCERTAIN = frozenset({"internal_error", "fatal_error", "service_unavailable"})
_THROTTLED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

_TOKEN = "Slack refuses the token: make a new one and set WATCHER_SLACK_BOT_TOKEN"  # noqa: S105 - a sentence, no token
_FORBIDDEN = "the workspace's settings forbid posting to {channel}: ask an administrator of the workspace"
# Who must do what; nothing gets better by waiting.
_OPERATOR = {
    "invalid_auth": _TOKEN,
    "not_authed": _TOKEN,
    "account_inactive": _TOKEN,
    "token_revoked": _TOKEN,
    "token_expired": _TOKEN,
    "not_allowed_token_type": "Slack wants a bot token here (it begins with xoxb-): set WATCHER_SLACK_BOT_TOKEN",
    "not_in_channel": "the bot is not in {channel}: invite it there with /invite @ and the bot's name",
    "channel_not_found": "Slack shows the bot no channel {channel}: use the channel's id (C…), and invite the bot",
    "is_archived": "{channel} is archived: restore it, or name another channel",
    "missing_scope": "the token lacks the scope {needed}: add it to the app in Slack and install the app again",
    "no_permission": "the token lacks the scope {needed}: add it to the app in Slack and install the app again",
    "access_denied": _FORBIDDEN,
    "ekm_access_denied": _FORBIDDEN,
    "team_access_not_granted": _FORBIDDEN,
    "enterprise_is_restricted": _FORBIDDEN,
    "org_login_required": _FORBIDDEN,
}


class SlackNotifier:
    """Sends to Slack channels, edits, and finds in them what was sent.

    ``timeout`` in seconds, for each step of a request. ``buttons``: beneath each alert, where somebody listens to them.
    """

    def __init__(self, token: str, api_url: str = API_URL, *, timeout: int = TIMEOUT, buttons: bool = False) -> None:
        # No retry handlers: by default the client repeats a request whose connection broke, and a message comes twice.
        self._client = WebClient(token, base_url=api_url, timeout=timeout, retry_handlers=[], logger=_client_log)
        # The client's own reading of the environment ignores NO_PROXY; without it urllib reads both.
        self._client.proxy = None
        self._buttons = buttons

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        """Post a message and return Slack's ``ts``, its name in its channel; ``plain``: without blocks.

        Raises:
            DeliveryError: it was not posted, or (``unknown``) nobody knows; see the module's head.
        """
        told = payload(message, buttons=self._buttons)
        layout: dict[str, Any] = {"mrkdwn": False} if plain else {"blocks": told.blocks}
        thread = message.thread if isinstance(message, Reply) else None
        answer = _asked(
            channel,
            lambda: self._client.chat_postMessage(
                channel=channel,
                text=told.text,
                metadata=told.metadata,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                **layout,
            ),
        )
        return _receipt(answer)

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        """Put a message in the place of the one whose ``ts`` is ``receipt``.

        Raises:
            DeliveryError: it was not changed, or nobody knows; ``gone``: it was deleted, or may no longer be changed.
        """
        told = payload(message, buttons=self._buttons)
        # Blocks that are not named stay as they are, so plain text has to take them away.
        blocks = [] if plain else told.blocks
        _asked(
            channel,
            lambda: self._client.chat_update(
                channel=channel, ts=receipt, text=told.text, blocks=blocks, metadata=told.metadata
            ),
        )

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        """The ``ts`` of those messages that are in the channel's history, or beneath ``thread``, by key.

        They are found by the keys in their metadata. Looks back to shortly before ``since``, through at most 10,000
        messages.

        Raises:
            DeliveryError: the history could not be read.
        """
        wanted, found = set(keys), dict[str, str]()
        for posted in self._history(channel, f"{(since - _CLOCK_SKEW).timestamp():.6f}", thread):
            for key in keys_in(posted.get("metadata") or {}):
                if key in wanted:
                    found.setdefault(key, str(posted["ts"]))
            if len(found) == len(wanted):
                break
        return found

    def _history(self, channel: str, oldest: str, thread: str | None) -> Iterator[Mapping[str, Any]]:
        cursor = None
        for _ in range(_MOST_PAGES):
            page = self._page(channel, oldest, cursor, thread)
            yield from page.get("messages") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return
        _log.warning("channel %s: looked through %d messages and stopped", channel, _PAGE * _MOST_PAGES)

    def _page(self, channel: str, oldest: str, cursor: str | None, thread: str | None) -> SlackResponse:
        span: dict[str, Any] = {"oldest": oldest, "cursor": cursor, "limit": _PAGE, "include_all_metadata": True}
        if thread is not None:
            return _asked(channel, lambda: self._client.conversations_replies(channel=channel, ts=thread, **span))
        return _asked(channel, lambda: self._client.conversations_history(channel=channel, **span))


def _receipt(answer: SlackResponse) -> str:
    if not answer.get("ts"):
        raise DeliveryError("Slack answered without the message's name", transient=True, unknown=True)
    return str(answer["ts"])


def _asked(channel: str, call: Callable[[], SlackResponse]) -> SlackResponse:
    """The answer to one request, or a DeliveryError."""
    try:
        return call()
    except SlackApiError as error:
        raise refusal(channel, error.response) from error
    except URLError as error:
        raise _unreached(error.reason) from error
    except TimeoutError as error:
        told = "Slack did not answer in time"
        raise DeliveryError(told, transient=True, unknown=True, retry_after=_UNDER_WAY) from error
    except Exception as error:
        # Whatever else the client stumbles over (a reset, a time-out, an answer that is no JSON object) comes after
        # the request was written, so the message may be there.
        name = type(error).__name__
        raise DeliveryError(f"no usable answer from Slack ({name})", transient=True, unknown=True) from error


def _unreached(reason: object) -> DeliveryError:
    """What urllib wraps in URLError happened before the whole request was written; only some of it leaves no doubt."""
    if isinstance(reason, socket.gaierror):
        return DeliveryError("Slack's name cannot be resolved", transient=True)
    if isinstance(reason, ConnectionRefusedError):
        return DeliveryError("the connection to Slack is refused", transient=True)
    name = type(reason).__name__
    return DeliveryError(f"the connection to Slack broke ({name})", transient=True, unknown=True)


def refusal(channel: str, answer: SlackResponse | dict[str, Any]) -> DeliveryError:
    """What an answer other than ``ok`` means. Public for the table of Slack's error codes in the tests."""
    status = getattr(answer, "status_code", 200)
    code = str(answer.get("error") or "")
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in _THROTTLED:
        return DeliveryError("Slack asks to slow down", transient=True, retry_after=_retry_after(answer))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in _UNCERTAIN or not re.fullmatch(r"\w{2,60}", code):
        known = code if code in _UNCERTAIN else f"HTTP {status}"
        return DeliveryError(f"Slack is in trouble ({known})", transient=True, unknown=True)
    return _coded(channel, code, answer)


def _coded(channel: str, code: str, answer: SlackResponse | dict[str, Any]) -> DeliveryError:
    if code in _LAYOUT:
        return DeliveryError(f"Slack refuses the layout ({code}{_details(answer)})", transient=False, rendering=True)
    if code in _GONE:
        return DeliveryError(f"the message is gone, or cannot be changed ({code})", transient=False, gone=True)
    if code in _OPERATOR or code.startswith("restricted_action"):
        needed = re.sub(r"[^\w:.,-]", "", str(answer.get("needed") or "")) or "it needs"
        sentence = _OPERATOR.get(code, _FORBIDDEN).format(channel=clean(channel), needed=needed)
        return DeliveryError(f"{sentence} ({code})", transient=False)
    return DeliveryError(f"Slack refuses the message ({code})", transient=True)


def _details(answer: SlackResponse | dict[str, Any]) -> str:
    """Slack says which block it dislikes, and why; its words hold paths and limits, nothing of the message."""
    told = (answer.get("response_metadata") or {}).get("messages") or []
    return cut(clean("".join(f": {text}" for text in told)), 300)


def _retry_after(answer: SlackResponse | dict[str, Any]) -> float | None:
    headers = getattr(answer, "headers", {})
    value = str(headers.get("Retry-After") or headers.get("retry-after") or "")
    return float(value) if re.fullmatch(r"\d{1,6}", value) else None

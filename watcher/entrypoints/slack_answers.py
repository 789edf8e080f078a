"""Answers on their way to Slack: by the address that came with a question, or into a thread."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from slack_sdk.webhook import WebhookClient

from watcher.notify.pages import choices, laid
from watcher.notify.replies import page
from watcher.usecases.reply import Choose, Reply

_TRIES, _PAUSE = 3, 1.0  # an address for answers is good for 30 minutes and five answers
_TIMEOUT = 10
_SLACK = (".slack.com", ".slack-gov.com")

_log = logging.getLogger(__name__)
_client_log = logging.getLogger(f"{__name__}.client")
_client_log.setLevel(logging.CRITICAL)  # it logs whole messages, and each failure as an error of its own


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes: to an address that Slack gave, else to a channel: to one ``user`` alone, or in a thread."""

    response_url: str | None = None
    channel: str | None = None
    thread: str | None = None
    user: str | None = None


class Voice:
    """Says answers in Slack. ``sleep`` waits between tries."""

    def __init__(self, token: str, api_url: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = WebClient(token, base_url=api_url, timeout=_TIMEOUT, retry_handlers=[], logger=_client_log)
        self._client.proxy = None  # urllib reads the environment itself, with its exceptions
        self._host = urlsplit(api_url).hostname
        self._sleep = sleep

    def say(self, reply: Reply, place: Place) -> bool:
        """Give an answer; whether it arrived. What fails is logged, and tried again twice."""
        shown = laid(page(reply))
        blocks = choices(reply.alert) if isinstance(reply, Choose) else shown.blocks
        send: Callable[[], None]
        if place.response_url and self._ours(place.response_url):
            send = partial(self._respond, place.response_url, shown.text, blocks)
        elif place.channel:
            send = partial(self._post, place, shown.text, blocks)
        else:
            _log.error("an answer has nowhere to go: its address is not one of Slack's")
            return False
        return any(self._tried(send, number) for number in range(_TRIES))

    def _tried(self, send: Callable[[], None], number: int) -> bool:
        if number:
            self._sleep(_PAUSE * number)
        try:
            send()
        except (SlackClientError, OSError, ValueError) as error:
            _log.warning("an answer in Slack did not arrive (%s)", type(error).__name__)
            return False
        return True

    def _ours(self, address: str) -> bool:
        """Whether an address is Slack's: what a request says is not trusted to name any host."""
        parts = urlsplit(address)
        host = parts.hostname or ""
        return host == self._host or (parts.scheme == "https" and host.endswith(_SLACK))

    def _respond(self, address: str, text: str, blocks: list[dict[str, Any]]) -> None:
        client = WebhookClient(address, timeout=_TIMEOUT, retry_handlers=[], logger=_client_log)
        client.proxy = None
        answer = client.send(text=text, blocks=blocks, response_type="ephemeral", replace_original=False)
        if answer.status_code != 200:  # noqa: PLR2004  (OK)
            raise ValueError(answer.status_code)

    def _post(self, place: Place, text: str, blocks: list[dict[str, Any]]) -> None:
        channel = place.channel or ""
        if place.user:
            self._client.chat_postEphemeral(channel=channel, user=place.user, text=text, blocks=blocks)
        else:
            self._client.chat_postMessage(
                channel=channel,
                thread_ts=place.thread,
                text=text,
                blocks=blocks,
                unfurl_links=False,
                unfurl_media=False,
            )

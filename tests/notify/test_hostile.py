"""Feed text with mentions, markup, control characters and odd addresses is harmless in Slack and on a terminal."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.hostile_text import HOSTILE, HOSTILE_LINKS, harm, hostile_messages, is_web, slack_harm
from tests.slack_blocks import MOST_TEXT, faults, text_size
from tests.slack_server import SlackServer
from watcher.core.message import Message, Reply
from watcher.notify.blocks import payload
from watcher.notify.slack import SlackNotifier
from watcher.notify.terminal import WIDTH, columns, render

KINDS = ["bulletin", "batch", "reply", "confirmation", "notice"]


def nodes(node: Any) -> list[dict[str, Any]]:
    """All objects in the blocks."""
    if isinstance(node, list):
        return [found for one in node for found in nodes(one)]
    return [node, *(found for value in node.values() for found in nodes(value))] if isinstance(node, dict) else []


@pytest.fixture(params=range(len(KINDS)), ids=KINDS)
def kind(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def message(kind: int, text: str, url: str | None = "https://example.org/") -> Message:
    return hostile_messages(text, url)[kind]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_feed_says_slack_takes_it_rings_nobody_and_interprets_nothing(kind: int, text: str) -> None:
    told = payload(message(kind, text), buttons=True)
    assert faults(told.blocks) == []
    assert text_size(told.blocks) <= MOST_TEXT
    assert 0 < len(told.text) <= 40_000
    assert slack_harm(told.text, interpreted=True) == []
    found = nodes(told.blocks)
    assert [
        slack_harm(one["text"]) for one in found if isinstance(one.get("text"), str) and slack_harm(one["text"])
    ] == []
    assert not {"mrkdwn", "user", "usergroup", "channel", "broadcast", "emoji"} & {one.get("type") for one in found}
    assert "\n" not in told.text.splitlines()[0]


@pytest.mark.parametrize("url", [*HOSTILE_LINKS, *HOSTILE.values()], ids=repr)
def test_every_link_in_slack_leads_to_the_web(kind: int, url: str) -> None:
    links = [one["url"] for one in nodes(payload(message(kind, "Text.", url)).blocks) if "url" in one]
    assert [link for link in links if not is_web(link)] == []
    assert links == [] or url not in HOSTILE_LINKS


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_feed_says_the_terminal_shows_letters_only(kind: int, text: str) -> None:
    shown = render(message(kind, text, f"https://example.org/{text}"), colour=False)
    assert harm(shown) == []
    narrow = [line for line in shown.splitlines() if "https://" not in line]
    assert max(map(columns, narrow), default=0) <= WIDTH


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_strict_server_takes_each_message_with_blocks_and_without(kind: int, text: str) -> None:
    with SlackServer({"C1": "open"}) as slack:
        notifier = SlackNotifier(slack.token, slack.url, timeout=5)
        thread = slack.answer("chat.postMessage", {"channel": "C1", "text": "x"})["ts"]
        told = message(kind, text)
        told = replace(told, thread=thread) if isinstance(told, Reply) else told
        receipt = notifier.send(told, "C1")
        notifier.send(told, "C1", plain=True)
        notifier.edit(told, "C1", receipt)
        assert len(slack.messages) == 3
        json.dumps(slack.messages).encode("ascii")

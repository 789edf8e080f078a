"""The line to Slack: renewed when Slack asks, mended when it breaks, left when it is deaf."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.entrypoints.talking import Talk, listening
from tests.slack_workspace import BOT_TOKEN, Workspace, command
from watcher.core.condition import SOCKET
from watcher.entrypoints import slack_socket
from watcher.entrypoints.once import KEPT, Once
from watcher.entrypoints.slack_commands import bolt_app
from watcher.entrypoints.slack_socket import Line

DEADLINE = 40.0


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    with listening(tmp_path, http=False) as talk:
        yield talk


def eventually(found: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def asks(talk: Talk) -> None:
    talk.slack.over_socket("slash_commands", command("help"))
    assert "What can be asked" in talk.slack.answered()["text"]


def test_the_line_is_opened_where_the_api_is_and_answers_pings(talk: Talk) -> None:
    assert talk.slack.calls[0] == "apps.connections.open"
    eventually(lambda: talk.slack.lines[0].pings)
    asks(talk)
    (probe,) = talk.probes
    eventually(lambda: probe() == {SOCKET: None})


def test_when_slack_renews_its_servers_the_new_line_is_used(talk: Talk) -> None:
    talk.slack.lines[0].send({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
    talk.slack.await_line(2)
    asks(talk)


@pytest.mark.parametrize("end", ["close", "hang_up"])
def test_a_line_that_breaks_is_opened_again(talk: Talk, end: str) -> None:
    getattr(talk.slack.lines[0], end)()
    talk.slack.await_line(2)
    eventually(lambda: talk.slack.opened >= 2)
    asks(talk)


class Silent:
    """A conversation that nobody has."""


@pytest.fixture
def slack() -> Iterator[Workspace]:
    with Workspace() as workspace:
        yield workspace


def line_to(slack: Workspace, ping: float = 0.3) -> Line:
    once = Once(lambda: datetime.now(UTC))
    app = bolt_app(Silent(), BOT_TOKEN, slack.url, None, once)  # type: ignore[arg-type]  # nobody speaks to it
    return Line(app, slack.app_token, slack.url, once, ping=ping)


def test_a_line_that_answers_no_ping_from_its_beginning_is_left(
    slack: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    slack.deaf = True
    line = line_to(slack)
    line.start()
    try:
        slack.await_line(1)
        slack.deaf = False
        slack.await_line(2)
        eventually(lambda: slack.lines[1].pings > 2 and line.silent is None)
    finally:
        line.close()
    assert "the line to Slack is dead (nobody answers its pings); opening a new one" in caplog.text


def test_where_slack_refuses_the_token_it_is_said_who_must_act_and_tried_again(
    slack: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    slack.refuse = "invalid_auth"
    line = line_to(slack)
    line.start()
    try:
        eventually(lambda: slack.calls)
        slack.refuse = ""
        slack.await_line(1)
        eventually(lambda: line.silent is None)
    finally:
        line.close()
    assert "Slack opens no line (invalid_auth): check WATCHER_SLACK_APP_TOKEN" in caplog.text
    assert slack.app_token not in caplog.text


def test_where_nobody_answers_the_line_is_tried_again_and_the_watcher_ends_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(slack_socket, "_LOOK", 0.05)
    with Workspace() as gone:
        url = gone.url
    once = Once(lambda: datetime.now(UTC))
    line = Line(bolt_app(Silent(), BOT_TOKEN, url, None, once), "xapp-1", url, once)  # type: ignore[arg-type]  # as above
    monkeypatch.setattr(slack_socket, "_MISSED", 0.1)
    line.start()
    time.sleep(0.3)
    assert line.probe()[SOCKET]
    began = time.monotonic()
    line.close()
    assert line.silent is not None
    assert time.monotonic() - began < DEADLINE


def test_what_was_heard_is_forgotten_after_its_time() -> None:
    moment = [datetime(2026, 1, 1, tzinfo=UTC)]
    once = Once(lambda: moment[0])
    assert once.first("a")
    assert not once.first("a")
    moment[0] += KEPT
    assert not once.first("a")
    moment[0] += KEPT / 10
    assert once.first("a")

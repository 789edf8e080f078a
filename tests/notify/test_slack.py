import json
import socket
import subprocess
import sys
import traceback
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.notify.samples import AMAZON, alerts, report
from tests.slack_server import TOKEN, SlackServer
from watcher.core.alert import Alert
from watcher.core.errors import DeliveryError
from watcher.core.message import Batch, Bulletin, Reply, keys_of
from watcher.notify.slack import SlackNotifier, refusal

CHANNEL = "C1"
TODAY = replace(AMAZON, at=datetime.now(UTC))


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer({CHANNEL: "open"}) as server:
        yield server


def notifier(slack: SlackServer, token: str | None = None) -> SlackNotifier:
    return SlackNotifier(token or slack.token, slack.url, timeout=2)


def trouble(slack: SlackServer, channel: str = CHANNEL, token: str | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        notifier(slack, token).send(Bulletin(TODAY), channel)
    return caught.value


def find(slack: SlackServer, *keys: str, channel: str = CHANNEL, thread: str | None = None) -> dict[str, str]:
    return notifier(slack).find(keys, channel, TODAY.at, thread)


def test_the_receipt_is_the_messages_name_on_slack(slack: SlackServer) -> None:
    assert notifier(slack).send(Bulletin(TODAY), CHANNEL) == slack.messages[0]["ts"]
    assert slack.keys() == [TODAY.key]


def test_links_in_a_message_are_not_unfolded(slack: SlackServer) -> None:
    notifier(slack).send(Bulletin(TODAY), CHANNEL)
    _, arguments = slack.calls[0]
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == (False, False)


def test_a_plain_message_has_no_blocks_and_still_its_key(slack: SlackServer) -> None:
    notifier(slack).send(Bulletin(TODAY), CHANNEL, plain=True)
    assert "blocks" not in slack.messages[0]
    assert slack.messages[0]["mrkdwn"] is False
    assert slack.keys() == [TODAY.key]


# What an error code says: transient, unknown, rendering, and a word of who must do what.
TABLE = [
    ("ratelimited", (True, False, False), "slow down"),
    ("rate_limited", (True, False, False), "slow down"),
    ("message_limit_exceeded", (True, False, False), "slow down"),
    ("internal_error", (True, True, False), "in trouble (internal_error)"),
    ("fatal_error", (True, True, False), "in trouble (fatal_error)"),
    ("service_unavailable", (True, True, False), "in trouble"),
    ("request_timeout", (True, False, False), "refuses the message (request_timeout)"),
    ("no_such_code_yet", (True, False, False), "refuses the message (no_such_code_yet)"),
    ("invalid_blocks", (False, False, True), "layout (invalid_blocks: [ERROR] too long)"),
    ("invalid_blocks_format", (False, False, True), "layout"),
    ("msg_blocks_too_long", (False, False, True), "layout"),
    ("msg_too_long", (False, False, True), "layout"),
    ("no_text", (False, False, True), "layout"),
    ("invalid_auth", (False, False, False), "make a new one and set WATCHER_SLACK_BOT_TOKEN"),
    ("not_authed", (False, False, False), "WATCHER_SLACK_BOT_TOKEN"),
    ("account_inactive", (False, False, False), "WATCHER_SLACK_BOT_TOKEN"),
    ("token_revoked", (False, False, False), "WATCHER_SLACK_BOT_TOKEN"),
    ("token_expired", (False, False, False), "WATCHER_SLACK_BOT_TOKEN"),
    ("not_in_channel", (False, False, False), "invite it there with /invite @"),
    ("channel_not_found", (False, False, False), "use the channel's id"),
    ("is_archived", (False, False, False), "C1 is archived: restore it"),
    ("missing_scope", (False, False, False), "lacks the scope chat:write"),
    ("restricted_action", (False, False, False), "ask an administrator"),
    ("restricted_action_read_only_channel", (False, False, False), "ask an administrator"),
    ("ekm_access_denied", (False, False, False), "ask an administrator"),
]


@pytest.mark.parametrize(("code", "kind", "sentence"), TABLE)
def test_an_error_code_says_what_to_do(code: str, kind: tuple[bool, bool, bool], sentence: str) -> None:
    answer: dict[str, Any] = {"ok": False, "error": code, "needed": "chat:write"}
    error = refusal(CHANNEL, {**answer, "response_metadata": {"messages": ["[ERROR] too long"]}})
    assert (error.transient, error.unknown, error.rendering) == kind
    assert sentence in error.detail


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("not_in_channel", "the bot is not in C2"),
        ("is_archived", "C2 is archived"),
        ("missing_scope", "lacks the scope chat:write"),
        ("restricted_action", "forbid posting to C2"),
    ],
)
def test_a_channel_that_cannot_be_posted_to_is_the_operators_matter(
    slack: SlackServer, state: str, sentence: str
) -> None:
    slack.channels["C2"] = state
    error = trouble(slack, "C2")
    assert not error.transient
    assert sentence in error.detail


def test_a_channel_that_does_not_exist_is_named(slack: SlackServer) -> None:
    assert "no channel C9" in trouble(slack, "C9").detail


def test_a_refused_token_is_never_shown(slack: SlackServer) -> None:
    error = trouble(slack, token="xoxb-secret-secret")
    assert not error.transient
    shown = "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(notifier(slack))
    assert "secret" not in shown
    assert slack.token not in shown


@pytest.mark.parametrize("fault", ["500", "reset", "reset-accepted", "garbage-accepted", "nameless-accepted", "hang"])
def test_without_a_usable_answer_nobody_knows(slack: SlackServer, fault: Any) -> None:
    slack.faults.append(fault)
    sender = SlackNotifier(slack.token, slack.url, timeout=1)
    with pytest.raises(DeliveryError) as caught:
        sender.send(Bulletin(TODAY), CHANNEL)
    assert (caught.value.transient, caught.value.unknown) == (True, True)
    assert len(slack.calls) == 1  # the client did not try again by itself


def test_a_request_that_timed_out_may_still_be_carried_out_so_its_message_is_looked_for_late(
    slack: SlackServer,
) -> None:
    slack.faults.append("hang-accepted")
    with pytest.raises(DeliveryError, match="did not answer in time") as caught:
        SlackNotifier(slack.token, slack.url, timeout=1).send(Bulletin(TODAY), CHANNEL)
    assert (caught.value.unknown, caught.value.retry_after) == (True, 30.0)


def test_a_429_is_certain_and_names_its_wait(slack: SlackServer) -> None:
    slack.faults.append("429")
    slack.retry_after = 17
    error = trouble(slack)
    assert (error.transient, error.unknown, error.retry_after) == (True, False, 17.0)
    assert slack.messages == []


def test_a_refused_connection_and_an_unknown_host_leave_no_doubt() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    for host in (f"http://127.0.0.1:{port}/api/", "http://no-such-host.invalid/api/"):
        with pytest.raises(DeliveryError) as caught:
            SlackNotifier("xoxb-x", host, timeout=2).send(Bulletin(TODAY), CHANNEL)
        assert (caught.value.transient, caught.value.unknown) == (True, False)


def test_a_connection_that_breaks_before_the_answer_leaves_a_doubt(slack: SlackServer) -> None:
    with pytest.raises(DeliveryError) as caught:
        SlackNotifier(slack.token, slack.url.replace("http:", "https:"), timeout=2).send(Bulletin(TODAY), CHANNEL)
    assert (caught.value.transient, caught.value.unknown) == (True, True)
    assert "SSLError" in caught.value.detail


def test_a_busy_channel_is_not_looked_through_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    with SlackServer({CHANNEL: "open"}, page=1) as slack:
        for _ in range(60):
            slack.answer("chat.postMessage", {"channel": CHANNEL, "text": "chat"})
        assert find(slack, TODAY.key) == {}
        assert len(slack.calls) == 50
    assert "stopped" in caplog.text


def test_a_message_is_found_by_its_key_over_many_pages() -> None:
    many = [replace(alert, at=TODAY.at) for alert in alerts(25)]
    with SlackServer({CHANNEL: "open", "C2": "open"}, page=10) as slack:
        for alert in many:
            notifier(slack).send(Bulletin(alert), CHANNEL)
        first, last = many[0].key, many[24].key
        here = {first: slack.messages[0]["ts"], last: slack.messages[24]["ts"]}
        assert find(slack, first, last, "amazon-other") == here
        assert find(slack, first, channel="C2") == {}


def test_a_message_that_another_app_wrote_is_no_receipt(slack: SlackServer) -> None:
    for metadata in (None, {"event_type": "other", "event_payload": {"key": TODAY.key}}):
        slack.answer("chat.postMessage", {"channel": CHANNEL, "text": TODAY.key, "metadata": metadata})
    assert find(slack, TODAY.key) == {}


def test_a_history_that_may_not_be_read_is_said_so(slack: SlackServer) -> None:
    slack.scopes.remove("channels:history")
    with pytest.raises(DeliveryError, match="lacks the scope channels:history") as caught:
        find(slack, TODAY.key)
    assert not caught.value.transient


def test_a_message_that_holds_several_alerts_is_found_by_each_of_their_keys(slack: SlackServer) -> None:
    many = [replace(alert, at=TODAY.at) for alert in alerts(12)]
    receipt = notifier(slack).send(Batch(tuple(map(Bulletin, many))), CHANNEL)
    assert slack.keys() == [alert.key for alert in many]
    assert find(slack, many[3].key, many[11].key) == dict.fromkeys([many[3].key, many[11].key], receipt)


def test_a_reply_stands_beneath_its_message_and_is_found_there_only(slack: SlackServer) -> None:
    thread = notifier(slack).send(Bulletin(TODAY), CHANNEL)
    reply = Reply(TODAY, report(TODAY, 1), thread)
    receipt = notifier(slack).send(reply, CHANNEL)
    (key,) = keys_of(reply)
    assert [one["ts"] for one in slack.replies(thread)] == [receipt]
    assert slack.keys() == [TODAY.key]
    assert find(slack, key) == {}
    assert find(slack, key, thread=thread) == {key: receipt}


def test_an_edit_stands_in_the_place_of_the_message_and_is_still_found_by_its_key(slack: SlackServer) -> None:
    receipt = notifier(slack).send(Bulletin(TODAY), CHANNEL)
    notifier(slack).edit(Bulletin(TODAY, (report(TODAY, 1),)), CHANNEL, receipt)
    assert "Told by 2 sources: About Amazon, Outlet 1" in slack.messages[0]["text"]
    assert slack.messages[0]["blocks"]
    assert find(slack, TODAY.key) == {TODAY.key: receipt}
    notifier(slack).edit(Bulletin(TODAY), CHANNEL, receipt, plain=True)
    assert slack.messages[0]["blocks"] == []


def test_a_message_that_somebody_deleted_can_neither_be_edited_nor_answered(slack: SlackServer) -> None:
    receipt = notifier(slack).send(Bulletin(TODAY), CHANNEL)
    slack.delete(receipt)
    with pytest.raises(DeliveryError) as edited:
        notifier(slack).edit(Bulletin(TODAY), CHANNEL, receipt)
    with pytest.raises(DeliveryError) as answered:
        notifier(slack).send(Reply(TODAY, report(TODAY, 1), receipt), CHANNEL)
    assert [(one.value.gone, one.value.transient) for one in (edited, answered)] == [(True, False)] * 2


def test_buttons_are_shown_where_somebody_listens(slack: SlackServer) -> None:
    SlackNotifier(slack.token, slack.url, timeout=2, buttons=True).send(Bulletin(TODAY), CHANNEL)
    notifier(slack).send(Bulletin(second(TODAY)), CHANNEL)
    listened, silent = (one["blocks"] for one in slack.messages)
    assert [block["type"] for block in silent if block["type"] == "actions"] == []
    (row,) = [block for block in listened if block["type"] == "actions"]
    names = ["confirm", "not-a-change", "not-this-vendor", "snooze", "history"]
    assert [(one["action_id"], one["value"]) for one in row["elements"]] == [(name, TODAY.key) for name in names]


def post(slack: SlackServer, method: str = "chat.postMessage", **arguments: Any) -> str:
    body = json.dumps({"channel": CHANNEL, "text": "x", **arguments}).encode()
    headers = {"Authorization": f"Bearer {slack.token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{slack.url}{method}", body, headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return str(json.load(answer).get("error", "ok"))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "ok"),
        ({"text": ""}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"channel": ""}, "invalid_arguments"),
        ({"colour": "red"}, "invalid_arguments"),
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "invalid_blocks"),
        ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_999}}] * 4}, "msg_blocks_too_long"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x", "event_payload": "y"}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x", "event_payload": {"keys": ["a", "b"]}}}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x", "event_payload": {"keys": [{"key": "a"}]}}}, "ok"),
        ({"metadata": {"event_type": "x", "event_payload": {"key": "x" * 8_000}}}, "metadata_too_large"),
        ({"thread_ts": "1.0"}, "thread_not_found"),
        ({"text": "", "blocks": []}, "no_text"),
        ({"metadata": {"event_type": "x", "event_payload": {"list": [[]]}}}, "invalid_metadata_format"),
    ],
)
def test_the_test_server_is_as_strict_as_slack(slack: SlackServer, arguments: dict[str, Any], code: str) -> None:
    assert post(slack, **arguments) == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "ok"),
        ({"ts": "1.0"}, "message_not_found"),
        ({"text": ""}, "no_text"),
        ({"thread_ts": "1.0"}, "invalid_arguments"),
        ({"mrkdwn": False}, "invalid_arguments"),
        ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"metadata": {"event_type": "x", "event_payload": {"keys": ["a"]}}}, "invalid_metadata_format"),
    ],
)
def test_the_test_server_is_as_strict_about_edits(slack: SlackServer, arguments: dict[str, Any], code: str) -> None:
    post(slack)
    ts = slack.messages[0]["ts"]
    assert post(slack, **{"method": "chat.update", "ts": ts, **arguments}) == code


def test_the_test_server_shows_a_thread_and_keeps_it_out_of_the_history(slack: SlackServer) -> None:
    post(slack)
    ts = slack.messages[0]["ts"]
    assert post(slack, text="a reply", thread_ts=ts) == "ok"
    history = slack.answer("conversations.history", {"channel": CHANNEL})["messages"]
    thread = slack.answer("conversations.replies", {"channel": CHANNEL, "ts": ts})["messages"]
    assert [one["text"] for one in history] == ["x"]
    assert [one["text"] for one in thread] == ["x", "a reply"]


def test_the_test_server_can_be_a_process_that_writes_down_what_it_accepts(tmp_path: Path) -> None:
    log = tmp_path / "accepted.jsonl"
    command = [sys.executable, "-m", "tests.slack_server", "--log", str(log), "--channel", CHANNEL]
    with subprocess.Popen([*command, "--fault", "2:reset-accepted"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        sender = SlackNotifier(TOKEN, url, timeout=5)
        sender.send(Bulletin(TODAY), CHANNEL)
        with pytest.raises(DeliveryError):
            sender.send(Bulletin(second(TODAY)), CHANNEL)
        process.terminate()
        assert process.wait(10) == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["metadata"]["event_payload"]["key"] for line in lines] == [TODAY.key, second(TODAY).key]


def second(alert: Alert) -> Alert:
    return replace(alert, key="amazon-second")

"""A local server that speaks Slack's Web API, as strict as its documentation, with faults on demand.

In a test::

    with SlackServer(channels={"C1": "open"}) as slack:
        slack.faults.append("reset-accepted")      # what the next call to chat.postMessage meets
        slack.update_faults.append("500")          # the same for chat.update
        SlackNotifier(slack.token, slack.url)...
        slack.messages                              # what was accepted, in order

As a process of its own, which outlives the bot that a test kills; the first line on its output is its address::

    python -m tests.slack_server --port 0 --log FILE [--channel C1] [--interval 1.0] [--fault 3:500]
"""

import argparse
import base64
import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self, get_args
from urllib.parse import parse_qsl

from tests.slack_blocks import MOST_TEXT, faults, text_size

TOKEN = "xoxb-1111-2222-threeFourFive"
# "-accepted": the message is taken, and then the answer fails; "nameless": an answer without the message's ts
Certain = Literal["429", "500", "reset", "hang"]
Accepted = Literal["500-accepted", "reset-accepted", "hang-accepted", "garbage-accepted", "nameless-accepted"]
Fault = Literal[Certain, Accepted]
Answer = dict[str, Any]

_POST_ARGUMENTS = {
    *("channel", "text", "blocks", "attachments", "metadata", "mrkdwn", "parse", "link_names", "thread_ts"),
    *("reply_broadcast", "unfurl_links", "unfurl_media", "username", "icon_emoji", "icon_url", "as_user"),
}


_UPDATE_ARGUMENTS = {
    *("channel", "ts", "text", "blocks", "attachments", "metadata", "parse", "link_names", "reply_broadcast"),
    *("as_user", "file_ids"),
}
_MOST_METADATA = 8_000


class Refused(Exception):  # noqa: N818 - an answer, not an error of the server
    """Slack's ``{"ok": false}`` with its code, and what goes with it."""

    def __init__(self, code: str, **more: Any) -> None:
        self.answer: Answer = {"ok": False, "error": code, **more}
        super().__init__(code)


class SlackServer:
    """Accepts messages as Slack does, and remembers them.

    ``channels`` maps a channel to ``open`` or to the error code that each post to it gets. ``interval``: the least
    seconds between two messages of a channel, else 429. ``faults``: what the next calls of ``chat.postMessage`` meet,
    one each, None for nothing; ``numbered`` the same by the number of the call, from 1. ``scopes``: without
    ``channels:history`` no history is given.
    """

    def __init__(
        self,
        channels: Mapping[str, str] | None = None,
        *,
        interval: float = 0.0,
        log: Path | None = None,
        port: int = 0,
        clock: Callable[[], float] = time.time,
        page: int = 100,
        scopes: Sequence[str] = ("chat:write", "channels:history"),
    ) -> None:
        self.token = TOKEN
        self.channels = dict(channels or {"C0123456789": "open"})
        self.messages: list[Answer] = []
        self.calls: list[tuple[str, Answer]] = []
        self.faults: list[Fault | None] = []
        self.numbered: dict[int, Fault] = {}
        self.update_faults: list[Fault | None] = []
        self.history_faults: list[Fault | None] = []
        self.retry_after = 1
        self.scopes = list(scopes)
        self._interval, self._log, self._clock, self._page = interval, log, clock, page
        self._lock = threading.Lock()
        self._last: dict[str, float] = {}
        self._released = threading.Event()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.slack = self

    @property
    def url(self) -> str:
        """What WATCHER_SLACK_API_URL is set to."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def texts(self, channel: str | None = None) -> list[str]:
        """The texts of the accepted messages, in order."""
        return [one["text"] for one in self.messages if channel in {None, one["channel"]}]

    def posts(self, channel: str | None = None) -> list[Answer]:
        """The accepted messages that stand in no thread, in order."""
        return [one for one in self.messages if channel in {None, one["channel"]} and "thread_ts" not in one]

    def keys(self, channel: str | None = None) -> list[str]:
        """The keys of what was told, in order; several of a message that holds several."""
        return [key for one in self.posts(channel) for key in keys_of(one)]

    def replies(self, ts: str) -> list[Answer]:
        """The replies beneath a message, in order."""
        return [one for one in self.messages if one.get("thread_ts") == ts]

    def delete(self, ts: str) -> None:
        """What a person does to a message."""
        self.messages = [one for one in self.messages if one["ts"] != ts]

    def hang(self) -> None:
        """Keep a caller waiting until the server stops."""
        self._released.wait(60)

    def fault(self) -> Fault | None:
        """What the call of chat.postMessage that is in hand meets."""
        number = sum(method == "chat.postMessage" for method, _ in self.calls)
        with self._lock:
            return self.faults.pop(0) if self.faults else self.numbered.get(number)

    def other_fault(self, method: str) -> Fault | None:
        """What a call of another method meets."""
        planned = {"chat.update": self.update_faults, "conversations.history": self.history_faults}.get(method)
        with self._lock:
            return planned.pop(0) if planned else None

    def answer(self, method: str, arguments: Answer) -> Answer:
        """What the method does, one caller at a time."""
        methods = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._history,
            "conversations.replies": self._replies,
            "auth.test": self._auth,
            "conversations.info": self._info,
        }
        if method not in methods:
            raise Refused("unknown_method", req_method=method)
        with self._lock:
            return methods[method](arguments)

    def _post(self, arguments: Answer) -> Answer:
        _check_names(arguments, _POST_ARGUMENTS)
        channel = self._channel(arguments)
        _check_content(arguments)
        _check_metadata(arguments.get("metadata"))
        if "thread_ts" in arguments and not self._stands(channel, arguments["thread_ts"]):
            raise Refused("thread_not_found")
        self._check_pace(channel)
        message = {"channel": channel, "ts": self._ts(), "text": arguments.get("text", "")}
        message |= _kept(arguments, "blocks", "metadata", "thread_ts", "mrkdwn")
        self.messages.append(message)
        self._write("chat.postMessage", message)
        return {"ok": True, "channel": channel, "ts": message["ts"], "message": {**_public(message, metadata=True)}}

    def _stands(self, channel: str, ts: str) -> bool:
        return any((one["channel"], one["ts"]) == (channel, ts) for one in self.posts())

    def _update(self, arguments: Answer) -> Answer:
        _check_names(arguments, _UPDATE_ARGUMENTS)
        channel = self._channel(arguments)
        _check_content(arguments)
        _check_metadata(arguments.get("metadata"))
        found = [one for one in self.messages if (one["channel"], one["ts"]) == (channel, arguments.get("ts"))]
        if not found:
            raise Refused("message_not_found")
        found[0].update(_kept(arguments, "text", "blocks", "metadata"))
        self._write("chat.update", found[0])
        return {"ok": True, "channel": channel, "ts": found[0]["ts"], "text": found[0]["text"]}

    def _channel(self, arguments: Answer) -> str:
        channel = arguments.get("channel")
        if not isinstance(channel, str) or not channel:
            raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required: channel"]})
        state = self.channels.get(channel, "channel_not_found")
        if state == "missing_scope":
            raise Refused(state, needed="chat:write", provided="channels:read")
        if state != "open":
            raise Refused(state)
        return channel

    def _check_pace(self, channel: str) -> None:
        now = self._clock()
        if now < self._last.get(channel, float("-inf")) + self._interval:
            raise Refused("ratelimited", retry_after=self.retry_after)
        self._last[channel] = now

    def _ts(self) -> str:
        newest = float(self.messages[-1]["ts"]) if self.messages else 0.0
        return f"{max(self._clock(), newest + 0.000002):.6f}"

    def _write(self, method: str, message: Answer) -> None:
        if self._log is not None:
            with self._log.open("a") as lines:
                lines.write(json.dumps({"method": method, **message}) + "\n")

    def _history(self, arguments: Answer) -> Answer:
        if "channels:history" not in self.scopes:
            raise Refused("missing_scope", needed="channels:history", provided=",".join(self.scopes))
        channel, limit = self._channel(arguments), _number(arguments, "limit", self._page)
        chosen = self._between(channel, arguments)
        return self._paged(arguments, chosen, limit)

    def _paged(self, arguments: Answer, chosen: Sequence[Answer], limit: float) -> Answer:
        if not 0 < limit <= 999:
            raise Refused("invalid_limit")
        start = _start(arguments.get("cursor"), len(chosen))
        end = start + int(min(limit, self._page))
        shown = arguments.get("include_all_metadata") in {"1", "true", True}
        answer: Answer = {"ok": True, "messages": [_public(one, metadata=shown) for one in chosen[start:end]]}
        more = end < len(chosen)
        cursor = base64.b64encode(f"next:{end}".encode()).decode() if more else ""
        return {**answer, "has_more": more, "response_metadata": {"next_cursor": cursor}}

    def _replies(self, arguments: Answer) -> Answer:
        """The message that a thread hangs on, and the replies, oldest first."""
        if "channels:history" not in self.scopes:
            raise Refused("missing_scope", needed="channels:history", provided=",".join(self.scopes))
        channel, limit = self._channel(arguments), _number(arguments, "limit", self._page)
        thread = [one for one in self.messages if one["channel"] == channel and one["ts"] == arguments.get("ts")]
        if not thread:
            raise Refused("thread_not_found")
        oldest = _number(arguments, "oldest", 0.0)
        chosen = thread + [one for one in self.replies(str(thread[0]["ts"])) if float(one["ts"]) > oldest]
        return self._paged(arguments, chosen, limit)

    def _between(self, channel: str, arguments: Answer) -> list[Answer]:
        """The channel's messages after ``oldest`` and before ``latest``, newest first, without replies in threads."""
        oldest, latest = _number(arguments, "oldest", 0.0), _number(arguments, "latest", float("inf"))
        mine = [one for one in self.messages if one["channel"] == channel and "thread_ts" not in one]
        return [one for one in reversed(mine) if oldest < float(one["ts"]) < latest]

    def _info(self, arguments: Answer) -> Answer:
        if "channels:read" not in self.scopes:
            raise Refused("missing_scope", needed="channels:read", provided=",".join(self.scopes))
        state = self.channels.get(str(arguments.get("channel")), "channel_not_found")
        if state == "channel_not_found":
            raise Refused(state)
        name = {"id": arguments["channel"], "name": "policy-watch", "is_archived": state == "is_archived"}
        return {"ok": True, "channel": {**name, "is_member": state != "not_in_channel"}}

    def _auth(self, arguments: Answer) -> Answer:
        del arguments
        names = {"team": "Test", "user": "watcher", "team_id": "T1", "user_id": "U1", "bot_id": "B1"}
        return {"ok": True, "url": "https://test.slack.com/", **names}


def keys_of(message: Answer) -> list[str]:
    """The keys that a message names in its metadata."""
    named = _decoded(message.get("metadata") or {}, "invalid_metadata_format").get("event_payload") or {}
    return [str(one["key"]) for one in named.get("alerts") or [named] if "key" in one]


def _kept(arguments: Answer, *names: str) -> Answer:
    """Some of the arguments; what came as JSON text is a value from now on."""
    found = {name: arguments[name] for name in names if name in arguments}
    return {k: json.loads(v) if k in {"blocks", "metadata"} and isinstance(v, str) else v for k, v in found.items()}


def _check_names(arguments: Answer, known: set[str]) -> None:
    if unknown := sorted(set(arguments) - known):
        raise Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] unknown {unknown}"]})


def _check_content(arguments: Answer) -> None:
    text, blocks = arguments.get("text", ""), arguments.get("blocks")
    if not isinstance(text, str):
        raise Refused("invalid_arguments")
    if not text and not blocks and not arguments.get("attachments"):
        raise Refused("no_text")
    if len(text) > 40_000:
        raise Refused("msg_too_long")
    blocks = _decoded(blocks, "invalid_blocks_format") if blocks is not None else []
    if found := faults(blocks):
        messages = [f"[ERROR] {fault}" for fault in found]
        raise Refused("invalid_blocks", errors=found, response_metadata={"messages": messages})
    if text_size(blocks) > MOST_TEXT:
        raise Refused("msg_blocks_too_long")


def _check_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    metadata = _decoded(metadata, "invalid_metadata_format")
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise Refused("invalid_metadata_format")
    if not isinstance(metadata["event_type"], str) or not isinstance(metadata["event_payload"], dict):
        raise Refused("invalid_metadata_format")
    if not all(_is_payload(value) for value in metadata["event_payload"].values()):
        raise Refused("invalid_metadata_format")
    if len(json.dumps(metadata)) > _MOST_METADATA:
        raise Refused("metadata_too_large")


def _is_payload(value: Any) -> bool:
    """Texts, numbers, truth values, objects of them, and lists of such objects: as Slack's own type has it."""
    if isinstance(value, dict):
        return all(isinstance(one, str | int | float | bool) for one in value.values())
    if isinstance(value, list):
        return all(isinstance(one, dict) and _is_payload(one) for one in value)
    return isinstance(value, str | int | float | bool)


def _decoded(value: Any, code: str) -> Any:
    """Blocks and metadata come as JSON text in a form, as values in a JSON body."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise Refused(code) from error


def _number(arguments: Answer, key: str, default: float) -> float:
    try:
        return float(arguments.get(key, default))
    except (TypeError, ValueError) as error:
        raise Refused("invalid_arguments" if key == "limit" else f"invalid_ts_{key}") from error


def _start(cursor: Any, count: int) -> int:
    if not cursor:
        return 0
    try:
        start = int(base64.b64decode(cursor).decode().removeprefix("next:"))
    except ValueError as error:
        raise Refused("invalid_cursor") from error
    if start > count:
        raise Refused("invalid_cursor")
    return start


def _public(message: Answer, *, metadata: bool) -> Answer:
    """A message as the history gives it; without ``include_all_metadata`` the payload is left out."""
    shown = {"type": "message", "bot_id": "B1", **_kept(message, "ts", "text", "thread_ts")}
    if "blocks" in message:
        shown["blocks"] = message["blocks"]
    if "metadata" in message and metadata:
        shown["metadata"] = message["metadata"]
    elif "metadata" in message:
        shown["metadata"] = {"event_type": message["metadata"]["event_type"]}
    return shown


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    slack: SlackServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a bot that is killed hangs up in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        slack, method = self.server.slack, self.path.rpartition("/")[2]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = None
        try:
            arguments = self._arguments(body)
            slack.calls.append((method, arguments))
            fault = slack.fault() if method == "chat.postMessage" else slack.other_fault(method)
            if fault and not fault.endswith("-accepted"):
                self._fail(fault)
                return
            answer = slack.answer(method, arguments)
        except Refused as refused:
            answer, fault = refused.answer, None
        if fault:
            self._fail(fault.removesuffix("-accepted"))
        else:
            self._answer(answer)

    def _arguments(self, body: bytes) -> Answer:
        """What the caller said, once it has shown its token the way Slack wants it.

        Raises:
            Refused: no token, another token, an unknown content type, or a body that is not of its type.
        """
        if not self.path.startswith("/api/"):
            raise Refused("unknown_method")
        kind, _, token = (self.headers.get("Authorization") or "").partition(" ")
        if kind != "Bearer" or not token:
            raise Refused("not_authed")
        if token != self.server.slack.token:
            raise Refused("invalid_auth")
        content = self.headers.get_content_type()
        if content == "application/json":
            return _json_body(body) if body else {}
        if content != "application/x-www-form-urlencoded":
            raise Refused("invalid_post_type")
        return dict(parse_qsl(body.decode(), keep_blank_values=True))

    def _fail(self, fault: str) -> None:
        if fault == "hang":
            self.server.slack.hang()
        elif fault == "reset":
            self._reset()
        elif fault == "429":
            self._answer({"ok": False, "error": "ratelimited", "retry_after": self.server.slack.retry_after})
        elif fault == "nameless":
            self._answer({"ok": True})
        elif fault == "garbage":
            self._send(200, b"<html>a proxy's own words</html>", "text/html")
        else:
            self._send(int(fault), b"Internal Server Error", "text/plain")

    def _reset(self) -> None:
        """Close with a TCP reset instead of an answer: a linger of zero seconds makes the kernel do so."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _answer(self, answer: Answer) -> None:
        retry_after = answer.pop("retry_after", None)
        slow = {"Retry-After": str(retry_after)} if retry_after is not None else {}
        headers = {**slow, "x-oauth-scopes": ",".join(self.server.slack.scopes)}
        self._send(429 if slow else 200, json.dumps(answer).encode(), "application/json; charset=utf-8", headers)

    def _send(self, status: int, body: bytes, kind: str, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": kind, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class gives
        """Say nothing: a test's own words are enough."""


def _json_body(body: bytes) -> Answer:
    try:
        arguments = json.loads(body)
    except ValueError as error:
        raise Refused("invalid_json") from error
    if not isinstance(arguments, dict):
        raise Refused("json_not_object")
    return arguments


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m tests.slack_server", description="A strict local Slack.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, help="each accepted message is appended to it, one JSON object a line")
    parser.add_argument("--channel", action="append", help="a channel that exists, or NAME=ERROR_CODE; repeatable")
    parser.add_argument("--interval", type=float, default=0.0, help="least seconds between messages of a channel")
    parser.add_argument("--fault", action="append", default=[], metavar="N:KIND", help=", ".join(get_args(Fault)))
    given = parser.parse_args(arguments)
    names = given.channel or ["C0123456789"]
    channels = {name.partition("=")[0]: name.partition("=")[2] or "open" for name in names}
    with SlackServer(channels, interval=given.interval, log=given.log, port=given.port) as slack:
        slack.numbered = {int(number): kind for number, kind in (text.split(":") for text in given.fault)}
        sys.stdout.write(f"{slack.url}\n")
        sys.stdout.flush()
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()

"""A local Slack that people type and press in: Socket Mode by a web socket, and requests over HTTP, signed as Slack does.

In a test::

    with Workspace() as slack:
        ... Line(app, slack.app_token, slack.url, ...)
        ack = slack.over_socket("slash_commands", command("status amazon"))
        answer = slack.answered()           # what was sent to the address for answers

Limits that matter here are Slack's: an answer needs text or blocks that ``tests.slack_blocks`` finds nothing wrong with.
"""

import base64
import hashlib
import hmac
import json
import queue
import socket
import struct
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from tests.slack_blocks import faults
from tests.slack_server import Refused, SlackServer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
APP_TOKEN, BOT_TOKEN = "xapp-1-A1-2-abc", "xoxb-1111-2222-threeFourFive"
DEADLINE = 20.0  # seconds; generous, what is late is told by the tests that measure

Body = dict[str, Any]
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10


def command(text: str, **more: Any) -> Body:
    """What Slack says of a slash command."""
    made = {
        "token": "legacy",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U1",
        "user_name": "ann",
        "command": "/stance",
        "text": text,
        "trigger_id": f"1.2.{uuid4().hex}",
        "api_app_id": "A1",
    }
    return {**made, **more}


def button(action: str, value: str = "", **more: Any) -> Body:
    """What Slack says of a button that was pressed."""
    made = {"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.0", **more}
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "username": "ann", "team_id": "T1"},
        "channel": {"id": "C1"},
        "container": {"type": "message", "message_ts": "1.0", "channel_id": "C1"},
        "trigger_id": f"1.2.{uuid4().hex}",
        "api_app_id": "A1",
        "actions": [made],
    }


def mention(text: str, **more: Any) -> Body:
    """What Slack says of a message that mentions the bot."""
    event = {"type": "app_mention", "user": "U1", "text": f"<@UBOT> {text}", "ts": "5.0", "channel": "C1", **more}
    return {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": uuid4().hex, "event": event}


def signed(body: bytes, *, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers by which Slack proves that it speaks."""
    moment = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), b"v0:" + moment.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}


def encoded(kind: str, body: Body) -> tuple[str, str, bytes]:
    """Path, content type and body of a request over HTTP; ``kind`` as Socket Mode names it."""
    if kind == "events_api":
        return "/slack/events", "application/json", json.dumps(body).encode()
    form = "application/x-www-form-urlencoded"
    if kind == "slash_commands":
        return "/slack/commands", form, urlencode(body).encode()
    return "/slack/interactive", form, urlencode({"payload": json.dumps(body)}).encode()


def request(url: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """One request; status and body of its answer."""
    made = urllib.request.Request(url, body, dict(headers), method="POST" if body is not None else "GET")
    try:
        with urllib.request.urlopen(made, timeout=DEADLINE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


class Workspace:
    """The server. ``deaf``: new lines answer no ping. ``refuse``: the error of ``apps.connections.open``.

    ``failing``: how many answers get a 500 before one is taken.

    ``behind``: a strict server that keeps the messages; it is asked by what it does, and need not be listening itself.
    """

    def __init__(self, behind: SlackServer | None = None) -> None:
        self._behind = behind
        self.app_token, self.bot_token = APP_TOKEN, BOT_TOKEN
        self.deaf, self.refuse, self.failing = False, "", 0
        self.opened = 0
        self.lines: list[_Line] = []
        self.posts: queue.Queue[Body] = queue.Queue()
        self.calls: list[str] = []
        self._answers: queue.Queue[tuple[str, Body]] = queue.Queue()
        self._acks: queue.Queue[Body] = queue.Queue()
        self.faults: list[BaseException | None] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.workspace = self

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """What WATCHER_SLACK_API_URL is set to."""
        return f"{self.root}/api/"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for line in self.lines:
            line.hang_up()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        assert not self.faults, self.faults

    # --- over the line

    def await_line(self, number: int = 1) -> "_Line":
        """The newest line, once so many have been opened."""
        deadline = time.monotonic() + DEADLINE
        while len(self.lines) < number:
            assert time.monotonic() < deadline, f"only {len(self.lines)} lines were opened"
            time.sleep(0.01)
        return self.lines[-1]

    def over_socket(self, kind: str, body: Body, envelope: str | None = None) -> tuple[Body, float]:
        """Send an envelope; its acknowledgement, and after how many seconds it came."""
        made = envelope or uuid4().hex
        payload = body if kind == "events_api" else {"response_url": f"{self.root}/respond/{made}", **body}
        began = time.monotonic()
        self.lines[-1].send({"type": kind, "envelope_id": made, "payload": payload, "accepts_response_payload": True})
        while True:
            ack = self._acks.get(timeout=DEADLINE)
            if ack.get("envelope_id") == made:
                return ack, time.monotonic() - began

    # --- over HTTP

    def over_http(self, site: str, kind: str, body: Body, age: float = 0.0) -> tuple[int, bytes, float]:
        """Send a signed request (``age``: seconds); status, body, and after how many seconds the answer came."""
        payload = body if kind == "events_api" else {"response_url": f"{self.root}/respond/{uuid4().hex}", **body}
        path, content, raw = encoded(kind, payload)
        began = time.monotonic()
        status, answer = request(site + path, raw, {"Content-Type": content, **signed(raw, at=time.time() - age)})
        return status, answer, time.monotonic() - began

    # --- what comes back

    def answered(self) -> Body:
        """The next answer that was sent to an address for answers."""
        return self._answers.get(timeout=DEADLINE)[1]

    def silence(self, seconds: float = 0.3) -> bool:
        """Whether no answer comes for a while."""
        try:
            self._answers.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def posted(self) -> Body:
        """The next message in a channel."""
        return self.posts.get(timeout=DEADLINE)

    def take(self, path: str, body: Body) -> Body:
        """A request of the app's; what Slack says to it."""
        method = path.rpartition("/")[2]
        if path.startswith("/respond/"):
            _check(body)
            self._answers.put((method, body))
            return {"ok": True}
        self.calls.append(method)
        if method == "apps.connections.open":
            return self._open()
        if self._behind and method != "chat.postEphemeral":
            try:
                return self._behind.answer(method, body)
            except Refused as refused:
                return refused.answer
        return self._post(method, body)

    def _open(self) -> Body:
        if self.refuse:
            return {"ok": False, "error": self.refuse}
        self.opened += 1
        return {"ok": True, "url": f"{self.root.replace('http', 'ws')}/link?ticket={self.opened}"}

    def _post(self, method: str, body: Body) -> Body:
        if method not in {"chat.postMessage", "chat.postEphemeral"}:
            return {"ok": False, "error": "unknown_method"}
        _check(body)
        self.posts.put({"method": method, **body})
        return {"ok": True, "ts": "9.0", "channel": body["channel"]}


def _check(body: Body) -> None:
    blocks = body.get("blocks") or []
    blocks = json.loads(blocks) if isinstance(blocks, str) else blocks
    found = faults(blocks)
    assert not found, found
    assert body.get("text")


class _Line:
    """One web socket, seen from the server."""

    def __init__(self, workspace: Workspace, connection: socket.socket) -> None:
        self._workspace, self._connection = workspace, connection
        self._deaf = workspace.deaf
        self._lock = threading.Lock()
        self.pings = 0

    def send(self, message: Body) -> None:
        self.frame(_TEXT, json.dumps(message).encode())

    def frame(self, opcode: int, data: bytes = b"") -> None:
        size = len(data)
        head = bytes([0x80 | opcode]) + (bytes([size]) if size < 126 else b"\x7e" + struct.pack("!H", size))
        with self._lock:
            self._connection.sendall(head + data)

    def close(self) -> None:
        """Say goodbye, as Slack does when it renews its servers."""
        self.frame(_CLOSE, struct.pack("!H", 1000))

    def hang_up(self) -> None:
        """Cut the wire."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def listen(self) -> None:
        self.send({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        while (found := self._read()) is not None:
            opcode, data = found
            if opcode == _PING:
                self.pings += 1
                if not self._deaf:
                    self.frame(_PONG, data)
            elif opcode == _TEXT:
                self._workspace._acks.put(json.loads(data))
            elif opcode == _CLOSE:
                return

    def _read(self) -> tuple[int, bytes] | None:
        head = self._exactly(2)
        if head is None:
            return None
        size = head[1] & 0x7F
        if size == 126:
            size = struct.unpack("!H", self._exactly(2) or b"\0\0")[0]
        mask, data = self._exactly(4), self._exactly(size)
        if mask is None or data is None:
            return None
        return head[0] & 0x0F, bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))

    def _exactly(self, size: int) -> bytes | None:
        data = b""
        while len(data) < size:
            try:
                part = self._connection.recv(size - len(data))
            except OSError:
                return None
            if not part:
                return None
            data += part
        return data


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    workspace: Workspace

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An app that is stopped hangs up in the middle of an answer; all else is told at the end of the test."""
        del request, client_address
        error = sys.exception()
        if not isinstance(error, OSError):
            self.workspace.faults.append(error)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        kind = self.headers.get_content_type()
        body = json.loads(raw or "{}") if kind == "application/json" else dict(parse_qsl(raw))
        slack = self.server.workspace
        fails = slack.failing > 0
        slack.failing -= fails
        made = b"{}" if fails else json.dumps(slack.take(self.path, body)).encode()
        self.send_response(500 if fails else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(made)))
        self.end_headers()
        self.wfile.write(made)

    def do_GET(self) -> None:
        key = self.headers["Sec-WebSocket-Key"]
        accept = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(accept).decode())
        self.end_headers()
        self.wfile.flush()
        line = _Line(self.server.workspace, self.connection)
        self.server.workspace.lines.append(line)
        line.listen()
        self.close_connection = True

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""

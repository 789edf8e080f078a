"""Socket Mode, kept alive: the line to Slack is opened, watched, and opened again.

slack-sdk's own client answers pings, follows Slack's requests to reconnect, and leaves a line whose pongs stop. But it
gives up where the first connection fails, takes a while to see that the other side has gone, and never sees that a line
was deaf from its beginning.
"""

import logging
import select
import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from watcher.core.condition import SOCKET
from watcher.entrypoints.once import Once

PING = 10.0  # seconds between pings; four without a pong, and the line counts as dead
_LOOK = 1.0  # seconds between looks at the line
_LONGEST_PAUSE = 60.0  # seconds; Slack allows one new line a minute for long
_MISSED = 120.0  # seconds after which operators are told; Slack renews its servers more often than that
_TIMEOUT = 15
_GONE = getattr(select, "POLLRDHUP", 0) | select.POLLHUP | select.POLLERR

_log = logging.getLogger(__name__)
# The client tells of each attempt as an error of its own, with addresses that hold a ticket for the line.
_client_log = logging.getLogger(f"{__name__}.client")
_client_log.setLevel(logging.CRITICAL)


class _Handler(SocketModeHandler):
    """Acknowledges an envelope that comes again, and does nothing else with it."""

    once: Once

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as its base
        if self.once.first(req.envelope_id):
            super().handle(client, req)
        else:
            client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))


class Line:
    """The line to Slack. ``ping`` in seconds. ``silent`` says since when (by ``time.monotonic``) nobody is there."""

    def __init__(self, app: App, app_token: str, api_url: str, once: Once, *, ping: float = PING) -> None:
        web_client = WebClient(base_url=api_url, timeout=_TIMEOUT, retry_handlers=[], logger=_client_log)
        self._handler = _Handler(app, app_token, logger=_client_log, web_client=web_client, ping_interval=ping)
        self._handler.once = once
        self._client: SocketModeClient = self._handler.client
        if proxy_bypass(urlsplit(api_url).hostname or ""):
            self._client.proxy = None  # the client's own reading of the environment ignores NO_PROXY
        web_client.proxy = None  # urllib reads the environment itself, with its exceptions
        self._ping = ping
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="slack-line", daemon=True)
        self._session: Connection | None = None
        self._session_since = 0.0
        self.silent: float | None = time.monotonic()

    def probe(self) -> dict[str, str | None]:
        """What is to be told of the line: None in the place of words while it is well, or is not missed yet."""
        missed = self.silent is not None and time.monotonic() - self.silent > _MISSED
        return {SOCKET: "the line to Slack cannot be opened, or nobody answers on it" if missed else None}

    def start(self) -> None:
        """Open the line, and look after it in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        self._stopping.set()
        self._thread.join()
        client, session = self._client, self._client.current_session
        client.auto_reconnect_enabled, client.current_session_state.terminated = False, True
        if session is not None and session.sock is not None:
            with suppress(OSError):
                session.sock.shutdown(socket.SHUT_RDWR)  # else closing waits until a read times out, three seconds
        client.closed = True
        client.message_queue.put(None)  # else the thread that waits for messages waits for a second more
        client.close()

    def _watch(self) -> None:
        pause, said = _LOOK, ""
        while not self._stopping.is_set():
            trouble = self._trouble()
            if trouble:
                said = self._say_lost(trouble, said)
                said = self._reconnect() or said
            if self._client.is_connected() and not self._trouble():
                pause, said = _LOOK, self._say_back(said)
            else:
                pause = min(2 * pause, _LONGEST_PAUSE)
            self._stopping.wait(pause)

    def _trouble(self) -> str | None:
        """What is wrong with the line; None while it is well."""
        session = self._client.current_session
        if session is None or not session.is_active():
            return "it is not there"
        if _hung_up(session):
            return "Slack hung up"
        if session is not self._session:
            self._session, self._session_since = session, time.monotonic()
        deaf = session.last_ping_pong_time is None and time.monotonic() - self._session_since > 4 * self._ping
        return "nobody answers its pings" if deaf else None

    def _reconnect(self) -> str | None:
        """Open a new line; what stood in the way, or None."""
        if self._client.is_connected():
            self._client.disconnect()
        try:
            self._client.connect_to_new_endpoint()
        except SlackApiError as error:
            code = str(error.response.get("error"))
            _log.error("Slack opens no line (%s): check WATCHER_SLACK_APP_TOKEN, and that Socket Mode is on", code)
            return code
        except Exception as error:  # noqa: BLE001  (whatever stands in the way, the line is tried again)
            _log.debug("the line to Slack could not be opened (%s)", type(error).__name__)
        return None

    def _say_lost(self, trouble: str, said: str) -> str:
        """Once for each time that the line is lost; at the start it is not there yet."""
        if self.silent is None:
            _log.warning("the line to Slack is dead (%s); opening a new one", trouble)
        self.silent = self.silent or time.monotonic()
        return said or trouble

    def _say_back(self, said: str) -> str:
        if said:
            _log.info("the line to Slack is open")
        self.silent = None
        return ""


def _hung_up(session: Connection) -> bool:
    """Whether the other side has gone without a word, upon which the client reads nothing in a tight loop."""
    sock = session.sock
    if sock is None or sock.fileno() < 0:
        return False
    poll = select.poll()
    poll.register(sock.fileno(), _GONE)
    return bool(poll.poll(0))

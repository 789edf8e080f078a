"""The small web server: Slack's requests, ``/health``, and whatever else is handed in (``/unsubscribe``).

waitress serves: a library without dependencies that has kept the web's older mistakes (request smuggling, endless
headers, slow bodies) out for years, with limits on bodies, connections and idle time. What callers get is a status and
a word; what went wrong stands in the log.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltRequest
from slack_bolt.error import BoltError
from waitress.server import create_server

from watcher.core.errors import ConfigError, Fault, WatcherError

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

MOST_BODY = 512 * 1024  # bytes; Slack sends back the whole message of a button, a tenth of that at most
_MOST_READ = 8 * MOST_BODY  # bytes that are read, so that the one who sends them can be told; more are cut off
_IDLE = 20  # seconds
_THREADS = 8
_CONNECTIONS = 200
_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
# An app may name one address for everything, as Bolt's own examples do; then forms come where events do.
_SLACK = {"/slack/events": {_JSON, _FORM}, "/slack/commands": {_FORM}, "/slack/interactive": {_FORM}}
_SIGNATURE, _TIMESTAMP = re.compile(r"v0=[0-9a-f]{64}"), re.compile(r"\d{1,12}")
_QUIET = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

_log = logging.getLogger(__name__)

# Method, path with its query, body → status, headers, body
Handle = Callable[[str, str, bytes], tuple[int, Iterable[tuple[str, str]], bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818  (an answer, and no error of ours)
    """A request that is not served, and the status that says why."""

    def __init__(self, status: HTTPStatus) -> None:
        self.status = status
        super().__init__(status)


@dataclass(frozen=True, slots=True)
class Site:
    """What is served. ``slack`` None: its paths are not there. ``pages`` by path."""

    clock: Callable[[], datetime]
    health: Callable[[datetime], Mapping[str, object]]
    slack: App | None = None
    pages: Mapping[str, Handle] = field(default_factory=dict)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Serve one request; nothing that goes wrong in it shows more than a status."""
        try:
            answer = self._answer(environ)
        except Refusal as refusal:
            _log.info("refused %.8r %.60r: %s", environ["REQUEST_METHOD"], _path(environ), refusal.status.phrase)
            answer = _plain(refusal.status)
        except Exception:  # noqa: BLE001  (the outermost loop of a request)
            _log.exception("a request could not be served")
            answer = _plain(HTTPStatus.INTERNAL_SERVER_ERROR)
        status = f"{answer.status} {HTTPStatus(answer.status).phrase}"
        headers = {**_QUIET, "Content-Length": str(len(answer.body)), **answer.headers}
        start_response(status, list(headers.items()))
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: "WSGIEnvironment") -> Answer:
        path, method = _path(environ), environ["REQUEST_METHOD"]
        if int(environ.get("CONTENT_LENGTH") or 0) > MOST_BODY:
            raise Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if path == "/health":
            _only(method, "GET", "HEAD")
            return self._health()
        if path in self.pages:
            _only(method, "GET", "POST")
            query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
            status, headers, body = self.pages[path](method, path + query, _body(environ))
            return Answer(status, body, dict(headers))
        if self.slack is not None and path in _SLACK:
            _only(method, "POST")
            return _bolted(self.slack, environ, _SLACK[path])
        raise Refusal(HTTPStatus.NOT_FOUND)

    def _health(self) -> Answer:
        try:
            found = {"status": "ok", **self.health(self.clock())}
        except WatcherError as error:
            _log.warning("not healthy: %s", error)
            found = {"status": "the record cannot be read"}
        status = HTTPStatus.OK if found["status"] == "ok" else HTTPStatus.SERVICE_UNAVAILABLE
        return Answer(status, json.dumps(found).encode(), {"Content-Type": _JSON})


def _bolted(app: App, environ: "WSGIEnvironment", kinds: set[str]) -> Answer:
    """A request of Slack's, if that is what it is: Bolt looks at its signature."""
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().casefold()
    if kind not in kinds:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    signature, timestamp = environ.get("HTTP_X_SLACK_SIGNATURE", ""), environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    if not (_SIGNATURE.fullmatch(signature) and _TIMESTAMP.fullmatch(timestamp)):
        raise Refusal(HTTPStatus.UNAUTHORIZED)  # Bolt stumbles over numbers that are none
    headers = {"content-type": kind, "x-slack-signature": signature, "x-slack-request-timestamp": timestamp}
    try:
        request = BoltRequest(body=_body(environ).decode("utf-8"), headers=dict(headers))
    except (ValueError, TypeError, AttributeError, RecursionError, BoltError) as error:
        raise Refusal(HTTPStatus.BAD_REQUEST) from error
    answer = app.dispatch(request)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        raise Refusal(HTTPStatus.UNAUTHORIZED)
    sent = {name: values[0] for name, values in answer.headers.items() if name == "content-type" and values}
    return Answer(answer.status, (answer.body or "").encode(), {"Content-Type": sent.get("content-type", "text/plain")})


def _path(environ: "WSGIEnvironment") -> str:
    return str(environ.get("PATH_INFO") or "/")


def _body(environ: "WSGIEnvironment") -> bytes:
    """The body, which waitress has read whole."""
    made: bytes = environ["wsgi.input"].read(MOST_BODY)
    return made


def _only(method: str, *allowed: str) -> None:
    if method not in allowed:
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED)


def _plain(status: HTTPStatus) -> Answer:
    return Answer(status, f"{status.phrase}\n".encode(), {"Content-Type": "text/plain; charset=utf-8"})


class WebServer:
    """Serves a site in threads of its own."""

    def __init__(self, site: Site, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        try:
            self._server = create_server(
                site,
                map=self._sockets,
                host=host,
                port=port,
                threads=_THREADS,
                connection_limit=_CONNECTIONS,
                channel_timeout=_IDLE,
                cleanup_interval=_IDLE,
                max_request_body_size=_MOST_READ,
                max_request_header_size=32 * 1024,
                ident="",
            )
        except OSError as error:
            expected = f"an address that is free, and this machine's own ({error.strerror or error})"
            raise ConfigError([Fault("environment", "WATCHER_LISTEN", expected)]) from error
        logging.getLogger("waitress").setLevel(logging.ERROR)  # it warns of queues that are a second long
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens, if the system chose."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Serve from now on."""
        self._thread.start()

    def close(self) -> None:
        """Finish what is being served, and stop."""
        self._stopping.set()
        self._server.pull_trigger()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._server.asyncore.loop(timeout=1.0, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown()
        self._server.asyncore.close_all(self._sockets)

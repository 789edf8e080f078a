"""A local web server with the good and the bad manners of real ones.

In a test::

    with WebServer() as web:
        web.pages["/feed"] = text(b"<rss/>", etag='"1"')
        ... web.url("/feed") ...
        web.asked          # (path, headers) of every request, in order

A page is a function of the request's handler; the functions below make the usual ones.
"""

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Page = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    wbufsize = 64 * 1024  # one packet for headers and body, else Nagle's algorithm waits 40 ms for each answer
    server: "_Server"

    def do_GET(self) -> None:
        web = self.server.web
        with web.lock:
            web.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            web.times.append(time.monotonic())
            web.open += 1
            web.most_open = max(web.most_open, web.open)
        try:
            web.pages.get(self.path, web.default)(self)
        finally:
            with web.lock:
                web.open -= 1

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the standard library's name)
        pass

    def reply(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def begin(self, headers: Mapping[str, str] | None = None) -> None:
        """Start a body of unknown length."""
        self.send_response(200)
        for name, value in {"Connection": "close", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True

    def send(self, piece: bytes) -> bool:
        """Send a piece at once; False when the other side has gone or the server stops."""
        try:
            self.wfile.write(piece)
            self.wfile.flush()
        except OSError:
            return False
        return not self.server.web.stopping.is_set()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, web: "WebServer", host: str, tls: ssl.SSLContext | None) -> None:
        self.web = web
        super().__init__((host, 0), Handler)
        if tls:  # the handshake belongs to the request's own thread
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that hang up are what the tests are about."""


class WebServer:
    """Serves ``pages``; everything else gets ``default`` (404). ``host``: "" listens on all of 127.0.0.0/8.

    With ``tls`` it speaks https.
    """

    def __init__(self, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.default: Page = status(404)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.times: list[float] = []
        self.open = 0
        self.most_open = 0
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self._scheme = "https" if tls else "http"
        self._server = _Server(self, host, tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def status(code: int, **headers: str) -> Page:
    """An answer without a body; ``retry_after="3"`` becomes the header ``Retry-After: 3``."""
    return lambda request: request.reply(code, b"", _named(headers))


def text(body: bytes, **headers: str) -> Page:
    """A page that honours If-None-Match and If-Modified-Since, where it has an ETag or a Last-Modified."""

    def page(request: Handler) -> None:
        named = _named(headers)
        same_tag = "etag" in headers and request.headers.get("If-None-Match") == headers["etag"]
        since = request.headers.get("If-Modified-Since")
        same_time = "last_modified" in headers and since == headers["last_modified"]
        request.reply(304 if same_tag or same_time else 200, b"" if same_tag or same_time else body, named)

    return page


def redirect(code: int, location: str) -> Page:
    return status(code, location=location)


def endless(piece: bytes = b"x" * 1024, **headers: str) -> Page:
    def page(request: Handler) -> None:
        request.begin(_named(headers))
        while request.send(piece):
            pass

    return page


def drip(request: Handler) -> None:
    """One byte at a time, for ever."""
    request.begin()
    while request.send(b"x"):
        request.server.web.stopping.wait(0.05)


def hang(request: Handler) -> None:
    """No answer at all."""
    request.server.web.stopping.wait(30)
    request.close_connection = True


def reset(request: Handler) -> None:
    """A connection reset in place of an answer."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()
    request.close_connection = True


def short(request: Handler) -> None:
    """Less than the announced length."""
    request.reply(200, b"abc", {"Content-Length": "1000"})
    request.close_connection = True


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}

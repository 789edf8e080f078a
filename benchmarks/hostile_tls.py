"""Hostile servers that speak TLS, or ought to, and one good one among them."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.hostile_pages import HEAD, ITEM, TAIL, Hostile
from tests.fetch import server
from tests.fetch.certificates import Authority, authority
from tests.fetch.server import WebServer

Talk = Callable[[socket.socket, threading.Event], None]
_UNUSED = server.status(404)  # the page of one whose server is here, not there


@dataclass(frozen=True, slots=True)
class TlsServers:
    """What runs: what must be said of each, where it is, and the environment of a watcher that trusts the good one."""

    servers: dict[str, Hostile]
    urls: dict[str, str]
    environment: dict[str, str]


@contextmanager
def hostile_tls() -> Iterator[TlsServers]:
    """Servers on addresses of their own, until the block ends."""
    with TemporaryDirectory(prefix="watcher-bench-") as folder, ExitStack() as running:
        signer = authority(Path(folder))
        urls = {name: running.enter_context(_talking(talk)) for name, (talk, _) in _TALKS.items()}
        urls |= {name: _web(running, signer, name) for name in _CERTIFIED}
        servers = {name: hostile for name, (_, hostile) in _TALKS.items()} | _CERTIFIED
        yield TlsServers(servers, urls, {"WATCHER_CA_FILE": str(signer.trusted)})


def _web(running: ExitStack, signer: Authority, name: str) -> str:
    address = f"127.0.100.{list(_CERTIFIED).index(name) + 1}"
    context = {
        "https": lambda: signer.context(address),
        "https-expired": lambda: signer.context(address, days=-1),
        "https-of-another-name": lambda: signer.context("127.0.100.99"),
        "https-self-signed": lambda: signer.self_signed(address),
    }[name]()
    web = running.enter_context(WebServer(address, context))
    web.default = server.text(HEAD + ITEM + TAIL)
    return web.url("/", address)


@contextmanager
def _talking(talk: Talk) -> Iterator[str]:
    """A server that treats each connection by itself."""
    ending = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, talk, ending), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/feed"
        ending.set()
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listening: socket.socket, talk: Talk, ending: threading.Event) -> None:
    with suppress(OSError):
        while not ending.is_set():
            connection, _ = listening.accept()
            threading.Thread(target=_one, args=(connection, talk, ending), daemon=True).start()


def _one(connection: socket.socket, talk: Talk, ending: threading.Event) -> None:
    with connection, suppress(OSError):
        connection.recv(4096)
        talk(connection, ending)


def _plain(connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def _silent(_: socket.socket, ending: threading.Event) -> None:
    ending.wait(60)


def _dripping(connection: socket.socket, ending: threading.Event) -> None:
    """A first message of 16,000 bytes, one every half second."""
    connection.sendall(b"\x16\x03\x03\x3e\x80\x02\x00\x3e\x7c\x03\x03")
    while not ending.wait(0.5):
        connection.sendall(b"x")


def _nonsense(connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(os.urandom(20_000))


def _alerting(connection: socket.socket, _: threading.Event) -> None:
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # handshake_failure


def _leaving(connection: socket.socket, _: threading.Event) -> None:
    connection.shutdown(socket.SHUT_RDWR)


_NO_CONNECTION = Hostile(_UNUSED, "network", "no secure connection to 127.0.")
_CERTIFIED = {
    "https": Hostile(_UNUSED, None),
    "https-expired": _NO_CONNECTION,
    "https-of-another-name": _NO_CONNECTION,
    "https-self-signed": _NO_CONNECTION,
}
_TALKS: dict[str, tuple[Talk, Hostile]] = {
    "https-that-is-plain-text": (_plain, _NO_CONNECTION),
    "tls-nonsense": (_nonsense, _NO_CONNECTION),
    "tls-refused": (_alerting, _NO_CONNECTION),
    "tls-that-leaves": (_leaving, _NO_CONNECTION),
    "tls-that-never-answers": (_silent, Hostile(_UNUSED, "timeout", "in time", slow=True)),
    "tls-that-drips": (_dripping, Hostile(_UNUSED, "timeout", "in time", slow=True)),
}

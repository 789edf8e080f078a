"""A mail server that only greets and takes a password: for those who ask whether it is there."""

import base64
import socketserver
import threading
from types import TracebackType
from typing import Self


class Greeter:
    """Answers on the loopback. ``auth``: the word before which it takes the password ``secret``; ``lost`` hangs up."""

    def __init__(self, *, auth: bool = True, lost: bool = False) -> None:
        self.auth = auth
        self.lost = lost
        self.lines: list[str] = []
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.greeter = self

    def url(self, user: str = "") -> str:
        """The address, with a user and a password if asked for."""
        return f"smtp://{f'{user}@' if user else ''}127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    greeter: Greeter


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        greeter = self.server.greeter
        if greeter.lost:
            return
        self._say("220 here")
        for raw in self.rfile:
            line = raw.decode().strip()
            greeter.lines.append(line)
            self._say(self._answer(line))
            if line.upper() == "QUIT":
                return

    def _answer(self, line: str) -> str:
        verb, _, rest = line.partition(" ")
        if verb.upper() == "EHLO":
            return "250-here\r\n250 AUTH PLAIN" if self.server.greeter.auth else "250 here"
        if verb.upper() == "AUTH":
            given = base64.b64decode(rest.split(" ")[-1]).decode().split("\0")
            return "235 welcome" if given[-1] == "secret" else f"535 no, not with {given[-1]}"
        return {"NOOP": "250 ok", "QUIT": "221 bye"}.get(verb.upper(), "502 not here")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

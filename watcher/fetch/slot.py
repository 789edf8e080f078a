"""One libcurl handle, used again and again, and the caps that hold while it receives."""

import hashlib
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pycurl

from watcher.core.source import HttpState
from watcher.fetch.address import is_public
from watcher.fetch.credentials import NOBODY, Credentials
from watcher.fetch.room import Room
from watcher.fetch.settings import Settings
from watcher.fetch.unpack import ASKED_FOR, Unpacker, UnpackError

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, "
    "text/xml;q=0.9, text/html;q=0.8, application/xhtml+xml;q=0.8, application/json;q=0.8, */*;q=0.5"
)
_USUAL = (("Accept", ACCEPT), ("Accept-Language", "en, *;q=0.5"), ("Accept-Encoding", ASKED_FOR))
_ENOUGH = 64 * 1024  # bytes of an error page or a redirect's body, which nobody reads
_MOST_HEADERS = 256 * 1024  # bytes, those of early hints and trailers too
_OK = range(200, 300)


@dataclass(frozen=True, slots=True)
class Received:
    """What came of one transfer.

    ``status`` is 0 where none could be read. ``code`` is libcurl's (0: well), ``words`` its own. ``refused`` is a
    private address, where the name led to no other; ``too_large`` says which cap was passed, ``packed`` why a body
    could not be unpacked. ``crowded``: it had to make room for others. ``body`` and ``sha256`` are empty unless the
    status is 2xx.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    sha256: str = ""
    code: int = 0
    words: str = ""
    seconds: float = 0.0
    connected: bool = False
    refused: str | None = None
    too_large: str | None = None
    packed: str | None = None
    crowded: bool = False


class _Door:
    """An open socket until libcurl has made its own duplicate of the descriptor."""

    def __init__(self, family: int, kind: int, protocol: int) -> None:
        self._socket = socket.socket(family, kind, protocol)

    def fileno(self) -> int:
        return self._socket.fileno()

    def __del__(self) -> None:
        with suppress(OSError):
            self._socket.close()


class Slot:
    """A handle and the transfer it carries, which takes ``room`` for its body."""

    def __init__(self, settings: Settings, room: Room | None = None) -> None:
        self._settings = settings
        self._room = room or Room(settings.held_bytes)
        self._pieces: list[bytes] = []
        self.handle = pycurl.Curl()
        self._fixed_options()
        self._clear()

    def begin(
        self,
        url: str,
        http: HttpState,
        seconds: float,
        own: Credentials = NOBODY,
        enough: int | None = None,
        *,
        kept: bool = False,
    ) -> None:
        """Prepare the transfer of one address, with ``seconds`` left for it, as whom ``own`` says.

        It ends well once ``enough`` bytes of the body are there, unpacked. ``kept``: the caller keeps room for it.
        """
        self._clear()
        self._enough = enough
        self._is_guest = not kept
        if self._is_guest:
            self._room.enter(self)
        handle = self.handle
        self._proxy = own.proxy or self._settings.proxy or ""  # empty: not the environment's either
        handle.setopt(pycurl.URL, url)
        handle.setopt(pycurl.PROXY, self._proxy)
        handle.setopt(pycurl.TIMEOUT_MS, max(1, int(seconds * 1000)))
        handle.setopt(pycurl.HTTPHEADER, [*_lines(own.headers_for(url)), *_conditions(http)])

    def end(self, code: int, words: str) -> Received:
        """What came; the handle is free again."""
        crowded = self._is_guest and not self._room.leave(self)
        body = b"" if crowded else b"".join(self._pieces)
        code = 0 if self._has_enough else code
        broken_off = not (code or self._has_enough) and self._unpacker is not None and not self._unpacker.whole
        status = int(self.handle.getinfo(pycurl.RESPONSE_CODE))
        received = Received(
            status=status if status == self._status else 0,
            headers=self._headers,
            body=body,
            sha256=self._hash.hexdigest() if body else "",
            code=code,
            words=words,
            seconds=float(self.handle.getinfo(pycurl.TOTAL_TIME)),
            connected=self.handle.getinfo(pycurl.CONNECT_TIME) > 0,
            refused=None if self._opened else self._refused,
            too_large=self._too_large,
            packed="a packed body that breaks off" if broken_off else self._packed,
            crowded=crowded,
        )
        self._clear()
        return received

    def give_way(self) -> None:
        """See ``room.Guest``."""
        self._pieces = []
        self._gave_way = True

    def close(self) -> None:
        """Free the handle; it must have been removed from its wire."""
        self.handle.close()

    def _clear(self) -> None:
        self._headers: dict[str, str] = {}
        self._pieces = []
        self._hash = hashlib.sha256()
        self._size = 0
        self._header_size = 0
        self._status = 0
        self._opened = False
        self._refused: str | None = None
        self._too_large: str | None = None
        self._packed: str | None = None
        self._unpacker: Unpacker | None = None
        self._enough = None
        self._is_guest = False
        self._gave_way = False
        self._proxy = self._settings.proxy or ""

    def _fixed_options(self) -> None:
        settings, handle = self._settings, self.handle
        options = {
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.FOLLOWLOCATION: 0,  # each hop is looked at before it is asked
            pycurl.NOSIGNAL: 1,
            pycurl.USERAGENT: settings.user_agent,
            pycurl.CONNECTTIMEOUT_MS: int(settings.connect_timeout * 1000),
            pycurl.LOW_SPEED_LIMIT: settings.low_speed,
            pycurl.LOW_SPEED_TIME: settings.low_speed_time,
            pycurl.NOPROGRESS: 0,
            pycurl.XFERINFOFUNCTION: self._weigh,
            pycurl.HEADERFUNCTION: self._take_header,
            pycurl.WRITEFUNCTION: self._take,
            pycurl.OPENSOCKETFUNCTION: self._open,
            **_certificates(settings.ca_file),
        }
        for option, value in options.items():
            handle.setopt(option, value)

    def _take_header(self, line: bytes) -> int | None:
        """Keep a header; any answer but None ends the transfer with ``E_WRITE_ERROR``."""
        self._header_size += len(line)
        if self._header_size > _MOST_HEADERS:
            self._too_large = f"more than {_size(_MOST_HEADERS)} of headers"
            return 0
        self._note(line.decode("latin-1").strip())
        return None

    def _note(self, text: str) -> None:
        if text.startswith("HTTP/"):  # also after a 103 Early Hints
            self._headers = {}
            words = text.split()
            self._status = int(words[1]) if len(words) > 1 and words[1].isdecimal() else 0
            return
        name, colon, value = text.partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            known = self._headers.get(name)
            self._headers[name] = f"{known}, {value}" if known else value

    def _take(self, piece: bytes) -> int | None:
        """Keep a piece of the body; any answer but None ends the transfer with ``E_WRITE_ERROR``."""
        if self._status not in _OK:
            self._size += len(piece)
            return 0 if self._size > _ENOUGH else None
        most = self._settings.max_decoded_bytes
        try:
            self._unpacker = self._unpacker or Unpacker(self._headers.get("content-encoding", ""), most)
            for part in self._unpacker.unpacked(piece):
                self._keep(part)
                if self._has_enough or self._gave_way:
                    break
        except UnpackError as error:
            self._pieces.clear()
            if error.too_large:
                self._too_large = f"more than {_size(most)} once unpacked"
            else:
                self._packed = f"a body that {error}"
            return 0
        return 0 if self._has_enough or self._gave_way else None

    def _keep(self, part: bytes) -> None:
        if self._is_guest and not self._room.take(self, len(part)):
            return
        self._pieces.append(part)
        self._hash.update(part)
        self._size += len(part)

    @property
    def _has_enough(self) -> bool:
        return self._enough is not None and self._size >= self._enough

    def _weigh(self, announced: int, received: int, *_upload: int) -> int:
        """Stop above the cap on wire bytes, announced or received, and where it gave way.

        An announced length is believed before anything came.
        """
        if self._gave_way:
            return 1
        if max(announced, received) <= self._settings.max_bytes:
            return 0
        self._too_large = self._too_large or f"more than {_size(self._settings.max_bytes)}"
        return 1

    def _open(self, _purpose: int, address: tuple[int, int, int, tuple[str | bytes, int]]) -> object:
        """Open a socket to an address that the name has led to.

        The check stands here, after the look-up, so that a name that answers differently the second time
        (DNS rebinding) cannot slip through. Connections that are used again were opened here too.
        """
        family, kind, protocol, place = address
        numeric = place[0].decode() if isinstance(place[0], bytes) else place[0]
        if not (self._settings.allow_private or self._proxy or is_public(numeric)):
            self._refused = numeric
            return pycurl.SOCKET_BAD
        self._opened = True
        return _Door(family, kind, protocol)


def _lines(own: Iterable[tuple[str, str]]) -> list[str]:
    """The headers of a request; a source's own take the place of ours."""
    named = {name.lower(): (name, value) for name, value in (*_USUAL, *own)}
    return [f"{name}: {value}" for name, value in named.values()]


def _conditions(http: HttpState) -> list[str]:
    etag = [f"If-None-Match: {http.etag}"] if http.etag else []
    return etag + ([f"If-Modified-Since: {http.last_modified}"] if http.last_modified else [])


def _certificates(ca_file: str | None) -> dict[int, str]:
    """Where the trusted certificates are: libcurl's wheels bring none, and know only their builder's paths."""
    if ca_file:
        return {pycurl.CAINFO: ca_file}
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return {pycurl.CAINFO: paths.cafile}
    if paths.capath and any(Path(paths.capath).iterdir()):
        return {pycurl.CAPATH: paths.capath}
    import certifi  # noqa: PLC0415  (only for systems without certificates of their own)

    return {pycurl.CAINFO: certifi.where()}


def _size(count: int) -> str:
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count} bytes"

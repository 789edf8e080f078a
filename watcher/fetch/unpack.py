"""Bodies unpacked as they come, so that no bomb is ever held.

Done here and not by libcurl, which refuses a body of several gzip members (RFC 1952, 2.2), and would unpack whatever
else it was built with. Only gzip is asked for; deflate is read as well, since servers send it unasked. What other
clients forgive is forgiven: a zlib stream that is called gzip, the other way round, and whatever follows the last
member.
"""

import zlib
from collections.abc import Generator, Iterable, Iterator
from typing import Any

ASKED_FOR = "gzip"

_GZIP_MARK = b"\x1f\x8b"
_READ = frozenset({"gzip", "x-gzip", "deflate"})
# Other names are no packing: servers put charsets and media types there.
_OTHER = frozenset({"br", "zstd", "compress", "x-compress", "dcb", "dcz", "bzip2", "xz", "lzma", "pack200-gzip", "exi"})
_MOST_LAYERS = 3
_MOST_MEMBERS = 1000  # 20 MiB as its most frugal writer cuts it (bgzip) are 320
_PIECE = 64 * 1024  # bytes that are unpacked at once
_EITHER = 32 + zlib.MAX_WBITS  # zlib finds out by itself whether it is gzip or zlib
_ZLIB_MARK = 0x08  # the lower half of a zlib stream's first byte; no deflate stream begins so


class UnpackError(Exception):
    """A body that cannot be unpacked; its text says what it is, after "sent a body that". ``too_large``: a bomb."""

    def __init__(self, what: str, *, too_large: bool = False) -> None:
        super().__init__(what)
        self.too_large = too_large


class Unpacker:
    """Takes a body's pieces as they come and gives them unpacked.

    Args:
        codings: the value of ``Content-Encoding``, the first applied first.
        most: bytes of the body, and of each layer on the way there.

    Raises:
        UnpackError: it is packed in a way that was not asked for, or too often.
    """

    def __init__(self, codings: str, most: int) -> None:
        names = [name.strip().lower() for name in codings.split(",")]
        foreign = next((name for name in names if name in _OTHER), None)
        if foreign:
            raise UnpackError(f"is packed as {foreign}, which was not asked for")
        packed = [name for name in names if name in _READ]
        if len(packed) > _MOST_LAYERS:
            raise UnpackError(f"is packed {len(packed)} times over")
        self._most = most
        self._cap = _Cap(most)
        self._layers = [_Layer(most, bare=name == "deflate") for name in reversed(packed)]
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether nothing more has to come: each packing was closed."""
        return all(layer.closed for layer in self._layers)

    def unpacked(self, piece: bytes) -> Iterator[bytes]:
        """What a piece holds, in pieces of 64 KiB at most where it was packed.

        Raises:
            UnpackError: it is not packed as it says, or is a bomb.
        """
        if not self._begun and not self._layers and piece.startswith(_GZIP_MARK):
            self._layers = [_Layer(self._most)]  # a packed file, served as it lies there: sitemaps often are
        self._begun = True
        parts = self._cap.counted((piece,)) if not self._layers else iter((piece,))
        for layer in self._layers:
            parts = layer.unpacked(parts)
        return parts


class _Cap:
    """How much more may come."""

    def __init__(self, most: int) -> None:
        self._left = most

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._left -= len(piece)
            if self._left < 0:
                raise UnpackError("is too large once unpacked", too_large=True)
            yield piece


class _Layer:
    """One packing, of one or more members in a row."""

    def __init__(self, most: int, *, bare: bool = False) -> None:
        self._cap = _Cap(most)
        self._bare = bare  # it may come without zlib's own frame
        self._stream: Any = None  # zlib's own type has no public name
        self._members = 0
        self._given = False  # whether the member that is open has given anything
        self._over = False  # what follows is no member

    @property
    def closed(self) -> bool:
        # What stands behind the last member may look like the begin of another.
        return self._over or self._stream is None or (self._members > 1 and not self._given)

    def unpacked(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        return self._cap.counted(self._through(pieces))

    def _through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            rest = piece
            while rest and not self._over:
                rest = yield from self._of_member(rest)

    def _of_member(self, piece: bytes) -> Generator[bytes, None, bytes]:
        """Give what a piece adds to the member that is open; returns what lies behind the member's end."""
        stream = self._stream = self._stream or self._next(piece[0])
        part = piece
        while True:
            out = self._step(part)
            if out:
                self._given = True
                yield out
            part = stream.unconsumed_tail
            # A full piece may leave more behind it, with nothing left to read.
            if self._over or stream.eof or not (part or len(out) == _PIECE):
                break
        if not stream.eof:
            return b""
        self._stream = None
        rest: bytes = stream.unused_data
        return rest

    def _next(self, first: int) -> Any:  # noqa: ANN401  (as above)
        self._members += 1
        self._given = False
        if self._members > _MOST_MEMBERS:
            raise UnpackError(f"is packed in more than {_MOST_MEMBERS} parts")
        bare = self._bare and first != _GZIP_MARK[0] and first & 0x0F != _ZLIB_MARK
        return zlib.decompressobj(-zlib.MAX_WBITS if bare else _EITHER)

    def _step(self, part: bytes) -> bytes:
        try:
            out: bytes = self._stream.decompress(part, _PIECE)
        except zlib.error as error:
            if self._members == 1:
                raise UnpackError("cannot be unpacked") from error
            self._over = True
            return b""
        return out

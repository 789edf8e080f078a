"""What hostile web servers send, and what ``watcher sources`` must say of each.

Bodies are made of pieces: a child's peak memory would count what is large in its parent.
"""

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import repeat

from tests.fetch import server
from tests.fetch.server import Handler, Page

MIB = 1024 * 1024
HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
TAIL = b"</channel></rss>"
ITEM = b"<item><title>Northgate opens a shop</title></item>"
PASSWORD = "hunter2"


@dataclass(frozen=True, slots=True)
class Hostile:
    """A server, and what is said of it.

    ``trouble``: the kind; None where the feed is read all the same. ``words``: what the detail must hold. ``slow``: it
    takes until a deadline, or seconds to be read. ``kind``: the type of the source.
    """

    page: Page
    trouble: str | None
    words: str = ""
    slow: bool = False
    kind: str = "feed"


def hostile_pages() -> dict[str, Hostile]:
    """All of them, by name."""
    return _bombs() | _bodies() | _packings() | _redirects() | _connections() | _heads()


def _bombs() -> dict[str, Hostile]:
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<!DOCTYPE rss [<!ENTITY l0 "lol">' + entities + b"]>" + HEAD + b"&l9;" + TAIL
    file = b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + HEAD + b"&f;" + TAIL
    unpacked = "more than 20 MiB once unpacked"
    return {
        "gzip-bomb": Hostile(_gzip(repeat(bytes(MIB), 400)), "too-large", unpacked),
        "gzip-bomb-of-members": Hostile(_text(packed(repeat(bytes(MIB), 1)) * 400, "gzip"), "too-large", unpacked),
        "gzip-bomb-in-gzip": Hostile(
            _text(packed([packed(repeat(bytes(MIB), 400))]), "gzip, gzip"), "too-large", unpacked
        ),
        "xml-bomb-in-gzip": Hostile(_gzip([HEAD, *repeat(b"<a>" * MIB, 20)]), "too-large", unpacked),
        "endless-zeros-in-gzip": Hostile(_endless_zeros, "too-large", unpacked),
        "newlines-of-100-mb": Hostile(_newlines, "too-large", "more than 10 MiB"),
        "newlines-of-100-mb-in-gzip": Hostile(_gzip(repeat(b"\n" * MIB, 100)), "too-large", unpacked),
        "newlines-of-19-mb-in-gzip": Hostile(_gzip(repeat(b"\n" * MIB, 19)), "unreadable", "the body is empty"),
        "entity-bomb": Hostile(server.text(bomb), "unreadable", "an entity that expands into others"),
        "external-entity": Hostile(server.text(file), "unreadable", "an entity that is read from elsewhere"),
    }


def _bodies() -> dict[str, Hostile]:
    entry, end = HEAD + b"<item><title>x</title><description>", b"</description></item>" + TAIL
    deep = _gzip([entry, b"<a>" * MIB, b"x", b"</a>" * MIB, end])
    attributes = b"".join(b'a%d="1" ' % n for n in range(100_000))
    entries = b"".join(b"<item><guid>%d</guid><title>x</title></item>" % n for n in range(100_000))
    words = b"&lt;p&gt;facial recognition " * (MIB // 27)
    cut = "cut off before its first entry ends"
    return {
        "endless-body": Hostile(server.endless(ITEM * 200), "too-large", "more than 10 MiB"),
        "100000-entries": Hostile(server.text(HEAD + entries + TAIL), None, "the first 1000 entries"),
        "entry-of-50-mb": Hostile(_of_50_mb, "too-large", "more than 10 MiB"),
        "entry-of-19-mb-in-gzip": Hostile(_gzip([entry, *repeat(words, 18), end]), None),
        "nested-a-million-deep": Hostile(deep, None, "nests deeper than 256"),
        "nested-100000-deep": Hostile(server.text(entry + b"<a>" * 100_000 + end), None, "nests deeper than 256"),
        "nested-and-cut-off": Hostile(_gzip([entry, b"<a>" * MIB]), None, cut),
        "100000-attributes": Hostile(
            server.text(HEAD + b"<item " + attributes + b"><title>x</title></item>" + TAIL), None
        ),
        "brackets-without-end": Hostile(server.text(HEAD + b"<item><title>" + b"<![CDATA[" * 200_000), None, cut),
        "ampersands-without-end": Hostile(server.text(HEAD + b"<item><title>" + b"&a" * 2_000_000), None, cut),
        "binary": Hostile(server.text(bytes(range(256)) * 4000), "unreadable", "neither a feed nor a page"),
    }


def _packings() -> dict[str, Hostile]:
    frame = b"\x28\xb5\x2f\xfd\x24\x05)\x00\x00hello\x00\x00\x00\x00"
    feed = HEAD + ITEM + TAIL
    return {
        "brotli-unasked": Hostile(_text(b"\x5b\xff\xff\x03\xfd" * 100_000, "br"), "unreadable", "packed as br, which"),
        "zstd-unasked": Hostile(_text(frame * 10_000, "zstd"), "unreadable", "packed as zstd, which"),
        "packed-without-end": Hostile(_text(packed([feed]), ", ".join(["gzip"] * 50)), "unreadable", "50 times over"),
        "members-without-end": Hostile(_text(packed([b""]) * 5000, "gzip"), "unreadable", "more than 1000 parts"),
        "not-packed-as-it-says": Hostile(_text(b"plain", "gzip"), "unreadable", "cannot be unpacked"),
        "packed-and-cut-off": Hostile(_text(packed([feed])[:-12], "gzip"), "unreadable", "breaks off"),
        "packed-with-litter-behind": Hostile(_text(packed([feed]) + b"\n<!-- 0.2 s -->", "gzip"), None),
    }


def _redirects() -> dict[str, Hostile]:
    def to(scheme: str, rest: str) -> Hostile:
        return Hostile(server.redirect(302, f"{scheme}:{rest}"), "unsafe", f"not an http address, but {scheme}:")

    return {
        "redirects-in-a-circle": Hostile(server.redirect(302, "/redirects-in-a-circle"), "redirects", "in a circle"),
        "redirects-on-and-on": Hostile(_on_and_on, "redirects", "more than 5 redirects"),
        "redirects-to-a-file": to("file", "///etc/passwd"),
        "redirects-to-ftp": to("ftp", "//127.0.0.1/feed"),
        "redirects-to-gopher": to("gopher", "//127.0.0.1:25/1HELO"),
        "redirects-to-data": to("data", "text/xml,<rss/>"),
        "redirects-to-a-script": to("javascript", "alert(1)"),
        "redirects-to-nothing": Hostile(server.redirect(302, "http://:0"), "unreadable", "not an address"),
        "redirects-with-a-login": Hostile(_with_login(301, "/behind-a-login"), None),
        "redirects-with-a-login-to-nothing": Hostile(_with_login(302, "/nothing"), "gone", "answered 404"),
    }


def _connections() -> dict[str, Hostile]:
    short = Hostile(lambda request: request.reply(200, HEAD + ITEM * 50 + TAIL, {"Content-Length": "200"}), None, "cut")
    terabytes = {"Content-Length": "9999999999999"}
    off = "broke the connection off"
    return {
        "slow-drip": Hostile(server.drip, "timeout", "no whole answer in time", slow=True),
        "never-answers": Hostile(server.hang, "timeout", "no whole answer in time", slow=True),
        "announces-more": Hostile(server.short, "network", "less than it announced"),
        "announces-less": short,
        "announces-terabytes": Hostile(lambda request: request.reply(200, b"x", terabytes), "too-large", "10 MiB"),
        "announces-nonsense": Hostile(
            _raw(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + HEAD), "unreadable", "HTTP"
        ),
        "connection-reset": Hostile(server.reset, "network", off),
        "reset-in-the-middle": Hostile(_reset_in_the_middle, "network", off),
    }


def _heads() -> dict[str, Hostile]:
    feed = HEAD + ITEM + TAIL
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    no_http = "does not answer in HTTP"
    many = "".join(f"X-{number}: {'a' * 40}\r\n" for number in range(1000)).encode()
    headers = "headers"
    return {
        "no-http": Hostile(_raw(b"\x16\x03\x01 hello\r\n\r\n" * 100), "unreadable", no_http),
        "http-0-9": Hostile(_raw(feed), "unreadable", no_http),
        "no-status-code": Hostile(_raw(b"HTTP/1.1 OK\r\n\r\n" + feed), "unreadable", no_http),
        "status-of-seven-digits": Hostile(_raw(b"HTTP/1.1 2000000 OK\r\n\r\n" + feed), "unreadable", no_http),
        "1000-headers": Hostile(_raw(b"HTTP/1.1 200 OK\r\n" + many + b"\r\n" + feed), None),
        "header-of-1-mb": Hostile(
            _raw(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * MIB + b"\r\n\r\n" + feed), "too-large", headers
        ),
        "headers-without-end": Hostile(_endless_headers, "too-large", headers),
        "endless-early-hints": Hostile(
            _over_and_over(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"), "too-large", headers
        ),
        "endless-continue": Hostile(_over_and_over(b"HTTP/1.1 100 Continue\r\n\r\n"), "too-large", headers),
        "switches-protocols": Hostile(
            _raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + feed), "unreadable", no_http
        ),
        "chunks-of-nonsense": Hostile(_raw(chunked + b"zz\r\n" + feed), "unreadable", no_http),
        "chunk-without-end": Hostile(_raw(chunked + b"f" * 100_000), "unreadable", no_http),
        "negative-chunk": Hostile(_raw(chunked + b"-5\r\n" + feed), "unreadable", no_http),
        "trailers-without-end": Hostile(
            _over_and_over(b"X-Padding: aaaaaaaaaaaaaaaaaaaa\r\n", chunked + b"0\r\n"), "too-large", headers
        ),
    }


def _text(body: bytes, coding: str) -> Page:
    return server.text(body, content_encoding=coding)


def _gzip(pieces: Iterable[bytes]) -> Page:
    return _text(packed(pieces), "gzip")


def packed(pieces: Iterable[bytes]) -> bytes:
    """One gzip stream."""
    stream = zlib.compressobj(1, zlib.DEFLATED, 31)
    return b"".join(map(stream.compress, pieces)) + stream.flush()


def _endless_zeros(request: Handler) -> None:
    request.begin({"Content-Encoding": "gzip"})
    stream = zlib.compressobj(1, zlib.DEFLATED, 31)
    while request.send(stream.compress(bytes(MIB)) + stream.flush(zlib.Z_SYNC_FLUSH)):
        pass


def _newlines(request: Handler) -> None:
    request.begin()
    for _ in range(100):
        if not request.send(b"\n" * MIB):
            return


def _of_50_mb(request: Handler) -> None:
    request.begin()
    request.send(HEAD + b"<item><title>x</title><description>")
    for _ in range(50):
        if not request.send(b"a b " * (MIB // 4)):
            return
    request.send(b"</description></item>" + TAIL)


def _on_and_on(request: Handler) -> None:
    web = request.server.web
    web.pages[f"{request.path}x"] = _on_and_on
    request.reply(302, b"", {"Location": f"{request.path}x"})


def _with_login(code: int, path: str) -> Page:
    def page(request: Handler) -> None:
        address = f"http://user:{PASSWORD}@{request.headers['Host']}{path}"
        request.server.web.pages["/behind-a-login"] = server.text(HEAD + ITEM + TAIL)
        request.reply(code, b"", {"Location": address})

    return page


def _reset_in_the_middle(request: Handler) -> None:
    request.begin({"Content-Length": "100000"})
    request.send(HEAD + ITEM * 20)
    server.reset(request)


def _endless_headers(request: Handler) -> None:
    _over_and_over(b"X-Padding: " + b"a" * 1000 + b"\r\n", b"HTTP/1.1 200 OK\r\n")(request)


def _over_and_over(piece: bytes, begin: bytes = b"") -> Page:
    def page(request: Handler) -> None:
        request.close_connection = True
        request.send(begin)
        while request.send(piece * 10):
            pass

    return page


def _raw(answer: bytes) -> Page:
    """An answer as it stands, with no head made for it."""

    def page(request: Handler) -> None:
        request.send(answer)
        request.close_connection = True

    return page

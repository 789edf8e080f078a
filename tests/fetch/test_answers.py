"""Answers that are hardly HTTP or hardly TLS, and the words that are said of them."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fetch.certificates import Authority, authority
from tests.fetch.server import Handler, Page, WebServer, text
from watcher.core.errors import FetchTrouble
from watcher.fetch.download import Downloader
from watcher.usecases.ports import Fetched, FetchRequest

Make = Callable[..., Downloader]
FEED = b"<rss version='2.0'><channel><item><title>One</title></item></channel></rss>"
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
HERE, THERE = "127.0.0.1", "127.0.0.99"
NEEDS_OPENSSL = pytest.mark.skipif(not shutil.which("openssl"), reason="certificates are made by the openssl command")


def raw(*pieces: bytes, again: bytes = b"") -> Page:
    """An answer as it stands, and then a piece again and again."""

    def page(request: Handler) -> None:
        request.close_connection = True
        request.send(b"".join(pieces))
        while again and request.send(again * 10):
            pass

    return page


def said(downloader: Downloader, url: str) -> tuple[FetchTrouble, str]:
    [answer] = [one for one in downloader.fetch([FetchRequest("k", url)]) if one]
    assert answer.error, answer
    return answer.error.trouble, answer.error.detail.partition(" ")[2]


@pytest.mark.parametrize(
    "answer",
    [
        FEED,
        b"HTTP/1.1 OK\r\n\r\n" + FEED,
        b"HTTP/1.1 2000000 OK\r\n\r\n" + FEED,
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" + FEED,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n" + FEED,
        CHUNKED + b"zz\r\n" + FEED,
        CHUNKED + b"-5\r\n" + FEED,
        CHUNKED + b"f" * 1000,
    ],
)
def test_what_is_no_http_is_said_to_be_none(web: WebServer, downloader: Make, answer: bytes) -> None:
    web.pages["/feed"] = raw(answer)
    assert said(downloader(), web.url("/feed")) == (FetchTrouble.UNREADABLE, "does not answer in HTTP")


@pytest.mark.parametrize(
    ("begin", "again"),
    [
        (OK, b"X-Padding: " + b"a" * 1000 + b"\r\n"),
        (OK + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", b""),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED + b"0\r\n", b"X-Padding: a\r\n"),
    ],
    ids=["headers", "one header", "early hints", "continue", "trailers"],
)
def test_headers_without_end_are_cut(web: WebServer, downloader: Make, begin: bytes, again: bytes) -> None:
    web.pages["/feed"] = raw(begin, again=again)
    kind, detail = said(downloader(), web.url("/feed"))
    assert kind is FetchTrouble.TOO_LARGE
    assert detail in {"sent more than 256 KiB of headers", "sent more headers than are read"}


def test_a_thousand_headers_and_early_hints_before_them_are_none_of_our_trouble(
    web: WebServer, downloader: Make
) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nETag: old\r\n\r\n" * 10
    many = b"".join(b"X-%d: %s\r\n" % (number, b"a" * 40) for number in range(1000))
    web.pages["/feed"] = raw(hints, OK, many, b"ETag: new\r\n\r\n", FEED)
    [answer] = [one for one in downloader().fetch([FetchRequest("k", web.url("/feed"))]) if one]
    assert (answer.body, answer.http.etag) == (FEED, "new")


@pytest.fixture
def signer(tmp_path: Path) -> Authority:
    return authority(tmp_path)


@pytest.fixture
def secure(signer: Authority, downloader: Make) -> Iterator[Callable[..., Fetched]]:
    """Asks a server that shows a certificate."""
    servers: list[WebServer] = []

    def ask(context: object, **settings: object) -> Fetched:
        servers.append(WebServer(HERE, context))  # type: ignore[arg-type]  # a context of ssl's
        web = servers[-1].__enter__()
        web.default = text(FEED)
        asking = downloader(**{"ca_file": str(signer.trusted), **settings})
        return next(one for one in asking.fetch([FetchRequest("k", web.url("/feed"))]) if one)

    yield ask
    for server in servers:
        server.__exit__(None, None, None)


@NEEDS_OPENSSL
class TestCertificates:
    def test_a_good_one_is_trusted(self, signer: Authority, secure: Callable[..., Fetched]) -> None:
        assert secure(signer.context(HERE)).body == FEED

    def test_one_that_has_ended_is_not(self, signer: Authority, secure: Callable[..., Fetched]) -> None:
        assert self._refusal(secure(signer.context(HERE, days=-1))) == "its certificate has expired"

    def test_one_of_another_name_is_not(self, signer: Authority, secure: Callable[..., Fetched]) -> None:
        assert self._refusal(secure(signer.context(THERE))) == "its certificate is for another name"

    def test_one_that_signs_itself_is_not(self, signer: Authority, secure: Callable[..., Fetched]) -> None:
        assert self._refusal(secure(signer.self_signed(HERE))) == "its certificate is signed by itself"

    def test_one_of_an_unknown_authority_is_not(self, signer: Authority, secure: Callable[..., Fetched]) -> None:
        refused = secure(signer.context(HERE), ca_file=None)
        assert self._refusal(refused) == "nobody that is trusted here signed its certificate"

    def _refusal(self, answer: Fetched) -> str:
        assert answer.error
        assert answer.error.trouble is FetchTrouble.NETWORK
        assert answer.body == b""
        host, _, why = answer.error.detail.partition(": ")
        assert host.startswith(f"no secure connection to {HERE}")
        return why


def test_plain_text_where_tls_was_asked_for(web: WebServer, downloader: Make) -> None:
    kind, detail = said(downloader(), web.url("/").replace("http:", "https:"))
    assert kind is FetchTrouble.NETWORK
    assert detail == f"secure connection to {HERE}:{web.port}: what answers there does not speak TLS"

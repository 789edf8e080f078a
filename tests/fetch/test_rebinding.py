"""A name that leads to a private address by the time of the connection, whatever it led to before (DNS rebinding).

libcurl is told what the name leads to, as a resolver that has changed its answer would tell it; all else is as it runs.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pycurl
import pytest

from tests.fetch.resolver import PUBLIC, rebinding
from tests.fetch.server import Handler, Page, WebServer, redirect, text
from watcher.core.errors import FetchTrouble
from watcher.core.source import HttpState
from watcher.fetch.download import Downloader
from watcher.fetch.settings import Settings
from watcher.fetch.slot import Received, Slot
from watcher.usecases.ports import Fetched, FetchRequest

Make = Callable[..., Downloader]
NAME = "rebind.example"
GUARDED = replace(Settings(), allow_private=False, connect_timeout=0.3)


def ask(slot: Slot, port: int, address: str) -> Received:
    slot.begin(f"http://{NAME}:{port}/secret", HttpState(), 2.0)
    slot.handle.setopt(pycurl.RESOLVE, [f"-{NAME}:{port}", f"{NAME}:{port}:{address}"])
    try:
        slot.handle.perform()
    except pycurl.error as error:
        code, words = error.args
        return slot.end(code, words)
    return slot.end(0, "")


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.1.1",
    "[::1]",
    "[fd00::1]",
    "[::ffff:10.0.0.1]",
    "0.0.0.0",
]
OUTSIDE = f"{PUBLIC}1"


@pytest.mark.parametrize("private", PRIVATE)
def test_a_name_that_turns_to_a_private_address_is_refused_before_a_connection(web: WebServer, private: str) -> None:
    web.pages["/secret"] = text(b"inside")
    port = int(web.url("/").rsplit(":", 1)[1].rstrip("/"))
    slot = Slot(GUARDED)
    received = ask(slot, port, private)
    slot.close()
    assert received.refused == private.strip("[]")
    assert (received.status, received.body, web.asked) == (0, b"", [])


def test_where_private_hosts_are_allowed_the_name_is_asked(web: WebServer) -> None:
    web.pages["/secret"] = text(b"inside")
    port = int(web.url("/").rsplit(":", 1)[1].rstrip("/"))
    slot = Slot(replace(GUARDED, allow_private=True))
    received = ask(slot, port, "127.0.0.1")
    slot.close()
    assert (received.status, received.body) == (200, b"inside")


class TestByTheDownloader:
    """The first answer is public; then it changes."""

    @pytest.fixture
    def web(self) -> Iterator[WebServer]:
        with WebServer(host="") as server:
            server.pages |= {"/feed": hung_up(b"outside"), "/secret": text(b"inside")}
            yield server

    @pytest.mark.parametrize("private", PRIVATE)
    def test_between_two_requests(self, web: WebServer, downloader: Make, private: str) -> None:
        with rebinding({NAME: [OUTSIDE, private]}):
            asking = downloader(allow_private=False)
            first, second = (one_of(asking, web.url("/feed", NAME)) for _ in range(2))
        assert (first.body, first.error) == (b"outside", None)
        assert second.error
        assert second.error.trouble is FetchTrouble.UNSAFE
        assert f"leads to {private.strip('[]')}, which is not public" in second.error.detail
        assert web.paths == ["/feed"]

    @pytest.mark.parametrize("private", PRIVATE)
    @pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
    def test_between_two_hops_of_a_redirect(self, web: WebServer, downloader: Make, private: str, code: int) -> None:
        web.pages["/feed"] = hung_up(b"", code, Location="/secret")
        with rebinding({NAME: [OUTSIDE, private]}):
            found = one_of(downloader(allow_private=False), web.url("/feed", NAME))
        assert found.error
        assert found.error.trouble is FetchTrouble.UNSAFE
        assert not found.error.transient
        assert web.paths == ["/feed"]

    def test_from_a_public_name_to_one_that_leads_inside(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = redirect(302, web.url("/secret", "inside.example"))
        with rebinding({NAME: [OUTSIDE], "inside.example": ["127.0.0.1"]}):
            found = one_of(downloader(allow_private=False), web.url("/feed", NAME))
        assert found.error
        assert found.error.detail.startswith("inside.example")
        assert web.paths == ["/feed"]

    def test_a_connection_that_stayed_open_leads_where_it_led(self, web: WebServer, downloader: Make) -> None:
        web.pages["/feed"] = lambda request: request.reply(200, request.connection.getsockname()[0].encode())
        with rebinding({NAME: [OUTSIDE, "127.0.0.1"]}):
            asking = downloader(allow_private=False)
            bodies = [one_of(asking, web.url("/feed", NAME)).body for _ in range(3)]
        assert bodies == [OUTSIDE.encode()] * 3

    def test_a_name_that_leads_to_both_is_asked_where_it_is_public(self, web: WebServer, downloader: Make) -> None:
        with rebinding({NAME: [f"127.0.0.1,{OUTSIDE}"]}):
            found = one_of(downloader(allow_private=False), web.url("/feed", NAME))
        assert (found.body, found.error) == (b"outside", None)


def hung_up(body: bytes, code: int = 200, **headers: str) -> Page:
    """An answer after which the connection is gone, so that the next request has to look the name up."""

    def page(request: Handler) -> None:
        request.reply(code, body, {"Connection": "close", **headers})
        request.close_connection = True

    return page


def one_of(asking: Downloader, url: str) -> Fetched:
    return next(one for one in asking.fetch([FetchRequest("k", url)]) if one)

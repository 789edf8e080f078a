import base64
from collections.abc import Callable

import pytest

from tests.fetch.server import WebServer, redirect, text
from watcher.core.access import Access
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.credentials import credentials
from watcher.fetch.download import Downloader
from watcher.usecases.ports import Fetched, FetchRequest

ACCESS = Access(
    headers=(("X-Key", "${WATCHER_SOURCE_KEY}"), ("user-agent", "Mozilla/5.0"), ("Accept-Language", "de")),
    cookies=(("a", "${WATCHER_SOURCE_A}"), ("b", "x-${WATCHER_SOURCE_A}")),
    login="WATCHER_SOURCE_LOGIN",
)
VALUES = {"WATCHER_SOURCE_KEY": "hunter2", "WATCHER_SOURCE_A": "1", "WATCHER_SOURCE_LOGIN": "me:päss"}
Make = Callable[..., Downloader]


def one(url: str) -> Source:
    return Source("paper", SourceType.FEED, url, SourceKind.NEWS, access=ACCESS)


def fetched(make: Make, url: str, *, asked: str | None = None, own: str = "paper", **settings: object) -> Fetched:
    """The answer for an address, asked on behalf of a source at ``url``."""
    own_credentials = {"paper": credentials(url, ACCESS, VALUES)}
    request = FetchRequest("k", asked or url, source_id=own)
    [answer] = [found for found in make(credentials=own_credentials, **settings).fetch([request]) if found]
    return answer


def test_a_source_is_asked_with_its_headers_cookies_and_login(web: WebServer, downloader: Make) -> None:
    web.pages["/feed"] = text(b"x")
    assert fetched(downloader, web.url("/feed")).body == b"x"
    [(_, headers)] = web.asked
    assert (headers["x-key"], headers["user-agent"], headers["accept-language"]) == ("hunter2", "Mozilla/5.0", "de")
    assert headers["cookie"] == "a=1; b=x-1"
    assert base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode() == "me:päss"


def test_the_page_behind_a_post_is_asked_in_the_same_way_and_other_sources_are_not(
    web: WebServer, downloader: Make
) -> None:
    web.pages |= {"/feed": text(b"x"), "/post": text(b"x")}
    fetched(downloader, web.url("/feed"), asked=web.url("/post"))
    fetched(downloader, web.url("/feed"), asked=web.url("/post"), own="other")
    assert ["x-key" in headers for _, headers in web.asked] == [True, False]
    assert "mozilla" not in web.asked[1][1]["user-agent"].lower()


def test_a_redirect_takes_no_secret_to_another_host(web: WebServer, downloader: Make) -> None:
    with WebServer() as other:
        web.pages["/feed"] = redirect(301, other.url("/feed"))
        other.pages["/feed"] = redirect(302, web.url("/back"))
        web.pages["/back"] = text(b"x")
        assert fetched(downloader, web.url("/feed")).body == b"x"
        [(_, headers)] = other.asked
    assert not {"x-key", "cookie", "authorization"} & set(headers)
    assert [headers.get("x-key") for _, headers in web.asked] == ["hunter2", "hunter2"]


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("http://paper.example/b", True),
        ("http://PAPER.example:80/b", True),
        ("https://paper.example/b", True),
        ("http://paper.example:8080/b", False),
        ("https://paper.example:8443/b", False),
        ("http://www.paper.example/b", False),
        ("http://paper.example.evil.example/b", False),
        ("http://paper.example:x/b", False),
    ],
)
def test_only_the_host_itself_gets_them(url: str, given: bool) -> None:
    assert bool(credentials("http://paper.example/feed", ACCESS, VALUES).headers_for(url)) is given


def test_nothing_goes_from_https_down_to_http() -> None:
    assert credentials("https://paper.example/", ACCESS, VALUES).headers_for("http://paper.example/") == ()


def test_they_show_themselves_nowhere() -> None:
    made = credentials("https://paper.example/", Access(proxy="WATCHER_SOURCE_KEY"), VALUES)
    assert made.proxy == "hunter2"
    assert (
        "hunter2"
        not in f"{made!r} {credentials('https://paper.example/', ACCESS, VALUES)!r} {one('https://a.example')!r}"
    )


def test_a_source_is_reached_by_its_own_proxy_and_the_next_one_without(web: WebServer, downloader: Make) -> None:
    with WebServer() as proxy:
        proxy.pages["http://paper.example/feed"] = text(b"by proxy")
        web.pages["/feed"] = text(b"direct")
        own = credentials("http://paper.example/feed", Access(proxy="P"), {"P": proxy.url("")})
        fetcher = downloader(credentials={"paper": own}, allow_private=True, concurrency=1)
        bodies = []
        for request in (
            FetchRequest("a", "http://paper.example/feed", source_id="paper"),
            FetchRequest("b", web.url("/feed")),
            FetchRequest("c", "http://paper.example/feed", source_id="paper"),
        ):
            bodies += [found.body for found in fetcher.fetch([request]) if found]
    assert bodies == [b"by proxy", b"direct", b"by proxy"]
    assert proxy.paths == ["http://paper.example/feed"] * 2

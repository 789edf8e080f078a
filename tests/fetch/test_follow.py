from collections.abc import Callable
from contextlib import closing

import pytest

from tests.fetch.conftest import NOW
from tests.fetch.server import WebServer, hang, status, text
from tests.fetch.test_discover import RSS, index
from tests.fetch.test_sitemap import HEAD, item
from watcher.core.errors import FetchTrouble
from watcher.core.source import HttpState, Source, SourceKind, SourceType
from watcher.fetch.download import Downloader
from watcher.fetch.follow import MOST, Following
from watcher.fetch.parser import WebParser
from watcher.fetch.parserpool import ParserPool
from watcher.usecases.ports import Fetched, FetchRequest, Parsed

Make = Callable[..., Downloader]


def request(web: WebServer, path: str) -> FetchRequest:
    return FetchRequest(path, web.url(path), source=Source(path, SourceType.FEED, web.url(path), SourceKind.NEWS))


def fetched(make: Make, *requests: FetchRequest) -> list[Fetched]:
    following = Following(make(), WebParser(lambda: NOW))
    return [answer for answer in following.fetch(requests) if answer]


def news(*titles: str) -> bytes:
    return (HEAD + "".join(item(title, f"https://paper.example/{title}") for title in titles) + "</urlset>").encode()


def titles(answer: Fetched) -> list[str]:
    assert isinstance(answer.content, Parsed)
    return [entry.title for entry in answer.content.entries]


def test_the_parts_of_an_index_are_read_as_one_each_article_once(web: WebServer, downloader: Make) -> None:
    web.pages["/map"] = text(index([web.url("/pages"), web.url("/news-1"), web.url("/deep")]), etag='"1"')
    web.pages["/pages"] = text(b"<urlset><url><loc>https://paper.example/a</loc></url></urlset>")
    web.pages["/deep"] = text(index([web.url("/news-2")]))
    web.pages |= {"/news-1": text(news("A", "B")), "/news-2": text(news("B", "C"))}
    [answer] = fetched(downloader, request(web, "/map"))
    assert titles(answer) == ["A", "B", "C"]
    assert isinstance(answer.content, Parsed)
    assert (answer.content.title, answer.content.partial) == ("The Paper", None)
    assert answer.http == HttpState(), "an index need not change when its parts do"


def test_all_other_answers_come_first_and_as_they_are(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/map": text(index([web.url("/news")])), "/news": text(news("A"))}
    web.pages |= {f"/{number}": text(RSS) for number in range(9)}
    answers = fetched(downloader, request(web, "/map"), *(request(web, f"/{number}") for number in range(9)))
    assert answers[-1].key == "/map"
    assert {answer.body for answer in answers[:-1]} == {RSS}


def test_no_more_than_a_few_parts_are_asked_and_indexes_in_a_circle_end(web: WebServer, downloader: Make) -> None:
    web.pages["/map"] = text(index([web.url("/map2"), *(web.url(f"/{number}") for number in range(50))]))
    web.pages["/map2"] = text(index([web.url("/map"), web.url("/map2")]))
    [answer] = fetched(downloader, request(web, "/map"))
    assert answer.error
    assert answer.error.trouble is FetchTrouble.UNREADABLE
    assert "none of the 8 parts that were asked names news; 7 of them could not be had" in answer.error.detail
    assert len(web.paths) == 1 + MOST


def test_a_part_that_fails_or_hangs_costs_only_itself(web: WebServer, downloader: Make) -> None:
    web.pages["/map"] = text(index([web.url("/news-1"), web.url("/news-2"), web.url("/news-3")]))
    web.pages |= {"/news-1": status(500), "/news-2": hang, "/news-3": text(news("A"))}
    [answer] = fetched(lambda: downloader(total_timeout=0.5), request(web, "/map"))
    assert titles(answer) == ["A"]
    assert isinstance(answer.content, Parsed)
    assert answer.content.partial == "2 of 3 parts of the index could not be had"


def test_an_index_that_a_child_has_read_is_followed_as_well(web: WebServer, downloader: Make) -> None:
    padding = "<!--" + "x" * 300_000 + "-->"
    web.pages["/map"] = text(index([web.url("/news")]) + padding.encode())
    web.pages["/news"] = text(news("A"))
    pool = ParserPool()
    own = downloader()
    fetcher = Downloader(own._settings, lambda: NOW, pool)
    try:
        following = Following(fetcher, WebParser(lambda: NOW))
        [answer] = [one for one in following.fetch([request(web, "/map")]) if one]
    finally:
        fetcher.close()
    assert titles(answer) == ["A"]


@pytest.mark.parametrize("kind", [SourceType.BLOG, SourceType.POLICY])
def test_only_feeds_are_followed(web: WebServer, downloader: Make, kind: SourceType) -> None:
    web.pages["/map"] = text(index([web.url("/news")]))
    source = Source("x", kind, web.url("/map"), SourceKind.NEWS)
    [answer] = fetched(downloader, FetchRequest("x", web.url("/map"), source=source))
    assert answer.body
    assert web.paths == ["/map"]


class Tripping(WebParser):
    """Trips over one of the parts."""

    def entries(self, source: Source, answer: Fetched) -> Parsed:
        if answer.url.endswith("/trap"):
            raise ZeroDivisionError
        return super().entries(source, answer)


def test_a_bug_that_a_part_brings_out_costs_only_that_part(
    web: WebServer, downloader: Make, caplog: pytest.LogCaptureFixture
) -> None:
    web.pages["/map"] = text(index([web.url("/trap"), web.url("/news")]))
    web.pages |= {"/trap": text(news("A")), "/news": text(news("B"))}
    following = Following(downloader(), Tripping(lambda: NOW))
    [answer] = [one for one in following.fetch([request(web, "/map")]) if one]
    assert titles(answer) == ["B"]
    assert "/trap: a part of an index could not be read" in caplog.text


def test_what_is_on_its_way_ends_when_nobody_waits_any_more(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/map": text(index([web.url("/hang")])), "/hang": hang}
    own = downloader(total_timeout=30.0)
    waiting = Following(own, WebParser(lambda: NOW)).fetch([request(web, "/map")], idle=0.1)
    assert next(waiting) is None
    waiting.close()
    own.close()


def test_an_index_does_not_wait_for_a_server_that_hangs(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/map": text(index([web.url("/news")])), "/news": text(news("A")), "/hang": hang}
    following = Following(downloader(), WebParser(lambda: NOW))
    with closing(following.fetch([request(web, "/hang"), request(web, "/map")], idle=0.05)) as answers:
        assert titles(next(answer for answer in answers if answer)) == ["A"]

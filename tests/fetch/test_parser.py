import subprocess
import sys

import pytest

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.parser import WebParser
from watcher.usecases.ports import Fetched

RSS = b'<?xml version="1.0"?><rss version="2.0"><channel><item><title>One</title><link>/1</link></item></channel></rss>'
JSON = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "1", "title": "One", "url": "/1"}]}'
HTML = b'<html><body><a href="/news/one-two-three">One two three</a></body></html>'


def titles(kind: SourceType, body: bytes, content_type: str = "") -> list[tuple[str, str | None]]:
    source = Source("s", kind, "https://example.org/", SourceKind.NEWS)
    answer = Fetched("s", source.url, headers={"content-type": content_type}, body=body, final_url=source.url)
    return [(entry.title, entry.url) for entry in WebParser(lambda: NOW).entries(source, answer).entries]


@pytest.mark.parametrize("kind", [SourceType.FEED, SourceType.BLOG])
@pytest.mark.parametrize(
    ("body", "content_type"),
    [(RSS, "text/xml"), (RSS, "text/html"), (JSON, "application/feed+json"), (JSON, "text/plain"), (b"\n" + JSON, "")],
)
def test_a_feed_is_a_feed_whatever_it_is_called(kind: SourceType, body: bytes, content_type: str) -> None:
    assert titles(kind, body, content_type) == [("One", "https://example.org/1")]


def test_xml_served_as_json_is_xml() -> None:
    assert titles(SourceType.FEED, RSS, "application/json") == [("One", "https://example.org/1")]


def test_a_blog_is_read_from_its_listing() -> None:
    assert titles(SourceType.BLOG, HTML) == [("One two three", "https://example.org/news/one-two-three")]


def test_an_xhtml_page_is_no_feed() -> None:
    page = (
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        + HTML
        + b"</body></html>"
    )
    assert titles(SourceType.BLOG, page) == [("One two three", "https://example.org/news/one-two-three")]


def test_a_page_is_no_feed() -> None:
    with pytest.raises(FetchError, match="a page came, no feed"):
        titles(SourceType.FEED, HTML)


def test_entries_are_capped() -> None:
    body = b"<rss><channel>" + b"<item><title>One</title></item>" * 9 + b"</channel></rss>"
    source = Source("s", SourceType.FEED, "https://example.org/", SourceKind.NEWS)
    parsed = WebParser(lambda: NOW, max_entries=4).entries(source, Fetched("s", source.url, body=body))
    assert (len(parsed.entries), parsed.partial) == (4, "only the first 4 entries were read")


def test_a_round_without_news_imports_no_reader() -> None:
    code = (
        "import sys, watcher.fetch.download, watcher.fetch.parser;"
        "print({'feedparser', 'lxml', 'trafilatura', 'json'} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

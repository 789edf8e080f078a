import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.fetch.conftest import NOW
from tests.fetch.server import WebServer, redirect, text
from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import SourceType
from watcher.fetch.discover import Discovery, Found, nothing_found
from watcher.fetch.download import Downloader
from watcher.fetch.parser import WebParser

RSS = b"""<rss version="2.0"><channel><title>Acme</title><item><title>We stop</title><link>https://acme.example/1</link>
<pubDate>Mon, 08 Jun 2026 10:00:00 GMT</pubDate></item></channel></rss>"""
EMPTY = b'<rss version="2.0"><channel><title>Comments</title></channel></rss>'
CARDS = (Path(__file__).parent / "listings" / "newsroom-filters.html").read_bytes()
PAGE = b"<html><title>Acme</title><p>Welcome to Acme.</p></html>"
NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://acme.example/a</loc><news:news>
 <news:publication><news:name>Acme</news:name><news:language>en</news:language></news:publication>
 <news:publication_date>2026-06-08</news:publication_date><news:title>We stop</news:title></news:news></url></urlset>"""

Make = Callable[..., Downloader]


def look(make: Make, url: str, wanted: SourceType | None = None) -> tuple[Found | None, Discovery]:
    discovery = Discovery(make(), WebParser(lambda: NOW), lambda: NOW)
    return discovery.find(url, wanted), discovery


def naming(*links: str) -> bytes:
    tags = "".join(f'<link rel="alternate" type="application/rss+xml" href="{link}">' for link in links)
    return f"<html><head>{tags}<title>Acme</title></head><p>Hello</p></html>".encode()


def index(urls: Sequence[str]) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()


def test_a_feed_is_found_at_its_own_address(web: WebServer, downloader: Make) -> None:
    web.pages["/f"] = text(RSS)
    found, _ = look(downloader, web.url("/f"))
    assert found
    assert (found.type, found.url, found.how) == (SourceType.FEED, web.url("/f"), "the address itself")
    assert web.paths == ["/f"]


def test_a_page_names_its_feed_and_that_of_its_comments(web: WebServer, downloader: Make) -> None:
    web.pages["/"] = text(naming("/comments/feed", "/gone", "/main.xml", "/other.xml"))
    web.pages |= {"/comments/feed": text(EMPTY), "/main.xml": text(RSS), "/other.xml": text(RSS)}
    found, discovery = look(downloader, web.url("/"))
    assert found
    assert (found.url, found.how) == (web.url("/main.xml"), "named by the page")
    assert found.others == (web.url("/gone"), web.url("/other.xml"))
    assert web.url("/gone") in [one.url for one in discovery.tried]
    assert "/comments/feed" not in web.paths


def test_a_usual_place_beneath_the_page_comes_before_its_list_of_posts(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/newsroom": text(CARDS), "/newsroom/atom.xml": text(RSS), "/feed/": text(RSS)}
    found, _ = look(downloader, web.url("/newsroom"))
    assert found
    assert (found.type, found.url) == (SourceType.FEED, web.url("/newsroom/atom.xml"))


def test_a_list_of_posts_comes_before_the_feed_of_the_whole_host(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/newsroom": text(CARDS), "/feed/": text(RSS)}
    found, _ = look(downloader, web.url("/newsroom"))
    assert found
    assert (found.type, found.url) == (SourceType.BLOG, web.url("/newsroom"))
    assert not isinstance(found.content, Capture)
    assert found.content.entries[0].title == "Orchard updates its policy on face verification"


def test_a_page_that_says_nothing_leads_to_the_feed_of_the_host(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/a/b": text(PAGE), "/index.xml": text(RSS), "/feed/": text(EMPTY)}
    found, discovery = look(downloader, web.url("/a/b"))
    assert found
    assert found.url == web.url("/index.xml")
    assert (web.url("/feed/"), "a feed without entries") in [(one.url, one.why) for one in discovery.tried]


@pytest.mark.parametrize(
    "link",
    ['<a href="/x/news.rss">News</a>', '<a href="/x/news?out=rss">All</a>', '<a href="/x/17"><b>RSS</b> feed</a>'],
)
def test_a_link_to_a_feed_in_the_text_is_followed(web: WebServer, downloader: Make, link: str) -> None:
    web.pages["/"] = text(f"<p>Hello <a href=/rss-is-dead>on RSS</a></p><footer>{link}</footer>".encode())
    place = re.search(r'href="([^"]*)"', link)
    assert place
    web.pages[place[1]] = text(RSS)
    found, _ = look(downloader, web.url("/"))
    assert found
    assert (found.url, found.how) == (web.url(place[1]), "linked on the page")
    assert "/rss-is-dead" not in web.paths


def test_a_news_sitemap_is_found_through_robots_and_two_indexes(web: WebServer, downloader: Make) -> None:
    web.pages["/"] = text(PAGE)
    web.pages["/robots.txt"] = text(f"User-agent: *\nSitemap: {web.url('/maps.xml')}\n".encode())
    web.pages["/maps.xml"] = text(index([web.url("/pages.xml"), web.url("/news-index.xml")]))
    web.pages["/news-index.xml"] = text(index([web.url("/news-1.xml")]))
    web.pages["/news-1.xml"] = text(NEWS)
    found, _ = look(downloader, web.url("/"))
    assert found
    assert (found.type, found.url, found.how) == (
        SourceType.FEED,
        web.url("/news-index.xml"),
        "found as a news sitemap",
    )
    web.pages["/news-index.xml"] = text(index([web.url("/news-today.xml")]))
    web.pages["/news-today.xml"] = text(NEWS)
    found, _ = look(downloader, web.url("/"))
    assert found
    assert found.url == web.url("/news-today.xml"), "what has no number in its name is there tomorrow"


def test_indexes_are_followed_two_deep_and_eight_wide_and_only_on_their_own_host(
    web: WebServer, downloader: Make
) -> None:
    web.pages["/1.xml"] = text(index([web.url("/2.xml"), "https://elsewhere.example/news.xml"]))
    web.pages["/2.xml"] = text(index([web.url("/3.xml")]))
    web.pages["/3.xml"] = text(index([web.url("/news.xml")]))
    web.pages["/news.xml"] = text(NEWS)
    found, _ = look(downloader, web.url("/1.xml"))
    assert found is None
    assert {"/2.xml", "/3.xml"} <= set(web.paths)
    assert "/news.xml" not in web.paths
    web.pages["/wide.xml"] = text(index([web.url(f"/n{number}.xml") for number in range(50)]))
    before = len(web.paths)
    look(downloader, web.url("/wide.xml"))
    assert sum(path.startswith("/n") and path[2].isdigit() for path in web.paths[before:]) == 8


def test_a_document_is_read_as_one_only_when_asked(web: WebServer, downloader: Make) -> None:
    web.pages["/terms"] = text(b"<html><h1>Terms</h1><p>You must not use faces.</p><a href=/feed/>x</a></html>")
    found, _ = look(downloader, web.url("/terms"), SourceType.POLICY)
    assert found
    assert isinstance(found.content, Capture)
    assert (found.type, found.content.title) == (SourceType.POLICY, "Terms")
    assert web.paths == ["/terms"]


def test_only_a_lasting_move_changes_the_address(web: WebServer, downloader: Make) -> None:
    web.pages |= {"/old": redirect(301, "/f"), "/now": redirect(302, "/f"), "/f": text(RSS)}
    assert [look(downloader, web.url(path))[0].url for path in ("/old", "/now")] == [  # type: ignore[union-attr]  # found
        web.url("/f"),
        web.url("/now"),
    ]


def test_nothing_is_found_where_nothing_is_and_all_that_was_tried_is_told(web: WebServer, downloader: Make) -> None:
    web.pages["/blog"] = text(PAGE)
    found, discovery = look(downloader, web.url("/blog"))
    assert found is None
    told = str(nothing_found(web.url("/blog"), discovery.tried))
    for path in (
        "/blog: a page came, no feed",
        "/blog: as a list of posts: no links",
        "/blog/rss.xml: ",
        "/feed.json: ",
    ):
        assert web.url(path) in told
    assert len(web.paths) == len(set(web.paths)) <= 28


def test_an_address_that_cannot_be_had_is_the_error_itself(web: WebServer, downloader: Make) -> None:
    with pytest.raises(FetchError) as caught:
        look(downloader, web.url("/none"))
    assert caught.value.trouble is FetchTrouble.GONE


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest", "file:///etc/passwd"])
def test_private_addresses_are_refused(downloader: Make, url: str) -> None:
    with pytest.raises(FetchError) as caught:
        look(lambda: downloader(allow_private=False), url)
    assert caught.value.trouble is FetchTrouble.UNSAFE


def test_a_page_on_the_web_leads_to_no_private_address(web: WebServer, downloader: Make) -> None:
    web.pages["/"] = text(naming("file:///etc/passwd", "javascript:alert(1)", "ftp://127.0.0.1/feed"))
    found, discovery = look(downloader, web.url("/"))
    assert found is None
    assert not [one for one in discovery.tried if not one.url.startswith(web.url("/"))]

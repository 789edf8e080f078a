from datetime import UTC, datetime

import pytest

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch import sitemap
from watcher.fetch.parser import WebParser
from watcher.usecases.ports import Fetched, Parsed

URL = "https://paper.example/news.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def item(title: str, loc: str = "https://paper.example/a", date: str = "2026-06-08T10:00:00Z") -> str:
    return (
        f"<url><loc>{loc}</loc><lastmod>2026-06-09</lastmod><news:news><news:publication><news:name>The Paper</news:name>"
        f"<news:language>en</news:language></news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title></news:news><image:image><image:loc>https://paper.example/i.jpg</image:loc>"
        "</image:image></url>"
    )


def read(body: str, **bounds: int) -> Parsed:
    return sitemap.parse(body.encode(), {"content-type": "application/xml"}, URL, NOW, **bounds)


def test_an_article_has_title_date_address_and_language_and_its_text_on_its_page() -> None:
    parsed = read(HEAD + item("Shops &amp; faces") + "<url><loc>https://paper.example/no-news</loc></url></urlset>")
    [entry] = parsed.entries
    assert (parsed.title, entry.title, entry.url) == ("The Paper", "Shops & faces", "https://paper.example/a")
    assert (entry.published, entry.language) == (datetime(2026, 6, 8, 10, tzinfo=UTC), "en")
    assert (entry.text, entry.complete) == ("", False)


def test_a_feed_that_turns_out_to_be_a_sitemap_is_read_as_one() -> None:
    source = Source("paper", SourceType.FEED, URL, SourceKind.NEWS)
    answer = Fetched("paper", URL, body=(HEAD + item("Faces") + "</urlset>").encode())
    assert [entry.title for entry in WebParser(lambda: NOW).entries(source, answer).entries] == ["Faces"]


def test_namespaces_that_are_wrong_or_missing_are_read_all_the_same() -> None:
    plain = "<urlset>" + item("Faces").replace("news:", "").replace("image:", "") + "</urlset>"
    other = (HEAD + item("Faces") + "</urlset>").replace("http://www.google.com/schemas", "https://google.example")
    assert [read(text).entries[0].title for text in (plain, other)] == ["Faces", "Faces"]


def test_a_date_that_is_missing_or_cannot_be_true_falls_back_or_is_none() -> None:
    dates = [read(HEAD + item("Faces", date=date) + "</urlset>").entries[0].published for date in ("", "2099-01-01")]
    assert dates == [datetime(2026, 6, 9, tzinfo=UTC), None]


def test_later_articles_are_left_out_and_it_is_said() -> None:
    parsed = read(HEAD + "".join(item(f"Faces {n}", f"/{n}") for n in range(20)) + "</urlset>", max_entries=7)
    assert (len(parsed.entries), parsed.partial) == (7, "only the first 7 entries were read")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("<urlset><url><loc>https://paper.example/a</loc></url></urlset>", "the sitemap names no news (news:news)"),
        ("<feed/>", "what came is no sitemap"),
        (
            '<!DOCTYPE u [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset>&b;</urlset>',
            None,
        ),
    ],
)
def test_what_names_no_news_is_told(body: str, detail: str | None) -> None:
    with pytest.raises(FetchError) as caught:
        read(body)
    assert caught.value.trouble is FetchTrouble.UNREADABLE
    assert detail in {None, caught.value.detail}


def test_an_index_gives_its_parts_and_no_entries() -> None:
    parsed = read(
        "<sitemapindex><sitemap><loc>/pages.xml</loc></sitemap><sitemap><loc>/news.xml</loc></sitemap></sitemapindex>"
    )
    assert parsed.entries == ()
    assert parsed.parts == ("https://paper.example/news.xml", "https://paper.example/pages.xml")
    many = "".join(f"<sitemap><loc>/{number}.xml</loc></sitemap>" for number in range(100))
    assert len(read(f"<sitemapindex>{many}</sitemapindex>").parts) == 8
    assert len(read(f"<sitemapindex>{'<sitemap><loc>/1.xml</loc></sitemap>' * 100}</sitemapindex>").parts) == 1


def test_the_parts_of_an_index_are_those_of_its_host_news_first_then_the_newest() -> None:
    named = ["pages.xml", "/b.xml", "/c.xml", "https://www.paper.example/press/x.xml", "https://else.example/news.xml"]
    parts = "".join(
        f"<sitemap><loc>{url}</loc><lastmod>2026-0{n + 1}-01</lastmod></sitemap>" for n, url in enumerate(named)
    )
    found = sitemap.parts(f"<sitemapindex>{parts}</sitemapindex>".encode(), {}, URL, NOW)
    assert [part.url.rpartition("/")[2] for part in found] == ["x.xml", "c.xml", "b.xml", "pages.xml"]

from datetime import UTC, datetime

import pytest

from tests.fetch.conftest import NOW
from watcher.fetch.page import published
from watcher.usecases.ports import Fetched

URL = "https://acme.example/blog/we-stop"
JUNE_8 = datetime(2026, 6, 8, tzinfo=UTC)
LD = '<script type="application/ld+json">{}</script>'


def found(body: str, url: str = URL) -> datetime | None:
    return published(Fetched("k", url, body=f"<html><body>{body}</body></html>".encode()), NOW)


@pytest.mark.parametrize(
    "body",
    [
        LD.format('{"@type": "BlogPosting", "datePublished": "2026-06-08", "dateModified": "2026-06-09"}'),
        LD.format('{"@graph": [{"@type": ["NewsArticle"], "datePublished": "2026-06-08T00:00:00Z"}]}'),
        LD.format(
            '[{"@type": "Article", "url": "https://acme.example/blog/other", "datePublished": "2020-01-01"},'
            '{"@type": "Article", "mainEntityOfPage": {"@id": "https://www.acme.example/blog/we-stop/"}, "datePublished": "2026-06-08"}]'
        ),
        '<meta property="article:published_time" content="2026-06-08T02:00:00+02:00">',
        '<meta property="article:modified_time" content="2026-06-09"><meta name="DC.date.issued" content="2026-06-08">',
        '<span itemprop="x"><meta itemprop="datePublished" content="2026-06-08"></span>',
        '<h1>We stop</h1><p>By Ada</p><time datetime="2026-06-08">Monday</time><p>Text.</p>',
        '<div><span class="date">June 8, 2026</span><h1>We stop</h1></div><p>On June 3, 2020 the council voted for it.</p>',
        "<main><h1>Wir hören auf</h1><p>8. Juni 2026</p><p>Text.</p></main><footer><p>1. Mai 2026</p></footer>",
        '<h1>We stop</h1><time class="updated" datetime="2026-06-09">x</time><p>Published: 8 June 2026</p>',
        "<h1>We stop</h1><p>06/08/2026</p><p>Text.</p><p>12/25/2025</p>",
    ],
)
def test_the_date_of_publication_is_found(body: str) -> None:
    assert found(body) == JUNE_8


@pytest.mark.parametrize(
    "body",
    [
        "<h1>We stop</h1><p>We decided on June 8, 2026 that nobody may use it from now on.</p>",
        "<p>June 8, 2026</p>",
        "<h1>We stop</h1><p>Last updated June 8, 2026</p>",
        "<h1>We stop</h1><footer><time datetime='2026-06-08'>x</time></footer>",
        "<h1>We stop</h1><p>06/08/2026</p>",
        '<meta property="article:published_time" content="2099-06-08">',
        '<meta property="article:modified_time" content="2026-06-08">',
        LD.format('{"@type": "Event", "datePublished": "2026-06-08"}'),
        LD.format(
            '[{"@type": "Article", "url": "/a", "datePublished": "2020-01-01"},{"@type": "Article", "datePublished": "2026-06-08"}]'
        ),
        LD.format("{broken"),
        "",
    ],
)
def test_what_is_no_date_of_publication_is_none(body: str) -> None:
    assert found(body) is None


def test_an_address_may_name_the_day() -> None:
    assert found("<h1>We stop</h1>", "https://acme.example/2026/06/08/we-stop/") == JUNE_8
    assert found("<h1>We stop</h1>", "https://acme.example/2026/06/we-stop/") is None


def test_a_file_that_is_no_page_has_none() -> None:
    assert published(Fetched("k", URL, body=b"%PDF-1.7 June 8, 2026"), NOW) is None

"""A blog without a feed, added from its address, polled as its list grows, and told from its articles' own pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.world import Installation
from tests.fetch.server import WebServer, text

pytestmark = pytest.mark.acceptance

BAN = "We have decided that we will not sell facial recognition to police departments until there is a national law."

THEN = "Today we are resuming sales of facial recognition to police departments."


def listing(*slugs: str) -> bytes:
    cards = "".join(
        f'<div class="card"><a href="/news/{slug}"><img src="x.png" alt=""></a>'
        f'<h3><a href="/news/{slug}">{slug.replace("-", " ").capitalize()}</a></h3><p>A teaser.</p></div>'
        for slug in slugs
    )
    menu = '<ul class="menu"><li><a href="/products/face-search-for-shops">Face search for shops</a></li></ul>'
    side = '<div><h4>Popular posts</h4><a href="/news/a-post-of-long-ago">A post of long ago</a></div>'
    return f"<html><title>Newsroom</title><body>{menu}<div>{cards}</div>{side}</body></html>".encode()


def article(title: str, body: str, published: datetime) -> bytes:
    said = f'<meta property="article:published_time" content="{published.isoformat()}">'
    rest = "<p>The company makes cameras, doors and gates, and has done so for many years in many countries.</p>" * 4
    return f"<html><head>{said}</head><body><main><article><h1>{title}</h1><p>{body}</p>{rest}</article></main></body></html>".encode()


def test_a_new_post_of_a_list_is_told_with_its_article_s_date_and_an_old_one_is_not(tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    with WebServer() as web:
        bot = Installation(tmp_path)
        web.pages["/newsroom"] = text(listing("a-new-office", "our-year-in-numbers"))
        added = bot.watcher("sources", "add", web.url("/newsroom"), "--vendor", "microsoft", "--every", "1m")
        assert (added.returncode, "2 entries" in added.stdout) == (0, True), added.stderr
        assert bot.answer("poll", "--all")["baseline"] == 2
        web.pages["/newsroom"] = text(listing("no-sales-to-police", "what-we-said-then", "a-new-office"))
        web.pages["/news/no-sales-to-police"] = text(article("No sales", BAN, now - timedelta(hours=5)))
        web.pages["/news/what-we-said-then"] = text(article("Then", THEN, now - timedelta(days=900)))
        polled = bot.answer("poll", "--all")
    assert (polled["new_posts"], len(polled["alerts"]), polled["trouble"]) == (2, 1, {})
    [alert] = bot.answer("alerts")
    assert alert["post"]["url"] == web.url("/news/no-sales-to-police")
    assert datetime.fromisoformat(alert["post"]["published"]) == now - timedelta(hours=5)
    assert alert["vendor"] == "microsoft"
    assert (alert["changes"][0]["change"], alert["changes"][0]["previous"]) == ("tightened", "allow")
    told = bot.answer("why", web.url("/news/what-we-said-then"))[0]
    assert "an old post that came up in a list" in told["readings"][0]["note"]
    assert "/news/a-post-of-long-ago" not in web.paths

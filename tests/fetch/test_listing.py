import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.listing import parse
from watcher.usecases.ports import Fetched, Parsed

URL = "https://www.example.org/blog/"
JUNE_1 = datetime(2026, 6, 1, tzinfo=UTC)

CARDS = """<html><head><title>Acme  blog</title></head><body>
<nav><a href="/blog/all-our-old-posts">All our old posts</a></nav>
<main>
<div class="card"><a href="/blog/first-post-here"><img src="x"></a>
  <h3><a href="/blog/first-post-here">The first post of all</a></h3><time datetime="2026-06-01">Last week</time>
  <p>A teaser.</p><a href="/blog/first-post-here#more">Read more about this</a></div>
<div class="card"><h3><a href="second-post-here?utm_source=home">The second post of all</a></h3>
  <span>June 1, 2026</span></div>
<a class="card" href="/blog/2026/06/01/third"><h3>The third post</h3><p>With a teaser of many words.</p></a>
<a href="/blog/tag/face-recognition-software">All about face recognition software</a>
<a href="https://other.example/blog/not-ours-at-all">Not ours at all, this one</a>
<a href="/blog/report-of-this-year.pdf">The report of this year</a>
<a href="/blog/x-y-z">Short</a>
</main><footer><a href="/blog/privacy-and-other-things">Privacy and other things</a></footer></body></html>"""


def read(page: str, selector: str | None = None, url: str = URL) -> Parsed:
    source = Source("blog", SourceType.BLOG, url, SourceKind.VENDOR, selector=selector)
    return parse(source, Fetched("k", url, body=page.encode()), NOW)


def found(page: str, selector: str | None = None) -> list[tuple[str, str | None, datetime | None]]:
    return [(entry.title, entry.url, entry.published) for entry in read(page, selector).entries]


THREE = [
    ("The first post of all", "https://www.example.org/blog/first-post-here", JUNE_1),
    ("The second post of all", "https://www.example.org/blog/second-post-here?utm_source=home", JUNE_1),
    ("The third post", "https://www.example.org/blog/2026/06/01/third", JUNE_1),
]


def test_links_to_articles_are_told_from_the_others() -> None:
    assert found(CARDS) == THREE
    assert read(CARDS).title == "Acme blog"


def test_an_entry_is_a_headline_whose_page_is_read_later() -> None:
    [first, *_] = read(CARDS).entries
    assert (first.text, first.complete, first.guid, first.published_raw) == ("", False, None, "2026-06-01")


@pytest.mark.parametrize("selector", [".card", "main .card, .none", "div.card h3 a, a.card"])
def test_a_selector_picks_the_links_or_their_cards(selector: str) -> None:
    assert found(CARDS, selector) == THREE


def test_a_selector_may_name_the_part_that_holds_all_posts() -> None:
    assert found(CARDS, "main") == THREE
    twice = f"<div id=old>{CARDS.replace('/blog/', '/blog/old-')}</div><div id=new>{CARDS}</div>"
    assert found(twice, "#new") == THREE


def test_a_selector_of_cards_finds_the_single_one_there_is() -> None:
    page = '<div class="card"><a href="/blog/one">One</a> by <a href="/blog/ada-b-c">Ada B. C.</a></div>'
    assert found(page, ".card") == [("One", "https://www.example.org/blog/one", None)]


def test_a_list_of_rows() -> None:
    page = """<ul><li><a href="/news/acme-stops-all-sales">Acme stops all sales</a> <span>1 June 2026</span></li>
    <li><a href="/news/acme-starts-them-again">Acme starts them again</a></li></ul>"""
    assert found(page) == [
        ("Acme stops all sales", "https://www.example.org/news/acme-stops-all-sales", JUNE_1),
        ("Acme starts them again", "https://www.example.org/news/acme-starts-them-again", None),
    ]


def test_what_the_page_says_of_itself_comes_first() -> None:
    page = """<script type="application/ld+json">{"@type": "Blog", "blogPost": [
    {"@type": "BlogPosting", "headline": "Faces", "url": "/blog/faces", "datePublished": "2026-06-01T00:00:00Z"}]}</script>
    <script type="application/ld+json">{"@type": "ItemList", "itemListElement": [
    {"@type": "ListItem", "position": 1, "name": "Voices", "url": "https://www.example.org/blog/voices"}]}</script>
    <a href="/blog/faces">Faces are no business</a>"""
    assert found(page) == [
        ("Faces are no business", "https://www.example.org/blog/faces", JUNE_1),
        ("Voices", "https://www.example.org/blog/voices", None),
    ]


def test_a_list_of_products_or_of_breadcrumbs_is_none_of_posts() -> None:
    page = """<script type="application/ld+json">[{"@type": "ItemList", "itemListElement": [
    {"@type": "ListItem", "name": "Gate for stadiums", "url": "/products/gate"},
    {"@type": "ListItem", "name": "Ada B. Lovelace", "url": "/author/ada"},
    {"@type": "ListItem", "item": {"@type": "Product", "name": "Desk for hotels", "url": "/products/desk"}}]},
    {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "name": "All of the news", "url": "/news/all"}]}]
    </script><p>Hello</p>"""
    with pytest.raises(FetchError, match="no links to articles"):
        read(page, url="https://www.example.org/")


def test_a_base_address_is_obeyed() -> None:
    page = '<head><base href="https://www.example.org/news/"></head><a href="a-b-c">One two three</a>'
    assert found(page) == [("One two three", "https://www.example.org/news/a-b-c", None)]


def test_posts_on_a_neighbouring_host_are_ours() -> None:
    page = '<a href="https://blog.example.org/a-b-c">One two three</a>'
    assert found(page) == [("One two three", "https://blog.example.org/a-b-c", None)]


def test_a_date_that_cannot_be_true_is_none() -> None:
    page = '<div><a href="/blog/a-b-c">One two three</a><time datetime="2099-01-01">x</time></div>'
    assert found(page) == [("One two three", "https://www.example.org/blog/a-b-c", None)]


@pytest.mark.parametrize(
    ("page", "selector", "trouble", "detail"),
    [
        ("", None, FetchTrouble.UNREADABLE, "the body is empty"),
        ("<p>Nothing yet</p>", None, FetchTrouble.UNREADABLE, "no links to articles on the page"),
        (
            '<link rel="alternate" type="application/atom+xml" href="/atom"><p>Nothing yet</p>',
            None,
            FetchTrouble.UNREADABLE,
            "no links to articles on the page; the page names a feed: https://www.example.org/atom",
        ),
        (CARDS, ".post", FetchTrouble.UNREADABLE, "the selector .post finds no links on the page"),
        (CARDS, "a:hover", FetchTrouble.UNREADABLE, "not a selector that can be read: 'a:hover'"),
        (
            "<title>Just a moment...</title>",
            None,
            FetchTrouble.BLOCKED,
            "a page of Cloudflare came in place of the blog",
        ),
    ],
)
def test_what_is_no_listing_is_told(page: str, selector: str | None, trouble: FetchTrouble, detail: str) -> None:
    with pytest.raises(FetchError) as caught:
        read(page, selector)
    assert (caught.value.trouble, caught.value.detail) == (trouble, detail)


def test_links_above_the_cap_are_left_out_and_it_is_said() -> None:
    page = "".join(f'<li><a href="/blog/post-number-{number}">Post number {number}</a></li>' for number in range(300))
    parsed = read(page)
    assert (len(parsed.entries), parsed.partial) == (200, "only the first 200 links were read")


def test_posts_whose_dates_are_only_hinted_at_are_posts_and_have_their_date_elsewhere() -> None:
    cards = "".join(
        f'<div class="card"><a href="/blog/{name}"><p>{title}</p><p>{when}</p></a></div>'
        for name, title, when in (
            ("a", "Why today matters", "3 days ago"),
            ("b", "Gates", "Yesterday"),
            ("c", "In May", "May 2026"),
        )
    )
    other = '<a href="/blog/what-we-are-and-do">What we are and do</a>'
    entries = read(f"<main>{cards}</main><div>{other}</div>").entries
    assert [(one.title, one.published, one.published_raw) for one in entries] == [
        ("Why today matters", None, "3 days ago"),
        ("Gates", None, "Yesterday"),
        ("In May", None, "May 2026"),
    ]


MENU = """<div class="mega"><h5>Products</h5><a href="/products/face-search-for-banks">Face search for banks</a>
<a href="/products/visitor-check-in-desk">Visitor check-in desk</a><a href="/solutions/loss-prevention-in-retail">Loss prevention</a></div>
<div class="cards"><div><h3><a href="/products/gate">Meridian Gate</a></h3><p>For stadiums.</p></div>
<div><h3><a href="/products/desk-two">Meridian Desk</a></h3><p>For hotels.</p></div></div>
<p>As we said <a href="/blog/2019/03/01/our-principles-for-use">in our principles</a>, consent comes first.</p>
<div class="foot"><a href="/legal/terms-of-the-service">Terms of the service</a> Last updated May 3, 2026
<a href="/modern-slavery-act-statement">Modern slavery act statement</a></div>"""


@pytest.mark.parametrize("url", ["https://www.example.org/", "https://www.example.org/company"])
def test_a_page_without_posts_has_none(url: str) -> None:
    with pytest.raises(FetchError, match="no links to articles on the page"):
        read(MENU, url=url)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/blog/author/ada-b-lovelace">Ada B. Lovelace writes</a>',
        '<a rel="tag" href="/blog/face-search-rules">Face search rules</a>',
        'By <a href="/blog/ada-b-lovelace">Ada B. Lovelace</a>',
        '<span class="post-tags"><a href="/blog/face-search-rules">Face search rules</a></span>',
        '<ul class="pagination"><li><a href="/blog/older-posts-of-ours">See all older posts</a></li></ul>',
        '<a href="/blog?page=2">The next page of posts</a>',
        '<a href="/blog/2026/05/">All posts of May 2026</a>',
        '<div class="related-posts"><a href="/blog/an-old-post-again">An old post again</a></div>',
        '<div><h4>Most read</h4><a href="/blog/an-old-post-again">An old post again</a></div>',
        '<a href="/blog/the-report.pdf">The whole report as PDF</a>',
        '<a href="https://elsewhere.example/blog/not-ours-at-all">Not ours at all, this one</a>',
        '<a href="javascript:void(0)">Show more of our posts</a>',
        '<p>It follows what we said <a href="/blog/an-old-post-again">in an old post</a> on it.</p>',
        '<p><a href="/blog/an-old-post-again">An old post</a> has more about all of this.</p>',
    ],
)
def test_what_stands_beside_posts_is_none(link: str) -> None:
    posts = "".join(
        f'<div class="card"><h3><a href="/blog/{name}">Post {name}</a></h3><time datetime="2026-06-01">x</time></div>'
        for name in ("one", "two")
    )
    for page in (
        f"<main>{posts}{link}</main>",
        f"<main>{posts.replace('</time></div>', f'</time>{link}</div>')}</main>",
    ):
        assert [title for title, _, _ in found(page)] == ["Post one", "Post two"]


def deep(count: int) -> str:
    return f"{'<div>' * count}<a href=/blog/a-b-c>One two three</a>"


@pytest.mark.parametrize(
    "page",
    [
        deep(3000),
        "".join(f'<li><a href="/blog/post-{n}">Post number {n}</a>' for n in range(20_000)),
        "<div>"
        + "".join(f'<a href="/blog/post-{n}">Post number {n}</a> <b>June 1, 2026</b> ' for n in range(2000))
        + "</div>",
        "<h4>Popular</h4><p>x</p>" * 20_000 + deep(1),
        '<div class="related">' * 1500 + deep(1),
        "<p>" + "x" * 5_000_000 + "<a href=/blog/a-b-c>One two three</a>",
        f'<script type="application/json">{"[" * 100_000}</script>' + deep(1),
        f'<script type="application/ld+json">[{"0," * 900_000}0]</script>' + deep(1),
        f'<script type="application/json">[{"0," * 900_000}0]</script>' + deep(1),
        f'<script type="application/json">[{"[1]," * 900_000}0]</script>' + deep(1),
        "<script>window.x = {" + '"a":' * 100_000 + "</script>" + deep(1),
        '<a href="/blog/a-b-c">' + "1 " * 200_000 + "</a>",
        "<time datetime=x>" * 50_000 + deep(1),
        "<h1>" * 60_000 + deep(1),
        ("<h1>" * 500 + "</h1>" * 500) * 50 + deep(1),
    ],
)
def test_a_hostile_page_ends_soon(page: str) -> None:
    began = time.process_time()
    with suppress(FetchError):
        read(page)
    assert time.process_time() - began < 20

"""libxml2 and feedparser read every feed alike, or libxml2 leaves it alone."""

import random
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fetch import test_feed
from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError
from watcher.fetch import plainfeed
from watcher.fetch.feed import parse
from watcher.fetch.xmltext import safe_xml
from watcher.usecases.ports import Parsed

URL = "https://example.org/blog/feed"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/DTDs/PodCast-1.0.dtd" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:wp="com-wordpress:feed-additions:1" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)
TEXTS = (
    *(
        "",
        " ",
        "Plain words",
        "AT&amp;T",
        "A &amp;amp; B",
        "1 &lt; 2",
        "&lt;b&gt;bold&lt;/b&gt; words",
        "&lt;made up&gt;",
    ),
    *(
        "Café",
        "Caf\u00c3\u00a9",
        "it\u2019s",
        "a\u0093quoted\u0094 word",
        "&#8217;",
        "&#146;",
        "<![CDATA[<p>One</p>]]>",
    ),
    *("<![CDATA[ A &amp; B &eacute; ]]> and more", "two<!-- a comment --> halves", "two<?php x ?> halves", "日本語"),
    *(
        "line\n\n  line",
        "\ufeffmark",
        "x" * 1600,
        "Read more",
        "<![CDATA[<a href='xmlns'>y</a>]]>",
        "\u00a0padded\u00a0",
    ),
)
ADDRESSES = (
    *(
        "https://example.org/1",
        " https://example.org/1?a=1&amp;b=2 ",
        "/relative",
        "https:////example.org/1",
        "",
        "x:///y",
    ),
    *("https://example.org/?a=1&amp;amp;b=2", "https://example.org/&amp;copy;x", "tag:example.org,2020:1", "123"),
)
DATES = ("Wed, 10 Jun 2020 08:18:00 GMT", "2020-06-10T08:18:00Z", "yesterday", "", "2020-06-10T08:18:00+02:00")

RSS_FIELDS = (
    *[f"<title>{text}</title>" for text in TEXTS],
    *[f"<description>{text}</description>" for text in TEXTS],
    *[f"<content:encoded>{text}</content:encoded>" for text in TEXTS],
    *[f"<link>{address}</link>" for address in ADDRESSES],
    *[f"<guid>{address}</guid>" for address in ADDRESSES],
    *[f'<guid isPermaLink="{word}">{address}</guid>' for word, address in product(("true", "false", "1"), ADDRESSES)],
    *[f"<pubDate>{date}</pubDate>" for date in DATES],
    *[f"<dc:date>{date}</dc:date>" for date in DATES],
    *("<author>a@example.org (A)</author>", "<dc:creator>A. B.</dc:creator>", "<category domain='x'>c</category>"),
    *("<comments>https://example.org/c</comments>", "<slash:comments>3</slash:comments>", "<source url='x'>S</source>"),
    *('<enclosure url="https://example.org/a.mp3" type="audio/mpeg" length="1"/>', "<wp:post-id>7</wp:post-id>"),
    *('<media:content url="x" type="image/png"/>', "<media:thumbnail url='x'/>", "<media:credit>C</media:credit>"),
    *(
        "<media:keywords>a, b</media:keywords>",
        "<media:title>Other</media:title>",
        "<itunes:summary>S</itunes:summary>",
    ),
    *("<media:description>Other</media:description>", "<dc:language>de</dc:language>", "<language>de</language>"),
    *('<atom:link href="https://example.org/a"/>', "<feedburner:origLink>https://example.org/o</feedburner:origLink>"),
    *("<wfw:commentRss>https://example.org/r</wfw:commentRss>", "<thr:total>2</thr:total>", "loose words"),
    *('<title xml:lang="de">T</title>', '<description xml:base="/x">D</description>', "<title type='html'>T</title>"),
    *("<unknown>u</unknown>", "<unknown><title>inner</title></unknown>", "<content>c</content>", "<id>i</id>"),
    *("<summary>s</summary>", "<body>b</body>", "<title>a<b>b</b></title>", "<image><title>I</title></image>"),
    *(
        "<dc:subject>s</dc:subject>",
        "<dc:title>D</dc:title>",
        "<updated>2020-06-10</updated>",
        "<created>2019</created>",
    ),
)
CHANNEL_FIELDS = (
    *[f"<title>{text}</title>" for text in TEXTS],
    *("<link>https://example.org/</link>", "<description>About</description>", "<language>en-us</language>"),
    *("<language></language>", "<ttl>60</ttl>", "<ttl unit='m'>60</ttl>", "<lastBuildDate>x</lastBuildDate>"),
    *("<generator>G</generator>", "<copyright>C</copyright>", "<cloud domain='x'/>", "<docs>https://x</docs>"),
    *("<image><url>u</url><title>Image</title><link>l</link><width>a</width></image>", "<image/>"),
    *("<image><url>u</url><other>o</other><title>Image</title></image>", "<textInput><title>T</title></textInput>"),
    *('<atom:link href="https://example.org/feed" rel="self"/>', "<itunes:subtitle>S</itunes:subtitle>"),
    *("<dc:language>fr</dc:language>", "<wp:site>1</wp:site>", "<skipHours><hour>1</hour></skipHours>", "words"),
)
ATOM_FIELDS = (
    *[f"<{n}>{t}</{n}>" for n, t in product(("title", "summary", "content"), TEXTS)],
    *[f'<{n} type="{k}">{t}</{n}>' for n, k, t in product(("title", "summary"), ("html", "text", "HTML"), TEXTS)],
    *[f'<content type="{k}">{t}</content>' for k, t in product(("html", "text/plain", "image/png"), TEXTS)],
    *[f"<id>{address}</id>" for address in ADDRESSES],
    *[f'<link href="{address}"/>' for address in ADDRESSES],
    *[
        f'<link rel="{r}" href="https://example.org/{r}"/>'
        for r in ("alternate", "self", "via", "ENCLOSURE", "related")
    ],
    *('<link type="application/json" href="https://example.org/j"/>', "<link/>", "<link>https://example.org/t</link>"),
    *[f"<{n}>{date}</{n}>" for n, date in product(("published", "updated", "issued", "modified"), DATES)],
    *(
        "<author><name>A</name><uri>u</uri><email>e@example.org</email></author>",
        "<author>A</author>",
        "<rights>R</rights>",
    ),
    *("<category term='c'/>", "<contributor><name>B</name></contributor>", "<source><title>Other</title></source>"),
    *(
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>X</p></div></content>',
        "<thr:total>1</thr:total>",
    ),
    *('<content src="https://example.org/c"/>', '<summary xml:lang="fr">S</summary>', "<media:group/>", "words"),
)
FEED_FIELDS = (
    *[f"<title>{text}</title>" for text in TEXTS],
    *(
        "<id>i</id>",
        "<updated>2020</updated>",
        "<subtitle type='html'>S</subtitle>",
        "<generator uri='u'>G</generator>",
    ),
    *('<link rel="self" href="https://example.org/feed"/>', "<author><name>A</name></author>", "<icon>i</icon>"),
    *("<logo>l</logo>", "<unknown/>", "<ttl>5</ttl>"),
)
ROOTS = ("", ' xml:lang="en_US"', ' xml:lang=""', ' xml:base="https://example.org/x/"', ' lang="de"')
RSS_ROOTS = (' version="2.0"', ' version="0.92"', *ROOTS, ' xmlns="http://backend.userland.com/rss2"')
ATOM_ROOTS = (*ROOTS, ' version="0.3"', ' xmlns:r="http://purl.org/rss/1.0/"')


def rss(root: str, channel: str, *items: str) -> bytes:
    inner = "".join(f"<item>{fields}</item>" for fields in items)
    return f"<rss {NAMESPACES}{root}><channel>{channel}{inner}</channel></rss>".encode()


def atom(root: str, feed: str, *entries: str) -> bytes:
    inner = "".join(f"<entry>{fields}</entry>" for fields in entries)
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}{root}>{feed}{inner}</feed>'.encode()


def both_ways(body: bytes) -> tuple[Parsed | str, Parsed | str]:
    """What is read with libxml2 first, and by feedparser alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plainfeed, "read", lambda _: None)
        alone = read(body)
    return read(body), alone


def read(body: bytes) -> Parsed | str:
    try:
        return parse(body, {"content-type": "application/xml"}, URL, NOW)
    except FetchError as error:
        return str(error)


def is_plain(body: bytes) -> bool:
    try:
        return plainfeed.read(safe_xml(body.decode(errors="replace"), 1000)) is not None
    except FetchError:
        return False


def test_every_field_alone_is_read_alike() -> None:
    for fields in (*RSS_FIELDS, *CHANNEL_FIELDS):
        for body in (rss("", "", fields), rss("", fields, "<title>T</title>"), rss(' version="2.0"', "", fields * 2)):
            quick, slow = both_ways(body)
            assert quick == slow, body
    for fields in (*ATOM_FIELDS, *FEED_FIELDS):
        for body in (atom("", "", fields), atom("", fields, "<title>T</title>"), atom("", "", fields * 2)):
            quick, slow = both_ways(body)
            assert quick == slow, body


@pytest.mark.parametrize("root", [*RSS_ROOTS, *ATOM_ROOTS])
def test_attributes_of_the_first_element_are_read_alike(root: str) -> None:
    fields = "<title>A &amp;amp; B</title><description>D</description><summary>S</summary><link>/x</link><id>i</id>"
    for body in (rss(root, "<language>nl</language>", fields), rss(root, "", fields), atom(root, "", fields)):
        quick, slow = both_ways(body)
        assert quick == slow


@pytest.mark.parametrize("case", test_feed.FORMATS, ids=lambda case: case.claim)
def test_feeds_of_every_format_are_read_alike(case: test_feed.Case) -> None:
    quick, slow = both_ways(case.body)
    assert quick == slow


def made(dice: random.Random) -> bytes:
    """A feed of random fields, mostly such as libxml2 takes when they are alone; now and then damaged."""
    some = [(rss, RSS_ROOTS, CHANNEL_FIELDS, RSS_FIELDS), (atom, ATOM_ROOTS, FEED_FIELDS, ATOM_FIELDS)]
    form, roots, about, fields = dice.choice(some)
    if dice.random() < 0.9:
        roots, about, fields = roots[:4], plain_alone(about), plain_alone(fields)
    entries = ["".join(distinct(fields, dice)) for _ in range(dice.randint(0, 3))]
    body = form(dice.choice(roots), "".join(distinct(about, dice)), *entries)
    return damaged(body, dice) if dice.random() < 0.3 else body


@cache
def plain_alone(fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(field for field in fields if any(map(is_plain, everywhere(field))))


def everywhere(field: str) -> list[bytes]:
    return [rss("", field), rss("", "", field), atom("", field), atom("", "", field)]


def distinct(fields: Sequence[str], dice: random.Random) -> list[str]:
    """Some fields, seldom two of one name."""
    chosen = dice.sample(fields, dice.randint(0, 8))
    by_name = {field[1:].partition(">")[0].partition(" ")[0]: field for field in chosen}
    return chosen if dice.random() < 0.1 else list(by_name.values())


def damaged(body: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 3)):
        start = dice.randrange(len(body))
        end = min(len(body), start + dice.choice((0, 1, 2, 5, 30)))
        piece = dice.choice(
            (b"", b"<", b">", b"&", b"]]>", b"<![CDATA[", b"\x93", b"</item>", b"<p>", b' a="b"', body[start:end] * 2)
        )
        body = body[:start] + piece + body[end:]
    return body


@settings(max_examples=300, deadline=None)
@given(st.integers(min_value=0, max_value=2**32))
def test_feeds_of_random_fields_and_with_random_damage_are_read_alike(seed: int) -> None:
    body = made(random.Random(seed))
    quick, slow = both_ways(body)
    assert quick == slow


def usual() -> Iterator[tuple[str, bytes]]:
    """What the programs write by which most sites publish."""
    yield (
        "wordpress",
        rss(
            ' version="2.0"',
            '<title>Site</title><atom:link href="https://example.org/feed/" rel="self" type="application/rss+xml"/>'
            "<link>https://example.org</link><description>D</description><lastBuildDate>x</lastBuildDate>"
            "<language>en-US</language><generator>https://wordpress.org/?v=6.4</generator>"
            "<image><url>u</url><title>Site</title><link>l</link><width>32</width><height>32</height></image>",
            "<title>It&#8217;s here</title><link>https://example.org/1</link><comments>https://example.org/1#c</comments>"
            "<dc:creator><![CDATA[A. B.]]></dc:creator><pubDate>Wed, 10 Jun 2020 08:18:00 +0000</pubDate>"
            "<category><![CDATA[News]]></category><guid isPermaLink='false'>https://example.org/?p=1</guid>"
            "<description><![CDATA[<p>One [&#8230;]</p>]]></description><content:encoded><![CDATA[<p>One two</p>]]>"
            "</content:encoded><wfw:commentRss>https://example.org/1/feed/</wfw:commentRss>"
            "<slash:comments>0</slash:comments><wp:post-id>1</wp:post-id>",
        ),
    )
    yield (
        "atom",
        atom(
            ' xml:lang="en"',
            "<title>Site</title><subtitle>S</subtitle><link rel='self' href='https://example.org/feed'/><id>i</id>"
            "<updated>2020-06-10T08:18:00Z</updated><generator uri='u' version='1'>G</generator>",
            "<id>tag:example.org,2020:1</id><title type='html'>A &amp;amp; B</title><link href='https://example.org/1'/>"
            "<published>2020-06-10T08:18:00Z</published><updated>2020-06-10T09:18:00Z</updated><author><name>A</name></author>"
            "<category term='c'/><summary>S</summary><content type='html'>&lt;p&gt;One&lt;/p&gt;</content>",
        ),
    )


@pytest.mark.parametrize(("name", "body"), list(usual()))
def test_what_most_sites_publish_needs_no_feedparser(name: str, body: bytes) -> None:
    del name
    quick, slow = both_ways(body)
    assert is_plain(body)
    assert quick == slow


def test_a_good_share_of_the_random_feeds_needs_no_feedparser() -> None:
    bodies = [made(random.Random(seed)) for seed in range(400)]
    assert sum(map(is_plain, bodies)) > 100

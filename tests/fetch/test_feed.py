"""Feeds of every format, encoding and oddity: literal bytes beside the literal result."""

import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.fetch.entrytext import LONGEST, LONGEST_TITLE
from watcher.fetch.feed import parse
from watcher.usecases.ports import Parsed

URL = "https://example.org/blog/feed"
JUNE_10 = datetime(2020, 6, 10, 8, 18, tzinfo=UTC)


def read(body: bytes, content_type: str = "application/xml", max_entries: int = 1000) -> Parsed:
    return parse(body, {"content-type": content_type}, URL, NOW, max_entries=max_entries)


def rss(items: bytes, channel: bytes = b"") -> bytes:
    return b'<rss version="2.0"><channel>' + channel + items + b"</channel></rss>"


def item(inner: bytes) -> bytes:
    return rss(b"<item>" + inner + b"</item>")


def atom(inner: bytes, feed: bytes = b"") -> bytes:
    return b'<feed xmlns="http://www.w3.org/2005/Atom">' + feed + b"<entry>" + inner + b"</entry></feed>"


def teaser(title: str, text: str = "", **more: object) -> Entry:
    return Entry(title, text, **{"complete": False, **more})  # type: ignore[arg-type]  # fields of Entry by name


def whole(title: str, text: str, **more: object) -> Entry:
    return Entry(title, text, **more)  # type: ignore[arg-type]  # fields of Entry by name


@dataclass(frozen=True)
class Case:
    claim: str
    body: bytes
    entries: list[Entry]
    content_type: str = "application/xml"
    partial: str | None = None
    title: str | None = field(default=None)


FORMATS = [
    Case(
        "rss-2.0",
        b'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>News</title><language>en-us</language>'
        b"<item><title>One</title><link>https://example.org/1</link><guid>https://example.org/?p=1</guid>"
        b"<description>Short text.</description><pubDate>Wed, 10 Jun 2020 08:18:00 GMT</pubDate></item></channel></rss>",
        [
            teaser(
                "One",
                "Short text.",
                url="https://example.org/1",
                guid="https://example.org/?p=1",
                published=JUNE_10,
                published_raw="Wed, 10 Jun 2020 08:18:00 GMT",
                language="en-us",
            )
        ],
        title="News",
    ),
    Case(
        "rss-2.0-with-content-encoded",
        b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>One</title>'
        b"<description>Short.</description><content:encoded><![CDATA[<p>First.</p><p>Second &amp; last.</p>]]>"
        b"</content:encoded></item></channel></rss>",
        [whole("One", "First.\n\nSecond & last.")],
    ),
    Case(
        "rss-1.0",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>News</title></channel>'
        b'<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link>'
        b"<description>Text.</description><dc:date>2020-06-10T08:18:00Z</dc:date></item></rdf:RDF>",
        [
            teaser(
                "One",
                "Text.",
                url="https://example.org/1",
                guid="https://example.org/1",
                published=JUNE_10,
                published_raw="2020-06-10T08:18:00Z",
                updated=JUNE_10,
            )
        ],
        title="News",
    ),
    Case(
        "rss-0.90",
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">'
        b"<channel><title>News</title></channel><item><title>One</title><link>https://example.org/1</link></item></rdf:RDF>",
        [teaser("One", url="https://example.org/1")],
        title="News",
    ),
    Case(
        "rss-0.91-with-its-plain-doctype",
        b'<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        b' "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>News</title>'
        b"<item><title>Caf&eacute;</title><link>https://example.org/1</link></item></channel></rss>",
        [teaser("Café", url="https://example.org/1")],
        title="News",
    ),
    Case(
        "rss-0.92",
        b'<rss version="0.92"><channel><item><description>Only a text.</description></item></channel></rss>',
        [teaser("", "Only a text.")],
    ),
    Case(
        "atom-1.0",
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>News</title><entry><id>tag:example.org,2020:1</id>'
        b'<title>One</title><link rel="alternate" href="https://example.org/1"/><link rel="edit" href="https://example.org/e"/>'
        b"<published>2020-06-10T10:18:00+02:00</published><updated>2020-06-11T10:18:00+02:00</updated>"
        b'<content type="html">&lt;p&gt;First.&lt;/p&gt;</content></entry></feed>',
        [
            whole(
                "One",
                "First.",
                url="https://example.org/1",
                guid="tag:example.org,2020:1",
                published=JUNE_10,
                published_raw="2020-06-10T10:18:00+02:00",
                updated=datetime(2020, 6, 11, 8, 18, tzinfo=UTC),
                language="de",
            )
        ],
        title="News",
    ),
    Case(
        "atom-1.0-xhtml",
        atom(
            b'<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>bold</b> title</div></title>'
            b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><ul><li>Two</li></ul></div></content>'
        ),
        [whole("A bold title", "One.\n\n• Two")],
    ),
    Case(
        "atom-1.0-plain-text",
        atom(b'<title type="text">1 &lt; 2</title><content type="text">a &lt;b&gt; c</content>'),
        [whole("1 < 2", "a <b> c")],
    ),
    Case(
        "atom-1.0-updated-stands-in-for-published",
        atom(b"<title>One</title><updated>2020-06-10T08:18:00Z</updated><summary>Short.</summary>"),
        [teaser("One", "Short.", published=JUNE_10, published_raw="2020-06-10T08:18:00Z", updated=JUNE_10)],
    ),
    Case(
        "atom-0.3",
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>News</title><entry><title>One</title>'
        b'<link rel="alternate" type="text/html" href="https://example.org/1"/><issued>2020-06-10T08:18:00Z</issued>'
        b'<content type="text/html" mode="escaped">&lt;p&gt;First.&lt;/p&gt;</content></entry></feed>',
        [
            whole(
                "One",
                "First.",
                url="https://example.org/1",
                published=JUNE_10,
                published_raw="2020-06-10T08:18:00Z",
            )
        ],
        title="News",
    ),
    Case(
        "prefixed-atom",
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:title>One</a:title></a:entry></a:feed>',
        [teaser("One")],
    ),
    Case("an-element-that-closes-itself-is-a-feed", b'<feed xmlns="http://www.w3.org/2005/Atom"/>', []),
    Case("a-feed-without-entries-is-a-feed", rss(b"", b"<title>News</title>"), [], title="News"),
]

ENCODINGS = [
    Case("utf-8", item("<title>Größe “1”</title>".encode()), [teaser("Größe “1”")]),
    Case("utf-8-bom", b"\xef\xbb\xbf" + item("<title>Größe</title>".encode()), [teaser("Größe")]),
    Case(
        "utf-16-bom",
        ('<?xml version="1.0" encoding="UTF-16"?>' + item(b"<title>Gr</title>").decode()).encode("utf-16"),
        [teaser("Gr")],
    ),
    Case(
        "utf-16-without-bom",
        ('<?xml version="1.0"?>' + item("<title>Größe</title>".encode()).decode()).encode("utf-16-be"),
        [teaser("Größe")],
    ),
    Case(
        "latin-1-by-its-declaration",
        b'<?xml version="1.0" encoding="ISO-8859-1"?>' + item(b"<title>Gr\xf6\xdfe</title>"),
        [teaser("Größe")],
        "text/xml",
    ),
    Case(
        "windows-1251-by-the-header",
        item("<title>Полиция</title>".encode("cp1251")),
        [teaser("Полиция")],
        'text/xml; charset="windows-1251"',
    ),
    Case(
        "the-header-outranks-the-declaration",
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + item("<title>Полиция</title>".encode("koi8-r")),
        [teaser("Полиция")],
        "text/xml; charset=KOI8-R",
    ),
    Case(
        "windows-quotes-under-the-name-of-latin-1",
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + item(b"<title>\x93quoted\x94</title>"),
        [teaser("“quoted”")],
    ),
    Case(
        "utf-8-mislabelled-as-latin-1",
        b'<?xml version="1.0" encoding="iso-8859-1"?>' + item("<title>Größe</title>".encode()),
        [teaser("Größe")],
        "text/xml; charset=iso-8859-1",
    ),
    Case(
        "latin-1-mislabelled-as-utf-8",
        b'<?xml version="1.0" encoding="utf-8"?>' + item(b"<title>Gr\xf6\xdfe</title>"),
        [teaser("Größe")],
    ),
    Case(
        "one-windows-byte-in-utf-8",
        item("<title>Größe ".encode() + b"\x96 klein</title>"),
        [teaser("Größe – klein")],
    ),
    Case(
        "shift-jis",
        b'<?xml version="1.0" encoding="Shift_JIS"?>' + item("<title>顔認識</title>".encode("cp932")),
        [teaser("顔認識")],
    ),
    Case(
        "iso-2022-jp-looks-like-ascii",
        b'<?xml version="1.0" encoding="ISO-2022-JP"?>' + item("<title>顔認識</title>".encode("iso2022_jp")),
        [teaser("顔認識")],
    ),
    Case("an-unknown-charset", item("<title>Größe</title>".encode()), [teaser("Größe")], "text/xml; charset=martian"),
    Case("a-codec-that-is-no-charset", item(b"<title>One</title>"), [teaser("One")], "text/xml; charset=punycode"),
]

TEXTS = [
    Case("an-ampersand-escaped-twice", item(b"<title>AT&amp;amp;T</title>"), [teaser("AT&T")]),
    Case("a-bare-ampersand", item(b"<title>AT&T and B & C</title>"), [teaser("AT&T and B & C")]),
    Case("entities-of-html-undeclared", item(b"<title>A&nbsp;B &ndash; C&hellip;</title>"), [teaser("A B – C…")]),
    Case(
        "entities-in-cdata-are-html",
        item(b"<title>One</title><description><![CDATA[x &ndash; <b>y</b> &amp;lt;]]></description>"),
        [teaser("One", "x – y &lt;")],
    ),
    Case(
        "a-numeric-reference-to-nothing", item(b"<title>One&#0;&#xD800; two</title>"), [teaser("One\ufffd\ufffd two")]
    ),
    Case("control-characters", item(b"<title>On\x08e\x0b</title>"), [teaser("One")]),
    Case("an-unknown-entity-stays", item(b"<title>R&unknown; D</title>"), [teaser("R&unknown; D")]),
    Case("markup-in-a-title", item(b"<title>A &lt;em&gt;new&lt;/em&gt; day</title>"), [teaser("A new day")]),
    Case("less-than-in-a-title", item(b"<title>1 &lt; 2 and 3 &gt; 2</title>"), [teaser("1 < 2 and 3 > 2")]),
    Case(
        "scripts-and-styles-are-dropped",
        item(
            b"<description>&lt;style&gt;p{}&lt;/style&gt;&lt;p&gt;A&lt;script&gt;b()&lt;/script&gt;&lt;/p&gt;</description>"
        ),
        [teaser("", "A")],
    ),
    Case(
        "a-heading-has-its-own-line",
        item(b"<description><![CDATA[<h2>Head<br>ing</h2>Text.<br>More.<br><br>New.]]></description>"),
        [teaser("", "Head ing\n\nText.\nMore.\n\nNew.")],
    ),
    Case(
        "a-plain-description-keeps-its-paragraphs",
        item(b"<description>First line\ngoes on.\n\nSecond.</description>"),
        [teaser("", "First line goes on.\n\nSecond.")],
    ),
    Case(
        "zero-width-and-soft-hyphens-are-dropped",
        item("<title>face\u200b recog\u00adnition</title>".encode()),
        [teaser("face recognition")],
    ),
    Case(
        "the-signature-of-wordpress-is-dropped",
        b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>T</title>'
        b"<content:encoded><![CDATA[<p>Text.</p><p>The post <a href='x'>T</a> appeared first on <a href='y'>N</a>.</p>]]>"
        b"</content:encoded></item></channel></rss>",
        [whole("T", "Text.")],
    ),
    Case(
        "content-that-ends-in-read-more-is-a-teaser",
        atom(b'<content type="html">&lt;p&gt;Begin. &lt;a&gt;Read more&lt;/a&gt;&lt;/p&gt;</content>'),
        [teaser("", "Begin. Read more")],
    ),
    Case("content-that-is-cut-is-a-teaser", atom(b"<content>Begin [&#8230;]</content>"), [teaser("", "Begin […]")]),
    Case(
        "a-long-description-is-whole",
        item(b"<description>" + b"Sentence. " * 200 + b"</description>"),
        [whole("", ("Sentence. " * 200).strip())],
    ),
    Case(
        "a-long-description-that-is-cut-is-none",
        item(b"<description>" + b"Sentence. " * 200 + b"and...</description>"),
        [teaser("", "Sentence. " * 200 + "and...")],
    ),
    Case(
        "a-picture-is-no-content",
        atom(b'<content type="image/png">iVBORw0KGgo=</content><summary>Short.</summary>'),
        [teaser("", "Short.")],
    ),
]

LINKS = [
    Case("a-relative-link", item(b"<link>/1?a=1&amp;b=2</link>"), [teaser("", url="https://example.org/1?a=1&b=2")]),
    Case(
        "a-relative-link-under-xml-base",
        b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/a/"><entry><link href="1"/></entry></feed>',
        [teaser("", url="https://other.example/a/1")],
    ),
    Case(
        "a-guid-that-is-an-address-stands-in-for-the-link",
        item(b"<guid>https://example.org/1</guid>"),
        [teaser("", url="https://example.org/1", guid="https://example.org/1")],
    ),
    Case(
        "a-guid-that-is-none-stays-as-it-is",
        item(b"<title>T</title><guid>123</guid>"),
        [teaser("T", guid="123")],
    ),
    Case(
        "feedburners-original-link-wins",
        b'<rss version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item>'
        b"<link>https://feeds.example.com/~r/1</link><feedburner:origLink>https://example.org/1</feedburner:origLink>"
        b"</item></channel></rss>",
        [teaser("", url="https://example.org/1")],
    ),
    Case("a-script-is-no-link", item(b"<title>T</title><link>javascript:alert(1)</link>"), [teaser("T")]),
    Case(
        "an-enclosure-is-no-link",
        item(b'<title>T</title><enclosure url="https://example.org/1.mp3" type="audio/mpeg" length="1"/>'),
        [teaser("T")],
    ),
]

MALFORMED = [
    Case(
        "a-cut-feed-keeps-its-whole-entries",
        b'<rss version="2.0"><channel><item><title>One</title></item><item><title>Two</title></item><item><title>Thr',
        [teaser("One"), teaser("Two")],
        partial="the feed is cut off after 2 entries",
    ),
    Case(
        "a-feed-cut-in-its-first-entry-has-none",
        b'<rss version="2.0"><channel><title>News</title><item><title>On',
        [],
        partial="the feed is cut off before its first entry ends",
        title="News",
    ),
    Case(
        "a-cut-atom-feed",
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>One</title></entry><entry><content type="html">&lt;p',
        [teaser("One")],
        partial="the feed is cut off after 1 entry",
    ),
    Case(
        "only-the-last-tag-is-missing",
        b'<rss version="2.0"><channel><item><title>One</title></item></channel>',
        [teaser("One")],
    ),
    Case("junk-before", b"\n\nWarning: foo() in x.php\n" + item(b"<title>One</title>"), [teaser("One")]),
    Case(
        "a-blank-line-before-the-declaration",
        b'\n<?xml version="1.0"?>' + item(b"<title>One</title>"),
        [teaser("One")],
    ),
    Case("junk-after", item(b"<title>One</title>") + b"<script>x</script>", [teaser("One")]),
    Case("a-comment-after", item(b"<title>One</title>") + b"\n<!-- cached -->\n", [teaser("One")]),
    Case(
        "an-undeclared-prefix",
        item(b"<title>One</title><media:thumbnail url='x'/><dc:creator>A</dc:creator>"),
        [teaser("One")],
    ),
    Case(
        "a-tag-that-is-not-closed",
        item(b"<title>One</title><description>Text <br> more</description>"),
        [teaser("One", "Text\nmore")],
    ),
    Case("served-as-html", item(b"<title>One</title>"), [teaser("One")], "text/html; charset=utf-8"),
    Case("served-as-nothing", item(b"<title>One</title>"), [teaser("One")], ""),
    Case(
        "declared-entities-that-are-plain",
        b'<!DOCTYPE rss [<!ENTITY co "Acme &#38; Sons"> <!ENTITY eacute "&#233;">]>'
        + item(b"<title>&co; caf&eacute;</title>"),
        [teaser("Acme & Sons café")],
    ),
    Case("an-entry-without-anything-is-none", rss(b"<item/><item><title>One</title></item>"), [teaser("One")]),
]


@pytest.mark.parametrize("case", FORMATS + ENCODINGS + TEXTS + LINKS + MALFORMED, ids=lambda case: case.claim)
def test_a_feed_is_read(case: Case) -> None:
    found = read(case.body, case.content_type)
    assert list(found.entries) == case.entries
    assert (found.title, found.partial) == (case.title, case.partial)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Wed, 10 Jun 2020 10:18:00 CEST", JUNE_10),
        ("Wed, 10 Jun 2020 13:48:00 IST", JUNE_10),
        ("Wed, 10 Jun 2020 08:18 AM", JUNE_10),
        ("2020/6/10 08:18:00", JUNE_10),
        ("1591777080", JUNE_10),
        ("Wed, 10 Jun 2020 08:18:00", JUNE_10),
        ("not a date", None),
        ("Mon, 01 Jan 1601 00:00:00 GMT", None),
        ("Sat, 13 Jun 2026 12:00:00 GMT", None),
    ],
)
def test_dates_are_read_by_ourselves_and_kept_raw(raw: str, moment: datetime | None) -> None:
    [entry] = read(item(f"<title>T</title><pubDate>{raw}</pubDate>".encode())).entries
    assert (entry.published, entry.published_raw) == (moment, raw)


def test_a_date_that_cannot_be_true_gives_way_to_one_that_can() -> None:
    body = atom(b"<title>T</title><published>0001-01-01T00:00:00Z</published><updated>2020-06-10T08:18:00Z</updated>")
    [entry] = read(body).entries
    assert (entry.published, entry.published_raw) == (JUNE_10, "2020-06-10T08:18:00Z")


def test_the_ttl_is_in_seconds() -> None:
    assert read(rss(b"", b"<title>N</title><ttl>45</ttl>")).ttl == 2700


def test_an_id_does_not_depend_on_where_the_feed_is_served() -> None:
    body = item(b"<guid>story-1</guid><title>T</title>")
    here = parse(body, {}, "https://a.example/feed", NOW).entries
    there = parse(body, {}, "https://b.example/feed", NOW).entries
    assert [entry.guid for entry in here] == [entry.guid for entry in there] == ["story-1"]


class TestRefused:
    @pytest.mark.parametrize(
        ("claim", "body", "detail"),
        [
            ("nothing", b"", "the body is empty"),
            ("white space", b" \n", "the body is empty"),
            ("prose", b"Service unavailable", "what came is neither a feed nor a page"),
            (
                "another XML",
                b"<?xml version='1.0'?><urlset><url/></urlset>",
                "what came is XML, but no feed: its first element is urlset",
            ),
            ("a page", b"<!doctype html><html><body><p>Hello</p></body></html>", "a page came, no feed"),
            (
                "a page that names its feed",
                b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head></html>',
                "a page came, no feed; the page names a feed: https://example.org/feed.xml",
            ),
        ],
    )
    def test_what_is_no_feed_is_unreadable(self, claim: str, body: bytes, detail: str) -> None:
        with pytest.raises(FetchError) as caught:
            read(body, "text/html")
        assert (caught.value.trouble, caught.value.detail) == (FetchTrouble.UNREADABLE, detail), claim

    def test_a_bot_wall_is_a_block(self) -> None:
        with pytest.raises(FetchError) as caught:
            read(b"<html><head><title>Just a moment...</title></head><body>Checking</body></html>", "text/html")
        assert caught.value.trouble is FetchTrouble.BLOCKED
        assert caught.value.detail == "a page of Cloudflare came in place of the feed"

    @pytest.mark.parametrize(
        "declarations",
        [
            b'<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">',
            b'<!ENTITY x SYSTEM "file:///etc/passwd">',
            b'<!ENTITY x PUBLIC "a" "http://127.0.0.1/">',
            b'<!ENTITY % p "x">',
            b'<!ENTITY a "' + b"a" * 1000 + b'">',
            b"".join(b'<!ENTITY e%d "x">' % number for number in range(1000)),
            b'<!ENTITY a "%p;">',
        ],
    )
    def test_entities_that_expand_or_lead_elsewhere_are_refused(self, declarations: bytes) -> None:
        with pytest.raises(FetchError) as caught:
            read(b"<!DOCTYPE rss [" + declarations + b"]>" + item(b"<title>&a;</title>"))
        assert caught.value.trouble is FetchTrouble.UNREADABLE

    def test_a_declaration_in_two_byte_characters_is_seen(self) -> None:
        body = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel/></rss>'
        with pytest.raises(FetchError, match="read from elsewhere"):
            read(body.encode("utf-16"))

    def test_a_small_entity_used_without_end_is_refused(self) -> None:
        body = b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 60 + b'">]>' + item(b"<title>" + b"&a;" * 30_000 + b"</title>")
        with pytest.raises(FetchError, match="without end"):
            read(body)

    def test_a_doctype_that_hides_behind_a_broken_one_is_not_parsed(self) -> None:
        with pytest.raises(FetchError):
            read(b'<!DOCTYPE r [ \' <!DOCTYPE r [<!ENTITY x "y">]>' + item(b"<title>&x;</title>"))


class TestBounds:
    def test_entries_above_the_cap_are_left_out_and_it_is_said(self) -> None:
        body = rss(b"".join(b"<item><title>%d</title></item>" % number for number in range(100)))
        found = read(body, max_entries=7)
        assert [entry.title for entry in found.entries] == list("0123456")
        assert found.partial == "only the first 7 entries were read"

    def test_a_hundred_thousand_entries_cost_no_more_than_a_thousand(self) -> None:
        start = time.monotonic()
        assert len(read(rss(b"<item><title>One</title></item>" * 100_000)).entries) == 1000
        assert time.monotonic() - start < 10

    @pytest.mark.parametrize("element", [b"div", b"b", b"li", b"blockquote"])
    def test_hostile_nesting_is_read_flat(self, element: bytes) -> None:
        depth = 20_000
        nested = b"<%s>" % element * depth + b"deep" + b"</%s>" % element * depth
        [entry] = read(item(b"<description><![CDATA[<p>First.</p>" + nested + b"<p>Last.</p>]]></description>")).entries
        assert entry.text.replace("• ", "").split() == ["First.", "deep", "Last."]

    @pytest.mark.parametrize(
        "piece", [b"<", b"<!", b"<!--", b"<a b=", b'<a b="', b"&", b"<![CDATA[", b"<?", b"</", b"<a ", b"<td>", b"&#"]
    )
    def test_broken_markup_costs_time_in_proportion(self, piece: bytes) -> None:
        start = time.monotonic()
        body = item(b"<title>T</title><description>" + piece * (100_000 // len(piece)) + b"</description>")
        assert read(body).entries[0].title == "T"
        assert time.monotonic() - start < 15


WHOLE_FEEDS = [case.body for case in FORMATS]


@given(st.sampled_from(WHOLE_FEEDS), st.integers(0, 600), st.integers(0, 600), st.binary(max_size=8))
def test_whatever_is_done_to_a_feed_it_is_read_or_refused(feed: bytes, start: int, size: int, put: bytes) -> None:
    with suppress(FetchError):
        found = read(feed[:start] + put + feed[start + size :])
        assert all(entry.title or entry.text or entry.url for entry in found.entries)


def test_an_element_with_the_name_of_a_field_is_no_harm() -> None:
    fields = (
        b"<content>x</content><title_detail>y</title_detail><links>z</links><language a='b'/><summary_detail a='b'/>"
    )
    assert read(rss(b"<item><title>One</title>" + fields + b"</item>", fields)).entries[0].title == "One"


def test_of_an_endless_entry_no_more_is_taken_than_is_ever_read() -> None:
    words = b"&lt;p&gt;facial recognition&lt;/p&gt; " * 100_000
    (entry,) = read(item(b"<title>One</title><description>" + words + b"</description>")).entries
    assert entry.text.startswith("facial recognition\n\nfacial recognition")
    assert 400_000 < len(entry.text) < LONGEST


def test_a_title_and_a_link_without_end_are_cut_and_left_out() -> None:
    body = item(b"<title>" + b"x" * 1_000_000 + b"</title><link>https://example.org/" + b"y" * 10_000 + b"</link>")
    [entry] = read(body).entries
    assert (entry.title, entry.url) == ("x" * LONGEST_TITLE, None)

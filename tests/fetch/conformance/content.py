"""Titles, texts, links and names of entries: as they should be, and as they are."""

from tests.fetch.conformance.case import Case, Expected, atom, rss

URL = "https://example.org/1"


def _title(claim: str, inside: str, expected: str) -> Case:
    return Case(f"title-{claim}", rss(f"<title>{inside}</title>"), ({"title": expected},))


def _text(claim: str, inner: str, expected: str, **more: object) -> Case:
    return Case(f"text-{claim}", rss(f"<title>One</title>{inner}"), ({"text": expected, **more},))


def _atom_text(claim: str, inner: str, expected: Expected) -> Case:
    return Case(f"atom-{claim}", atom(f"<id>urn:1</id>{inner}"), (expected,))


TITLES = [
    _title("plain", "Amazon pauses", "Amazon pauses"),
    _title("with-an-escaped-ampersand", "AT&amp;T pauses", "AT&T pauses"),
    _title("escaped-twice", "AT&amp;amp;T pauses", "AT&T pauses"),
    _title("in-cdata", "<![CDATA[Amazon & Ring pause]]>", "Amazon & Ring pause"),
    _title("in-cdata-with-an-entity", "<![CDATA[Caf&eacute; & more]]>", "Café & more"),
    _title("with-escaped-markup", "&lt;b&gt;Amazon&lt;/b&gt; pauses", "Amazon pauses"),
    _title("with-less-than", "Age &amp;lt; 18: no faces", "Age < 18: no faces"),
    _title("over-several-lines", "\n   Amazon\n   pauses\t now ", "Amazon pauses now"),
    _title("with-hard-spaces", "Amazon&#160;pauses", "Amazon pauses"),
    _title("with-a-smiling-face", "Amazon 🙂", "Amazon 🙂"),
    _title(
        "with-a-script", "&lt;script&gt;alert(1)&lt;/script&gt;Amazon pauses", "<script>alert(1)</script>Amazon pauses"
    ),
    _title("with-undeclared-entities", "Caf&eacute; &ndash; M&uuml;nchen", "Café – München"),
    _title("with-an-entity-that-nobody-knows", "Amazon &unknown; pauses", "Amazon &unknown; pauses"),
    _title("with-a-bare-ampersand", "AT&T pauses & waits", "AT&T pauses & waits"),
    _atom_text("title-as-text", '<title type="text">Amazon &amp;amp; Ring</title>', {"title": "Amazon &amp; Ring"}),
    _atom_text(
        "title-as-html",
        '<title type="html">Amazon &amp;amp; &lt;i&gt;Ring&lt;/i&gt;</title>',
        {"title": "Amazon & Ring"},
    ),
    _atom_text(
        "title-as-xhtml",
        '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Amazon <em>pauses</em> &lt;now&gt;</div></title>',
        {"title": "Amazon pauses <now>"},
    ),
]

TEXTS = [
    _text("description", "<description>Amazon pauses.</description>", "Amazon pauses.", complete=False),
    _text(
        "description-with-escaped-markup",
        "<description>&lt;p&gt;First.&lt;/p&gt;&lt;p&gt;Second.&lt;/p&gt;</description>",
        "First.\n\nSecond.",
    ),
    _text("description-in-cdata", "<description><![CDATA[<p>First &amp; last.</p>]]></description>", "First & last."),
    _text(
        "list-items-keep-their-marks",
        "<description><![CDATA[<ul><li>one</li><li>two</li></ul>]]></description>",
        "• one\n• two",
    ),
    _text("line-breaks", "<description><![CDATA[one<br>two<br/>three]]></description>", "one\ntwo\nthree"),
    _text(
        "content-encoded-beside-a-summary",
        "<description>Short.</description><content:encoded><![CDATA[<p>Whole &mdash; text.</p>]]></content:encoded>",
        "Whole — text.",
        complete=True,
    ),
    _text(
        "content-encoded-before-the-summary",
        "<content:encoded><![CDATA[<p>Whole text, longer.</p>]]></content:encoded><description>Short.</description>",
        "Whole text, longer.",
    ),
    _text(
        "scripts-and-styles-are-no-text",
        "<description><![CDATA[<style>p{}</style><script>x()</script><p>Text.</p>]]></description>",
        "Text.",
    ),
    _text("comments-are-no-text", "<description><![CDATA[<!-- no -->Text.]]></description>", "Text."),
    _text(
        "an-image-without-words", '<description><![CDATA[<img src="a.png" alt="A face">Text.]]></description>', "Text."
    ),
    _text("no-description", "", ""),
    _text(
        "words-that-markup-splits", "<description><![CDATA[Ama<b>zon</b> pau<wbr>ses]]></description>", "Amazon pauses"
    ),
    _text(
        "cells-of-a-table-stay-apart",
        "<description><![CDATA[<table><tr><td>one</td><td>two</td></tr></table>]]></description>",
        "one | two",
    ),
    _text("cdata-that-is-closed-inside", "<description><![CDATA[a ]]]]><![CDATA[> b]]></description>", "a ]]> b"),
    _atom_text("summary-alone", "<summary>Amazon pauses.</summary>", {"text": "Amazon pauses.", "complete": False}),
    _atom_text(
        "content-as-html",
        '<content type="html">&lt;p&gt;Amazon &amp;amp; Ring.&lt;/p&gt;</content>',
        {"text": "Amazon & Ring.", "complete": True},
    ),
    _atom_text("content-as-text", '<content type="text">1 &lt; 2 and &lt;b&gt;</content>', {"text": "1 < 2 and <b>"}),
    _atom_text("content-without-a-type-is-text", "<content>1 &lt; 2</content>", {"text": "1 < 2"}),
    _atom_text(
        "content-as-xhtml",
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>First.</p><p>Second <em>part</em>.</p></div></content>',
        {"text": "First.\n\nSecond part."},
    ),
    _atom_text(
        "content-as-xhtml-with-a-prefix",
        '<content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>First.</x:p></x:div></content>',
        {"text": "First."},
    ),
    _atom_text(
        "content-elsewhere",
        '<content src="https://example.org/1.html" type="text/html"/><summary>Short.</summary>',
        {"text": "Short."},
    ),
]

LINKS = [
    Case("link", rss(f"<title>One</title><link>{URL}</link>"), ({"url": URL},)),
    Case("link-with-white-space", rss(f"<title>One</title><link>\n  {URL}\n</link>"), ({"url": URL},)),
    Case(
        "link-in-cdata", rss(f"<title>One</title><link><![CDATA[{URL}?a=1&b=2]]></link>"), ({"url": f"{URL}?a=1&b=2"},)
    ),
    Case(
        "link-with-escaped-query",
        rss(f"<title>One</title><link>{URL}?a=1&amp;b=2</link>"),
        ({"url": f"{URL}?a=1&b=2"},),
    ),
    Case(
        "relative-link",
        rss("<title>One</title><link>/2020/one</link>"),
        ({"url": "https://example.org/2020/one"},),
    ),
    Case(
        "relative-link-in-atom",
        atom('<title>One</title><link href="one.html"/>'),
        ({"url": "https://example.org/blog/one.html"},),
    ),
    Case("guid-that-is-an-address", rss(f"<title>One</title><guid>{URL}</guid>"), ({"url": URL, "guid": URL},)),
    Case(
        "guid-that-is-none",
        rss('<title>One</title><guid isPermaLink="false">abc-1</guid>'),
        ({"url": None, "guid": "abc-1"},),
    ),
    Case(
        "guid-beside-a-link",
        rss(f"<title>One</title><guid>https://example.org/?p=1</guid><link>{URL}</link>"),
        ({"url": URL, "guid": "https://example.org/?p=1"},),
    ),
    Case(
        "guid-with-white-space",
        rss("<title>One</title><guid isPermaLink='false'>\n abc-1 \n</guid>"),
        ({"guid": "abc-1"},),
    ),
    Case(
        "atom-alternate-among-others",
        atom(
            f'<title>One</title><link rel="self" href="https://example.org/self"/><link rel="edit" href="https://example.org/e"/><link rel="alternate" type="text/html" href="{URL}"/>'
        ),
        ({"url": URL},),
    ),
    Case("atom-link-without-a-relation", atom(f'<title>One</title><link href="{URL}"/>'), ({"url": URL},)),
    Case(
        "atom-enclosure-alone-is-no-page",
        atom('<title>One</title><link rel="enclosure" href="https://example.org/a.mp3"/>'),
        ({"url": None},),
    ),
    Case(
        "atom-link-inside-rss",
        rss(f'<title>One</title><atom:link rel="self" href="https://example.org/feed"/><link>{URL}</link>'),
        ({"url": URL},),
    ),
    Case(
        "script-as-link",
        rss("<title>One</title><link>javascript:alert(1)</link>"),
        ({"url": None},),
    ),
    Case(
        "data-as-link",
        rss("<title>One</title><link>data:text/html,x</link>"),
        ({"url": None},),
    ),
    Case(
        "mail-as-link",
        rss("<title>One</title><link>mailto:a@example.org</link>"),
        ({"url": None},),
    ),
    Case(
        "link-to-a-file",
        rss("<title>One</title><link>file:///etc/passwd</link>"),
        ({"url": None},),
    ),
    Case(
        "link-without-a-scheme",
        rss("<title>One</title><link>//example.org/1</link>"),
        ({"url": URL},),
    ),
    Case(
        "link-with-a-space-inside",
        rss("<title>One</title><link>https://example.org/a b</link>"),
        ({"url": "https://example.org/a b"},),
    ),
    Case(
        "link-with-letters",
        rss("<title>One</title><link>https://example.org/gesichtserkennung-prüfung</link>"),
        ({"title": "One"},),
    ),
    Case(
        "two-links-of-which-the-first-is-empty",
        rss(f"<title>One</title><link></link><link>{URL}</link>"),
        ({"url": URL},),
    ),
    Case(
        "two-links-of-which-the-last-is-the-guid",
        rss(f"<title>One</title><link>/other</link><link>{URL}</link><guid>{URL}</guid>"),
        ({"url": URL, "guid": URL},),
    ),
    Case(
        "a-link-of-another-format-before-the-entrys-own",
        rss(f'<title>One</title><atom:link href="https://example.org/c"/><link>{URL}</link><guid>{URL}</guid>'),
        ({"url": URL, "guid": URL},),
    ),
]

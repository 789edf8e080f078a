"""Feeds that are not well formed, or not feeds: what can be saved is saved, and what is missing is said."""

from tests.fetch.conformance.case import ATOM, Case, rss

ONE, TWO = {"title": "One"}, {"title": "Two"}
HEAD = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>News</title>'
ITEMS = "<item><title>One</title></item><item><title>Two</title></item>"
WHOLE = f"{HEAD}{ITEMS}</channel></rss>"
BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

BROKEN = [
    Case("cut-inside-an-item", f"{HEAD}{ITEMS}<item><title>Thr".encode(), (ONE, TWO), partial="cut off"),
    Case("cut-between-items", f"{HEAD}{ITEMS}".encode(), (ONE, TWO), partial="cut off"),
    Case(
        "cut-in-the-middle-of-a-tag",
        f"{HEAD}<item><title>One</title></item><item><tit".encode(),
        (ONE,),
        partial="cut off",
    ),
    Case(
        "cut-inside-cdata",
        f"{HEAD}<item><title>One</title></item><item><title><![CDATA[Tw".encode(),
        (ONE,),
        partial="cut off",
    ),
    Case("text-before-the-declaration", f"\n\n  {WHOLE}".encode(), (ONE, TWO)),
    Case(
        "a-warning-before-the-declaration",
        f"<br />\n<b>Warning</b>: mysql in <b>/x.php</b>\n{WHOLE}".encode(),
        (ONE, TWO),
    ),
    Case("markup-after-the-end", f"{WHOLE}<!-- 0.2 s --><script>x()</script>".encode(), (ONE, TWO)),
    Case("text-after-the-end", f"{WHOLE}\nGenerated in 0.2 s & cached".encode(), (ONE, TWO)),
    Case("tags-in-capitals", f"{HEAD}<ITEM><TITLE>One</TITLE></ITEM></channel></rss>".encode(), (ONE,)),
    Case(
        "a-tag-that-is-never-closed",
        f"{HEAD}<item><title>One<description>x</description></item></channel></rss>".encode(),
        (),
        partial="nothing can be read",
    ),
    Case(
        "control-characters",
        WHOLE.replace("One", "O\x00n\x0be\x1f").encode(),
        (ONE, TWO),
    ),
    Case(
        "characters-that-xml-forbids-by-number",
        WHOLE.replace("One", "One&#0;&#x1F;").encode(),
        ({"title": "One\ufffd\ufffd"}, TWO),
    ),
    Case(
        "half-a-pair-by-number",
        WHOLE.replace("One", "One&#xD800;").encode(),
        ({"title": "One\ufffd"}, TWO),
    ),
    Case(
        "prefix-that-was-never-declared",
        f"{HEAD}<item><title>One</title><dc:date>2020-06-10</dc:date></item></channel></rss>".encode(),
        (ONE,),
    ),
    Case(
        "attributes-without-quotes",
        f"{HEAD}<item><title>One</title><guid isPermaLink=false>abc</guid></item></channel></rss>".encode(),
        ({"title": "One", "guid": "abc"},),
    ),
    Case(
        "an-attribute-twice",
        f'{HEAD}<item><title type="a" type="b">One</title></item></channel></rss>'.encode(),
        (ONE,),
    ),
    Case("declaration-with-a-wrong-version", WHOLE.replace('"1.0"', '"1.1"', 1).encode(), (ONE, TWO)),
    Case(
        "items-that-hold-nothing",
        f"{HEAD}<item></item><item><title>One</title></item><item/></channel></rss>".encode(),
        (ONE,),
    ),
    Case(
        "the-same-guid-twice",
        f"{HEAD}<item><title>One</title><guid>x</guid></item><item><title>Two</title><guid>x</guid></item></channel></rss>".encode(),
        ({**ONE, "guid": "x"}, {**TWO, "guid": "x"}),
    ),
    Case(
        "a-title-twice",
        rss("<title>One</title><title>Other</title>"),
        ({"title": "One"},),
    ),
    Case(
        "entity-bomb",
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{BOMB}]>{WHOLE[38:].replace("One", "&l9;")}'.encode(),
        refused="declares an entity",
    ),
    Case(
        "entity-that-names-a-file",
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>{WHOLE[38:].replace("One", "One &f;")}'.encode(),
        refused="declares an entity",
    ),
    Case(
        "entity-of-its-own",
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY name "One">]>{WHOLE[38:].replace("One", "&name;")}'.encode(),
        ({}, TWO),
    ),
    Case(
        "nested-ten-thousand-deep",
        f"{HEAD}<item><title>One</title><description>{'<a>' * 10_000}x{'</a>' * 10_000}</description></item></channel></rss>".encode(),
        ({**ONE, "text": "x"},),
        partial="nests deeper than 256",
    ),
    Case(
        "items-without-anything",
        f"{HEAD}<item><title></title></item></channel></rss>".encode(),
        (),
        partial="nothing can be read",
    ),
    Case("empty", b"", refused="empty"),
    Case("white-space", b" \n\t ", refused="empty"),
    Case(
        "a-page",
        b"<!doctype html><html><head><title>Blog</title></head><body><p>Hello.</p></body></html>",
        refused="a page came",
    ),
    Case(
        "a-page-that-names-its-feed",
        b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head><body></body></html>',
        refused="https://example.org/feed",
    ),
    Case(
        "a-list-of-feeds",
        b'<opml version="2.0"><body><outline xmlUrl="https://example.org/feed"/></body></opml>',
        refused="opml",
    ),
    Case("a-picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), refused=""),
    Case("plain-text", b"Not found, sorry.", refused=""),
    Case(
        "a-bot-wall",
        b"<html><head><title>Just a moment...</title></head><body><div id='cf-wrapper'>Checking your browser</div></body></html>",
        refused="",
    ),
    Case("another-xml", f"<urls {ATOM}><u/></urls>".encode(), refused="urls"),
]

"""One feed of each format, and what each calls its fields."""

from tests.fetch.conformance.case import Case, atom, moment, rss

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
ONE = {"title": "One", "url": "https://example.org/1", "text": "Amazon pauses."}
ITEM = "<item><title>One</title><link>https://example.org/1</link><description>Amazon pauses.</description></item>"


def _versioned(version: str) -> Case:
    """RSS 0.91 to 0.94 and 2.x differ in what else they allow."""
    body = f'<?xml version="1.0"?><rss version="{version}"><channel><title>News</title>{ITEM}</channel></rss>'
    return Case(f"rss-{version}", body.encode(), (ONE,), title="News")


def _rdf(namespace: str, name: str) -> Case:
    channel = '<channel rdf:about="https://example.org/"><title>News</title></channel>'
    item = ITEM.replace("<item>", '<item rdf:about="https://example.org/1">')
    body = f'<rdf:RDF {RDF} xmlns="{namespace}">{channel}{item}</rdf:RDF>'
    return Case(name, body.encode(), (ONE,), title="News")


FORMATS = [
    *map(_versioned, ("0.91", "0.92", "0.93", "0.94", "2.0", "2.0.1", "2.1", "")),
    Case("rss-without-a-version", f"<rss><channel>{ITEM}</channel></rss>".encode(), (ONE,)),
    Case("rss-with-upper-case-version", b'<rss VERSION="2.0"><channel>' + ITEM.encode() + b"</channel></rss>", (ONE,)),
    _rdf("http://purl.org/rss/1.0/", "rss-1.0"),
    _rdf("http://my.netscape.com/rdf/simple/0.9/", "rss-0.90"),
    _rdf("http://purl.org/net/rss1.1#", "rss-1.1"),
    Case(
        "rss-1.0-with-a-sequence-of-items-named-before",
        (
            f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>News</title><items><rdf:Seq>'
            f'<rdf:li rdf:resource="https://example.org/1"/></rdf:Seq></items></channel>'
            f'<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link>'
            f"<description>Amazon pauses.</description></item></rdf:RDF>"
        ).encode(),
        ({**ONE, "guid": "https://example.org/1"},),
    ),
    Case(
        "rss-2.0-in-a-namespace-of-its-own",
        f'<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel>{ITEM}</channel></rss>'.encode(),
        (ONE,),
    ),
    Case(
        "netscape-0.91-with-its-doctype",
        (
            '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
            ' "http://my.netscape.com/publish/formats/rss-0.91.dtd">'
            f'<rss version="0.91"><channel><title>News</title>{ITEM}</channel></rss>'
        ).encode(),
        (ONE,),
    ),
    Case(
        "rss-of-several-items-in-their-own-order",
        b'<rss version="2.0"><channel><item><title>B</title></item><item><title>A</title></item>'
        b"<item><title>C</title></item></channel></rss>",
        ({"title": "B"}, {"title": "A"}, {"title": "C"}),
    ),
    Case("rss-without-items", b'<rss version="2.0"><channel><title>News</title></channel></rss>', (), title="News"),
    Case(
        "items-beside-the-channel",
        f'<rss version="2.0"><channel><title>News</title></channel>{ITEM}</rss>'.encode(),
        (ONE,),
        title="News",
    ),
    Case(
        "atom-1.0",
        atom(
            '<id>urn:1</id><title>One</title><link href="https://example.org/1"/><summary>Amazon pauses.</summary>'
            "<updated>2020-06-10T08:18:00Z</updated>"
        ),
        ({**ONE, "guid": "urn:1", "published": moment("2020-06-10 08:18")},),
        title="News",
    ),
    Case(
        "atom-0.3",
        b'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>News</title><entry><id>urn:1</id><title>One</title>'
        b'<link rel="alternate" type="text/html" href="https://example.org/1"/><summary>Amazon pauses.</summary>'
        b"<issued>2020-06-10T08:18:00Z</issued><modified>2020-06-11T08:18:00Z</modified></entry></feed>",
        ({**ONE, "guid": "urn:1", "published": moment("2020-06-10 08:18"), "updated": moment("2020-06-11 08:18")},),
        title="News",
    ),
    Case(
        "atom-with-a-prefix",
        b'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>News</a:title><a:entry><a:id>urn:1</a:id>'
        b'<a:title>One</a:title><a:link href="https://example.org/1"/><a:summary>Amazon pauses.</a:summary></a:entry>'
        b"</a:feed>",
        ({**ONE, "guid": "urn:1"},),
        title="News",
    ),
    Case(
        "atom-without-a-namespace",
        b"<feed><title>News</title><entry><id>urn:1</id><title>One</title><link href='https://example.org/1'/>"
        b"<summary>Amazon pauses.</summary></entry></feed>",
        ({**ONE, "guid": "urn:1"},),
    ),
    Case(
        "atom-whose-feed-names-the-language",
        atom("<id>urn:1</id><title>One</title>", root='xml:lang="de-AT"'),
        ({"title": "One", "language": "de-AT"},),
    ),
    Case(
        "atom-entry-in-another-language-than-its-feed",
        atom('<id>urn:1</id><title xml:lang="fr">Un</title>', root='xml:lang="de"'),
        ({"title": "Un", "language": "fr"},),
    ),
    Case(
        "rss-whose-channel-names-the-language",
        rss("<title>Eins</title>", "<language>de_DE</language>"),
        ({"title": "Eins", "language": "de-DE"},),
    ),
    Case(
        "rss-with-dublin-core",
        rss("<dc:title>One</dc:title><dc:date>2020-06-10T08:18:00Z</dc:date><dc:creator>Anna</dc:creator>"),
        ({"title": "One", "published": moment("2020-06-10 08:18")},),
    ),
    Case(
        "podcast",
        rss(
            '<title>One</title><enclosure url="https://example.org/1.mp3" length="1" type="audio/mpeg"/>'
            "<itunes:summary>Long.</itunes:summary><guid isPermaLink='false'>abc</guid>",
            root='version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        ),
        ({"title": "One", "guid": "abc"},),
    ),
    Case(
        "channel-beside-markup-of-unknown-namespaces",
        rss(
            "<title>One</title><x:title>Other</x:title><x:link>https://evil.example/</x:link>"
            "<link>https://example.org/1</link>",
            root='version="2.0" xmlns:x="https://example.org/unknown"',
        ),
        ({"title": "One", "url": "https://example.org/1"},),
    ),
    Case(
        "image-and-text-input-of-the-channel-are-no-items",
        rss(
            "<title>One</title>",
            "<title>News</title><image><title>Logo</title><link>https://example.org/logo</link></image>"
            "<textInput><title>Search</title><link>https://example.org/search</link></textInput>",
        ),
        ({"title": "One"},),
        title="News",
    ),
    Case(
        "source-inside-an-atom-entry-is-not-the-entry",
        atom(
            "<id>urn:1</id><title>One</title><link href='https://example.org/1'/>"
            "<source><id>urn:other</id><title>Other feed</title><link href='https://other.example/'/></source>"
        ),
        ({"title": "One", "url": "https://example.org/1", "guid": "urn:1"},),
    ),
    Case(
        "author-of-an-atom-entry-is-not-its-title",
        atom("<id>urn:1</id><author><name>Anna</name><uri>https://anna.example/</uri></author><title>One</title>"),
        ({"title": "One", "url": None},),
    ),
    Case(
        "processing-instructions-and-comments",
        b'<?xml version="1.0"?><?xml-stylesheet href="a.xsl" type="text/xsl"?><!-- <rss><item>no</item></rss> -->'
        b'<rss version="2.0"><channel><!-- <item><title>no</title></item> --><item><title>One<!-- two --></title>'
        b"</item></channel></rss>",
        ({"title": "One"},),
    ),
    Case(
        "media-rss",
        rss(
            "<title>One</title><link>https://example.org/1</link><media:title>Picture</media:title>"
            "<description>Amazon pauses.</description><media:description>A picture of it</media:description>",
            channel="<title>News</title><description>All of it</description>",
            root='version="2.0" xmlns:media="http://search.yahoo.com/mrss/"',
        ),
        (ONE,),
    ),
    Case(
        "feedburner-names-the-original-address",
        rss(
            "<title>One</title><link>https://feeds.example/~r/1</link>"
            "<feedburner:origLink>https://example.org/1</feedburner:origLink>",
            root='version="2.0" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"',
        ),
        ({"title": "One", "url": "https://example.org/1"},),
    ),
]

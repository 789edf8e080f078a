"""Feeds as the programs behind most sites write them: several entries, links of every kind, whole texts."""

from tests.fetch.conformance.case import Case, Expected, moment

_XML = '<?xml version="1.0" encoding="UTF-8"?>'
_HTML = (
    '<p>Northgate <a href="https://northgate.example/terms">has changed</a> its terms&nbsp;today.</p>\n'
    "<h2>What changes</h2>\n<ul>\n<li>No <em>new</em> contracts with police</li>\n<li>Old ones end in 2021</li>\n</ul>\n"
    '<figure><img src="a.png" alt="x"/><figcaption>The office</figcaption></figure><p>It is &#8220;final&#8221;.</p>'
)
_TEXT = (
    "Northgate has changed its terms today.\n\nWhat changes\n\n• No new contracts with police\n• Old ones end in 2021\n\n"
    "The office\n\nIt is “final”."
)
_ESCAPED = _HTML.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
_SITE = "https://blog.example"
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wfw="http://wellformedweb.org/CommentAPI/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:georss="http://www.georss.org/georss"'
)


def _rss(claim: str, channel: str, items: str, *expected: Expected) -> Case:
    feed = f'{_XML}<rss version="2.0" {_NAMESPACES}><channel>\n{channel}\n{items}\n</channel></rss>'
    return Case(f"platform-{claim}", feed.encode(), expected, "application/rss+xml; charset=UTF-8")


def _atom(claim: str, feed: str, entries: str, *expected: Expected, names: str = "") -> Case:
    made = f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" {names}>\n{feed}\n{entries}\n</feed>'
    return Case(f"platform-{claim}", made.encode(), expected, "application/atom+xml; charset=UTF-8")


def _said(number: int, url: str, guid: str | None, text: str = _TEXT, day: str = "2020-06-10 08:18") -> Expected:
    return {"title": f"Terms & faces, {number}", "url": url, "guid": guid, "text": text, "published": moment(day)}


_WORDPRESS = f"""<title>News &#8211; Northgate</title>
<atom:link href="{_SITE}/feed/" rel="self" type="application/rss+xml" /><link>{_SITE}</link><description>All</description>
<lastBuildDate>Wed, 10 Jun 2020 08:18:00 +0000</lastBuildDate><language>en-US</language>
<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t1\t</sy:updateFrequency>
<generator>https://wordpress.org/?v=6.4.3</generator>
<image><url>{_SITE}/i.png</url><title>News</title><link>{_SITE}</link><width>32</width><height>32</height></image>"""


def _wordpress(number: int) -> str:
    return f"""<item><title>Terms &#038; faces, {number}</title><link>{_SITE}/2020/06/terms-{number}/</link>
<comments>{_SITE}/2020/06/terms-{number}/#respond</comments><dc:creator><![CDATA[Ann]]></dc:creator>
<pubDate>Wed, 10 Jun 2020 08:18:00 +0000</pubDate><category><![CDATA[Police & law]]></category>
<guid isPermaLink="false">{_SITE}/?p={number}</guid>
<description><![CDATA[<p>Northgate has changed its terms today. [&#8230;]</p>]]></description>
<content:encoded><![CDATA[\n{_HTML}\n]]></content:encoded>
<wfw:commentRss>{_SITE}/2020/06/terms-{number}/feed/</wfw:commentRss><slash:comments>0</slash:comments></item>"""


def _blogger(number: int) -> str:
    return f"""<entry><id>tag:blogger.com,1999:blog-1.post-{number}</id><published>2020-06-10T10:18:00.001+02:00</published>
<updated>2020-06-11T10:18:00.001+02:00</updated><category scheme="http://www.blogger.com/atom/ns#" term="faces"/>
<title type="text">Terms &amp; faces, {number}</title><content type="html">{_ESCAPED}</content>
<link rel="replies" type="application/atom+xml" href="{_SITE}/feeds/{number}/comments/default" title="Comments"/>
<link rel="edit" type="application/atom+xml" href="https://www.blogger.com/feeds/1/posts/default/{number}"/>
<link rel="self" type="application/atom+xml" href="https://www.blogger.com/feeds/1/posts/default/{number}"/>
<link rel="alternate" type="text/html" href="{_SITE}/2020/06/{number}.html" title="Terms"/>
<author><name>Ann</name><uri>https://www.blogger.com/profile/1</uri><email>noreply@blogger.com</email></author>
<thr:total>0</thr:total></entry>"""


def _github(number: int) -> str:
    return f"""<entry><id>tag:github.com,2008:Repository/1/v{number}</id><updated>2020-06-10T08:18:00Z</updated>
<link rel="alternate" type="text/html" href="{_SITE}/releases/tag/v{number}"/><title>Terms &amp; faces, {number}</title>
<content type="html">{_ESCAPED}</content><author><name>ann</name></author>
<media:thumbnail height="30" width="30" url="https://avatars.example/u/1?s=60&amp;v=4"/></entry>"""


def _item(number: int, inside: str) -> str:
    return f"<item><title>Terms &amp; faces, {number}</title>{inside}</item>"


_DATE = "<pubDate>Wed, 10 Jun 2020 08:18:00 GMT</pubDate>"
_XHTML = _HTML.replace("&nbsp;", "&#160;")

PLATFORMS = [
    _rss(
        "wordpress",
        _WORDPRESS,
        _wordpress(1) + _wordpress(2),
        _said(1, f"{_SITE}/2020/06/terms-1/", f"{_SITE}/?p=1"),
        _said(2, f"{_SITE}/2020/06/terms-2/", f"{_SITE}/?p=2"),
    ),
    _rss(
        "wordpress-that-signs-its-summaries",
        _WORDPRESS,
        _item(
            1,
            f"<link>{_SITE}/1/</link><guid isPermaLink='false'>{_SITE}/?p=1</guid>{_DATE}<description><![CDATA[<p>It is "
            f'final.</p>\n<p>The post <a href="{_SITE}/1/">Terms</a> appeared first on <a href="{_SITE}">News</a>.</p>'
            "]]></description>",
        ),
        _said(1, f"{_SITE}/1/", f"{_SITE}/?p=1", "It is final."),
    ),
    _atom(
        "blogger",
        f'<id>tag:blogger.com,1999:blog-1</id><updated>2020-06-11T10:18:00.001+02:00</updated><title type="text">News'
        f'</title><link rel="self" href="{_SITE}/feeds/posts/default"/><link rel="next" href="{_SITE}/feeds?start=26"/>'
        "<openSearch:totalResults>2</openSearch:totalResults><generator>Blogger</generator>",
        _blogger(1) + _blogger(2),
        _said(1, f"{_SITE}/2020/06/1.html", "tag:blogger.com,1999:blog-1.post-1"),
        _said(2, f"{_SITE}/2020/06/2.html", "tag:blogger.com,1999:blog-1.post-2"),
        names='xmlns:openSearch="http://a9.com/-/spec/opensearchrss/1.0/" xmlns:thr="http://purl.org/syndication/thread/1.0"',
    ),
    _atom(
        "github-releases",
        f'<id>tag:github.com,2008:/releases</id><title>Release notes</title><link rel="alternate" href="{_SITE}"/>',
        _github(1) + _github(2),
        _said(1, f"{_SITE}/releases/tag/v1", "tag:github.com,2008:Repository/1/v1"),
        _said(2, f"{_SITE}/releases/tag/v2", "tag:github.com,2008:Repository/1/v2"),
        names='xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en-US"',
    ),
    _rss(
        "medium",
        "<title><![CDATA[Stories by Ann on Medium]]></title><generator>Medium</generator><cloud domain='medium.com' "
        "path='/' port='80' protocol='http-post' registerProcedure=''/>",
        f"<item><title><![CDATA[Terms & faces, 1]]></title><link>{_SITE}/p/1?source=rss-1------2</link>"
        f'<guid isPermaLink="false">https://medium.com/p/1</guid><category><![CDATA[faces]]></category>{_DATE}'
        "<atom:updated>2020-06-11T08:18:00.000Z</atom:updated>"
        f'<content:encoded><![CDATA[{_HTML}<img src="https://medium.com/_/stat?event=post" width="1" height="1" '
        'alt="">]]></content:encoded></item>',
        _said(1, f"{_SITE}/p/1?source=rss-1------2", "https://medium.com/p/1"),
    ),
    _rss(
        "substack",
        "<title><![CDATA[Letters]]></title><copyright><![CDATA[Ann]]></copyright><webMaster><![CDATA[a@x.example]]></webMaster>",
        f"<item><title><![CDATA[Terms & faces, 1]]></title><description><![CDATA[A short line]]></description>"
        f"<link>{_SITE}/p/1</link><guid isPermaLink='false'>{_SITE}/p/1</guid><dc:creator><![CDATA[Ann]]></dc:creator>{_DATE}"
        f'<enclosure url="{_SITE}/a.jpg" length="0" type="image/jpeg"/><content:encoded><![CDATA[{_HTML}]]>'
        "</content:encoded></item>",
        _said(1, f"{_SITE}/p/1", f"{_SITE}/p/1"),
    ),
    _rss(
        "ghost",
        "<title><![CDATA[News]]></title><ttl>60</ttl>",
        f"<item><title><![CDATA[Terms & faces, 1]]></title><description><![CDATA[Short]]></description><link>{_SITE}/1/</link>"
        f"<guid isPermaLink='false'>60c1</guid>{_DATE}<media:content url='{_SITE}/a.jpg' medium='image'/>"
        f"<content:encoded><![CDATA[<img src='{_SITE}/a.jpg' alt='y'>{_HTML}]]></content:encoded></item>",
        _said(1, f"{_SITE}/1/", "60c1"),
    ),
    _rss(
        "drupal",
        "<title>News</title><language>en</language>",
        _item(
            1,
            f"<link>{_SITE}/node/1</link><description>{_ESCAPED}</description>{_DATE}<dc:creator>Ann</dc:creator>"
            f'<guid isPermaLink="false">1 at {_SITE}</guid><comments>{_SITE}/node/1#comments</comments>',
        ),
        _said(1, f"{_SITE}/node/1", f"1 at {_SITE}"),
    ),
    _rss(
        "squarespace",
        "<title>News</title><generator>Site-Server v6</generator>",
        f"<item><title>Terms &amp; faces, 1</title><category>faces</category><dc:creator>Ann</dc:creator>{_DATE}"
        f'<link>{_SITE}/1</link><guid isPermaLink="false">5a:5b:5c</guid>'
        f"<description><![CDATA[<div class='sqs-html-content'>{_HTML}</div>]]></description></item>",
        _said(1, f"{_SITE}/1", "5a:5b:5c"),
    ),
    _rss(
        "hugo",
        f'<title>News</title><atom:link href="{_SITE}/index.xml" rel="self" type="application/rss+xml" />',
        _item(1, f"<link>{_SITE}/1/</link>{_DATE}<guid>{_SITE}/1/</guid><description>{_ESCAPED}</description>"),
        _said(1, f"{_SITE}/1/", f"{_SITE}/1/"),
    ),
    _atom(
        "jekyll",
        f'<generator uri="https://jekyllrb.com/" version="3.9">Jekyll</generator><id>{_SITE}/feed.xml</id>',
        f'<entry><title type="html">Terms &amp;amp; faces, 1</title><link href="{_SITE}/1.html" rel="alternate" '
        f'type="text/html" title="Terms"/><published>2020-06-10T08:18:00+00:00</published><updated>2020-06-10T08:18:00+00:00'
        f'</updated><id>{_SITE}/1</id><content type="html" xml:base="{_SITE}/1.html">{_ESCAPED}</content>'
        '<summary type="html">Short</summary></entry>',
        _said(1, f"{_SITE}/1.html", f"{_SITE}/1"),
    ),
    _atom(
        "movable-type-with-xhtml",
        "<title>News</title><id>tag:x,2020:1</id>",
        f'<entry><title>Terms &amp; faces, 1</title><link rel="alternate" type="text/html" href="{_SITE}/1.html"/>'
        "<id>tag:x,2020:1.1</id><published>2020-06-10T08:18:00Z</published><updated>2020-06-12T08:18:00Z</updated>"
        f'<content type="xhtml" xml:lang="en"><div xmlns="http://www.w3.org/1999/xhtml">{_XHTML}</div></content></entry>',
        _said(1, f"{_SITE}/1.html", "tag:x,2020:1.1"),
    ),
    _atom(
        "video-channel",
        '<id>yt:channel:1</id><yt:channelId>1</yt:channelId><title>Northgate</title><link href="https://v.example/c"/>',
        "<entry><id>yt:video:1</id><yt:videoId>1</yt:videoId><title>Terms &amp; faces, 1</title>"
        '<link rel="alternate" href="https://v.example/watch?v=1"/><author><name>N</name></author>'
        "<published>2020-06-10T08:18:00+00:00</published><media:group><media:title>Other words</media:title>"
        '<media:content url="https://v.example/v/1" type="application/x-shockwave-flash" width="640" height="390"/>'
        "<media:description>Northgate will not sell to police.</media:description></media:group></entry>",
        _said(1, "https://v.example/watch?v=1", "yt:video:1", "Northgate will not sell to police."),
        names='xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"',
    ),
    _rss(
        "social-posts-without-titles",
        "<title>Ann</title>",
        f'<item><guid isPermaLink="true">{_SITE}/@ann/1</guid><link>{_SITE}/@ann/1</link>{_DATE}<description>{_ESCAPED}'
        f"</description><category>faces</category></item>",
        {**_said(1, f"{_SITE}/@ann/1", f"{_SITE}/@ann/1"), "title": ""},
    ),
    _rss(
        "news-search",
        "<title>faces - News</title>",
        _item(
            1,
            f'<link>{_SITE}/rss/articles/CBM1?oc=5</link><guid isPermaLink="false">CBM1</guid>{_DATE}<description>'
            f'&lt;a href="{_SITE}/CBM1" target="_blank"&gt;Terms&lt;/a&gt;&amp;nbsp;&amp;nbsp;&lt;font color="#6f6f6f"&gt;'
            f'Daily&lt;/font&gt;</description><source url="{_SITE}">Daily</source>',
        ),
        _said(1, f"{_SITE}/rss/articles/CBM1?oc=5", "CBM1", "Terms Daily"),
    ),
    _rss(
        "government-releases",
        "<title>Releases</title><webMaster>web@gov.example (Web)</webMaster>",
        f"<item><title>\n  Terms &amp; faces, 1\n</title><link>{_SITE}/release?id=1&amp;lang=en</link>"
        f"<description>\n<![CDATA[{_HTML}]]>\n</description><pubDate>Wed, 10 Jun 2020 04:18:00 -0400</pubDate></item>",
        _said(1, f"{_SITE}/release?id=1&lang=en", None),
    ),
    _rss(
        "investor-relations",
        "<title><![CDATA[Press]]></title>",
        f"<item><guid isPermaLink='true'>{_SITE}/ir/1</guid><link>{_SITE}/ir/1</link><title><![CDATA[Terms &amp; faces, 1]]>"
        f"</title><description><![CDATA[<html><head><title>no</title></head><body>{_HTML}</body></html>]]></description>"
        f"{_DATE}</item>",
        _said(1, f"{_SITE}/ir/1", f"{_SITE}/ir/1"),
    ),
    _atom(
        "links-and-texts-with-bases",
        f'<title>News</title><link href="{_SITE}/" rel="alternate"/>',
        '<entry><title>Terms &amp; faces, 1</title><link href="2020/1.html"/><id>urn:x:1</id><updated>2020-06-10T08:18:00Z'
        f'</updated><content type="html">{_ESCAPED}</content></entry>',
        _said(1, f"{_SITE}/2020/1.html", "urn:x:1"),
        names=f'xml:base="{_SITE}/"',
    ),
]

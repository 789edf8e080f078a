"""Documents of other kinds than XML feeds, as hostile servers send them: JSON feeds, sitemaps, listings, policies."""

import json
from collections.abc import Iterable

from benchmarks.hostile_pages import HEAD, MIB, TAIL, Hostile, packed
from tests.fetch import server
from tests.fetch.server import Handler, Page

_JSON = b'{"version":"https://jsonfeed.org/version/1.1","title":"x","items":'
_NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
_PAGE = b"<!doctype html><html><head><title>Terms</title></head><body><h1>Terms</h1>"
_RULE = b"<p>You may not use the service for facial recognition by police.</p>"


def hostile_documents() -> dict[str, Hostile]:
    """All of them, by name."""
    return _json() | _sitemaps() | _listings() | _policies() | _articles()


def _json() -> dict[str, Hostile]:
    many = json.dumps([{"id": str(number), "title": "x"} for number in range(100_000)]).encode()
    long = [_JSON, b'[{"id":"1","title":"x","content_html":"', *[b"<p>words " * (MIB // 9)] * 18, b'"}]}']
    broken = "broken JSON"
    return {
        "json-nested": Hostile(_as_json([_JSON, *[b"[" * MIB] * 9]), "unreadable", broken),
        "json-nested-and-closed": Hostile(_as_json([_JSON, b"[" * MIB, b"]" * MIB, b"}"]), "unreadable", broken),
        "json-of-100000-items": Hostile(_as_json([_JSON, many, b"}"]), None, "the first 1000 entries"),
        "json-item-of-18-mb": Hostile(_as_json(long), None),
        "json-of-digits": Hostile(_as_json([_JSON, b"9" * MIB, b"}"]), "unreadable", ""),
        "json-with-markup-nested": Hostile(
            _as_json([_JSON, b'[{"id":"1","title":"x","content_html":"', b"<div>" * MIB, b'"}]}']), None
        ),
    }


def _sitemaps() -> dict[str, Hostile]:
    begin = f"<urlset {_NEWS}>".encode()
    url = b"<url><loc>/%d</loc><n:news><n:title>x</n:title></n:news></url>"
    many = b"".join(url % number for number in range(100_000))
    return {
        "sitemap-of-100000-pages": Hostile(_gzip([begin, many, b"</urlset>"]), None, "the first 1000 entries"),
        "sitemap-nested": Hostile(_gzip([begin, b"<url>" * MIB]), "unreadable", "names no news"),
        "sitemap-of-itself": Hostile(_of_itself, "unreadable", "parts that were asked names news", slow=True),
    }


def _listings() -> dict[str, Hostile]:
    link = b"<div><h2><a href=/2020/%d>Northgate opens a shop</a></h2>"
    nothing = "no links to articles"
    return {
        "listing-nested": Hostile(_gzip([_PAGE, *(link % n for n in range(100_000))]), None, kind="blog"),
        "listing-of-100000-links": Hostile(
            _gzip([_PAGE, *(link % n + b"</div>" for n in range(100_000))]), None, kind="blog"
        ),
        "listing-with-nested-data": Hostile(
            _gzip([_PAGE, b"<script type='application/ld+json'>", b"[" * MIB, b"</script>"]),
            "unreadable", nothing, kind="blog",
        ),
    }  # fmt: skip


def _policies() -> dict[str, Hostile]:
    attributes = [b'a%d="1" ' % number for number in range(100_000)]
    return {
        "policy-nested": Hostile(_gzip([_PAGE, b"<div>" * MIB, _RULE]), None, kind="policy"),
        "policy-of-100000-attributes": Hostile(_gzip([_PAGE, b"<p ", *attributes, b">", _RULE]), None, kind="policy"),
        "policy-of-18-mb": Hostile(
            _gzip([_PAGE, _RULE * (18 * MIB // len(_RULE))]), "too-large", "any policy", slow=True, kind="policy"
        ),
        "policy-of-one-word": Hostile(
            _gzip([_PAGE, b"<p>", *[b"a" * MIB] * 18]), "too-large", "any policy", kind="policy"
        ),
        "policy-of-lists": Hostile(_gzip([_PAGE, b"<ul><li>no police" * 500_000]), None, kind="policy"),
        "policy-of-numbers": Hostile(
            _gzip([_PAGE, *(b"<p>%d.%d. You may not.</p>" % (n, n) for n in range(60_000))]), None, kind="policy"
        ),
    }


def _articles() -> dict[str, Hostile]:
    """Feeds whose entries lead to hostile pages."""
    attributes = b"".join(b'a%d="1" ' % number for number in range(100_000))
    return {
        "articles-that-are-bombs": Hostile(_leading_to(_gzip([bytes(MIB)] * 400)), None),
        "articles-of-18-mb": Hostile(_leading_to(_gzip([_PAGE, _RULE * (18 * MIB // len(_RULE))])), None, slow=True),
        "articles-of-100000-attributes": Hostile(_leading_to(_gzip([_PAGE, b"<p ", attributes, b">", _RULE])), None),
        "articles-nested": Hostile(_leading_to(_gzip([_PAGE, b"<div><p>no police" * MIB])), None),
        "articles-that-never-answer": Hostile(_leading_to(server.hang, 100), None, slow=True),
    }


def _leading_to(article: Page, count: int = 4) -> Page:
    """A feed of entries that name the technology and say little, so that their pages are asked for."""

    def page(request: Handler) -> None:
        where = f"http://{request.headers['Host']}{request.path}"
        item = "<item><title>Northgate and facial recognition, {0}</title><link>{1}/{0}</link></item>"
        items = "".join(item.format(number, where) for number in range(count)).encode()
        request.server.web.pages |= {f"{request.path}/{number}": article for number in range(count)}
        request.reply(200, HEAD + items + TAIL)

    return page


def _of_itself(request: Handler) -> None:
    """An index of 100,000 indexes, of which each that is asked for is the same again."""
    path = request.path.partition("?")[0]
    request.server.web.pages |= {f"{path}?{number}": _of_itself for number in range(100)}
    named = (f"<sitemap><loc>{path}?{number}</loc></sitemap>".encode() for number in range(100_000))
    _gzip([b"<sitemapindex>", *named, b"</sitemapindex>"])(request)


def _as_json(pieces: Iterable[bytes]) -> Page:
    return server.text(packed(pieces), content_type="application/feed+json", content_encoding="gzip")


def _gzip(pieces: Iterable[bytes]) -> Page:
    return server.text(packed(pieces), content_encoding="gzip")

"""When an article says that it was published, for posts of which the list gave no date.

In this order: JSON-LD, the page's ``meta``, a ``time`` element or a date that stands alone beneath the title, and an
address that names the day. A date of its last change is none.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from urllib.parse import urlsplit

from watcher.fetch import jsonld
from watcher.fetch.cards import date_in
from watcher.fetch.chrome import chrome_of
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.datewords import Manner, order_of_figures, short_years
from watcher.fetch.links import key_of
from watcher.fetch.markup import Node

_ARTICLES = frozenset({"BlogPosting", "NewsArticle", "Article", "Report", "TechArticle", "PressRelease", "WebPage"})
_META = frozenset(
    {"article:published_time", "og:published_time", "date", "pubdate", "publishdate", "publish-date", "publish_date"}
    | {"dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "dcterms.issued", "parsely-pub-date"}
    | {"sailthru.date", "citation_publication_date", "datepublished", "cxenseparse:recs:publishtime"}
)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?:/|$)")
_NEAR_TITLE = 40  # elements after the title, and as many before, between which a date is that of the article
_MOST_TEXTS = 5000


def published(tree: Node, url: str, now: datetime) -> datetime | None:
    """The moment of publication, in UTC; a day alone is its midnight. None where the page names none."""
    said = (date for found in (_in_jsonld, _in_meta, _near_title, _in_path) for date in found(tree, url))
    return next((moment for one in said if (moment := parse_date(one, now))), None)


def _in_jsonld(tree: Node, url: str) -> Iterator[str]:
    """What the page says of itself; of several articles, such as related ones, only that with this address counts."""
    items = [item for item in jsonld.objects(tree) if jsonld.kinds(item) & _ARTICLES]
    dated = [(item, date) for item in items if (date := jsonld.text(item, "datePublished"))]
    own = [date for item, date in dated if _address(item) == key_of(url)]
    yield from own
    if len({date for _, date in dated}) == 1:
        yield dated[0][1]


def _address(item: dict[str, object]) -> str | None:
    main = item.get("mainEntityOfPage")
    named = jsonld.text(item, "url", "@id", "mainEntityOfPage") or (
        jsonld.text(main, "@id", "url") if isinstance(main, dict) else None
    )
    return key_of(named) if named else None


def _in_meta(tree: Node, _: str) -> Iterator[str]:
    for element in tree.iter("meta"):
        names = (element.get("property"), element.get("name"), element.get("itemprop"))
        content = (element.get("content") or "").strip()
        if content and any((name or "").lower() in _META for name in names):
            yield content


def _near_title(tree: Node, _: str) -> Iterator[str]:
    title = next(tree.iter("h1"), None)
    if title is None:
        return
    texts = " ".join(islice(tree.itertext(), _MOST_TEXTS))
    manner = Manner(order_of_figures(texts), short_years=short_years(tree.get("lang")))
    outside = {inner for part in chrome_of(tree) for inner in part.iter()}
    body = [element for element in tree.iter() if isinstance(element.tag, str) and element not in outside]
    place = body.index(title) if title in body else 0
    for element in (*body[place : place + _NEAR_TITLE], *body[max(0, place - _NEAR_TITLE) : place][::-1]):
        if not len(element) or element.tag == "time":
            stamp, said = date_in([element], manner)
            yield from filter(None, (stamp, said.plain if said else None))


def _in_path(_: Node, url: str) -> Iterator[str]:
    match = _DAY_IN_PATH.search(urlsplit(url).path)
    if match:
        yield "-".join(f"{int(part):02}" for part in match.groups())

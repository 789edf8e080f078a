"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) into entries; feedparser does not read it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.fetch.address import absolute
from watcher.fetch.charset import decode
from watcher.fetch.dates import parse as parse_date
from watcher.fetch.entrytext import body_of, plain, title_of
from watcher.usecases.ports import Parsed

MAX_ENTRIES = 1000


def parse(
    body: bytes, headers: Mapping[str, str], url: str, now: datetime, *, max_entries: int = MAX_ENTRIES
) -> Parsed:
    """The entries of a JSON Feed, in its own order. Arguments as for ``feed.parse``.

    Raises:
        FetchError: ``UNREADABLE``: cut short (JSON cannot be read in part), or no JSON Feed.
    """
    try:
        feed = json.loads(decode(body, headers.get("content-type", "")))
    except (ValueError, RecursionError) as error:
        raise FetchError(FetchTrouble.UNREADABLE, "what came is broken JSON, no feed") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise FetchError(FetchTrouble.UNREADABLE, "what came is JSON, but no feed: it has no items")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    language = _text(feed, "language")
    return Parsed(
        title=title_of(_text(feed, "title") or "", "text") or None,
        entries=tuple(_entry(item, url, now, language) for item in items[:max_entries]),
        partial=f"only the first {max_entries} entries were read" if len(items) > max_entries else None,
    )


def _entry(item: Mapping[str, Any], base: str, now: datetime, language: str | None) -> Entry:
    content = plain(_text(item, "content_html") or "", "text/html") or plain(_text(item, "content_text") or "", "text")
    body = body_of(content, _text(item, "summary") or "", "text/plain")
    published, updated = _text(item, "date_published"), _text(item, "date_modified")
    return Entry(
        title=title_of(_text(item, "title") or "", "text"),
        text=body.text,
        url=absolute(base, _text(item, "url")) or absolute(base, _text(item, "external_url")),
        guid=_text(item, "id"),
        published=parse_date(published, now) or parse_date(updated, now),
        published_raw=published or updated,
        updated=parse_date(updated, now),
        language=_text(item, "language") or language,
        complete=body.complete,
    )


def _text(item: Mapping[str, Any], key: str) -> str | None:
    """A text field; publishers write ids as numbers, which the standard tells readers to take."""
    value = item.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None

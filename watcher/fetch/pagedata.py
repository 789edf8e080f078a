"""The data that a page carries for its own scripts (Next.js, Nuxt and their like), where it may list posts.

A list counts only if its objects have a title, an address of their own, and a date: navigation and authors have none.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from watcher.fetch.markup import Node

_STATE = re.compile(r"\s*window\.\w{1,60}\s*=\s*(?=\{)")  # what follows is JSON on many pages; on others it is left
_LARGEST = 5_000_000  # characters of one script
_MOST = 20_000  # values that are looked at
_LEAST = 2  # posts that make a list
_WRAPPERS = ("fields", "attributes", "node", "data", "frontmatter", "content")
_TITLES = ("title", "headline", "heading", "name", "postTitle")
_ADDRESSES = ("url", "href", "link", "permalink", "path", "uri", "fullUrl", "canonicalUrl", "slug")
_DATES = (
    *(
        "publishedAt",
        "published_at",
        "publishDate",
        "publish_date",
        "publicationDate",
        "publishedDate",
        "datePublished",
    ),
    *("published", "firstPublishedAt", "date", "postDate", "post_date", "displayDate", "createdAt", "created_at"),
)


@dataclass(frozen=True, slots=True)
class Record:
    """A post as the data has it. ``address`` is absolute, or a path, or with ``is_slug`` the last part of one."""

    title: str
    address: str
    date: str
    is_slug: bool


def records(tree: Node) -> list[Record]:
    """The posts of the longest lists of posts in the page's data scripts."""
    return [record for script in tree.iter("script") if _is_data(script) for record in records_of(script)]


def records_of(script: Node) -> list[Record]:
    """The posts that one script holds."""
    found: dict[str, Record] = {}
    for values in _lists(_loaded(script.text or "")):
        posts = [record for value in values if (record := _record(value))]
        if len(posts) >= _LEAST:
            for post in posts:
                found.setdefault(post.address, post)
    return list(found.values())


def _is_data(script: Node) -> bool:
    kind = (script.get("type") or "").lower()
    return kind == "application/json" or script.get("id") == "__NEXT_DATA__" or bool(_STATE.match(script.text or ""))


def _loaded(text: str) -> object:
    if len(text) > _LARGEST:
        return None
    state = _STATE.match(text)
    try:
        return json.JSONDecoder().raw_decode(text, state.end())[0] if state else json.loads(text)
    except (ValueError, RecursionError):
        return None


def _lists(value: object) -> Iterator[Sequence[object]]:
    waiting, looked = deque([value]), 0
    while waiting and looked < _MOST:
        one = waiting.popleft()
        looked += 1
        if isinstance(one, list):
            yield one
            waiting += one
        elif isinstance(one, dict):
            waiting += one.values()


def _record(value: object) -> Record | None:
    fields = _flat(value) if isinstance(value, dict) else {}
    title, date = _text(fields, _TITLES), _text(fields, _DATES)
    name = next((key for key in _ADDRESSES if _word(fields.get(key))), None)
    if not (title and date and name):
        return None
    address = _word(fields[name]) or ""
    return Record(title, address, date, is_slug=not address.startswith(("/", "http://", "https://")))


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """An object with the fields of those inside it that only wrap them, as content systems' interfaces do."""
    inner = (value[key] for key in _WRAPPERS if isinstance(value.get(key), dict))
    return {**{key: field for one in inner for key, field in one.items()}, **value}


def _text(fields: dict[str, Any], keys: Sequence[str]) -> str | None:
    said = (fields.get(key) for key in keys)
    return next((one.strip() for one in said if isinstance(one, str) and one.strip()), None)


def _word(value: object) -> str | None:
    """A text without spaces; a slug comes as an object in some systems."""
    value = value.get("current") if isinstance(value, dict) else value
    return (
        value.strip() if isinstance(value, str) and value.strip() and not any(map(str.isspace, value.strip())) else None
    )

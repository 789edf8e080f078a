"""What feedparser alone gives for a feed, beside what the watcher reads in it.

feedparser is called as most programs call it: with the bytes, their content type and the address that they came from,
all else as it is by default. Of its entries the fields are taken under their names, the texts cleaned as ours are.
"""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from tests.fetch.conformance.case import Case
from watcher.core.errors import FetchError
from watcher.core.post import Entry
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.entrytext import plain, title_of
from watcher.fetch.parser import WebParser
from watcher.usecases.ports import Fetched

URL = "https://example.org/blog/feed"
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
ENTRIES = "entries"  # how many there are
_SOURCE = Source("one", SourceType.FEED, URL, SourceKind.NEWS)


@dataclass(frozen=True, slots=True)
class Fields:
    """An entry in what the two can be compared by; ``date`` in UTC, to the second."""

    title: str
    text: str
    url: str | None
    guid: str | None
    date: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Beside:
    """One feed read by both."""

    ours: tuple[Fields, ...]
    alone: tuple[Fields, ...]

    @property
    def differing(self) -> frozenset[str]:
        """The fields that differ in any entry, and ``entries`` where there are more of them on one side.

        Entries that one side has beside all of the other's do not shift what is compared.
        """
        if len(self.ours) != len(self.alone) and set(self.ours) <= set(self.alone):
            return frozenset({ENTRIES})
        counts = {ENTRIES} if len(self.ours) != len(self.alone) else set[str]()
        pairs = list(zip(self.ours, self.alone, strict=False))
        fields = Fields.__slots__
        return (
            frozenset({name for name in fields if any(getattr(a, name) != getattr(b, name) for a, b in pairs)}) | counts
        )


def beside(case: Case) -> Beside:
    """Read a feed both ways; what is refused, or ends in an exception, has no entries."""
    return Beside(_ours(case), _alone(case))


def _ours(case: Case) -> tuple[Fields, ...]:
    answer = Fetched("one", URL, headers={"content-type": case.content_type}, body=case.body, final_url=URL)
    try:
        entries = WebParser(lambda: NOW).entries(_SOURCE, answer).entries
    except FetchError:
        return ()
    return tuple(_of_ours(entry) for entry in entries)


def _of_ours(entry: Entry) -> Fields:
    date = tuple(entry.published.timetuple()[:6]) if entry.published else None
    return Fields(entry.title, entry.text, entry.url, entry.guid, date)


def _alone(case: Case) -> tuple[Fields, ...]:
    headers = {"content-type": case.content_type, "content-location": URL}
    try:
        found = feedparser.parse(io.BytesIO(case.body), response_headers=headers)
    except Exception:  # noqa: BLE001  (its loose parser trips over some feeds with whatever exception comes)
        return ()
    return tuple(_of_theirs(entry) for entry in found.entries)


def _of_theirs(entry: Any) -> Fields:
    title = entry.get("title_detail", {})
    date = entry.get("published_parsed") or entry.get("created_parsed") or dict.get(entry, "updated_parsed")
    return Fields(
        title=title_of(title.get("value", ""), title.get("type", "text/plain")),
        text=max((_cleaned(part) for part in _texts(entry)), key=len, default=""),
        url=entry.get("link"),
        guid=entry.get("id"),
        date=tuple(date[:6]) if date else None,
    )


def _texts(entry: Any) -> list[Any]:
    summary = entry.get("summary_detail")
    return [*entry.get("content", []), *([summary] if summary else [])]


def _cleaned(part: Any) -> str:
    return plain(part.get("value") or "", part.get("type") or "text/html")

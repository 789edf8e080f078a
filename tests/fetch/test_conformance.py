"""Every feed of the conformance suite, by the quick path and by feedparser, and beside feedparser alone."""

import io
from typing import Any

import feedparser
import pytest

from tests.fetch.conformance.broken import BROKEN
from tests.fetch.conformance.case import Case
from tests.fetch.conformance.content import LINKS, TEXTS, TITLES
from tests.fetch.conformance.dates import DATES
from tests.fetch.conformance.encodings import ENCODINGS
from tests.fetch.conformance.formats import FORMATS
from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError
from watcher.core.post import Entry
from watcher.fetch import feed, plainfeed
from watcher.fetch.entrytext import title_of
from watcher.usecases.ports import Parsed

CASES = [*FORMATS, *ENCODINGS, *DATES, *TITLES, *TEXTS, *LINKS, *BROKEN]
READ = [case for case in CASES if case.refused is None]
URL = "https://example.org/blog/feed"


def read(case: Case) -> Parsed:
    return feed.parse(case.body, {"content-type": case.content_type}, URL, NOW)


def ids(case: Case) -> str:
    return case.claim


def test_the_suite_is_what_it_is_said_to_be() -> None:
    assert len(CASES) >= 150
    assert len({case.claim for case in CASES}) == len(CASES)


@pytest.mark.parametrize("quick", [True, False], ids=["quick", "feedparser"])
@pytest.mark.parametrize("case", READ, ids=ids)
def test_what_comes_out_of_a_feed(case: Case, quick: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not quick:
        monkeypatch.setattr(plainfeed, "read", lambda _: None)
    found = read(case)
    given = [
        {name: getattr(entry, name) for name in told} for entry, told in zip(found.entries, case.expected, strict=True)
    ]
    assert given == list(case.expected)
    assert (case.partial or "") in (found.partial or "")
    assert bool(found.partial) is bool(case.partial)
    if case.title is not None:
        assert found.title == case.title


@pytest.mark.parametrize("case", [case for case in CASES if case.refused is not None], ids=ids)
def test_what_is_no_feed_is_refused_and_told(case: Case) -> None:
    with pytest.raises(FetchError) as refused:
        read(case)
    assert case.refused is not None
    assert case.refused in refused.value.detail


@pytest.mark.parametrize("case", [case for case in READ if case.differs is None and not case.partial], ids=ids)
def test_it_is_what_feedparser_alone_gives(case: Case) -> None:
    alone = feedparser.parse(
        io.BytesIO(case.body),
        response_headers={"content-type": case.content_type},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    found = read(case)
    assert len(alone.entries) == len(found.entries)
    for theirs, ours in zip(alone.entries, found.entries, strict=True):
        assert _of(theirs) == (ours.title, ours.guid, *_stamps(ours))


def _of(entry: Any) -> tuple[object, ...]:
    detail = entry.get("title_detail", {})
    title = title_of(detail.get("value", ""), detail.get("type", "text/plain"))
    guid = " ".join(entry["id"].split()) if "id" in entry else None
    said = entry.get("published_parsed") or entry.get("created_parsed") or dict.get(entry, "updated_parsed")
    return title, guid, tuple(said[:6]) if said else None


def _stamps(entry: Entry) -> tuple[object, ...]:
    return (tuple(entry.published.timetuple()[:6]) if entry.published else None,)

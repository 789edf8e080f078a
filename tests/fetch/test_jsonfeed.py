import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.fetch.entrytext import LONGEST, LONGEST_TITLE
from watcher.fetch.jsonfeed import parse
from watcher.usecases.ports import Parsed

URL = "https://example.org/feed.json"


def read(feed: Any, max_entries: int = 1000) -> Parsed:
    body = feed if isinstance(feed, bytes) else json.dumps(feed).encode()
    return parse(body, {"content-type": "application/feed+json"}, URL, NOW, max_entries=max_entries)


def items(*found: dict[str, Any], **feed: Any) -> dict[str, Any]:
    return {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": list(found), **feed}


def test_version_1_1_is_read() -> None:
    found = read(
        items(
            {
                "id": "1",
                "url": "/1",
                "title": "One &  only",
                "content_html": "<p>First.</p><ul><li>a</li></ul>",
                "summary": "Short.",
                "date_published": "2020-06-10T10:18:00+02:00",
                "date_modified": "2020-06-11T10:18:00+02:00",
                "language": "de",
            },
            language="en",
        )
    )
    assert found.title == "News"
    assert found.entries == (
        Entry(
            title="One & only",
            text="First.\n\n• a",
            url="https://example.org/1",
            guid="1",
            published=datetime(2020, 6, 10, 8, 18, tzinfo=UTC),
            published_raw="2020-06-10T10:18:00+02:00",
            updated=datetime(2020, 6, 11, 8, 18, tzinfo=UTC),
            language="de",
        ),
    )


def test_version_1_0_with_a_number_as_id() -> None:
    [entry] = read(
        {"version": "https://jsonfeed.org/version/1", "items": [{"id": 7, "content_text": "a\nb\n\nc"}]}
    ).entries
    assert (entry.guid, entry.text, entry.complete) == ("7", "a b\n\nc", True)


def test_a_summary_alone_is_a_teaser() -> None:
    [entry] = read(items({"id": "1", "summary": "Short."})).entries
    assert (entry.text, entry.complete) == ("Short.", False)


def test_a_link_blog_points_outside() -> None:
    [entry] = read(items({"id": "1", "external_url": "https://other.example/x"})).entries
    assert entry.url == "https://other.example/x"


def test_a_date_that_cannot_be_true_gives_way_to_one_that_can() -> None:
    [entry] = read(
        items({"id": "1", "date_published": "0001-01-01T00:00:00Z", "date_modified": "2020-06-10T08:18:00Z"})
    ).entries
    assert entry.published == datetime(2020, 6, 10, 8, 18, tzinfo=UTC)


def test_a_byte_order_mark_is_no_harm() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(items({"id": "1", "title": "é"})).encode()).entries[0].title == "é"


def test_items_of_a_wrong_kind_are_left_out() -> None:
    assert len(read({"items": [1, None, "x", {"id": "1", "title": ["no"]}]}).entries) == 1


def test_entries_above_the_cap_are_left_out_and_it_is_said() -> None:
    found = read(items(*({"id": str(number)} for number in range(5))), max_entries=3)
    assert (len(found.entries), found.partial) == (3, "only the first 3 entries were read")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"items": [{"id": "1"', "what came is broken JSON, no feed"),
        (b"[" * 100_000, "what came is broken JSON, no feed"),
        (b'{"error": "no"}', "what came is JSON, but no feed: it has no items"),
        (b"[]", "what came is JSON, but no feed: it has no items"),
    ],
)
def test_what_is_no_feed_is_unreadable(body: bytes, detail: str) -> None:
    with pytest.raises(FetchError) as caught:
        read(body)
    assert (caught.value.trouble, caught.value.detail) == (FetchTrouble.UNREADABLE, detail)


def test_a_text_and_a_title_without_end_are_cut() -> None:
    [entry] = read(items({"id": "1", "title": "x" * 100_000, "content_html": "<p>" + "word " * 1_000_000})).entries
    assert len(entry.title) == LONGEST_TITLE
    assert LONGEST - 10 < len(entry.text) <= LONGEST

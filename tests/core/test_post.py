from datetime import UTC, date, datetime

import pytest

from watcher.core.post import Entry, canonical_url, content_digest, first_version, identity

NOW = datetime(2020, 6, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry("T", "x", url="https://a.example/p?utm_source=f#top", guid=" 42 "), "guid:42"),
        (Entry("T", "x", url="https://A.example/p/?utm_source=f&id=1#top"), "link:https://a.example/p?id=1"),
        (Entry(" A  Title", "x"), "title:a title:2020-06-10"),
    ],
)
def test_identity_goes_by_guid_then_link_then_title_and_day(entry: Entry, expected: str) -> None:
    assert identity(entry, date(2020, 6, 10)) == expected


def test_an_entry_with_nothing_but_text_is_known_by_it() -> None:
    assert identity(Entry("", "only  text"), None) == identity(Entry("", "only text"), None)


def test_white_space_is_no_edit() -> None:
    assert content_digest("A  b", "c\n\nd") == content_digest("A b", "c d")
    assert content_digest("A b", "c d") != content_digest("A b", "c e")


def test_a_post_without_a_date_is_dated_by_first_sight() -> None:
    assert first_version(Entry("T", "x"), "s", NOW).published == NOW


def test_a_broken_address_is_kept_as_it_is() -> None:
    assert canonical_url("http://[broken") == "http://[broken"
    assert canonical_url("https://a.example:8443/x/") == "https://a.example:8443/x"

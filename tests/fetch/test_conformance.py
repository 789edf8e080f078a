"""Every feed of the conformance suite, by the quick path and by feedparser, and beside feedparser alone."""

import pytest

from tests.fetch.conformance.alone import NOW, URL, beside
from tests.fetch.conformance.case import Case
from tests.fetch.conformance.differences import DIFFERENCES, allowed
from tests.fetch.conformance.suite import CASES, READ
from watcher.core.errors import FetchError
from watcher.fetch import feed, plainfeed
from watcher.usecases.ports import Parsed


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


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_it_is_what_feedparser_alone_gives_but_for_the_differences_that_are_listed(case: Case) -> None:
    found = beside(case)
    assert found.differing == allowed(case.claim), found


def test_every_listed_difference_names_feeds_of_the_suite_once() -> None:
    named = [(one.field, feed) for one in DIFFERENCES for feed in one.feeds]
    assert len(named) == len(set(named))
    assert {feed for _, feed in named} <= {case.claim for case in CASES}

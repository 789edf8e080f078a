"""Listing pages after the patterns of real ones (``listings/*.html``), each with the posts that it holds beside it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fetch.conftest import NOW
from watcher.core.errors import FetchError
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.links import near
from watcher.fetch.listing import parse
from watcher.usecases.ports import Fetched

FOLDER = Path(__file__).parent / "listings"
PAGES = sorted(page.stem for page in FOLDER.glob("*.html"))


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def posts(name: str, selector: str | None = None) -> list[list[str | None]]:
    url = expected(name)["url"]
    source = Source(name, SourceType.BLOG, url, SourceKind.NEWS, selector=selector)
    body = (FOLDER / f"{name}.html").read_bytes()
    found = parse(source, Fetched(name, url, body=body), NOW).entries
    return [[one.title, one.url, one.published.date().isoformat() if one.published else None] for one in found]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_without_configuration(name: str) -> None:
    assert posts(name) == expected(name)["posts"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_with_a_selector(name: str) -> None:
    assert posts(name, expected(name)["selector"]) == expected(name)["posts"]


def test_there_are_pages_enough() -> None:
    assert len(PAGES) >= 15


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_broken_page_gives_posts_of_its_own_site_or_a_clear_error(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(PAGES))
    body = (FOLDER / f"{name}.html").read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        at, size = data.draw(st.integers(0, len(body))), data.draw(st.integers(1, 400))
        change = data.draw(
            st.sampled_from(["", body[at : at + size] * 2, "<", '"', "</div>", "\x00", "&#0;", "<a href='//[x'>"])
        )
        body = body[:at] + change + body[at + size :]
    selector = data.draw(st.sampled_from([None, expected(name)["selector"]]))
    url = expected(name)["url"]
    source = Source(name, SourceType.BLOG, url, SourceKind.NEWS, selector=selector)
    try:
        parsed = parse(source, Fetched(name, url, body=body.encode("utf-8", "replace")), NOW)
    except FetchError:
        return
    for entry in parsed.entries:
        assert entry.title
        assert entry.url
        assert urlsplit(entry.url).scheme in {"http", "https"}
        assert selector or near(url, entry.url)
        assert entry.published is None or entry.published <= NOW + timedelta(hours=48)

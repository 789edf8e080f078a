"""Listing pages after the patterns of real ones (``listings/*.html``), each with the posts that it holds beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fetch.conftest import NOW
from watcher.core.source import Source, SourceKind, SourceType
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

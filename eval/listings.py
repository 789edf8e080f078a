"""How many of the listing pages of the tests are read without configuration, and how many with a selector.

python eval/listings.py
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from watcher.core.errors import FetchError
from watcher.core.source import Source, SourceKind, SourceType
from watcher.fetch.listing import parse
from watcher.usecases.ports import Fetched

FOLDER = Path(__file__).parents[1] / "tests" / "fetch" / "listings"
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


def posts(page: Path, wanted: dict[str, Any], selector: str | None) -> list[list[str | None]]:
    """Title, address and day of each post that is found on a page."""
    source = Source("page", SourceType.BLOG, wanted["url"], SourceKind.NEWS, selector=selector)
    try:
        found = parse(source, Fetched("page", wanted["url"], body=page.read_bytes()), NOW).entries
    except FetchError:
        return []
    return [[one.title, one.url, one.published.date().isoformat() if one.published else None] for one in found]


def rows() -> Iterator[tuple[str, int, bool, bool]]:
    """Each page: its name, how many posts it holds, whether all of them and nothing else are found in either way."""
    for page in sorted(FOLDER.glob("*.html")):
        wanted = json.loads(page.with_suffix(".json").read_text("utf-8"))
        without = posts(page, wanted, None) == wanted["posts"]
        yield page.stem, len(wanted["posts"]), without, posts(page, wanted, wanted["selector"]) == wanted["posts"]


def main() -> None:
    found = list(rows())
    print(f"{'page':28}posts  without configuration  with a selector")
    for name, count, without, selected in found:
        print(f"{name:28}{count:5}  {'all' if without else 'FAULTS':21}  {'all' if selected else 'FAULTS'}")
    for label, place in (("without configuration", 2), ("with a selector", 3)):
        print(f"{sum(bool(row[place]) for row in found)} of {len(found)} pages are read {label}")


if __name__ == "__main__":
    main()

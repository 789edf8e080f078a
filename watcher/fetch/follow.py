"""Sources whose address gives an index of sitemaps: its parts are asked too, and read as one.

Only a few parts, those that promise news first, and only two indexes deep; the rest is left. An index is asked anew
each time, for it need not change when its parts do.
"""

import logging
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Protocol

from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.core.source import HttpState, SourceType
from watcher.fetch.settings import Settings
from watcher.usecases.ports import Fetched, FetchRequest, Parsed, Parser

MOST = 8  # parts of one source that are asked in one round
DEPTH = 2

_log = logging.getLogger(__name__)

_MARK = b"<sitemapindex"
_LOOK = 2000  # bytes


class Asking(Protocol):
    """What answers requests; see ``ports.Fetcher``."""

    def fetch(
        self, requests: Iterable[FetchRequest], *, idle: float | None = None
    ) -> Generator[Fetched | None, None, None]:
        """One answer for each request."""

    def adopt(self, settings: Settings) -> None:
        """Go by other settings, from the next call on."""

    def close(self) -> None:
        """Close all idle connections."""


@dataclass(slots=True)
class _Reading:
    """What was read of one index so far."""

    asked: int = 0
    entries: dict[str, Entry] = field(default_factory=dict)
    title: str | None = None
    failed: int = 0


class Following:
    """Implements ``ports.Fetcher``: answers come through as they are, but for indexes of sitemaps, which come last.

    Args:
        asking: what asks; it is closed with this.
        parser: reads the parts.
    """

    def __init__(self, asking: Asking, parser: Parser) -> None:
        self._asking = asking
        self._parser = parser

    def fetch(
        self, requests: Iterable[FetchRequest], *, idle: float | None = None
    ) -> Generator[Fetched | None, None, None]:
        """As ``ports.Fetcher.fetch``. What must be asked further waits until no other answer comes in for a moment."""
        wanted = list(requests)
        feeds = {one.key: one for one in wanted if one.source and one.source.type is SourceType.FEED}
        indexes: list[tuple[FetchRequest, Fetched]] = []
        with closing(self._asking.fetch(wanted, idle=idle)) as answers:
            for answer in answers:
                if answer and answer.key in feeds and _is_index(answer):
                    indexes.append((feeds[answer.key], answer))
                else:
                    yield answer
                    if answer is None:
                        yield from self._follow(indexes, idle)
        yield from self._follow(indexes, idle)

    def adopt(self, settings: Settings) -> None:
        """Go by other settings, from the next call on."""
        self._asking.adopt(settings)

    def close(self) -> None:
        """Close all idle connections."""
        self._asking.close()

    def _follow(
        self, indexes: list[tuple[FetchRequest, Fetched]], idle: float | None
    ) -> Generator[Fetched | None, None, None]:
        while indexes:
            request, answer = indexes.pop(0)
            reading = _Reading()
            yield from self._read(request, answer, reading, idle)
            yield _joined(answer, reading)

    def _read(
        self, request: FetchRequest, index: Fetched, reading: _Reading, idle: float | None
    ) -> Generator[None, None, None]:
        """Ask the parts of an index, level by level; yields None whenever nothing came for ``idle`` seconds."""
        level = self._parts(request, index)
        for depth in range(DEPTH):
            urls = level[: MOST - reading.asked]
            reading.asked += len(urls)
            level = []
            asked = [FetchRequest(url, url, source=request.source) for url in urls]
            with closing(self._asking.fetch(asked, idle=idle)) as answers:
                for answer in answers:
                    if answer is None:
                        yield None
                    elif _is_index(answer) and depth + 1 < DEPTH:
                        level += self._parts(request, answer)
                    else:
                        self._take(request, answer, reading)

    def _parts(self, request: FetchRequest, index: Fetched) -> list[str]:
        content = index.content or self._parsed(request, index)
        return list(content.parts) if isinstance(content, Parsed) else []

    def _parsed(self, request: FetchRequest, answer: Fetched) -> Parsed | None:
        try:
            return self._parser.entries(request.source, answer) if request.source else None
        except FetchError:
            return None
        except Exception:  # noqa: BLE001  (a bug that one source brings out must not reach the others)
            _log.exception("%s: a part of an index could not be read", answer.url)
            return None

    def _take(self, request: FetchRequest, answer: Fetched, reading: _Reading) -> None:
        """Add what a part names; one without news is none that matters."""
        if answer.error:
            reading.failed += 1
            return
        read = answer.content if isinstance(answer.content, Parsed) else self._parsed(request, answer)
        parsed = read or Parsed(None, ())
        reading.title = reading.title or parsed.title
        for entry in parsed.entries:
            reading.entries.setdefault(entry.url or entry.title, entry)


def _is_index(answer: Fetched) -> bool:
    read = isinstance(answer.content, Parsed) and bool(answer.content.parts)
    return read or _MARK in answer.body[:_LOOK].lower()


def _joined(index: Fetched, reading: _Reading) -> Fetched:
    """The answer of a source whose index was followed; without validators, so that the next one is a whole one too."""
    bare = replace(index, body=b"", http=HttpState(), content=None)
    if not reading.entries:
        why = f"; {reading.failed} of them could not be had" if reading.failed else ""
        detail = f"an index of sitemaps came, and none of the {reading.asked} parts that were asked names news{why}"
        return replace(bare, error=FetchError(FetchTrouble.UNREADABLE, detail))
    partial = f"{reading.failed} of {reading.asked} parts of the index could not be had" if reading.failed else None
    return replace(bare, content=Parsed(reading.title, tuple(reading.entries.values()), partial))

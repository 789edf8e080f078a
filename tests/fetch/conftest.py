from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fetch.server import WebServer
from watcher.fetch.download import Downloader, Settings

NOW = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def downloader() -> Iterator[Callable[..., Downloader]]:
    """Makes downloaders with short deadlines that may ask this machine; closes them in the end."""
    made: list[Downloader] = []

    def make(**settings: Any) -> Downloader:
        quick = {"allow_private": True, "gap": 0.0, "per_host": 16, "connect_timeout": 2.0, "total_timeout": 5.0}
        made.append(Downloader(Settings(**{**quick, **settings}), lambda: NOW))
        return made[-1]

    yield make
    for one in made:
        one.close()

"""Streams as they run through polling, reading and judging with the shipped rules: each event told once, and first."""

import json
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from watcher.config.rules import load_reader
from watcher.config.vendors import load_vendors
from watcher.core.reader import Reader
from watcher.core.statement import Position
from watcher.usecases import answer
from watcher.usecases.archive import Record, records
from watcher.usecases.backtest import backtest
from watcher.usecases.memory import MemoryStore

STREAMS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parents[1] / "data" / "streams.yaml").read_text("utf-8"))
LATER = date(2027, 1, 1)


@cache
def reader() -> Reader:
    return load_reader(load_vendors())


def line(number: int, post: list[Any]) -> str:
    moment, who, title, text, *edits = post
    own = who.removeprefix("own ") if who.startswith("own ") else None
    source = {"id": who.replace(" ", "-").lower(), "name": who, "kind": "vendor" if own else "news", "vendor": own}
    key = f"{edits[0] if edits else number}"
    published = datetime.strptime(str(moment)[:16], "%Y-%m-%d %H:%M").replace(tzinfo=UTC).isoformat()
    url = f"https://posts.example/{key}"
    return json.dumps({"id": key, "source": source, "url": url, "title": title, "text": text, "published": published})


def replay(stream: dict[str, Any]) -> tuple[list[list[Any]], MemoryStore]:
    """The alerts as the file writes them (null: a lapse, which no post set off), and the record."""
    made = list(records(line(number, post) for number, post in enumerate(stream["posts"], 1)))
    archive = [one for one in made if isinstance(one, Record)]
    assert len(archive) == len(made)
    number = {one.at: place for place, one in enumerate(archive, 1)}
    store = MemoryStore()
    told = []
    for one in backtest(archive, reader(), store):
        main = one.alert.main
        before = main.previous.value if main.previous else None
        told.append(
            [
                number.get(one.alert.at),
                one.alert.vendor,
                main.change.value,
                main.position.value,
                main.audience.value,
                before,
            ]
        )
    return told, store


@pytest.mark.parametrize("stream", STREAMS, ids=[stream["name"] for stream in STREAMS])
def test_a_stream_is_told_as_a_careful_analyst_would(stream: dict[str, Any]) -> None:
    told, store = replay(stream)
    assert told == stream["alerts"]
    if "stands" in stream:
        found = [one for one in answer.status(store, reader().vendors, LATER) if one.position is not Position.ADVOCATE]
        stands = [
            [one.vendor, one.position.value, one.audience.value, one.row.jurisdiction, one.row.until] for one in found
        ]
        assert sorted(map(str, stands)) == sorted(map(str, stream["stands"]))


def test_the_streams_are_thirty_and_more() -> None:
    assert len(STREAMS) >= 30

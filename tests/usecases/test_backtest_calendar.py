"""Lapses in a back-test: archives with the shipped rules, as somebody runs them who wants to know what was missed."""

import json
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from tests.ledgers import row
from watcher.config.rules import load_reader
from watcher.config.vendors import load_vendors
from watcher.core.reader import Reader
from watcher.core.stance import Stance
from watcher.usecases.archive import Record, records
from watcher.usecases.backtest import as_line, backtest
from watcher.usecases.memory import MemoryStore

PAUSE = "Amazon is implementing a one-year moratorium on police use of its facial recognition technology."
LONGER = "Amazon extends its moratorium on police use of its facial recognition technology until further notice."


@cache
def reader() -> Reader:
    return load_reader(load_vendors())


def post(name: str, day: str, text: str) -> str:
    source = {"id": "the-wire", "name": "The Wire", "kind": "news"}
    url = f"https://wire.example/{name}"
    return json.dumps(
        {"id": name, "source": source, "url": url, "title": "T", "text": text, "published": f"{day}T12:00:00Z"}
    )


def told(*lines: str, baseline: tuple[Stance, ...] = ()) -> list[dict[str, Any]]:
    archive = [one for one in records(lines) if isinstance(one, Record)]
    assert len(archive) == len(lines)
    return [as_line(one) for one in backtest(archive, reader(), MemoryStore(), baseline)]


def test_a_moratorium_that_nobody_mentions_again_lapses_with_the_record_that_set_its_end() -> None:
    found = told(post("a", "2020-06-10", PAUSE), post("b", "2021-07-01", "It rains."))
    assert [(one["record"], one["change"]) for one in found] == [("a", "announced"), ("a", "lapsed")]
    lapse = found[1]
    assert (lapse["at"], lapse["until"]) == ("2021-06-11T00:00:00+00:00", "2021-06-10")
    assert (lapse["position"], lapse["previous"], lapse["audience"]) == ("moratorium", "moratorium", "police")
    assert (lapse["quote"], lapse["url"]) == (PAUSE, "https://wire.example/a")


def test_what_lies_beyond_the_last_record_is_not_told() -> None:
    assert [one["change"] for one in told(post("a", "2020-06-10", PAUSE), post("b", "2021-06-10", "It rains."))] == [
        "announced"
    ]


def test_an_extension_before_the_end_is_all_that_is_told() -> None:
    found = told(post("a", "2020-06-10", PAUSE), post("b", "2021-05-18", LONGER), post("c", "2023-01-01", "It rains."))
    assert [one["change"] for one in found] == ["announced", "extended"]


def test_several_ends_lapse_each_at_its_own_moment() -> None:
    other = PAUSE.replace("Amazon", "IBM")
    found = told(post("a", "2020-06-10", PAUSE), post("b", "2020-08-01", other), post("c", "2022-01-01", "It rains."))
    assert [(one["vendor"], one["at"][:10]) for one in found if one["change"] == "lapsed"] == [
        ("amazon", "2021-06-11"),
        ("ibm", "2021-08-02"),
    ]


def test_the_end_of_a_stance_that_was_there_from_the_start_names_no_record() -> None:
    known = datetime(2020, 7, 1, tzinfo=UTC)
    held = row(vendor="amazon", until=date(2021, 6, 10), recorded_at=known)
    over = row(vendor="ibm", until=date(2020, 6, 30), recorded_at=known)
    found = told(post("b", "2021-07-01", "It rains."), baseline=(held, over))
    assert [(one["record"], one["vendor"], one["change"]) for one in found] == [(None, "amazon", "lapsed")]

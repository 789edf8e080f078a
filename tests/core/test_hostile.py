"""Texts that try to make reading slow, or to pose as something else than a text: each a megabyte long."""

from functools import cache
from time import perf_counter

import pytest

from benchmarks.hostile import texts
from tests.core.reading import WRITTEN
from watcher.config.rules import load_reader
from watcher.config.vendors import load_vendors
from watcher.core.reader import Document, Reader

TEXTS = dict(texts())
_DEADLINE = 15  # seconds; it takes less than one


@cache
def shipped() -> Reader:
    return load_reader(load_vendors())


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_megabyte_is_read_in_bounded_time_and_quoted_as_it_stands(name: str) -> None:
    text = TEXTS[name]
    began = perf_counter()
    assert shipped().relevant("", text)
    found = shipped().read(Document("Microsoft and facial recognition", text, WRITTEN)).statements
    assert perf_counter() - began < _DEADLINE
    assert "microsoft ban police" in {f"{s.vendor} {s.position} {s.audience}" for s in found}
    assert [s for s in found if s.start >= 0 and s.quote != text[s.start : s.end]] == []


@pytest.mark.parametrize(
    "name", ["rules", "instructions", "slots", "expressions", "needles", "commas", "only zero width"]
)
def test_what_poses_as_rules_or_instructions_adds_no_statement(name: str) -> None:
    found = shipped().read(Document("Microsoft and facial recognition", TEXTS[name], WRITTEN)).statements
    assert {f"{s.vendor} {s.position} {s.audience}" for s in found} == {"microsoft ban police"}

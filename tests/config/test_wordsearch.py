"""The search for needles finds the same before and after it changes to the faster automaton."""

import pytest
from ahocorasick_rs import BytesAhoCorasick, Implementation

from watcher.config import wordsearch

NEEDLES = (b"facescan", b"scan", b"acesc", b"frt")
TEXTS = (b"afacescanfrt", b"scanscan", b"", b"nothing")
FOUND = [[(0, 1), (1, 5), (2, 2), (3, 9)], [(1, 0), (1, 4)], [], []]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Implementation]:
    kinds: list[Implementation] = []

    def making(needles: list[bytes], implementation: Implementation) -> BytesAhoCorasick:
        kinds.append(implementation)
        return BytesAhoCorasick(needles, implementation=implementation)

    monkeypatch.setattr(wordsearch, "BytesAhoCorasick", making)
    return kinds


def test_needles_are_found_each_where_it_begins_overlapping_ones_too() -> None:
    search = wordsearch.searching(NEEDLES)
    assert [sorted(search(text)) for text in TEXTS] == FOUND


def test_after_much_text_the_faster_automaton_finds_the_same(
    monkeypatch: pytest.MonkeyPatch, made: list[Implementation]
) -> None:
    monkeypatch.setattr(wordsearch, "_MUCH", len(b"".join(TEXTS)))
    search = wordsearch.searching(NEEDLES)
    for _ in range(3):
        assert [sorted(search(text)) for text in TEXTS] == FOUND
    assert made == [Implementation.ContiguousNFA, Implementation.DFA]


def test_for_a_few_posts_the_faster_automaton_is_not_made(made: list[Implementation]) -> None:
    search = wordsearch.searching(NEEDLES)
    assert all(search(b"facescan" * 600) for _ in range(100))
    assert made == [Implementation.ContiguousNFA]

"""Many patterns sought in one text at once: each only where a word stands with which it may begin."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from watcher.core.literal import Spelt, firsts, possible
from watcher.core.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Finder:
    """Patterns by their first words; ``anywhere``: the numbers of those for which these cannot be told."""

    patterns: tuple[Pattern, ...]
    beginning: Mapping[str, tuple[int, ...]]
    anywhere: tuple[int, ...]

    @classmethod
    def of(cls, patterns: Iterable[Pattern]) -> "Finder":
        """Sort patterns by the words with which they begin."""
        sought = tuple(patterns)
        beginning: dict[str, list[int]] = {}
        anywhere: list[int] = []
        for number, pattern in enumerate(sought):
            first = firsts(pattern.rows)
            for word in first or ():
                beginning.setdefault(word, []).append(number)
            if not first:
                anywhere.append(number)
        return cls(sought, {word: tuple(numbers) for word, numbers in beginning.items()}, tuple(anywhere))

    def find(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """What ``finditer`` of each pattern finds, and the pattern's number, pattern by pattern."""
        spelt = Spelt.of(text)
        places = self._places(spelt)
        for number in sorted([*places, *self.anywhere]):
            pattern = self.patterns[number]
            if not possible(pattern.wanted, spelt.words):
                continue
            found = _from(pattern.regex, text, places[number]) if number in places else pattern.regex.finditer(text)
            for match in found:
                yield number, match

    def _places(self, spelt: Spelt) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        known = self.beginning.keys() & spelt.words
        for place, word in spelt.placed:
            if word in known:
                for number in self.beginning[word]:
                    places.setdefault(number, []).append(place)
        return places


def _from(regex: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """The matches that begin at one of these places and not inside the one before."""
    end = 0
    for place in places:
        match = regex.match(text, place) if place >= end else None
        if match:
            end = match.end()
            yield match


def thinkable(patterns: Iterable[Pattern], text: str) -> list[Pattern]:
    """The patterns of which a text holds the words that they cannot do without."""
    present = Spelt.of(text).words
    return [pattern for pattern in patterns if possible(pattern.wanted, present)]

"""Many patterns sought in one text at once: each only where a word stands with which it may begin."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.literal import Clauses, Spelt, firsts, possible
from watcher.core.pattern import Pattern, one_of


@dataclass(frozen=True, slots=True)
class Finder:
    """Groups of patterns; a group finds what its patterns would find as one expression, the earlier before the later.

    ``owners``: for each pattern the number of its group; ``beginning``: the numbers of the patterns by the words with
    which they may begin; ``wanted``: the words that each cannot do without; ``scarce``: their numbers by those of these
    words that fewest patterns share; ``anywhere``: for groups of which some pattern may begin with anything, the one
    expression.
    """

    patterns: tuple[Pattern, ...]
    owners: tuple[int, ...]
    beginning: Mapping[str, tuple[int, ...]]
    wanted: tuple[Clauses, ...]
    scarce: Mapping[str, tuple[int, ...]]
    anywhere: Mapping[int, Pattern]

    @classmethod
    def of(cls, groups: Iterable[Sequence[Pattern]]) -> "Finder":
        """Sort patterns by the words with which they begin."""
        listed = [tuple(group) for group in groups]
        anywhere = {
            number: one_of(group) if len(group) > 1 else group[0]
            for number, group in enumerate(listed)
            if not all(firsts(pattern.rows) for pattern in group)
        }
        owned = [
            (number, pattern) for number, group in enumerate(listed) if number not in anywhere for pattern in group
        ]
        beginning: dict[str, list[int]] = {}
        for place, (_, pattern) in enumerate(owned):
            for word in firsts(pattern.rows) or ():
                beginning.setdefault(word, []).append(place)
        by_word = {word: tuple(numbers) for word, numbers in beginning.items()}
        patterns = tuple(pattern for _, pattern in owned)
        owners, wanted = tuple(owner for owner, _ in owned), tuple(_asked(pattern) for pattern in patterns)
        return cls(patterns, owners, by_word, wanted, _scarce(wanted), anywhere)

    def find(self, text: str) -> Iterator[tuple[int, re.Match[str]]]:
        """What ``finditer`` finds for each group, and the number of the group, group by group."""
        spelt = Spelt.of(text)
        tries = self._tries(spelt)
        for number in sorted(tries.keys() | self.anywhere.keys()) if self.anywhere else sorted(tries):
            if number in self.anywhere:
                found = self.anywhere[number].regex.finditer(text)
            else:
                found = self._from(text, sorted(tries[number]))
            for match in found:
                yield number, match

    def _tries(self, spelt: Spelt) -> dict[int, list[tuple[int, int]]]:
        """For each group the places where one of its patterns may begin, with the pattern's number."""
        lacks = spelt.words.isdisjoint
        begun = self.beginning.keys() & spelt.words
        met = set().union(*(self.beginning[word] for word in begun))
        met &= set().union(*(self.scarce[word] for word in self.scarce.keys() & spelt.words))
        alive = {n for n in met if not any(map(lacks, self.wanted[n]))}
        thinkable = {word: [n for n in self.beginning[word] if n in alive] for word in begun} if alive else {}
        tries: dict[int, list[tuple[int, int]]] = {}
        for place, word in spelt.placed:
            for number in thinkable.get(word, ()):
                tries.setdefault(self.owners[number], []).append((place, number))
        return tries

    def _from(self, text: str, tries: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
        """The matches that begin at one of these places and not inside the one before."""
        end = 0
        for place, number in tries:
            match = self.patterns[number].regex.match(text, place) if place >= end else None
            if match:
                end = match.end()
                yield match


def _asked(pattern: Pattern) -> Clauses:
    """What a pattern cannot do without; at least the words with which it begins."""
    return pattern.wanted or (firsts(pattern.rows) or frozenset(),)


def _scarce(wanted: Sequence[Clauses]) -> Mapping[str, tuple[int, ...]]:
    """The numbers of patterns by the words of the clause that is least likely to be met in a text."""
    shared = Counter(word for clauses in wanted for clause in clauses for word in clause)
    found: dict[str, list[int]] = {}
    for number, clauses in enumerate(wanted):
        for word in min(clauses, key=lambda clause: sum(shared[word] for word in clause)):
            found.setdefault(word, []).append(number)
    return {word: tuple(numbers) for word, numbers in found.items()}


def thinkable(patterns: Iterable[Pattern], text: str) -> list[Pattern]:
    """The patterns of which a text holds the words that they cannot do without."""
    present = Spelt.of(text).words
    return [pattern for pattern in patterns if possible(pattern.wanted, present)]

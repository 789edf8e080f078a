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

    ``owners``: for each pattern the number of its group; ``beginning``: the patterns by the words with which they may
    begin; ``wanted``: the words that each cannot do without; ``scarce``: the patterns by those of these words that
    fewest of them share; ``plain``: those that ask for no other words; ``anywhere``: for groups of which some pattern
    may begin with anything, the one expression. Sets of patterns are whole numbers: bit ``n`` is pattern ``n``.
    """

    patterns: tuple[Pattern, ...]
    owners: tuple[int, ...]
    beginning: Mapping[str, int]
    wanted: tuple[Clauses, ...]
    scarce: Mapping[str, int]
    plain: int
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
        beginning = _by_word(firsts(pattern.rows) or () for _, pattern in owned)
        patterns = tuple(pattern for _, pattern in owned)
        owners, wanted = tuple(owner for owner, _ in owned), tuple(_asked(pattern) for pattern in patterns)
        return cls(patterns, owners, beginning, wanted, _scarce(wanted), _plain(wanted), anywhere)

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
        begins = {word: self.beginning[word] for word in self.beginning.keys() & spelt.words}
        scarce = begun = 0
        for numbers in begins.values():
            begun |= numbers
        for word in self.scarce.keys() & spelt.words:
            scarce |= self.scarce[word]
        met = begun & scarce
        alive = met & self.plain
        for number in _members(met & ~self.plain):
            if possible(self.wanted[number], spelt.words):
                alive |= 1 << number
        tries: dict[int, list[tuple[int, int]]] = {}
        for place, word in spelt.placed if alive else ():
            for number in _members(begins.get(word, 0) & alive):
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


def _plain(wanted: Sequence[Clauses]) -> int:
    return sum(1 << number for number, clauses in enumerate(wanted) if len(clauses) == 1)


def _by_word(words: Iterable[Iterable[str]]) -> dict[str, int]:
    """The patterns by their words, of which each pattern, in order, has some."""
    found: dict[str, int] = {}
    for number, some in enumerate(words):
        for word in some:
            found[word] = found.get(word, 0) | 1 << number
    return found


def _members(numbers: int) -> Iterator[int]:
    """The numbers whose bits are set, from the smallest."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


def _scarce(wanted: Sequence[Clauses]) -> dict[str, int]:
    """The patterns by the words of the clause that is least likely to be met in a text."""
    shared = Counter(word for clauses in wanted for clause in clauses for word in clause)
    return _by_word(min(clauses, key=lambda clause: sum(shared[word] for word in clause)) for clauses in wanted)


def thinkable(patterns: Iterable[Pattern], text: str) -> list[Pattern]:
    """The patterns of which a text holds the words that they cannot do without."""
    present = Spelt.of(text).words
    return [pattern for pattern in patterns if possible(pattern.wanted, present)]

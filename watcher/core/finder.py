"""Many patterns sought in one text at once: each only where a word stands with which it may begin."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from watcher.core.literal import Clauses, Row, Spelt, clauses, firsts, possible
from watcher.core.pattern import Pattern, compiled, one_of


@dataclass(frozen=True, slots=True)
class Finder:
    """Groups of patterns; a group finds what its patterns would find as one expression, the earlier before the later.

    ``owners``: for each pattern the number of its group; ``choices``: for each choice in a pattern ("a|b" has two) the
    number of the pattern; ``clues``: what each word tells; ``wanted``: the words that each choice cannot do without,
    those first that are least likely to be met; ``single`` and ``plain``: the choices that ask for no second and for no
    third of them; ``anywhere``: for groups of which some pattern may begin with anything, the one expression. Sets of
    choices are whole numbers: bit ``n`` is choice ``n``.
    """

    patterns: tuple[Pattern, ...]
    owners: tuple[int, ...]
    choices: tuple[int, ...]
    clues: Mapping[str, "_Clue"]
    wanted: tuple[Clauses, ...]
    single: int
    plain: int
    anywhere: Mapping[int, Pattern]

    @classmethod
    def of(cls, groups: Iterable[Sequence[Pattern]]) -> "Finder":
        """Sort the choices of patterns by the words with which they begin, and by those that they cannot do without."""
        listed = [[(pattern, _beginnings(pattern)) for pattern in group] for group in groups]
        anywhere = {
            number: one_of([pattern for pattern, _ in group]) if len(group) > 1 else group[0][0]
            for number, group in enumerate(listed)
            if not all(begins for _, begins in group)
        }
        owned = [(number, *one) for number, group in enumerate(listed) if number not in anywhere for one in group]
        rows = [
            (number, begun, _asked(pattern, row) or (begun,))
            for number, (_, pattern, begins) in enumerate(owned)
            for row, begun in zip(pattern.rows, begins, strict=True)
        ]
        shared = Counter(word for _, _, asked in rows for clause in asked for word in clause)
        met = {clause: sum(map(shared.__getitem__, clause)) for _, _, asked in rows for clause in asked}
        wanted = tuple(tuple(sorted(asked, key=met.__getitem__)) for _, _, asked in rows)
        single, plain = (_those(len(asked) <= most for asked in wanted) for most in (1, 2))
        return cls(
            tuple(pattern for _, pattern, _ in owned),
            tuple(owner for owner, _, _ in owned),
            tuple(number for number, _, _ in rows),
            _clues([begun for _, begun, _ in rows], wanted),
            wanted,
            single,
            plain,
            anywhere,
        )

    def find(self, text: str) -> list[tuple[int, re.Match[str]]]:
        """What ``finditer`` finds for each group, and the number of the group, group by group."""
        found: list[tuple[int, re.Match[str]]] = []
        group, end = -1, 0
        for owner, place, number in sorted(set(self._tries(Spelt.of(text)))):
            if owner != group:
                group, end = owner, 0
            match = compiled(self.patterns[number].expression).match(text, place) if place >= end else None
            if match:
                end = match.end()
                found.append((owner, match))
        if self.anywhere:
            found += [(number, match) for number, one in self.anywhere.items() for match in one.regex.finditer(text)]
            found.sort(key=itemgetter(0))
        return found

    def _tries(self, spelt: Spelt) -> list[tuple[int, int, int]]:
        """Where a pattern may begin: the number of its group, the place, and its own number, once for each choice."""
        alive = self._alive(spelt.words)
        if not alive:
            return []
        clues, owners, choices = self.clues, self.owners, self.choices
        tries = []
        for place, word in spelt.placed:
            clue = clues.get(word)
            here = clue.begin & alive if clue else 0
            while here:
                lowest = here & -here
                number = choices[lowest.bit_length() - 1]
                tries.append((owners[number], place, number))
                here ^= lowest
        return tries

    def _alive(self, words: frozenset[str]) -> int:
        """The choices of which all words are there, that with which they begin too."""
        begun = first = second = 0
        for clue in filter(None, map(self.clues.get, words)):
            begun |= clue.begin
            first |= clue.first
            second |= clue.second
        met = begun & first & (second | self.single)
        alive = met & self.plain
        for number in _members(met & ~self.plain):
            if possible(self.wanted[number][2:], words):
                alive |= 1 << number
        return alive


@dataclass(slots=True)
class _Clue:
    """What a word tells: the choices that may begin with it, those whose first and whose second clause it meets."""

    begin: int = 0
    first: int = 0
    second: int = 0


def _beginnings(pattern: Pattern) -> list[frozenset[str]]:
    """For each choice the words with which it may begin; none at all where one may begin with anything."""
    found = [firsts((row,)) for row in pattern.rows]
    told = [begun for begun in found if begun]
    return told if len(told) == len(found) else []


def _asked(pattern: Pattern, row: Row) -> Clauses:
    return pattern.wanted if len(pattern.rows) == 1 else clauses((row,))


def _clues(begins: Iterable[frozenset[str]], wanted: Iterable[Clauses]) -> dict[str, _Clue]:
    found: defaultdict[str, _Clue] = defaultdict(_Clue)
    for number, (begun, asked) in enumerate(zip(begins, wanted, strict=True)):
        for word in begun:
            found[word].begin |= 1 << number
        for word in asked[0]:
            found[word].first |= 1 << number
        for word in asked[1] if len(asked) > 1 else ():
            found[word].second |= 1 << number
    return dict(found)


def _those(which: Iterable[bool]) -> int:
    return sum(1 << number for number, one in enumerate(which) if one)


def _members(numbers: int) -> Iterator[int]:
    """The numbers whose bits are set, from the smallest."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest


def thinkable(patterns: Iterable[Pattern], text: str) -> list[Pattern]:
    """The patterns of which a text holds the words that they cannot do without."""
    missing = Spelt.of(text).words.isdisjoint
    return [pattern for pattern in patterns if not any(map(missing, pattern.wanted))]

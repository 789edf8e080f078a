"""What must stand in a text before a pattern can match it: the cheap question before the dear one.

Both answers are led from the pattern itself, so no rule can be forgotten. ``clauses`` asks for whole words and serves
sentences; ``needles`` asks for rows of letters and serves whole posts, in one search for all of them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

Clauses = tuple[frozenset[str], ...]

_WORD = re.compile(r"\w+|[\ue000-\uf8ff]")  # a masked mention is a word of its own
_ASCII_WORD = re.compile(r"\w+", re.ASCII)  # the same, faster, where nothing else stands
_KEPT = b"abcdefghijklmnopqrstuvwxyz0123456789+"
_LOWER = bytes(range(256)).lower()
_DROPPED = bytes(byte for byte in range(256) if bytes([byte]).lower() not in {bytes([kept]) for kept in _KEPT})
_MOST = 2000  # rows of letters from one stretch of a pattern
_KNOWN = 20_000  # answers that are kept: the same few thousand words stand in all patterns of a language


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a pattern: its regular expression, and what it stands for.

    ``texts``: the spellings of a word; ``choices``: the rows of a group; with neither it may stand for anything.
    ``asked`` and ``begun``: the clauses of the choices and the words with which they begin, where these are known
    already (a class of words stands in many patterns).
    ``optional``: it may be missing; ``glued``: it looks at its surroundings and takes nothing.
    """

    regex: str
    optional: bool = False
    glued: bool = False
    texts: tuple[str, ...] = ()
    choices: tuple[tuple["Part", ...], ...] = ()
    asked: tuple[frozenset[str], ...] | None = None
    begun: frozenset[str] | None = None


Row = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Spelt:
    """A text as words, in lower case, each with its place; a masked mention is a word of its own."""

    placed: tuple[tuple[int, str], ...]
    words: frozenset[str]

    @classmethod
    @lru_cache(maxsize=64)  # a sentence is asked for its words again and again while it is read
    def of(cls, text: str) -> "Spelt":
        """The words of a text."""
        if text.isascii():
            placed = tuple([(match.start(), match[0]) for match in _ASCII_WORD.finditer(text.lower())])
            return cls(placed, frozenset([word for _, word in placed]))
        text = text.replace("İ", "i").replace("ı", "i")  # as ``re.IGNORECASE`` takes them
        lower = text.casefold()
        if len(lower) == len(text):  # else places have moved: "ß" is two letters then
            placed = tuple([(match.start(), match[0]) for match in _WORD.finditer(lower)])
        else:
            placed = tuple([(match.start(), match[0].casefold()) for match in _WORD.finditer(text)])
        return cls(placed, frozenset([word for _, word in placed]))


def possible(wanted: Clauses, present: frozenset[str]) -> bool:
    """Whether a text with these words holds one of each clause; false only where the pattern cannot match."""
    return not any(map(present.isdisjoint, wanted))


def firsts(rows: Iterable[Row]) -> frozenset[str] | None:
    """The words of which one stands where a match begins; None where that cannot be told."""
    found = [_row_firsts(row) for row in rows]
    return None if None in found else frozenset().union(*(one for one in found if one is not None))


def _row_firsts(row: Row) -> frozenset[str] | None:
    found: frozenset[str] = frozenset()
    for part in row:
        begun = part.begun or (firsts(part.choices) if part.choices else _text_firsts(part.texts))
        if part.glued or begun is None:
            return None
        found |= begun
        if not part.optional:
            return found
    return None


@lru_cache(maxsize=_KNOWN)
def _text_firsts(texts: tuple[str, ...]) -> frozenset[str] | None:
    found = [_WORD.match(text) for text in texts]
    begun = [match.group().casefold() for match in found if match]
    return frozenset(begun) if begun and len(begun) == len(found) else None


def clauses(choices: Iterable[Row]) -> Clauses:
    """Sets of words; a text without a word of each set is not matched."""
    found = [_of_row(row) for row in choices]
    if len(found) == 1:
        return found[0]
    return (frozenset().union(*(min(one, key=len) for one in found)),) if all(found) else ()


def _of_row(row: Row) -> Clauses:
    if len(row) == 1 and not row[0].optional and not row[0].glued:  # most choices are one word
        return _of_part(row[0])
    return tuple([clause for part in row if not part.optional and not part.glued for clause in _of_part(part)])


def _of_part(part: Part) -> Clauses:
    if part.choices:
        return clauses(part.choices) if part.asked is None else part.asked
    return _of_texts(part.texts)


@lru_cache(maxsize=_KNOWN)
def _of_texts(texts: tuple[str, ...]) -> Clauses:
    columns = zip(*(_WORD.findall(text) for text in texts), strict=False)
    return tuple(frozenset(map(str.casefold, column)) for column in columns)


def squeeze(text: str) -> bytes:
    """The ASCII letters and digits of a text, in lower case, and nothing between them.

    So a term is the same whether a space, a line break, a hyphen or an invisible character splits it.
    """
    return text.encode("utf-8", "surrogatepass").translate(_LOWER, _DROPPED)


class Needle(NamedTuple):
    """A squeezed text. ``opens``: a match begins where it begins, optional words before it aside."""

    letters: bytes
    opens: bool


def needles(choices: Iterable[Row]) -> frozenset[Needle]:
    """Needles of which one stands in every squeezed text that is matched; none: that cannot be told."""
    found = [_row_needles(row) for row in choices]
    return _shortest(frozenset().union(*found)) if all(found) else frozenset()


def _shortest(found: frozenset[Needle]) -> frozenset[Needle]:
    """Those that begin with no other: where the longer stands, the shorter stands too."""
    kept: list[Needle] = []
    begun: list[Needle] = []  # those that are kept and with which the one before begins, the shortest first
    for needle in sorted(found):
        while begun and not needle.letters.startswith(begun[-1].letters):
            begun.pop()
        if not any(one.opens in {False, needle.opens} for one in begun):
            kept.append(needle)
            begun.append(needle)
    return frozenset(kept)


def _row_needles(row: Row) -> frozenset[Needle]:
    """The most telling stretch between two parts of a row that may stand for anything."""
    required = [place for place, part in enumerate(row) if not part.optional and not part.glued]
    if not required:
        return frozenset()
    stretches: list[frozenset[bytes]] = []
    running = frozenset([b""])
    for part in row[required[0] : required[-1] + 1]:
        spelt = _spellings(part)
        if spelt is None or len(running) * len(spelt) > _MOST:
            stretches.append(running)
            running = frozenset([b""])
        else:
            running = frozenset(map(b"".join, product(running, spelt)))
    stretches.append(running)
    best = max(range(len(stretches)), key=lambda place: min(map(len, stretches[place])))
    return frozenset(Needle(letters, opens=best == 0) for letters in stretches[best] if letters)


def _spellings(part: Part) -> frozenset[bytes] | None:
    """All that a part may stand for, squeezed; None where that has no end."""
    missing = frozenset([b""]) if part.optional or part.glued else frozenset[bytes]()
    if part.glued:
        return missing
    if part.choices:
        rows = [_row_spellings(row) for row in part.choices]
        return None if None in rows else missing.union(*(row for row in rows if row is not None))
    return missing.union(map(squeeze, part.texts)) if part.texts else None


def _row_spellings(row: Row) -> frozenset[bytes] | None:
    made = frozenset([b""])
    for part in row:
        spelt = _spellings(part)
        if spelt is None or len(made) * len(spelt) > _MOST:
            return None
        made = frozenset(map(b"".join, product(made, spelt)))
    return made

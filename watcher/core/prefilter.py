"""Whether a post names the technology at all: asked of every post, so it must cost next to nothing.

    text → its letters and digits → one search for all needles → (rarely) a look at the places where one stands

The needles are led from the patterns for the technology and from the names that imply it, so whatever the reader could
find passes; the look keeps out what only seems alike ("the interface matches").
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from watcher.core import pattern as slot
from watcher.core.finder import thinkable
from watcher.core.invisible import visible
from watcher.core.literal import Spelt, needles, squeeze
from watcher.core.mention import Namer, plain
from watcher.core.pattern import Pattern, one_of
from watcher.core.rule import Outline
from watcher.core.vendor import Name, Vendor

Search = Callable[[bytes], Sequence[tuple[int, int]]]
"""The numbers of the needles that stand in a text and where each begins, overlapping ones too."""
Searching = Callable[[Sequence[bytes]], Search]
"""Makes a search for needles, none of which is empty."""

_LOOKS = 40  # places looked at one by one; a text with more is looked through as a whole
_BEFORE = 20  # characters before such a place, of which some may be unseen signs
_REACH = 200  # characters behind it that are looked at: more than the words that a name cannot do without


class Prefilter:
    """The cheap first look for all languages and vendors."""

    def __init__(
        self, vendors: Mapping[str, Vendor], namer: Namer, outlines: Iterable[Outline], searching: Searching
    ) -> None:
        self._namer = namer
        by_language = [(*outline.named, *outline.related) for outline in outlines]
        self._wholes = [one_of(terms) for terms in by_language if terms]
        self._beginning = _by_beginning(term for terms in by_language for term in terms)
        found = [needles(whole.rows) for whole in self._wholes]
        opens = {
            needle.letters: needle.opens for needle in sorted(frozenset().union(*found), key=lambda n: not n.opens)
        }
        self._opens = [opens[letters] for letters in sorted(opens)]
        names = [name for vendor in vendors.values() for name in vendor.names if name.technology]
        self._names = [name for name in names if squeeze(name.text)]
        self._searchable = all(found) and len(self._names) == len(names)  # else each text must be read through
        self.needles = (*sorted(opens), *(squeeze(name.text) for name in self._names))
        self._search = searching(self.needles)

    def passes(self, title: str, text: str) -> bool:
        """Whether a text names the technology; never false for one in which the reader finds a statement."""
        whole = f"{title}\n{text}"
        hits = self._search(squeeze(whole))
        if not hits and self._searchable:
            return False
        return self._looked_at(whole, hits) if self._searchable else self._read_through(whole)

    def _looked_at(self, whole: str, hits: Sequence[tuple[int, int]]) -> bool:
        by_place: dict[int, list[int]] = {}
        for number, place in hits:
            by_place.setdefault(place, []).append(number)
        if len(by_place) > _LOOKS:
            return self._read_through(whole)
        places = sorted(by_place)
        return any(
            self._stands(whole, at, by_place[place]) for place, at in zip(places, _origins(whole, places), strict=True)
        )

    def _stands(self, whole: str, at: int, numbers: Sequence[int]) -> bool:
        """Whether the technology is named where these needles stand."""
        before = visible(whole[max(0, at - _BEFORE) : at]).text[-1:]
        window = plain(before + visible(whole[at : at + _REACH]).text)
        names = [self._names[number - len(self._opens)] for number in numbers if number >= len(self._opens)]
        if any(name.text in window and _may_count(name, whole) for name in names):
            return self._is_named(visible(whole).text)
        opens = [self._opens[number] for number in numbers if number < len(self._opens)]
        if not all(opens):
            return self._is_termed(visible(whole).text)
        return bool(opens) and self._begins(window, len(before))

    def _begins(self, window: str, at: int) -> bool:
        """Whether a term begins at a place; only those are tried of which the words stand behind it."""
        if at and (window[at - 1].isalnum() or window[at - 1] == "_"):  # inside a word
            return False
        rest = window[at:]
        first = next((word for place, word in Spelt.of(rest).placed if place == 0), None)
        terms = [*self._beginning.get(first, ()), *self._beginning.get(None, ())]
        return any(term.regex.match(window, at) for term in thinkable(terms, rest))

    def _read_through(self, whole: str) -> bool:
        seen = visible(whole).text
        return self._is_termed(seen) or self._is_named(seen)

    def _is_termed(self, whole: str) -> bool:
        bare = plain(whole)
        return any(terms.regex.search(bare) for terms in self._wholes)

    def _is_named(self, whole: str) -> bool:
        found = self._namer.within(whole).find(whole)
        return any(mention.technology or mention.slot == slot.TECHNOLOGY for mention in found)


def _by_beginning(terms: Iterable[Pattern]) -> dict[str | None, list[Pattern]]:
    """Terms by the words with which they may begin; None: those of which that cannot be told."""
    found: dict[str | None, list[Pattern]] = {}
    for term in terms:
        for word in term.begun or (None,):
            found.setdefault(word, []).append(term)
    return found


def _may_count(name: Name, whole: str) -> bool:
    if not name.needs:
        return True
    lower = whole.casefold()
    return any(need.casefold() in lower for need in name.needs)


def _origins(text: str, squeezed: Sequence[int]) -> list[int]:
    """Where places of the squeezed text, in order, are in the text."""
    found = []
    at, kept = 0, 0
    for place in squeezed:
        while kept < place or not squeeze(text[at]):
            step = max(1, place - kept)
            kept += len(squeeze(text[at : at + step]))
            at += step
        found.append(at)
    return found

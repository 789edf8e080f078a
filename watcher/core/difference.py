"""What a page says that it did not say before, and the other way round: sentence by sentence, wherever they stand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core.normal import normal
from watcher.core.page import Page, Passage

_ALIKE_HERE = 0.5  # share of words in common from which two sentences of one section are one, edited
_ALIKE_ANYWHERE = 0.7  # the same where it also moved
_MOST = 400  # sentences on a side that are matched pairwise; a page that changed more is another text
_KEPT = 0.3  # share of sentences kept below which a page may be another text
_VOCABULARY = 0.6  # share of words kept above which it is still the same one, however much it was edited
_SMALL = 6  # sentences; with fewer no share says anything


@dataclass(frozen=True, slots=True)
class Edit:
    """A sentence that took the place of another."""

    before: Passage
    after: Passage


@dataclass(frozen=True, slots=True)
class Difference:
    """``added`` holds all sentences that are new, ``gone`` all that went; ``edits`` pairs what belongs together."""

    added: tuple[Passage, ...] = ()
    gone: tuple[Passage, ...] = ()
    edits: tuple[Edit, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.gone)


def difference(before: Page, after: Page) -> Difference:
    """Compare two versions of a page. Each sentence counts once, however often a page repeats it."""
    added = _distinct([passage for passage in after.passages if not before.holds(passage)])
    gone = _distinct([passage for passage in before.passages if not after.holds(passage)])
    added, gone = _uncut(added, gone, before, after)
    return Difference(added, gone, _edits(gone[:_MOST], added[:_MOST]))


def _uncut(
    added: Sequence[Passage], gone: Sequence[Passage], before: Page, after: Page
) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Without the sentences that only were cut in two or joined, as a full stop does that was a semicolon."""
    joined = {passage.key: before.run(passage) for passage in added}
    cut = {passage.key: after.run(passage) for passage in gone}
    same = {key for runs in (joined, cut) for key, run in runs.items() if run}
    same |= {passage.key for runs in (joined, cut) for run in runs.values() for passage in run}
    return tuple(p for p in added if p.key not in same), tuple(p for p in gone if p.key not in same)


def _distinct(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple({passage.key: passage for passage in reversed(passages)}.values())[::-1]


def _edits(gone: Sequence[Passage], added: Sequence[Passage]) -> tuple[Edit, ...]:
    """Pairs, the most alike first; each sentence is in one pair at most."""
    bags = {passage.key: Counter(passage.key.split()) for passage in (*gone, *added)}
    likely = [
        (-alike, g, a)
        for g, old in enumerate(gone)
        for a, new in enumerate(added)
        if (alike := overlap(bags[old.key], bags[new.key])) >= _least(old, new)
    ]
    left, right, pairs = set[int](), set[int](), list[tuple[int, int]]()
    for _, g, a in sorted(likely):
        if g not in left and a not in right:
            left.add(g)
            right.add(a)
            pairs.append((a, g))
    return tuple(Edit(gone[g], added[a]) for a, g in sorted(pairs))


def _least(old: Passage, new: Passage) -> float:
    here = [normal(heading) for heading in old.headings] == [normal(heading) for heading in new.headings]
    return _ALIKE_HERE if here else _ALIKE_ANYWHERE


def overlap(one: Counter[str], other: Counter[str]) -> float:
    """Dice's share of words in common, each counted as often as it stands there: 0 to 1."""
    return 2 * (one & other).total() / ((one.total() + other.total()) or 1)


def another_text(held: Page, page: Page, found: Difference) -> bool:
    """Given what differs, whether a page is hardly the one on record: a notice, another document, or all anew."""
    if len(held.passages) < _SMALL:
        return False
    kept = len(held.passages) - len(found.gone)
    if kept >= _KEPT * len(held.passages):
        return False
    return overlap(_vocabulary(held), _vocabulary(page)) < _VOCABULARY


def _vocabulary(page: Page) -> Counter[str]:
    return Counter(word for passage in page.passages for word in passage.words.split())

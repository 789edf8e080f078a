"""What is told of one vendor and, in a word, of others too: "So has Southgate", "Southgate followed suit"."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from watcher.core import pattern as slot
from watcher.core.clause import ends_near
from watcher.core.discourse import Scene
from watcher.core.finder import thinkable
from watcher.core.findings import Finding
from watcher.core.holder import HOLDERS
from watcher.core.rule import Grammar, Subject
from watcher.core.terms import terms

_REACH = 2  # sentences behind a stance within which others may be said to share it
_FRAME = 8  # words behind "if", "critics hope" and the like within which nothing is a statement


def echoes(scene: Scene, grammar: Grammar, told: Sequence[Finding], written: date) -> list[Finding]:
    """The stances that a sentence gives to further vendors by pointing to one that was told (``told``: all so far)."""
    text = scene.masked.text
    if not told or scene.index - told[-1].index > _REACH or text.rstrip().endswith("?"):
        return []
    found: list[Finding] = []
    for pattern in thinkable(grammar.echoes, text):
        for match in pattern.regex.finditer(text):
            found += _echo(scene, grammar, match.span(), told, written)
    return found


def _echo(
    scene: Scene, grammar: Grammar, cue: tuple[int, int], told: Sequence[Finding], written: date
) -> Iterator[Finding]:
    mine = {finding.vendor for finding in told if finding.index == scene.index}
    others = dict.fromkeys(vendor for vendor in _others(scene, grammar, cue) if vendor not in mine)
    found = terms(scene, grammar, cue, (cue[0], len(scene.masked.text)), written)
    for one in _model(scene, told, set(others)):
        for vendor in others:
            yield replace(
                one,
                vendor=vendor,
                start=scene.sentence.start,
                end=scene.sentence.end,
                quote=scene.sentence.text,
                index=scene.index,
                product=None,
                announced=found.announced,
                past=one.past or found.past or found.again,
                hard_past=one.hard_past or found.again or found.long_ago,
                placed=found.placed,
                own=False,
                in_title=vendor in scene.title_vendors,
                marks=None,
            )


def _others(scene: Scene, grammar: Grammar, cue: tuple[int, int]) -> Iterator[str]:
    """Who is said to do the same: those in the cue and in the list that goes on behind it, else its subject."""
    text, syntax = scene.masked.text, scene.syntax
    if syntax.negated.regex.search(text[: cue[0]]):
        return
    first = text.find(slot.VENDOR, *cue)
    if first < 0:
        holder = HOLDERS[Subject.HOLDER](scene, grammar, cue)
        yield from holder.vendors if holder else ()
        return
    thought = ends_near(grammar.frames, text[: cue[0]], words=_FRAME)
    if thought or not syntax.names_only.regex.match(text[cue[0] : first]):
        return
    goes_on = syntax.list_after.regex.match(text, cue[1])
    end = goes_on.end() if goes_on else cue[1]
    yield from (mention.vendor for _, mention in scene.masked.of(slot.VENDOR, cue[0], end) if mention.vendor)


def _model(scene: Scene, told: Sequence[Finding], others: set[str]) -> list[Finding]:
    """The stances that are pointed to: what was told last, of one vendor that is none of the others."""
    near = [f for f in told if scene.index - f.index <= _REACH and f.vendor not in others]
    if not near:
        return []
    last = max(f.index for f in near)
    first = next(f for f in near if f.index == last)
    return [f for f in near if f.index == last and f.vendor == first.vendor]

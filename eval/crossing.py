"""What a change of the rules is worth on events that it was not made for.

The labelled events are split into two halves. A change that was made while looking at one half is worth what it gains
on the other: so each change between two sets of rules is tried alone, those that gain on one half are taken over, and
they are scored on the other half; then the other way round. What gains on one half only is listed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scores import DEPTHS, HALVES, Labelled, Score, alerts, read_all, score

from watcher.core.reader import Reader
from watcher.core.rule import GROUPS, Grammar, Rule

_DEPTH = DEPTHS["vendor and position"]


@dataclass(frozen=True)
class Change:
    """One difference between two sets of rules: a rule, a group of words around cues, or the words for things."""

    name: str
    grammars: Mapping[str, Grammar]  # the old ones with this change alone

    def over(self, before: Mapping[str, Grammar], after: Mapping[str, Grammar]) -> Mapping[str, Grammar]:
        """This change, taken over into grammars that hold others already."""
        language, _, part = self.name.partition(": ")
        return {**before, language: _with(before[language], after[language], part)}


def cross(posts: Sequence[Labelled], before: Reader, after: Reader) -> None:
    """Print the figures of two sets of rules by half, the gain of each change, and what they come to crosswise."""
    for name, reader in (("before", before), ("after", after)):
        _halves(name, posts, reader)
    changes = list(_changes(before.grammars, after.grammars))
    old = _f1(posts, before)
    gains = {one.name: _less(_f1(posts, _reader(after, one.grammars)), old) for one in changes}
    print(f"\nchanges, each alone ({len(changes)}): F1 (vendor and position) on half A, on half B")
    for name, (a, b) in sorted(gains.items(), key=lambda item: -sum(item[1])):
        print(f"  {a:+.3f}  {b:+.3f}  {name}{_verdict(a, b)}")
    _crosswise(posts, before, after, changes, gains)


def _crosswise(
    posts: Sequence[Labelled],
    before: Reader,
    after: Reader,
    changes: Sequence[Change],
    gains: Mapping[str, tuple[float, float]],
) -> None:
    print("\ncrosswise: changes chosen on one half, scored on the other (vendor and position)")
    total = Score()
    for chosen, scored in ((0, 1), (1, 0)):
        grammars: Mapping[str, Grammar] = before.grammars
        picked = [one for one in changes if gains[one.name][chosen] > 0]
        for one in picked:
            grammars = one.over(grammars, after.grammars)
        there = score(posts, read_all(posts, _reader(after, grammars)), _DEPTH, HALVES[scored])
        print(f"  {len(picked)} chosen on {HALVES[chosen]}, scored on {HALVES[scored]}: {there}")
        for part in ("right", "extra", "missed"):
            setattr(total, part, getattr(total, part) + getattr(there, part))
    print(f"  both together: {total}")


def leave_out(posts: Sequence[Labelled], reader: Reader) -> None:
    """Print what each rule gains on each half: the figures with it less those without it."""
    with_all = read_all(posts, reader)
    whole = tuple(score(posts, with_all, _DEPTH, half).f1 for half in HALVES)
    print("each rule: what F1 (vendor and position) gains by it on half A, on half B")
    for language, grammar in reader.grammars.items():
        for rule in grammar.rules:
            rest = replace(grammar, rules=tuple(other for other in grammar.rules if other.id != rule.id))
            without = _reader(reader, {**reader.grammars, language: rest})
            touched = [post for post in posts if any(s.rule == rule.id for s in with_all[post["id"]])]
            read = {**with_all, **read_all(touched, without)}
            a, b = (now - score(posts, read, _DEPTH, half).f1 for now, half in zip(whole, HALVES, strict=True))
            print(f"  {a:+.3f}  {b:+.3f}  {language}: {rule.id}{_verdict(a, b)}")


def _verdict(a: float, b: float) -> str:
    if min(a, b) < 0:
        return "   <- costs on one half" if max(a, b) > 0 else "   <- costs"
    if max(a, b) > 0:
        return "   <- gains on one half only" if min(a, b) == 0 else ""
    return "   <- changes nothing"


def _halves(name: str, posts: Sequence[Labelled], reader: Reader) -> None:
    read, told = read_all(posts, reader), alerts(posts, reader)
    for half in HALVES:
        print(f"{name}, half {half}")
        for depth, of in DEPTHS.items():
            print(f"  {depth + ':':32}{score(posts, read, of, half)}")
        print(f"  alerts: {told[half]}")


def _f1(posts: Sequence[Labelled], reader: Reader) -> tuple[float, float]:
    read = read_all(posts, reader)
    a, b = (score(posts, read, _DEPTH, half).f1 for half in HALVES)
    return a, b


def _less(new: tuple[float, float], old: tuple[float, float]) -> tuple[float, float]:
    return new[0] - old[0], new[1] - old[1]


def _reader(like: Reader, grammars: Mapping[str, Grammar]) -> Reader:
    return like.with_grammars({**like.grammars, **grammars})


def _changes(before: Mapping[str, Grammar], after: Mapping[str, Grammar]) -> Iterator[Change]:
    for language in before.keys() & after.keys():
        old, new = before[language], after[language]
        for part in _parts(old, new):
            yield Change(f"{language}: {part}", {**before, language: _with(old, new, part)})


def _parts(old: Grammar, new: Grammar) -> Iterator[str]:
    rules = {rule.id: rule for rule in old.rules}, {rule.id: rule for rule in new.rules}
    for name in dict.fromkeys([*rules[1], *rules[0]]):
        if _bare(rules[0].get(name)) != _bare(rules[1].get(name)):
            yield f"rule {name}"
    for group in GROUPS:
        if getattr(old, group) != getattr(new, group):
            yield f"words around a cue: {group}"
    if [words.phrases for words in old.words] != [words.phrases for words in new.words]:
        yield "words for things"


def _bare(rule: Rule | None) -> Rule | None:
    return replace(rule, examples=(), place="") if rule else None


def _with(old: Grammar, new: Grammar, part: str) -> Grammar:
    """The old grammar with one part of the new one."""
    kind, _, name = part.partition(" ")
    if kind == "rule":
        mine, others = {rule.id: rule for rule in new.rules}.get(name), {rule.id: rule for rule in old.rules}
        rules = [mine if rule.id == name else rule for rule in old.rules] + ([] if name in others else [mine])
        return replace(old, rules=tuple(rule for rule in rules if rule))
    if part == "words for things":
        return replace(old, words=new.words)
    group = part.rpartition(" ")[2]
    return replace(old, **{group: getattr(new, group)})

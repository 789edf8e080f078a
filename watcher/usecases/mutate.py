"""The proof of the examples: each entry of the rule files is left out in turn, and an example must notice.

An entry whose absence nobody notices is either without an example or without use. Only those examples are run again in
which the entry was met at all; the others cannot change.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from watcher.core.errors import Fault
from watcher.core.mention import Words
from watcher.core.pattern import Pattern
from watcher.core.reader import Reader
from watcher.core.rule import GROUPS, Grammar, Rule
from watcher.usecases.prove import Claim, claims, fault_of, prove

Given = TypeVar("Given")
_PARTS = {"cues": "cue", "pseudo": "pseudo-cue", "terminated_by": "terminator"}
_SETTINGS: dict[str, object] = {
    "with_end": None, "to_everyone": None, "with_proviso": None, "audience": None, "needs_technology": True,
    "needs_audience": False, "background": False,
}  # fmt: skip  # each with what it is where a rule does not name it


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a rule file: what it is ("cue"), to whom it belongs, how it reads, and where it stands."""

    language: str
    kind: str
    owner: str
    text: str
    place: str

    @property
    def needs(self) -> str:
        """What an untested entry lacks."""
        example = "a firing example of its rule" if self.kind == "cue" else "an example"
        return f"{example} that meets {self.text!r}"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of the examples without an entry: how many met it, and how many noticed that it was gone."""

    entry: Entry
    met: int
    noticed: int


@dataclass(frozen=True, slots=True)
class _Mutant:
    """A grammar without one entry; ``touches`` tells which examples it can matter to."""

    entry: Entry
    grammar: Callable[[], Grammar]
    touches: Callable[["_Run"], bool]


@dataclass(frozen=True, slots=True)
class _Run:
    """An example that holds, and the patterns that were met when it was run."""

    claim: Claim
    met: frozenset[Pattern]


def mutate(reader: Reader) -> Iterator[Trial]:
    """Leave out each cue, pseudo-cue, terminator, word around a cue, phrase and setting of the rules in turn.

    ``reader`` must know the vendor of the examples and nobody else. Examples that do not hold anyway are left out.
    """
    for language, grammar in reader.grammars.items():
        runs = _runs(reader, language)
        for mutant in _mutants(grammar):
            yield _trial(reader, mutant, runs)


def untested(reader: Reader) -> tuple[Entry, ...]:
    """Entries that no example meets: a cue that none of its rule's firing examples meets, another that none meets."""
    return tuple(
        mutant.entry
        for language, grammar in reader.grammars.items()
        for runs in [_runs(reader, language)]
        for mutant in _mutants(grammar)
        if mutant.entry.kind != "setting" and not any(mutant.touches(run) and _counts(mutant, run) for run in runs)
    )


def disproved(reader: Reader) -> list[Fault]:
    """What the examples show to be wrong in the rule files: those that do not hold, and entries without one."""
    found = [(one.example.place, one.rule, f"{one.fault}: {one.example.text!r}") for one in prove(reader) if one.fault]
    found += [(one.place, one.owner, one.needs) for one in untested(reader)]
    placed = [(place.rpartition(":"), key, expected) for place, key, expected in found]
    return [Fault(f"rules/{file}", key, expected, int(line)) for (file, _, line), key, expected in placed]


def _counts(mutant: _Mutant, run: _Run) -> bool:
    return mutant.entry.kind != "cue" or (run.claim.example.fires and run.claim.name == mutant.entry.owner)


def _trial(reader: Reader, mutant: _Mutant, runs: list[_Run]) -> Trial:
    touched = [run for run in runs if mutant.touches(run)]
    if not touched:
        return Trial(mutant.entry, 0, 0)
    language = mutant.entry.language
    without = reader.but(language, mutant.grammar())
    noticed = sum(fault_of(without, language, run.claim) is not None for run in touched)
    return Trial(mutant.entry, len(touched), noticed)


def _runs(reader: Reader, language: str) -> list[_Run]:
    met: set[Pattern] = set()
    watching = reader.but(language, _watched(reader.grammars[language], met))
    found = []
    for claim in claims(reader.grammars[language]):
        met.clear()
        if fault_of(watching, language, claim) is None:
            found.append(_Run(claim, frozenset(met)))
    return found


def _mutants(grammar: Grammar) -> Iterator[_Mutant]:
    for index, rule in enumerate(grammar.rules):
        yield from _of_rule(grammar, index, rule)
    for group in GROUPS:
        yield from _of_group(grammar, group)
    for index, words in enumerate(grammar.words):
        yield from _of_words(grammar, index, words)


def _of_rule(grammar: Grammar, index: int, rule: Rule) -> Iterator[_Mutant]:
    def with_rule(changed: Rule) -> Grammar:
        return replace(grammar, rules=(*grammar.rules[:index], changed, *grammar.rules[index + 1 :]))

    for part, kind in _PARTS.items():
        patterns: tuple[Pattern, ...] = getattr(rule, part)
        for number, pattern in enumerate(patterns):
            rest = patterns[:number] + patterns[number + 1 :]
            entry = Entry(grammar.language, kind, rule.id, pattern.source, pattern.place)
            yield _Mutant(entry, _later(with_rule, replace(rule, **{part: rest})), _meeting({pattern}))  # type: ignore[arg-type]  # a part is a tuple of patterns
    for name, default in _SETTINGS.items():
        if getattr(rule, name) != default:
            entry = Entry(grammar.language, "setting", rule.id, name, rule.place)
            yield _Mutant(entry, _later(with_rule, replace(rule, **{name: default})), _meeting(set(rule.cues)))  # type: ignore[arg-type]  # each with its own default


def _of_group(grammar: Grammar, group: str) -> Iterator[_Mutant]:
    patterns: tuple[Pattern, ...] = getattr(grammar, group)

    def without(number: int) -> Grammar:
        return replace(grammar, **{group: patterns[:number] + patterns[number + 1 :]})  # type: ignore[arg-type]  # a group is a tuple of patterns

    for number, pattern in enumerate(patterns):
        entry = Entry(grammar.language, group, group, pattern.source, pattern.place)
        yield _Mutant(entry, _later(without, number), _meeting({pattern}))


def _of_words(grammar: Grammar, index: int, words: Words) -> Iterator[_Mutant]:
    def without(number: int) -> Grammar:
        rest = words.phrases[:number] + words.phrases[number + 1 :]
        changed = [Words.of(words.slot, rest, words.audience)] if rest else []
        return replace(grammar, words=(*grammar.words[:index], *changed, *grammar.words[index + 1 :]))

    for number, phrase in enumerate(words.phrases):
        entry = Entry(grammar.language, "phrase", "mentions", phrase.source, phrase.place)
        yield _Mutant(entry, _later(without, number), _naming(phrase))


def _later(make: Callable[[Given], Grammar], given: Given) -> Callable[[], Grammar]:
    return lambda: make(given)


def _meeting(patterns: set[Pattern]) -> Callable[[_Run], bool]:
    return lambda run: not patterns.isdisjoint(run.met)


def _naming(phrase: Pattern) -> Callable[[_Run], bool]:
    return lambda run: bool(
        phrase.regex.search(f"{run.claim.example.title}\n{run.claim.example.text}".replace("’", "'"))
    )


# --- patterns that tell when they are met


@dataclass(frozen=True)
class _Watched(Pattern):
    """A pattern that notes when it is met."""

    plain: Pattern = field(kw_only=True)
    met: set[Pattern] = field(kw_only=True)

    @property
    def regex(self) -> re.Pattern[str]:
        """Looks like a compiled expression, as far as reading uses one."""
        return cast("re.Pattern[str]", _Spy(self.plain, self.met))


class _Spy:
    """Searches as the pattern does, and notes what it finds."""

    def __init__(self, plain: Pattern, met: set[Pattern]) -> None:
        self._plain = plain
        self._met = met

    def search(self, text: str, *span: int) -> re.Match[str] | None:
        """As ``re.Pattern.search``."""
        return next(self.finditer(text, *span), None)

    def finditer(self, text: str, *span: int) -> Iterator[re.Match[str]]:
        """As ``re.Pattern.finditer``."""
        for match in self._plain.regex.finditer(text, *span):
            self._met.add(self._plain)
            yield match


def _watched(grammar: Grammar, met: set[Pattern]) -> Grammar:
    def watch(patterns: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
        return tuple(_Watched(one.source, one.expression, one.place, plain=one, met=met) for one in patterns)

    rules = tuple(
        replace(rule, cues=watch(rule.cues), pseudo=watch(rule.pseudo), terminated_by=watch(rule.terminated_by))
        for rule in grammar.rules
    )
    around: dict[str, Any] = {group: watch(getattr(grammar, group)) for group in GROUPS}
    return replace(grammar, rules=rules, **around)

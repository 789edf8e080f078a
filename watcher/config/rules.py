"""The rule files under ``watcher/rules`` become the core's grammar and reader, or one error that names every fault."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

import yaml

from watcher.core.errors import ConfigError, Fault
from watcher.core.mention import Words
from watcher.core.pattern import KINDS, Pattern, PatternError, compile_pattern, verb_forms
from watcher.core.reader import Reader
from watcher.core.rule import Example, Grammar, Modifier, Rule, Subject
from watcher.core.statement import Audience, Position
from watcher.core.vendor import Vendor

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RULE_KEYS = frozenset(
    [
        "id",
        "position",
        "with_end",
        "to_everyone",
        "with_proviso",
        "subject",
        "cues",
        "examples",
        "needs_technology",
        "needs_audience",
        "audience",
        "deal",
        "terminated_by",
        "pseudo",
    ]
)
_GROUPS = (
    "demands_to",
    "demands_that",
    "blockers",
    "frames",
    "terminators",
    "ends",
    "afterthoughts",
    "provisos",
    "background",
    "repeats",
)


class _Faults:
    """Collects what is wrong, so that all of it can be told at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, file: str, key: str, expected: str) -> None:
        self.found.append(Fault(file, key, expected))


def load_grammar(files: Mapping[str, str], language: str) -> Grammar:
    """The grammar of one language from the texts of its files (``words``, ``context``, ``stances``).

    Raises:
        ConfigError: unknown keys, patterns that do not compile, rules without examples, duplicate ids.
    """
    faults = _Faults()
    words, context, stances = (_parse(files, language, name, faults) for name in ("words", "context", "stances"))
    classes = _classes(words or {}, f"{language}/words.yaml", faults)
    maker = _Maker(classes, faults)
    grammar = maker.grammar(language, words or {}, context or {}, stances or [])
    if faults.found:
        raise ConfigError(faults.found)
    return grammar


def _parse(files: Mapping[str, str], language: str, name: str, faults: _Faults) -> Any:  # noqa: ANN401 (YAML is anything)
    try:
        return yaml.load(files[name], Loader=_LOADER)  # noqa: S506 (a safe loader, the C one where it is there)
    except yaml.YAMLError as error:
        faults.add(f"{language}/{name}.yaml", "file", f"valid YAML: {error}")
        return None


def _classes(words: Mapping[str, Any], file: str, faults: _Faults) -> dict[str, str]:
    made: dict[str, str] = {}
    for name, entry in words.get("classes", {}).items():
        forms = [form for verb in entry.get("verbs", []) for form in verb_forms(verb)] + entry.get("forms", [])
        try:
            compiled = [compile_pattern(str(form), made).expression for form in sorted(forms, key=len, reverse=True)]
        except PatternError as error:
            faults.add(file, f"classes.{name}", str(error))
            continue
        made[name] = "|".join(compiled)
    return made


class _Maker:
    """Builds the parts of a grammar and notes every fault on the way."""

    def __init__(self, classes: Mapping[str, str], faults: _Faults) -> None:
        self._classes = classes
        self._faults = faults

    def grammar(
        self, language: str, words: Mapping[str, Any], context: Mapping[str, Any], stances: Iterable[Any]
    ) -> Grammar:
        groups = {
            name: tuple(self._modifiers(f"{language}/context.yaml", name, context.get(name, []))) for name in _GROUPS
        }
        patterns = {name: tuple(cue for entry in entries for cue in entry.cues) for name, entries in groups.items()}
        return Grammar(
            language=language,
            words=tuple(self._mentions(f"{language}/words.yaml", words)),
            rules=tuple(self._rules(f"{language}/stances.yaml", stances)),
            stop_words=frozenset(words.get("stop_words", ())),
            stems=tuple(words.get("stems", ())),
            examples={f"{name}.{entry.id}": entry.examples for name, entries in groups.items() for entry in entries}
            | self._mention_examples(words),
            **patterns,
        )

    def _mentions(self, file: str, words: Mapping[str, Any]) -> Iterator[Words]:
        for kind, entries in words.get("mentions", {}).items():
            for entry in entries:
                patterns = self._patterns(file, f"mentions.{kind}.{entry['id']}", entry["phrases"])
                regex = re.compile("|".join(pattern.expression for pattern in patterns), re.IGNORECASE)
                audience = Audience(entry["audience"]) if "audience" in entry else None
                yield Words(KINDS[kind], regex, audience)

    def _mention_examples(self, words: Mapping[str, Any]) -> dict[str, tuple[Example, ...]]:
        entries = [(kind, entry) for kind, found in words.get("mentions", {}).items() for entry in found]
        return {f"mentions.{kind}.{entry['id']}": _examples(entry.get("examples", {})) for kind, entry in entries}

    def _modifiers(self, file: str, group: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[Modifier]:
        for entry in entries:
            cues = self._patterns(file, f"{group}.{entry['id']}", entry["cues"])
            yield Modifier(entry["id"], cues, _examples(entry.get("examples", {})))

    def _rules(self, file: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[Rule]:
        seen: set[str] = set()
        for entry in entries:
            key = str(entry.get("id", "?"))
            unknown = sorted(set(entry) - _RULE_KEYS)
            if unknown:
                self._faults.add(file, key, f"no unknown keys, but found {', '.join(unknown)}")
            if key in seen:
                self._faults.add(file, key, "an id that is used once")
            seen.add(key)
            examples = _examples(entry.get("examples", {}))
            if {example.fires for example in examples} != {True, False}:
                self._faults.add(file, key, "examples of both kinds: fires and silent")
            yield self._rule(file, key, {k: v for k, v in entry.items() if k in _RULE_KEYS}, examples)

    def _rule(self, file: str, key: str, entry: dict[str, Any], examples: tuple[Example, ...]) -> Rule:
        def position(name: str) -> Position | None:
            return Position(entry[name]) if name in entry else None

        return Rule(
            id=key,
            position=Position(entry["position"]),
            subject=Subject(entry["subject"]),
            cues=self._patterns(file, key, entry["cues"]),
            examples=examples,
            with_end=position("with_end"),
            to_everyone=position("to_everyone"),
            with_proviso=position("with_proviso"),
            needs_technology=bool(entry.get("needs_technology", True)),
            needs_audience=bool(entry.get("needs_audience", False)),
            deal=bool(entry.get("deal", False)),
            audience=Audience(entry["audience"]) if "audience" in entry else None,
            terminated_by=self._patterns(file, key, entry.get("terminated_by", [])),
            pseudo=self._patterns(file, key, entry.get("pseudo", [])),
        )

    def _patterns(self, file: str, key: str, sources: Iterable[str]) -> tuple[Pattern, ...]:
        made = []
        for source in sources:
            try:
                made.append(compile_pattern(str(source), self._classes))
            except PatternError as error:
                self._faults.add(file, key, str(error))
        return tuple(made)


def _examples(entry: Mapping[str, Any]) -> tuple[Example, ...]:
    fires = [_example(item, fires=True) for item in entry.get("fires", [])]
    return tuple(fires + [_example(item, fires=False) for item in entry.get("silent", [])])


def _example(item: str | Mapping[str, str], *, fires: bool) -> Example:
    if isinstance(item, str):
        return Example(item, fires)
    position = Position(item["position"]) if "position" in item else None
    audience = Audience(item["audience"]) if "audience" in item else None
    return Example(item["text"], fires, position, audience)


def rule_files() -> dict[str, dict[str, str]]:
    """The shipped rule files: language → file name without its ending → text."""
    root = resources.files("watcher") / "rules"
    languages = [folder for folder in root.iterdir() if folder.is_dir() and not folder.name.startswith("_")]
    return {
        folder.name: {
            file.name.removesuffix(".yaml"): file.read_text("utf-8")
            for file in folder.iterdir()
            if file.name.endswith(".yaml")
        }
        for folder in languages
    }


def load_reader(vendors: Mapping[str, Vendor], files: Mapping[str, Mapping[str, str]] | None = None) -> Reader:
    """The reader for these vendors, with the shipped rules or those given.

    Raises:
        ConfigError: as ``load_grammar``.
    """
    texts = rule_files() if files is None else files
    grammars = {language: load_grammar(found, language) for language, found in sorted(texts.items())}
    digest = hashlib.sha256()
    for language in sorted(texts):
        for name in sorted(texts[language]):
            digest.update(texts[language][name].encode())
    return Reader(vendors, grammars, version=digest.hexdigest()[:12])

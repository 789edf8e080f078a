"""The rule files under ``watcher/rules`` become the core's grammar and reader, or one error that names every fault."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from watcher.config.rulefile import (
    ContextFile,
    ExampleEntry,
    ExamplesEntry,
    MentionEntry,
    ModifierEntry,
    RuleEntry,
    StancesFile,
    WordsFile,
)
from watcher.config.shape import entry_id, validate
from watcher.config.syntaxfile import load_spacing, load_syntax
from watcher.config.wordsearch import searching
from watcher.config.yaml import Loaded, Step, line_of, parse
from watcher.core.errors import ConfigError, Fault
from watcher.core.mention import Words
from watcher.core.pattern import KINDS, Pattern, PatternError, compile_pattern, one_of
from watcher.core.reader import Reader
from watcher.core.rule import GROUPS, Example, Grammar, Outline, Rule
from watcher.core.syntax import Syntax, forms_of
from watcher.core.vendor import Vendor

NAMES = ("words", "context", "stances", "syntax")
_OPTIONAL = {"syntax": "{}"}  # rules alone can be tried without


def load_grammar(files: Mapping[str, str], language: str) -> Grammar:
    """The grammar of one language from the texts of its files (``words``, ``context``, ``stances``).

    Raises:
        ConfigError: a file is missing or no YAML; unknown keys, patterns that do not compile, rules without examples of
            both kinds, an id that is used twice. Every fault with its line.
    """
    words_file, context_file, stances_file, syntax_file = parsed = _parsed(files, language)
    words = validate(WordsFile, words_file)
    context, stances = validate(ContextFile, context_file), validate(StancesFile, stances_file)
    syntax = load_syntax(syntax_file)
    if words and context and stances:
        known = _Known(_classes(words, words_file, syntax), syntax)
        made = _grammar(
            language, words, _Maker(words_file, known), _modified(context, _Maker(context_file, known)),
            tuple(_rules(stances, _Maker(stances_file, known))),
        )  # fmt: skip
    faults = [fault for loaded in parsed for fault in _sorted(loaded)]
    if faults:
        raise ConfigError(faults)
    return made


class Grammars(Mapping[str, Grammar]):
    """The grammars of some languages, each made when a text of it is met: most processes meet one language."""

    def __init__(self, files: Mapping[str, Mapping[str, str]]) -> None:
        self._files = files
        self._made: dict[str, Grammar] = {}

    def __getitem__(self, language: str) -> Grammar:
        """The grammar of a language.

        Raises:
            ConfigError: as ``load_grammar``.
        """
        if language not in self._made:
            self._made[language] = load_grammar(self._files[language], language)
        return self._made[language]

    def __contains__(self, language: object) -> bool:
        return language in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)


def _parsed(files: Mapping[str, str], language: str, names: Sequence[str] = NAMES) -> tuple[Loaded, ...]:
    faults, found = [], []
    for name in names:
        file = f"{language}/{name}.yaml"
        text = files.get(name, _OPTIONAL.get(name))
        if text is None:
            faults.append(Fault(file, "file", "does not exist; each language has words, context and stances"))
            continue
        try:
            found.append(parse(text.encode(), file))
        except ConfigError as error:
            faults.extend(error.faults)
    if faults:
        raise ConfigError(faults)
    return tuple(found)


def _sorted(loaded: Loaded) -> list[Fault]:
    return sorted(dict.fromkeys(loaded.faults), key=lambda fault: fault.line or 0)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the files of a language share: the classes of words, and how sentences are built."""

    classes: Mapping[str, Pattern]
    syntax: Syntax


def _classes(words: WordsFile, loaded: Loaded, syntax: Syntax) -> dict[str, Pattern]:
    made: dict[str, Pattern] = {}
    for name, entry in words.classes.items():
        forms = [form for verb in entry.verbs for form in forms_of(verb, syntax.endings)] + list(entry.forms)
        try:
            compiled = [
                compile_pattern(form, made, spacing=syntax.spacing) for form in sorted(forms, key=len, reverse=True)
            ]
        except PatternError as error:
            loaded.fault(("classes", name), str(error))
            continue
        made[name] = one_of(compiled)
    return made


class _Maker:
    """Compiles what stands in one file, and notes what does not compile."""

    def __init__(self, loaded: Loaded, known: _Known) -> None:
        self.loaded = loaded
        self.known = known

    def place(self, path: Sequence[Step]) -> str:
        """The line on which something stands, for people: ``en/stances.yaml:12``."""
        return f"{self.loaded.file}:{line_of(self.loaded.value, path)}"

    def patterns(self, path: Sequence[Step], sources: Iterable[str]) -> tuple[Pattern, ...]:
        """The patterns of a list that stands at ``path``."""
        made = []
        for index, source in enumerate(sources):
            place = (*path, index)
            try:
                made.append(compile_pattern(source, self.known.classes, self.place(place), self.known.syntax.spacing))
            except PatternError as error:
                self.loaded.fault(place, str(error), name=entry_id(self.loaded.value, place))
        return tuple(made)

    def examples(self, path: Sequence[Step], entry: ExamplesEntry) -> tuple[Example, ...]:
        """The examples that stand at ``path``."""
        kinds: tuple[tuple[str, tuple[ExampleEntry, ...]], ...] = (("fires", entry.fires), ("silent", entry.silent))
        return tuple(
            Example(
                one.text,
                kind == "fires",
                one.position,
                one.audience,
                one.past,
                one.title or "",
                one.own,
                self.place((*path, kind, index)),
            )
            for kind, found in kinds
            for index, one in enumerate(found)
        )


_Modified = tuple[dict[str, tuple[Pattern, ...]], dict[str, tuple[Example, ...]]]


def _grammar(language: str, words: WordsFile, maker: _Maker, modified: _Modified, rules: tuple[Rule, ...]) -> Grammar:
    groups, examples = modified
    mentions = [(kind, index, entry) for kind, entries in words.mentions.items() for index, entry in enumerate(entries)]
    of_words = {
        f"mentions.{kind}.{entry.id}": maker.examples(("mentions", kind, index, "examples"), entry.examples)
        for kind, index, entry in mentions
    }
    return Grammar(
        language=language,
        words=tuple(_mention(maker, kind, index, entry) for kind, index, entry in mentions),
        rules=rules,
        syntax=maker.known.syntax,
        stop_words=frozenset(words.stop_words),
        related=one_of(maker.patterns(("related",), words.related)),
        examples={**examples, **of_words},
        **groups,
    )


def _mention(maker: _Maker, kind: str, index: int, entry: MentionEntry) -> Words:
    phrases = maker.patterns(("mentions", kind, index, "phrases"), entry.phrases)
    return Words.of(KINDS[kind], phrases, entry.audience)


def _modified(context: ContextFile, maker: _Maker) -> _Modified:
    groups: dict[str, tuple[Pattern, ...]] = {}
    examples: dict[str, tuple[Example, ...]] = {}
    for group in GROUPS:
        entries: tuple[ModifierEntry, ...] = getattr(context, group)
        groups[group] = tuple(
            cue for index, entry in enumerate(entries) for cue in maker.patterns((group, index, "cues"), entry.cues)
        )
        for index, entry in enumerate(entries):
            examples[f"{group}.{entry.id}"] = maker.examples((group, index, "examples"), entry.examples)
    return groups, examples


def _rules(stances: StancesFile, maker: _Maker) -> Iterator[Rule]:
    seen: set[str] = set()
    for index, entry in enumerate(stances.root):
        if entry.id in seen:
            maker.loaded.fault((index, "id"), "an id that is used once", name=entry.id)
        seen.add(entry.id)
        yield _rule(maker, index, entry)


def _rule(maker: _Maker, index: int, entry: RuleEntry) -> Rule:
    return Rule(
        id=entry.id,
        position=entry.position,
        subject=entry.subject,
        cues=maker.patterns((index, "cues"), entry.cues),
        examples=maker.examples((index, "examples"), entry.examples),
        with_end=entry.with_end,
        to_everyone=entry.to_everyone,
        with_proviso=entry.with_proviso,
        needs_technology=entry.needs_technology,
        needs_audience=entry.needs_audience,
        deal=entry.deal,
        recalls=entry.recalls,
        background=entry.background,
        audience=entry.audience,
        despite=maker.patterns((index, "despite"), entry.despite),
        terminated_by=maker.patterns((index, "terminated_by"), entry.terminated_by),
        pseudo=maker.patterns((index, "pseudo"), entry.pseudo),
        place=maker.place((index,)),
    )


def load_outline(files: Mapping[str, str], language: str) -> Outline:
    """What must be known of a language before a text of it is met; from ``words.yaml`` alone.

    Raises:
        ConfigError: what that file lacks or gets wrong; every fault with its line.
    """
    words_file, syntax_file = _parsed(files, language, ("words", "syntax"))
    words, spacing = validate(WordsFile, words_file), load_spacing(syntax_file)
    if words:
        named = words.mentions.get("technology", ())
        with_classes = any("{" in phrase for phrase in (*words.related, *(p for entry in named for p in entry.phrases)))
        syntax = load_syntax(syntax_file) if with_classes else Syntax(spacing=spacing)
        classes = _classes(words, words_file, syntax) if with_classes else {}
        maker = _Maker(words_file, _Known(classes, syntax))
        kinds = [_mention(maker, "technology", index, entry) for index, entry in enumerate(named)]
        related = maker.patterns(("related",), words.related)
        phrases = tuple(phrase for kind in kinds for phrase in kind.phrases)
        made = Outline(frozenset(words.stop_words), phrases, related)
    faults = [fault for loaded in (words_file, syntax_file) for fault in _sorted(loaded)]
    if faults:
        raise ConfigError(faults)
    return made


def rule_files(folder: str | None = None) -> dict[str, dict[str, str]]:
    """The rule files in a folder, or the shipped ones: language → file name without its ending → text.

    Args:
        folder: holds one folder for each language, or the files of one language themselves.

    Raises:
        ConfigError: there is no such folder, or no rule file in it.
    """
    root = Path(folder) if folder else resources.files("watcher") / "rules"
    if not root.is_dir():
        raise ConfigError([Fault(str(folder), "folder", "a folder with a folder for each language, such as en")])
    languages = [child for child in root.iterdir() if child.is_dir() and not child.name.startswith((".", "_"))]
    if (root / "stances.yaml").is_file():
        languages = [root]
    found = _texts(languages)
    if not found:
        raise ConfigError([Fault(str(folder), "folder", f"holds no rules; each language has {', '.join(NAMES)}")])
    return found


def _texts(languages: Iterable[Traversable]) -> dict[str, dict[str, str]]:
    return {
        folder.name: texts
        for folder in languages
        if (
            texts := {
                file.name.removesuffix(".yaml"): file.read_text("utf-8")
                for file in folder.iterdir()
                if file.name.endswith(".yaml")
            }
        )
    }


def load_reader(vendors: Mapping[str, Vendor], files: Mapping[str, Mapping[str, str]] | None = None) -> Reader:
    """The reader for these vendors, with the shipped rules or those given.

    Raises:
        ConfigError: as ``load_grammar``.
    """
    texts = rule_files() if files is None else files
    grammars: Mapping[str, Grammar] = Grammars(texts)
    if files is not None:  # not ours, and not tested with the code
        grammars = dict(grammars)
    outlines = {language: load_outline(found, language) for language, found in sorted(texts.items())}
    digest = hashlib.sha256()
    for language in sorted(texts):
        for name in sorted(texts[language]):
            digest.update(texts[language][name].encode())
    return Reader(vendors, grammars, digest.hexdigest()[:12], searching, outlines)

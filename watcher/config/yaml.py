"""YAML as plain values that still know their lines, so that a fault can be told with its place.

Only plain data is made: no tag can name a Python object. Aliases and merge keys work, but each use counts again, so
that a small file cannot grow without bound (the "billion laughs").
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from watcher.core.errors import ConfigError, Fault

MAX_BYTES = 5_000_000
MAX_VALUES = 1_000_000
MAX_DEPTH = 40

Step = str | int
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STR = "tag:yaml.org,2002:str"
_MERGE = "tag:yaml.org,2002:merge"


class Map(dict[str, Any]):
    """A mapping that knows the line of each of its keys, counted from 1."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class List(list[Any]):
    """A list that knows the line of each of its items, counted from 1."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


@dataclass(slots=True)
class Loaded:
    """What a file holds, and what was wrong with its YAML beyond its syntax."""

    file: str
    value: Any
    faults: list[Fault] = field(default_factory=list)

    def fault(self, path: Sequence[Step], expected: str, *, name: str | None = None) -> None:
        """Note a fault at a path; ``name`` is the id of the entry it stands in, where that is known."""
        key = f"{dotted(path)} ({name})" if name else dotted(path)
        self.faults.append(Fault(self.file, key, expected, line_of(self.value, path)))

    def refuse(self) -> None:
        """End here if there is any fault.

        Raises:
            ConfigError: with all faults, in the order of the file, each once.
        """
        if self.faults:
            raise ConfigError(sorted(dict.fromkeys(self.faults), key=lambda fault: fault.line or 0))


def dotted(path: Sequence[Step]) -> str:
    """A path as people write it: ``sources[3].every``."""
    made = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return made.lstrip(".") or "file"


def line_of(value: Any, path: Sequence[Step]) -> int | None:  # noqa: ANN401 (YAML is anything)
    """The line of the deepest part of ``path`` that exists."""
    line = None
    for step in path:
        try:
            line = value.lines[step]
            value = value[step]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def read(path: str, *, missing: str) -> Loaded:
    """Read one file.

    Args:
        path: where it is.
        missing: what to do when it is not there; a sentence for people.

    Raises:
        ConfigError: it cannot be read, is too large, not UTF-8, empty, or no YAML.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise ConfigError([Fault(path, "file", f"does not exist; {missing}")]) from error
    except OSError as error:
        raise ConfigError([Fault(path, "file", f"must be readable: {error.strerror}")]) from error
    return parse(data, path)


def parse(data: bytes, file: str) -> Loaded:
    """The values of one YAML document; ``file`` is its name in messages.

    Raises:
        ConfigError: too large, not UTF-8, empty, no YAML, or more than one document.
    """
    if len(data) > MAX_BYTES:
        raise ConfigError([Fault(file, "file", f"at most {MAX_BYTES // 1_000_000} MB")])
    loader = _LOADER(_text(data, file))
    try:
        return _Builder(loader, Loaded(file, None)).document()
    except yaml.YAMLError as error:
        raise ConfigError([_syntax(error, file)]) from error
    finally:
        loader.dispose()


def _text(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError([Fault(file, "file", "UTF-8 text, but this line holds other bytes", line)]) from error


def _syntax(error: yaml.YAMLError, file: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "characters that YAML does not allow"
    if mark is None:
        return Fault(file, "file", f"valid YAML: {problem}")
    return Fault(file, "file", f"valid YAML: {problem} (column {mark.column + 1})", mark.line + 1)


class _Builder:
    """Turns the parser's events into values, and notes what cannot be one.

    Not its nodes: the C library builds those by recursion, and ten thousand opening brackets end the process.
    """

    def __init__(self, loader: Any, loaded: Loaded) -> None:  # noqa: ANN401 (the C and the Python loader share no type)
        self._loader = loader
        self._told = loader.yaml_implicit_resolvers  # by the first sign of what may be more than a text
        self._next = loader.get_event  # the events have no common type that is typed
        self._loaded = loaded
        self._count = 0
        self._anchors: dict[str, tuple[Any, int]] = {}  # what each name stands for, and how many values that is

    def document(self) -> Loaded:
        self._next()  # the stream's start
        if isinstance(self._loader.peek_event(), yaml.StreamEndEvent):
            raise ConfigError(
                [Fault(self._loaded.file, "file", "is empty; docs/sources.md shows what may stand in it")]
            )
        self._next()  # the document's start
        self._loaded.value = self._value(self._next(), ())
        self._next()  # the document's end
        if not isinstance(self._loader.peek_event(), yaml.StreamEndEvent):
            line = self._loader.peek_event().start_mark.line + 1
            raise ConfigError([Fault(self._loaded.file, "file", "one document, without a second one after ---", line)])
        return self._loaded

    def _value(self, event: Any, path: tuple[Step, ...]) -> Any:  # noqa: ANN401 (YAML is anything)
        before = self._count
        self._spend(1, event, path)
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event, path)
        elif isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = self._list(path)
        else:
            value = self._map(path)
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, self._count - before)
        return value

    def _spend(self, count: int, event: Any, path: tuple[Step, ...]) -> None:  # noqa: ANN401 (as above)
        self._count += count
        if self._count > MAX_VALUES or len(path) > MAX_DEPTH:
            limit = f"at most {MAX_VALUES:,} values, {MAX_DEPTH} deep, each alias counted every time"
            raise ConfigError([Fault(self._loaded.file, dotted(path[:3]), limit, event.start_mark.line + 1)])

    def _alias(self, event: Any, path: tuple[Step, ...]) -> Any:  # noqa: ANN401 (YAML is anything)
        if event.anchor not in self._anchors:
            self._note(event, path, f"an anchor &{event.anchor} that is complete before *{event.anchor}")
            return None
        value, count = self._anchors[event.anchor]
        self._spend(count, event, path)
        return value

    def _scalar(self, event: Any, path: tuple[Step, ...]) -> Any:  # noqa: ANN401 (YAML is anything)
        tag = self._tag(event)
        if tag == _STR:
            return event.value
        try:
            return self._loader.construct_object(yaml.ScalarNode(tag, event.value, event.start_mark))
        except (yaml.YAMLError, ValueError):
            self._note(event, path, f"a plain value, not {event.value!r}")
            return None

    def _tag(self, event: Any) -> str:  # noqa: ANN401 (as above)
        if event.tag is not None and event.tag != "!":
            return str(event.tag)
        if not event.implicit[0] or event.value[:1] not in self._told:  # in quotes, or a text by its first sign
            return _STR
        return str(self._loader.resolve(yaml.ScalarNode, event.value, event.implicit))

    def _list(self, path: tuple[Step, ...]) -> List:
        made = List()
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            made.lines.append(event.start_mark.line + 1)
            made.append(self._value(event, (*path, len(made))))
        return made

    def _map(self, path: tuple[Step, ...]) -> Map:
        made, merged = Map(), Map()
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._note(event, path, "keys that are plain words")
                self._value(event, path)
                self._value(self._next(), path)
            elif (event.tag or event.value == "<<") and self._tag(event) == _MERGE:
                self._merge(merged, self._next(), path)
            else:
                self._pair(made, event, path)
        return _under(made, merged)

    def _pair(self, made: Map, event: Any, path: tuple[Step, ...]) -> None:  # noqa: ANN401 (as above)
        key = event.value
        value = self._value(self._next(), (*path, key))
        if key in made:
            self._note(event, (*path, key), f"each key once; the first is on line {made.lines[key]}")
        else:
            made.lines[key] = event.start_mark.line + 1
            made[key] = value

    def _merge(self, merged: Map, event: Any, path: tuple[Step, ...]) -> None:  # noqa: ANN401 (as above)
        value = self._value(event, path)
        for part in value if isinstance(value, List) else [value]:
            if isinstance(part, Map):
                _under(merged, part)
            else:
                self._note(event, path, "mappings after <<")

    def _note(self, event: Any, path: tuple[Step, ...], expected: str) -> None:  # noqa: ANN401 (as above)
        self._loaded.faults.append(Fault(self._loaded.file, dotted(path), expected, event.start_mark.line + 1))


def _under(made: Map, merged: Map) -> Map:
    for key, value in merged.items():
        if key not in made:
            made[key] = value
            made.lines[key] = merged.lines[key]
    return made

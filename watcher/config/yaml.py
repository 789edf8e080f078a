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
        node = loader.get_single_node()
        if node is None:
            raise ConfigError([Fault(file, "file", "is empty; see the example in docs/sources.md")])
        builder = _Builder(loader, Loaded(file, None))
        return builder.build(node)
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
    """Turns nodes into values, and notes what cannot be one."""

    def __init__(self, loader: Any, loaded: Loaded) -> None:  # noqa: ANN401 (the C and the Python loader share no type)
        self._loader = loader
        self._loaded = loaded
        self._left = MAX_VALUES

    def build(self, node: yaml.Node) -> Loaded:
        self._loaded.value = self._value(node, ())
        return self._loaded

    def _value(self, node: yaml.Node, path: tuple[Step, ...]) -> Any:  # noqa: ANN401 (YAML is anything)
        self._left -= 1
        if self._left < 0 or len(path) > MAX_DEPTH:
            limit = f"at most {MAX_VALUES:,} values, {MAX_DEPTH} deep, each alias counted every time"
            raise ConfigError([Fault(self._loaded.file, dotted(path[:3]), limit, node.start_mark.line + 1)])
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if isinstance(node, yaml.SequenceNode):
            return self._list(node, path)
        return self._map(node, path)

    def _scalar(self, node: yaml.ScalarNode, path: tuple[Step, ...]) -> Any:  # noqa: ANN401 (YAML is anything)
        if node.tag == _STR:
            return node.value
        try:
            return self._loader.construct_object(node)
        except (yaml.YAMLError, ValueError):
            self._note(node, path, f"a plain value, not {node.value!r}")
            return None

    def _list(self, node: yaml.SequenceNode, path: tuple[Step, ...]) -> List:
        made = List()
        for index, item in enumerate(node.value):
            made.lines.append(item.start_mark.line + 1)
            made.append(self._value(item, (*path, index)))
        return made

    def _map(self, node: yaml.Node, path: tuple[Step, ...]) -> Map:
        made, merged = Map(), Map()
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._note(key, path, "keys that are plain words")
            elif key.tag == _MERGE:
                self._merge(merged, item, path)
            elif key.value in made:
                self._note(key, (*path, key.value), f"each key once; the first is on line {made.lines[key.value]}")
            else:
                made.lines[key.value] = key.start_mark.line + 1
                made[key.value] = self._value(item, (*path, key.value))
        return _under(made, merged)

    def _merge(self, merged: Map, node: yaml.Node, path: tuple[Step, ...]) -> None:
        value = self._value(node, path)
        for part in value if isinstance(value, List) else [value]:
            if isinstance(part, Map):
                _under(merged, part)
            else:
                self._note(node, path, "mappings after <<")

    def _note(self, node: yaml.Node, path: tuple[Step, ...], expected: str) -> None:
        self._loaded.faults.append(Fault(self._loaded.file, dotted(path), expected, node.start_mark.line + 1))


def _under(made: Map, merged: Map) -> Map:
    for key, value in merged.items():
        if key not in made:
            made[key] = value
            made.lines[key] = merged.lines[key]
    return made

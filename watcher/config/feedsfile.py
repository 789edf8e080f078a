"""Adding sources to ``feeds.yaml`` without touching a byte of what stands in it.

Lines are inserted after the last source; nothing is loaded and written anew, as a YAML library would do: even one that
keeps comments changes quotes, indentation, line ends and the width of lines, and an operator's file would come back as
somebody else's. What was inserted is then read like any feeds.yaml: unless the sources are the old ones and the new
ones in this order, the file stays as it was.
"""

import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from watcher.config import feeds
from watcher.config.yaml import Map, parse
from watcher.core.errors import ConfigError, Fault
from watcher.core.source import Source

Entry = Mapping[str, str]  # the keys of one source, as feeds.yaml writes them

NEW = "# yaml-language-server: $schema=./feeds.schema.json\n\n"

_ORDER = ("id", "type", "url", "name", "kind", "vendor", "every", "full_text", "language", "selector", "auth", "proxy")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w ./()'&;%=?~+-]|:(?=//)|,(?= )|:(?=\d))*")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INDENT = 2


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the list of sources ends: a line and a column, both from 0, and how the list is written."""

    line: int
    column: int
    indent: int = _INDENT
    flow: bool = False
    empty: bool = False
    spaced: bool = False


def append(path: str, entries: Sequence[Entry]) -> str:
    """Add sources at the end of the list of a file, which is made where there is none; the lines that were added.

    Raises:
        ConfigError: the file has faults, or would have with these sources in it, or cannot be written.
    """
    after, added = with_added(_bytes(path), entries, path)
    _write(Path(path), after)
    return added


def with_added(before: bytes, entries: Sequence[Entry], path: str) -> tuple[bytes, str]:
    """A file's bytes with sources added, and the lines that were added; ``path`` is its name in messages.

    Raises:
        ConfigError: as for ``append``.
    """
    old = _sources(before, path)
    text = before.decode("utf-8-sig")
    mark = before[: len(before) - len(text.encode())]
    newline = "\r\n" if "\r\n" in text else "\n"
    place = _place(text, path)
    made, added = _inserted(text, place, entries, newline)
    after = mark + made.encode()
    new = feeds.interpret(parse(after, path)).sources
    if new[: len(old)] != old or [one.id for one in new[len(old) :]] != [entry["id"] for entry in entries]:
        raise _unfit(path)
    return after, added.replace("\r\n", "\n")


def preview(path: str, entries: Sequence[Entry]) -> str:
    """The lines that ``append`` would add.

    Raises:
        ConfigError: as for ``append``.
    """
    return with_added(_bytes(path), entries, path)[1]


def lines(entry: Entry, indent: int = _INDENT) -> list[str]:
    """A source as lines of YAML."""
    keys = [key for key in _ORDER if entry.get(key)]
    return [f"{' ' * indent}{'  ' if number else '- '}{key}: {_scalar(entry[key])}" for number, key in enumerate(keys)]


def _scalar(value: str) -> str:
    if _PLAIN.fullmatch(value) and not value.endswith(" ") and yaml.safe_load(value) == value:
        return value
    return _quoted(value)


def _quoted(value: str) -> str:
    """In double quotes, which may hold anything; JSON's own form splits some signs in two, which YAML does not join."""
    signs = (f"\\{sign}" if sign in '"\\' else sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in value)
    return f'"{"".join(signs)}"'


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return NEW.encode()
    except OSError as error:
        raise ConfigError([Fault(path, "file", f"must be readable: {error.strerror}")]) from error


def _sources(data: bytes, path: str) -> tuple[Source, ...]:
    if not _has_any(data, path):
        return ()
    return feeds.interpret(parse(data, path)).sources


def _has_any(data: bytes, path: str) -> bool:
    """Whether a file names sources; an empty one, or one with other keys alone, is no fault here."""
    if not re.search(rb"^[^#\s]", data.removeprefix(b"\xef\xbb\xbf"), re.MULTILINE):
        return False
    value = parse(data, path).value
    return not isinstance(value, Map) or bool(value.get("sources"))


# --- where


def _place(text: str, path: str) -> _Place:
    """The end of the list of sources; the end of the text where there is no list yet."""
    events: Iterator[Any] = _events(text)
    depth = 0
    for event in events:
        if depth == 1 and isinstance(event, yaml.ScalarEvent):
            value = next(events)
            if event.value == "sources":
                return _end_of(value, events, text, path)
            depth += _step(value)
            while depth > 1:
                depth += _step(next(events))
            continue
        depth += _step(event)
    return _Place(len(text.splitlines()), 0, empty=True)


def _events(text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    finally:
        loader.dispose()


def _step(event: object) -> int:
    opening = isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
    return opening - isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)


def _end_of(start: Any, events: Iterator[Any], text: str, path: str) -> _Place:  # noqa: ANN401 (events have no type)
    mark: Any = start.start_mark
    if isinstance(start, yaml.ScalarEvent) and not start.value:
        return _Place(mark.line + 1, 0, empty=True)
    if not isinstance(start, yaml.SequenceStartEvent):
        raise _unfit(path)
    inside = list(_inside(events))
    last: Any = next((event for event in reversed(inside[:-1]) if not _ends_block(event)), start)
    if start.flow_style:
        mark = last.end_mark  # of an empty list: after its opening bracket
        return _Place(mark.line, mark.column, flow=True, empty=last is start)
    return _block_end(start, last, text)


def _ends_block(event: Any) -> bool:  # noqa: ANN401 (events have no type)
    """Whether an event is the end of a part without brackets, which is told only where the next part begins."""
    closing = isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
    return closing and (event.start_mark.line, event.start_mark.column) == (event.end_mark.line, event.end_mark.column)


def _inside(events: Iterator[Any]) -> Iterator[Any]:
    depth = 1
    for event in events:
        yield event
        depth += _step(event)
        if not depth:
            return


def _block_end(start: Any, last: Any, text: str) -> _Place:  # noqa: ANN401 (events have no type)
    """The line after the last source, with the comments that are indented below it."""
    rows, indent, mark = text.splitlines(), start.start_mark.column, last.end_mark
    line = mark.line if mark.column else mark.line - 1
    while line > 0 and not rows[line].strip():
        line -= 1
    while line + 1 < len(rows) and re.match(rf"[ ]{{{indent + 1},}}#", rows[line + 1]):
        line += 1
    starts = [number for number, row in enumerate(rows[: line + 1]) if re.match(rf"[ ]{{{indent}}}-(?:\s|$)", row)]
    spaced = len(starts) > 1 and any(not rows[number - 1].strip() for number in starts[1:])
    return _Place(line + 1, 0, indent, spaced=spaced)


# --- what


def _inserted(text: str, place: _Place, entries: Sequence[Entry], newline: str) -> tuple[str, str]:
    rows = text.splitlines(keepends=True)
    if place.flow:
        added = ", ".join(map(in_braces, entries))
        row = rows[place.line]
        rows[place.line] = row[: place.column] + ("" if place.empty else ", ") + added + row[place.column :]
        return "".join(rows), added
    head = [] if not place.empty or _names_sources(text) else ["sources:"]
    gap = [""] if place.spaced else []
    new = [*head, *(line for entry in entries for line in (*gap, *lines(entry, place.indent)))]
    added = "".join(f"{line}{newline}" for line in new)
    before = "".join(rows[: place.line])
    if before and not before.endswith(("\n", "\r")):
        before += newline
    return before + added + "".join(rows[place.line :]), added


def in_braces(entry: Entry) -> str:
    """A source as a mapping on one line."""
    return "{" + ", ".join(f'"{key}": {_quoted(entry[key])}' for key in _ORDER if entry.get(key)) + "}"


def _names_sources(text: str) -> bool:
    return re.search(r"^(?:\"sources\"|'sources'|sources)\s*:", text, re.MULTILINE) is not None


def _unfit(path: str) -> ConfigError:
    expected = "a plain list, so that a source can be added to it; add the lines that --dry-run shows by hand"
    return ConfigError([Fault(path, "sources", expected)])


def _write(file: Path, data: bytes) -> None:
    """Whole or not at all; where the file cannot be replaced, as in a container's mount of one file, in its place."""
    real = file.resolve()
    try:
        _replace(real, data)
    except OSError:
        try:
            real.write_bytes(data)
        except OSError as error:
            raise ConfigError([Fault(str(file), "file", f"must be writable: {error.strerror}")]) from error


def _replace(file: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(data)
            made.flush()
            os.fsync(made.fileno())
        Path(name).chmod(file.stat().st_mode & 0o7777 if file.exists() else 0o644)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise

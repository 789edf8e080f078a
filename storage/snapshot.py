"""Core values as JSON and back, for those that are kept whole inside a row."""

import types
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def dump(value: object) -> dict[str, Any]:
    """A dataclass of texts, numbers, enums, dates and times as a JSON object."""
    return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]  # a dataclass


def load(kind: type[Value], data: Mapping[str, Any]) -> Value:
    """The dataclass again. A field that is new since then takes its default; one that is gone is ignored."""
    made: Callable[..., Value] = kind
    readers = _readers(made)
    return made(**{name: readers[name](found) for name, found in data.items() if name in readers})


def _plain(value: Any) -> Any:  # noqa: ANN401  (any JSON value)
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


@cache
def _readers(kind: Any) -> dict[str, Callable[[Any], Any]]:  # noqa: ANN401  (the class of a dataclass)
    hints = get_type_hints(kind)
    return {field.name: _reader(hints[field.name]) for field in fields(kind)}


def _reader(hint: Any) -> Callable[[Any], Any]:  # noqa: ANN401  (a type, or a union of one and None)
    if get_origin(hint) in {Union, types.UnionType}:
        inner = _reader(next(one for one in get_args(hint) if one is not type(None)))
        return lambda found: None if found is None else inner(found)
    if hint is datetime or hint is date:
        return hint.fromisoformat
    return hint if isinstance(hint, type) and issubclass(hint, Enum) else lambda found: found

"""What pydantic finds wrong becomes faults that name the key, the line and what was expected, in plain words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from watcher.config.suggest import suggestion
from watcher.config.yaml import List, Loaded, Step

Model = TypeVar("Model", bound=BaseModel)

_LIST = "a list: lines that begin with a dash"
_MAPPING = "a mapping: lines of `key: value`"
_SHAPES = {
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "bool_type": "true or false, without quotes",
    "string_too_short": "a text that is not empty",
}


class Entry(BaseModel):
    """A part of a configuration file: only known keys, nothing converted by guessing."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def choice(kind: Iterable[StrEnum]) -> BeforeValidator:
    """Reads one word of an enumeration; the fault names all words, and the one that was probably meant."""
    by_word = {item.value: item for item in kind}
    words = list(by_word)

    def read(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
        if isinstance(value, str) and value in by_word:
            return by_word[value]
        listed = f"{', '.join(words[:-1])} or {words[-1]}"
        raise ValueError(f"{listed}, not {value!r}{suggestion(str(value), words, listed=True)}")

    return BeforeValidator(read)


def validate(model: type[Model], loaded: Loaded, path: Sequence[Step] = ()) -> Model | None:
    """What stands at ``path`` as a model; None when it has faults, which are noted in ``loaded``."""
    value = loaded.value
    for step in path:
        value = value[step]
    try:
        return model.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            place = (*path, *detail["loc"])
            loaded.fault(place, _expected(detail, model), name=entry_id(loaded.value, place))
        return None


def validate_each(model: type[Model], loaded: Loaded, key: str) -> Iterator[tuple[int, Model]]:
    """The sound ones of the entries under a key, each with its place in the list; the others' faults are noted.

    Each entry is looked at for itself, so that one that cannot be read hides nothing about the others.
    """
    entries = loaded.value.get(key)
    if entries is None:
        return
    if not isinstance(entries, List):
        loaded.fault((key,), _LIST)
        return
    for index in range(len(entries)):
        entry = validate(model, loaded, (key, index))
        if entry is not None:
            yield index, entry


def entry_id(value: Any, path: Sequence[Step]) -> str | None:  # noqa: ANN401 (YAML is anything)
    """The ``id`` of the innermost entry that a path such as ``sources[3].every`` lies in."""
    found = None
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            break
        found = value.get("id", found) if isinstance(value, dict) else found
    return found if isinstance(found, str) else None


def _expected(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, path = detail["type"], [step for step in detail["loc"] if isinstance(step, str)]
    if kind == "extra_forbidden":
        return f"no such key{suggestion(path[-1], _keys(model, path[:-1]))}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    described = _schema_at(model, path).get("description", "")
    if kind == "missing":
        return ": ".join(filter(None, ("is missing", described)))
    if kind == "string_type":
        return "; ".join(filter(None, (described, f"a text{_quoted(detail['input'])}")))
    return _SHAPES.get(kind) or described or detail["msg"]


def _quoted(given: Any) -> str:  # noqa: ANN401 (YAML is anything)
    return f", not {given!r}: put it in quotes" if isinstance(given, bool | int | float) else ""


def _keys(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    return sorted(_schema_at(model, path).get("properties", {}))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _schema_at(model: type[BaseModel], path: Sequence[str]) -> Mapping[str, Any]:
    """The JSON Schema of a place in the model, references followed; empty where there is none."""
    whole = _schema(model)
    found: Mapping[str, Any] = whole
    for name in path:
        found = _resolved(found, whole).get("properties", {}).get(name, {})
    return {**_resolved(found, whole), **found}


def _resolved(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that a schema speaks of, through references, lists and alternatives."""
    if "$ref" in schema:
        return _resolved(whole["$defs"][schema["$ref"].rsplit("/", 1)[1]], whole)
    if "items" in schema:
        return _resolved(schema["items"], whole)
    for part in schema.get("anyOf", ()):
        found = _resolved(part, whole)
        if "properties" in found:
            return found
    return schema

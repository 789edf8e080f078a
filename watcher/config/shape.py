"""What pydantic finds wrong becomes faults that name the key, the line and what was expected, in plain words."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from watcher.config.suggest import suggestion
from watcher.config.yaml import Loaded, Step

Model = TypeVar("Model", bound=BaseModel)

_SHAPES = {
    "list_type": "a list: lines that begin with a dash",
    "dict_type": "a mapping: lines of `key: value`",
    "model_type": "a mapping: lines of `key: value`",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
}


class Entry(BaseModel):
    """A part of a configuration file: only known keys, nothing converted by guessing."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)


def validate(model: type[Model], loaded: Loaded, named: Callable[[Sequence[Step]], str | None]) -> Model | None:
    """The model of a file; None when it has faults, which are noted in ``loaded``.

    Args:
        model: the shape expected.
        loaded: the file; faults are added to it.
        named: the id of the entry that a path lies in, for messages.
    """
    try:
        return model.model_validate(loaded.value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            path = detail["loc"]
            loaded.fault(path, _expected(detail, model), name=named(path))
        return None


def _expected(detail: ErrorDetails, model: type[BaseModel]) -> str:
    kind, path = detail["type"], detail["loc"]
    described = _description(model, path)
    if kind == "extra_forbidden":
        return f"no such key{suggestion(str(path[-1]), _keys(model, path[:-1]))}"
    if kind == "missing":
        return f"is missing: {described}"
    if kind == "enum":
        return _choice(detail["input"], detail["ctx"]["expected"])
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "string_type":
        return f"{described}, as text{_quoted(detail['input'])}"
    return _SHAPES.get(kind) or f"{described}; {detail['msg']}"


def _quoted(given: Any) -> str:  # noqa: ANN401 (YAML is anything)
    return f", not {given!r}: put it in quotes" if isinstance(given, bool | int | float) else ""


def _choice(given: Any, expected: str) -> str:  # noqa: ANN401 (YAML is anything)
    choices = expected.replace("'", "")
    words = choices.replace(" or ", ", ").split(", ")
    close = difflib.get_close_matches(str(given), words, n=1) if isinstance(given, str) else []
    hint = f'; did you mean "{close[0]}"?' if close else ""
    return f"{choices}, not {given!r}{hint}"


def _description(model: type[BaseModel], path: Sequence[Step]) -> str:
    names = [step for step in path if isinstance(step, str)]
    found = _field(model, names)
    return (found.get("description") if found else None) or "another value"


def _keys(model: type[BaseModel], path: Sequence[Step]) -> list[str]:
    found = _field(model, [step for step in path if isinstance(step, str)])
    return sorted(found.get("properties", {})) if found else []


def _field(model: type[BaseModel], names: Sequence[str]) -> Mapping[str, Any] | None:
    """The JSON Schema of a place in the model."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    found: Mapping[str, Any] | None = schema
    for name in names:
        found = _resolve(found, definitions).get("properties", {}).get(name) if found else None
    return {**_resolve(found, definitions), **found} if found else None


def _resolve(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object that a schema speaks of, through references, lists and alternatives."""
    if "$ref" in schema:
        return _resolve(definitions[schema["$ref"].rsplit("/", 1)[1]], definitions)
    if "items" in schema:
        return _resolve(schema["items"], definitions)
    for part in [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())]:
        found = _resolve(part, definitions)
        if "properties" in found:
            return found
    return schema

"""The vendors: those shipped with the watcher, and those that feeds.yaml adds or changes."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

from pydantic import Field, GetJsonSchemaHandler, field_validator, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from watcher.config.shape import Entry, entry_id, validate
from watcher.config.yaml import List, Loaded, parse
from watcher.core.statement import Audience
from watcher.core.vendor import Name, NameKind, Vendor

SHIPPED = "watcher/data/vendors.yaml"
ID = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
ID_TEXT = "letters, digits and single dashes"
_KINDS = {
    "aliases": NameKind.COMPANY,
    "units": NameKind.UNIT,
    "products": NameKind.PRODUCT,
    "people": NameKind.PERSON,
}


class NameEntry(Entry):
    """A name: a text, or a mapping with conditions."""

    text: str = Field(description="the name as it stands in articles", min_length=1)
    needs: tuple[str, ...] = Field((), description="words of which one must stand in the same text", strict=False)
    unless: tuple[str, ...] = Field((), description="words beside the name that make it something else", strict=False)
    technology: bool = Field(default=False, description="true: the name alone means face recognition")
    serves: Audience | None = Field(None, description="for whom a unit or product is", strict=False)
    role: str | None = Field(None, description="of a person: the office, at the time")
    note: str | None = Field(None, description="where this comes from, if not from a page")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
        return {"text": value} if isinstance(value, str) else value

    @field_validator("text", "needs", "unless")
    @classmethod
    def _trimmed(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for text in (value,) if isinstance(value, str) else value:
            if not text or text != text.strip():
                raise ValueError("words without spaces around them")
        return value

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core)
        handler.resolve_ref_schema(schema)
        return {"anyOf": [{"type": "string", "minLength": 1}, schema]}


class VendorEntry(Entry):
    """One vendor. For a shipped id, the keys given here take the place of the shipped ones, and the others stay."""

    id: str = Field(description=f"a name for this file and the ledger: {ID_TEXT}", pattern=f"^{ID.pattern}$")
    name: str | None = Field(None, description="the name to show; needed for a new vendor", min_length=1)
    aliases: tuple[NameEntry, ...] | None = Field(None, description="other names of the company", strict=False)
    units: tuple[NameEntry, ...] | None = Field(None, description="parts and brands that count as it", strict=False)
    products: tuple[NameEntry, ...] | None = Field(None, description="what it makes", strict=False)
    people: tuple[NameEntry, ...] | None = Field(None, description="who speaks for it", strict=False)
    homonyms: str | None = Field(None, description="what else the names may mean: a remark for readers")
    website: str | None = Field(None, description="its web site")
    note: str | None = Field(None, description="a remark for readers")
    serves: Audience | None = Field(
        None, description="on whom it uses the technology, where nobody else is named", strict=False
    )


class VendorFile(Entry):
    """The file of the shipped vendors."""

    vendors: tuple[VendorEntry, ...] = Field(description="the vendors", strict=False)


def load_vendors() -> dict[str, Vendor]:
    """The shipped vendors by id.

    Raises:
        ConfigError: the shipped file has faults (unknown keys, an id or a name that stands twice).
    """
    return {entry.id: _vendor(entry) for entry in _shipped()}


def with_added(entries: Iterable[tuple[int, VendorEntry]], loaded: Loaded) -> dict[str, Vendor]:
    """The vendors that a file adds or changes, whole; faults are noted in ``loaded``.

    Args:
        entries: what stands under ``vendors``, each with its place there.
        loaded: the file.
    """
    shipped = {entry.id: entry for entry in _shipped()}
    made: dict[str, VendorEntry] = {}
    for index, entry in entries:
        if entry.id in made:
            loaded.fault(("vendors", index, "id"), "an id that is used once", name=entry.id)
        made[entry.id] = shipped[entry.id].model_copy(update=_given(entry)) if entry.id in shipped else entry
    _refuse_nameless(loaded, shipped)
    if made:
        _refuse_shared_names({**shipped, **made}.values(), loaded)
    return {key: _vendor(entry) for key, entry in made.items()}


def _refuse_nameless(loaded: Loaded, shipped: Collection[str]) -> None:
    """Looks at all entries, also at those that have a fault of another kind."""
    entries = loaded.value.get("vendors")
    for index, entry in enumerate(entries if isinstance(entries, List) else ()):
        key = entry_id(loaded.value, ("vendors", index))
        if key is not None and key not in shipped and not entry.get("name"):
            loaded.fault(("vendors", index, "name"), "is missing: no vendor of this id is shipped", name=key)


def _given(entry: VendorEntry) -> dict[str, Any]:
    return {key: getattr(entry, key) for key in entry.model_fields_set}


@cache
def _shipped() -> tuple[VendorEntry, ...]:
    data = (resources.files("watcher") / "data" / "vendors.yaml").read_bytes()
    return check(parse(data, SHIPPED))


def check(loaded: Loaded) -> tuple[VendorEntry, ...]:
    """The vendors of a whole vendor file.

    Raises:
        ConfigError: all its faults.
    """
    found = validate(VendorFile, loaded)
    entries = found.vendors if found else ()
    ids: set[str] = set()
    for index, entry in enumerate(entries):
        if entry.id in ids:
            loaded.fault(("vendors", index, "id"), "an id that is used once", name=entry.id)
        if entry.name is None:
            loaded.fault(("vendors", index, "name"), "is missing: the name to show", name=entry.id)
        ids.add(entry.id)
    _refuse_shared_names(entries, loaded)
    loaded.refuse()
    return entries


def _refuse_shared_names(entries: Iterable[VendorEntry], loaded: Loaded) -> None:
    owners: dict[str, str] = {}
    for entry in entries:
        for text in {name.text for name in _names(entry)}:
            if owners.setdefault(text, entry.id) != entry.id:
                loaded.fault(("vendors",), f'names of one vendor each; "{text}" is of {owners[text]} and of {entry.id}')


def _vendor(entry: VendorEntry) -> Vendor:
    name = entry.name or entry.id
    return Vendor(entry.id, name, tuple(_spelt(_names(entry))), entry.homonyms, entry.website, entry.serves)


def _names(entry: VendorEntry) -> Iterator[Name]:
    """The conditions of a name that is also the one to show stand among the aliases; else it has none."""
    listed: Mapping[str, Sequence[NameEntry]] = {key: getattr(entry, key) or () for key in _KINDS}
    if entry.name and all(alias.text != entry.name for names in listed.values() for alias in names):
        yield Name(entry.name)
    for key, kind in _KINDS.items():
        for name in listed[key]:
            yield Name(name.text, kind, name.needs, name.unless, name.serves, name.technology)


def _spelt(names: Iterable[Name]) -> Iterator[Name]:
    for name in names:
        yield name
        if "'" in name.text:
            yield Name(
                name.text.replace("'", "\u2019"), name.kind, name.needs, name.unless, name.serves, name.technology
            )

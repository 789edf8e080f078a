"""``feeds.yaml``: what to watch, where alerts go, and vendors added; all of its faults at once, each with its line."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from watcher.config import access, values
from watcher.config.duration import span
from watcher.config.shape import Entry, choice, entry_id, validate_each
from watcher.config.suggest import suggestion
from watcher.config.vendors import ID, ID_TEXT, VendorEntry, load_vendors, with_added
from watcher.config.yaml import List, Loaded, Map, read
from watcher.core.change import Change
from watcher.core.routing import Route
from watcher.core.severity import Severity
from watcher.core.source import FullText, Source, SourceKind, SourceType
from watcher.core.statement import Audience
from watcher.core.vendor import Vendor

LEAST = timedelta(minutes=1)
EVERY = {
    SourceType.FEED: timedelta(minutes=30),
    SourceType.BLOG: timedelta(minutes=30),
    SourceType.POLICY: timedelta(hours=6),
}
OWN = timedelta(minutes=10)  # what a vendor says itself: the first and best proof, and its feeds are cheap to ask
MISSING = "name another with --feeds or WATCHER_FEEDS, or copy the feeds.yaml that comes with the watcher"
_TOLD = tuple(change for change in Change if change.news)


def _every(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    if value is None or isinstance(value, timedelta):
        return value
    return span(str(value), LEAST)


def _url(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    """Messages must not repeat the address: it may hold a password or a key."""
    if not isinstance(value, str):
        return value
    if not is_address(value):
        raise ValueError("an address that begins with https:// or http://, with a host and without spaces")
    return value


def is_address(url: str) -> bool:
    """Whether a text is an http or https address."""
    parts = _parts(url)
    return parts is not None and parts[0] in {"http", "https"} and bool(parts[1])


def _parts(url: str) -> tuple[str, str | None] | None:
    if any(character.isspace() or ord(character) < ord(" ") for character in url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that cannot be
    except ValueError:
        return None
    return parts.scheme.lower(), parts.hostname


def _channel(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    return values.channel(value) if isinstance(value, str) else value


Span = Annotated[
    timedelta | None, BeforeValidator(_every), WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,6}[smhd]$"})
]
Address = Annotated[
    str, BeforeValidator(_url), WithJsonSchema({"type": "string", "pattern": "^[Hh][Tt][Tt][Pp][Ss]?://."})
]
ToldChange = Annotated[Change, choice(_TOLD), WithJsonSchema({"type": "string", "enum": [c.value for c in _TOLD]})]
ChannelId = Annotated[str, BeforeValidator(_channel), WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]+$"})]


_OWN_VOICE: JsonDict = {
    "if": {"anyOf": [{"properties": {"kind": {"const": "vendor"}}}, {"properties": {"type": {"const": "policy"}}}]},
    "then": {"required": ["vendor"]},
}


class SourceEntry(Entry):
    """One source."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_OWN_VOICE]})

    id: str = Field(
        description=f"a name that stands once in this file: {ID_TEXT}", pattern=f"^{ID.pattern}$", max_length=100
    )
    type: Annotated[SourceType, choice(SourceType)] = Field(
        description="feed (RSS, Atom, RDF, JSON Feed), blog (a listing page without a feed) or policy (one document)"
    )
    url: Address = Field(description="the address, https:// or http://")
    kind: Annotated[SourceKind, choice(SourceKind)] = Field(
        description="who speaks: vendor, news, advocacy, government or newsletter"
    )
    name: str | None = Field(None, description="the name to show; else the feed's own title", min_length=1)
    vendor: str | None = Field(
        None, description="the id of the vendor whose own voice it is; for kind vendor and type policy"
    )
    every: Span = Field(
        None, description="how often it is polled: 90s, 15m, 6h or 1d, at least 1m; else 30m, and 6h for a policy"
    )
    full_text: Annotated[FullText, choice(FullText)] = Field(
        FullText.ON_MATCH, description="when the page behind an entry is fetched: always, on-match or never"
    )
    language: str | None = Field(
        None, description="the language of its texts, where it is not English: de", pattern="^[a-z]{2,3}(-[A-Za-z]+)?$"
    )
    selector: str | None = Field(
        None,
        description="for blog and policy: a CSS selector of the part with the links or the text",
        min_length=1,
    )
    headers: access.Headers = Field(
        None, description="headers to send; values such as ${WATCHER_SOURCE_X} stand for settings", strict=False
    )
    cookies: access.Cookies = Field(
        None, description="cookies to send; values such as ${WATCHER_SOURCE_X} stand for settings", strict=False
    )
    auth: access.SettingName = Field(None, description="the setting that holds user:password (Basic)")
    proxy: access.SettingName = Field(None, description="the setting that holds the address of a proxy for this source")


class RouteEntry(Entry):
    """One channel and what it wants to hear; each condition is optional."""

    channel: ChannelId = Field(description="a channel id such as C0123456789")
    vendors: tuple[str, ...] = Field((), description="ids of vendors", strict=False)
    audiences: tuple[Annotated[Audience, choice(Audience)], ...] = Field(
        (), description="police, government, business, consumers or everyone", strict=False
    )
    changes: tuple[ToldChange, ...] = Field(
        (), description="announced, tightened, loosened, extended, amended, withdrawn or lapsed", strict=False
    )
    severity: Annotated[Severity, choice(Severity)] = Field(
        Severity.LOW, description="the least that is heard: high, normal or low"
    )


class FeedsFile(Entry):
    """What the watcher watches, and where its alerts go."""

    sources: tuple[SourceEntry, ...] = Field(description="what is polled", strict=False, min_length=1)
    routes: tuple[RouteEntry, ...] | None = Field(
        None, description="which alerts go where; without them all go to WATCHER_SLACK_CHANNEL", strict=False
    )
    vendors: tuple[VendorEntry, ...] | None = Field(
        None,
        description="vendors added; for a shipped id, the keys given take the place of the shipped ones",
        strict=False,
    )


@dataclass(frozen=True, slots=True)
class Configuration:
    """What feeds.yaml says. ``vendors`` holds only those that it adds or changes, whole."""

    sources: tuple[Source, ...] = ()
    routes: tuple[Route, ...] = ()
    vendors: Mapping[str, Vendor] = field(default_factory=dict)


def load(path: str) -> Configuration:
    """The configuration of a file.

    Raises:
        ConfigError: all its faults, in the order of the file.
    """
    return interpret(read(path, missing=MISSING))


def interpret(loaded: Loaded) -> Configuration:
    """The configuration that a YAML document holds.

    Raises:
        ConfigError: all its faults, in the order of the file.
    """
    if not isinstance(loaded.value, Map):
        loaded.fault((), "a mapping that begins with `sources:`")
        loaded.refuse()
    _check_top(loaded)
    vendors = with_added(validate_each(VendorEntry, loaded, "vendors"), loaded)
    known = {**load_vendors(), **vendors, **_named_badly(loaded)}
    sources = tuple(_source(entry) for _, entry in validate_each(SourceEntry, loaded, "sources"))
    routes = tuple(_route(entry) for _, entry in validate_each(RouteEntry, loaded, "routes"))
    _check_sources(loaded, known)
    _check_routes(loaded, known)
    loaded.refuse()
    return Configuration(sources, routes, vendors)


def schema() -> dict[str, Any]:
    """The JSON Schema of feeds.yaml, for editors; the checks that join several entries are ``load``'s own."""
    made: dict[str, Any] = _for_people(FeedsFile.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "feeds.yaml", **made}


def _for_people(node: Any) -> Any:  # noqa: ANN401 (a JSON Schema is anything)
    """Without generated titles, which only repeat the keys, and without the markup of docstrings."""
    if isinstance(node, dict):
        return {key: _for_people(value) for key, value in node.items() if key != "title" or not isinstance(value, str)}
    if isinstance(node, list):
        return [_for_people(item) for item in node]
    return node.replace("``", "`") if isinstance(node, str) else node


# --- what single entries cannot show


def _check_top(loaded: Loaded) -> None:
    known = list(FeedsFile.model_fields)
    for key in loaded.value:
        if key not in known:
            loaded.fault((key,), f"no such key{suggestion(key, known)}")
    if not loaded.value.get("sources"):
        loaded.fault(("sources",), "at least one source; see the example in docs/sources.md")


def _named_badly(loaded: Loaded) -> dict[str, Vendor]:
    """Vendors whose entry has a fault of its own: a source that names one is not at fault as well."""
    entries = loaded.value.get("vendors")
    found = [entry.get("id") for entry in entries if isinstance(entry, Map)] if isinstance(entries, List) else []
    return {name: Vendor(name, name) for name in found if isinstance(name, str)}


def _check_sources(loaded: Loaded, vendors: Mapping[str, Vendor]) -> None:
    entries = loaded.value.get("sources")
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries if isinstance(entries, List) else ()):
        name = entry_id(loaded.value, ("sources", index))
        if name is not None and seen.setdefault(name, index) != index:
            first = entries.lines[seen[name]]
            loaded.fault(("sources", index, "id"), f"an id that stands once; the first is on line {first}", name=name)
        if isinstance(entry, Map):
            _check_vendor(loaded, index, vendors)


def _check_vendor(loaded: Loaded, index: int, vendors: Mapping[str, Vendor]) -> None:
    entry, path = loaded.value["sources"][index], ("sources", index, "vendor")
    name, given = entry_id(loaded.value, path), entry.get("vendor")
    own = entry.get("kind") == SourceKind.VENDOR or entry.get("type") == SourceType.POLICY
    if isinstance(given, str):
        if given not in vendors:
            loaded.fault(path, _unknown(given, vendors), name=name)
        elif not own and entry.get("kind") in set(SourceKind) and entry.get("type") in set(SourceType):
            loaded.fault(
                path, f"only for kind vendor or type policy: a {entry['kind']} source speaks for itself", name=name
            )
    elif given is None and own:
        loaded.fault(path, "is missing: the id of the vendor whose own voice it is", name=name)


def _check_routes(loaded: Loaded, vendors: Mapping[str, Vendor]) -> None:
    routes = loaded.value.get("routes")
    for index, entry in enumerate(routes if isinstance(routes, List) else ()):
        given = entry.get("vendors") if isinstance(entry, Map) else None
        for at, name in enumerate(given if isinstance(given, List) else ()):
            if isinstance(name, str) and name not in vendors:
                loaded.fault(("routes", index, "vendors", at), _unknown(name, vendors))


def _unknown(given: str, vendors: Mapping[str, Vendor]) -> str:
    """A vendor is named by its id; a company's name or an alias is a slip that can be helped with."""
    folded = given.casefold()
    meant = next((v.id for v in vendors.values() if folded in {name.text.casefold() for name in v.names}), None)
    hint = f'; did you mean "{meant}"?' if meant else suggestion(given, vendors)
    return f"the id of a known vendor, not {given!r}{hint}"


# --- values


def _source(entry: SourceEntry) -> Source:
    return Source(
        id=entry.id,
        type=entry.type,
        url=entry.url,
        kind=entry.kind,
        name=entry.name,
        vendor=entry.vendor,
        every=entry.every or _usual(entry),
        named_every=entry.every is not None,
        full_text=entry.full_text,
        language=entry.language,
        selector=entry.selector,
        access=access.access(entry.headers, entry.cookies, entry.auth, entry.proxy),
    )


def _usual(entry: SourceEntry) -> timedelta:
    own = entry.kind is SourceKind.VENDOR and entry.type is not SourceType.POLICY
    return OWN if own else EVERY[entry.type]


def _route(entry: RouteEntry) -> Route:
    return Route(
        entry.channel, frozenset(entry.vendors), frozenset(entry.audiences), frozenset(entry.changes), entry.severity
    )

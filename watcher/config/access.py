"""The keys of a source that say how it is asked (``headers``, ``cookies``, ``auth``, ``proxy``), and their settings.

No secret can stand in feeds.yaml: a value is made of references to settings, save in a few headers that hold none.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from watcher.config import values
from watcher.config.suggest import suggestion
from watcher.config.values import Secret
from watcher.core.access import REFERENCE, SETTING, Access
from watcher.core.errors import Fault
from watcher.core.source import Source

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a token of RFC 9110
_TEXT = re.compile(r"[\x20-\x7e]*")
_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")  # RFC 6265
_OPEN = frozenset({"accept", "accept-language", "referer", "user-agent"})  # they hold no secret
_OUR_NAMES = (
    "accept-encoding connection content-length cookie expect host if-modified-since if-none-match proxy-authorization "
    "range te transfer-encoding upgrade"
)
_OURS = frozenset(_OUR_NAMES.split())
_EXAMPLE = "${WATCHER_SOURCE_X}"


def _header_pairs(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    for name, text in _pairs(value):
        if name.lower() in _OURS:
            raise ValueError(
                f"no {name}: the watcher sets it itself{'; use cookies' if name.lower() == 'cookie' else ''}"
            )
        if name.lower() not in _OPEN and not REFERENCE.search(text):
            raise ValueError(f"for {name} a reference to a setting, {_EXAMPLE}: no secret stands in this file")
    return value


def _cookie_pairs(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    for name, text in _pairs(value):
        if not REFERENCE.search(text) or not _COOKIE.fullmatch(REFERENCE.sub("", text)):
            raise ValueError(f"for {name} a reference to a setting, {_EXAMPLE}: no secret stands in this file")
    return value


def _pairs(value: Any) -> list[tuple[str, str]]:  # noqa: ANN401 (YAML is anything)
    if not isinstance(value, Mapping):
        raise ValueError("a mapping: lines of `Name: value`")  # noqa: TRY004 (Pydantic takes no TypeError)
    for name, text in value.items():
        if not _NAME.fullmatch(name) or not isinstance(text, str) or not _TEXT.fullmatch(text):
            raise ValueError("names of headers or cookies, each with a text on one line")
        if "${" in REFERENCE.sub("", text):
            raise ValueError(f"for {name} settings whose names begin with WATCHER_SOURCE_, as in {_EXAMPLE}")
    return list(value.items())


def _setting(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    if isinstance(value, str) and (not re.fullmatch(SETTING, value) or value.endswith("_FILE")):
        raise ValueError("the name of a setting, WATCHER_SOURCE_X: no secret stands in this file")
    return value


_MAPPING = {"type": "object", "additionalProperties": {"type": "string"}}
Headers = Annotated[dict[str, str] | None, BeforeValidator(_header_pairs), WithJsonSchema(_MAPPING)]
Cookies = Annotated[dict[str, str] | None, BeforeValidator(_cookie_pairs), WithJsonSchema(_MAPPING)]
SettingName = Annotated[
    str | None, BeforeValidator(_setting), WithJsonSchema({"type": "string", "pattern": f"^{SETTING}$"})
]


def access(
    headers: Mapping[str, str] | None, cookies: Mapping[str, str] | None, login: str | None, proxy: str | None
) -> Access | None:
    """How a source is asked; None where it is asked like any other."""
    made = Access(tuple((headers or {}).items()), tuple((cookies or {}).items()), login, proxy)
    return made if made != Access() else None


def check(sources: Iterable[Source], given: Mapping[str, Secret], origin: str) -> list[Fault]:
    """What is missing or unfit among the settings that sources name; no message holds a value."""
    wanted = [(source.id, *named) for source in sources if source.access for named in source.access.settings()]
    faults = [
        Fault(origin, name, f"{expected}; the source {source_id} names it under {key}")
        for source_id, name, key in wanted
        if (expected := _unfit(name, key, given))
    ]
    return list(dict.fromkeys(faults))


def _unfit(name: str, key: str, given: Mapping[str, Secret]) -> str | None:
    if name not in given:
        return f"is missing{suggestion(name, list(given))}"
    text = given[name].reveal()
    if key == "proxy":
        try:
            values.proxy(text)
        except ValueError as error:
            return str(error)
    if key == "auth" and (":" not in text or not text.isprintable()):
        return "a user name and a password, with a colon between them"
    if key == "cookies" and not _COOKIE.fullmatch(text):
        return "the value of a cookie, without blanks, quotes, commas or semicolons"
    return None if _TEXT.fullmatch(text) or key == "auth" else "a text on one line, of plain signs"

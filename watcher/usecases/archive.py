"""Archive records: one JSON object a line, a post or a capture of a policy page.

``{"id", "kind": "post", "source": {"id", "name", "kind", "vendor"}, "url", "title", "published", "text"}`` or
``{"id", "kind": "policy", "source": ID, "vendor", "url", "title", "captured", "text"}``.

A capture may say that the page was not there: ``"status": 404`` (or 410), ``"final_url"`` where the request ended at a
home page, or an empty ``text`` or ``html``; with ``status`` no text is needed. A status of another error says nothing
of the page.

``html`` may stand for ``text``, unknown keys are ignored, and a record without ``kind`` is a post. A bad line is named
with its number, and the rest is read.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from watcher.core.capture import leads_home
from watcher.core.source import Source, SourceKind, SourceType

VendorOf = Callable[[str], str | None]  # a source's name → the vendor whose own voice it is

_GONE = (404, 410)
_ERROR = 300  # the lowest status of an answer that is no page
_NOT_IN_IDS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Record:
    """One post, or one capture of a policy page (``source.type`` tells); one of ``text`` and ``html`` is given.

    ``absent`` says how a page was not there, and ``failed`` that the look at it failed: then both may be missing.
    ``at`` is when it was published or captured, aware and in UTC; ``at_raw`` what the archive says, with its own zone.
    """

    id: str
    line: int
    source: Source
    title: str
    at: datetime
    at_raw: str
    url: str | None = None
    text: str | None = None
    html: str | None = None
    absent: str | None = None
    failed: bool = False

    @property
    def policy(self) -> bool:
        """Whether it is a capture of a policy page."""
        return self.source.type is SourceType.POLICY


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no record: its number, from 1, and what was expected."""

    number: int
    expected: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.expected}"


class _BadError(ValueError):
    """What a line lacks; the text says what was expected."""


def records(lines: Iterable[str], vendor_of: VendorOf | None = None) -> Iterator[Record | BadLine]:
    """Each line as a record, or as a bad line; empty lines are skipped.

    ``vendor_of`` names the vendor behind a source of kind vendor that the archive gives without one.
    """
    for number, line in enumerate(lines, 1):
        if line.strip("\ufeff \t\r\n"):
            try:
                yield _record(_object(line), number, vendor_of or _nobody)
            except _BadError as error:
                yield BadLine(number, str(error))


def _nobody(_name: str) -> None:
    return None


def _object(line: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise _BadError(f"expected one JSON object ({_reason(error)})") from error
    if not isinstance(found, dict):
        raise _BadError("expected one JSON object")
    return found


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, column {error.colno}"
    return "nested too deeply" if isinstance(error, RecursionError) else "not readable"


def _record(found: Mapping[str, Any], number: int, vendor_of: VendorOf) -> Record:
    kind = found.get("kind", "post")
    if kind not in ("post", "policy"):
        raise _BadError(f"kind: expected post or policy, not {kind!r}")
    when = "published" if kind == "post" else "captured"
    text, html = _text(found, "text"), _text(found, "html")
    absent, failed = _fate(found, text) if kind == "policy" else (None, False)
    if text is None and html is None and not (absent or failed):
        raise _BadError("expected text or html")
    return Record(
        id=_id(found),
        line=number,
        source=_post_source(found.get("source"), vendor_of) if kind == "post" else _page_source(found),
        title=_text(found, "title") or "",
        at=_moment(found.get(when), when),
        at_raw=str(found.get(when)),
        url=_text(found, "url"),
        text=text,
        html=html if text is None else None,
        absent=absent,
        failed=failed,
    )


def _fate(found: Mapping[str, Any], text: str | None) -> tuple[str | None, bool]:
    """How a page was not there, and whether the look at it failed."""
    status = found.get("status")
    if status in _GONE:
        return f"answered {status}", False
    if isinstance(status, int) and not isinstance(status, bool) and status >= _ERROR:
        return None, True
    url, final = _text(found, "url"), _text(found, "final_url")
    if url and final and leads_home(url, final):
        return "leads to the home page", False
    shown = _text(found, "html") if text is None else text
    return ("shows no text", False) if shown is not None and not shown.strip() else (None, False)


def _id(found: Mapping[str, Any]) -> str:
    value = found.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value.strip():
        return value
    raise _BadError("id: expected a text or a whole number")


def _text(found: Mapping[str, Any], key: str) -> str | None:
    value = found.get(key)
    if value is not None and not isinstance(value, str):
        raise _BadError(f"{key}: expected a text")
    # JSON can spell half a character (a lone surrogate), which no file and no database can hold.
    return value and value.encode("utf-8", "replace").decode()


def _moment(value: object, key: str) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value).strip())
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _BadError(f"{key}: expected a date and time as ISO 8601, such as 2020-06-10T17:00:00+00:00") from error


def _post_source(value: object, vendor_of: VendorOf) -> Source:
    if isinstance(value, str) and value.strip():
        value = {"id": value}
    if not isinstance(value, dict):
        raise _BadError("source: expected an object with id or name, kind and vendor")
    name, given = _text(value, "name"), _text(value, "id")
    if not (name or given):
        raise _BadError("source: expected an id or a name")
    kind = _kind(value.get("kind", SourceKind.NEWS))
    vendor = _text(value, "vendor")
    if kind is SourceKind.VENDOR and not vendor:
        vendor = vendor_of(name or given or "")
    return Source(given or _slug(name or ""), SourceType.FEED, "", kind, name=name, vendor=vendor)


def _page_source(found: Mapping[str, Any]) -> Source:
    value = found.get("source")
    name = _text(value, "name") if isinstance(value, dict) else None
    given = _text(value, "id") if isinstance(value, dict) else _text(found, "source")
    vendor = _text(found, "vendor") or (_text(value, "vendor") if isinstance(value, dict) else None)
    if not (given or name):
        raise _BadError("source: expected the id of the page")
    if not vendor:
        raise _BadError("vendor: expected the id of the vendor whose page it is")
    return Source(given or _slug(name or ""), SourceType.POLICY, "", SourceKind.VENDOR, name=name, vendor=vendor)


def _kind(value: object) -> SourceKind:
    try:
        return SourceKind(value)  # type: ignore[arg-type]  # anything that is no kind is refused here
    except ValueError as error:
        names = ", ".join(SourceKind)
        raise _BadError(f"source.kind: expected one of {names}, not {value!r}") from error


def _slug(name: str) -> str:
    return _NOT_IN_IDS.sub("-", name.casefold()).strip("-") or name

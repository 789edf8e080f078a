"""A reader for tests: the shipped rules, and a few vendors of our own making and of the field."""

from datetime import UTC, datetime
from functools import cache

from watcher.config.rules import load_reader
from watcher.core.reader import Document, Reader
from watcher.core.source import SourceKind
from watcher.core.statement import Statement
from watcher.core.vendor import Name, NameKind, Vendor

VENDORS = {
    "northgate": Vendor(
        "northgate",
        "Northgate",
        (Name("Ada Lindqvist", NameKind.PERSON), Name("Facefinder", NameKind.PRODUCT, technology=True)),
    ),
    "southmere": Vendor("southmere", "Southmere", (Name("Southmere Labs", NameKind.UNIT),)),
    "eastbrook": Vendor("eastbrook", "Eastbrook"),
}
WRITTEN = datetime(2022, 3, 16, 15, tzinfo=UTC)  # a Wednesday


@cache
def reader() -> Reader:
    return load_reader(VENDORS)


def read(
    text: str, title: str = "", *, own: str | None = None, policy: bool = False, written: datetime = WRITTEN
) -> tuple[Statement, ...]:
    kind = SourceKind.VENDOR if own else SourceKind.NEWS
    return reader().read(Document(title, text, written, kind, own, policy=policy)).statements


def told(text: str, title: str = "", *, own: str | None = None, policy: bool = False) -> set[str]:
    return {f"{s.vendor} {s.position} {s.audience}" for s in read(text, title, own=own, policy=policy)}

"""What ``analyze`` and ``backtest`` are handed: archives, texts and pages, from files, standard input or the web."""

import html
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import typer

from watcher.core.source import Source, SourceKind, SourceType
from watcher.entrypoints.options import Status
from watcher.usecases.archive import BadLine, Record, VendorOf, records
from watcher.usecases.ports import Fetched

if TYPE_CHECKING:  # it brings all that reads, and --help needs none of it
    from watcher.usecases.analyze import Analysis

_ARCHIVE = (".jsonl", ".ndjson")
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(r"charset=[\"']?([\w-]+)", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says of texts that do not say it themselves. ``published`` is aware."""

    published: datetime
    title: str | None = None
    vendor: str | None = None
    kind: SourceKind = SourceKind.NEWS


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that was left out, and the file in which it stands."""

    file: str
    line: BadLine

    def __str__(self) -> str:
        return f"{'standard input' if self.file == '-' else self.file}: {self.line}"


def present(names: Sequence[str]) -> None:
    """Refuse at once what cannot be opened, before anything is read.

    Raises:
        typer.BadParameter: names each of them.
    """
    missing = [name for name in names if name != "-" and not is_address(name) and not _readable(name)]
    if missing:
        raise typer.BadParameter(f"no file that can be read: {', '.join(missing)}")


def _readable(name: str) -> bool:
    try:
        with Path(name).open("rb"):
            return True
    except OSError:
        return False


def is_address(name: str) -> bool:
    """Whether it is a web address and no file."""
    return name.lower().startswith(("http://", "https://"))


def archives(names: Sequence[str], vendor_of: VendorOf) -> Iterator[Record | Bad]:
    """The records of archives, one file after the other, line by line."""
    for name in names:
        with _opened(name) as lines:
            yield from _archive(name, lines, vendor_of)


def inputs(
    names: Sequence[str], given: Given, vendor_of: VendorOf, fetch: Callable[[str], Fetched]
) -> Iterator[Record | Bad]:
    """Each archive's records, and each text or page as one record.

    Raises:
        FetchError: an address cannot be read.
    """
    for name in names:
        if is_address(name):
            yield _page(name, _decoded(fetch(name)), given)
        else:
            with _opened(name) as lines:
                yield from _file(name, lines, given, vendor_of)


def _decoded(answer: Fetched) -> str:
    named = _CHARSET.search(answer.headers.get("content-type", "")) or _CHARSET.search(repr(answer.body[:2048]))
    try:
        return answer.body.decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return answer.body.decode("utf-8", "replace")


def _opened(name: str) -> TextIO:
    if name == "-":
        # A copy, so that leaving the block does not close standard input.
        return open(sys.stdin.fileno(), encoding="utf-8-sig", errors="replace", closefd=False)
    return Path(name).open(encoding="utf-8-sig", errors="replace")


def _file(name: str, lines: Iterable[str], given: Given, vendor_of: VendorOf) -> Iterator[Record | Bad]:
    coming, head = iter(lines), []
    for line in coming:
        head.append(line)
        if line.strip():
            break
    first, whole = head[-1] if head else "", chain(head, coming)
    if name.lower().endswith(_ARCHIVE) or _is_record(first):
        yield from _archive(name, whole, vendor_of)
        return
    text = "".join(whole)
    yield _page(name, text, given) if _PAGE.match(text) else _text(name, text, given)


def _archive(name: str, lines: Iterable[str], vendor_of: VendorOf) -> Iterator[Record | Bad]:
    for found in records(lines, vendor_of):
        yield Bad(name, found) if isinstance(found, BadLine) else found


def _is_record(line: str) -> bool:
    try:
        return line.lstrip().startswith("{") and isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _text(name: str, text: str, given: Given) -> Record:
    """A text; its first line is the title where an empty line follows it."""
    first, _, rest = text.partition("\n")
    titled = not rest.partition("\n")[0].strip() and rest.strip()
    title = given.title or (first.strip().lstrip("#").strip() if titled else "")
    return _record(name, given, title=title, text=rest.strip("\n") if titled else text)


def _page(name: str, markup: str, given: Given) -> Record:
    found = _TITLE.search(markup)
    title = given.title or (" ".join(html.unescape(found[1]).split()) if found else "")
    return _record(name, given, title=title, markup=markup)


def _record(name: str, given: Given, *, title: str, text: str | None = None, markup: str | None = None) -> Record:
    return Record(
        id=name,
        line=1,
        source=Source("given", SourceType.FEED, "", given.kind, vendor=given.vendor),
        title=title,
        at=given.published,
        at_raw=given.published.isoformat(),
        url=name if is_address(name) else None,
        text=text,
        html=markup,
    )


class Gate:
    """Lets records through, and names lines that hold none on standard error."""

    def __init__(self, found: Iterator[Record | Bad]) -> None:
        self._found = found
        self._bad = 0

    def good(self) -> Iterator[Record]:
        """The records, one by one."""
        for one in self._found:
            if isinstance(one, Bad):
                self._bad += 1
                typer.echo(f"{one} (the rest is read)", err=True)
            else:
                yield one

    def watched(self, analyses: "Iterator[Analysis]") -> "Iterator[Analysis]":
        """Name what could not be read, and pass all on."""
        for one in analyses:
            if one.failed:
                self._bad += 1
                typer.echo(f"{one.id}: {one.note}", err=True)
            yield one

    def close(self) -> None:
        """End with a failure if something was bad."""
        if self._bad:
            raise typer.Exit(Status.FAILED)

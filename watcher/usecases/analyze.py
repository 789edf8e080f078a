"""Records → what is read in them; nothing is stored, judged or told."""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from watcher.core.errors import FetchError
from watcher.core.marks import Marks
from watcher.core.reader import Document
from watcher.core.statement import Statement
from watcher.usecases.archive import Record
from watcher.usecases.backtest import Markup
from watcher.usecases.ports import Fetched
from watcher.usecases.reading import Reads
from watcher.usecases.sift import IRRELEVANT

_log = logging.getLogger(__name__)
_WHOLE_PAGE = re.compile(r"<(?:html|body|main|article)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was read in one record. Offsets of statements are those of ``text``; ``note`` says why there are none."""

    id: str
    title: str
    text: str
    statements: tuple[Statement, ...]
    note: str | None = None
    failed: bool = False
    marks: tuple[Marks | None, ...] = ()  # one for each statement


def analyze(records: Iterable[Record], reader: Reads, markup: Markup) -> Iterator[Analysis]:
    """Read each record by itself, in the order in which they come."""
    for record in records:
        yield _guarded(record, reader, markup)


def _guarded(record: Record, reader: Reads, markup: Markup) -> Analysis:
    try:
        return _analysis(record, reader, markup)
    except FetchError as error:
        return _failure(record, error.detail)
    except Exception as error:  # noqa: BLE001  (outermost loop over records: one that trips a rule must not stop all)
        _log.exception("%s: it could not be read", record.id)
        return _failure(record, type(error).__name__)


def _failure(record: Record, reason: str) -> Analysis:
    return Analysis(record.id, record.title, "", (), f"could not be read: {reason}", failed=True)


def _analysis(record: Record, reader: Reads, markup: Markup) -> Analysis:
    text = readable(record, markup)
    if not reader.relevant(record.title, text):
        return Analysis(record.id, record.title, text, (), IRRELEVANT)
    found = reader.read(_document(record, text))
    return Analysis(record.id, record.title, text, found.statements, found.note, marks=found.marks)


def _document(record: Record, text: str) -> Document:
    source = record.source
    return Document(
        title=record.title,
        text=text,
        published=_author_time(record),
        kind=source.kind,
        vendor=source.vendor,
        policy=record.policy,
    )


def _author_time(record: Record) -> datetime:
    """The moment in the author's own zone, because "today" means the author's day."""
    try:
        local = datetime.fromisoformat(record.at_raw.strip())
    except ValueError:
        return record.at
    return local if local.tzinfo else record.at


def readable(record: Record, markup: Markup) -> str:
    """The text of a record, out of its HTML where it gives nothing else.

    Raises:
        FetchError: a policy page that is a bot wall or holds no text.
    """
    if record.text is not None:
        return record.text
    html = record.html or ""
    if record.policy:
        return markup.parser.policy(record.source, _answer(record), record.at).text
    whole = markup.parser.article(_answer(record)) if _WHOLE_PAGE.search(html) else None
    return whole or markup.text_of(html)


def _answer(record: Record) -> Fetched:
    return Fetched(
        key=record.id,
        url=record.url or "",
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=(record.html or "").encode(),
        final_url=record.url or "",
    )

"""An archive replayed in order of time on a fresh record; nothing is sent.

Each record goes through the same intake, reading and judging as a polled one, at the moment at which it was published.
Posts have no first sight here, an archive is not a feed; of a policy page the first capture is the baseline. Its
captures are the schedule of looks: what went from a page is confirmed by later records, and never between them.
A stance whose end passes without a word lapses when that day is over in UTC, if the archive goes on beyond it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from watcher.core.alert import Alert
from watcher.core.calendar import first_end, over
from watcher.core.capture import Capture
from watcher.core.errors import FetchError
from watcher.core.normal import unmarked
from watcher.core.post import Entry, Post, first_version
from watcher.core.stance import Stance
from watcher.usecases.archive import Record
from watcher.usecases.lapse import lapse
from watcher.usecases.observe import observe
from watcher.usecases.ports import Fetched, Parser, Store, UnitOfWork
from watcher.usecases.reading import Desk, Read, Reads

EXTRACTOR = "archive"  # of captures whose text the archive gives itself

_WHOLE_PAGE = re.compile(r"<(?:html|body|main|article)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Markup:
    """How ``html`` is read: whole pages by the parser, fragments of a feed by ``text_of``."""

    parser: Parser
    text_of: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Told:
    """An alert, and the id of the record that set it off.

    Of a lapse: the record that had named the end; None where the stance was there from the start.
    """

    record: str | None
    alert: Alert


def backtest(
    archive: Iterable[Record],
    reader: Reads,
    store: Store,
    baseline: Sequence[Stance] = (),
    *,
    markup: Markup | None = None,
) -> Iterator[Told]:
    """Yield each alert as it happens.

    Args:
        archive: the records, in any order; those of one moment keep theirs.
        reader: the rules.
        store: an empty record.
        baseline: stances to start from.
        markup: reads records that give ``html`` instead of text.

    Raises:
        ValueError: a record gives ``html``, and there is no ``markup``.
        StorageError: the record cannot be written.
    """
    _begin(store, baseline)
    replay = _Replay(store, reader, markup)
    for record in sorted(archive, key=lambda record: record.at):
        yield from replay.lapsed(record.at)
        for read in replay.take(record):
            if read.judgement:
                yield from (Told(record.id, alert) for alert in read.judgement.alerts)


def as_line(told: Told) -> dict[str, str | None]:
    """An alert as ``backtest --format jsonl`` prints it; dates as ISO 8601."""
    alert, main = told.alert, told.alert.main
    return {
        "record": told.record,
        "at": alert.at.isoformat(),
        "vendor": alert.vendor,
        "audience": main.audience.value,
        "position": main.position.value,
        "previous": main.previous.value if main.previous else None,
        "change": main.change.value,
        "product": main.product,
        "until": main.until.isoformat() if main.until else None,
        "condition": main.condition,
        "quote": main.quote,
        "url": alert.url,
        "before": main.before,
        "shift": main.shift.value if main.shift else None,
        "page_dated": main.page_dated.isoformat() if main.page_dated else None,
    }


def _begin(store: Store, baseline: Sequence[Stance]) -> None:
    if baseline:
        with store.begin() as work:
            work.stances.add(baseline)
            work.commit()


class _Replay:
    """The clock of the archive, and the desk that reads at it."""

    def __init__(self, store: Store, reader: Reads, markup: Markup | None) -> None:
        self._store = store
        self._markup = markup
        self._now: datetime | None = None
        self._desk = Desk(store, reader, lambda _alert: (), self._clock)
        self._vendors = reader.vendors
        self._records: dict[str, str] = {}  # by the id of a post with a stance
        self._end = self._first_end()

    def lapsed(self, until: datetime) -> Iterator[Told]:
        """What lapsed up to a moment, each at its own."""
        while self._end is not None and over(self._end, UTC) <= until:
            found = lapse(self._store, self._named, lambda _alert: (), over(self._end, UTC))
            yield from (Told(self._records.get(alert.post_id), alert) for alert in found.alerts)
            self._end = self._first_end()

    def _named(self, vendor: str) -> str:
        return self._vendors[vendor].name if vendor in self._vendors else vendor

    def _first_end(self) -> date | None:
        with self._store.begin() as work:
            return first_end(work.stances.ledger())

    def take(self, record: Record) -> list[Read]:
        """Record and read one record; empty when it brings nothing new."""
        self._now = record.at
        with self._store.begin() as work:
            posts = self._pages(work, record) if record.policy else self._post(work, record)
            work.commit()
        read = [self._read(post, record) for post in posts]
        self._desk.flush()
        return read

    def _read(self, post: Post, record: Record) -> Read:
        read = self._desk.read(post, record.source)
        if read.judgement and read.judgement.rows:
            self._records[post.id] = record.id
            self._end = self._first_end()
        return read

    def _clock(self) -> datetime:
        if self._now is None:
            raise ValueError("the archive's clock stands before its first record")
        return self._now

    def _post(self, work: UnitOfWork, record: Record) -> list[Post]:
        text = record.text if record.text is not None else self._article(record)
        entry = Entry(
            title=record.title,
            text=text,
            url=record.url,
            guid=record.id,
            published=record.at,
            published_raw=record.at_raw,
        )
        post = first_version(entry, record.source.id, record.at)
        held = work.posts.latest(post.source_id, [post.key]).get(post.key)
        if held is None:
            return work.posts.add_new([post])
        if held.digest == post.digest:
            return []
        edit = replace(post, version=held.version + 1)
        work.posts.add_version(edit)
        return [edit]

    def _article(self, record: Record) -> str:
        markup, html = self._need_markup(record), record.html or ""
        whole = markup.parser.article(_answer(record)) if _WHOLE_PAGE.search(html) else None
        return whole or markup.text_of(html)

    def _need_markup(self, record: Record) -> Markup:
        if self._markup is None:
            raise ValueError(f"record {record.id} gives html, and nothing to read it with was handed in")
        return self._markup

    def _pages(self, work: UnitOfWork, record: Record) -> list[Post]:
        capture = self._capture(record)
        if capture is None:
            return []
        try:
            return observe(work, record.source, capture, self._reread)
        except FetchError:
            return []

    def _capture(self, record: Record) -> Capture | None:
        """The record as a capture; None where the look failed: a bot wall, or a page that cannot be read."""
        if record.failed:
            return None
        if record.html is not None and not record.absent:
            try:
                return self._need_markup(record).parser.policy(record.source, _answer(record), record.at)
            except FetchError:
                return None
        text = "" if record.absent else unmarked(record.text or "")
        return Capture(
            source_id=record.source.id,
            taken=record.at,
            seen_last=record.at,
            url=record.url or "",
            title=record.title,
            text=text,
            sha256=sha256(text.encode()).hexdigest(),
            extractor=EXTRACTOR,
            absent=record.absent,
        )

    def _reread(self, _held: Capture) -> None:
        """An archive that changes from text to html is read in two ways, which cannot be told from an edit."""


def _answer(record: Record) -> Fetched:
    return Fetched(
        key=record.source.id,
        url=record.url or "",
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=(record.html or "").encode(),
        final_url=record.url or "",
    )

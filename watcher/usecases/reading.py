"""One post → its reading: statements, verdicts, and what follows from them, saved in one transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from watcher.core.alert import Alert
from watcher.core.errors import WatcherError
from watcher.core.intake import author_time
from watcher.core.judgement import Judgement, Occasion, judge
from watcher.core.post import Post
from watcher.core.reader import Document, Readout
from watcher.core.revision import is_capture, is_return, is_withdrawal
from watcher.core.source import Source, SourceKind
from watcher.core.stance import Ledger
from watcher.core.statement import Statement
from watcher.core.vendor import Vendor
from watcher.core.withdrawal import take_back, withdraw
from watcher.usecases.beside import beside_before, going_of, stated_beside
from watcher.usecases.heed import Heed, heed, without_rejected
from watcher.usecases.ports import Reading, Store, UnitOfWork
from watcher.usecases.sift import IRRELEVANT

RECENT = timedelta(days=30)  # the ten days in which reports of one event join, with room for late dates

Channels = Callable[[Alert], tuple[str, ...]]

_log = logging.getLogger(__name__)


class Reads(Protocol):
    """What is needed of ``core.reader.Reader``."""

    @property
    def version(self) -> str:
        """The rules' version."""

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Who is watched."""

    def relevant(self, title: str, text: str) -> bool:
        """Whether reading can find anything."""

    def read(self, document: Document) -> Readout:
        """The statements of a document."""


@dataclass(frozen=True, slots=True)
class Read:
    """What one post came to; ``judgement`` None: there was no statement in it."""

    statements: int = 0
    judgement: Judgement | None = None
    fault: str | None = None


def document_of(post: Post, source: Source | None) -> Document:
    """A stored post as the reader takes it; that of a source which is configured no more counts as news."""
    return Document(
        title=post.title,
        text=post.text,
        published=author_time(post),
        kind=source.kind if source else SourceKind.NEWS,
        vendor=source.vendor if source else None,
        language=post.language,
        policy=is_capture(post),
    )


class Desk:
    """Reads posts one by one, in the order in which they are handed in, and writes down what follows.

    Readings without a statement change no ledger, so they wait and are saved with the next that has one.
    """

    def __init__(self, store: Store, reader: Reads, channels: Channels, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._reader = reader
        self._channels = channels
        self._clock = clock
        self._waiting: list[Reading] = []
        self._titles: Mapping[str, str | None] | None = None

    def read(self, post: Post, source: Source | None, note: str | None = None) -> Read:
        """Read and judge a stored post; a source that is configured no more counts as news.

        Raises:
            StorageError: the record cannot be written; the post stays unread.
        """
        try:
            first = self._first(post)
            readout = self._revised(post, source, self._readout(post, source, first))
            if not readout.statements:
                self._waiting.append(self._reading(post, (readout.note, note)))
                return Read()
            return self._settle(post, source, first, readout, note)
        except WatcherError:
            raise
        except Exception as error:  # noqa: BLE001  (outermost loop over posts: one that trips a rule must not stop all)
            _log.exception("post %s: it could not be read", post.id)
            fault = f"could not be read: {type(error).__name__}"
            self._waiting.append(self._reading(post, (fault, note)))
            return Read(fault=fault)

    def flush(self) -> None:
        """Save the readings that wait."""
        if self._waiting:
            with self._store.begin() as work:
                self._write_waiting(work)
                work.commit()
            self._waiting.clear()

    def _first(self, post: Post) -> Post | None:
        """The version that an edit began with; None for a post that is no edit."""
        if post.version == 1:
            return None
        with self._store.begin() as work:
            return work.posts.first(post)

    def _readout(self, post: Post, source: Source | None, first: Post | None) -> Readout:
        """What stands in a post; days in what stood in its first version are counted from that one's day."""
        if not self._reader.relevant(post.title, post.text):
            return Readout((), IRRELEVANT)
        now = self._reader.read(document_of(post, source))
        if first is None:
            return now
        stood = f"{first.title}\n{first.text}"
        dated = replace(post, published=first.published, published_raw=first.published_raw)
        then = self._reader.read(document_of(dated, source))
        old = [statement for statement in then.statements if statement.quote in stood]
        new = [statement for statement in now.statements if statement.quote not in stood]
        return replace(now, statements=tuple(sorted(old + new, key=lambda statement: statement.start)))

    def _revised(self, post: Post, source: Source | None, readout: Readout) -> Readout:
        """Of a policy page, what the statements say beside the sentences that stood there before."""
        if source is None or not is_capture(post) or post.baseline:
            return readout
        with self._store.begin() as work:
            return beside_before(work, post, readout, partial(self._states, post, source))

    def _states(self, post: Post, source: Source, text: str) -> tuple[Statement, ...]:
        return self._readout(replace(post, text=text), source, None).statements

    def _settle(
        self, post: Post, source: Source | None, first: Post | None, readout: Readout, note: str | None
    ) -> Read:
        now = self._clock()
        with self._store.begin() as work:
            heeded = heed(work, now)
            readout = without_rejected(work, post.id, readout, heeded)
            occasion = self._occasion(work, post, source, first)
            judgement = self._judge(work, readout.statements, occasion, source, now, heeded)
            self._write_waiting(work)
            notes = (readout.note, note)
            work.posts.save_reading(self._reading(post, notes, judgement, now))
            self._write(work, judgement, heeded)
            work.commit()
        self._waiting.clear()
        return Read(len(readout.statements), judgement)

    def _judge(
        self,
        work: UnitOfWork,
        statements: Sequence[Statement],
        occasion: Occasion,
        source: Source | None,
        now: datetime,
        heeded: Heed,
    ) -> Judgement:
        vendors = dict.fromkeys(statement.vendor for statement in statements)
        ledger = Ledger.of(row for vendor in vendors for row in work.stances.ledger(vendor).rows)
        since = min(post.published for post in (occasion.post, occasion.first) if post) - RECENT
        recent = heeded.standing([alert for vendor in vendors for alert in work.alerts.recent(vendor, since)])
        if source is None or not is_capture(occasion.post) or occasion.post.baseline:
            return judge(statements, occasion, ledger, recent, self._reader.vendors, now)
        states = partial(self._states, occasion.post, source)
        if is_withdrawal(occasion.post):
            going = going_of(work, occasion.post, states)
            return withdraw(statements, going, occasion, ledger, self._reader.vendors, now)
        occasion = replace(occasion, stated=stated_beside(work, occasion.post, states))
        decide = take_back if is_return(occasion.post) else judge
        return decide(statements, occasion, ledger, recent, self._reader.vendors, now)

    def _write(self, work: UnitOfWork, judgement: Judgement, heeded: Heed) -> None:
        work.stances.add(judgement.rows)
        for evidence in judgement.evidence:
            work.stances.add_evidence(evidence)
        for alert in judgement.alerts:
            work.alerts.add(alert, () if heeded.silent(alert.vendor, alert.at) else self._channels(alert))
        for report in judgement.reports:
            work.alerts.join(report)

    def _write_waiting(self, work: UnitOfWork) -> None:
        for reading in self._waiting:
            work.posts.save_reading(reading)

    def _reading(
        self,
        post: Post,
        notes: Sequence[str | None],
        judgement: Judgement | None = None,
        now: datetime | None = None,
    ) -> Reading:
        return Reading(
            post_id=post.id,
            version=post.version,
            read_at=now or self._clock(),
            rules=self._reader.version,
            verdicts=judgement.verdicts if judgement else (),
            note="; ".join(note for note in notes if note) or None,
        )

    def _occasion(self, work: UnitOfWork, post: Post, source: Source | None, first: Post | None) -> Occasion:
        if source is None:
            return Occasion(post, post.source_id, SourceKind.NEWS, first=first)
        name = source.name or self._own_title(work, source.id) or source.label
        return Occasion(post, name, source.kind, source.vendor, first=first)

    def _own_title(self, work: UnitOfWork, source_id: str) -> str | None:
        """A feed's own title; all are read once, since reading them again for each post would grow with both."""
        if self._titles is None:
            self._titles = {key: state.title for key, state in work.sources.states().items()}
        return self._titles.get(source_id)

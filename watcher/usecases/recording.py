"""Writing down what the sources answer in a round."""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from watcher.core import health
from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble, WatcherError
from watcher.core.health import Outcome
from watcher.core.intake import Intake
from watcher.core.post import Post
from watcher.core.source import Source, SourceType
from watcher.usecases.arrivals import Arrival, arrival, decide, moved, outcome
from watcher.usecases.observe import observe, rereading
from watcher.usecases.ports import Fetched, Parsed, Parser, Reading, Store
from watcher.usecases.round import Failure, Round
from watcher.usecases.standing import Standing, Step

Sifting = Callable[[Post, Source, datetime], Reading | None]  # the reading of a new post that need not be read

BATCH = 250  # sources, and
BATCH_POSTS = 500  # posts in one transaction

_log = logging.getLogger(__name__)


class Recording:
    """The round in hand: what has come in, and what waits to be saved."""

    def __init__(
        self, store: Store, parser: Parser, standing: Standing, sift: Sifting | None = None, *, left: bool = False
    ) -> None:
        self._store = store
        self._sift = sift
        self._parser = parser
        self._standing = standing
        self._waiting: list[Step] = []
        self._arrived: list[Arrival] = []
        self._doubtful: list[tuple[Source, Outcome, datetime]] = []
        self._failures: list[Failure] = []
        self._counts: Counter[str] = Counter()
        self._partial: list[str] = []
        self._notes: list[str] = []
        self._unread = left  # whether there may be something to read
        self.answered = 0

    def unsaved(self) -> set[str]:
        """The sources whose answers are not on record yet."""
        return {
            *(step.state.source_id for step in self._waiting),
            *(one.source.id for one in self._arrived),
            *(source.id for source, _, _ in self._doubtful),
        }

    def take(self, answer: Fetched, now: datetime) -> None:
        """Record one answer. Nothing that is wrong with one source, not even a bug, reaches another."""
        self.answered += 1
        source = self._standing.sources.get(answer.key)
        if source is None:
            return  # it was taken out of feeds.yaml while its answer was awaited
        try:
            self._record(source, answer, now)
        except FetchError as error:
            self._fail(source, error, answer, now)
        except WatcherError:
            raise
        except Exception as error:  # noqa: BLE001  (outermost loop over sources: one feed's bug must not stop the round)
            self._stumble(source, error, answer, now)
        if len(self._arrived) + len(self._waiting) >= BATCH or sum(len(a.posts) for a in self._arrived) >= BATCH_POSTS:
            self._flush()

    def settle(self, on_settled: Callable[[], object] | None) -> None:
        """Nothing came in for a while: let what was saved be read and told."""
        self._flush()
        if on_settled and self._unread:
            self._unread = bool(on_settled())

    def finish(self, now: datetime, awaited: Collection[str]) -> Round:
        """Decide whose failures these are, save what waits, and sum up."""
        self._flush()
        down = self._standing.network_down([(source.id, failed) for source, failed, _ in self._doubtful], now)
        for source, failed, at in self._doubtful:
            self._waiting.append(self._standing.follow(source, replace(failed, network_down=down), at))
        self._flush()
        return Round(
            asked=self.answered + len(awaited),
            answered=self.answered,
            not_modified=self._counts["not_modified"],
            new_posts=self._counts["new"],
            baseline=self._counts["baseline"],
            edits=self._counts["edits"],
            failures=tuple(self._failures),
            partial=tuple(self._partial),
            network_down=down,
            transitions=tuple(self._standing.transitions),
            notes=tuple(self._notes),
            next_due=self._standing.next_due(apart_from=awaited),
            awaited=len(awaited),
        )

    def _record(self, source: Source, answer: Fetched, now: datetime) -> None:
        if answer.error:
            if source.type is SourceType.POLICY and answer.error.trouble is FetchTrouble.GONE:
                self._missing(source, answer.error, answer, now)
            raise answer.error
        if answer.not_modified:
            self._unchanged(source, answer, now)
        elif source.type is SourceType.POLICY:
            self._policy(source, answer, now)
        else:
            self._entries(source, answer, now)

    def _unchanged(self, source: Source, answer: Fetched, now: datetime) -> None:
        outcome = Outcome(not_modified=True, http=answer.http, ttl=answer.ttl)
        self._counts["not_modified"] += 1
        self._waiting.append(self._standing.follow(source, outcome, now))

    def _entries(self, source: Source, answer: Fetched, now: datetime) -> None:
        content = answer.content
        parsed = content if isinstance(content, Parsed) else self._parser.entries(source, answer)
        self._arrived.append(arrival(source, answer, parsed, now))

    def _flush(self) -> None:
        """Save what has come in since the last time."""
        arrived, self._arrived = self._arrived, []
        try:
            self._take_in(arrived)
        except WatcherError:
            raise
        except Exception:  # a bug; which source brought it out shows when each is taken in alone
            if not arrived:
                raise
            for one in arrived:
                self._take_in_alone(one)

    def _take_in_alone(self, one: Arrival) -> None:
        try:
            self._take_in([one])
        except WatcherError:
            raise
        except Exception as error:  # noqa: BLE001  (as in ``take``)
            self._stumble(one.source, error, one.answer, one.now)

    def _take_in(self, arrived: Sequence[Arrival]) -> None:
        """Decide about what came, and save it with the states that wait, in one transaction."""
        if not arrived and not self._waiting:
            return
        with self._store.begin() as work:
            found = [(one, decide(work, one, self._standing.of(one.source), self._standing.window)) for one in arrived]
            new = [(post, one) for one, intake in found for post in intake.new]
            work.posts.add_new([post for post, _ in new], self._aside(new))
            for edit in (edit for _, intake in found for edit in intake.edits):
                work.posts.add_version(edit)
            self._standing.save(work, *self._waiting, *(self._step(one, intake) for one, intake in found))
        self._waiting.clear()
        for one, intake in found:
            self._count(intake)
            if one.parsed.partial:
                self._partial.append(one.source.id)

    def _aside(self, new: Iterable[tuple[Post, Arrival]]) -> list[Reading]:
        if self._sift is None:
            return []
        return [reading for post, one in new if (reading := self._sift(post, one.source, one.now))]

    def _step(self, one: Arrival, found: Intake) -> Step:
        before = self._standing.of(one.source).http
        return self._standing.follow(one.source, outcome(one, found, before), one.now)

    def _policy(self, source: Source, answer: Fetched, now: datetime) -> None:
        content = answer.content
        capture = content if isinstance(content, Capture) else self._parser.policy(source, answer, now)
        with self._store.begin() as work:
            new = observe(work, source, capture, rereading(self._parser, source))
            outcome = Outcome(ttl=answer.ttl, http=answer.http, new_posts=len(new), newest=now if new else None)
            self._standing.save(work, self._standing.follow(source, outcome, now))
        self._count(Intake(new=tuple(new)))

    def _missing(self, source: Source, error: FetchError, answer: Fetched, now: datetime) -> None:
        """A policy page that is not there; its trouble is counted like any other source's."""
        absent = f"answered {error.status}" if error.status else "is gone"
        empty = Capture(source.id, now, now, answer.final_url or source.url, "", "", "", "", absent=absent)
        with self._store.begin() as work:
            new = observe(work, source, empty, rereading(self._parser, source))
            work.commit()
        self._count(Intake(new=tuple(new)))

    def _fail(self, source: Source, error: FetchError, answer: Fetched, now: datetime) -> None:
        http = moved(self._standing.of(source).http, answer.http)
        lasting = error.trouble is FetchTrouble.GONE and not error.transient
        failed = Outcome(error.trouble, error.detail, retry_after=error.retry_after, lasting=lasting, http=http)
        self._failures.append(Failure(source.id, error.trouble, error.detail))
        if error.trouble in health.PERHAPS_OURS:
            self._doubtful.append((source, failed, now))
        else:
            self._waiting.append(self._standing.follow(source, failed, now))

    def _stumble(self, source: Source, error: Exception, answer: Fetched, now: datetime) -> None:
        _log.error("%s: the answer could not be taken in", source.id, exc_info=error)
        trouble = FetchError(FetchTrouble.UNREADABLE, f"{type(error).__name__} while reading the answer")
        self._fail(source, trouble, answer, now)

    def _count(self, found: Intake) -> None:
        self._counts.update(new=len(found.new), baseline=found.baseline, edits=len(found.edits))
        self._unread = self._unread or bool(found.new or found.edits)
        if found.note:
            self._notes.append(found.note)

"""One round over the sources: fetch, tell what is new, save.

::

    due sources → Fetcher (all at once, conditional) → as each answer comes in:
        304 or the known body  → the state alone, saved in batches
        an error               → kept to the end of the round, when it is known whether it is our own network
        a body                 → Parser → intake decides → posts, versions, captures and the source's state (with its
                                 validators) in ONE transaction; several sources share one, none is split over two

Killed at any moment, the next round does the rest: a source whose transaction was not committed is still due, and its
validators are still the old ones.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core import cadence, health, intake
from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble, WatcherError
from watcher.core.health import Outcome, Transition
from watcher.core.intake import Intake
from watcher.core.post import Post
from watcher.core.source import HttpState, Source, SourceState, SourceType
from watcher.usecases.lookalikes import lookalikes_of
from watcher.usecases.observe import observe, rereading
from watcher.usecases.ports import Fetched, Fetcher, FetchRequest, Parsed, Parser, Store, UnitOfWork

# Silence after which what has arrived is read while others are still outstanding. Posts of one round are read in the
# order of publication; a shorter wait would let a slow server decide which outlet was first.
# It is a fifth of what the round has taken so far, and this at most.
SETTLE = timedelta(seconds=1)
BATCH = 250  # sources, and
BATCH_POSTS = 500  # posts in one transaction

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]  # how many sources are done, of how many
Stop = Callable[[], bool]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """A source that could not be read in this round."""

    source_id: str
    trouble: FetchTrouble
    detail: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to. ``asked`` sources were due, ``answered`` came back in time, with or without trouble.

    ``baseline`` counts those of ``new_posts`` that are recorded without alert. ``next_due`` is the earliest due time
    over all sources (None without sources). ``stopped``: the round was cut short between two sources.
    """

    asked: int = 0
    answered: int = 0
    not_modified: int = 0
    new_posts: int = 0
    baseline: int = 0
    edits: int = 0
    failures: tuple[Failure, ...] = ()
    partial: tuple[str, ...] = ()
    network_down: bool = False
    transitions: tuple[Transition, ...] = ()
    notes: tuple[str, ...] = ()
    next_due: datetime | None = None
    stopped: bool = False


def poll(
    store: Store,
    fetcher: Fetcher,
    parser: Parser,
    sources: Sequence[Source],
    clock: Clock,
    *,
    alert_window: timedelta,
    every_source: bool = False,
    only: Collection[str] | None = None,
    progress: Progress | None = None,
    on_settled: Callable[[], None] | None = None,
    settle: timedelta = SETTLE,
    stop: Stop = bool,
) -> Round:
    """Poll the sources that are due and record what they bring.

    Args:
        store: the record.
        fetcher: fetches all addresses at once.
        parser: reads bytes into entries or a capture.
        sources: what feeds.yaml names.
        clock: the time, aware, UTC; asked once for each answer.
        alert_window: posts older than this are the baseline at first sight and after an outage.
        every_source: poll whether due or not.
        only: the ids to which the round is limited.
        progress: told after each answer.
        on_settled: called when something new was saved and then nothing came in for ``settle`` while other sources
            are still awaited, so that a hung server delays nobody's alert. Not called at the end of the round.
        settle: how long "nothing came in" is at most; early in a round it is less.
        stop: asked between two answers; true ends the round there.

    Raises:
        StorageError: the record cannot be read or written; what was committed stays.
    """
    run = _Run(store, parser, sources, alert_window)
    due = [source for source in sources if only is None or source.id in only]
    if not every_source:
        now = clock()
        due = [source for source in due if cadence.is_due(source, run.states.get(source.id), now)]
    began, silence, tick = clock(), timedelta(), settle / 10
    for answer in answers(fetcher, [run.request(source) for source in due], tick, stop):
        if answer is None:
            silence += tick
            if silence >= min(settle, (clock() - began) / 5):
                run.settle(on_settled)
            continue
        silence = timedelta()
        run.take(answer, clock())
        if progress:
            progress(run.answered, len(due))
    return run.finish(len(due), clock())


def answers(
    fetcher: Fetcher, requests: Sequence[FetchRequest], idle: timedelta, stop: Stop
) -> Generator[Fetched | None, None, None]:
    """The answers as they come in, until all are there or ``stop`` says so; None when nothing came for ``idle``."""
    coming = fetcher.fetch(requests, idle=idle.total_seconds())
    try:
        for answer in coming:
            if stop():
                return
            yield answer
    finally:
        if isinstance(coming, Generator):
            coming.close()  # ends what is still on its way


@dataclass(frozen=True, slots=True)
class _Step:
    """The next state of a source, not yet saved."""

    state: SourceState
    transition: Transition | None


@dataclass(frozen=True, slots=True)
class _Arrival:
    """What a source brought, not yet decided upon."""

    source: Source
    answer: Fetched
    parsed: Parsed
    posts: Mapping[str, Post]
    now: datetime


class _Run:
    """The round in hand: what is known of the sources, and what waits to be saved."""

    def __init__(self, store: Store, parser: Parser, sources: Sequence[Source], alert_window: timedelta) -> None:
        self._store = store
        self._parser = parser
        self._sources = {source.id: source for source in sources}
        self._window = alert_window
        self._waiting: list[_Step] = []
        self._arrived: list[_Arrival] = []
        self._failed: list[tuple[Source, Outcome, datetime]] = []
        self._counts: Counter[str] = Counter()
        self._partial: list[str] = []
        self._notes: list[str] = []
        self._transitions: list[Transition] = []
        self._news = False
        self.answered = 0
        with store.begin() as work:
            self.states = work.sources.states()
            self._pending = work.captures.pending()

    def request(self, source: Source) -> FetchRequest:
        """A conditional request for a source; a page from which something went is looked at in full."""
        state = self._state(source)
        http = HttpState() if source.id in self._pending else cadence.validators(source, state)
        return FetchRequest(source.id, source.url, http, source)

    def take(self, answer: Fetched, now: datetime) -> None:
        """Record one answer. Nothing that is wrong with one source, not even a bug, reaches another."""
        source = self._sources[answer.key]
        self.answered += 1
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

    def settle(self, on_settled: Callable[[], None] | None) -> None:
        """Nothing came in for a while: let what was saved be read and told."""
        self._flush()
        if on_settled and self._news:
            self._news = False
            on_settled()

    def finish(self, asked: int, now: datetime) -> Round:
        """Save what waits, decide whose failures these are, and sum up."""
        self._flush()
        down = self._network_down(now)
        for source, outcome, at in self._failed:
            ours = down and outcome.trouble in health.PERHAPS_OURS
            self._waiting.append(self._follow(source, replace(outcome, network_down=ours), at))
        self._flush()
        nexts = [due for source in self._sources.values() if (due := self._state(source).next_due)]
        return Round(
            asked=asked,
            answered=self.answered,
            not_modified=self._counts["not_modified"],
            new_posts=self._counts["new"],
            baseline=self._counts["baseline"],
            edits=self._counts["edits"],
            failures=tuple(_failure(source, outcome) for source, outcome, _ in self._failed),
            partial=tuple(self._partial),
            network_down=down,
            transitions=tuple(self._transitions),
            notes=tuple(self._notes),
            next_due=min(nexts, default=None),
            stopped=self.answered < asked,
        )

    def _network_down(self, now: datetime) -> bool:
        failed = {source.id for source, _, _ in self._failed}
        others = (self._state(source) for source in self._sources.values() if source.id not in failed)
        recent = health.recent_outcomes(others, now)
        return bool(failed) and health.network_down([*recent, *(outcome.trouble for _, outcome, _ in self._failed)])

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
        self._waiting.append(self._follow(source, outcome, now))

    def _entries(self, source: Source, answer: Fetched, now: datetime) -> None:
        content = answer.content
        parsed = content if isinstance(content, Parsed) else self._parser.entries(source, answer)
        posts = intake.posts_of(parsed.entries, source.id, now)
        self._arrived.append(_Arrival(source, replace(answer, body=b"", content=None), parsed, posts, now))

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

    def _take_in_alone(self, one: _Arrival) -> None:
        try:
            self._take_in([one])
        except WatcherError:
            raise
        except Exception as error:  # noqa: BLE001  (as in ``take``)
            self._stumble(one.source, error, one.answer, one.now)

    def _take_in(self, arrived: Sequence[_Arrival]) -> None:
        """Decide about what came, and save it with the states that wait, in one transaction."""
        if not arrived and not self._waiting:
            return
        with self._store.begin() as work:
            found = [(one, self._decide(work, one.source, one.posts, one.now)) for one in arrived]
            work.posts.add_new([post for _, intake_ in found for post in intake_.new])
            for edit in (edit for _, intake_ in found for edit in intake_.edits):
                work.posts.add_version(edit)
            self._save(work, *self._waiting, *(self._arrival_step(one, intake_) for one, intake_ in found))
        self._waiting.clear()
        for one, intake_ in found:
            self._count(intake_)
            if one.parsed.partial:
                self._partial.append(one.source.id)

    def _arrival_step(self, one: _Arrival, found: Intake) -> _Step:
        outcome = _outcome(one.answer, one.parsed, found, self._state(one.source).http)
        return self._follow(one.source, outcome, one.now)

    def _decide(self, work: UnitOfWork, source: Source, posts: Mapping[str, Post], now: datetime) -> Intake:
        state = self._state(source)
        # What a source may have brought before its first poll is on record is left out where posts are added.
        known = work.posts.latest(source.id, posts) if state.polls else {}
        fresh = [post for key, post in posts.items() if key not in known]
        lookalikes = lookalikes_of(work, fresh) if state.first_success else []
        found = intake.decide(
            posts, source, state, known=known, lookalikes=lookalikes, now=now, alert_window=self._window
        )
        held = {post.key: post for post in (*lookalikes, *known.values())}
        return replace(found, edits=tuple(_quietly(work, edit, held[edit.key]) for edit in found.edits))

    def _policy(self, source: Source, answer: Fetched, now: datetime) -> None:
        content = answer.content
        capture = content if isinstance(content, Capture) else self._parser.policy(source, answer, now)
        with self._store.begin() as work:
            new = observe(work, source, capture, rereading(self._parser, source))
            outcome = Outcome(ttl=answer.ttl, http=answer.http, new_posts=len(new), newest=now if new else None)
            self._save(work, self._follow(source, outcome, now))
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
        http = _moved(self._state(source).http, answer.http)
        outcome = Outcome(error.trouble, error.detail, retry_after=error.retry_after, http=http)
        self._failed.append((source, outcome, now))

    def _stumble(self, source: Source, error: Exception, answer: Fetched, now: datetime) -> None:
        _log.error("%s: the answer could not be taken in", source.id, exc_info=error)
        trouble = FetchError(FetchTrouble.UNREADABLE, f"{type(error).__name__} while reading the answer")
        self._fail(source, trouble, answer, now)

    def _state(self, source: Source) -> SourceState:
        return self.states.get(source.id) or SourceState(source.id)

    def _follow(self, source: Source, outcome: Outcome, now: datetime) -> _Step:
        quiet_from = intake.outage(source, self._window)
        state, transition = health.follow(source, self._state(source), outcome, now, quiet_from)
        return _Step(replace(state, next_due=cadence.next_due(source, state, outcome, now)), transition)

    def _save(self, work: UnitOfWork, *steps: _Step) -> None:
        """Commit, and only then believe it."""
        work.sources.save([step.state for step in steps])
        work.commit()
        self.states.update({step.state.source_id: step.state for step in steps})
        self._transitions += [step.transition for step in steps if step.transition]

    def _count(self, found: Intake) -> None:
        self._counts.update(new=len(found.new), baseline=found.baseline, edits=len(found.edits))
        self._news = self._news or bool(found.new or found.edits)
        if found.note:
            self._notes.append(found.note)


def _outcome(answer: Fetched, parsed: Parsed, found: Intake, before: HttpState) -> Outcome:
    whole = not parsed.partial and bool(parsed.entries)
    return Outcome(
        ttl=max((wish for wish in (answer.ttl, parsed.ttl) if wish is not None), default=None),
        partial=parsed.partial,
        settled=whole,
        new_posts=len(found.new),
        newest=max((post.published for post in found.new), default=None),
        # Validators stand for posts on record: those of a cut or empty answer would hide what was not there.
        http=answer.http if whole else _moved(before, answer.http),
        title=parsed.title,
    )


def _moved(before: HttpState, after: HttpState) -> HttpState:
    """The validators on record with what was newly seen of a permanent redirect."""
    return replace(before, moved_to=after.moved_to, moved_seen=after.moved_seen) if after.moved_to else before


def _quietly(work: UnitOfWork, edit: Post, held: Post) -> Post:
    """An edit of a baseline post is news, unless the baseline itself was never read: then it takes its place."""
    unread = held.baseline and not work.posts.readings(held.id)
    return replace(edit, baseline=True) if unread else edit


def _failure(source: Source, outcome: Outcome) -> Failure:
    return Failure(source.id, outcome.trouble or FetchTrouble.UNREADABLE, outcome.detail or "")

"""One round over the sources: fetch, tell what is new, save.

::

    due sources → Fetcher (all at once, conditional) → as each answer comes in:
        304 or the known body  → the state alone, saved in batches
        an error               → the state alone; one that may be our own network's is kept until that is known
        a body                 → Parser → intake decides → posts, versions, captures and the source's state (with its
                                 validators) in ONE transaction; several sources share one, none is split over two

Killed at any moment, the next round does the rest: a source whose transaction was not committed is still due, and its
validators are still the old ones.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from watcher.core.source import Source
from watcher.usecases.awaited import Awaited, Stop
from watcher.usecases.ports import Fetched, Fetcher, Parser, Store
from watcher.usecases.recording import Recording, Sifting
from watcher.usecases.round import Round
from watcher.usecases.standing import Standing

# Silence after which what has arrived is read while others are still outstanding. Posts of one round are read in the
# order of publication; a shorter wait would let a slow server decide which outlet was first.
# It is a fifth of what the round has taken so far, and this at most.
SETTLE = timedelta(seconds=1)
LONGEST = timedelta(seconds=15)  # that what has arrived waits, though answers never stop coming in
_LOOK = timedelta(seconds=0.5)  # how often a round that waits looks for what has come due

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]  # how many sources are done, of how many


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
    on_settled: Callable[[], object] | None = None,
    settle: timedelta = SETTLE,
    stop: Stop = bool,
    awaited: Awaited | None = None,
    patience: timedelta | None = None,
    sift: Sifting | None = None,
    left: bool = False,
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
            are still awaited, so that a hung server delays nobody's alert. Where its answer is true, it is called
            again after such a silence, though nothing new was saved. Not called at the end of the round.
        settle: how long "nothing came in" is at most; early in a round it is less.
        stop: asked between two answers; true ends the round there.
        awaited: what earlier rounds left outstanding; what this one leaves is in it at the end. None: nothing was, and
            what this one leaves is given up.
        patience: how long the round lasts at least before it leaves to the next one what hangs; meanwhile it asks what
            comes due. None: it waits for all that it asked, and asks no more.
        sift: puts aside what need not be read, as it is stored; None: all that is new is left to be read.
        left: earlier rounds left something to be read, so that ``on_settled`` is called though nothing new was saved.

    Raises:
        StorageError: the record cannot be read or written; what was committed stays.
    """
    standing = Standing(store, sources, alert_window)
    run = Recording(store, parser, standing, sift, left=left)
    line = Awaited(settle / 10) if awaited is None else awaited
    asking = _Asking(fetcher, standing, [source for source in sources if only is None or source.id in only], line)
    began = clock()
    asking.ask(began, everybody=every_source)
    waiting = _Waiting(began, settle, line.tick, began)
    try:
        while line and not stop():
            answer, now = line.next(), clock()
            waiting.saw(answer)
            if answer:
                run.take(answer, now)
                if progress:
                    progress(run.answered, run.answered + len(line.keys))
            if patience is not None:
                asking.again(now, run.unsaved)
            if waiting.is_over(now):
                waiting.begin(now)
                run.settle(on_settled)
                if patience is not None and now - began >= patience:
                    break
        return replace(run.finish(clock(), line.keys), stopped=bool(line) and stop())
    finally:
        if awaited is None:
            line.close()


class _Asking:
    """Asks the sources that are due, and are not awaited already."""

    def __init__(self, fetcher: Fetcher, standing: Standing, choice: Sequence[Source], line: Awaited) -> None:
        self._fetcher = fetcher
        self._standing = standing
        self._choice = choice
        self._line = line
        self._looked = datetime.min.replace(tzinfo=UTC)

    def ask(self, now: datetime, *, everybody: bool = False, apart_from: Collection[str] = ()) -> None:
        self._looked = now
        spared = self._line.keys | set(apart_from)
        due = [source for source in self._choice if source.id not in spared]
        due = [source for source in due if everybody or self._standing.is_due(source, now)]
        self._line.ask(self._fetcher, [self._standing.request(source) for source in due], now)

    def again(self, now: datetime, unsaved: Callable[[], Collection[str]]) -> None:
        """Ask what has come due since. What answered and is not on record yet still seems to be due."""
        if now - self._looked >= _LOOK:
            self.ask(now, apart_from=unsaved())


@dataclass(slots=True)
class _Waiting:
    """How long nothing has come in, and when what did was read last (``over``)."""

    began: datetime
    settle: timedelta
    tick: timedelta
    over: datetime
    silence: timedelta = timedelta()

    def saw(self, answer: Fetched | None) -> None:
        self.silence = timedelta() if answer else self.silence + self.tick

    def begin(self, now: datetime) -> None:
        """Wait anew: what has come in is read."""
        self.over, self.silence = now, timedelta()

    def is_over(self, now: datetime) -> bool:
        """Whether what has come in is read now, though more is to come."""
        quiet = self.silence and self.silence >= min(self.settle, (now - self.began) / 5)
        return bool(quiet) or now - self.over >= LONGEST

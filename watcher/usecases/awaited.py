"""Answers that are still to come."""

from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.usecases.ports import Fetched, Fetcher, FetchRequest

Stop = Callable[[], bool]


_ENDED = object()


@dataclass(slots=True, eq=False)
class _Call:
    """One call to the fetcher, and the keys of the answers that it still owes."""

    coming: Iterator[Fetched | None]
    keys: set[str]
    asked: datetime


@dataclass(slots=True)
class Awaited:
    """What was asked and not answered yet, over several calls to the fetcher.

    It outlives a round: a server that hangs is awaited beyond it, and nobody else waits for that server.
    """

    tick: timedelta
    _calls: list[_Call] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        """Whose answers are awaited."""
        return {key for call in self._calls for key in call.keys}

    def __bool__(self) -> bool:
        """Whether anything is awaited."""
        return bool(self._calls)

    def ask(self, fetcher: Fetcher, requests: Iterable[FetchRequest], now: datetime) -> None:
        """Ask for more."""
        wanted = list(requests)
        if wanted:
            coming = iter(fetcher.fetch(wanted, idle=self.tick.total_seconds()))
            self._calls.insert(0, _Call(coming, {request.key for request in wanted}, now))

    def give_up(self, before: datetime) -> set[str]:
        """End what was asked before that moment and is still on its way; returns whose answers will not come."""
        late = [call for call in self._calls if call.asked < before]
        for call in late:
            self._end(call)
        return {key for call in late for key in call.keys}

    def next(self) -> Fetched | None:
        """The next answer; None when each call has been waited for for a ``tick`` in vain."""
        for call in list(self._calls):
            answer = next(call.coming, _ENDED)
            if answer is _ENDED:
                self._end(call)
            elif isinstance(answer, Fetched):
                self._took(call, answer.key)
                return answer
        return None

    def _took(self, call: _Call, key: str) -> None:
        call.keys.discard(key)
        if call.keys:
            # First in line again: a call that hangs would cost each answer of another one a tick.
            self._calls.remove(call)
            self._calls.insert(0, call)
        else:
            self._end(call)

    def close(self) -> None:
        """End what is still on its way."""
        for call in list(self._calls):
            self._end(call)

    def _end(self, call: _Call) -> None:
        self._calls.remove(call)
        _close(call.coming)


def _close(coming: object) -> None:
    if isinstance(coming, Generator):
        coming.close()

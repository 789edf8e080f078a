"""How the record in memory takes back what a unit of work has done."""

from bisect import bisect_left, insort
from collections.abc import Callable
from datetime import datetime
from typing import NoReturn, TypeVar

from watcher.core.errors import StorageError

Key = TypeVar("Key")
Value = TypeVar("Value")
Turn = tuple[datetime, datetime, str]  # published, first sight, id: the order of reading


class Journal:
    """How to take back what a unit of work has done, and whether it may still be saved."""

    def __init__(self) -> None:
        self._undo: list[Callable[[], object]] = []
        self._failed = False

    def put(self, mapping: dict[Key, Value], key: Key, value: Value) -> None:
        """Set an entry."""
        if key in mapping:
            before = mapping[key]
            self._undo.append(lambda: mapping.__setitem__(key, before))
        else:
            self._undo.append(lambda: mapping.pop(key))
        mapping[key] = value

    def append(self, values: list[Value], value: Value) -> None:
        """Add at the end."""
        values.append(value)
        self._undo.append(values.pop)

    def replace(self, values: list[Value], place: int, value: Value) -> None:
        """Set what stands at a place."""
        before = values[place]
        values[place] = value
        self._undo.append(lambda: values.__setitem__(place, before))

    def insert(self, turns: list[Turn], turn: Turn) -> None:
        """Add in its place."""
        insort(turns, turn)
        self._undo.append(lambda: turns.pop(bisect_left(turns, turn)))

    def remove(self, turns: list[Turn], turn: Turn) -> None:
        """Take out what is there."""
        turns.pop(bisect_left(turns, turn))
        self._undo.append(lambda: insort(turns, turn))

    def fail(self, message: str) -> NoReturn:
        """Refuse a step, and with it the whole unit of work."""
        self._failed = True
        raise StorageError(message)

    def commit(self) -> None:
        """Forget how to take it back."""
        if self._failed:
            raise StorageError("nothing was saved: an earlier step of the transaction had failed")
        self._undo.clear()

    def rollback(self) -> None:
        """Take back all since the last commit, last first."""
        while self._undo:
            self._undo.pop()()

"""``Conditions`` in memory."""

from collections.abc import Iterable

from watcher.core.condition import Condition
from watcher.usecases.journal import Journal


class MemoryConditions:
    """``Conditions`` in memory."""

    def __init__(self, record: dict[str, Condition], journal: Journal) -> None:
        self._record = record
        self._journal = journal

    def all(self) -> dict[str, Condition]:
        """All that were ever told, in their newest state, by name."""
        return dict(self._record)

    def save(self, conditions: Iterable[Condition]) -> None:
        """Insert or replace."""
        for one in conditions:
            self._journal.put(self._record, one.name, one)

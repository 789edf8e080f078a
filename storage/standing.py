"""What is wrong with the watcher itself, and has been told."""

from collections.abc import Iterable

from sqlalchemy import select

from storage.link import Link, built, columns, values_of
from storage.schema import CONDITIONS
from watcher.core.condition import Condition

_CONDITION = columns(Condition, CONDITIONS)


class SqlConditions:
    """``Conditions`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def all(self) -> dict[str, Condition]:
        """All that were ever told, in their newest state, by name."""
        return {row.name: built(Condition, row) for row in self._link.rows(select(*_CONDITION))}

    def save(self, conditions: Iterable[Condition]) -> None:
        """Insert or replace."""
        for one in conditions:
            values = values_of(one)
            insert = self._link.insert(CONDITIONS).values(values)
            self._link.run(insert.on_conflict_do_update(index_elements=["name"], set_=values))

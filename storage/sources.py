"""The states of the sources."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, select

from storage.link import Insert, Link, values_of
from storage.schema import SOURCE_STATES
from watcher.core.source import HttpState, SourceState

_HTTP = tuple(HttpState.__dataclass_fields__)


class SqlSources:
    """``Sources`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def states(self) -> dict[str, SourceState]:
        """All states on record, by source id."""
        return {row.source_id: _state(row) for row in self._link.rows(select(SOURCE_STATES))}

    def save(self, states: Iterable[SourceState]) -> None:
        """Insert or replace."""
        if rows := [_row(state) for state in states]:
            self._link.run(_upsert(self._link.insert), rows)


@cache
def _upsert(insert: Insert) -> Executable:
    """Made once: it runs at every poll of every source, and takes longer to build than to run."""
    new = insert(SOURCE_STATES)
    rest = {column.name: new.excluded[column.name] for column in SOURCE_STATES.c if not column.primary_key}
    return new.on_conflict_do_update(index_elements=["source_id"], set_=rest)


def _row(state: SourceState) -> dict[str, Any]:
    own = values_of(state)
    return own | values_of(own.pop("http"))


def _state(row: Row[Any]) -> SourceState:
    found = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name for a row as a mapping)
    http = HttpState(**{name: found.pop(name) for name in _HTTP})
    return SourceState(http=http, **found)

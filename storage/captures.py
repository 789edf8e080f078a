"""Versions of policy pages."""

from typing import Any

from sqlalchemy import Select, select, update

from storage.link import Link, built, columns, values_of
from storage.tables import CAPTURES
from watcher.core.capture import Capture

_COLUMNS = columns(Capture, CAPTURES)


class SqlCaptures:
    """``Captures`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def latest(self, source_id: str) -> Capture | None:
        """The newest capture of a page."""
        newest = _of(source_id).order_by(CAPTURES.c.taken.desc(), CAPTURES.c.id.desc()).limit(1)
        return next((built(Capture, row) for row in self._link.rows(newest)), None)

    def add(self, capture: Capture) -> None:
        """Store a new capture."""
        self._link.run(CAPTURES.insert(), values_of(capture))

    def touch(self, capture: Capture) -> None:
        """Store ``seen_last`` of the newest capture."""
        ids = select(CAPTURES.c.id).where(CAPTURES.c.source_id == capture.source_id)
        newest = ids.order_by(CAPTURES.c.taken.desc(), CAPTURES.c.id.desc()).limit(1).scalar_subquery()
        self._link.run(update(CAPTURES).where(CAPTURES.c.id == newest).values(seen_last=capture.seen_last))

    def all(self, source_id: str) -> list[Capture]:
        """All captures, oldest first."""
        oldest = _of(source_id).order_by(CAPTURES.c.taken, CAPTURES.c.id)
        return [built(Capture, row) for row in self._link.rows(oldest)]


def _of(source_id: str) -> Select[Any]:
    return select(*_COLUMNS).where(CAPTURES.c.source_id == source_id)

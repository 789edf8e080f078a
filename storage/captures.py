"""Versions of policy pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, true, update

from storage.conditions import IS_PENDING
from storage.link import Link, built, columns, values_of
from storage.schema import ABSENCES, CAPTURES
from watcher.core.absence import Absence
from watcher.core.capture import Capture

_COLUMNS = columns(Capture, CAPTURES)
_ABSENCE = columns(Absence, ABSENCES)


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

    def at(self, source_id: str, taken: datetime) -> Capture | None:
        """The capture of that moment."""
        newest = _of(source_id).where(CAPTURES.c.taken == taken).order_by(CAPTURES.c.id.desc()).limit(1)
        return next((built(Capture, row) for row in self._link.rows(newest)), None)

    def of_record(self, source_id: str, before: datetime | None = None) -> Capture | None:
        """The newest capture of record, or the newest that was taken before a moment."""
        found = _of(source_id).where(CAPTURES.c.of_record == true())
        if before is not None:
            found = found.where(CAPTURES.c.taken < before)
        newest = found.order_by(CAPTURES.c.taken.desc(), CAPTURES.c.id.desc()).limit(1)
        return next((built(Capture, row) for row in self._link.rows(newest)), None)

    def absences(self, source_id: str, since: datetime | None = None) -> list[Absence]:
        """What went from a page, in the order in which it went; with ``since`` what may still come back."""
        found = select(*_ABSENCE).where(ABSENCES.c.source_id == source_id)
        if since is not None:
            recent = or_(ABSENCES.c.confirmed.is_(None), ABSENCES.c.text == "", ABSENCES.c.gone_since >= since)
            found = found.where(ABSENCES.c.returned.is_(None), recent)
        return [built(Absence, row) for row in self._link.rows(found.order_by(ABSENCES.c.gone_since, ABSENCES.c.id))]

    def save_absences(self, absences: Iterable[Absence]) -> None:
        """Insert or replace, by id."""
        rows = [{"id": absence.id, **values_of(absence)} for absence in absences]
        if rows:
            insert = self._link.insert(ABSENCES)
            moved = {name: insert.excluded[name] for name in ("reason", "successor", "agreed", "confirmed", "returned")}
            self._link.run(insert.on_conflict_do_update(index_elements=["id"], set_=moved), rows)

    def pending(self) -> set[str]:
        """The ids of the sources from whose pages something went that is neither confirmed nor back."""
        return {row.source_id for row in self._link.rows(select(ABSENCES.c.source_id).where(IS_PENDING).distinct())}


def _of(source_id: str) -> Select[Any]:
    return select(*_COLUMNS).where(CAPTURES.c.source_id == source_id)

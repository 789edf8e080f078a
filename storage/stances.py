"""The ledger: rows are added, never changed; the database refuses the rest by triggers."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from storage.link import Link, built, columns, values_of
from storage.schema import EVIDENCE, STANCES
from watcher.core.stance import Evidence, Ledger, Stance

_STANCE = columns(Stance, STANCES)
_EVIDENCE = columns(Evidence, EVIDENCE)


class SqlStances:
    """``Stances`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def add(self, rows: Iterable[Stance]) -> int:
        """Append; a row that is there already (same id) is left as it is. Returns how many were new."""
        new = [{"id": row.id, **values_of(row)} for row in rows]
        if not new:
            return 0
        last = int(self._link.rows(select(func.coalesce(func.max(STANCES.c.sequence), 0)))[0][0])
        for number, row in enumerate(new, last + 1):
            row["sequence"] = number
        insert = self._link.insert(STANCES).on_conflict_do_nothing().returning(STANCES.c.id)
        return len(self._link.rows(insert, new))

    def add_evidence(self, evidence: Evidence) -> None:
        """Append a further source for a stance; one that says the same is left as it is."""
        insert = self._link.insert(EVIDENCE).on_conflict_do_nothing()
        self._link.run(insert, {"id": evidence.id, **values_of(evidence)})

    def ledger(self, vendor: str | None = None, known_on: datetime | None = None) -> Ledger:
        """The rows of one vendor or of all, as known at a moment."""
        rows = select(*_STANCE).order_by(func.coalesce(STANCES.c.sequence, 0), STANCES.c.id)
        if vendor is not None:
            rows = rows.where(STANCES.c.vendor == vendor)
        if known_on is not None:
            rows = rows.where(STANCES.c.recorded_at <= known_on)
        return Ledger.of(built(Stance, row) for row in self._link.rows(rows))

    def evidence(self, vendor: str) -> list[Evidence]:
        """All further sources for a vendor's stances, oldest first."""
        of_vendor = select(*_EVIDENCE).join(STANCES, STANCES.c.id == EVIDENCE.c.stance_id)
        oldest_first = (EVIDENCE.c.stated_on, EVIDENCE.c.recorded_at, EVIDENCE.c.id)
        rows = of_vendor.where(STANCES.c.vendor == vendor).order_by(*oldest_first)
        return [built(Evidence, row) for row in self._link.rows(rows)]

"""The position a vendor holds, since when, on what evidence: an append-only ledger with two clocks.

``held_from`` is valid time (when it held in the world), ``recorded_at`` transaction time (when we knew). No row is
ever changed; a mistake is taken back by a later row that ``retracts`` it. The two clocks are those of Snodgrass,
"Developing Time-Oriented Database Applications in SQL" (1999), chapters 5 and 9.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from watcher.core.statement import CORE, Audience, Position, Statement

CALENDAR = "calendar:"  # the origin of a row that writes down a lapse, before the id of the row whose end passed


@dataclass(frozen=True, slots=True)
class Stance:
    """One row of the ledger.

    ``origin`` says where it came from: ``post:<id>``, ``capture:<id>``, ``baseline:<event id>``, ``review:<key>``,
    ``calendar:<row id>`` (the end named by that row passed, and nobody had said anything).
    ``confidence`` keeps what the shipped facts say of their own certainty (``verified-two-sources``, ``memory-only``).
    """

    vendor: str
    audience: Audience
    position: Position
    held_from: date
    recorded_at: datetime
    origin: str
    product: str | None = None
    jurisdiction: str | None = None
    until: date | None = None
    condition: str | None = None
    quote: str | None = None
    url: str | None = None
    source: str | None = None
    own_voice: bool = False
    confidence: str | None = None
    note: str | None = None
    withdrawn: bool = False  # the wording that held it is gone; what holds now is not said
    deal: bool = False  # one deal granted or refused: an example of how it sells, and no standing stance
    retracts: str | None = None

    @property
    def id(self) -> str:
        """A stable name made of what the row says, so that the same fact recorded twice is one row."""
        parts = (self.vendor, self.audience, self.position, self.held_from, self.origin, self.product, self.retracts)
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]

    @property
    def ends(self) -> str | None:
        """Of a row that writes down a lapse: the id of the row whose end passed. None: somebody said what it says."""
        return self.origin.removeprefix(CALENDAR) if self.origin.startswith(CALENDAR) else None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A further source for a stance on record: who repeated it, where and when."""

    stance_id: str
    url: str | None
    source: str | None
    quote: str
    stated_on: date
    recorded_at: datetime
    origin: str
    own_voice: bool = False

    @property
    def id(self) -> str:
        """A stable name made of what it says, so that the same source recorded twice is one row."""
        parts = (self.stance_id, self.url, self.source, self.quote, self.stated_on, self.origin)
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The rows of some vendors, as they were known at one moment; all questions are answered by folding the rows."""

    rows: tuple[Stance, ...] = field(default=())

    @classmethod
    def of(cls, rows: Iterable[Stance], known_on: datetime | None = None) -> "Ledger":
        """The rows that were known at ``known_on`` (None: all), without those taken back by then, oldest first.

        What holds from one day goes by when we knew it, and what we knew at one moment by the order of ``rows``.
        """
        known = [row for row in rows if known_on is None or row.recorded_at <= known_on]
        taken_back = {row.retracts for row in known if row.retracts}
        kept = [row for row in known if row.id not in taken_back and not row.retracts]
        return cls(tuple(sorted(kept, key=lambda row: (row.held_from, row.recorded_at))))

    def history(self, vendor: str, until: date | None = None) -> tuple[Stance, ...]:
        """The rows of a vendor, oldest first by the world's clock; with ``until`` those that had begun by that day."""
        return tuple(row for row in self.rows if row.vendor == vendor and (until is None or row.held_from <= until))


def betters(statement: Statement, row: Stance) -> bool:
    """Whether another report of one event outranks the row that stands for it.

    The vendor's own page outranks the press; a pause whose end is named outranks looser words for it; of bare words the
    strictest stands. Of two ends the nearer does: "a year" is counted from the day of the report.
    """
    if statement.own_voice is not row.own_voice:
        return statement.own_voice
    if statement.position is not row.position:
        return _precise(statement, row)
    return bool(statement.until and row.until and statement.until < row.until and not statement.own_voice)


def fills_in(statement: Statement, row: Stance) -> bool:
    """Whether another report of one event adds an end, a condition or a product that the row does not have.

    Where the vendor itself has named terms, the press adds none; and a product that it did not name is none of its
    stance: "our technology" is more than the one product that an outlet thinks of.
    """
    if statement.position is not row.position:
        return False
    if row.own_voice and not statement.own_voice:
        return bool(statement.until or statement.condition) and not (row.until or row.condition)
    terms = (statement.until and not row.until) or (statement.condition and not row.condition)
    return bool(terms) or bool(statement.product and not row.product)


def completed(row: Stance, held: Stance) -> Stance:
    """A further account of one event, with what the row before it says better.

    Where that is the vendor's own, it keeps the vendor's words and terms, and takes over terms only where it has none.
    """
    if held.own_voice and not row.own_voice:
        settled = held.until or held.condition
        return replace(
            held,
            recorded_at=row.recorded_at,
            origin=row.origin,
            until=held.until if settled else row.until,
            condition=held.condition if settled else row.condition,
        )
    ends = [end for end in (row.until, held.until) if end]
    until = (row.until or held.until) if row.own_voice else min(ends, default=None)
    return replace(row, until=until, condition=row.condition or held.condition)


def _precise(statement: Statement, row: Stance) -> bool:
    if not {statement.position, row.position} <= CORE or statement.audience is not row.audience:
        return False
    ends, ended = (bool(one.until or one.condition) for one in (statement, row))
    if ends is not ended and Position.EXIT not in {statement.position, row.position}:
        return ends
    return not ended and (statement.position.strictness or 0) > (row.position.strictness or 0)


def strictest(rows: Sequence[Stance]) -> list[Stance]:
    """Of rows that one post gives one audience on one day, the strictest: no order would say which of them holds."""
    kept: dict[tuple[object, ...], Stance] = {}
    for row in rows:
        key = (row.audience, row.held_from, row.product, row.jurisdiction, row.position is Position.ADVOCATE)
        if key not in kept or (row.position.strictness or 0) > (kept[key].position.strictness or 0):
            kept[key] = row
    return list(kept.values())


def still_stated(rows: Sequence[Stance]) -> list[Stance]:
    """Of a vendor's rows, oldest first, those that somebody stated and whose wording was not withdrawn later."""
    kept: list[Stance] = []
    for row in (row for row in rows if row.ends is None):
        if row.withdrawn:
            kept = [held for held in kept if not _same_stance(held, row)]
        else:
            kept.append(row)
    return kept


def _same_stance(held: Stance, gone: Stance) -> bool:
    same_product = None in {held.product, gone.product} or held.product == gone.product
    advocates = (held.position is Position.ADVOCATE, gone.position is Position.ADVOCATE)
    return held.audience is gone.audience and advocates[0] is advocates[1] and same_product

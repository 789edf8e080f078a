"""The verdict on a statement against the record."""

from dataclasses import dataclass
from enum import StrEnum

from watcher.core.stance import Stance
from watcher.core.statement import Statement


class Change(StrEnum):
    """What a statement changes; the last two are told to nobody."""

    ANNOUNCED = "announced"
    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    EXTENDED = "extended"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    REITERATED = "reiterated"
    BACKGROUND = "background"

    @property
    def news(self) -> bool:
        """Whether this kind of change can be told at all."""
        return self not in {Change.REITERATED, Change.BACKGROUND}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about one statement, and why.

    ``previous`` is the stance that was on record, ``joins`` the key of the alert that this report corroborates.
    ``told``: the verdict is (part of) an alert. ``reason`` is a sentence for people.
    """

    statement: Statement
    change: Change
    reason: str
    told: bool = False
    previous: Stance | None = None
    joins: str | None = None

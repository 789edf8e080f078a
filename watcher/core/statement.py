"""Who holds which position towards whom, with the quote that proves it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from watcher.core.modality import Shift


class Position(StrEnum):
    """What a vendor says it does, strictest first; ``advocate`` stands off the scale."""

    EXIT = "exit"
    BAN = "ban"
    MORATORIUM = "moratorium"
    RESTRICT = "restrict"
    ALLOW = "allow"
    ADVOCATE = "advocate"

    @property
    def strictness(self) -> int | None:
        """5 (exit) down to 1 (allow); None for ``advocate``, which cannot be compared."""
        return _STRICTNESS.get(self)


_STRICTNESS = {
    Position.EXIT: 5,
    Position.BAN: 4,
    Position.MORATORIUM: 3,
    Position.RESTRICT: 2,
    Position.ALLOW: 1,
}


CORE = frozenset({Position.EXIT, Position.BAN, Position.MORATORIUM})  # reports often put one of them as another
_LAPSES = frozenset({"lapses"})
_LIFTS = frozenset({"resumes"}) | _LAPSES
_EXTENDS = frozenset({"extends-pause", "pause-extended"})
_BEGINS = frozenset({"launches"})
_BINDS = frozenset({"bound-by-agreement"})
_LASTS = frozenset({"made-permanent"})


class Audience(StrEnum):
    """Towards whom. What is said of ``everyone`` holds for each."""

    POLICE = "police"
    GOVERNMENT = "government"
    BUSINESS = "business"
    CONSUMERS = "consumers"
    EVERYONE = "everyone"

    def covers(self, other: "Audience") -> bool:
        """Whether what is said of this audience also speaks of the other."""
        return self is other or self is Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence by which a post says, as a fact, that a vendor holds, takes, changes or repeats a position.

    ``start`` and ``end`` are offsets into the post's text, and ``quote`` is the text between them; a statement in the
    headline alone has ``start`` = ``end`` = -1. ``rule`` is the id of the rule that read it. ``fresh``: told as news,
    not as background. ``own_voice``: the vendor itself speaks, in its own source or document.
    ``deal``: one deal granted or refused, and no stance on all such sales. ``assumed``: the text names no day, and
    ``announced`` is the post's own. ``to_all``: it says "everyone" in so many words, and not by naming nobody.

    Of a policy page: ``before`` is the sentence that this one took the place of, ``shift`` what the edit did to its
    force where both state the same position, and ``page_dated`` the day of the last update that the page names, where
    it stayed the same although the text did not.
    """

    vendor: str
    position: Position
    audience: Audience
    quote: str
    start: int
    end: int
    rule: str
    product: str | None = None
    jurisdiction: str | None = None
    until: date | None = None
    condition: str | None = None
    announced: date | None = None
    fresh: bool = True
    own_voice: bool = False
    deal: bool = False
    before: str | None = None
    shift: Shift | None = None
    page_dated: date | None = None
    assumed: bool = False
    to_all: bool = False

    @property
    def dated(self) -> bool:
        """Whether the text itself says on which day."""
        return self.announced is not None and not self.assumed

    @property
    def lifts(self) -> bool:
        """Whether it takes back what stood: "has lifted its ban". The ids of rules are stable names."""
        return self.rule in _LIFTS

    @property
    def lapses(self) -> bool:
        """Whether it says that what stood ended by itself: "let its moratorium expire"."""
        return self.rule in _LAPSES

    @property
    def extends(self) -> bool:
        """Whether it says that what stood goes on for longer: "extends its pause"."""
        return self.rule in _EXTENDS

    @property
    def binds(self) -> bool:
        """Whether an agreement or an order binds the vendor from now on."""
        return self.rule in _BINDS

    @property
    def lasts(self) -> bool:
        """Whether it says that a ban is for good: more than a pause in other words."""
        return self.rule in _LASTS

    @property
    def begins(self) -> bool:
        """Whether it tells of an act of its own, and not of what merely stays allowed beside a ban."""
        return self.lifts or self.rule in _BEGINS

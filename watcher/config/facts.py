"""The shape of a file of stances: events, standing wording, and rows of a ledger."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from watcher.config.shape import Entry, choice
from watcher.config.vendors import ID, ID_TEXT
from watcher.core.statement import Audience, Position

_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")


class Channel(StrEnum):
    """How a stance became public."""

    LETTER = "letter"
    BLOG = "blog"
    SPEECH = "speech"
    INTERVIEW = "interview"
    PRESS_RELEASE = "press-release"
    STATEMENT_TO_REPORTER = "statement-to-reporter"
    STATEMENT_TO_ADVOCACY_GROUP = "statement-to-advocacy-group"
    TERMS_EDIT = "terms-edit"
    POLICY_PAGE = "policy-page"
    PRODUCT_TERMS = "product-terms"
    PRODUCT_LAUNCH = "product-launch"
    PRODUCT_HELP_PAGE = "product-help-page"
    SIGNAGE = "signage"
    COURT_FILING = "court-filing"
    COURT_SETTLEMENT = "court-settlement"
    REGULATOR_ORDER = "regulator-order"
    REGULATOR_STATEMENT = "regulator-statement"
    REGULATORY_COMMENT = "regulatory-comment"
    CONTRACT_NOTICE = "contract-notice"
    GOVERNMENT_DISCLOSURE = "government-disclosure"
    CUSTOMER_PRESS_RELEASE = "customer-press-release"
    JOINT_STATEMENT = "joint-statement"
    SILENT_PAGE_REMOVAL = "silent-page-removal"
    SILENT_PRODUCT_CHANGE = "silent-product-change"
    LEAK = "leak"

    @property
    def own_voice(self) -> bool:
        """Whether the vendor itself speaks to the public, and is not only quoted or told of by others."""
        return self in _OWN


_OWN = frozenset(
    {
        Channel.LETTER,
        Channel.BLOG,
        Channel.SPEECH,
        Channel.PRESS_RELEASE,
        Channel.TERMS_EDIT,
        Channel.POLICY_PAGE,
        Channel.PRODUCT_TERMS,
        Channel.PRODUCT_LAUNCH,
        Channel.PRODUCT_HELP_PAGE,
        Channel.SIGNAGE,
        Channel.COURT_FILING,
        Channel.REGULATORY_COMMENT,
        Channel.JOINT_STATEMENT,
    }
)


class Relation(StrEnum):
    """What an event has to do with an earlier one."""

    EXTENDS = "extends"
    NARROWS = "narrows"
    WIDENS = "widens"
    REVERSES = "reverses"
    REPEATS = "repeats"
    ENFORCES = "enforces"
    PART_OF = "part-of"
    SITS_BADLY_WITH = "sits-badly-with"

    @property
    def changes(self) -> bool:
        """Whether such an event is a stance of its own."""
        return self not in {Relation.REPEATS, Relation.ENFORCES, Relation.SITS_BADLY_WITH}


class Confidence(StrEnum):
    """How far the facts were proved when they were collected."""

    TWO_SOURCES = "verified-two-sources"
    ONE_SOURCE = "one-source"
    MEMORY_ONLY = "memory-only"


@dataclass(frozen=True, slots=True)
class Day:
    """A date as exact as it is known: ``first`` and ``last`` are the same where the day is."""

    first: date
    last: date
    text: str

    @property
    def exact(self) -> bool:
        """Whether the day itself is known."""
        return self.first == self.last


def _day(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    """A date, or the text of a month or a year, which YAML gives as text and number."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return Day(value, value, value.isoformat())
    match = _DAY.fullmatch(str(value)) if isinstance(value, str | int) else None
    if match is None:
        raise ValueError("a day such as 2020-06-10, or a month such as 2020-06")
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = date(year, month, day)
    except ValueError as error:
        raise ValueError("a day that exists") from error
    return Day(first, _last(match, first), match[0])


def _last(match: re.Match[str], first: date) -> date:
    if match[3]:
        return first
    month = first.month if match[2] else 12
    return date(first.year, month, monthrange(first.year, month)[1])


def _moment(value: Any) -> Any:  # noqa: ANN401 (YAML is anything)
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise ValueError("a moment with its zone, such as 2020-06-10T12:00:00+00:00")
    return found


DayField = Annotated[Day, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Id = Annotated[str, Field(pattern=f"^{ID.pattern}$", description=f"a name: {ID_TEXT}")]
PositionField = Annotated[Position, choice(Position)]
AudienceField = Annotated[Audience, choice(Audience)]


class EventEntry(Entry):
    """What a vendor announced or did on a day."""

    id: Id
    vendor: Id
    date: DayField
    position: PositionField
    audience: AudienceField
    channel: Annotated[Channel, choice(Channel)]
    summary: str = Field(description="what happened, in a sentence or two", min_length=1)
    date_note: str | None = None
    effective: DayField | None = None
    product: str | None = None
    until: DayField | None = None
    condition: str | None = None
    jurisdiction: str | None = None
    explicit: bool = True
    sources: tuple[str, ...] = Field((), strict=False)
    confidence: Annotated[Confidence, choice(Confidence)] = Confidence.ONE_SOURCE
    same_origin: bool = False
    in_force_seen: DayField | None = None
    relates_to: dict[Annotated[Relation, choice(Relation)], str] = Field(default_factory=dict)
    beside: str | None = None
    deal: bool = Field(default=False, description="true: one deal granted or refused, and no standing stance")

    @property
    def own_voice(self) -> bool:
        """Whether the vendor itself spoke."""
        return self.explicit and self.channel.own_voice


class StandingEntry(Entry):
    """A document whose wording holds a stance."""

    id: Id
    vendor: Id
    document: str = Field(min_length=1)
    says: str = Field(min_length=1)
    position: PositionField
    audience: AudienceField
    url: str = Field(min_length=1)
    product: str | None = None
    first_seen: DayField | None = None
    last_seen: DayField | None = None
    relates_to: dict[Annotated[Relation, choice(Relation)], str] = Field(default_factory=dict)
    note: str | None = None


class NotStanceEntry(Entry):
    """What is often reported beside the stances and is none."""

    vendor: Id
    what: str
    why_not: str
    date: Any = None
    sources: tuple[str, ...] = Field((), strict=False)


class StanceEntry(Entry):
    """One row of a ledger, as ``export`` writes it."""

    vendor: Id
    audience: AudienceField
    position: PositionField
    held_from: DayField
    recorded_at: Moment
    origin: str = Field(min_length=1)
    product: str | None = None
    jurisdiction: str | None = None
    until: DayField | None = None
    condition: str | None = None
    quote: str | None = None
    url: str | None = None
    source: str | None = None
    own_voice: bool = False
    confidence: str | None = None
    note: str | None = None
    withdrawn: bool = False
    deal: bool = False
    retracts: str | None = None


class FactsFile(Entry):
    """A file of stances."""

    collected: DayField | None = None
    events: tuple[EventEntry, ...] = Field((), strict=False)
    standing: tuple[StandingEntry, ...] = Field((), strict=False)
    not_stances: tuple[NotStanceEntry, ...] = Field((), strict=False)
    stances: tuple[StanceEntry, ...] = Field((), strict=False)

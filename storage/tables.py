"""The tables of the record. Rows are read and written through Core; the models say what the columns are.

``posts`` holds the newest version of each post and ``post_versions`` those that an edit replaced, so that the hot path,
a post seen for the first time, is one insert into one table. Wide text (a guid, an address) is looked up by a hash of
it: PostgreSQL refuses index entries over 2,704 bytes, and one odd feed must not stop the record.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Index, MetaData, Table, UniqueConstraint, false, true
from sqlmodel import Field

from storage import (  # noqa: F401  (their models belong to the same metadata)
    condition_tables,
    letter_tables,
    outbox_tables,
)
from storage.base import Base, moment
from storage.conditions import open_, pending, unread
from storage.review_tables import EchoRow, MuteRow, ProposalRow, ReviewRow
from storage.types import Packed, choice
from watcher.core.change import Change
from watcher.core.delivery import DeliveryKind, DeliveryState
from watcher.core.errors import FetchTrouble
from watcher.core.modality import Shift
from watcher.core.source import Health
from watcher.core.statement import Audience, Position


class SourceStateRow(Base, table=True):
    """How a source fares, with what its next conditional request needs."""

    __tablename__ = "source_states"

    source_id: str = Field(primary_key=True)
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    moved_to: str | None = None
    moved_seen: int
    moved_since: datetime | None = moment(nullable=True)
    health: Health = Field(sa_column=Column(choice(Health, "health"), nullable=False))
    health_since: datetime | None = moment(nullable=True)
    next_due: datetime | None = moment(nullable=True)
    last_polled: datetime | None = moment(nullable=True)
    first_success: datetime | None = moment(nullable=True)
    last_success: datetime | None = moment(nullable=True)
    last_new_post: datetime | None = moment(nullable=True)
    failures: int
    trouble: FetchTrouble | None = Field(default=None, sa_column=Column(choice(FetchTrouble, "trouble")))
    detail: str | None = None
    title: str | None = None
    polls: int
    not_modified: int


class _Version(Base):
    """What a version of a post consists of. ``address`` is a hash of the canonical URL."""

    title: str
    text: str
    url: str | None = None
    address: str | None = Field(default=None, index=True)
    published: datetime = moment()
    seen: datetime = moment()
    complete: bool
    published_raw: str | None = None
    language: str | None = None
    baseline: bool
    digest: str


class PostRow(_Version, table=True):
    """A post in its newest version. ``id`` is a hash of source and key, and thereby what makes the two unique."""

    __tablename__ = "posts"

    id: str = Field(primary_key=True)
    source_id: str
    key: str
    version: int
    unread: bool


class PostVersionRow(_Version, table=True):
    """A version that an edit replaced."""

    __tablename__ = "post_versions"

    post_id: str = Field(primary_key=True, foreign_key="posts.id")
    version: int = Field(primary_key=True)


class ReadingRow(Base, table=True):
    """What was decided about one version of a post; ``id`` counts up in the order of reading."""

    __tablename__ = "readings"

    id: int | None = Field(default=None, primary_key=True)
    post_id: str = Field(foreign_key="posts.id", index=True)
    version: int
    read_at: datetime = moment()
    rules: str
    note: str | None = None


class VerdictRow(Base, table=True):
    """One statement and the verdict on it.

    ``previous`` is the stance as it stood when the verdict was given, whatever the ledger says later.
    """

    __tablename__ = "verdicts"

    id: int | None = Field(default=None, primary_key=True)
    reading_id: int = Field(foreign_key="readings.id", index=True)
    vendor: str
    position: Position = Field(sa_column=Column(choice(Position, "position"), nullable=False))
    audience: Audience = Field(sa_column=Column(choice(Audience, "audience"), nullable=False))
    quote: str
    start: int
    end: int
    rule: str
    product: str | None = None
    jurisdiction: str | None = None
    until: date | None = None
    condition: str | None = None
    announced: date | None = None
    fresh: bool
    own_voice: bool
    deal: bool
    before: str | None = None
    shift: Shift | None = Field(default=None, sa_column=Column(choice(Shift, "shift")))
    page_dated: date | None = None
    assumed: bool = Field(sa_column_kwargs={"server_default": false()})
    to_all: bool = Field(sa_column_kwargs={"server_default": false()})
    change: Change = Field(sa_column=Column(choice(Change, "change"), nullable=False))
    reason: str
    told: bool
    previous: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    joins: str | None = None


class StanceRow(Base, table=True):
    """One row of the ledger: appended, never changed; triggers refuse everything else.

    ``sequence`` counts up in the order of writing; rows of version 0.1.0 have none.
    """

    __tablename__ = "stances"

    id: str = Field(primary_key=True)
    vendor: str = Field(index=True)
    audience: Audience = Field(sa_column=Column(choice(Audience, "audience"), nullable=False))
    position: Position = Field(sa_column=Column(choice(Position, "position"), nullable=False))
    held_from: date
    recorded_at: datetime = moment()
    origin: str
    product: str | None = None
    jurisdiction: str | None = None
    until: date | None = None
    condition: str | None = None
    quote: str | None = None
    url: str | None = None
    source: str | None = None
    own_voice: bool
    confidence: str | None = None
    note: str | None = None
    withdrawn: bool
    deal: bool
    retracts: str | None = None
    sequence: int | None = None


class EvidenceRow(Base, table=True):
    """A further source for a stance: appended, never changed. ``id`` is a hash of what it says."""

    __tablename__ = "evidence"

    id: str = Field(primary_key=True)
    stance_id: str = Field(foreign_key="stances.id", index=True)
    url: str | None = None
    source: str | None = None
    quote: str
    stated_on: date
    recorded_at: datetime = moment()
    origin: str
    own_voice: bool


class AlertRow(Base, table=True):
    """One event told once; ``id`` counts up in the order of telling. It outlives its post's source."""

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("key"), Index(None, "vendor", "published"))

    id: int | None = Field(default=None, primary_key=True)
    key: str
    vendor: str
    vendor_name: str
    changes: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))
    reason: str
    at: datetime = moment()
    post_id: str
    title: str
    url: str | None = None
    source_id: str
    source_name: str
    source_kind: str
    published: datetime = moment()
    own_voice: bool
    rule: str


class ReportRow(Base, table=True):
    """A later report that joined an alert; a post joins once."""

    __tablename__ = "alert_reports"
    __table_args__ = (UniqueConstraint("alert_key", "post_id"),)

    id: int | None = Field(default=None, primary_key=True)
    alert_key: str = Field(foreign_key="alerts.key")
    post_id: str
    url: str | None = None
    source_id: str
    source_name: str
    title: str
    quote: str
    at: datetime = moment()
    own_voice: bool


class DeliveryRow(Base, table=True):
    """One thing to do on one channel. ``alert_key`` is the key of an alert or of a notice."""

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("alert_key", "channel", "kind", "post_id"),
        Index(None, "channel", "receipt"),
    )

    id: int | None = Field(default=None, primary_key=True)
    alert_key: str
    channel: str
    state: DeliveryState = Field(sa_column=Column(choice(DeliveryState, "state"), nullable=False))
    created: datetime | None = moment(nullable=True)
    due: datetime | None = moment(nullable=True)
    attempts: int
    sent_at: datetime | None = moment(nullable=True)
    receipt: str | None = None
    error: str | None = None
    kind: DeliveryKind = Field(
        sa_column=Column(choice(DeliveryKind, "kind"), nullable=False, server_default=DeliveryKind.ALERT.value)
    )
    post_id: str = Field(sa_column_kwargs={"server_default": ""})
    since: datetime | None = moment(nullable=True)


class CaptureRow(Base, table=True):
    """One version of a policy page."""

    __tablename__ = "captures"
    __table_args__ = (Index(None, "source_id", "taken"),)

    id: int | None = Field(default=None, primary_key=True)
    source_id: str
    taken: datetime = moment()
    seen_last: datetime = moment()
    url: str
    title: str
    text: str
    sha256: str
    extractor: str
    raw: bytes = Field(sa_column=Column(Packed, nullable=False))
    headers: dict[str, str] = Field(sa_column=Column(JSON, nullable=False, server_default="{}"))
    absent: str | None = None
    of_record: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=true()))


class AbsenceRow(Base, table=True):
    """A sentence that went from a policy page, or the whole page; ``id`` is a hash of what went when."""

    __tablename__ = "absences"
    __table_args__ = (Index(None, "source_id", "gone_since"),)

    id: str = Field(primary_key=True)
    source_id: str
    text: str
    heading: str | None = None
    lead_in: str | None = None
    successor: str | None = None
    reason: str | None = None
    gone_since: datetime = moment()
    agreed: datetime | None = moment(nullable=True)
    confirmed: datetime | None = moment(nullable=True)
    returned: datetime | None = moment(nullable=True)


metadata: MetaData = Base.metadata

SOURCE_STATES: Table = metadata.tables["source_states"]
POSTS: Table = metadata.tables["posts"]
POST_VERSIONS: Table = metadata.tables["post_versions"]
READINGS: Table = metadata.tables["readings"]
VERDICTS: Table = metadata.tables["verdicts"]
STANCES: Table = metadata.tables["stances"]
EVIDENCE: Table = metadata.tables["evidence"]
ALERTS: Table = metadata.tables["alerts"]
REPORTS: Table = metadata.tables["alert_reports"]
DELIVERIES: Table = metadata.tables["deliveries"]
CAPTURES: Table = metadata.tables["captures"]
ABSENCES: Table = metadata.tables["absences"]
NOTICES: Table = metadata.tables["notices"]
REMARKS: Table = metadata.tables["alert_remarks"]
CONDITIONS: Table = metadata.tables["conditions"]
SUBSCRIBERS: Table = metadata.tables["subscribers"]
LETTERS: Table = metadata.tables["letters"]
KEYS: Table = metadata.tables["keys"]
REVIEWS: Table = metadata.tables[ReviewRow.__tablename__]
MUTES: Table = metadata.tables[MuteRow.__tablename__]
PROPOSALS: Table = metadata.tables[ProposalRow.__tablename__]
ECHOES: Table = metadata.tables[EchoRow.__tablename__]

_IS_UNREAD, _IS_OPEN, _IS_PENDING = unread(POSTS), open_(DELIVERIES), pending(ABSENCES)

# Partial: nearly every post is read, nearly every delivery closed, nearly every absence settled.
_TURN = (POSTS.c.published, POSTS.c.seen, POSTS.c.id)
Index("ix_posts_unread", *_TURN, sqlite_where=_IS_UNREAD, postgresql_where=_IS_UNREAD)
Index("ix_deliveries_open", DELIVERIES.c.id, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)
Index("ix_absences_pending", ABSENCES.c.source_id, sqlite_where=_IS_PENDING, postgresql_where=_IS_PENDING)

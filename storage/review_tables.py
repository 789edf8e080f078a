"""The tables of what people say of alerts; see ``storage.tables``."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.base import Base, moment
from storage.types import choice
from watcher.core.review import Ruling


class ReviewRow(Base, table=True):
    """One word on one alert: appended, never changed. ``number`` counts up in the order of writing."""

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("id"),)

    number: int | None = Field(default=None, primary_key=True)
    id: str
    alert_key: str = Field(foreign_key="alerts.key", index=True)
    ruling: Ruling = Field(sa_column=Column(choice(Ruling, "ruling"), nullable=False))
    by_name: str
    by_id: str | None = None
    at: datetime = moment()
    request: str
    note: str | None = None


class MuteRow(Base, table=True):
    """A vendor silenced from one moment to another: appended, never changed; the last one of a vendor counts."""

    __tablename__ = "mutes"
    __table_args__ = (UniqueConstraint("id"),)

    number: int | None = Field(default=None, primary_key=True)
    id: str
    vendor: str
    at: datetime = moment()
    until: datetime = moment()
    by_name: str
    by_id: str | None = None
    request: str


class ProposalRow(Base, table=True):
    """What could be left out of a rule, with its back-test. Keys of alerts stand in lists."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("id"),)

    number: int | None = Field(default=None, primary_key=True)
    id: str
    rule: str
    ruling: Ruling = Field(sa_column=Column(choice(Ruling, "ruling"), nullable=False))
    phrase: str | None = None
    rejected: list[str] = Field(sa_column=Column(JSON, nullable=False))
    at: datetime = moment()
    posts: int
    removed: list[str] = Field(sa_column=Column(JSON, nullable=False))
    added: int
    confirmed: list[str] = Field(sa_column=Column(JSON, nullable=False))


class EchoRow(Base, table=True):
    """A post in which a rejected sentence stood again, and was not read as a statement."""

    __tablename__ = "echoes"

    review_id: str = Field(primary_key=True, foreign_key="reviews.id")
    post_id: str = Field(primary_key=True, foreign_key="posts.id")
    at: datetime = moment()

"""The tables of the weekly letter: who gets it, and what became of each."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.base import Base, moment
from storage.types import choice
from watcher.core.delivery import DeliveryState


class SubscriberRow(Base, table=True):
    """A reader of the weekly letter."""

    __tablename__ = "subscribers"

    address: str = Field(primary_key=True)
    since: datetime = moment()
    vendors: list[str] = Field(sa_column=Column(JSON, nullable=False))
    zone: str | None = None
    stopped: datetime | None = moment(nullable=True)
    configured: bool


class LetterRow(Base, table=True):
    """One week's letter to one address."""

    __tablename__ = "letters"
    __table_args__ = (UniqueConstraint("address", "week"),)

    id: int | None = Field(default=None, primary_key=True)
    address: str
    week: str
    begin: datetime = moment()
    end: datetime = moment()
    created: datetime = moment()
    state: DeliveryState = Field(sa_column=Column(choice(DeliveryState, "state"), nullable=False))
    due: datetime | None = moment(nullable=True)
    attempts: int
    sent_at: datetime | None = moment(nullable=True)
    error: str | None = None


class KeyRow(Base, table=True):
    """A key that this installation made for itself; in no export."""

    __tablename__ = "keys"

    name: str = Field(primary_key=True)
    value: str

"""The tables of what travels beside alerts: notices, and what is written beneath an alert."""

from datetime import datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from storage.base import Base, moment


class NoticeRow(Base, table=True):
    """Something told that is no alert; ``id`` counts up in the order of telling."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("key"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str
    kind: str
    at: datetime = moment()
    title: str
    lines: list[str] = Field(sa_column=Column(JSON, nullable=False))
    vendor: str | None = None
    url: str | None = None
    severity: str


class RemarkRow(Base, table=True):
    """A sentence beneath an alert; ``id`` counts up in the order of writing."""

    __tablename__ = "alert_remarks"

    id: int | None = Field(default=None, primary_key=True)
    alert_key: str = Field(foreign_key="alerts.key", index=True)
    at: datetime = moment()
    text: str

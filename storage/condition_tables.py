"""The table of what is wrong with the watcher itself, and has been told."""

from datetime import datetime

from sqlmodel import Field

from storage.base import Base, moment


class ConditionRow(Base, table=True):
    """The newest state of one condition."""

    __tablename__ = "conditions"

    name: str = Field(primary_key=True)
    since: datetime = moment()
    detail: str
    mended: datetime | None = moment(nullable=True)

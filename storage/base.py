"""What every table is made of: the names of constraints, the base of the models, a column for a moment."""

from typing import Any

from sqlalchemy import MetaData
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from storage.types import Moment

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMES))):
    """Everything in the record; its metadata is ours alone, whatever else uses SQLModel in the process."""


def moment(*, nullable: bool = False) -> Any:  # noqa: ANN401  (SQLModel's fields are typed so)
    """A column for a moment: aware, kept in UTC."""
    default: Any = None if nullable else ...
    return Field(default=default, sa_type=Moment, nullable=nullable)

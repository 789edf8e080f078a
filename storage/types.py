"""Column types that both engines give back alike."""

import zlib
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import DateTime, Dialect, Enum, LargeBinary
from sqlalchemy.types import TypeDecorator

_LONGEST = 32  # room for later members: a wider column would be a migration of its own


class Moment(TypeDecorator[datetime]):
    """An aware datetime in UTC.

    SQLite has no type for time and drops the zone; stored as UTC text of one width, its order is that of time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; a naive datetime is a bug and is refused."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Packed(TypeDecorator[bytes]):
    """Bytes, compressed: a policy page is a few hundred kilobytes of markup, and every version of it is kept."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Compress."""
        del dialect
        return None if value is None else zlib.compress(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Expand."""
        del dialect
        return None if value is None else zlib.decompress(value)


def choice(kind: type[StrEnum], name: str, *, check: bool = True) -> Enum:
    """One of the values of an enum, as text with a CHECK: a native PostgreSQL enum cannot lose a member again.

    ``check``: whether the CHECK is built; who only asks a table that stands has no use for it.
    """
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=check,
        length=_LONGEST,
        values_callable=lambda members: [member.value for member in members],
    )

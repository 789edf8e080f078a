"""One connection in one transaction, as the repositories use it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import URL, Column, Connection, Executable, Row, Table

from storage.address import SQLITE
from storage.faults import translated
from watcher.core.errors import StorageError

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

CHUNK = 500  # values in one IN (…): far under SQLite's 32,766 parameters, and one plan for all full chunks

Values = Mapping[str, Any]
Insert = Callable[[Table], "sqlite.Insert | postgresql.Insert"]  # of the dialect in use, which knows ON CONFLICT
Value = TypeVar("Value")


class Link:
    """Runs statements; every error that comes of it is a ``StorageError``, and after one nothing can be committed.

    Left to themselves the engines differ: SQLite would save what came before the error, PostgreSQL would answer a
    COMMIT by rolling back, without a word.
    """

    def __init__(self, connection: Connection, url: URL) -> None:
        self._connection = connection
        self._url = url
        self.insert = _insert_of(connection.dialect.name)
        self._failed = False

    def rows(self, statement: Executable, values: Sequence[Values] | Values | None = None) -> Sequence[Row[Any]]:
        """Run a statement and fetch all that it gives."""
        with self._watched():
            return self._connection.execute(statement, values).all()

    def run(self, statement: Executable, values: Sequence[Values] | Values | None = None) -> None:
        """Run a statement. Whether it found anything is asked by RETURNING: the drivers' row counts differ."""
        with self._watched():
            self._connection.execute(statement, values)

    def require(self, found: object, message: str) -> None:
        """Fail unless something was found.

        Raises:
            StorageError: with this message.
        """
        if not found:
            self._failed = True
            raise StorageError(message)

    def commit(self) -> None:
        """Save; the next statement begins a new transaction."""
        self.require(not self._failed, "nothing was saved: an earlier step of the transaction had failed")
        with self._watched():
            self._connection.commit()

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        with translated(self._url):
            self._connection.close()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            with translated(self._url):
                yield
        except StorageError:
            self._failed = True
            raise


@cache
def _insert_of(dialect: str) -> Insert:
    if dialect == SQLITE:
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415  (late: each dialect takes time to import)

        return insert
    from sqlalchemy.dialects.postgresql import insert as insert_there  # noqa: PLC0415  (the same)

    return insert_there


def values_of(value: object) -> dict[str, Any]:
    """The fields of a dataclass, one level deep: columns carry the same names."""
    names = _names(type(value))  # type: ignore[arg-type]  # mypy takes no class for hashable
    return {name: getattr(value, name) for name in names}


@cache
def _names(kind: type[object]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))  # type: ignore[arg-type]  # a dataclass


def built(kind: type[Value], row: Row[Any]) -> Value:
    """The dataclass whose fields a row names, all of them and no others."""
    return kind(**row._mapping)  # noqa: SLF001  (SQLAlchemy's documented name for a row as a mapping)


def columns(kind: type[object], table: Table) -> list[Column[Any]]:
    """The columns of a table that carry the fields of a dataclass."""
    return [table.c[field.name] for field in fields(kind)]  # type: ignore[arg-type]  # a dataclass


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The distinct values, in lists short enough for one IN."""
    rest = iter(dict.fromkeys(values))
    while chunk := list(islice(rest, CHUNK)):
        yield chunk

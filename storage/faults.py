"""What a database's own errors mean to those who run the watcher."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from storage.address import shown
from watcher.core.errors import StorageError

_MEANING = (
    ("database is locked", "another process is writing to it and does not finish"),
    (
        "unable to open database file",
        "there is none, or its folder cannot be used; run `watcher db upgrade`",
    ),
    ("no such table", "it is not set up; run `watcher db upgrade`"),
    ("no such column", "it is of another version; run `watcher db upgrade`"),
    ("undefinedtable", "it is not set up; run `watcher db upgrade`"),
    ("undefinedcolumn", "it is of another version; run `watcher db upgrade`"),
    ("file is not a database", "the file is no SQLite database"),
    ("malformed", "the file is damaged; restore it from a backup"),
    ("readonly database", "it cannot be written"),
    ("database or disk is full", "the disk is full"),
    ("diskfull", "the disk is full"),
)


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn the errors of the database and its driver into ``StorageError``.

    UnicodeError: text that no database takes, such as half a surrogate pair.
    """
    try:
        yield
    except (SQLAlchemyError, OSError, UnicodeError) as error:
        raise StorageError(f"the record at {shown(url)}: {_meaning(error)}") from error


def _meaning(error: Exception) -> str:
    """One sentence. The driver's own first line never holds the password; parameters are hidden by the engine."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    lines = str(cause).strip().splitlines()
    first = lines[0] if lines else type(cause).__name__
    told = f"{type(cause).__name__} {first}".casefold()
    return next((f"{meaning} ({first})" for sign, meaning in _MEANING if sign in told), first)

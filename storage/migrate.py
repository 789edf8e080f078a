"""The shape of the database: bring it up to date, tell whether it is, copy it.

After a change of ``storage.tables``, write the schema anew (``python -m storage.generate``), draft the next revision,
read it, complete it, and name it in ``HEAD``::

    python -c 'import storage.migrate as m; m.draft("0005", "what it adds")'
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, inspect, text

from storage.address import SQLITE, file_of, parse, shown
from storage.engine import BUSY, connect
from storage.faults import translated
from watcher.core.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

# Named here so that "is it up to date?", asked at each start, costs no import of Alembic.
HEAD = "0008"

_MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADE_KEY = 0x77617475  # "watu": two processes that start at once upgrade one after the other


@dataclass(frozen=True, slots=True)
class Upgrade:
    """From which revision to which; ``before`` None: the database is new."""

    before: str | None
    after: str

    @property
    def changed(self) -> bool:
        """Whether there was something to do."""
        return self.before != self.after


def current(url: str) -> str | None:
    """The revision of the database; None where there is none yet.

    Raises:
        ConfigError: the URL cannot be used.
        StorageError: the database cannot be reached.
    """
    address = parse(url)
    if address.get_backend_name() == SQLITE and not file_of(address).exists():
        return None
    engine = connect(address, read_only=True)
    try:
        with translated(address), engine.connect() as connection:
            return _revision(connection)
    finally:
        engine.dispose()


def is_up_to_date(url: str) -> bool:
    """Whether the database has the shape that this version of the watcher needs.

    Raises:
        ConfigError: the URL cannot be used.
        StorageError: the database cannot be reached.
    """
    return current(url) == HEAD


def upgrade(url: str) -> Upgrade:
    """Make the database, or bring it up to date, in one transaction: killed half-way, nothing has happened.

    Raises:
        ConfigError: the URL cannot be used.
        StorageError: the database cannot be reached, or a newer version of the watcher has made it.
    """
    before = current(url)
    if before == HEAD:
        return Upgrade(before, HEAD)
    address = parse(url)
    engine = connect(address, create=True, migrating=True)
    try:
        with translated(address), engine.begin() as connection:
            _wait_for_others(connection)
            _apply(connection, address)
    finally:
        engine.dispose()
    return Upgrade(before, HEAD)


def backup(url: str, file: str | Path) -> Path:
    """Copy the database to a file while it is in use; the copy is of one moment, and appears only when it is whole.

    Raises:
        ConfigError: the URL cannot be used.
        StorageError: it cannot be copied, or is no SQLite database.
    """
    address, target = parse(url), Path(file).absolute()
    if address.get_backend_name() != SQLITE:
        raise StorageError(f"{shown(address)} is on a PostgreSQL server: back it up with pg_dump")
    source = file_of(address)
    if not source.exists():
        raise StorageError(f"there is no database at {source}")
    if target.exists() and target.samefile(source):
        raise StorageError(f"{target} is the database itself; name another file for its copy")
    partial = target.with_name(f"{target.name}.part")
    try:
        _copy(source, partial)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StorageError(f"{source} cannot be copied to {target}: {error}") from error
    return target


def draft(revision: str, message: str) -> None:
    """For developers: write the revision that leads from the newest one to the tables as they are declared now."""
    from alembic import command  # noqa: PLC0415  (late: it is slow to import, and seldom needed)

    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/draft.db"
        upgrade(url)
        engine = connect(url, migrating=True)
        with engine.connect() as connection:
            command.revision(_config(connection), message, autogenerate=True, rev_id=revision)
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name != SQLITE:  # SQLite's BEGIN IMMEDIATE has waited already
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _UPGRADE_KEY})


def _apply(connection: Connection, address: URL) -> None:
    from alembic import command  # noqa: PLC0415  (late: it is slow to import, and seldom needed)
    from alembic.util import CommandError  # noqa: PLC0415  (the same)

    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        found = f"the record at {shown(address)} is of revision {_revision(connection)}"
        raise StorageError(f"{found}, unknown to this version of the watcher; install the one that made it") from error
    if connection.dialect.name == SQLITE and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise StorageError(f"the record at {shown(address)} holds rows that refer to nothing; it was left as it is")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415  (late: it is slow to import, and seldom needed)

    config = Config()  # no file: an installed package has none
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _copy(source: Path, target: Path) -> None:
    """SQLite's own way: it reads in one transaction, and holds no writer up.

    https://www.sqlite.org/backup.html
    """
    target.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True, timeout=BUSY)) as live,
        closing(sqlite3.connect(target)) as copy,
    ):
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it

"""Engines for both databases, set so that they behave alike."""

import json
import sqlite3
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event

from storage.address import SQLITE, file_of, parse

if TYPE_CHECKING:
    from psycopg import Connection as PostgresConnection


BUSY = 30.0  # seconds; the longest that a second process (an import, a backup) may keep the write lock
CONNECT = 10  # seconds
KEEPALIVE = 60  # seconds of silence, after which a connection through a forgetful firewall is kept open

_dumps = partial(json.dumps, ensure_ascii=False)


def connect(url: str | URL, *, read_only: bool = False, create: bool = False, migrating: bool = False) -> Engine:
    """An engine for the database at ``url``.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://…``.
        read_only: transactions read one consistent state and never wait for a writer; writing is refused.
        create: make a SQLite file that is not there; otherwise opening it fails.
        migrating: foreign keys are not enforced, since SQLite can alter some tables only by making them anew.

    Raises:
        ConfigError: the URL cannot be used.
    """
    address = parse(url) if isinstance(url, str) else url
    if address.get_backend_name() == SQLITE:
        return _sqlite(address, read_only=read_only, create=create, migrating=migrating)
    return _postgres(address, read_only=read_only)


def _sqlite(url: URL, *, read_only: bool, create: bool, migrating: bool) -> Engine:
    mode = "rwc" if create else "rw"
    file = f"file:{quote(str(file_of(url)))}?mode={mode}"

    def opened() -> sqlite3.Connection:
        # No isolation level: the driver would begin transactions by itself, late and without a write lock.
        connection = sqlite3.connect(file, uri=True, timeout=BUSY, isolation_level=None, check_same_thread=False)
        try:
            _set(connection, read_only=read_only, migrating=migrating)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    engine = create_engine(url, creator=opened, json_serializer=_dumps, hide_parameters=True)
    # A reader that becomes a writer half-way is refused at once, whatever the time-out: a writer says so at the start.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    event.listen(engine, "begin", lambda connection: _begin(connection, begin))
    return engine


def _set(connection: sqlite3.Connection, *, read_only: bool, migrating: bool) -> None:
    """The settings of a connection.

    ``synchronous = FULL`` waits for the disk at each commit. With NORMAL a power failure can take back the last
    commits: not a torn record, but a delivery that was ``sending`` would be ``pending`` again and be sent twice.
    It made a cold round of 1,000 feeds, which is 1,000 commits, 7 % slower.
    """
    if read_only:
        connection.execute("PRAGMA query_only = ON")
        return
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA foreign_keys = {'OFF' if migrating else 'ON'}")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL. When two processes make one file, the switch fails at once: the time-out does not hold for it."""
    deadline = monotonic() + BUSY
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                raise
            sleep(0.02)
        else:
            return


def _begin(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement)


def _postgres(url: URL, *, read_only: bool) -> Engine:
    isolation = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if read_only else {}
    engine = create_engine(
        url.update_query_dict(_unless_given(url)),
        execution_options=isolation,
        json_serializer=_dumps,
        hide_parameters=True,
        pool_pre_ping=True,  # the server may have been restarted since the last round
    )
    event.listen(engine, "connect", _no_nul)
    return engine


def _unless_given(url: URL) -> dict[str, str]:
    defaults = {"connect_timeout": str(CONNECT), "keepalives_idle": str(KEEPALIVE), "application_name": "watcher"}
    return {name: value for name, value in defaults.items() if name not in url.query}


def _no_nul(connection: "PostgresConnection[Any]", _record: object) -> None:
    """PostgreSQL's text cannot hold U+0000, and a feed can: one such feed must not stop the record."""
    from psycopg.types.string import StrDumperUnknown  # noqa: PLC0415  (late: most databases are SQLite files)

    class NoNul(StrDumperUnknown):
        def dump(self, obj: str) -> Any:  # noqa: ANN401  (psycopg's own buffer type)
            return super().dump(obj.replace("\x00", "\ufffd"))

    connection.adapters.register_dumper(str, NoNul)

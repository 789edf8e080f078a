"""How the record is found: where it is, of which version, who holds it, how much room is left."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, text

from storage import migrate
from storage.address import SQLITE, file_of, parse
from storage.engine import connect
from storage.faults import translated
from storage.lock import writer_lock
from watcher.core.errors import StorageError


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of it.

    ``revision`` None: there is none yet. ``holder``: who polls with it, in words; empty when nobody does.
    ``free`` and ``size`` are in bytes, None on a server.
    """

    engine: str
    revision: str | None
    needed: str
    holder: str = ""
    free: int | None = None
    size: int | None = None


def examine(url: str) -> Record:
    """Look at the record; nothing is made or changed.

    Raises:
        ConfigError: the URL cannot be used.
        StorageError: it cannot be reached, or not be written.
    """
    address = parse(url)
    if address.get_backend_name() == SQLITE:
        return _file(url, file_of(address).absolute())
    return Record(_version(address), migrate.current(url), migrate.HEAD, _holder(url))


def _file(url: str, file: Path) -> Record:
    import sqlite3  # noqa: PLC0415  (late: only its version is wanted)

    engine = f"SQLite {sqlite3.sqlite_version}"
    if not os.access(file.parent, os.W_OK):
        raise StorageError(f"the folder {file.parent} cannot be written")
    free = shutil.disk_usage(file.parent).free
    if not file.exists():
        return Record(engine, None, migrate.HEAD, free=free)
    if not os.access(file, os.W_OK):
        raise StorageError(f"{file} cannot be written")
    return Record(engine, migrate.current(url), migrate.HEAD, _holder(url), free, file.stat().st_size)


def _holder(url: str) -> str:
    """Who has the right to poll with it: asked for by trying to take it, for a moment."""
    try:
        with writer_lock(url):
            return ""
    except StorageError as error:
        return str(error)


def _version(address: URL) -> str:
    engine = connect(address, read_only=True)
    try:
        with translated(address), engine.connect() as connection:
            return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
    finally:
        engine.dispose()

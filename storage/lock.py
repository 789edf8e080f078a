"""One process writes the record: two that poll would tell everything twice.

Both locks belong to the process and vanish with it, however it ends.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL

from storage.address import SQLITE, file_of, parse, shown
from watcher.core.errors import StorageError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # the module is there or not, and mypy knows one system at a time

_KEY = 0x77617463  # "watc": advisory locks are numbers, one name space for each database
_NAME = "watcher process "
_LONGEST_NAME = 63  # bytes that PostgreSQL keeps of an application's name
_CONNECT = 10  # seconds

_HOLDER = """
    SELECT coalesce(activity.application_name, '') FROM pg_locks AS held
    JOIN pg_stat_activity AS activity USING (pid)
    WHERE held.locktype = 'advisory' AND held.granted AND held.objid = %s AND held.classid = 0
    AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@contextmanager
def writer_lock(url: str) -> Iterator[None]:
    """Hold the right to poll and deliver with this database.

    Raises:
        ConfigError: the URL cannot be used.
        StorageError: another process holds it; the message names that process. Or the lock cannot be had at all.
    """
    address = parse(url)
    held = _file_lock(file_of(address)) if address.get_backend_name() == SQLITE else _server_lock(address)
    with held:
        yield


def _taken(holder: str) -> StorageError:
    who = f" ({holder})" if holder else ""
    return StorageError(f"another watcher is polling with this database{who}; stop it, or use another --database")


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    """A lock on a file beside the database, which is never deleted: a deleted one could be locked twice."""
    database = database.resolve()  # one file, one lock, whatever links lead to it
    path = database.with_name(f"{database.name}.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StorageError(f"cannot lock the record: {path}: {error.strerror}") from error
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    if fcntl is None:
        raise StorageError("this system has no file locks that end with their process; use PostgreSQL")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
        raise _taken(f"process {pid}" if pid.isdigit() else "") from error
    except OSError as error:
        raise StorageError(f"cannot lock the record: {path}: {error.strerror}") from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


@contextmanager
def _server_lock(url: URL) -> Iterator[None]:
    """An advisory lock of a session of its own; the server lets go of it when the session ends."""
    import psycopg  # noqa: PLC0415  (late: most databases are SQLite files)

    name = f"{_NAME}{os.getpid()} on {socket.gethostname()}"[:_LONGEST_NAME]
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(plain, autocommit=True, connect_timeout=_CONNECT, application_name=name)
    except psycopg.Error as error:
        raise _refused(url, error) from error
    with connection:
        try:
            free = connection.execute("SELECT pg_try_advisory_lock(%s)", [_KEY]).fetchone() == (True,)
            holder = None if free else connection.execute(_HOLDER, [_KEY]).fetchone()
        except psycopg.Error as error:
            raise _refused(url, error) from error
        if not free:
            raise _taken(str(holder[0]).removeprefix("watcher ") if holder else "")
        yield


def _refused(url: URL, error: Exception) -> StorageError:
    first = next(iter(str(error).strip().splitlines()), type(error).__name__)
    return StorageError(f"the record at {shown(url)}: {first}")

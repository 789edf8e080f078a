"""A PostgreSQL server of the tests' own: in a temporary folder, on a socket in it, gone afterwards."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from time import monotonic, sleep

import psycopg

USER = "watcher"
_DEBIAN = Path("/usr/lib/postgresql")
PATIENCE = 60  # seconds for a start or a stop on a busy machine
_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=40", "listen_addresses=")


class NoPostgres(Exception):  # noqa: N818  (it names what is missing; the tests are skipped with it)
    """There is no server that could be started here; the text says why."""


class Server:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """The address of one database."""
        return f"postgresql://{USER}@/{database}?host={self._folder}"

    def fresh(self, template: str = "template1") -> str:
        """The address of a new database, empty or a copy of another that nobody is connected to."""
        name = f"test{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)


@contextmanager
def server() -> Iterator[Server]:
    """Start a server and stop it again.

    Raises:
        NoPostgres: none is installed, or none can be started.
    """
    initdb, postgres = _binary("initdb"), _binary("postgres")
    folder = Path(tempfile.mkdtemp(prefix="watcher-pg-"))
    try:
        account = _account(folder)
        _run_as(account, [initdb, "-D", f"{folder}/data", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-locale", "-N"])
        settings = [part for setting in _QUICK for part in ("-c", setting)]
        with _started(account, [postgres, "-D", f"{folder}/data", "-k", str(folder), *settings], folder):
            yield Server(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binary(name: str) -> str:
    installed = _DEBIAN.glob(f"*/bin/{name}")  # Debian keeps them off the PATH, one folder for each version
    newest = max(installed, key=lambda path: float(path.parts[-3]), default=None)
    found = shutil.which(name) or newest
    if found is None:
        raise NoPostgres(f"no PostgreSQL here: {name} is neither on the PATH nor in {_DEBIAN}")
    return str(found)


def _account(folder: Path) -> pwd.struct_passwd | None:
    """Whom to run the server as: it refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, account.pw_uid, account.pw_gid)
        return account
    raise NoPostgres("PostgreSQL does not run as root, and there is no other user here")


def _ids(account: pwd.struct_passwd | None) -> tuple[int | None, int | None, list[int] | None]:
    return (account.pw_uid, account.pw_gid, []) if account else (None, None, None)


def _run_as(account: pwd.struct_passwd | None, command: list[str]) -> None:
    user, group, groups = _ids(account)
    done = subprocess.run(
        command, user=user, group=group, extra_groups=groups, cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NoPostgres(f"{command[0]} failed: {done.stderr.strip()}")


@contextmanager
def _started(account: pwd.struct_passwd | None, command: list[str], folder: Path) -> Iterator[None]:
    user, group, groups = _ids(account)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            user=user,
            group=group,
            extra_groups=groups,
            cwd="/",
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    try:
        _wait(process, folder)
        yield
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)  # "fast": ends sessions that are still open
        process.wait(PATIENCE)


def _wait(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = monotonic() + PATIENCE
    while process.poll() is None and monotonic() < deadline:
        try:
            psycopg.connect(Server(folder).url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            sleep(0.05)
        else:
            return
    log = (folder / "log").read_text(errors="replace").strip()
    raise NoPostgres(f"PostgreSQL did not start: {log.splitlines()[-1] if log else 'it said nothing'}")

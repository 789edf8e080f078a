"""Where the record is: a URL, read once and never shown with its password."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from watcher.core.errors import ConfigError, Fault

SQLITE = "sqlite"
POSTGRES = "postgresql"

_SETTING = "WATCHER_DATABASE_URL"
_EXPECTED = "expected sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE"
_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",  # as many hosts still hand it out
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def parse(url: str) -> URL:
    """The URL with its driver named.

    Raises:
        ConfigError: it is no URL of a database that can hold the record.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _fault(_EXPECTED) from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise _fault(f"{_EXPECTED}, not {parsed.drivername}")
    if driver == SQLITE and (parsed.host or parsed.query or parsed.database in {None, "", ":memory:"}):
        raise _fault("expected sqlite:///FILE (four slashes for an absolute path), without parameters")
    if driver != SQLITE and not parsed.database:
        raise _fault(f"{_EXPECTED}: the database is not named")
    return parsed.set(drivername=driver)


def file_of(url: URL) -> Path:
    """The file of a SQLite database, absolute, so that a later change of folder means no other database."""
    return Path(url.database or "").absolute()


def shown(url: URL) -> str:
    """The database as it is named to people: without the password, and a file by its path alone."""
    if url.get_backend_name() == SQLITE:
        return str(file_of(url))
    return url.set(drivername=POSTGRES, query={}).render_as_string(hide_password=True)


def _fault(expected: str) -> ConfigError:
    return ConfigError([Fault(file="settings", key=_SETTING, expected=expected)])

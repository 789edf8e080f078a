import pytest
from sqlalchemy import URL

from storage.address import file_of, parse, shown
from watcher.core.errors import ConfigError

SECRET = "s3cr3t:p@ss"
HIDDEN = "postgresql://me:***@db.example.org:5433/record"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_means_the_driver_that_is_installed(scheme: str) -> None:
    assert parse(f"{scheme}://me@db.example.org/record").drivername == "postgresql+psycopg"


def test_a_password_is_never_shown() -> None:
    url = URL.create("postgresql", "me", SECRET, "db.example.org", 5433, "record", {"sslmode": "require"})
    address = parse(url.render_as_string(hide_password=False))
    assert address.password == SECRET
    assert shown(address) == HIDDEN


def test_a_file_is_shown_by_its_whole_path() -> None:
    assert shown(parse("sqlite:////data/watcher.db")) == "/data/watcher.db"
    assert file_of(parse("sqlite:///watcher.db")).is_absolute()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "watcher.db",
        f"mysql://me:{SECRET}@localhost/record",
        f"postgresql+asyncpg://me:{SECRET}@localhost/record",
        f"postgresql://me:{SECRET}@localhost",
        f"postgresql://me:{SECRET}@localhost:port/record",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://host/file.db",
        "sqlite:///file.db?mode=ro",
    ],
)
def test_what_cannot_hold_the_record_is_refused_with_what_was_expected(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse(url)
    (fault,) = caught.value.faults
    assert fault.key == "WATCHER_DATABASE_URL"
    assert "expected" in fault.expected
    assert SECRET not in str(caught.value)

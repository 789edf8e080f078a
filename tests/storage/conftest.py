import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.migrate import upgrade
from tests.postgres import NoPostgres, Server, server

pytest.register_assert_rewrite(
    "tests.store_contract",
    *(f"tests.storage.{part}_contract" for part in ("post", "ledger", "outbox", "condition", "letter", "review")),
)

Urls = Callable[[], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    try:
        with server() as running:
            yield running
    except NoPostgres as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgres_template(postgres: Server) -> str:
    """The name of a database that is set up, to be copied."""
    url = postgres.fresh()
    upgrade(url)
    return url.split("@/")[1].split("?")[0]


@pytest.fixture
def postgres_url(postgres: Server, postgres_template: str) -> str:
    return postgres.fresh(postgres_template)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that is set up, to be copied."""
    file = tmp_path_factory.mktemp("template") / "watcher.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'watcher.db')}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """A database that is set up, on each engine in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))

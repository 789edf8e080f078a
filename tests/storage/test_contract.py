from collections.abc import Iterator

import pytest

from storage.unit_of_work import SqlStore
from tests.store_contract import StoreContract
from watcher.usecases.memory import MemoryStore
from watcher.usecases.ports import Store


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestSqlStoreOnSqlite(StoreContract):
    @pytest.fixture
    def store(self, sqlite_url: str) -> Iterator[Store]:
        with SqlStore(sqlite_url) as store:
            yield store


@pytest.mark.postgres
class TestSqlStoreOnPostgres(StoreContract):
    @pytest.fixture
    def store(self, postgres_url: str) -> Iterator[Store]:
        with SqlStore(postgres_url) as store:
            yield store

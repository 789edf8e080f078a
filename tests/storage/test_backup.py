import shutil
import sqlite3
import threading
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from storage.migrate import backup, is_up_to_date
from storage.unit_of_work import SqlStore
from tests.storage.samples import post, save
from watcher.core.errors import StorageError


def test_a_copy_made_while_a_round_is_being_saved_is_of_one_moment(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    stop = threading.Event()
    with SqlStore(sqlite_url) as store:

        def write() -> None:
            for number in count(0, 10):
                save(store, *(post(number + one, text="word " * 2000) for one in range(10)))
                if stop.is_set():
                    return

        writer = threading.Thread(target=write)
        writer.start()
        try:
            counts = [_count(backup(sqlite_url, copy)) for _ in range(5)]
        finally:
            stop.set()
            writer.join(60)
    assert [count % 10 for count in counts] == [0] * 5
    assert is_up_to_date(f"sqlite:///{copy}")
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]


def _count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(database.execute("SELECT count(*) FROM posts").fetchone()[0])


def test_a_copy_is_a_database_that_can_be_used(sqlite_url: str, tmp_path: Path) -> None:
    with SqlStore(sqlite_url) as store:
        save(store, post(1))
    with SqlStore(f"sqlite:///{backup(sqlite_url, tmp_path / 'copy.db')}") as store:
        save(store, post(2))
        with store.begin() as work:
            assert work.posts.count() == 2


def test_a_copy_that_cannot_be_made_leaves_the_old_one(sqlite_url: str, tmp_path: Path) -> None:
    old = backup(sqlite_url, tmp_path / "copy.db").read_bytes()
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    file.write_bytes(b"no database" * 1000)
    with pytest.raises(StorageError, match="cannot be copied"):
        backup(sqlite_url, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == old
    assert not list(tmp_path.glob("*.part"))


def test_a_copy_over_the_database_itself_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(sqlite_url.removeprefix("sqlite:///"))
    with pytest.raises(StorageError, match="is the database itself"):
        backup(sqlite_url, tmp_path / "link.db")


def test_a_folder_that_is_not_there_is_named(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"missing/copy\.db"):
        backup(sqlite_url, tmp_path / "missing" / "copy.db")


def test_copying_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="there is no database"):
        backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_on_a_server_is_copied_by_its_own_tool() -> None:
    with pytest.raises(StorageError, match="pg_dump") as caught:
        backup("postgresql://me:s3cr3t@localhost/record", "copy.db")
    assert "s3cr3t" not in str(caught.value)


def test_a_restored_copy_is_in_write_ahead_mode_again(sqlite_url: str, tmp_path: Path) -> None:
    restored = shutil.copy(backup(sqlite_url, tmp_path / "copy.db"), tmp_path / "restored.db")
    with SqlStore(f"sqlite:///{restored}") as store:
        save(store, post())
    with closing(sqlite3.connect(restored)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)

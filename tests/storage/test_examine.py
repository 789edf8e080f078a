"""How a record is found, on both engines."""

from pathlib import Path

import pytest

from storage.examine import examine
from storage.lock import writer_lock
from storage.migrate import HEAD
from watcher.core.errors import StorageError


def test_a_record_that_is_set_up_shows_engine_and_revision(url: str) -> None:
    found = examine(url)
    assert found.engine.split()[0] in {"SQLite", "PostgreSQL"}
    assert (found.revision, found.needed, found.holder) == (HEAD, HEAD, "")


def test_who_polls_with_a_record_is_named(url: str) -> None:
    with writer_lock(url):
        assert "another watcher is polling with this database" in examine(url).holder
    assert examine(url).holder == ""


def test_a_record_that_is_not_there_is_none_yet_and_is_not_made(tmp_path: Path) -> None:
    found = examine(f"sqlite:///{tmp_path / 'watcher.db'}")
    assert (found.revision, found.size, found.holder) == (None, None, "")
    assert found.free is not None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be written"):
        examine(f"sqlite:///{tmp_path / 'away' / 'watcher.db'}")


def test_a_server_that_does_not_answer_is_a_fault() -> None:
    with pytest.raises(StorageError):
        examine("postgresql://nobody@127.0.0.1:1/none")

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import pytest

from storage.lock import writer_lock
from watcher.core.errors import ConfigError, StorageError

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from storage.lock import writer_lock
with writer_lock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input ends."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, text=True, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_process_is_told_who_holds_the_record(url: str) -> None:
    with holder(url) as process, pytest.raises(StorageError) as caught, writer_lock(url):
        pass
    told = str(caught.value)
    assert told.startswith(f"another watcher is polling with this database (process {process.pid}")
    assert told.endswith("stop it, or use another --database")


def test_the_lock_is_free_again_after_its_block(url: str) -> None:
    for _ in range(2):
        with writer_lock(url):
            pass


def test_the_lock_vanishes_with_a_process_that_is_killed(url: str) -> None:
    with holder(url) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        _take(url)


def _take(url: str) -> None:
    """A server notices within a moment that a client is gone; the system that runs a file's lock at once."""
    deadline = monotonic() + 20
    while True:
        try:
            with writer_lock(url):
                return
        except StorageError:
            if monotonic() > deadline:
                raise
            sleep(0.05)


def test_the_same_process_cannot_take_it_twice(url: str) -> None:
    with writer_lock(url), pytest.raises(StorageError, match=f"process {os.getpid()}"), writer_lock(url):
        pass


def test_two_databases_have_two_locks(url: str, tmp_path: Path) -> None:
    with writer_lock(url), writer_lock(f"sqlite:///{tmp_path}/other.db"):
        pass


def test_links_to_one_file_share_its_lock(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(sqlite_url.removeprefix("sqlite:///"))
    with writer_lock(sqlite_url), pytest.raises(StorageError), writer_lock(f"sqlite:///{tmp_path}/link.db"):
        pass


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(StorageError, match=r"missing/watcher\.db\.lock: No such file"),
        writer_lock(f"sqlite:///{tmp_path}/missing/watcher.db"),
    ):
        pass


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(StorageError) as caught, writer_lock(f"postgres://me:s3cr3t@127.0.0.1:{port}/record"):
            pass
    assert f"me:***@127.0.0.1:{port}/record" in str(caught.value)
    assert "s3cr3t" not in str(caught.value)


def test_a_url_of_no_database_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigError), writer_lock("mysql://localhost/record"):
        pass

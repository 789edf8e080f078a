import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from watcher.entrypoints.cli import app


@dataclass(frozen=True)
class Ended:
    """How a command line ended."""

    status: object
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def log_restored() -> Iterator[None]:
    """Commands send the log to standard error; afterwards it is pytest's again."""
    log = logging.getLogger()
    handlers, levels = log.handlers[:], {name: logging.getLogger(name).level for name in ("", "watcher", "storage")}
    yield
    log.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], log_restored: None
) -> Command:
    """Runs a command line in an empty folder, with no settings but those of the test."""
    for name in [name for name in os.environ if name.startswith("WATCHER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    del log_restored

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app(arguments)
        told = capsys.readouterr()
        return Ended(ended.value.code, told.out, told.err)

    return run

import shlex
from pathlib import Path

from tests.entrypoints.conftest import Command


def test_the_demo_leaves_nothing_behind_unless_it_is_told_to(command: Command, tmp_path: Path) -> None:
    ended = command("demo")
    assert (ended.status, ended.err) == (0, "")
    assert list(tmp_path.iterdir()) == []
    assert "demo --keep demo" in ended.out


def test_the_demo_tells_each_step_and_ends_with_the_stances(command: Command, tmp_path: Path) -> None:
    ended = command("demo", "--keep", "a folder")
    told = " ".join(ended.out.split())
    assert "The ledger begins with" in told
    assert "Wednesday, 10 June 2020" in told
    assert "3 alerts went out" in told
    assert told.index("What came of it") < told.index("Stances on 2020-06-30")
    assert (tmp_path / "a folder" / "watcher.db").exists()
    commands = [line for line in ended.out.splitlines() if "--database" in line]
    assert len(commands) == 6
    assert all(shlex.split(line)[-1] == "a folder/watcher.db" for line in commands)


def test_a_folder_that_cannot_be_made_or_holds_a_record_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "watcher.db").write_text("")
    for folder in ("file", "kept"):
        ended = command("demo", "--keep", folder)
        assert (ended.status, ended.out) == (2, "")
        assert folder in ended.err

from pathlib import Path

from tests.entrypoints.conftest import Command


def test_the_demo_tells_each_step_and_leaves_nothing_behind_unless_told_to(command: Command, tmp_path: Path) -> None:
    ended = command("demo")
    told = " ".join(ended.out.split())
    assert (ended.status, ended.err) == (0, "")
    assert "The ledger begins with" in told
    assert "Wednesday, 10 June 2020" in told
    assert all(f"{vendor}: " in told for vendor in ("IBM", "Amazon", "Microsoft"))
    assert "4 alerts went out" in told
    assert told.index("What came of it") < told.index("Stances on 2020-06-30")
    assert "demo --keep demo" in ended.out
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_or_holds_a_record_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "watcher.db").write_text("")
    for folder in ("file", "kept"):
        ended = command("demo", "--keep", folder)
        assert (ended.status, ended.out) == (2, "")
        assert folder in ended.err

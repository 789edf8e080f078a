import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.entrypoints.conftest import Command
from watcher.entrypoints.newsstand import Item, Newsstand

ROOT = Path(__file__).parents[2]
HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "pydantic",
    "trafilatura",
    "lxml",
    "feedparser",
    "slack_sdk",
    "pycurl",
    "rich",
    "yaml",
)
COMMANDS = [
    "demo",
    "check",
    "doctor",
    "baseline",
    "run",
    "poll",
    "status",
    "history",
    "why",
    "alerts",
    "sources",
    "analyze",
    "backtest",
    "rules",
    "export",
    "db",
]


def test_without_arguments_the_help_lists_the_commands_in_the_order_of_use(command: Command) -> None:
    ended = command()
    listed = [line.split()[0] for line in ended.out.splitlines() if line.startswith("  ") and line[2:3].isalpha()]
    assert ended.status == 0
    assert [name for name in listed if name in COMMANDS][: len(COMMANDS)] == COMMANDS
    assert "..." not in ended.out.partition("Commands:")[2], "a purpose that is cut off says nothing"
    assert "watcher demo" in ended.out.partition("Examples:")[2]


def test_the_version_is_that_of_the_package(command: Command) -> None:
    assert command("--version").out.startswith("watcher 0.")


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom watcher.entrypoints.cli import app\n"
        "try: app(['--help'])\nexcept SystemExit: pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "arguments",
    [
        ("bogus",),
        ("status", "--on", "2020-13-01"),
        ("status", "--known-on", "yesterday"),
        ("history",),
        ("poll", "--format", "xml"),
        ("analyze", "no-such-file"),
        ("backtest", "--baseline", "no-such-file", "-"),
        ("baseline", "import", "no-such-file"),
        ("status", "--database", "mysql://here/x"),
        ("status", "--feeds", "no-such-file"),
        ("poll",),
        ("check",),
    ],
)
def test_a_wrong_command_line_or_configuration_ends_with_2_and_a_reason(
    command: Command, arguments: tuple[str, ...]
) -> None:
    ended = command(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert ended.err.strip()


def test_all_faults_of_settings_and_feeds_are_named_at_once(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHER_TIMEZONE", "Mars/Olympus")
    (tmp_path / "feeds.yaml").write_text("sources:\n  - id: a\n    type: letter\n")
    ended = command("check")
    assert ended.status == 2
    assert "WATCHER_TIMEZONE" in ended.err
    assert "feeds.yaml" in ended.err
    assert "type" in ended.err


@pytest.mark.parametrize("arguments", [("status",), ("history", "amazon"), ("why", "x"), ("alerts",), ("export",)])
def test_a_question_without_a_record_says_what_to_do(command: Command, arguments: tuple[str, ...]) -> None:
    ended = command(*arguments)
    assert (ended.status, ended.out) == (1, "")
    assert "no record yet at" in ended.err
    assert "watcher poll" in ended.err


def test_a_question_makes_no_record(command: Command, tmp_path: Path) -> None:
    command("status")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_record_is_named_without_a_traceback(command: Command, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database, but long enough to be looked at" * 50)
    ended = command("status", "--database", "notes.txt")
    assert ended.status == 1
    assert "notes.txt" in ended.err
    assert "Traceback" not in ended.err


def test_a_password_in_the_database_address_is_shown_nowhere(command: Command) -> None:
    ended = command("status", "--database", "postgresql://watcher:geheim@127.0.0.1:9/record")
    assert ended.status == 1
    assert "geheim" not in ended.err + ended.out
    assert "127.0.0.1" in ended.err


def test_the_shipped_stances_go_in_once_and_come_out_and_in_again(command: Command) -> None:
    first, again = command("baseline", "import", "default"), command("baseline", "import", "default")
    assert first.status == again.status == 0
    assert "the record at" in first.err, "a record that is made by itself is mentioned"
    assert " 0 new " in again.out
    out = command("export", "--output", "all.yaml")
    assert (out.status, out.out) == (0, "")
    assert " 0 new " in command("baseline", "import", "all.yaml").out
    other = command("baseline", "import", "all.yaml", "--database", "other.db").out
    assert other.split(" in ")[0] == first.out.split(" in ")[0]


def test_an_unknown_vendor_is_answered_with_a_suggestion(command: Command) -> None:
    command("baseline", "import", "default")
    ended = command("status", "amazn")
    assert ended.status == 2
    assert "did you mean amazon?" in ended.err


def test_a_vendor_without_a_stance_on_that_day_is_said_to_have_none(command: Command) -> None:
    command("baseline", "import", "default")
    ended = command("status", "amazon", "--on", "1999-01-01")
    assert (ended.status, ended.out.splitlines()) == (0, ["No stance of Amazon is on record for 1999-01-01."])
    assert json.loads(command("status", "amazon", "--on", "1999-01-01", "--format", "json").out) == []


def test_what_was_known_before_the_import_is_nothing(command: Command) -> None:
    command("baseline", "import", "default")
    assert json.loads(command("status", "--known-on", "2020-06-10", "--format", "json").out) == []


def test_the_copy_of_a_record_answers_like_the_record(command: Command) -> None:
    command("baseline", "import", "default")
    assert command("db", "backup", "copy.db").status == 0
    asked = ("status", "--on", "2021-01-01", "--format", "jsonl")
    assert command(*asked, "--database", "copy.db").out == command(*asked).out != ""


def test_upgrading_says_what_was_done(command: Command) -> None:
    assert " made " in command("db", "upgrade").out
    assert "up to date" in command("db", "upgrade").out


def test_a_record_of_a_newer_version_is_left_alone(command: Command, tmp_path: Path) -> None:
    command("db", "upgrade")
    with sqlite3.connect(tmp_path / "watcher.db") as record:
        record.execute("UPDATE alembic_version SET version_num = '9999'")
    record.close()
    for arguments in (("status",), ("baseline", "import", "default")):
        ended = command(*arguments)
        assert ended.status == 1
        assert "Traceback" not in ended.err


def test_every_rule_passes_its_own_examples(command: Command) -> None:
    ended = command("rules", "test")
    assert ended.status == 0, ended.out
    assert "all hold" in ended.out
    assert [line[:2] for line in ended.out.splitlines()[:4]] == ["de", "en", "es", "fr"]


NOW = datetime.now(UTC)
ONE = Item("blog", "1", "https://northgate.example/1", "A fair", NOW - timedelta(hours=1), "We met people.")


def _feeds(tmp_path: Path, *entries: tuple[str, str]) -> None:
    lines = [f"  - {{id: {name}, type: feed, kind: news, url: '{url}'}}" for name, url in entries]
    (tmp_path / "feeds.yaml").write_text("\n".join(["sources:", *lines]))


def test_a_poll_names_what_failed_and_ends_with_1_and_the_rest_is_read(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHER_ALLOW_PRIVATE_HOSTS", "true")
    with Newsstand([ONE], lambda: NOW) as stand:
        _feeds(tmp_path, ("good", stand.address("blog")), ("dead", "http://127.0.0.1:9/feed"))
        ended = command("poll")
        assert ended.status == 1
        assert ended.out.splitlines()[0].startswith("No Slack token is set")
        assert "dead" in ended.err
        assert "1 new post" in ended.err
        assert "Traceback" not in ended.err
        shown = {line["id"]: line for line in json.loads(command("sources", "--format", "json").out)}
        assert (shown["good"]["health"], shown["dead"]["health"]) == ("ok", "failing")
        table = command("sources").out
        assert "good" in table
        assert "2 sources" in table
        assert max(map(len, table.splitlines())) <= 80


def test_a_second_poll_asks_nobody_unless_told_to(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHER_ALLOW_PRIVATE_HOSTS", "true")
    with Newsstand([ONE], lambda: NOW) as stand:
        _feeds(tmp_path, ("good", stand.address("blog")))
        assert json.loads(command("poll", "--format", "json").out)["new_posts"] == 1
        later = command("poll")
        assert later.status == 0
        assert "--all" in later.err
        again = json.loads(command("poll", "--all", "--format", "json").out)
        assert (again["asked"], again["not_modified"], again["new_posts"]) == (1, 1, 0)
        asked = command("poll", "god")
        assert asked.status == 2
        assert "did you mean good?" in asked.err
        (told,) = json.loads(command("why", ONE.url, "--format", "json").out)
        assert told["told"] is False
        assert told["readings"][0]["note"]


def test_a_sound_installation_is_said_to_be_well(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _feeds(tmp_path, ("one", "https://one.example/feed"))
    ended = command("check")
    assert (ended.status, ended.err) == (0, "")
    assert "1 in feeds.yaml (1 feed)" in ended.out
    assert "the terminal: no Slack token is set" in ended.out
    monkeypatch.setenv("WATCHER_SLACK_BOT_TOKEN", "xoxb-123-geheim")
    assert command("check").status == 2, "a token without a channel leads nowhere"
    assert command("status").status == 1, "but the record can be asked"
    monkeypatch.setenv("WATCHER_SLACK_CHANNEL", "C0123456789")
    with_slack = command("check")
    assert "Slack: C0123456789" in with_slack.out
    assert "geheim" not in with_slack.out + with_slack.err


def test_check_tells_programs_each_fault_with_its_line_and_none_where_all_is_well(
    command: Command, tmp_path: Path
) -> None:
    _feeds(tmp_path, ("one", "https://one.example/feed"))
    assert json.loads(command("check", "--format", "json").out) == []
    _feeds(tmp_path, ("one", "http://127.0.0.1/feed"))
    ended = command("check", "--format", "jsonl")
    assert ended.status == 2
    (fault,) = map(json.loads, ended.out.splitlines())
    assert (fault["file"], fault["key"]) == ("feeds.yaml", "url (one)")
    assert "WATCHER_ALLOW_PRIVATE_HOSTS" in fault["expected"]


def test_a_round_that_is_interrupted_ends_with_130_and_the_record_is_sound(tmp_path: Path) -> None:
    """A server that takes the request and never answers; then Ctrl-C."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        _feeds(tmp_path, ("silent", f"http://127.0.0.1:{silent.getsockname()[1]}/feed"))
        poll = subprocess.Popen(
            [sys.executable, "-m", "watcher", "poll"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), "WATCHER_ALLOW_PRIVATE_HOSTS": "true"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        with silent.accept()[0] as asked:
            assert asked.recv(16)
            poll.send_signal(signal.SIGINT)
            _, err = poll.communicate(timeout=60)
    assert poll.returncode == 130
    assert "Traceback" not in err
    with sqlite3.connect(tmp_path / "watcher.db") as record:
        assert record.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    record.close()


def test_each_entry_of_the_rules_is_missed_by_an_example_when_it_is_left_out(command: Command) -> None:
    ended = command("rules", "test", "--mutate", "--format", "jsonl")
    trials = [json.loads(line) for line in ended.out.splitlines()]
    assert (ended.status, ended.err) == (0, "")
    assert {"cue", "pseudo-cue", "terminators", "blockers", "phrase"} <= {trial["kind"] for trial in trials}
    assert all(trial["noticed"] for trial in trials)
    assert trials[0]["place"].startswith("de/stances.yaml:")

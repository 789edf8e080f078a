"""``analyze`` and ``backtest`` through the command line, with the shipped rules and vendors."""

import json
from pathlib import Path

from tests.entrypoints.conftest import Command

KEYS = [
    "vendor",
    "position",
    "audience",
    "product",
    "jurisdiction",
    "until",
    "condition",
    "announced",
    "fresh",
    "quote",
    "start",
    "end",
    "rule",
]
TOLD = [
    "record",
    "at",
    "vendor",
    "audience",
    "position",
    "previous",
    "change",
    "product",
    "until",
    "condition",
    "quote",
    "url",
    "before",
    "shift",
    "page_dated",
]
TEXT = (
    "Amazon pauses police use\n\n"
    "SEATTLE - The wind was cold.\n\n"
    "Amazon said on Wednesday that it will not sell facial recognition technology to police for one year. "
    "Critics had asked for that."
)


def archive(tmp_path: Path, *more: str) -> str:
    record = {
        "id": "a1",
        "source": {"name": "Press", "kind": "news"},
        "title": "Amazon pauses",
        "published": "2020-06-10T22:00:00Z",
        "text": TEXT.partition("\n\n")[2],
    }
    silent = {**record, "id": "a2", "title": "Cake", "text": "A cake was sold to police."}
    lines = [json.dumps(record), json.dumps(silent), *more]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    return "a.jsonl"


def test_analyze_gives_one_line_a_record_with_the_promised_keys(command: Command, tmp_path: Path) -> None:
    ended = command("analyze", archive(tmp_path), "--format", "jsonl")
    first, second = map(json.loads, ended.out.splitlines())
    assert ended.status == 0
    assert list(first) == ["id", "statements"]
    assert second == {"id": "a2", "statements": []}
    (said,) = first["statements"]
    assert list(said) == [*KEYS, "place", "marks"]
    assert said["place"].startswith("en/stances.yaml:")
    marked = [said["marks"]["text"][slice(*span)] for span in said["marks"]["audiences"]]
    assert marked == ["police"]
    assert (said["vendor"], said["position"], said["audience"]) == ("amazon", "moratorium", "police")
    assert (said["announced"], said["until"], said["fresh"]) == ("2020-06-10", "2021-06-10", True)
    assert TEXT.partition("\n\n")[2][said["start"] : said["end"]] == said["quote"]


def test_a_bad_line_is_named_on_standard_error_and_the_status_is_1(command: Command, tmp_path: Path) -> None:
    ended = command("analyze", archive(tmp_path, "{broken"), "--format", "jsonl")
    assert ended.status == 1
    assert len(ended.out.splitlines()) == 2
    assert "a.jsonl: line 3" in ended.err


def test_analyze_as_json_is_one_array(command: Command, tmp_path: Path) -> None:
    found = json.loads(command("analyze", archive(tmp_path), "--format", "json").out)
    assert [one["id"] for one in found] == ["a1", "a2"]


def test_the_table_marks_what_the_rule_found_in_the_sentence_and_names_the_rule(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    ended = command("analyze", "a.txt", "--published", "2020-06-11")
    told = " ".join(ended.out.split())
    assert ended.status == 0
    assert "a.txt: Amazon pauses police use" in told
    assert "Amazon said on Wednesday that »it [" in told
    assert "<police>" in told
    assert "(rules/en/stances.yaml:" in told
    assert told.endswith("Marked: »how far the rule reaches«, [its cue], {the technology}, <the audience>")
    assert "Critics had asked" not in told
    assert "The wind was cold" not in told
    assert max(map(len, ended.out.splitlines())) <= 80


def test_a_text_without_a_date_is_read_as_of_now_and_that_is_said(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    assert "--published" in command("analyze", "a.txt").err
    assert command("analyze", "a.txt", "--published", "2020-06-11").err == ""


def test_a_text_in_a_vendors_own_voice_says_we(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A pause\n\nWe will not sell facial recognition technology to police for one year.")
    asked = ("analyze", "a.txt", "--published", "2020-06-10", "--format", "json")
    assert json.loads(command(*asked).out)[0]["statements"] == []
    (said,) = json.loads(command(*asked, "--vendor", "Amazon").out)[0]["statements"]
    assert (said["vendor"], said["position"]) == ("amazon", "moratorium")


def test_an_address_that_may_not_be_asked_ends_with_1(command: Command) -> None:
    ended = command("analyze", "http://127.0.0.1:9/post")
    assert (ended.status, ended.out) == (1, "")
    assert "127.0.0.1" in ended.err
    assert "Traceback" not in ended.err


def test_a_back_test_gives_one_line_an_alert_with_the_promised_keys(command: Command, tmp_path: Path) -> None:
    ended = command("backtest", archive(tmp_path), "--format", "jsonl")
    (told,) = map(json.loads, ended.out.splitlines())
    assert ended.status == 0
    assert list(told) == TOLD
    assert (told["record"], told["change"], told["previous"]) == ("a1", "announced", None)


def test_the_default_baseline_is_the_ledger_as_it_stood_before_the_archive(command: Command, tmp_path: Path) -> None:
    (told,) = map(
        json.loads,
        command("backtest", archive(tmp_path), "--baseline", "default", "--format", "jsonl").out.splitlines(),
    )
    assert (told["previous"], told["change"]) == ("allow", "tightened")


def test_a_back_test_for_people_says_how_much_there_was(command: Command, tmp_path: Path) -> None:
    ended = command("backtest", archive(tmp_path, "nonsense"))
    assert ended.status == 1
    assert "Amazon: moratorium towards police until 2021-06-10" in " ".join(ended.out.split())
    assert "2 records, 1 alert." in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80

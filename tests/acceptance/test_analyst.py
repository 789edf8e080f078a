"""An analyst's path: the demo's record, asked through the real command."""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.acceptance

AMAZON = (
    "https://www.aboutamazon.com/news/policy-news-views/"
    "we-are-implementing-a-one-year-moratorium-on-police-use-of-rekognition"
)
FARMINGTON = "https://farmingtonvoice.com/aclu-reps-farmington-hills-man-in-facial-recognition-case/"


@cache
def watcher(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a command line came to; asked twice, it is run once, for each run costs half a second."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WATCHER_")}
    command = [sys.executable, "-m", "watcher", *arguments]
    environ = {**kept, "COLUMNS": "80", "PYTHONPATH": str(Path(__file__).parents[2])}
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the demo has kept its record; ``story.txt`` is what it told."""
    folder = tmp_path_factory.mktemp("analyst")
    done = watcher("demo", "--keep", "june", folder=folder)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (folder / "story.txt").write_text(done.stdout, "utf-8")
    return folder


def ask(demo: Path, *question: str) -> str:
    done = watcher(*question, "--database", "june/watcher.db", folder=demo)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def table(demo: Path, *question: str) -> str:
    """The answer on a terminal of 80 columns, its words joined by single blanks."""
    told = ask(demo, *question)
    lines = [line for line in told.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= 80
    assert "\x1b" not in told
    return " ".join(told.split())


def found(demo: Path, *question: str) -> Any:
    return [json.loads(line) for line in ask(demo, *question, "--format", "jsonl").splitlines()]


def test_json_is_one_array_of_what_jsonl_gives_line_by_line(demo: Path) -> None:
    assert json.loads(ask(demo, "history", "amazon", "--format", "json")) == found(demo, "history", "amazon")


def test_the_demo_tells_each_event_once_and_names_what_to_ask(demo: Path) -> None:
    story = (demo / "story.txt").read_text("utf-8")
    heads = [line for line in story.splitlines() if "towards" in line and line.endswith(")")]
    events = [head.partition(" (")[0] for head in heads]
    assert events == [
        "IBM: exit towards everyone",
        "Amazon: moratorium towards police",
        "Microsoft: moratorium towards police",
        "Microsoft: moratorium towards police",  # amended: a condition named beside it
    ]
    assert "further reports" in story
    assert "history amazon --database june/watcher.db" in story
    assert max(len(line) for line in story.splitlines() if "https://" not in line) <= 80


def test_the_commands_that_the_demo_names_can_be_pasted(demo: Path) -> None:
    story = (demo / "story.txt").read_text("utf-8")
    named = [line.split() for line in story.splitlines() if line.endswith("--database june/watcher.db")]
    assert len(named) >= 5
    for words in named:
        arguments = words[words.index("watcher") + 1 :] if "watcher" in words else words[1:]
        assert watcher(*arguments, folder=demo).returncode == 0, words


def test_status_shows_the_stances_of_all_vendors(demo: Path) -> None:
    told = table(demo, "status", "--on", "2020-06-12")
    for word in ("Amazon", "IBM", "Microsoft", "moratorium", "exit", "2021-06-10"):
        assert word in told
    held = {(one["vendor"], one["audience"], one["position"]) for one in found(demo, "status", "--on", "2020-06-12")}
    assert {
        ("amazon", "police", "moratorium"),
        ("ibm", "everyone", "exit"),
        ("microsoft", "police", "moratorium"),
    } <= held


def test_status_of_amazon_after_and_before_its_announcement(demo: Path) -> None:
    told = table(demo, "status", "amazon", "--on", "2020-07-01")
    assert "police moratorium 2020-06-10 until 2021-06-10" in told
    police = [one for one in found(demo, "status", "amazon", "--on", "2020-07-01") if one["audience"] == "police"]
    moratorium = next(one for one in police if one["position"] == "moratorium")
    assert (moratorium["since"], moratorium["until"]) == ("2020-06-10", "2021-06-10")
    assert (moratorium["lapsed"], moratorium["own_voice"]) == (False, True)
    assert moratorium["evidence"] > 5
    before = found(demo, "status", "amazon", "--on", "2020-06-09")
    assert "moratorium" not in {one["position"] for one in before}


def test_an_end_that_has_passed_is_marked(demo: Path) -> None:
    assert "(passed!)" in table(demo, "status", "amazon", "--on", "2021-07-01")


def test_what_was_known_on_an_earlier_day_can_be_asked(demo: Path) -> None:
    known = found(demo, "status", "--on", "2020-07-01", "--known-on", "2020-06-09")
    held = {(one["vendor"], one["position"]) for one in known}
    assert ("ibm", "exit") in held
    assert ("amazon", "moratorium") not in held


def test_history_of_amazon_is_in_order_with_proof(demo: Path) -> None:
    told = table(demo, "history", "amazon")
    assert told.index("2018-11-08 allow towards police") < told.index("2020-06-10 moratorium towards police")
    assert "in its own voice" in told
    rows = found(demo, "history", "amazon")
    assert [one["held_from"] for one in rows] == sorted(one["held_from"] for one in rows)
    moratorium = next(one for one in rows if one["position"] == "moratorium")
    assert moratorium["url"] == AMAZON
    assert moratorium["quote"]
    assert len(moratorium["evidence"]) > 5


def test_why_tells_what_was_read_in_an_alerted_post(demo: Path) -> None:
    told = table(demo, "why", AMAZON)
    for word in ("an alert went out", "moratorium towards police", "Rule", "terminal: sent"):
        assert word in told
    (one,) = found(demo, "why", AMAZON)
    assert one["told"]
    (verdict,) = one["readings"][0]["verdicts"]
    assert verdict["alert"].startswith("amazon-")
    assert verdict["deliveries"][0]["state"] == "sent"
    assert verdict["statement"]["quote"] in told


def test_why_tells_why_nobody_was_told_of_a_post(demo: Path) -> None:
    told = table(demo, "why", FARMINGTON)
    assert "no alert" in told
    (one,) = found(demo, "why", FARMINGTON)
    assert (one["told"], one["readings"][0]["verdicts"]) == (False, [])
    assert one["readings"][0]["note"] in told


def test_why_names_the_alert_that_a_report_joined(demo: Path) -> None:
    alert = next(one for one in found(demo, "alerts") if one["vendor"] == "amazon")
    report = alert["reports"][0]
    told = table(demo, "why", report["post"])
    assert "joined that alert" in told
    assert alert["key"] in told


def test_alerts_are_listed_newest_first_with_their_deliveries(demo: Path) -> None:
    told = table(demo, "alerts")
    assert told.index("Microsoft") < told.index("Amazon:") < told.index("IBM")
    alerts = found(demo, "alerts")
    assert [one["vendor"] for one in alerts][-3:] == ["microsoft", "amazon", "ibm"]
    assert [one["at"] for one in alerts] == sorted((one["at"] for one in alerts), reverse=True)
    assert all(one["deliveries"][0]["state"] == "sent" for one in alerts)


def test_a_record_is_not_overwritten_by_a_second_demo(demo: Path) -> None:
    again = watcher("demo", "--keep", "./june", folder=demo)
    assert (again.returncode, again.stdout) == (2, "")
    assert "june" in again.stderr


def test_a_reader_that_goes_away_is_no_error(demo: Path) -> None:
    command = f"'{sys.executable}' -m watcher export --database june/watcher.db | head -n 1"
    environ = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=demo, env=environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ""
    assert done.stdout.startswith("#")


def test_other_rules_show_which_alerts_of_the_stored_posts_they_would_lose(demo: Path, tmp_path: Path) -> None:
    rules = Path(__file__).parents[2] / "watcher" / "rules"
    shutil.copytree(rules, tmp_path / "rules")
    assert "0 added, 0 lost, 0 changed" in table(demo, "rules", "diff", str(rules))
    stances = tmp_path / "rules" / "en" / "stances.yaml"
    stances.write_text(stances.read_text("utf-8").replace(": moratorium\n", ": exit\n"), "utf-8")
    differing = found(demo, "rules", "diff", str(tmp_path / "rules"))
    assert {one["difference"] for one in differing} <= {"added", "lost", "changed"}
    assert any(one["ours"] and one["ours"]["vendor"] == "amazon" for one in differing)
    assert "with the other rules" in table(demo, "rules", "diff", str(tmp_path / "rules"))

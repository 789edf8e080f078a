"""The evaluation, run as anybody would run it, on a few labelled posts."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PRESS = {"name": "The Press", "kind": "news"}


def post(number: int, text: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"p-{number}",
        "url": f"https://press.example/{number}",
        "title": "News",
        "published": f"2021-0{number}-01T12:00:00+00:00",
        "text": text,
        "source": PRESS,
        "statements": list(statements),
    }


def says(vendor: str, position: str, audience: str, event: str) -> dict[str, Any]:
    return {"vendor": vendor, "position": position, "audience": audience, "event": event, "new": True}


POSTS = [
    post(
        1,
        "IBM said on Friday that it will stop selling facial recognition to police.",
        says("ibm", "ban", "police", "e-1"),
    ),
    post(2, "Amazon may stop selling facial recognition to police."),
    post(
        3,
        "Microsoft halts sales of facial recognition to police for a year.",
        says("microsoft", "moratorium", "police", "e-2"),
    ),
    post(4, "Clearview AI bans police from its facial recognition."),
    post(5, "Google mused about faces.", says("google", "ban", "everyone", "e-3")),
]


@pytest.fixture
def posts(tmp_path: Path) -> str:
    file = tmp_path / "posts.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in POSTS), "utf-8")
    return str(file)


def evaluate(*arguments: str) -> str:
    command = [sys.executable, str(ROOT / "eval" / "evaluate.py"), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_misses_and_false_alarms_are_counted_and_told_with_their_sentences(posts: str) -> None:
    told = evaluate(posts, "--misses")
    assert "statements, vendor and position:                precision 0.667  recall 0.667  F1 0.667" in told
    assert "alerts: 3 events, 2 caught, 2 in their first report; 1 false, 0 duplicate; precision 0.667" in told
    assert "p-4: false  clearview-ai ban police: Clearview AI bans police" in told
    assert "p-5: missed google ban everyone" in told
    assert "e-3: first in p-5, told from none" in told


def test_a_rule_that_was_added_gains_where_it_is_needed_and_is_named(posts: str, tmp_path: Path) -> None:
    old = tmp_path / "rules"
    shutil.copytree(ROOT / "watcher" / "rules", old)
    stances = old / "en" / "stances.yaml"
    text = stances.read_text("utf-8")
    begin = text.index("- id: stops-providing")
    stances.write_text(text[:begin] + text[text.index("\n- id: ", begin) + 1 :], "utf-8")
    told = evaluate(posts, "--cross", str(old))
    assert "changes, each alone (1)" in told
    (line,) = [line for line in told.splitlines() if "rule stops-providing" in line]
    assert any(float(gain) > 0 for gain in line.split()[:2])
    assert "both together: precision" in told


def test_each_rule_is_left_out_in_turn(posts: str) -> None:
    told = evaluate(posts, "--leave-out")
    assert [line for line in told.splitlines() if "en: stops-providing" in line]
    assert "en: wins-contract   <- changes nothing" in told

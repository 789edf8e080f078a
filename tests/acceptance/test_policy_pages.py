"""Fifteen invented pages, day by day, through the real rules: what eval/policy.py prints, as a test."""

from importlib import util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / "eval" / "policy.py"


@pytest.fixture(scope="module")
def policy() -> Any:
    spec = util.spec_from_file_location("eval_policy", SCRIPT)
    assert spec
    assert spec.loader
    made = util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_histories_hold_enough_pages_and_captures_to_say_something(policy: Any) -> None:
    captures = list(policy.captures())
    assert len({capture["source"] for capture in captures}) >= 12
    assert len(captures) >= 300
    assert len({capture["id"] for capture in captures}) == len(captures)


def test_every_real_change_of_a_page_alerts_once_with_before_and_after_and_nothing_else_does(policy: Any) -> None:
    wanted, false = policy.judged(list(policy.captures()))
    assert [str(wish) for wish in wanted if len(wish.came) != 1] == []
    assert [(line["record"], line["change"], line["quote"]) for line in false] == []
    assert {line["change"] for wish in wanted for line in wish.came} >= {
        "announced", "tightened", "loosened", "extended", "amended", "withdrawn",
    }  # fmt: skip

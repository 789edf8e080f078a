"""Killed at random moments of its rounds and started again, the bot ends where it would have ended anyway.

``python -m benchmarks.kills`` does the same with twenty kills, and shows where each fell.
"""

from collections import Counter

import pytest

from tests.acceptance.kills import Outcome, differences, disturbed, undisturbed

pytestmark = pytest.mark.acceptance

KILLS = 6


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return undisturbed(tmp_path_factory.mktemp("calm"))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return disturbed(tmp_path_factory.mktemp("killed"), seed=20200610, kills=KILLS)


def test_the_undisturbed_run_has_something_to_lose(calm: Outcome) -> None:
    assert len(calm.told) >= 3
    assert len(calm.record["reports"]) >= 3
    assert len(calm.record["evidence"]) > len(calm.told)


def test_most_of_the_kills_fall_into_a_round(killed: Outcome) -> None:
    assert len(killed.hits) >= KILLS / 2


def test_a_killed_bot_comes_to_the_same_record_as_an_undisturbed_one(calm: Outcome, killed: Outcome) -> None:
    assert differences(calm, killed) == {}


def test_no_message_is_lost_and_none_comes_twice(calm: Outcome, killed: Outcome) -> None:
    assert Counter(killed.told) == Counter(calm.told)
    assert set(Counter(killed.told).values()) == {1}
    assert {state for _, _, state, _ in killed.record["deliveries"]} == {"sent"}

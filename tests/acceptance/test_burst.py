"""A burst of changes, a Slack that fails, a process that is killed: each alert in its channel once, the severe first.

``python -m benchmarks.burst`` does the same with 500 changes and ten kills, and prints what became of them.
"""

import pytest

from tests.acceptance.burst import Outcome, Plan, burst

pytestmark = pytest.mark.acceptance

SMALL = Plan(high=24, normal=36, low=24, kills=3, failing=0.25, hanging=0)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return burst(tmp_path_factory.mktemp("burst"), SMALL)


def test_there_was_something_to_survive(outcome: Outcome) -> None:
    assert outcome.kills >= 2
    assert sum(outcome.faults.values()) >= 5


def test_each_alert_is_in_its_channel_exactly_once(outcome: Outcome) -> None:
    assert [(one.lost, one.twice) for one in outcome.channels] == [(0, 0)] * 3


def test_no_alert_comes_after_a_less_severe_one(outcome: Outcome) -> None:
    assert [one.out_of_order for one in outcome.channels] == [0] * 3


def test_what_is_not_severe_was_folded(outcome: Outcome) -> None:
    assert all(one.folded and one.messages < one.due for one in outcome.channels)

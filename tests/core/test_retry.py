from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.notify.samples import AMAZON, NOTICE, NOW, alerts, told
from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.notice import Notice
from watcher.core.retry import (
    JITTER,
    LONGEST_WAIT,
    LONGEST_WISH,
    SETTLING,
    STEPS_ASIDE_AFTER,
    Turn,
    next_turn,
    precedence,
    spacing,
    wait,
)
from watcher.core.routing import TERMINAL
from watcher.core.severity import Severity

SECOND = timedelta(seconds=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempt", "retry_after", "least"),
    [
        (0, None, 3 * SECOND),
        (1, None, 3 * SECOND),
        (2, None, 6 * SECOND),
        (3, None, 12 * SECOND),
        (7, None, 192 * SECOND),
        (8, None, LONGEST_WAIT),
        (1_000_000, None, LONGEST_WAIT),
        (1, 0.0, SECOND),
        (1, -5.0, SECOND),
        (1, 30.0, 30 * SECOND),
        (9, 30.0, 30 * SECOND),
        (1, 86_400.0, LONGEST_WISH),
        (1, float("inf"), LONGEST_WISH),
    ],
)
def test_the_wait_doubles_up_to_a_cap_unless_the_channel_names_its_own(
    attempt: int, retry_after: float | None, least: timedelta
) -> None:
    assert least <= wait(attempt, "key", retry_after) <= least * (1 + JITTER)


def test_the_wait_is_the_same_each_time_and_spread_over_keys_and_attempts() -> None:
    assert wait(3, "a") == wait(3, "a")
    assert len({wait(9, f"key {n}") for n in range(100)}) == 100
    assert wait(9, "a") != wait(10, "a")


def order(*alerts: Alert | Notice, kind: DeliveryKind = DeliveryKind.ALERT) -> list[Alert | Notice]:
    return sorted(alerts, key=lambda one: precedence(Delivery(one.key, "C1", kind=kind), one))


def test_the_alert_decided_first_goes_first_then_the_one_published_first() -> None:
    first, second = alerts(2)
    earlier = replace(second, at=first.at, published=first.published - SECOND)
    assert order(second, first, earlier) == [earlier, first, second]


def test_the_more_severe_goes_first_whatever_was_decided_first() -> None:
    low, high = replace(told(change=Change.AMENDED), key="a"), replace(AMAZON, key="b", at=AMAZON.at + SECOND)
    urgent, plain = replace(NOTICE, severity=Severity.HIGH), replace(NOTICE, at=AMAZON.at - SECOND)
    assert order(low, plain, high, urgent) == [urgent, high, plain, low]


def test_posts_go_before_edits_and_edits_before_replies() -> None:
    low = told(change=Change.AMENDED)
    kinds = [DeliveryKind.REPORT, DeliveryKind.EDIT, DeliveryKind.ALERT]
    subjects = {DeliveryKind.ALERT: low}
    rows = [Delivery(AMAZON.key, "C1", kind=kind) for kind in kinds]
    rows.sort(key=lambda one: precedence(one, subjects.get(one.kind, AMAZON)))
    assert [row.kind for row in rows] == kinds[::-1]


def test_only_slack_needs_a_pause_between_messages() -> None:
    assert [spacing(one) for one in (TERMINAL, "C1", "mailto:a@b.example")] == [timedelta(0), SECOND, timedelta(0)]


def waiting(key: str, attempts: int = 0, due: datetime | None = None, state: str = "pending") -> Delivery:
    return Delivery(key, "C1", state=DeliveryState(state), attempts=attempts, due=due)


def test_an_empty_queue_has_no_turn() -> None:
    assert next_turn([], None) is None


def test_the_first_in_order_goes_at_once() -> None:
    first, second = waiting("a"), waiting("b")
    assert next_turn([first, second], None) == Turn(first, LONG_AGO)


def test_a_resting_channel_is_left_alone_until_its_time() -> None:
    first = waiting("a")
    assert next_turn([first, waiting("b")], NOW) == Turn(first, NOW)


def test_a_failed_delivery_holds_back_those_behind_it_so_that_order_is_kept() -> None:
    failed = waiting("a", attempts=1, due=NOW, state="unknown")
    assert next_turn([failed, waiting("b")], None) == Turn(failed, NOW)


def test_a_delivery_that_fails_again_and_again_steps_aside() -> None:
    stuck, behind = waiting("a", attempts=STEPS_ASIDE_AFTER, due=NOW), waiting("b")
    assert next_turn([stuck, behind], None) == Turn(behind, LONG_AGO)
    assert next_turn([stuck], None) == Turn(stuck, NOW)


def test_a_delivery_found_in_sending_is_given_time_to_arrive_before_it_is_looked_for() -> None:
    sending = waiting("a", attempts=1, due=NOW, state="sending")
    assert next_turn([sending, waiting("b")], None) == Turn(sending, NOW + SETTLING)


def test_a_more_urgent_alert_that_comes_later_still_waits_for_a_resting_channel() -> None:
    failed, urgent = waiting("b", attempts=2, due=NOW), waiting(AMAZON.key)
    assert next_turn([urgent, failed], None) == Turn(urgent, NOW)

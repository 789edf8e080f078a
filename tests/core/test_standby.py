from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.delivery import Delivery, DeliveryKind
from watcher.core.standby import SILENCE, lateness, silent_since, stand_ins

NOW = datetime(2020, 6, 10, 22, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FAILING = Delivery("a1", "C1", created=NOW - SILENCE, attempts=3, error="no answer")
WAITING = Delivery("a2", "C1", created=NOW - SILENCE)
MAIL = ("mailto:anna@example.org", "mailto:ben@example.org")


def test_after_a_quarter_of_an_hour_of_failures_each_alert_that_waited_so_long_goes_out_by_mail() -> None:
    fresh = replace(WAITING, alert_key="a3", created=NOW - SECOND)
    made = stand_ins([FAILING, WAITING, fresh], NOW, MAIL)
    assert made == [
        Delivery(key, channel, created=NOW, since=NOW - SILENCE) for key in ("a1", "a2") for channel in MAIL
    ]


@pytest.mark.parametrize(
    "queue",
    [
        [],
        [WAITING],  # a long queue, and nothing wrong with the channel
        [replace(FAILING, created=NOW - SILENCE + SECOND)],
        [replace(FAILING, kind=DeliveryKind.EDIT)],
        [replace(FAILING, kind=DeliveryKind.NOTICE)],
    ],
)
def test_otherwise_nothing_goes_out_by_mail(queue: list[Delivery]) -> None:
    assert silent_since(queue, NOW) is None
    assert stand_ins(queue, NOW, MAIL) == []


@pytest.mark.parametrize("channel", ["terminal", MAIL[0]])
def test_mail_stands_in_for_slack_only(channel: str) -> None:
    assert stand_ins([replace(FAILING, channel=channel)], NOW, MAIL) == []


def test_an_alert_is_late_when_it_took_a_quarter_of_an_hour() -> None:
    assert lateness(NOW - SILENCE, NOW) == SILENCE
    assert lateness(NOW - SILENCE + SECOND, NOW) is None
    assert lateness(None, NOW) is None

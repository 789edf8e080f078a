from dataclasses import replace
from datetime import timedelta

import pytest

from tests.notify.samples import AMAZON, NOW, report
from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState, edits, messages, of_report

SENT = Delivery(AMAZON.key, "C1", DeliveryState.SENT, receipt="1.0")
REPORT = report(AMAZON, 1)


def made(*deliveries: Delivery) -> list[tuple[str, str]]:
    return [(one.kind.value, one.channel) for one in of_report(REPORT, deliveries)]


@pytest.mark.parametrize(
    ("state", "begun", "open_"),
    [
        (DeliveryState.PENDING, False, True),
        (DeliveryState.SENDING, True, True),
        (DeliveryState.UNKNOWN, True, True),
        (DeliveryState.SENT, True, False),
        (DeliveryState.GIVEN_UP, False, False),
    ],
)
def test_a_message_that_may_be_there_is_begun(state: DeliveryState, *, begun: bool, open_: bool) -> None:
    assert (state.begun, state.open) == (begun, open_)


def test_a_later_report_is_a_reply_and_an_edit_where_slack_has_the_message() -> None:
    assert made(SENT, replace(SENT, channel="C2")) == [
        ("report", "C1"),
        ("report", "C2"),
        ("edit", "C1"),
        ("edit", "C2"),
    ]
    assert {(one.alert_key, one.created, one.post_id) for one in of_report(REPORT, [SENT])} == {
        (AMAZON.key, REPORT.at, REPORT.post_id),
        (AMAZON.key, REPORT.at, ""),
    }


def test_where_the_message_has_not_left_the_report_will_be_in_it() -> None:
    assert made(replace(SENT, state=DeliveryState.PENDING), replace(SENT, state=DeliveryState.GIVEN_UP)) == []


def test_the_terminal_is_told_mail_is_not() -> None:
    assert made(replace(SENT, channel="terminal"), replace(SENT, channel="mailto:anna@example.org")) == [
        ("report", "terminal")
    ]


def test_what_is_done_about_a_message_gives_nothing_to_do_itself() -> None:
    beside = [replace(SENT, kind=kind) for kind in (DeliveryKind.EDIT, DeliveryKind.REPORT, DeliveryKind.NOTICE)]
    assert made(*beside) == []
    assert edits(beside, NOW) == []


def test_only_posts_are_messages() -> None:
    rows = [replace(SENT, kind=kind) for kind in DeliveryKind]
    assert [one.kind for one in messages(rows)] == [DeliveryKind.ALERT, DeliveryKind.NOTICE]


def test_a_delivery_goes_from_state_to_state() -> None:
    begun = Delivery(AMAZON.key, "C1").begin(NOW)
    assert (begun.state, begun.attempts, begun.due) == (DeliveryState.SENDING, 1, NOW)
    failed = begun.retry(NOW, "no answer", unknown=True, wait=timedelta(seconds=3))
    assert (failed.state, failed.due, failed.error) == (DeliveryState.UNKNOWN, NOW + timedelta(seconds=3), "no answer")
    assert failed.absent().state is DeliveryState.PENDING
    done = failed.done(NOW, "1.0")
    assert (done.state, done.receipt, done.error) == (DeliveryState.SENT, "1.0", None)
    assert failed.give_up("refused").state is DeliveryState.GIVEN_UP

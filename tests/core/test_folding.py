import pytest

from watcher.core.delivery import Delivery, DeliveryKind, DeliveryState
from watcher.core.folding import FEW, MOST, together
from watcher.core.severity import Severity


def queue(count: int, channel: str = "C1", kind: DeliveryKind = DeliveryKind.ALERT) -> list[Delivery]:
    return [Delivery(f"a{number:03d}", channel, kind=kind) for number in range(count)]


def folded(rows: list[Delivery], severity: Severity = Severity.NORMAL) -> int:
    return len(together(rows[0], rows, lambda _: severity))


@pytest.mark.parametrize(("waiting", "at_once"), [(1, 1), (FEW, 1), (FEW + 1, FEW + 1), (100, MOST)])
@pytest.mark.parametrize("severity", [Severity.NORMAL, Severity.LOW])
def test_more_than_a_few_are_folded_up_to_what_a_message_holds(waiting: int, at_once: int, severity: Severity) -> None:
    assert folded(queue(waiting), severity) == at_once


def test_what_is_severe_stands_alone_however_much_waits() -> None:
    assert folded(queue(100), Severity.HIGH) == 1


def test_only_alike_ones_are_folded_together_in_their_order() -> None:
    rows = queue(30)
    found = together(rows[1], rows, lambda one: Severity.LOW if int(one.alert_key[1:]) % 2 else Severity.NORMAL)
    assert [one.alert_key for one in found] == [f"a{number:03d}" for number in range(1, 2 * MOST, 2)]


@pytest.mark.parametrize("channel", ["terminal", "mailto:anna@example.org"])
def test_only_slack_gets_folded_messages(channel: str) -> None:
    assert folded(queue(100, channel)) == 1


@pytest.mark.parametrize("kind", [DeliveryKind.NOTICE, DeliveryKind.REPORT, DeliveryKind.EDIT])
def test_only_alerts_are_folded(kind: DeliveryKind) -> None:
    assert folded(queue(100, kind=kind)) == 1


def test_what_may_be_there_already_is_not_folded_with_others() -> None:
    doubtful = [Delivery(f"b{n}", "C1", DeliveryState.UNKNOWN) for n in range(20)]
    assert folded([*queue(3), *doubtful]) == 1

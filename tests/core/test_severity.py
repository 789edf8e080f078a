from dataclasses import replace

import pytest

from tests.notify.samples import AMAZON, MORATORIUM, told
from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.severity import Severity, severity_of
from watcher.core.statement import Position


def reported(**changes: object) -> Alert:
    return replace(told(**changes), own_voice=False)


@pytest.mark.parametrize(
    ("alert", "severity"),
    [
        (AMAZON, "high"),
        (reported(), "normal"),
        (reported(change=Change.TIGHTENED), "high"),
        (reported(change=Change.LOOSENED), "high"),
        (reported(change=Change.WITHDRAWN), "high"),
        (reported(change=Change.LAPSED), "high"),
        (told(change=Change.EXTENDED), "normal"),
        (told(change=Change.AMENDED), "low"),
        (told(position=Position.ADVOCATE), "low"),
    ],
)
def test_the_severity_follows_from_what_changes_and_who_says_so(alert: Alert, severity: str) -> None:
    assert severity_of(alert) is Severity(severity)


def test_the_weightiest_change_of_an_alert_counts() -> None:
    amended = replace(MORATORIUM, change=Change.AMENDED)
    assert severity_of(replace(AMAZON, changes=(amended, replace(MORATORIUM, change=Change.LOOSENED)))) is Severity.HIGH


def test_severities_are_ordered() -> None:
    assert sorted(Severity, key=lambda one: one.rank) == [Severity.HIGH, Severity.NORMAL, Severity.LOW]
    assert Severity.HIGH.at_least(Severity.NORMAL)
    assert Severity.NORMAL.at_least(Severity.NORMAL)
    assert not Severity.LOW.at_least(Severity.NORMAL)

from dataclasses import replace

import pytest

from tests.notify.samples import AMAZON, MORATORIUM, told
from watcher.core.change import Change
from watcher.core.routing import TERMINAL, Medium, Route, channels, medium_of
from watcher.core.severity import Severity
from watcher.core.statement import Audience


def test_without_routes_an_alert_goes_to_the_default_channel() -> None:
    assert channels(AMAZON, (), "C1") == ("C1",)


def test_without_routes_and_default_an_alert_goes_to_the_terminal() -> None:
    assert channels(AMAZON, (), None) == (TERMINAL,)


def test_an_alert_that_no_route_takes_is_not_dropped() -> None:
    route = Route("C2", vendors=frozenset({"ibm"}))
    assert channels(AMAZON, [route], "C1") == ("C1",)
    assert channels(AMAZON, [route], None) == (TERMINAL,)


@pytest.mark.parametrize(
    ("route", "taken"),
    [
        (Route("C2"), True),
        (Route("C2", vendors=frozenset({"amazon", "ibm"})), True),
        (Route("C2", vendors=frozenset({"ibm"})), False),
        (Route("C2", audiences=frozenset({Audience.POLICE})), True),
        (Route("C2", audiences=frozenset({Audience.EVERYONE})), False),
        (Route("C2", changes=frozenset({Change.ANNOUNCED, Change.LOOSENED})), True),
        (Route("C2", changes=frozenset({Change.LOOSENED})), False),
        (Route("C2", frozenset({"amazon"}), frozenset({Audience.POLICE}), frozenset({Change.LOOSENED})), False),
        (Route("C2", severity=Severity.HIGH), True),
    ],
)
def test_a_route_takes_what_meets_all_its_conditions(route: Route, taken: bool) -> None:
    assert route.takes(AMAZON) is taken


def test_a_route_may_ask_for_a_least_severity() -> None:
    reported, amended = replace(AMAZON, own_voice=False), told(change=Change.AMENDED)
    wanted = [Route("C2", severity=severity) for severity in (Severity.HIGH, Severity.NORMAL, Severity.LOW)]
    assert [route.takes(reported) for route in wanted] == [False, True, True]
    assert [route.takes(amended) for route in wanted] == [False, False, True]


@pytest.mark.parametrize(
    ("channel", "medium"),
    [("terminal", Medium.TERMINAL), ("mailto:anna@example.org", Medium.MAIL), ("C0123456789", Medium.SLACK)],
)
def test_a_channels_name_tells_what_kind_it_is(channel: str, medium: Medium) -> None:
    assert medium_of(channel) is medium


def test_what_is_said_of_everyone_reaches_those_who_ask_for_police() -> None:
    assert Route("C2", audiences=frozenset({Audience.POLICE})).takes(told(audience=Audience.EVERYONE))


def test_the_conditions_of_a_route_meet_in_one_change_and_not_across_two() -> None:
    tightened = replace(MORATORIUM, change=Change.TIGHTENED, audience=Audience.GOVERNMENT)
    alert = replace(AMAZON, changes=(MORATORIUM, tightened))
    government = frozenset({Audience.GOVERNMENT})
    assert Route("C2", audiences=government, changes=frozenset({Change.TIGHTENED})).takes(alert)
    assert not Route("C2", audiences=government, changes=frozenset({Change.ANNOUNCED})).takes(alert)


def test_a_channel_named_by_two_routes_is_told_once_and_the_order_of_routes_holds() -> None:
    routes = [Route("C3"), Route("C2", vendors=frozenset({"amazon"})), Route("C3", vendors=frozenset({"amazon"}))]
    assert channels(AMAZON, routes, "C1") == ("C3", "C2")

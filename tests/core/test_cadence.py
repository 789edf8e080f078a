from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.cadence import UNCONDITIONAL, interval, is_due, next_due, spread, validators
from watcher.core.errors import FetchTrouble
from watcher.core.health import Outcome
from watcher.core.source import Health, HttpState, Source, SourceKind, SourceState, SourceType

NOW = datetime(2020, 6, 10, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def source(source_id: str = "blog", every: timedelta = 30 * MINUTE) -> Source:
    return Source(source_id, SourceType.FEED, "https://example.org/feed", SourceKind.NEWS, every=every)


def state(failures: int = 0, source_id: str = "blog") -> SourceState:
    return SourceState(source_id, failures=failures)


def wait(trouble: FetchTrouble, failures: int, every: timedelta = 30 * MINUTE) -> timedelta:
    return next_due(source(every=every), state(failures), Outcome(trouble), NOW) - NOW


@given(st.text(min_size=1), st.integers(60, 7 * 86400), st.integers(0, 10**9))
def test_the_next_poll_is_half_to_one_and_a_half_intervals_away(name: str, every: int, second: int) -> None:
    now, polled = NOW + timedelta(seconds=second), source(name, timedelta(seconds=every))
    gap = next_due(polled, state(), Outcome(), now) - now
    assert polled.every / 2 <= gap < 1.5 * polled.every


def test_a_source_keeps_its_own_place_in_the_interval_from_the_second_poll_on() -> None:
    first = next_due(source(), state(), Outcome(), NOW)
    second = next_due(source(), state(), Outcome(), first + timedelta(seconds=7))
    assert second - first == 30 * MINUTE


def test_a_thousand_sources_polled_together_come_back_spread_over_the_interval() -> None:
    dues = [next_due(source(f"s-{n}"), state(), Outcome(), NOW) for n in range(1000)]
    in_each_minute = [sum(NOW + (15 + m) * MINUTE <= due < NOW + (16 + m) * MINUTE for due in dues) for m in range(30)]
    assert min(in_each_minute) > 10
    assert max(in_each_minute) < 70


def test_the_same_source_is_due_at_the_same_moment_after_every_restart() -> None:
    assert next_due(source(), state(), Outcome(), NOW) == next_due(source(), state(), Outcome(), NOW)
    assert 0 <= spread("blog") < 1


def test_a_servers_own_wish_holds_back_the_next_poll_up_to_an_hour() -> None:
    frequent = source(every=MINUTE)
    assert next_due(frequent, state(), Outcome(ttl=1200), NOW) == NOW + 20 * MINUTE
    assert next_due(frequent, state(), Outcome(ttl=86400), NOW) == NOW + HOUR
    assert next_due(frequent, state(), Outcome(ttl=-5), NOW) < NOW + 2 * MINUTE


@pytest.mark.parametrize("trouble", [FetchTrouble.NETWORK, FetchTrouble.TIMEOUT, FetchTrouble.SERVER])
@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 30), (2, 60), (3, 120), (4, 240), (5, 360), (6, 360), (1000, 360)]
)
def test_passing_trouble_backs_off_from_the_interval_to_six_hours(
    trouble: FetchTrouble, failures: int, minutes: int
) -> None:
    assert 0.9 * minutes * MINUTE <= wait(trouble, failures) <= 1.1 * minutes * MINUTE


@pytest.mark.parametrize(
    ("trouble", "failures", "hours"),
    [
        (FetchTrouble.BLOCKED, 1, 0.5),
        (FetchTrouble.BLOCKED, 6, 16),
        (FetchTrouble.BLOCKED, 7, 24),
        (FetchTrouble.GONE, 1, 0.5),
        (FetchTrouble.GONE, 2, 1),
        (FetchTrouble.GONE, 500, 24),
        (FetchTrouble.UNREADABLE, 9, 6),
        (FetchTrouble.THROTTLED, 9, 6),
        (FetchTrouble.TOO_LARGE, 9, 24),
        (FetchTrouble.UNSAFE, 9, 24),
        (FetchTrouble.REDIRECTS, 9, 24),
    ],
)
def test_each_kind_of_trouble_has_its_own_longest_wait(trouble: FetchTrouble, failures: int, hours: float) -> None:
    assert 0.9 * hours * HOUR <= wait(trouble, failures) <= 1.1 * hours * HOUR


def test_back_off_never_polls_more_often_than_the_interval() -> None:
    assert wait(FetchTrouble.SERVER, 1, every=timedelta(days=2)) >= 0.9 * timedelta(days=2)


@pytest.mark.parametrize(("said", "waited"), [(30, 30), (7201, 7201), (0, 1), (-3, 1), (10**12, 7 * 86400)])
def test_retry_after_is_kept_to_the_second(said: float, waited: int) -> None:
    outcome = Outcome(FetchTrouble.THROTTLED, retry_after=said)
    assert next_due(source(), state(3), outcome, NOW) == NOW + timedelta(seconds=waited)


def test_our_own_networks_failure_is_tried_again_in_minutes_by_all_sources_at_once() -> None:
    outcome = Outcome(FetchTrouble.NETWORK, network_down=True)
    dues = {next_due(source(f"s-{n}", every=timedelta(days=1)), state(4), outcome, NOW) for n in range(20)}
    assert dues == {NOW + 5 * MINUTE}


def polled(next_in: timedelta, **changes: object) -> SourceState:
    known = SourceState("blog", last_polled=NOW - MINUTE, next_due=NOW + next_in)
    return replace(known, **changes)  # type: ignore[arg-type]  # the test's own keywords


@pytest.mark.parametrize(
    ("known", "due"),
    [
        (None, True),
        (SourceState("blog"), True),
        (polled(-MINUTE), True),
        (polled(timedelta(0)), True),
        (polled(MINUTE), False),
        (polled(20 * HOUR, trouble=FetchTrouble.GONE, failures=2), False),
    ],
)
def test_a_source_is_due_at_its_due_time_or_when_it_has_none(known: SourceState | None, due: bool) -> None:
    assert is_due(source(), known, NOW) is due


def test_a_shortened_interval_counts_at_once() -> None:
    assert is_due(source(every=MINUTE), polled(5 * HOUR), NOW)


def test_a_due_time_written_by_a_wrong_clock_does_not_silence_a_source() -> None:
    wrong = polled(timedelta(days=4000), trouble=FetchTrouble.NETWORK, failures=1)
    assert is_due(source(), wrong, NOW)
    assert is_due(source(), polled(10 * MINUTE, last_polled=NOW + 3 * HOUR), NOW)


@pytest.mark.parametrize(
    ("every", "named", "health", "expected"),
    [
        (30 * MINUTE, False, Health.OK, 30 * MINUTE),
        (30 * MINUTE, False, Health.QUIET, 2 * HOUR),
        (3 * HOUR, False, Health.QUIET, 6 * HOUR),
        (24 * HOUR, False, Health.QUIET, 24 * HOUR),
        (30 * MINUTE, True, Health.QUIET, 30 * MINUTE),
        (30 * MINUTE, False, Health.FAILING, 30 * MINUTE),
    ],
)
def test_a_quiet_source_is_asked_less_often_unless_its_operator_said_how_often(
    every: timedelta, named: bool, health: Health, expected: timedelta
) -> None:
    one, seen = replace(source(every=every), named_every=named), replace(state(), health=health)
    assert interval(one, seen) == expected
    assert expected / 2 <= next_due(one, seen, Outcome(), NOW) - NOW < 1.5 * expected
    due = replace(seen, last_polled=NOW, next_due=NOW + 1.49 * expected)
    assert not is_due(one, due, NOW + MINUTE)


def test_every_48th_request_asks_for_the_whole_answer_and_keeps_the_hash_of_the_known_one() -> None:
    known = HttpState('"1"', "Wed, 10 Jun 2020 08:18:00 GMT", "hash")
    asked = [validators(source(), replace(state(), http=known, polls=polls)) for polls in range(5 * UNCONDITIONAL)]
    whole = [number for number, http in enumerate(asked) if http.etag is None]
    assert len(whole) == 4
    assert {later - earlier for earlier, later in pairwise(whole)} == {UNCONDITIONAL}
    assert whole[0] >= UNCONDITIONAL
    assert all(http.body_sha256 == "hash" for http in asked)

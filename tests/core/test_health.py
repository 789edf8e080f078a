from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from watcher.core.errors import FetchTrouble
from watcher.core.health import Outcome, Transition, after_outage, follow, network_down, recent_outcomes
from watcher.core.source import Health, HttpState, Source, SourceKind, SourceState, SourceType

NOW = datetime(2020, 6, 10, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OUTAGE = 3 * DAY
FEED = Source("blog", SourceType.FEED, "https://example.org/feed", SourceKind.NEWS)
NEW = SourceState("blog")
FINE = SourceState(
    "blog",
    http=HttpState(etag="old"),
    health=Health.OK,
    health_since=NOW - 9 * DAY,
    first_success=NOW - 9 * DAY,
    last_success=NOW - 4 * HOUR,
    last_new_post=NOW - DAY,
)
DOWN = Outcome(FetchTrouble.SERVER, "status 500")


def after(state: SourceState, *outcomes: Outcome, source: Source = FEED, now: datetime = NOW) -> SourceState:
    for outcome in outcomes:
        state, _ = follow(source, state, outcome, now, OUTAGE)
    return state


def change(state: SourceState, *outcomes: Outcome, source: Source = FEED) -> Transition | None:
    told: Transition | None = None
    for outcome in outcomes:
        state, told = follow(source, state, outcome, NOW, OUTAGE)
    return told


def test_a_first_whole_answer_is_the_first_success_and_no_message() -> None:
    got = after(NEW, Outcome(new_posts=3, newest=NOW - HOUR, http=HttpState(etag="a"), title="Blog"))
    assert (got.health, got.first_success, got.last_success) == (Health.OK, NOW, NOW)
    assert (got.http.etag, got.title, got.polls, got.last_new_post) == ("a", "Blog", 1, NOW - HOUR)
    assert change(NEW, Outcome()) is None


def test_an_answer_that_was_cut_short_or_empty_is_not_yet_the_first_sight() -> None:
    assert after(NEW, Outcome(partial="cut after 3 entries")).first_success is None
    assert after(NEW, Outcome(settled=False)).first_success is None


def test_a_feed_that_is_always_cut_short_counts_as_seen_after_some_polls() -> None:
    cut = Outcome(partial="cut after 3 entries", settled=False)
    assert after(NEW, cut, cut, cut).first_success is None
    assert after(NEW, cut, cut, cut, cut).first_success == NOW


def test_a_cut_answer_does_not_end_an_outage() -> None:
    out = replace(FINE, last_success=NOW - 5 * DAY)
    assert after(out, Outcome(partial="cut")).last_success == NOW - 5 * DAY
    assert after(out, Outcome()).last_success == NOW
    assert after(FINE, Outcome(partial="cut")).last_success == NOW


def test_an_outage_is_counted_from_the_last_success() -> None:
    assert after_outage(replace(FINE, last_success=NOW - 4 * DAY), NOW, OUTAGE)
    assert not after_outage(replace(FINE, last_success=NOW - 2 * DAY), NOW, OUTAGE)
    assert not after_outage(NEW, NOW, OUTAGE)


def test_a_partial_answer_is_shown_as_partial_with_its_reason() -> None:
    got = after(FINE, Outcome(partial="cut after 3 entries"))
    assert (got.health, got.detail, got.trouble, got.failures) == (Health.PARTIAL, "cut after 3 entries", None, 0)


def test_one_failure_of_a_source_that_worked_changes_no_health() -> None:
    got = after(FINE, DOWN)
    assert (got.health, got.trouble, got.detail, got.failures) == (Health.OK, FetchTrouble.SERVER, "status 500", 1)
    assert change(FINE, DOWN) is None


def test_three_failures_and_two_hours_make_a_source_failing_and_are_told_once() -> None:
    assert after(FINE, DOWN, DOWN, DOWN).health is Health.FAILING
    assert change(FINE, DOWN, DOWN, DOWN) == Transition("blog", Health.OK, Health.FAILING, NOW, "status 500")
    assert change(FINE, DOWN, DOWN, DOWN, DOWN) is None


def test_three_failures_within_minutes_are_not_yet_failing() -> None:
    assert after(replace(FINE, last_success=NOW - HOUR), DOWN, DOWN, DOWN).health is Health.OK


@pytest.mark.parametrize(
    ("trouble", "health"),
    [
        (FetchTrouble.NETWORK, Health.FAILING),
        (FetchTrouble.UNREADABLE, Health.FAILING),
        (FetchTrouble.BLOCKED, Health.BLOCKED),
        (FetchTrouble.GONE, Health.GONE),
    ],
)
def test_a_source_that_never_worked_is_shown_in_trouble_at_once(trouble: FetchTrouble, health: Health) -> None:
    assert after(NEW, Outcome(trouble)).health is health
    assert change(NEW, Outcome(trouble)) == Transition("blog", Health.NEW, health, NOW, None)


@pytest.mark.parametrize(
    ("trouble", "health"), [(FetchTrouble.BLOCKED, Health.BLOCKED), (FetchTrouble.GONE, Health.GONE)]
)
def test_a_refusal_must_be_met_twice_by_a_source_that_worked(trouble: FetchTrouble, health: Health) -> None:
    assert after(FINE, Outcome(trouble)).health is Health.OK
    assert after(FINE, Outcome(trouble), Outcome(trouble)).health is health


@pytest.mark.parametrize("trouble", [FetchTrouble.BLOCKED, FetchTrouble.GONE])
def test_refusals_of_less_than_two_hours_are_a_deploy_or_a_bot_check(trouble: FetchTrouble) -> None:
    refused = Outcome(trouble)
    assert after(replace(FINE, last_success=NOW - HOUR), refused, refused, refused).health is Health.OK


def test_an_answer_that_means_for_good_is_believed_at_once() -> None:
    assert after(replace(FINE, last_success=NOW - HOUR), Outcome(FetchTrouble.GONE, lasting=True)).health is Health.GONE


def test_recovery_is_told_once_and_clears_the_trouble() -> None:
    failing = after(FINE, DOWN, DOWN, DOWN)
    got = after(failing, Outcome())
    assert (got.health, got.failures, got.trouble, got.detail) == (Health.OK, 0, None, None)
    assert change(failing, Outcome()) == Transition("blog", Health.FAILING, Health.OK, NOW, None)
    assert change(failing, Outcome(), Outcome()) is None


def test_health_since_moves_only_when_health_changes() -> None:
    later = NOW + HOUR
    assert after(FINE, Outcome(), now=later).health_since == FINE.health_since
    assert after(FINE, DOWN, DOWN, DOWN, now=later).health_since == later


def test_a_feed_without_a_new_post_for_sixty_days_is_quiet_and_a_new_post_ends_it() -> None:
    quiet = after(replace(FINE, last_new_post=NOW - 61 * DAY), Outcome(not_modified=True))
    assert (quiet.health, quiet.not_modified) == (Health.QUIET, 1)
    assert after(quiet, Outcome(new_posts=1, newest=NOW)).health is Health.OK
    assert after(replace(FINE, last_new_post=NOW - 59 * DAY), Outcome()).health is Health.OK


def test_a_policy_page_is_never_quiet() -> None:
    page = replace(FEED, type=SourceType.POLICY)
    assert after(replace(FINE, last_new_post=NOW - 900 * DAY), Outcome(), source=page).health is Health.OK


def test_a_post_dated_in_the_future_does_not_hide_a_later_silence() -> None:
    assert after(FINE, Outcome(new_posts=1, newest=NOW + DAY)).last_new_post == NOW


def test_our_own_networks_failure_marks_a_source_and_blames_it_not() -> None:
    lost = Outcome(FetchTrouble.NETWORK, "no route", network_down=True)
    got = after(FINE, *[lost] * 10)
    assert (got.health, got.failures, got.trouble, got.detail) == (Health.OK, 0, FetchTrouble.NETWORK, "no route")
    assert after(NEW, lost).health is Health.NEW


def test_an_answer_without_validators_of_its_own_keeps_those_on_record() -> None:
    assert after(FINE, Outcome()).http.etag == "old"


NET, OK = FetchTrouble.NETWORK, None


@pytest.mark.parametrize(
    ("outcomes", "down"),
    [
        ([NET] * 4, False),
        ([NET] * 5, True),
        ([NET] * 4 + [OK], True),
        ([NET] * 7 + [OK] * 2, False),
        ([FetchTrouble.TIMEOUT] * 5, True),
        ([FetchTrouble.SERVER] * 50, False),
        ([], False),
    ],
)
def test_the_network_is_ours_when_four_of_five_sources_cannot_be_reached(
    outcomes: list[FetchTrouble | None], down: bool
) -> None:
    assert network_down(outcomes) is down


def test_only_polls_of_the_last_ten_minutes_tell_of_the_network() -> None:
    minutes = [0, 5, 10, 11, 600]
    states = [replace(FINE, last_polled=NOW - timedelta(minutes=m), trouble=NET) for m in minutes]
    assert recent_outcomes([*states, NEW], NOW) == [NET] * 3


def test_a_permanent_redirect_is_proposed_after_three_sightings_over_a_day() -> None:
    moved, state = "https://example.org/new", FINE
    shown: list[str | None] = []
    for number, hours in enumerate((0, 1, 2, 23, 24, 30), 1):
        http = HttpState(moved_to=moved, moved_seen=number)
        state = after(state, Outcome(http=http), now=NOW + hours * HOUR)
        shown.append(state.proposed_url)
    assert shown == [None, None, None, None, moved, moved]


def test_another_target_or_a_plain_answer_begins_the_count_anew() -> None:
    seen = after(FINE, Outcome(http=HttpState(moved_to="https://example.org/new", moved_seen=9)), now=NOW - 9 * DAY)
    same = after(seen, Outcome(http=HttpState(moved_to="https://example.org/new", moved_seen=10)))
    other = after(seen, Outcome(http=HttpState(moved_to="https://example.org/other", moved_seen=10)))
    plain = after(seen, Outcome(http=HttpState(etag="a")))
    assert same.proposed_url == "https://example.org/new"
    assert (other.proposed_url, other.http.moved_since) == (None, NOW)
    assert (plain.proposed_url, plain.http.moved_since) == (None, None)

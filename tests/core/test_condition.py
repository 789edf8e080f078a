from datetime import UTC, datetime, timedelta

from watcher.core.condition import (
    DISK,
    NETWORK,
    SHOWN,
    Condition,
    Decided,
    decide,
    sources_seen,
)
from watcher.core.errors import FetchTrouble
from watcher.core.notice import NoticeKind
from watcher.core.severity import Severity
from watcher.core.source import Health, HttpState, SourceState

NOW = datetime(2020, 6, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FULL = Condition(DISK, NOW, "12 MB are free")


def after(*decided: Decided) -> dict[str, Condition]:
    return {one.name: one for look in decided for one in look.conditions}


def state(source: str, health: Health, **more: object) -> SourceState:
    return SourceState(source, health=health, **more)  # type: ignore[arg-type]  # names are checked by the class


def test_what_begins_is_told_once_and_what_is_mended_once() -> None:
    begun = decide({DISK: "12 MB are free"}, {}, NOW)
    assert begun.conditions == (FULL,)
    (told,) = [one.notice for one in begun.told]
    assert (told.kind, told.title, told.lines) == (
        NoticeKind.FAULT,
        "The disk is nearly full",
        ("12 MB are free",),
    )
    assert told.severity is Severity.HIGH
    assert decide({DISK: "11 MB are free"}, after(begun), NOW + HOUR) == Decided()
    over = decide({DISK: None}, after(begun), NOW + HOUR)
    assert [one.mended for one in over.conditions] == [NOW + HOUR]
    assert [(one.notice.kind, one.notice.title) for one in over.told] == [
        (NoticeKind.MENDED, "There is room on the disk again")
    ]
    assert decide({DISK: None}, after(begun, over), NOW + 2 * HOUR) == Decided()


def test_what_comes_back_is_told_again_under_another_key() -> None:
    first = decide({DISK: "full"}, {}, NOW)
    over = decide({DISK: None}, after(first), NOW + HOUR)
    again = decide({DISK: "full"}, after(first, over), NOW + 2 * HOUR)
    keys = [one.notice.key for look in (first, over, again) for one in look.told]
    assert len(set(keys)) == 3


def test_what_was_not_looked_at_stays_as_it_is() -> None:
    assert decide({NETWORK: None}, {DISK: FULL}, NOW) == Decided()


def test_a_burst_of_sources_is_one_message_and_those_that_are_well_again_stand_in_it() -> None:
    known = {"source:c": Condition("source:c", NOW - HOUR, "failing: timeout")}
    states = {
        "a": state("a", Health.BLOCKED, detail="403"),
        "b": state("b", Health.FAILING, trouble=FetchTrouble.TIMEOUT, last_success=NOW),
        "c": state("c", Health.OK),
        "d": state("d", Health.QUIET, last_new_post=NOW),
    }
    decided = decide(sources_seen(states, ["a", "b", "c", "d", "new"], known), known, NOW)
    (told,) = [one.notice for one in decided.told]
    assert told.kind is NoticeKind.HEALTH
    assert told.title == "3 sources in trouble; 1 source well again"
    assert told.lines == (
        "a: blocked: 403; it has never answered",
        "b: failing: timeout; last good answer 2020-06-10",
        "d: quiet: it answers, but nothing new since 2020-06-10",
        "c: well again",
    )
    assert {one.name: one.standing for one in decided.conditions} == {
        "source:a": True,
        "source:b": True,
        "source:d": True,
        "source:c": False,
    }


def test_a_source_that_goes_from_bad_to_gone_is_told_again_and_one_that_stays_bad_is_not() -> None:
    known = {"source:a": Condition("source:a", NOW, "failing: timeout")}
    same = sources_seen({"a": state("a", Health.FAILING, detail="reset")}, ["a"], known)
    assert decide(same, known, NOW) == Decided()
    worse = sources_seen({"a": state("a", Health.GONE, detail="404")}, ["a"], known)
    assert [one.notice.title for one in decide(worse, known, NOW).told] == ["1 source in trouble"]


def test_a_source_that_moved_for_good_is_told_once_with_its_new_address() -> None:
    http = HttpState(moved_to="https://new.example/feed", moved_seen=3, moved_since=NOW - 30 * HOUR)
    seen = sources_seen({"a": state("a", Health.OK, http=http, last_polled=NOW)}, ["a"], {})
    told = decide(seen, {}, NOW)
    assert [(one.notice.title, one.notice.lines) for one in told.told] == [
        (
            "1 source moved for good",
            ("a: moved: its address leads for good to https://new.example/feed; write that into feeds.yaml",),
        )
    ]
    assert decide(seen, after(told), NOW + HOUR) == Decided()
    failing = sources_seen({"a": state("a", Health.FAILING, http=http)}, ["a"], after(told))
    assert [one.notice.title for one in decide(failing, after(told), NOW).told] == ["1 source in trouble"]


def test_a_source_that_is_watched_no_more_is_no_trouble() -> None:
    known = {"source:a": Condition("source:a", NOW, "failing: timeout")}
    assert sources_seen({"a": state("a", Health.FAILING)}, [], known) == {"source:a": None}


def test_hundreds_of_sources_are_counted() -> None:
    states = {f"s{number}": state(f"s{number}", Health.GONE) for number in range(300)}
    (told,) = decide(sources_seen(states, list(states), {}), {}, NOW).told
    assert told.notice.title == "300 sources in trouble"
    assert told.notice.lines[SHOWN:] == (f"and {300 - SHOWN} more: watcher sources shows them all",)

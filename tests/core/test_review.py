"""What follows from a person's word, as values."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.storage.samples import DAY, HOUR, NOW, alert, mute, report, review, stance
from watcher.core.review import (
    WAITS_FOR,
    Exclusion,
    Person,
    Ruling,
    exclusions_due,
    kinds,
    muted,
    rejected,
    retraction,
    rows_of,
    same_sentence,
    shared_phrase,
    standing,
    waits,
)
from watcher.core.stance import Ledger
from watcher.core.statement import Audience

NO = Ruling.NOT_A_CHANGE


def test_of_several_reviews_the_last_one_counts() -> None:
    said = [review(ruling=NO), review(2, ruling=NO), review(request="r2")]
    assert standing(said)[alert(1).key].ruling is Ruling.CONFIRM
    assert list(rejected(said)) == [alert(2).key]
    assert kinds(said) == {Ruling.CONFIRM: 1, NO: 1}


def test_of_several_mutes_the_last_one_counts() -> None:
    week, ended = mute(), mute(at=NOW + DAY, until=NOW + DAY, request="r2")
    assert muted([week], "amazon", NOW + HOUR) == week
    assert muted([week], "ibm", NOW + HOUR) is None
    assert muted([week], "amazon", week.until) is None
    assert muted([week, ended], "amazon", NOW + 2 * DAY) is None


def test_a_press_that_comes_twice_is_one_review() -> None:
    assert review().id == review(at=NOW + DAY).id
    assert review().id != review(by=Person("Bob", "U2")).id
    assert mute().id == mute(at=NOW + DAY, until=NOW + 9 * DAY).id
    assert mute().id != mute(request="r2").id


@pytest.mark.parametrize(
    ("told", "reports", "age", "expected"),
    [
        (alert(own_voice=False), (), DAY, True),
        (alert(own_voice=True), (), DAY, False),
        (alert(own_voice=False), (report("k"),), DAY, False),
        (alert(own_voice=False), (report("k", source_id="feed"),), DAY, True),
        (alert(own_voice=False), (report("k", source_id="feed", own_voice=True),), DAY, False),
        (alert(own_voice=False), (), WAITS_FOR + DAY, False),
    ],
)
def test_what_one_outlet_says_waits_for_a_persons_word(
    told: object, reports: tuple[object, ...], age: timedelta, expected: bool
) -> None:
    made = told
    assert waits(made, reports, made.at + age) is expected  # type: ignore[arg-type, attr-defined]  # made by the table


def test_an_alert_stands_on_the_rows_of_its_post_of_reports_that_completed_them_and_of_reviews() -> None:
    told = alert(post_id="p1")
    mine = [stance(origin=f"post:p1{version}") for version in ("", ".2")]
    completed = stance(origin="post:p2", until=None, own_voice=True)
    again = stance(origin=f"review:{told.key}.abc")
    others = [
        stance(origin="post:p3"),  # of a post that has nothing to do with it
        stance(origin="post:p1", audience=Audience.BUSINESS),  # of another alert of the same post
        stance(origin="post:p2", held_from=(NOW - 90 * DAY).date()),  # what else the report says
        replace(stance(origin="post:p1"), vendor="ibm"),
    ]
    rows = [*others, *mine, completed, again]
    assert rows_of(told, [report(told.key, post_id="p2")], rows) == [*mine, completed, again]


def test_a_retraction_takes_its_row_from_the_ledger_and_says_who_says_so() -> None:
    row, said = stance(), review(ruling=NO, note="a reprint", at=NOW + DAY)
    back = retraction(row, said)
    assert Ledger.of([row, back]).rows == ()
    assert Ledger.of([row, back], known_on=NOW).rows == (row,)
    assert back.note == "not-a-change, says Ann: a reprint"
    assert back.origin.startswith(f"review:{alert(1).key}.")


def test_rejections_of_one_rule_for_one_reason_call_for_an_exclusion() -> None:
    alerts = {one.key: one for one in (alert(1), alert(2), alert(3, rule="another"))}
    assert exclusions_due(alerts, [review(1, ruling=NO), review(3, ruling=NO)]) == []
    assert exclusions_due(alerts, [review(1, ruling=NO), review(2, ruling=Ruling.NOT_THIS_VENDOR)]) == []
    assert exclusions_due(alerts, [review(1, ruling=NO), review(2)]) == []
    due = exclusions_due(alerts, [review(1, ruling=NO), review(2, ruling=NO), review(3, ruling=NO)])
    assert due == [(NO, [alert(1), alert(2)])]


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (["If Amazon were to ban police, it said.", "Were Amazon to ban the police..."], None),
        (["It will, if it must, ban police use today.", "Yes: IF it must ban police-use"], "if it must ban"),
        (["one two three four", "zero one two three four"], "one two three four"),
        (["one two", "one two"], None),
    ],
)
def test_the_longest_run_of_shared_words_is_what_sentences_share(quotes: list[str], expected: str | None) -> None:
    assert shared_phrase(quotes) == expected


def test_an_exclusion_drops_the_sentences_of_its_rule_that_hold_its_phrase() -> None:
    some = Exclusion("r", "if it must")
    assert some.drops("r", "It would, if it must.")
    assert not some.drops("r", "It would, if it musters.")
    assert not some.drops("another", "It would, if it must.")
    assert Exclusion("r", None).drops("r", "Anything.")


def test_a_sentence_is_the_same_in_other_type() -> None:
    assert same_sentence("“We pause,” it said.", "We PAUSE, it said")
    assert not same_sentence("We pause.", "We paused.")

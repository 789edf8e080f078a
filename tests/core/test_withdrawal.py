"""Which stance goes with its sentence. What is read in pages is tested in tests/usecases/test_beside.py."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from watcher.core.absence import Absence
from watcher.core.change import Change
from watcher.core.judgement import Judgement, Occasion
from watcher.core.post import Post
from watcher.core.source import SourceKind
from watcher.core.stance import Ledger, Stance
from watcher.core.statement import Audience, Position, Statement
from watcher.core.vendor import Vendor
from watcher.core.withdrawal import Going, withdraw

NOW = datetime(2020, 6, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GONE = Statement("acme", Position.BAN, Audience.POLICE, "Police may not use it.", 0, 22, "terms-forbid", own_voice=True)
HELD = Stance("acme", Audience.POLICE, Position.BAN, date(2020, 1, 1), NOW - 90 * DAY, "post:1")
ABSENCE = Absence("terms", GONE.quote, NOW - 2 * DAY, agreed=NOW - DAY, confirmed=NOW)
POST = Post("terms", "withdrawn:1", 1, "Terms", GONE.quote, "https://example.org/terms", NOW, NOW)


def gone(
    *statements: Statement, rows: tuple[Stance, ...] = (HELD,), still: tuple[Statement, ...] = (), **changes: str
) -> Judgement:
    going = Going([replace(ABSENCE, **changes)], still)  # type: ignore[arg-type]  # the test's own keywords
    occasion = Occasion(POST, "Acme Terms", SourceKind.VENDOR, "acme")
    return withdraw(statements or (GONE,), going, occasion, Ledger.of(rows), {"acme": Vendor("acme", "Acme")}, NOW)


def reason(judgement: Judgement) -> str:
    (verdict,) = judgement.verdicts
    assert (verdict.told, judgement.alerts, judgement.rows) == (False, (), ())
    assert not verdict.change.news
    return verdict.reason


def test_a_stance_goes_with_its_sentence_from_the_first_day_without_it() -> None:
    judgement = gone()
    (row,), (alert,) = judgement.rows, judgement.alerts
    assert (row.withdrawn, row.position, row.held_from) == (True, Position.BAN, date(2020, 6, 8))
    assert (alert.vendor_name, alert.main.change, alert.main.previous) == ("Acme", Change.WITHDRAWN, Position.BAN)
    assert alert.main.before == GONE.quote
    assert alert.reason == (
        "the sentence is gone from the page since 2020-06-08; two later captures at least a day apart agree"
    )


def test_a_pause_on_record_goes_with_the_sentence_that_words_it_as_a_ban() -> None:
    paused = replace(HELD, position=Position.MORATORIUM)
    assert [row.position for row in gone(rows=(paused,)).rows] == [Position.MORATORIUM]


def test_wording_that_was_on_no_record_goes_without_a_word() -> None:
    assert reason(gone(rows=())) == "gone from the page, and no stance of that wording was on record"
    told_before = replace(HELD, withdrawn=True, held_from=date(2020, 2, 1))
    assert "no stance" in reason(gone(rows=(HELD, told_before)))


def test_a_stance_stated_anew_after_the_sentence_went_stays() -> None:
    later = replace(HELD, held_from=date(2020, 6, 9))
    assert reason(gone(rows=(HELD, later))) == "gone from the page, but stated anew on 2020-06-09"


def test_a_stance_that_the_page_still_states_stays() -> None:
    wider = replace(GONE, audience=Audience.EVERYONE, quote="Nobody may use it.")
    assert reason(gone(still=(wider,))) == "gone from the page, which still says: Nobody may use it."
    for other in (replace(GONE, vendor="other"), replace(GONE, audience=Audience.CONSUMERS)):
        assert gone(still=(other,)).alerts


@pytest.mark.parametrize(
    ("successor", "why"),
    [
        ("Police must not use it.", "put into other words that bind as much: Police must not use it."),
        ("Police should not use it.", "edited, and judged when it was: Police should not use it."),
    ],
)
def test_a_stance_lives_on_in_the_sentence_that_took_the_place_of_its_own(successor: str, why: str) -> None:
    assert reason(gone(successor=successor)) == why


def test_a_successor_that_says_something_else_takes_no_stance_over() -> None:
    assert gone(successor="Police pay by the month.").alerts

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import DAY, HOUR, START, Mortal, entry, page
from tests.usecases.desk import BAN, BLOG, MORE, NEWS, Desk
from watcher.core.change import Change
from watcher.core.source import SourceKind, SourceState
from watcher.core.statement import Position
from watcher.usecases.poll import poll
from watcher.usecases.ports import Store
from watcher.usecases.read import AT_ONCE, ReadSummary
from watcher.usecases.sift import IRRELEVANT


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_announcement_becomes_an_alert_with_a_delivery_for_each_channel(desk: Desk) -> None:
    (post,) = desk.add(entry("a", BAN))
    done = desk.read()
    (alert,) = desk.alerts()
    assert done.alerts == (alert,)
    assert (done.posts, done.matched, done.statements, done.reports) == (1, 1, 1, 0)
    assert (alert.vendor, alert.main.position, alert.post_id) == ("amazon", Position.MORATORIUM, post.id)
    with desk.store.begin() as work:
        assert [delivery.channel for delivery in work.alerts.deliveries(alert.key)] == ["C1", "C2"]
        assert [row.origin for row in work.stances.ledger("amazon").rows] == [f"post:{post.id}"]
    assert [verdict.told for verdict in desk.reading(post).verdicts] == [True]


def test_a_second_run_reads_nothing(desk: Desk) -> None:
    desk.add(entry("a", BAN))
    desk.read()
    assert desk.read() == ReadSummary()


def test_a_post_that_names_no_technology_has_an_empty_reading_that_says_so(desk: Desk) -> None:
    (post,) = desk.add(entry("a", "amazon ban police"))
    assert desk.read() == ReadSummary(posts=1)
    assert (desk.reading(post).note, desk.reading(post).verdicts, desk.reading(post).rules) == (IRRELEVANT, (), "fake")
    assert desk.reader.documents == []


def test_a_post_without_a_statement_keeps_the_readers_note(desk: Desk) -> None:
    (post,) = desk.add(entry("a", "Faces are nice."))
    assert desk.read().matched == 0
    assert desk.reading(post).note == "nothing said"


def test_later_reports_of_one_event_join_its_alert(desk: Desk) -> None:
    desk.add(entry("first", BAN, 9 * HOUR), entry("second", BAN, 3 * HOUR), entry("third", BAN, HOUR))
    done = desk.read()
    assert (len(done.alerts), done.reports) == (1, 2)
    with desk.store.begin() as work:
        reports = work.alerts.reports(done.alerts[0].key)
    assert [report.title for report in reports] == ["Title of second", "Title of third"]


def test_posts_are_read_in_order_of_publication(desk: Desk) -> None:
    desk.add(entry("late", BAN, HOUR), source_id="news")
    desk.add(entry("early", BAN, 9 * HOUR), source_id="blog")
    assert [alert.title for alert in desk.read().alerts] == ["Title of early"]


def test_a_baseline_post_enters_the_ledger_and_is_told_to_nobody(desk: Desk) -> None:
    (post,) = desk.add(entry("a", BAN), baseline=True)
    done = desk.read()
    assert (done.matched, done.alerts) == (1, ())
    with desk.store.begin() as work:
        assert len(work.stances.ledger("amazon").rows) == 1
    assert "first sight" in desk.reading(post).verdicts[0].reason


def test_the_source_decides_whose_voice_it_is(desk: Desk) -> None:
    desk.add(entry("a", BAN), source_id="blog")
    desk.read()
    (document,) = desk.reader.documents
    assert (document.vendor, document.kind, document.policy) == ("amazon", SourceKind.VENDOR, False)
    (alert,) = desk.alerts()
    assert (alert.own_voice, alert.source_name) == (True, "The Blog")


def test_a_source_without_a_name_goes_by_its_feeds_own_title(desk: Desk) -> None:
    with desk.store.begin() as work:
        work.sources.save([SourceState("news", title="Daily News")])
        work.commit()
    desk.add(entry("a", BAN))
    assert desk.read().alerts[0].source_name == "Daily News"


def test_a_post_of_a_source_that_is_configured_no_more_is_read_as_news(desk: Desk) -> None:
    desk.add(entry("a", BAN), source_id="removed")
    (alert,) = desk.read().alerts
    assert (alert.source_name, alert.source_kind, alert.own_voice) == ("removed", SourceKind.NEWS, False)


def test_a_policy_page_is_read_as_terms() -> None:
    desk = Desk(page("terms", "amazon"))
    desk.add(entry("capture:abc", "face"), source_id="terms", key="capture:abc")
    desk.read()
    assert desk.reader.documents[0].policy


def test_today_is_the_authors_day(desk: Desk) -> None:
    at = START.replace(hour=2)
    desk.add(entry("a", BAN, published=at, published_raw="2020-06-09T21:00:00-05:00"))
    desk.read()
    assert desk.reader.documents[0].published.date().isoformat() == "2020-06-09"


def test_a_post_that_trips_a_rule_is_noted_and_stops_nobody(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    (bad,) = desk.add(entry("bad", "face poison", 9 * HOUR))
    desk.add(entry("good", BAN))
    done = desk.read()
    assert done.faults == (f"post {bad.id}: could not be read: ZeroDivisionError",)
    assert len(done.alerts) == 1
    assert desk.reading(bad).note == "could not be read: ZeroDivisionError"
    assert "Traceback" in caplog.text
    assert desk.read().posts == 0


def test_an_edit_is_judged_against_what_the_post_said_before(desk: Desk) -> None:
    (post,) = desk.add(entry("a", BAN))
    desk.read()
    with desk.store.begin() as work:
        work.posts.add_version(replace(post, version=2, text=f"{MORE}. {BAN}", seen=START + HOUR))
        work.commit()
    done = desk.read()
    assert [(alert.main.position, len(alert.changes)) for alert in done.alerts] == [(Position.BAN, 1)]
    with desk.store.begin() as work:
        (_, second) = work.posts.readings(post.id)
    assert {v.statement.position: v.change for v in second.verdicts}[Position.MORATORIUM] is Change.REITERATED


def test_thousands_of_irrelevant_posts_cost_a_few_transactions(desk: Desk) -> None:
    desk.add(*(entry(f"{n}") for n in range(2 * AT_ONCE + 1)))
    desk.store = mortal = Mortal(desk.store)
    assert desk.read().posts == 2 * AT_ONCE + 1
    assert mortal.commits == 3


def test_a_stop_ends_between_two_posts_and_the_rest_is_read_later(desk: Desk) -> None:
    desk.add(*(entry(f"{n}", "face") for n in range(5)))
    assert desk.read(stop=lambda: len(desk.reader.documents) == 2).posts == 2
    assert desk.read().posts == 3


def world() -> Desk:
    desk = Desk(BLOG, NEWS)
    desk.web.put(
        BLOG,
        entry("a", BAN, 5 * HOUR),
        entry("b", "cooking", 4 * HOUR),
        entry("c", MORE, 9 * DAY),
        entry("p", "face poison"),
    )
    desk.web.put(
        NEWS,
        entry("d", f"{BAN}. ibm exit everyone", 3 * HOUR),
        entry("e", "On face recognition …", 2 * HOUR, complete=False),
        entry("f", "cooking"),
    )
    desk.web.pages["https://posts.example/e"] = b"The whole story on face recognition: microsoft ban police."
    return desk


def round_(desk: Desk) -> None:
    poll(desk.store, desk.web, desk.parser, desk.sources, desk.clock, alert_window=timedelta(hours=72))
    desk.read(web=True)


def outcome(store: Store) -> tuple[Any, ...]:
    with store.begin() as work:
        alerts = work.alerts.all()
        return (
            work.stances.ledger(),
            work.stances.evidence("amazon"),
            alerts,
            [work.alerts.reports(alert.key) for alert in alerts],
            [work.alerts.deliveries(alert.key) for alert in alerts],
            work.posts.unread(),
        )


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_commit_the_next_round_comes_to_the_same_ledger_and_alerts(
    after: bool, kill: Callable[..., None]
) -> None:
    undisturbed = world()
    undisturbed.store = counting = Mortal(undisturbed.store)
    round_(undisturbed)
    expected = outcome(undisturbed.store)
    assert (len(expected[2]), counting.commits) == (3, 7)
    for at in range(1, counting.commits + 1):
        desk = world()
        kept, desk.store = desk.store, Mortal(desk.store, at, after=after)
        kill(lambda desk=desk: round_(desk))
        desk.store = kept
        round_(desk)
        assert outcome(desk.store) == expected

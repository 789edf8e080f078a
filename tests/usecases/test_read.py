from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import DAY, HOUR, START, Clock, JsonParser, Mortal, Web, WordReader, entry, page, source
from watcher.core.alert import Alert
from watcher.core.change import Change
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry, Post, first_version
from watcher.core.source import FullText, Source, SourceKind, SourceState
from watcher.core.statement import Position
from watcher.usecases.complete import Pages
from watcher.usecases.memory import MemoryStore
from watcher.usecases.poll import poll
from watcher.usecases.ports import Fetched, FetchRequest, Reading, Store
from watcher.usecases.read import AT_ONCE, ReadSummary, read_unread
from watcher.usecases.sift import IRRELEVANT

BLOG = source("blog", SourceKind.VENDOR, vendor="amazon", name="The Blog")
NEWS = source("news")
BAN, MORE = "On face recognition: amazon moratorium police", "face. amazon ban business"


class Desk:
    """A record with posts, and all that reading needs."""

    def __init__(self, *sources: Source) -> None:
        self.store: Store = MemoryStore()
        self.web, self.parser, self.reader, self.clock = Web(), JsonParser(), WordReader(), Clock()
        self.sources = sources or (BLOG, NEWS)

    def add(self, *entries: Entry, source_id: str = "news", **changes: Any) -> list[Post]:
        posts = [replace(first_version(one, source_id, START), **changes) for one in entries]
        with self.store.begin() as work:
            work.posts.add_new(posts)
            work.commit()
        return posts

    def read(self, *, web: bool = False, **more: Any) -> ReadSummary:
        pages = Pages(self.web, self.parser) if web else None
        return read_unread(
            self.store, self.reader, self.sources, lambda _alert: ("C1", "C2"), self.clock, pages=pages, **more
        )

    def reading(self, post: Post) -> Reading:
        with self.store.begin() as work:
            (found,) = work.posts.readings(post.id)
        return found

    def alerts(self) -> list[Alert]:
        with self.store.begin() as work:
            return work.alerts.all()


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


def undated(desk: Desk, name: str, body: str) -> Post:
    """A post of a list without dates, whose page is this."""
    (post,) = desk.add(replace(entry(name, age=None), text=""), complete=False)
    desk.web.pages[f"https://posts.example/{name}"] = body.encode()
    return post


def test_a_post_without_a_date_has_that_of_its_page(desk: Desk) -> None:
    post = undated(desk, "a", f"{BAN}, published {(START - 3 * DAY).isoformat()}")
    desk.add(entry("b", BAN, DAY))
    (alert,) = desk.read(web=True).alerts
    assert (alert.post_id, alert.published) == (post.id, START - 3 * DAY)


def test_an_old_page_that_comes_up_in_a_list_is_told_to_nobody(desk: Desk) -> None:
    post = undated(desk, "a", f"{BAN}, published {(START - 31 * DAY).isoformat()}")
    assert desk.read(web=True).alerts == ()
    assert "an old post that came up in a list" in str(desk.reading(post).note)
    with desk.store.begin() as work:
        assert [row.held_from for row in work.stances.ledger("amazon").rows] == [(START - 31 * DAY).date()]


@pytest.mark.parametrize("said", ["", ", published 2099-01-01T00:00:00+00:00", ", published nonsense"])
def test_a_page_without_a_date_that_can_be_true_leaves_the_moment_of_first_sight(desk: Desk, said: str) -> None:
    undated(desk, "a", BAN + said)
    (alert,) = desk.read(web=True).alerts
    assert alert.published == START


def test_the_date_of_a_page_never_takes_the_place_of_that_of_the_list(desk: Desk) -> None:
    desk.add(replace(entry("a"), text=""), complete=False)
    desk.web.pages["https://posts.example/a"] = f"{BAN}, published {(START - 40 * DAY).isoformat()}".encode()
    (alert,) = desk.read(web=True).alerts
    assert alert.published == START - HOUR


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


def pages(desk: Desk, text: str = "", **changes: Any) -> Post:
    (post,) = desk.add(entry("a", text or "On face recognition …", complete=False), **changes)
    return post


def test_the_page_behind_a_matching_summary_is_read_in_its_place(desk: Desk) -> None:
    post = pages(desk)
    desk.web.pages[post.url or ""] = f"The whole story. {BAN}.".encode()
    assert len(desk.read(web=True).alerts) == 1
    with desk.store.begin() as work:
        (kept,) = work.posts.find(post.id)
    assert (kept.complete, kept.text) == (True, f"The whole story. {BAN}.")
    assert kept.digest == post.digest, "the next poll compares with the feed, not with the page"
    assert desk.reading(post).note is None


def test_without_a_web_the_summary_is_read(desk: Desk) -> None:
    pages(desk, BAN)
    assert len(desk.read().alerts) == 1


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (FetchError(FetchTrouble.TIMEOUT, "no answer in 30 s"), "timeout: no answer in 30 s"),
        (None, "timeout: no answer in 30 s"),
        (b"short", "its page gave no longer text"),
        (b"", "its page gave no longer text"),
        (b"a bug", "ZeroDivisionError while reading its page"),
    ],
)
def test_when_the_page_fails_the_summary_is_read_and_the_note_says_so(
    desk: Desk, answer: bytes | FetchError | None, why: str
) -> None:
    post = pages(desk, BAN)
    desk.web.pages[post.url or ""] = answer
    assert len(desk.read(web=True).alerts) == 1
    assert desk.reading(post).note == f"only the feed's summary was read: {why}"


class Hung(Web):
    """A web in which an address that leads to ``None`` never answers, while time goes by."""

    clock: Clock

    def _fetch(self, requests: list[FetchRequest], idle: float | None) -> Iterator[Fetched | None]:
        yield from (self._answer(request) for request in requests if self.pages.get(request.url, b"") is not None)
        while any(self.pages.get(request.url, b"") is None for request in requests):
            self.clock.forward(timedelta(seconds=idle or 1))
            yield None


def test_pages_that_hang_hold_up_the_others_for_a_minute_at_most(desk: Desk) -> None:
    desk.web = hung = Hung()
    hung.clock = desk.clock
    post = pages(desk, BAN)
    hung.pages[post.url or ""] = None
    (good,) = desk.add(entry("good", MORE))
    assert desk.read(web=True).posts == 2
    assert desk.clock() - START < timedelta(seconds=61)
    late = "only the feed's summary was read: its page did not come within a minute"
    assert (desk.reading(post).note, desk.reading(good).note) == (late, None)
    assert hung.closed == 1


ALWAYS = replace(NEWS, full_text=FullText.ALWAYS)
NEVER = replace(NEWS, full_text=FullText.NEVER)


@pytest.mark.parametrize(
    ("configured", "text", "changes", "asked"),
    [
        (NEWS, "On face recognition", {}, True),
        (NEWS, "On cooking", {}, False),
        (NEWS, " ", {}, True),
        (NEWS, " ", {"baseline": True}, False),
        (NEWS, "On face recognition", {"baseline": True}, True),
        (NEWS, "On face recognition", {"complete": True}, False),
        (NEWS, "On face recognition", {"url": None}, False),
        (NEWS, "On face recognition", {"key": "capture:abc"}, False),
        (ALWAYS, "On cooking", {}, True),
        (ALWAYS, "On cooking", {"baseline": True}, False),
        (ALWAYS, "On face recognition", {"baseline": True}, True),
        (NEVER, "On face recognition", {}, False),
        (source("other"), "On face recognition", {}, False),
    ],
)
def test_a_page_is_fetched_only_where_it_is_wanted(
    configured: Source, text: str, changes: dict[str, Any], asked: bool
) -> None:
    desk = Desk(configured)
    pages(desk, text, **changes)
    desk.read(web=True)
    assert bool(desk.web.asked) is asked


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

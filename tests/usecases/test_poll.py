from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import DAY, HOUR, START, Clock, JsonParser, Mortal, Slow, Web, entry, page, source
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.health import Transition
from watcher.core.post import Post
from watcher.core.source import Health, Source, SourceState
from watcher.usecases.awaited import Awaited
from watcher.usecases.memory import MemoryStore
from watcher.usecases.poll import poll
from watcher.usecases.ports import Reading, Store
from watcher.usecases.round import Round

BLOG, NEWS = source("blog"), source("news")
TERMS = page("terms", "amazon")
WINDOW = timedelta(hours=72)
MINUTE = timedelta(minutes=1)


class Bench:
    """A record, a web and a clock, polled together."""

    def __init__(self, *sources: Source) -> None:
        self.store: Store = MemoryStore()
        self.web = Web()
        self.parser = JsonParser()
        self.clock = Clock()
        self.sources = sources or (BLOG,)

    def poll(self, **more: Any) -> Round:
        return poll(self.store, self.web, self.parser, self.sources, self.clock, **{"alert_window": WINDOW, **more})

    def later(self, time: timedelta = HOUR, **more: Any) -> Round:
        self.clock.forward(time)
        return self.poll(**more)

    def state(self, source_id: str = "blog") -> SourceState:
        with self.store.begin() as work:
            return work.sources.states()[source_id]

    def posts(self) -> list[Post]:
        with self.store.begin() as work:
            return work.posts.unread()

    def mark_read(self) -> None:
        with self.store.begin() as work:
            for post in work.posts.unread():
                work.posts.save_reading(Reading(post.id, post.version, START, "r", ()))
            work.commit()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_first_poll_records_old_posts_as_baseline_and_young_ones_as_news(bench: Bench) -> None:
    bench.web.put(BLOG, entry("old", age=9 * DAY), entry("young"), title="The Blog")
    done = bench.poll()
    assert (done.asked, done.answered, done.new_posts, done.baseline) == (1, 1, 2, 1)
    assert [(post.title, post.baseline) for post in bench.posts()] == [
        ("Title of old", True),
        ("Title of young", False),
    ]
    state = bench.state()
    assert (state.health, state.first_success, state.last_new_post) == (Health.OK, START, START - HOUR)
    assert (state.title, state.polls) == ("The Blog", 1)
    assert done.next_due == state.next_due


def test_an_unchanged_feed_is_answered_304_and_costs_no_parsing(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    done = bench.later()
    assert bench.web.answers == ["200", "304"]
    assert bench.parser.parsed == ["blog"]
    assert (done.not_modified, done.new_posts, bench.state().not_modified, bench.state().polls) == (1, 0, 1, 2)


def test_a_round_over_unchanged_sources_is_one_transaction() -> None:
    sources = [source(f"s{n}") for n in range(60)]
    bench = Bench(*sources)
    for one in sources:
        bench.web.put(one, entry("a"))
    bench.poll()
    bench.store = mortal = Mortal(bench.store)
    bench.later()
    assert mortal.commits == 1


def test_a_new_post_of_a_known_source_is_found_among_known_ones(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    bench.web.put(BLOG, entry("b", age=9 * DAY), entry("a"))
    done = bench.later()
    assert (done.new_posts, done.baseline, done.edits) == (1, 0, 0)


def test_an_edit_is_a_new_version(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    bench.web.put(BLOG, entry("a", "Updated."))
    assert bench.later().edits == 1
    assert [(post.version, post.text) for post in bench.posts()] == [(2, "Updated.")]


def test_an_edit_of_a_baseline_post_is_news_only_when_the_baseline_was_read(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a", age=9 * DAY), entry("b", age=9 * DAY))
    bench.poll()
    bench.web.put(BLOG, entry("a", "Updated.", 9 * DAY), entry("b", age=9 * DAY))
    bench.later()
    bench.mark_read()
    bench.web.put(BLOG, entry("a", "Updated.", 9 * DAY), entry("b", "Updated.", 9 * DAY))
    assert bench.posts() == []
    bench.later()
    assert [(post.title, post.baseline) for post in bench.posts()] == [("Title of b", False)]


def test_an_edit_of_an_unread_baseline_post_takes_its_place(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a", age=9 * DAY))
    bench.poll()
    bench.web.put(BLOG, entry("a", "Updated.", 9 * DAY))
    bench.later()
    assert [(post.version, post.baseline) for post in bench.posts()] == [(2, True)]


def test_after_an_outage_old_posts_are_recorded_without_alert_and_the_round_says_so(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    bench.clock.forward(5 * DAY)
    bench.web.put(BLOG, entry("a"), entry("missed", age=-DAY), entry("young", age=-4 * DAY))
    done = bench.poll()
    assert (done.new_posts, done.baseline) == (2, 1)
    assert done.notes == ("blog: after an outage of 5 days: 1 older post recorded without alert",)


def test_a_feed_that_changes_its_guids_and_moves_to_https_brings_no_news(bench: Bench) -> None:
    before = [entry(f"{n}", url=f"http://posts.example/{n}") for n in range(12)]
    bench.web.put(BLOG, *before)
    bench.poll()
    bench.web.put(BLOG, *(replace(e, guid=f"new-{e.guid}", url=f"https://posts.example/{e.guid}") for e in before))
    done = bench.later()
    assert (done.new_posts, done.edits) == (0, 0)
    assert done.notes == (
        "blog: 12 of 12 entries have new ids at once; 12 are known posts; 0 older posts recorded without alert",
    )


def test_only_sources_that_are_due_are_polled() -> None:
    bench = Bench(BLOG, NEWS)
    bench.web.put(BLOG, entry("a"))
    bench.web.put(NEWS, entry("a"))
    assert bench.poll(only={"news", "unknown"}).asked == 1
    assert bench.later(MINUTE).asked == 1
    assert bench.later(MINUTE).asked == 0
    assert bench.poll(every_source=True).asked == 2
    assert bench.poll(every_source=True, only=["blog"]).asked == 1
    assert bench.later(HOUR).asked == 2


def test_nothing_due_asks_nobody_and_still_knows_when_to_go_on(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    due = bench.poll().next_due
    done = bench.later(MINUTE)
    assert (done.asked, done.next_due, len(bench.web.asked)) == (0, due, 1)


def test_a_cut_feed_is_read_and_its_validators_are_not_believed(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a", age=9 * DAY), partial="cut after 1 entry")
    done = bench.poll()
    state = bench.state()
    assert (done.partial, done.new_posts, state.health, state.http.etag) == (("blog",), 1, Health.PARTIAL, None)
    bench.web.put(BLOG, entry("a", age=9 * DAY), entry("b", age=9 * DAY))
    assert bench.later().baseline == 1, "what had been cut off is still first sight"
    assert bench.state().health is Health.OK


def test_an_empty_feed_is_no_first_sight(bench: Bench) -> None:
    bench.web.put(BLOG)
    bench.poll()
    bench.web.put(BLOG, entry("a", age=9 * DAY))
    assert bench.later().baseline == 1


@pytest.mark.parametrize(
    "trouble", [FetchTrouble.BLOCKED, FetchTrouble.GONE, FetchTrouble.SERVER, FetchTrouble.UNREADABLE]
)
def test_one_sources_trouble_is_its_own(trouble: FetchTrouble) -> None:
    bench = Bench(NEWS, BLOG)
    bench.web.pages[NEWS.url] = FetchError(trouble, "no luck")
    bench.web.put(BLOG, entry("a"))
    done = bench.poll()
    assert [(f.source_id, f.trouble, f.detail) for f in done.failures] == [("news", trouble, "no luck")]
    assert (done.new_posts, done.network_down) == (1, False)
    assert (bench.state("news").trouble, bench.state("news").failures) == (trouble, 1)
    assert bench.state("blog").health is Health.OK


def test_a_body_that_is_no_feed_is_trouble_and_leaves_the_validators_alone(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    etag = bench.state().http.etag
    bench.web.pages[BLOG.url] = b"<html>"
    done = bench.later()
    assert done.failures[0].trouble is FetchTrouble.UNREADABLE
    assert bench.state().http.etag == etag


def test_a_bug_in_the_parser_is_one_sources_trouble_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(NEWS, BLOG)
    bench.web.put(NEWS, entry("a"))
    bench.web.put(BLOG, entry("a"))
    bench.parser.bug = "news"
    done = bench.poll()
    assert [(f.trouble, f.detail) for f in done.failures] == [
        (FetchTrouble.UNREADABLE, "ZeroDivisionError while reading the answer")
    ]
    assert done.new_posts == 1
    assert "Traceback" in caplog.text


def test_retry_after_sets_the_due_time_to_the_second(bench: Bench) -> None:
    bench.web.pages[BLOG.url] = FetchError(FetchTrouble.THROTTLED, "slow down", retry_after=30)
    assert bench.poll().next_due == START + timedelta(seconds=30)


def test_when_nearly_all_sources_are_out_of_reach_it_is_our_network() -> None:
    sources = [source(f"s{n}") for n in range(10)]
    bench = Bench(*sources)
    for one in sources:
        bench.web.pages[one.url] = FetchError(FetchTrouble.NETWORK, "no name")
    done = bench.poll()
    assert (done.network_down, len(done.failures), done.transitions) == (True, 10, ())
    assert done.next_due == START + 5 * MINUTE
    for _ in range(9):
        bench.later(5 * MINUTE)
    assert {(s.trouble, s.failures, s.health) for s in map(bench.state, [s.id for s in sources])} == {
        (FetchTrouble.NETWORK, 0, Health.NEW)
    }


def test_a_small_round_knows_of_our_networks_failure_from_the_rounds_before() -> None:
    sources = [source(f"s{n}") for n in range(10)]
    bench = Bench(*sources)
    for one in sources:
        bench.web.pages[one.url] = FetchError(FetchTrouble.NETWORK, "no name")
    bench.poll()
    assert bench.later(MINUTE, only={"s1"}, every_source=True).network_down


def test_a_dead_server_among_healthy_ones_is_not_our_network() -> None:
    bench = Bench(*(source(f"s{n}") for n in range(9)), NEWS)
    for one in bench.sources:
        bench.web.put(one, entry("a"))
    bench.web.pages[NEWS.url] = FetchError(FetchTrouble.NETWORK, "no name")
    done = bench.poll()
    assert not done.network_down
    assert bench.state("news").failures == 1


def test_changes_of_health_are_told_once(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    bench.web.pages[BLOG.url] = FetchError(FetchTrouble.GONE, "status 404")
    told = [bench.later(12 * HOUR, every_source=True).transitions for _ in range(4)]
    assert told == [(), (Transition("blog", Health.OK, Health.GONE, START + DAY, "status 404"),), (), ()]
    bench.web.put(BLOG, entry("a"))
    assert [t.after for t in bench.later(DAY, every_source=True).transitions] == [Health.OK]


def test_410_is_gone_at_once(bench: Bench) -> None:
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    bench.web.pages[BLOG.url] = FetchError(FetchTrouble.GONE, "status 410", transient=False, status=410)
    assert [one.after for one in bench.later().transitions] == [Health.GONE]


def test_a_permanent_move_is_remembered_and_the_validators_stay(bench: Bench) -> None:
    class Moving(Web):
        def _answer(self, request: Any) -> Any:
            answer = super()._answer(request)
            return replace(answer, http=replace(answer.http, moved_to="https://new.example/feed", moved_seen=2))

    bench.web = Moving()
    bench.web.put(BLOG, entry("a"), partial="cut")
    bench.poll()
    assert (bench.state().http.moved_to, bench.state().http.moved_seen) == ("https://new.example/feed", 2)
    assert bench.state().http.etag is None


def test_what_was_saved_is_told_while_a_hung_server_is_awaited() -> None:
    bench = Bench(NEWS, BLOG)
    bench.web.pages[NEWS.url] = None
    bench.web.put(BLOG, entry("a"))
    seen: list[list[str]] = []
    done = bench.poll(on_settled=lambda: seen.append([post.title for post in bench.posts()]))
    assert seen == [["Title of a"]]
    assert [(f.source_id, f.trouble) for f in done.failures] == [("news", FetchTrouble.TIMEOUT)]


def test_with_nothing_new_a_hung_server_interrupts_nobody() -> None:
    bench = Bench(NEWS, BLOG)
    bench.web.put(NEWS, entry("a"))
    bench.web.put(BLOG, entry("a"))
    bench.poll()
    bench.web.pages[NEWS.url] = None
    seen: list[int] = []
    bench.later(on_settled=lambda: seen.append(1))
    assert seen == []


@pytest.fixture
def hung() -> Bench:
    """Two sources, of which NEWS hangs."""
    bench = Bench(NEWS, BLOG)
    bench.web = Slow(bench.clock)
    bench.web.pages[NEWS.url] = None
    return bench


PATIENCE = timedelta(seconds=5)


def test_killed_while_a_server_hangs_the_wish_of_another_is_on_record(hung: Bench, kill: Callable[..., None]) -> None:
    assert isinstance(hung.web, Slow)
    hung.web.deadly = 20
    hung.web.pages[BLOG.url] = FetchError(FetchTrouble.THROTTLED, "slow down", retry_after=600)
    kill(hung.poll)
    hung.web.freed = True
    assert hung.state().next_due == START + timedelta(seconds=600)
    assert hung.later(MINUTE).asked == 1, "only the one that hung"


def test_what_comes_due_is_asked_while_a_server_hangs(hung: Bench) -> None:
    hung.web.pages[BLOG.url] = FetchError(FetchTrouble.THROTTLED, "slow down", retry_after=2)
    done = hung.poll(patience=PATIENCE)
    asked = [request.key for request in hung.web.asked]
    assert asked == ["news", "blog", "blog", "blog"], "each two seconds, and the one that hangs once"
    assert (done.awaited, done.answered, done.asked, len(done.failures)) == (1, 3, 4, 3)


def test_a_server_that_hangs_is_left_to_the_next_round_and_asked_once(hung: Bench) -> None:
    assert isinstance(hung.web, Slow)
    hung.web.put(BLOG, entry("a"))
    awaited = Awaited(timedelta(seconds=0.1))
    first = hung.poll(patience=PATIENCE, awaited=awaited)
    assert (first.awaited, first.new_posts, first.stopped, first.next_due) == (1, 1, False, hung.state().next_due)
    second = hung.poll(patience=PATIENCE, awaited=awaited)
    assert (second.awaited, second.answered) == (1, 0)
    hung.web.freed = True
    third = hung.poll(patience=PATIENCE, awaited=awaited)
    assert (third.awaited, third.answered, [f.source_id for f in third.failures]) == (0, 1, ["news"])
    assert [request.key for request in hung.web.asked] == ["news", "blog"]
    assert hung.state("news").failures == 1


def test_what_answers_after_it_was_taken_out_of_the_list_is_left(hung: Bench) -> None:
    assert isinstance(hung.web, Slow)
    hung.web.put(BLOG, entry("a"))
    awaited = Awaited(timedelta(seconds=0.1))
    hung.poll(patience=PATIENCE, awaited=awaited)
    hung.web.freed, hung.sources = True, (BLOG,)
    done = hung.poll(patience=PATIENCE, awaited=awaited)
    assert (done.awaited, done.failures) == (0, ())


def test_an_answer_that_is_not_on_record_yet_is_not_asked_for_again() -> None:
    sources = [source(f"s{n}") for n in range(5)]
    bench = Bench(*sources)
    bench.web = Slow(bench.clock, seconds=2)
    for one in sources:
        bench.web.put(one, entry("a"))
    bench.poll(patience=PATIENCE)
    assert sorted(request.key for request in bench.web.asked) == [one.id for one in sources]


def test_though_answers_never_stop_what_came_is_told_within_fifteen_seconds() -> None:
    sources = [source(f"s{n}") for n in range(40)]
    bench = Bench(*sources)
    bench.web = Slow(bench.clock, seconds=1)
    for one in sources:
        bench.web.put(one, entry("a"))
    told: list[float] = []
    bench.poll(on_settled=lambda: told.append((bench.clock.now - START).total_seconds()))
    assert told == [15, 30]


def test_who_still_awaits_something_is_called_again_while_a_server_hangs(hung: Bench) -> None:
    hung.web.put(BLOG, entry("a"))
    more = iter([True, True, False, True, False])
    told: list[bool] = []

    def tell() -> bool:
        told.append(next(more))
        return told[-1]

    hung.poll(patience=PATIENCE, on_settled=tell)
    assert told == [True, True, False]
    hung.poll(patience=PATIENCE, on_settled=tell, left=True)
    assert told[3:] == [True, False], "though nothing new was saved"


def test_progress_is_told_after_each_answer() -> None:
    bench = Bench(NEWS, BLOG)
    seen: list[tuple[int, int]] = []
    bench.poll(progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


def test_a_stop_ends_the_round_between_two_sources_and_what_was_done_stays() -> None:
    sources = [source(f"s{n}") for n in range(5)]
    bench = Bench(*sources)
    for one in sources:
        bench.web.put(one, entry("a"))
    done = bench.poll(stop=lambda: len(bench.parser.parsed) == 2)
    assert (done.stopped, done.answered, done.new_posts) == (True, 2, 2)
    assert bench.web.closed == 1, "the fetches on their way are ended"
    assert not bench.poll().stopped
    assert len(bench.posts()) == 5


def capture_posts(bench: Bench) -> list[tuple[str, bool]]:
    return [(post.text, post.baseline) for post in bench.posts()]


def test_a_policy_pages_first_capture_is_its_baseline_and_later_ones_are_read_for_what_is_new() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Faces are fine. Do no harm."
    bench.poll()
    assert capture_posts(bench) == [("Faces are fine. Do no harm.", True)]
    bench.mark_read()
    bench.web.pages[TERMS.url] = b"Faces are fine. Police may not use it. Do no harm."
    assert bench.later(10 * HOUR).new_posts == 1
    assert capture_posts(bench) == [("Police may not use it.", False)]


def test_an_unchanged_policy_page_is_only_seen_again() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Faces are fine."
    bench.poll()
    bench.web.pages[TERMS.url] = b"Faces  are\nfine."
    assert bench.later(10 * HOUR).new_posts == 0
    with bench.store.begin() as work:
        (capture,) = work.captures.all("terms")
    assert (capture.taken, capture.seen_last) == (START, START + 10 * HOUR)


def test_a_lost_sentence_is_looked_for_in_full_until_two_later_captures_a_day_apart_agree() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Faces are fine. Police may not use it. Do no harm."
    bench.poll()
    bench.mark_read()
    bench.web.pages[TERMS.url] = b"Faces are fine. Do no harm."
    assert [bench.later(10 * HOUR).new_posts for _ in range(6)] == [0, 0, 0, 0, 1, 0]
    assert capture_posts(bench) == [("Police may not use it.", False)]
    assert bench.web.answers == ["200"] * 6 + ["304"], "until then the server's word that nothing changed counts little"


def test_a_policy_page_that_is_not_there_is_gone_once_two_later_looks_a_day_apart_agree() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Police may not use it. Do no harm."
    bench.poll()
    bench.mark_read()
    bench.web.pages[TERMS.url] = FetchError(FetchTrouble.GONE, "status 404", status=404)
    done = bench.later(30 * HOUR)
    assert (done.new_posts, done.failures[0].trouble) == (0, FetchTrouble.GONE)
    assert [bench.later(30 * HOUR, every_source=True).new_posts for _ in range(3)] == [0, 1, 0]
    assert capture_posts(bench) == [("Police may not use it. Do no harm.", False)]
    with bench.store.begin() as work:
        (away,) = work.captures.absences("terms")
        assert (away.whole, away.reason) == (True, "answered 404")


def test_a_new_version_of_our_extractor_reads_the_stored_bytes_again_and_alerts_nobody() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Faces are fine. Do no harm."
    bench.poll()
    bench.mark_read()
    bench.parser.extractor, bench.parser.prefix = "fake-2", "Read anew. "
    bench.web.pages[TERMS.url] = b"Faces are fine. Police may not use it. Do no harm."
    assert bench.later(10 * HOUR).new_posts == 1
    assert capture_posts(bench) == [("Police may not use it.", False)], "what the vendor changed is news all the same"
    with bench.store.begin() as work:
        assert [capture.extractor for capture in work.captures.all("terms")] == ["fake-1", "fake-2"]


def test_stored_bytes_that_cannot_be_read_again_make_the_next_capture_a_baseline() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Faces are fine. Do no harm."
    bench.poll()
    bench.mark_read()
    with bench.store.begin() as work:
        (capture,) = work.captures.all("terms")
        work.captures.add(replace(capture, taken=capture.taken + HOUR, raw=b""))
        work.commit()
    bench.parser.extractor = "fake-2"
    bench.web.pages[TERMS.url] = b"Faces are fine. Police may not use it. Do no harm."
    bench.later(10 * HOUR)
    assert capture_posts(bench) == [("Police may not use it.", True)]


def test_a_bot_wall_is_no_capture() -> None:
    bench = Bench(TERMS)
    bench.web.pages[TERMS.url] = b"Faces are fine."
    bench.poll()
    bench.web.pages[TERMS.url] = b"a wall"
    done = bench.later(10 * HOUR)
    assert done.failures[0].trouble is FetchTrouble.BLOCKED
    with bench.store.begin() as work:
        assert len(work.captures.all("terms")) == 1


def record(store: Store) -> tuple[list[tuple[str, int, str, bool]], dict[str, tuple[Any, ...]]]:
    with store.begin() as work:
        posts = [(post.id, post.version, post.text, post.baseline) for post in work.posts.unread()]
        states = {name: (s.health, s.http, s.first_success) for name, s in work.sources.states().items()}
    return posts, states


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_commit_the_next_round_comes_to_the_same_record(after: bool, kill: Callable[..., None]) -> None:
    def world() -> Bench:
        bench = Bench(BLOG, NEWS, TERMS, source("gone"))
        bench.web.put(BLOG, entry("a", age=9 * DAY), entry("b"))
        bench.web.put(NEWS, entry("c"))
        bench.web.pages[TERMS.url] = b"Faces are fine."
        return bench

    undisturbed = world()
    undisturbed.store = counting = Mortal(undisturbed.store)
    undisturbed.poll()
    for at in range(1, counting.commits + 1):
        bench = world()
        kept, bench.store = bench.store, Mortal(bench.store, at, after=after)
        kill(bench.poll)
        bench.store = kept
        bench.poll()
        assert record(bench.store) == record(undisturbed.store)

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import DAY, HOUR, START, Mortal, Slow, entry, source
from tests.usecases.desk import BAN, MORE, NEWS, Desk
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Post
from watcher.core.source import FullText, Source
from watcher.usecases.awaited import Awaited
from watcher.usecases.complete import LATE, LONGEST, PATIENCE, SETTLE
from watcher.usecases.ports import Fetched, FetchRequest
from watcher.usecases.read import AT_ONCE, ReadSummary


@pytest.fixture
def desk() -> Desk:
    return Desk()


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


SECOND = timedelta(seconds=1)
SUMMARY = "On face recognition …"
EXIT = "face. ibm exit everyone"


class Paced(Slow):
    """A page comes so many seconds after it was asked for, at once unless its name is here."""

    def __init__(self, desk: Desk, seconds: dict[str, float]) -> None:
        super().__init__(desk.clock)
        self.pages, self.after = desk.web.pages, seconds

    def _fetch(self, requests: list[FetchRequest], idle: float | None) -> Iterator[Fetched | None]:
        self.asked += requests
        began, left = self.clock(), list(requests)
        while left:
            ready = [request for request in left if self._is_there(request, self.clock() - began)]
            for request in ready:
                left.remove(request)
                yield self._answer(request)
            if not ready:
                self._beat(idle)
                yield None

    def _is_there(self, request: FetchRequest, waited: timedelta) -> bool:
        after = timedelta(seconds=self.after.get(request.url.rpartition("/")[2], 0))
        return self.pages[request.url] is not None and waited >= after


@pytest.fixture
def slow() -> Desk:
    return hanging()


def hanging() -> Desk:
    """Posts of two sources with pages: that of NEWS hangs, that of BLOG comes at once."""
    desk = Desk()
    desk.web = Slow(desk.clock)
    for name, source_id, age in (("hung", "news", 2 * HOUR), ("good", "blog", HOUR)):
        desk.add(entry(name, SUMMARY, age, complete=False), source_id=source_id)
    desk.web.pages["https://posts.example/hung"] = None
    desk.web.pages["https://posts.example/good"] = f"The whole story: {MORE}.".encode()
    return desk


def arrives(desk: Desk, name: str, text: str) -> None:
    """What hung answers from now on."""
    assert isinstance(desk.web, Slow)
    desk.web.pages[f"https://posts.example/{name}"], desk.web.freed = text.encode(), True


def titles(done: ReadSummary) -> list[str]:
    """Whose alerts these are, in the order in which they are told."""
    return [alert.title.removeprefix("Title of ") for alert in done.alerts]


def test_a_page_that_hangs_holds_up_its_own_post_and_no_other(slow: Desk) -> None:
    slow.add(entry("whole", EXIT, 3 * HOUR))
    done = slow.read(web=True)
    assert (titles(done), done.awaited) == (["whole", "good"], 1)
    assert slow.clock() - START < SETTLE


def test_while_no_page_has_come_at_all_they_are_waited_for_a_second(slow: Desk) -> None:
    slow.web.pages["https://posts.example/good"] = None
    slow.add(entry("whole", EXIT))
    assert titles(slow.read(web=True)) == ["whole"]
    assert slow.clock() - START == SETTLE


def test_pages_that_take_no_longer_than_others_are_waited_for_and_read_in_order_of_publication() -> None:
    desk = Desk()
    desk.web = Paced(desk, {"first": 0.9, "second": 0.4, "third": 3.0})
    for name, text, age in (("second", BAN, HOUR), ("first", BAN, 2 * HOUR), ("third", EXIT, 3 * HOUR)):
        desk.add(entry(name, SUMMARY, age, complete=False))
        desk.web.pages[f"https://posts.example/{name}"] = f"The whole story: {text}.".encode()
    done = desk.read(web=True)
    assert (titles(done), done.reports, done.awaited) == (["first"], 1, 1)


def test_a_source_that_has_answered_is_waited_for_however_quickly_others_are_done(slow: Desk) -> None:
    """Two pages of one host are never asked for at once, and an undated post has its place by its page alone."""
    slow.web = Paced(slow, {"second": 0.5})
    for name in ("first", "second"):
        day = (START - (2 if name == "second" else 1) * DAY).isoformat()
        undated(slow, name, f"{BAN}, published {day}")
    done = slow.read(web=True)
    assert (titles(done), done.reports, done.awaited) == (["second", "good"], 1, 1)


def test_pages_that_never_stop_coming_in_hold_up_nobody_for_long(slow: Desk) -> None:
    slow.web = Paced(slow, {f"n{number}": number / 2 for number in range(1, 40)} | {"good": 0.5})
    slow.add(*(entry(f"n{number}", SUMMARY, 3 * HOUR, complete=False) for number in range(1, 40)))
    slow.web.pages |= {f"https://posts.example/n{number}": b"The whole story of faces" for number in range(1, 40)}
    done = slow.read(web=True)
    assert titles(done) == ["good"]
    assert done.awaited > 30
    assert slow.clock() - START <= LONGEST


def test_a_late_page_is_read_when_it_comes_and_was_asked_for_once(slow: Desk) -> None:
    assert titles(slow.read(web=True)) == ["good"]
    assert slow.read(web=True) == ReadSummary(awaited=1)
    arrives(slow, "hung", f"The whole story: {EXIT}.")
    done = slow.read(web=True)
    assert (titles(done), done.awaited) == (["hung"], 0)
    assert len(slow.web.asked) == 2


def test_new_posts_are_read_while_a_page_of_an_earlier_run_hangs(slow: Desk) -> None:
    slow.read(web=True)
    began = slow.clock()
    slow.add(entry("whole", EXIT))
    assert titles(slow.read(web=True)) == ["whole"]
    assert slow.clock() - began <= SECOND / 5


def test_a_page_that_does_not_come_within_a_minute_is_given_up_and_the_summary_read(slow: Desk) -> None:
    runs = 0
    while slow.read(web=True).awaited:
        runs += 1
        slow.clock.forward(SECOND)
    assert 50 < runs < 62
    hung, good = slow.posts("hung", "good")
    assert (slow.reading(hung).note, slow.reading(good).note) == (f"nothing said; {LATE}", None)
    assert slow.clock() - START < PATIENCE + 3 * SECOND
    assert (slow.web.closed, len(slow.web.asked)) == (1, 2), "its request is ended, and not made again"
    assert not slow.awaited


def test_hundreds_of_pages_that_hang_hide_no_post_behind_them(slow: Desk) -> None:
    many = [entry(f"many {number}", SUMMARY, 9 * HOUR, complete=False) for number in range(AT_ONCE + 1)]
    slow.add(*many)
    slow.web.pages |= {one.url or "": None for one in many}
    done = slow.read(web=True)
    assert (titles(done), done.awaited) == (["good"], AT_ONCE + 2)
    slow.add(entry("whole", EXIT))
    assert titles(slow.read(web=True)) == ["whole"]


def test_a_stop_is_heard_while_pages_are_awaited(slow: Desk) -> None:
    slow.web.pages["https://posts.example/good"] = None
    done = slow.read(web=True, stop=lambda: slow.clock() - START >= SECOND / 2)
    assert done == ReadSummary(awaited=2)
    assert slow.clock() - START == SECOND / 2


def test_an_edit_of_a_post_whose_page_hangs_is_read_when_the_page_comes(slow: Desk) -> None:
    slow.read(web=True)
    (hung,) = slow.posts("hung")
    with slow.store.begin() as work:
        work.posts.add_version(replace(hung, version=2, text=f"{SUMMARY} edited", seen=START + HOUR))
        work.commit()
    arrives(slow, "hung", f"The whole story, edited: {EXIT}.")
    assert len(slow.read(web=True).alerts) == 1
    assert len(slow.web.asked) == 2


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_commit_while_a_page_is_awaited_nothing_is_lost_or_told_twice(
    after: bool, kill: Callable[..., None]
) -> None:
    def rounds(desk: Desk) -> None:
        desk.read(web=True)
        arrives(desk, "hung", f"The whole story: {EXIT}.")
        desk.read(web=True)

    whole = [f"Title of {name}" for name in ("good", "hung")]
    for at in range(1, 5):
        desk = hanging()
        kept, desk.store = desk.store, Mortal(desk.store, at, after=after)
        kill(lambda desk=desk: rounds(desk))
        desk.store, desk.awaited = kept, Awaited(SECOND / 10)
        rounds(desk)
        assert sorted(alert.title for alert in desk.alerts()) == whole
        hung, good = desk.posts("hung", "good")
        with desk.store.begin() as work:
            assert work.posts.unread() == []
            assert [len(work.posts.readings(post.id)) for post in (hung, good)] == [1, 1]

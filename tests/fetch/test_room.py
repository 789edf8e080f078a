import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from tests.fetch.server import Handler, WebServer
from watcher.core.errors import FetchTrouble
from watcher.fetch.download import NO_ROOM, Downloader
from watcher.fetch.room import Room
from watcher.usecases.ports import Fetched, FetchRequest

Make = Callable[..., Downloader]
MANY, HALF = 24, b"x" * 1024 * 1024
BODY, ROOM = 2 * len(HALF), 8 * 1024 * 1024
MOST = BODY + 1024  # that a body may be


class Sender:
    """A transfer that says when it had to give way."""

    def __init__(self) -> None:
        self.gave_way = False

    def give_way(self) -> None:
        self.gave_way = True


class TestRoom:
    def test_the_one_that_holds_most_gives_way_and_nobody_else(self) -> None:
        room, (greedy, modest) = Room(100), (Sender(), Sender())
        for sender in (greedy, modest):
            room.enter(sender)
        assert (room.take(greedy, 70), room.take(modest, 30)) == (True, True)
        assert room.take(modest, 10), "though it was this one that passed the bound"
        assert (greedy.gave_way, modest.gave_way) == (True, False)
        assert (room.take(greedy, 1), room.leave(greedy), room.leave(modest)) == (False, False, True)
        assert not room.is_scarce

    def test_what_waits_is_counted_and_never_put_off(self) -> None:
        room, sender, owner = Room(100), Sender(), object()
        room.keep(owner, 90)
        room.enter(sender)
        assert room.is_scarce
        assert not room.take(sender, 20)
        assert room.peak == 90

    def test_half_of_it_may_be_kept_and_is_free_when_its_owner_is_forgotten(self) -> None:
        room, owner, other = Room(100), object(), object()
        assert (room.keep(owner, 30, always=False), room.keep(other, 30, always=False)) == (True, False)
        assert (room.keeps(owner), room.keeps(other)) == (True, False)
        room.forget(owner)
        assert room.keep(other, 30, always=False)
        room.release(other, 30)
        assert not room.keeps(other)
        assert not room.is_scarce


def at_once(web: WebServer, rest: Callable[[Handler], object]) -> list[FetchRequest]:
    """Addresses whose first answers have all begun before one of them ends: each body comes in two halves."""
    begun = threading.Barrier(MANY)
    asked: Counter[str] = Counter()

    def page(request: Handler) -> None:
        with web.lock:
            asked[request.path] += 1
            first = asked[request.path] == 1
        request.begin()
        request.send(HALF)
        if first:
            with suppress(threading.BrokenBarrierError):
                begun.wait(10)
        rest(request)

    web.default = page
    return [FetchRequest(f"k{number}", web.url(f"/{number}")) for number in range(MANY)]


def fetch(asking: Downloader, requests: list[FetchRequest]) -> list[Fetched]:
    return [answer for answer in asking.fetch(requests) if answer]


@pytest.fixture
def crowded(downloader: Make) -> Callable[..., Downloader]:
    def make(**settings: Any) -> Downloader:
        usual = {"held_bytes": ROOM, "max_decoded_bytes": MOST, "concurrency": MANY, "per_host": MANY}
        return downloader(**{**usual, "total_timeout": 30.0, **settings})

    return make


class TestByTheDownloader:
    def test_many_large_bodies_at_once_all_come_and_never_hold_more_than_there_is_room(
        self, web: WebServer, crowded: Make
    ) -> None:
        asking = crowded()
        answers = fetch(asking, at_once(web, lambda request: request.send(HALF)))
        assert {answer.key for answer in answers} == {f"k{number}" for number in range(MANY)}
        assert [(answer.error, len(answer.body)) for answer in answers] == [(None, BODY)] * MANY
        assert ROOM / 2 < asking.room.peak <= ROOM + MOST, "one body may always come"
        assert MANY < len(web.paths) <= 2 * MANY, "nobody is put off twice"
        assert not asking.room.is_scarce

    def test_endless_bodies_are_cut_one_after_the_other(self, web: WebServer, crowded: Make) -> None:
        def on(request: Handler) -> None:
            while request.send(HALF[:4096]):
                pass

        asking = crowded()
        answers = fetch(asking, at_once(web, on))
        assert {answer.error and answer.error.trouble for answer in answers} == {FetchTrouble.TOO_LARGE}
        assert asking.room.peak <= ROOM + MOST

    def test_who_gives_up_waiting_leaves_no_room_behind(self, web: WebServer, crowded: Make) -> None:
        asking = crowded(held_bytes=BODY)
        coming = asking.fetch(at_once(web, lambda request: request.send(HALF)))
        assert next(coming)
        coming.close()
        assert not asking.room.is_scarce

    def test_one_body_may_always_come_though_there_is_less_room(self, web: WebServer, crowded: Make) -> None:
        asking = crowded(held_bytes=len(HALF) // 2)
        answers = fetch(asking, at_once(web, lambda request: request.send(HALF)))
        assert [(answer.error, len(answer.body)) for answer in answers] == [(None, BODY)] * MANY

    def test_who_finds_no_room_in_time_is_told_so_and_may_be_asked_later(self, web: WebServer, crowded: Make) -> None:
        requests = at_once(web, lambda request: request.server.web.stopping.wait(10))
        errors = [answer.error for answer in fetch(crowded(total_timeout=2.0), requests)]
        assert {error and (error.trouble, error.transient) for error in errors} == {(FetchTrouble.TIMEOUT, True)}
        assert NO_ROOM in {error and error.detail for error in errors}

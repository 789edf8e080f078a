from datetime import UTC, datetime

import pytest

from watcher.core.letter import Subscriber
from watcher.usecases.letters import subscribe
from watcher.usecases.memory import MemoryStore
from watcher.usecases.unsubscribe import Page, address_of, handle, link

NOW = datetime(2020, 6, 10, tzinfo=UTC)
ANNA, BEN = "anna@example.org", "ben+news@example.org"
KEY = "a key of this installation"


@pytest.fixture
def store() -> MemoryStore:
    made = MemoryStore()
    for address in (ANNA, BEN):
        subscribe(made, Subscriber(address, NOW))
    return made


def readers(store: MemoryStore) -> list[str]:
    with store.begin() as work:
        return [one.address for one in work.letters.subscribers() if one.stopped is None]


def ask(store: MemoryStore, method: str, address: str) -> Page:
    return handle(lambda: store, KEY, method, address.removeprefix("https://watcher.example"), NOW)


def test_a_link_ends_its_own_readers_letters_by_post_and_twice_is_once(store: MemoryStore) -> None:
    mine = link("https://watcher.example/", KEY, BEN)
    assert ask(store, "GET", mine).status == 200
    assert readers(store) == [ANNA, BEN]
    assert [ask(store, "POST", mine).status for _ in range(2)] == [200, 200]
    assert readers(store) == [ANNA]


def test_forged_cut_and_foreign_links_end_nobodys_letters(store: MemoryStore) -> None:
    mine = link("https://watcher.example", KEY, ANNA)
    other = link("https://watcher.example", "another key", BEN)
    token, signature = mine.split("t=")[1].split(".")
    forged = [
        mine[:-1],
        f"{mine}x",
        other,
        f"/unsubscribe?t={token}.",
        f"/unsubscribe?t={link('', KEY, BEN).split('t=')[1].split('.')[0]}.{signature}",
        "/unsubscribe",
        "/unsubscribe?t=%00.%ff",
        "/unsubscribe?t=é.é",
        "/unsubscribe?t=!!!!.abc",
    ]
    assert [ask(store, "POST", address).status for address in forged] == [404] * len(forged)
    assert readers(store) == [ANNA, BEN]


def test_an_address_that_poses_as_markup_stays_text(store: MemoryStore) -> None:
    page = ask(store, "GET", link("https://watcher.example", KEY, "<b>@example.org"))
    assert b"<b>" not in page.body
    assert ("Cache-Control", "no-store") in page.headers


def test_other_methods_are_refused(store: MemoryStore) -> None:
    assert ask(store, "DELETE", link("https://watcher.example", KEY, ANNA)).status == 405
    assert readers(store) == [ANNA, BEN]


def test_a_token_names_its_address() -> None:
    token = link("https://watcher.example", KEY, ANNA).split("t=")[1]
    assert address_of(token, KEY) == ANNA
    assert address_of(token, "another") is None

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.ledgers import NOON, alert_of, post, reading, row, statement, store_of
from watcher.core.change import Change, Verdict
from watcher.core.statement import Audience, Position
from watcher.usecases.lapse import lapse
from watcher.usecases.ports import Store
from watcher.usecases.why import told_by_calendar, why

SAID = statement()
TOLD = Verdict(SAID, Change.ANNOUNCED, "no stance was on record", told=True)


def told_store() -> Store:
    store, told = store_of([row()]), post()
    with store.begin() as work:
        work.posts.add_new([told])
        work.alerts.add(alert_of(SAID, told), ("terminal",))
        work.posts.save_reading(reading(told, TOLD))
        work.commit()
    return store


def test_a_post_is_explained_by_its_id_its_address_and_the_key_of_its_alert() -> None:
    key = alert_of(SAID, post()).key
    for reference in (post().id, f"post:{post().id}", "https://northgate.example/pause/?utm_source=x", key):
        (one,) = why(told_store(), reference)
        assert one.post.id == post().id, reference
        assert one.told


def test_an_alerted_post_shows_its_alert_and_where_that_went() -> None:
    (judged,) = why(told_store(), post().id)[0].readings[0].judged
    assert judged.alert == alert_of(SAID, post())
    assert [delivery.channel for delivery in judged.deliveries] == ["terminal"]


def test_a_further_change_in_the_same_alert_finds_it_under_the_main_ones_key() -> None:
    store, about = store_of([]), post("guid:2")
    carved = Verdict(statement(position=Position.ALLOW, audience=Audience.BUSINESS), Change.ANNOUNCED, "new", told=True)
    with store.begin() as work:
        work.posts.add_new([about])
        work.alerts.add(alert_of(SAID, about), ("terminal",))
        work.posts.save_reading(reading(about, carved, TOLD))
        work.commit()
    found = why(store, about.id)[0].readings[0].judged
    assert [judged.alert == alert_of(SAID, about) for judged in found] == [True, True]


def test_a_post_that_joined_an_alert_names_it() -> None:
    store, about = told_store(), post("guid:2", url="https://press.example/1")
    key = alert_of(SAID, post()).key
    joins = Verdict(SAID, Change.REITERATED, "another report", joins=key, previous=row())
    with store.begin() as work:
        work.posts.add_new([about])
        work.posts.save_reading(reading(about, joins))
        work.commit()
    (one,) = why(store, "https://press.example/1")
    (judged,) = one.readings[0].judged
    assert not one.told
    assert judged.alert is not None
    assert judged.alert.key == key


@pytest.mark.parametrize("pasted", ["http://press.example/1", "press.example/1", " https://press.example/1#top"])
def test_an_address_is_found_without_its_scheme_or_with_the_other_one(pasted: str) -> None:
    store, about = store_of([]), post(url="https://press.example/1")
    with store.begin() as work:
        work.posts.add_new([about])
        work.commit()
    assert [one.post for one in why(store, pasted)] == [about]


def test_a_post_without_a_statement_keeps_the_reason() -> None:
    store, about = store_of([]), post()
    with store.begin() as work:
        work.posts.add_new([about])
        work.posts.save_reading(reading(about, note="does not name the technology"))
        work.commit()
    (one,) = why(store, about.id)
    assert one.readings[0].judged == ()
    assert one.readings[0].reading.note == "does not name the technology"


def test_a_post_that_waits_to_be_read_has_no_reading() -> None:
    store = store_of([])
    with store.begin() as work:
        work.posts.add_new([post()])
        work.commit()
    (one,) = why(store, post().id)
    assert (one.readings, one.told) == ((), False)


def test_one_address_in_two_sources_is_explained_for_both() -> None:
    store = store_of([])
    with store.begin() as work:
        work.posts.add_new([post(), replace(post(), source_id="the-press")])
        work.commit()
    assert {one.post.source_id for one in why(store, "https://northgate.example/pause")} == {
        "northgate-blog",
        "the-press",
    }


def test_nothing_on_record_is_an_empty_answer() -> None:
    assert why(store_of([]), "https://nowhere.example/") == []


def test_the_alert_that_told_of_a_lapse_is_explained_with_the_post_that_named_the_end() -> None:
    store, about, later = store_of([]), post(), NOON + timedelta(days=400)
    named = row(until=date(2021, 6, 10), origin=f"post:{about.id}")
    with store.begin() as work:
        work.posts.add_new([about])
        work.posts.save_reading(reading(about, TOLD))
        work.stances.add([named, row(vendor="eastworks", until=date(2021, 6, 10))])
        work.commit()
    mine, other = sorted(lapse(store, str.title, lambda _: (), later).alerts, key=lambda one: one.vendor, reverse=True)
    (one,) = why(store, mine.key)
    assert (one.post.id, one.lapses) == (about.id, (mine,))
    assert told_by_calendar(store, mine.key) == mine
    assert (why(store, other.key), told_by_calendar(store, other.key)) == ([], other)
    assert told_by_calendar(store, "nothing") is None

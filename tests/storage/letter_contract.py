"""What every store must do alike with subscribers and their letters."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.storage.samples import DAY, HOUR, NOW, letter, post, reading, statement
from watcher.core.change import Change, Verdict
from watcher.core.errors import StorageError
from watcher.core.letter import Subscriber
from watcher.usecases.ports import Store

ANNA = Subscriber("anna@example.org", NOW, ("amazon", "ibm"), "Europe/Berlin")
BEN = Subscriber("ben@example.org", NOW + HOUR, configured=True)


class LetterContract:
    """The contract; a subclass gives the fixture ``store``: an empty record."""

    def test_subscribers_come_back_as_they_went_and_a_second_word_replaces_the_first(self, store: Store) -> None:
        stopped = replace(ANNA, stopped=NOW + DAY, zone=None)
        with store.begin() as work:
            work.letters.save_subscriber(BEN)
            work.letters.save_subscriber(ANNA)
            assert work.letters.subscribers() == [ANNA, BEN]
            work.letters.save_subscriber(stopped)
            assert work.letters.subscribers() == [stopped, BEN]

    def test_a_week_has_one_letter_for_each_address(self, store: Store) -> None:
        sent = letter().begin(NOW + 7 * DAY).done(NOW + 8 * DAY)
        with store.begin() as work:
            assert work.letters.add(letter())
            work.letters.save(sent)
            assert not work.letters.add(letter())
            assert work.letters.add(letter(week=25))
            assert work.letters.add(letter("ben@example.org"))
            assert work.letters.of("anna@example.org") == [sent, letter(week=25)]
            until = {"anna@example.org": letter(week=25).week.end, "ben@example.org": letter().week.end}
            assert work.letters.told_until() == until

    def test_letters_that_are_not_settled_are_open_in_the_order_of_their_making(self, store: Store) -> None:
        first, second, third = letter(), letter(week=25), letter("ben@example.org")
        failed = second.begin(NOW).failed(NOW, "no answer", for_good=False, unknown=True)
        refused = third.begin(NOW).failed(NOW, "no such person", for_good=True, unknown=False)
        with store.begin() as work:
            for one in (first, second, third):
                work.letters.add(one)
            work.letters.save(failed)
            work.letters.save(refused)
            assert work.letters.open() == [first, failed]

    def test_the_state_of_a_letter_that_is_not_there_is_refused(self, store: Store) -> None:
        with store.begin() as work, pytest.raises(StorageError, match="2020-W24"):
            work.letters.save(letter())

    def test_a_key_is_made_once(self, store: Store) -> None:
        with store.begin() as work:
            assert work.letters.key("links", "first") == "first"
            work.commit()
        with store.begin() as work:
            assert work.letters.key("links", "second") == "first"
            assert work.letters.key("other", "third") == "third"

    def test_repetitions_are_counted_by_vendor_and_by_when_they_were_read(self, store: Store) -> None:
        repeated = Verdict(statement(), Change.REITERATED, "known")
        other = Verdict(statement(vendor="ibm"), Change.REITERATED, "known")
        new = Verdict(statement(), Change.ANNOUNCED, "new", told=True)
        with store.begin() as work:
            work.posts.add_new([post(1), post(2)])
            work.posts.save_reading(replace(reading(post(1), repeated, repeated, other, new), read_at=NOW))
            work.posts.save_reading(replace(reading(post(2), repeated), read_at=NOW + DAY))
            work.commit()
            assert work.posts.repetitions(NOW, NOW + DAY) == {"amazon": 2, "ibm": 1}
            assert work.posts.repetitions(NOW + timedelta(microseconds=1), NOW + DAY) == {}
            assert work.posts.repetitions(NOW, NOW + 2 * DAY) == {"amazon": 3, "ibm": 1}

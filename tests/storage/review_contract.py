"""The part of the contract that is about reviews, mutes, proposals and echoes."""

from datetime import UTC, datetime

import pytest

from tests.storage.samples import HOUR, NOW, ODD, alert, commit, mute, post, proposal, review, save
from watcher.core.errors import StorageError
from watcher.core.review import Person, Ruling
from watcher.usecases.ports import Store, UnitOfWork


def told(store: Store, *numbers: int) -> None:
    with store.begin() as work:
        for number in numbers:
            work.alerts.add(alert(number), [])
        work.commit()


def _say(work: UnitOfWork) -> None:
    work.reviews.add(review())


class ReviewContract:
    """A subclass gives the fixture ``store``: an empty record."""

    def test_a_review_comes_back_as_it_went(self, store: Store) -> None:
        told(store, 1)
        full = review(by=Person(ODD, "U1"), note=ODD, ruling=Ruling.NOT_THIS_VENDOR)
        with store.begin() as work:
            assert work.reviews.add(full)
            work.commit()
        with store.begin() as work:
            assert work.reviews.all() == [full]
            assert work.reviews.all(full.alert_key) == [full]
            assert work.reviews.all("unknown") == []

    def test_one_press_is_one_review(self, store: Store) -> None:
        told(store, 1)
        with store.begin() as work:
            assert work.reviews.add(review())
            assert not work.reviews.add(review(at=NOW + HOUR))
            assert work.reviews.add(review(request="another"))
            assert [one.request for one in work.reviews.all()] == ["r1", "another"]

    def test_reviews_come_in_the_order_of_writing(self, store: Store) -> None:
        told(store, 1, 2)
        late_first = [review(2, at=NOW + HOUR), review(1), review(2, request="z"), review(1, request="a")]
        with store.begin() as work:
            for one in late_first:
                work.reviews.add(one)
            assert work.reviews.all() == late_first

    def test_a_review_of_no_alert_is_refused(self, store: Store) -> None:
        with pytest.raises(StorageError):
            commit(store, _say)

    def test_a_mute_comes_back_as_it_went_and_once(self, store: Store) -> None:
        full = mute(by=Person(ODD, "U1"), until=datetime(9999, 12, 31, tzinfo=UTC))
        with store.begin() as work:
            assert work.reviews.add_mute(full)
            assert not work.reviews.add_mute(full)
            assert not work.reviews.add_mute(mute(by=full.by, until=NOW))
            assert work.reviews.add_mute(mute(until=NOW, request="r2"))
            work.commit()
        with store.begin() as work:
            assert work.reviews.mutes() == [full, mute(until=NOW, request="r2")]

    def test_a_proposal_comes_back_as_it_went_and_once(self, store: Store) -> None:
        full = proposal(phrase=ODD, posts=7, removed=("a", "b"), added=1, confirmed=("b",))
        with store.begin() as work:
            assert work.reviews.add_proposal(full)
            assert not work.reviews.add_proposal(full)
            assert work.reviews.add_proposal(proposal(phrase=None))
            work.commit()
        with store.begin() as work:
            assert work.reviews.proposals() == [full, proposal(phrase=None)]

    def test_echoes_are_counted_once_a_post(self, store: Store) -> None:
        save(store, post(1), post(2))
        told(store, 1)
        with store.begin() as work:
            work.reviews.add(review())
            assert work.reviews.echoes() == {}
            for number in (1, 1, 2):
                work.reviews.add_echo(review(), post(number).id)
            assert work.reviews.echoes() == {review().id: 2}

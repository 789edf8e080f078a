"""What every store must do alike, so that the store of the tests cannot drift from the real ones."""

import pytest

from tests.storage.condition_contract import ConditionContract
from tests.storage.ledger_contract import LedgerContract
from tests.storage.letter_contract import LetterContract
from tests.storage.outbox_contract import OutboxContract
from tests.storage.post_contract import PostContract
from tests.storage.review_contract import ReviewContract
from tests.storage.samples import change_all, everything, fill, post, reading, save
from watcher.core.delivery import Delivery
from watcher.core.errors import StorageError
from watcher.usecases.ports import Store


class StoreContract(PostContract, LedgerContract, OutboxContract, ConditionContract, LetterContract, ReviewContract):
    """The contract; a subclass gives the fixture ``store``: an empty record."""

    # --- units of work

    def test_what_was_committed_is_there_in_the_next_unit_of_work(self, store: Store) -> None:
        save(store, post())
        with store.begin() as work:
            assert work.posts.count() == 1

    def test_without_commit_nothing_of_a_unit_of_work_remains(self, store: Store) -> None:
        fill(store)
        before = everything(store)
        with store.begin() as work:
            change_all(work)
        assert everything(store) == before

    def test_an_exception_undoes_what_was_not_committed(self, store: Store) -> None:
        with pytest.raises(LookupError):
            _add_and_fail(store)
        with store.begin() as work:
            assert work.posts.count() == 0

    def test_what_follows_a_commit_is_a_transaction_of_its_own(self, store: Store) -> None:
        with store.begin() as work:
            work.posts.add_new([post(1)])
            work.commit()
            work.posts.add_new([post(2)])
        with store.begin() as work:
            assert work.posts.count() == 1

    def test_a_unit_of_work_sees_what_it_did_itself(self, store: Store) -> None:
        with store.begin() as work:
            work.posts.add_new([post()])
            assert work.posts.unread() == [post()]
            work.posts.save_reading(reading(post()))
            assert work.posts.unread() == []
            assert work.posts.readings(post().id) == [reading(post())]

    def test_after_a_refused_step_nothing_can_be_committed(self, store: Store) -> None:
        with store.begin() as work:
            work.posts.add_new([post()])
            with pytest.raises(StorageError):
                work.alerts.save_delivery(Delivery("no such alert", "C1"))
            with pytest.raises(StorageError):
                work.commit()
        with store.begin() as work:
            assert work.posts.count() == 0


def _add_and_fail(store: Store) -> None:
    with store.begin() as work:
        work.posts.add_new([post()])
        raise LookupError

from datetime import timedelta
from time import perf_counter

import pytest

from tests.storage.samples import NOW, edited, post, reading
from watcher.core.errors import StorageError
from watcher.core.post import Post
from watcher.usecases.memory import MemoryStore

MANY = 20_000


def test_a_second_unit_of_work_inside_the_first_is_refused() -> None:
    store = MemoryStore()
    with store.begin(), pytest.raises(StorageError, match="open already"), store.begin():
        pass
    with store.begin() as work:
        assert work.posts.count() == 0


def test_a_unit_of_work_costs_only_what_it_does_itself() -> None:
    """With many posts on record, a thousand small transactions must stay far from a thousand copies of it."""
    store = MemoryStore()
    with store.begin() as work:
        work.posts.add_new([_numbered(number) for number in range(MANY)])
        work.commit()
    began = perf_counter()
    for number in range(1000):
        one = _numbered(number)
        with store.begin() as work:
            work.posts.save_reading(reading(one))
            work.posts.add_version(edited(one))
            assert work.posts.unread(1)
            if number % 2:
                work.commit()
    assert perf_counter() - began < 10  # seconds; about 0.05 on the machine where it was written
    with store.begin() as work:
        assert len(work.posts.unread()) == MANY
        assert sum(one.version == 2 for one in work.posts.unread()) == 500


def _numbered(number: int) -> Post:
    return post(number, published=NOW + timedelta(seconds=number))

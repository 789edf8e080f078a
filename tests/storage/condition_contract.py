"""What every store must do alike with conditions."""

from dataclasses import replace

from tests.storage.samples import HOUR, NOW, ODD
from watcher.core.condition import Condition
from watcher.usecases.ports import Store

FULL = Condition("disk", NOW, ODD)


class ConditionContract:
    """The contract; a subclass gives the fixture ``store``: an empty record."""

    def test_a_condition_comes_back_as_it_went(self, store: Store) -> None:
        over = Condition("network", NOW, "5 of 5 sources", NOW + HOUR)
        with store.begin() as work:
            assert work.conditions.all() == {}
            work.conditions.save([FULL, over])
            work.commit()
        with store.begin() as work:
            assert work.conditions.all() == {"disk": FULL, "network": over}

    def test_a_condition_that_is_saved_again_is_replaced(self, store: Store) -> None:
        with store.begin() as work:
            work.conditions.save([FULL])
            work.conditions.save([replace(FULL, mended=NOW + HOUR)])
            work.commit()
        with store.begin() as work:
            assert work.conditions.all() == {"disk": replace(FULL, mended=NOW + HOUR)}

    def test_a_condition_that_is_not_committed_is_not_there(self, store: Store) -> None:
        with store.begin() as work:
            work.conditions.save([FULL])
        with store.begin() as work:
            assert work.conditions.all() == {}

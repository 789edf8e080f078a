"""Known stances and their sources → the ledger."""

from collections.abc import Iterable

from watcher.core.stance import Evidence, Stance
from watcher.usecases.ports import Store


def take_in(store: Store, stances: Iterable[Stance], evidence: Iterable[Evidence]) -> int:
    """Add them in one transaction; what is there already stays as it is. Returns how many stances were new.

    Raises:
        StorageError: they could not be saved; nothing was.
    """
    with store.begin() as work:
        new = work.stances.add(stances)
        for item in evidence:
            work.stances.add_evidence(item)
        work.commit()
    return new

"""How many bytes all bodies hold together: those that are on their way, and those that wait to be read.

Each body has caps of its own, but there are many at once. A transfer takes room as its body comes, piece by piece.
Where none is left, the transfer that holds most loses what it has, whosever it is, and is asked for again when there is
room for all that it may send; that room is kept for it, so that nobody is put off twice.
"""

import threading
from collections import Counter
from typing import Protocol


class Guest(Protocol):
    """A transfer that takes room."""

    def give_way(self) -> None:
        """Let go of what was taken, and end. Perhaps called on another thread."""


class Room:
    """The room for all bodies, in bytes; safe to share between threads.

    ``peak`` is the most that was held at once.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[Guest] = Counter()
        self._kept: Counter[object] = Counter()
        self._held = 0
        self.peak = 0
        self._lock = threading.Lock()

    @property
    def is_scarce(self) -> bool:
        """Whether three quarters are held: nothing new should be begun."""
        return 4 * self._held >= 3 * self._most

    def enter(self, guest: Guest) -> None:
        """A transfer begins."""
        with self._lock:
            self._taken[guest] = 0

    def take(self, guest: Guest, size: int) -> bool:
        """Take room for a piece; False: the transfer had to give way, now or before."""
        with self._lock:
            if guest not in self._taken:
                return False
            self._taken[guest] += size
            self._held += size
            while self._held > self._most and self._taken:
                self._put_off(max(self._taken, key=self._taken.__getitem__))
            self.peak = max(self.peak, self._held)
            return guest in self._taken

    def leave(self, guest: Guest) -> bool:
        """A transfer has ended, and its room is free; False: it had to give way."""
        with self._lock:
            stayed = guest in self._taken
            self._held -= self._taken.pop(guest, 0)
            return stayed

    def keep(self, owner: object, size: int, *, always: bool = True) -> bool:
        """Keep room for something of ``owner``; unless ``always``, only while no more than half of it is held then.

        The other half is left to those who have not given way to anybody.
        """
        with self._lock:
            if not always and 2 * (self._held + size) > self._most:
                return False
            self._kept[owner] += size
            self._held += size
            self.peak = max(self.peak, self._held)
            return True

    def keeps(self, owner: object) -> bool:
        """Whether room is kept for something of ``owner``."""
        return self._kept[owner] > 0

    def release(self, owner: object, size: int) -> None:
        """Something of ``owner`` needs its room no more."""
        with self._lock:
            self._kept[owner] -= size
            self._held -= size

    def forget(self, owner: object) -> None:
        """Nothing of ``owner`` needs room any more."""
        with self._lock:
            self._held -= self._kept.pop(owner, 0)

    def _put_off(self, guest: Guest) -> None:
        self._held -= self._taken.pop(guest)
        guest.give_way()

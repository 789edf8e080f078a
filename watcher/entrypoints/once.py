"""What was heard already: Slack repeats requests, and so may somebody who has overheard one."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

KEPT = timedelta(minutes=11)  # a signed request is good for five minutes around our clock; Slack repeats for a while
_MOST = 20_000  # names; more would mean that somebody who can sign floods us


class Once:
    """Tells the first time from the later ones."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._seen: OrderedDict[Hashable, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def first(self, name: Hashable) -> bool:
        """Whether this name comes for the first time within the last minutes."""
        now = self._clock()
        with self._lock:
            while self._seen and (len(self._seen) > _MOST or now - next(iter(self._seen.values())) > KEPT):
                self._seen.popitem(last=False)
            if name in self._seen:
                return False
            self._seen[name] = now
            return True

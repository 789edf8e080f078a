"""The one fault that cannot be recorded: the record itself."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from watcher.core.condition import RECORD, Condition, decide
from watcher.core.errors import DeliveryError, StorageError

if TYPE_CHECKING:
    from watcher.core.notice import Notice
    from watcher.usecases.ports import Notifier

_log = logging.getLogger(__name__)


class RecordAlarm:
    """Tells the operators at once, past the outbox, which has nowhere to stand: once, and once when it is over.

    It is remembered by the process alone; one that is started again while the record is broken says so again.
    """

    def __init__(
        self,
        notifiers: "Callable[[str], Notifier | None]",
        address: Callable[[str], tuple[str, ...]],
        clock: Callable[[], datetime],
    ) -> None:
        self._notifiers = notifiers
        self._address = address
        self._clock = clock
        self._known: dict[str, Condition] = {}

    def __call__(self, error: StorageError | None) -> None:
        """Take note of how the record fares; None: it can be read and written."""
        decided = decide({RECORD: str(error) if error else None}, self._known, self._clock())
        self._known |= {one.name: one for one in decided.conditions}
        for told in decided.told:
            self._tell(told.notice)

    def _tell(self, notice: "Notice") -> None:
        _log.warning("%s", " | ".join((notice.title, *notice.lines)))
        for channel in self._address(RECORD):
            notifier = self._notifiers(channel)
            try:
                if notifier:
                    notifier.send(notice, channel)
            except DeliveryError as error:
                _log.error("%s cannot be told: %s", channel, error.detail)

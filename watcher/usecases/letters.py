"""The weekly letter → its readers: once a week and person, whatever clocks and restarts do; late rather than never.

::

    due week, no letter on record → save "pending" → hand over, and before the last step save "sending" → save "sent"
                                                     │ trouble
                                                     └→ save "pending" or "unknown", and when again

What was ``sending`` when the process died, and what is ``unknown`` since the answer was lost, is sent again: mail can
not be asked whether it arrived. Each attempt carries the same Message-ID (decision 0011).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.core.digest import Digest
from watcher.core.errors import DeliveryError
from watcher.core.letter import Letter, Subscriber
from watcher.core.week import Schedule, Week, weeks_due
from watcher.usecases.letter_ports import Postman
from watcher.usecases.ports import Store
from watcher.usecases.summarise import Watched, summarise

MOST_WEEKS = 4  # letters that one reader gets at once after a long silence; the oldest covers what was before
SERVER_REST = timedelta(minutes=2)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """How letters are sent. ``readers``: addresses that the settings name; ``page``: the link that ends somebody's."""

    watched: Watched
    schedule: Schedule
    zone: str
    readers: tuple[str, ...] = ()
    page: Callable[[str], str | None] = lambda _address: None


@dataclass(frozen=True, slots=True)
class Posted:
    """What one run did.

    ``refused``: addresses that the mail server will not serve, and its words; ``trouble``: what keeps all letters back.
    """

    sent: int = 0
    waiting: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    trouble: str | None = None


def send_due(
    store: Store,
    postman: Postman,
    office: Office,
    clock: Callable[[], datetime],
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> Posted:
    """Write the letters whose week is over, and send those that are due.

    Raises:
        StorageError: the record cannot be written; a letter in hand stays ``sending`` and is sent again.
    """
    plan(store, office, clock())
    with store.begin() as work:
        readers = {one.address: one for one in work.letters.subscribers()}
        letters = work.letters.open()
    return _Round(store, postman, office, readers, clock).work_off(letters, stopping)


def send_week(
    store: Store,
    postman: Postman,
    office: Office,
    week: Callable[[str], Week],
    clock: Callable[[], datetime],
) -> Posted:
    """Send one week's letter, and all that is due besides, to every reader who has none of it yet.

    Args:
        store: the record.
        postman: who sends.
        office: how letters are sent.
        week: the week in a zone, by the zone's name.
        clock: the moment.

    Raises:
        StorageError: the record cannot be written.
    """
    now = clock()
    plan(store, office, now)
    with store.begin() as work:
        for reader in work.letters.subscribers():
            if reads(reader, office):
                work.letters.add(Letter(reader.address, week(reader.zone or office.zone), now))
        work.commit()
    return send_due(store, postman, office, clock)


def plan(store: Store, office: Office, now: datetime) -> int:
    """Put on record which letters are due by now; how many are new."""
    with store.begin() as work:
        known = {one.address: one for one in work.letters.subscribers()}
        readers = len(known)
        for address in office.readers:
            if address not in known:
                known[address] = Subscriber(address, now, configured=True)
                work.letters.save_subscriber(known[address])
        until = work.letters.told_until()
        made = 0
        for reader in known.values():
            if not reads(reader, office):
                continue
            since = max(reader.since, until.get(reader.address, reader.since))
            for week in weeks_due(now, since, office.schedule, ZoneInfo(reader.zone or office.zone), MOST_WEEKS):
                made += work.letters.add(Letter(reader.address, week, now))
        if made or len(known) > readers:
            work.commit()
    return made


def reads(reader: Subscriber, office: Office) -> bool:
    """Whether somebody is to get letters now."""
    return reader.stopped is None and (not reader.configured or reader.address in office.readers)


class _Round:
    """The letters of one run; those of equal content are summed up once."""

    def __init__(
        self,
        store: Store,
        postman: Postman,
        office: Office,
        readers: dict[str, Subscriber],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._postman = postman
        self._office = office
        self._readers = readers
        self._clock = clock
        self._digests: dict[object, Digest] = {}
        self._sent = 0
        self._refused: list[tuple[str, str]] = []
        self._trouble: str | None = None

    def work_off(self, letters: list[Letter], stopping: Callable[[], bool]) -> Posted:
        left = list(letters)
        for letter in letters:
            if stopping() or self._trouble:
                break
            if letter.due is None or letter.due <= self._clock():
                left.remove(letter)
                left += [after for after in [self._attempt(letter)] if after.state.open]
        return Posted(self._sent, len(left), tuple(self._refused), self._trouble)

    def _attempt(self, letter: Letter) -> Letter:
        reader = self._readers.get(letter.address)
        if reader is None or not reads(reader, self._office):
            return self._save(letter.failed(self._clock(), "no longer a reader", for_good=True, unknown=False))
        zone = reader.zone or self._office.zone
        digest = self._digest(letter, reader, zone)
        begun = letter.begin(self._clock())
        page = self._office.page(letter.address)
        try:
            self._postman.post(digest, begun, zone, page, lambda: self._save(begun))
        except DeliveryError as error:
            return self._save(self._failed(begun, error))
        self._sent += 1
        return self._save(begun.done(self._clock()))

    def _failed(self, letter: Letter, error: DeliveryError) -> Letter:
        now = self._clock()
        if error.everyone:
            self._trouble = error.detail
            return letter.held_up(now, error.detail, SERVER_REST)
        for_good = not error.transient
        if for_good:
            _log.warning("the letter to %s is refused: %s", letter.address, error.detail)
            self._refused.append((letter.address, error.detail))
        return letter.failed(now, error.detail, for_good=for_good, unknown=error.unknown)

    def _digest(self, letter: Letter, reader: Subscriber, zone: str) -> Digest:
        key = (letter.week, reader.vendors, zone)
        if key not in self._digests:
            self._digests[key] = summarise(
                self._store, self._office.watched, letter.week, ZoneInfo(zone), reader.vendors
            )
        return self._digests[key]

    def _save(self, letter: Letter) -> Letter:
        with self._store.begin() as work:
            work.letters.save(letter)
            work.commit()
        return letter


def subscribe(store: Store, reader: Subscriber) -> bool:
    """Take somebody in, or change what they asked for; whether they were no reader before.

    Whoever was a reader already keeps the place in time: no letter comes twice, none is left out.
    """
    with store.begin() as work:
        held = next((one for one in work.letters.subscribers() if one.address == reader.address), None)
        goes_on = held is not None and held.stopped is None
        work.letters.save_subscriber(replace(reader, since=held.since) if held and goes_on else reader)
        work.commit()
    return not goes_on


def unsubscribe(store: Store, address: str, now: datetime) -> bool:
    """Send no further letter to an address; whether it had been a reader."""
    with store.begin() as work:
        held = next((one for one in work.letters.subscribers() if one.address == address), None)
        if held is None or held.stopped is not None:
            return False
        work.letters.save_subscriber(replace(held, stopped=now))
        work.commit()
    return True

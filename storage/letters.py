"""Who gets the weekly letter, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from storage.link import Link
from storage.schema import KEYS, LETTERS, SUBSCRIBERS
from watcher.core.delivery import DeliveryState
from watcher.core.letter import Letter, Subscriber
from watcher.core.week import Week

_CLOSED = [state for state in DeliveryState if not state.open]


class SqlLetters:
    """``Letters`` over SQL."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def subscribers(self) -> list[Subscriber]:
        """All who ever subscribed, by address; also those who stopped."""
        rows = self._link.rows(select(SUBSCRIBERS).order_by(SUBSCRIBERS.c.address))
        return [
            Subscriber(row.address, row.since, tuple(row.vendors), row.zone, row.stopped, row.configured)
            for row in rows
        ]

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Insert or replace, by address."""
        values = {
            "address": subscriber.address,
            "since": subscriber.since,
            "vendors": list(subscriber.vendors),
            "zone": subscriber.zone,
            "stopped": subscriber.stopped,
            "configured": subscriber.configured,
        }
        rest = {name: value for name, value in values.items() if name != "address"}
        insert = self._link.insert(SUBSCRIBERS)
        self._link.run(insert.on_conflict_do_update(index_elements=["address"], set_=rest), values)

    def add(self, letter: Letter) -> bool:
        """Store a new letter; False where the address has one of that week already."""
        insert = self._link.insert(LETTERS).on_conflict_do_nothing().returning(LETTERS.c.id)
        return bool(self._link.rows(insert, _row(letter)))

    def save(self, letter: Letter) -> None:
        """Replace the state of a letter.

        Raises:
            StorageError: there is no such letter.
        """
        one = (LETTERS.c.address == letter.address) & (LETTERS.c.week == letter.week.key)
        found = self._link.rows(LETTERS.update().where(one).values(_row(letter)).returning(LETTERS.c.id))
        self._link.require(found, f"there is no letter of week {letter.week.key} to that address")

    def open(self) -> list[Letter]:
        """The letters that are not settled, in the order in which they were made."""
        query = select(LETTERS).where(LETTERS.c.state.not_in(_CLOSED)).order_by(LETTERS.c.id)
        return [_letter(row) for row in self._link.rows(query)]

    def of(self, address: str) -> list[Letter]:
        """All letters to an address, oldest first."""
        query = select(LETTERS).where(LETTERS.c.address == address).order_by(LETTERS.c.id)
        return [_letter(row) for row in self._link.rows(query)]

    def told_until(self) -> dict[str, datetime]:
        """The end of the newest week of which each address has a letter, by address."""
        query = select(LETTERS.c.address, func.max(LETTERS.c.end).label("until")).group_by(LETTERS.c.address)
        return {row.address: row.until for row in self._link.rows(query)}

    def key(self, name: str, fresh: str) -> str:
        """The key of that name; where there is none, ``fresh`` becomes it."""
        self._link.run(self._link.insert(KEYS).on_conflict_do_nothing(), {"name": name, "value": fresh})
        return str(self._link.rows(select(KEYS.c.value).where(KEYS.c.name == name))[0][0])


def _row(letter: Letter) -> dict[str, Any]:
    own = {
        name: getattr(letter, name) for name in ("address", "created", "state", "due", "attempts", "sent_at", "error")
    }
    return own | {"week": letter.week.key, "begin": letter.week.begin, "end": letter.week.end}


def _letter(row: Row[Any]) -> Letter:
    week = Week(row.week, row.begin, row.end)
    return Letter(row.address, week, row.created, row.state, row.due, row.attempts, row.sent_at, row.error)

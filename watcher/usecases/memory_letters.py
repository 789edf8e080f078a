"""Who gets the weekly letter, in plain Python."""

from dataclasses import dataclass, field
from datetime import datetime

from watcher.core.letter import Letter, Subscriber
from watcher.usecases.journal import Journal


@dataclass(slots=True)
class LetterRecord:
    """What is on record of it. Mappings keep the order in which things came."""

    subscribers: dict[str, Subscriber] = field(default_factory=dict)
    letters: dict[tuple[str, str], Letter] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


class MemoryLetters:
    """``Letters`` in memory."""

    def __init__(self, record: LetterRecord, journal: Journal) -> None:
        self._record = record
        self._journal = journal

    def subscribers(self) -> list[Subscriber]:
        """All who ever subscribed, by address; also those who stopped."""
        return sorted(self._record.subscribers.values(), key=lambda one: one.address)

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Insert or replace, by address."""
        self._journal.put(self._record.subscribers, subscriber.address, subscriber)

    def add(self, letter: Letter) -> bool:
        """Store a new letter; False where the address has one of that week already."""
        if (letter.address, letter.week.key) in self._record.letters:
            return False
        self._journal.put(self._record.letters, (letter.address, letter.week.key), letter)
        return True

    def save(self, letter: Letter) -> None:
        """Replace the state of a letter."""
        if (letter.address, letter.week.key) not in self._record.letters:
            self._journal.fail(f"there is no letter of week {letter.week.key} to that address")
        self._journal.put(self._record.letters, (letter.address, letter.week.key), letter)

    def open(self) -> list[Letter]:
        """The letters that are not settled, in the order in which they were made."""
        return [letter for letter in self._record.letters.values() if letter.state.open]

    def of(self, address: str) -> list[Letter]:
        """All letters to an address, oldest first."""
        return [letter for letter in self._record.letters.values() if letter.address == address]

    def told_until(self) -> dict[str, datetime]:
        """The end of the newest week of which each address has a letter, by address."""
        until: dict[str, datetime] = {}
        for letter in self._record.letters.values():
            until[letter.address] = max(letter.week.end, until.get(letter.address, letter.week.end))
        return until

    def key(self, name: str, fresh: str) -> str:
        """The key of that name; where there is none, ``fresh`` becomes it."""
        if name not in self._record.keys:
            self._journal.put(self._record.keys, name, fresh)
        return self._record.keys[name]

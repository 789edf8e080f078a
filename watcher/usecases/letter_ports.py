"""What the weekly letter needs from the world."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # only named here; a round in which nothing is new needs none of it
    from watcher.core.digest import Digest
    from watcher.core.letter import Letter, Subscriber


class Letters(Protocol):
    """Who gets the letter, and what became of each."""

    def subscribers(self) -> list[Subscriber]:
        """All who ever subscribed, by address; also those who stopped."""

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Insert or replace, by address."""

    def add(self, letter: Letter) -> bool:
        """Store a new letter; False where the address has one of that week already."""

    def save(self, letter: Letter) -> None:
        """Replace the state of a letter."""

    def open(self) -> list[Letter]:
        """The letters that are not settled, in the order in which they were made."""

    def of(self, address: str) -> list[Letter]:
        """All letters to an address, oldest first."""

    def told_until(self) -> dict[str, datetime]:
        """The end of the newest week of which each address has a letter, by address."""

    def key(self, name: str, fresh: str) -> str:
        """The key of that name; where there is none, ``fresh`` becomes it."""


class Postman(Protocol):
    """Lays out letters and hands them to a mail server."""

    def post(
        self, digest: Digest, letter: Letter, zone: str, unsubscribe: str | None, last_step: Callable[[], object]
    ) -> None:
        """Send one letter; ``unsubscribe`` is the address of the page that ends them.

        ``last_step`` is called right before the step after which the server may have the letter.

        Raises:
            DeliveryError: it did not go out, or (``unknown``) nobody knows; ``rendering``: this letter to this address
                is refused for good.
        """

"""What is put aside as it comes in: most posts do not name the technology, and none of these is ever read.

It is written down with the post itself. To hand it on to those who read would mean to ask for it again, and to mark it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from watcher.core.revision import is_capture
from watcher.core.source import FullText, Source
from watcher.usecases.ports import Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from watcher.core.post import Post

IRRELEVANT = "does not name the technology"


class Looks(Protocol):
    """The first look of ``core.reader.Reader``."""

    @property
    def version(self) -> str:
        """The rules' version."""

    def relevant(self, title: str, text: str) -> bool:
        """Whether reading can find anything."""


class Sift:
    """Puts new posts aside. ``reader`` makes the reader with the first new post; most rounds bring none."""

    def __init__(self, reader: Callable[[], Looks]) -> None:
        self._reader = reader

    def __call__(self, post: Post, source: Source, now: datetime) -> Reading | None:
        """The reading of a post in which nothing can be found; None where it is to be read."""
        reader = self._reader()
        try:
            aside = not reader.relevant(post.title, post.text) and not wants_page(post, source, reader)
        except Exception:  # noqa: BLE001  (a text that trips a rule: who reads it says so)
            return None
        return Reading(post.id, post.version, now, reader.version, (), IRRELEVANT) if aside else None


def wants_page(post: Post, source: Source | None, reader: Looks) -> bool:
    """Whether the page behind a post is worth a request."""
    if post.complete or source is None or source.full_text is FullText.NEVER or is_capture(post):
        return False
    if source.full_text is FullText.ALWAYS and not post.baseline:
        return True
    # A listing page gives a headline only; a new one that could mean anything is looked up.
    unknown = not post.text.strip() and not post.baseline
    return unknown or reader.relevant(post.title, post.text)

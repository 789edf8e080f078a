"""Implements ``ports.Parser``: which reader an answer goes to."""

from collections.abc import Callable
from datetime import datetime

from watcher.core.capture import Capture
from watcher.core.source import Source, SourceType
from watcher.usecases.ports import Fetched, Parsed

_FEED_OPENINGS = (b"<rss", b"<feed", b"<rdf", b"<?xml")
_LOOK = 1000  # bytes in which a feed shows what it is


class WebParser:
    """Reads feeds, listing pages, articles and policy pages.

    Args:
        now: the clock; no entry is dated more than 48 hours later.
        max_entries: of one feed; later ones are left out, and the result is marked as partial.
    """

    def __init__(self, now: Callable[[], datetime], *, max_entries: int = 1000) -> None:
        self._now = now
        self._max_entries = max_entries

    def entries(self, source: Source, answer: Fetched) -> Parsed:
        """The entries of a feed (XML, JSON or a news sitemap) or of a blog's listing page. See ``ports.Parser``."""
        # Each reader brings a library that takes long to import, or patterns that take long to compile, and a round of
        # 304s needs none.
        url = answer.final_url or answer.url
        if _is_json(answer):
            from watcher.fetch import jsonfeed  # noqa: PLC0415  (late, as said above)

            return jsonfeed.parse(answer.body, answer.headers, url, self._now(), max_entries=self._max_entries)
        if source.type is SourceType.BLOG and not _is_feed(answer):
            from watcher.fetch import listing  # noqa: PLC0415  (late, as said above)

            return listing.parse(source, answer, self._now())
        from watcher.fetch import feed, sitemap  # noqa: PLC0415  (late, as said above)

        if sitemap.is_sitemap(answer.body):
            return sitemap.parse(answer.body, answer.headers, url, self._now(), max_entries=self._max_entries)
        return feed.parse(answer.body, answer.headers, url, self._now(), max_entries=self._max_entries)

    def article(self, answer: Fetched) -> str | None:
        """The text of an article's page. See ``ports.Parser``."""
        from watcher.fetch import page  # noqa: PLC0415  (as above)

        return page.article(answer)

    def published(self, answer: Fetched) -> datetime | None:
        """When an article's page says that it was published. See ``ports.Parser``."""
        from watcher.fetch import page  # noqa: PLC0415  (as above)

        return page.published(answer, self._now())

    def policy(self, source: Source, answer: Fetched, now: datetime) -> Capture:
        """A policy page as headed sentences. See ``ports.Parser``."""
        from watcher.fetch import page  # noqa: PLC0415  (as above)

        return page.policy(source, answer, now)


def _is_json(answer: Fetched) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    start = answer.body[:_LOOK].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") or (kind.endswith("json") and not start.startswith(b"<"))


def _is_feed(answer: Fetched) -> bool:
    start = answer.body[:_LOOK].lower()
    return any(opening in start for opening in _FEED_OPENINGS) and b"<html" not in start

"""A feed and what must come out of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Expected = dict[str, Any]

CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
ATOM = 'xmlns:atom="http://www.w3.org/2005/Atom"'
NAMESPACES = f"{CONTENT} {DC} {ATOM}"


@dataclass(frozen=True)
class Case:
    """One feed. ``expected``: for each entry the fields that matter here, the others are free.

    ``partial``: words of the note that something is missing. ``refused``: words of the error, where nothing may come
    out.
    """

    claim: str
    body: bytes
    expected: tuple[Expected, ...] = ()
    content_type: str = "application/xml"
    partial: str | None = None
    refused: str | None = None
    title: str | None = None


def moment(text: str | None) -> datetime | None:
    """``2020-06-10 08:18`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def rss(inner: str, channel: str = "<title>News</title>", root: str = 'version="2.0"') -> bytes:
    """A feed of one item."""
    feed = f"<rss {root} {NAMESPACES}><channel>{channel}<item>{inner}</item></channel></rss>"
    return f'<?xml version="1.0" encoding="utf-8"?>{feed}'.encode()


def atom(inner: str, feed: str = "<title>News</title>", root: str = "") -> bytes:
    """A feed of one entry."""
    made = f'<feed xmlns="http://www.w3.org/2005/Atom" {root}>{feed}<entry>{inner}</entry></feed>'
    return f'<?xml version="1.0" encoding="utf-8"?>{made}'.encode()

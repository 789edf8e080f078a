"""One version of a policy page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

_START = re.compile(r"(?:home|homepage|index|default|start|welcome)(?:\.\w{2,5})?|[a-z]{2}(?:[-_][a-z]{2,4})?")


@dataclass(frozen=True, slots=True)
class Capture:
    """A policy page as it was served once.

    ``text`` is the page as headed sentences in our own reading (``extractor`` names its version); ``raw`` the bytes
    and ``headers`` the headers as they came, ``sha256`` of the bytes. A page that did not change makes no new capture;
    ``seen_last`` moves instead. The looks by which something is known to be gone are captures, too.

    ``absent`` says how the page was not there ("answered 404"); its ``text`` is empty then. ``of_record``: the next
    capture is compared with it. A page that was not there, or was hardly the one known, is kept and not of record.
    """

    source_id: str
    taken: datetime
    seen_last: datetime
    url: str
    title: str
    text: str
    sha256: str
    extractor: str
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    absent: str | None = None
    of_record: bool = True


def leads_home(url: str, final_url: str) -> bool:
    """Whether a page's address led to a home page: what many sites do with the addresses of pages that are gone."""
    return bool(_segments(url)) and not _segments(final_url)


def _segments(url: str) -> list[str]:
    """The parts of the path that name more than a start page or a language."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return []
    return [part for part in path.casefold().split("/") if part and not _START.fullmatch(part)]

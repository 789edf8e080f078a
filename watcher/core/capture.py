"""One version of a policy page."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """A policy page as it was served once.

    ``text`` is the page as headed sentences in our own reading (``extractor`` names its version); ``raw`` the bytes
    as they came, ``sha256`` of them. A page that did not change makes no new capture; ``seen_last`` moves instead.
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

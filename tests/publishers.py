"""The development corpus as its publishers: a web server each, whose feed holds what was out by the moment ``at``.

Half of the feeds are RSS and half Atom; half of them answer to an ETag and half to a date, as feeds do.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from xml.sax.saxutils import escape

from tests.fetch.server import Handler, WebServer

CORPUS = Path(__file__).parent / "data" / "corpus.jsonl"
# Whose own voice a publisher is; the corpus names publishers and not vendors.
VOICES = {
    "Amazon": "amazon",
    "Amazon Web Services (What's New)": "amazon",
    "AWS News Blog": "amazon",
    "Axon": "axon",
    "Facebook (press release)": "meta",
    "Facebook Newsroom": "meta",
    "Google (The Keyword)": "google",
    "IBM THINKPolicy": "ibm",
    "Microsoft On the Issues": "microsoft",
    "Official Microsoft Blog": "microsoft",
    "Red Hat (IBM)": "ibm",
}


@dataclass(frozen=True, slots=True)
class Record:
    """A post of the corpus. ``events`` holds, by vendor, the events that the post reports as news."""

    id: str
    publisher: str
    kind: str
    url: str
    title: str
    published: datetime
    text: str
    events: Mapping[str, frozenset[str]]


def corpus(first: str = "", last: str = "9999") -> list[Record]:
    """The posts published between two days (ISO 8601), both included, in order of time."""
    lines = CORPUS.read_text("utf-8").splitlines()
    found = [_record(json.loads(line)) for line in lines]
    return [one for one in found if first <= one.published.astimezone(UTC).date().isoformat() <= last]


def _record(line: Mapping[str, Any]) -> Record:
    events: dict[str, set[str]] = {}
    for statement in line["statements"]:
        if statement["new"]:
            events.setdefault(statement["vendor"], set()).add(statement["event"])
    return Record(
        id=line["id"],
        publisher=line["source"]["name"],
        kind=line["source"]["kind"],
        url=line["url"],
        title=line["title"],
        published=datetime.fromisoformat(line["published"]),
        text=line["text"],
        events={vendor: frozenset(names) for vendor, names in events.items()},
    )


class Publishers:
    """Serves a feed for each publisher of ``records`` while the ``with`` block lasts.

    ``delay``: seconds by which each fourth of the publishers is slower than the fourth before it. ``answers`` counts
    answers by status.
    """

    def __init__(self, records: Iterable[Record], *, delay: float = 0.0) -> None:
        self._records = list(records)
        self._delay = delay
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self.at = datetime(2000, 1, 1, tzinfo=UTC)
        self.answers: Counter[int] = Counter()
        self.webs: dict[str, WebServer] = {}

    def __enter__(self) -> Self:
        for number, publisher in enumerate(dict.fromkeys(one.publisher for one in self._records)):
            web = self._stack.enter_context(WebServer())
            render = _atom if number % 2 else _rss
            web.pages["/feed"] = self._page(publisher, render, dated=number % 4 > 1, delay=self._delay * (number % 4))
            self.webs[publisher] = web
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def move(self, at: datetime) -> datetime:
        """Go on to a moment: what was published by then is in the feeds."""
        self.at = at
        return at

    def feeds_yaml(self, *more: Mapping[str, str]) -> str:
        """A feeds.yaml with all of them; JSON is YAML."""
        kinds = {one.publisher: one.kind for one in self._records}
        mine = [self._source(publisher, kinds[publisher]) for publisher in self.webs]
        return json.dumps({"sources": [*mine, *more]}, indent=2)

    def _source(self, publisher: str, kind: str) -> dict[str, str]:
        voice = {"vendor": VOICES[publisher]} if kind == "vendor" else {}
        url = self.webs[publisher].url("/feed")
        # The feeds hold whole texts, and the pages behind them are on the real web.
        return {"id": _id(publisher), "type": "feed", "url": url, "name": publisher, "kind": kind, **voice} | {
            "full_text": "never"
        }

    def _page(
        self, publisher: str, render: Callable[[str, Sequence[Record]], bytes], *, dated: bool, delay: float
    ) -> Callable[[Handler], None]:
        mine = sorted((r for r in self._records if r.publisher == publisher), key=lambda r: r.published, reverse=True)

        def page(request: Handler) -> None:
            time.sleep(delay)
            out = [one for one in mine if one.published <= self.at]
            body = render(publisher, out)
            name, value, asked = _validator(body, out, dated=dated)
            known = request.headers.get(asked) == value
            with self._lock:
                self.answers[304 if known else 200] += 1
            request.reply(304 if known else 200, b"" if known else body, {name: value, "Content-Type": "text/xml"})

        return page


def _id(publisher: str) -> str:
    return "-".join("".join(c if c.isalnum() and c.isascii() else " " for c in publisher.lower()).split())


def _validator(body: bytes, out: Sequence[Record], *, dated: bool) -> tuple[str, str, str]:
    """The answer's validator, and the header in which a client hands it back."""
    if dated:
        newest = out[0].published.astimezone(UTC) if out else datetime(2000, 1, 1, tzinfo=UTC)
        return "Last-Modified", format_datetime(newest, usegmt=True), "If-Modified-Since"
    return "ETag", f'"{sha256(body).hexdigest()[:16]}"', "If-None-Match"


def _html(text: str) -> str:
    return escape("".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n")))


def _rss(publisher: str, out: Sequence[Record]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{escape(one.url)}</link>"
        f'<guid isPermaLink="false">{one.id}</guid><pubDate>{format_datetime(one.published)}</pubDate>'
        f"<content:encoded>{_html(one.text)}</content:encoded></item>\n"
        for one in out
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{escape(publisher)}</title><link>http://127.0.0.1/</link><description>A feed</description>\n"
        f"{items}</channel></rss>\n"
    ).encode()


def _atom(publisher: str, out: Sequence[Record]) -> bytes:
    entries = "".join(
        f'<entry><title>{escape(one.title)}</title><link href="{escape(one.url)}"/><id>{one.id}</id>'
        f"<published>{one.published.isoformat()}</published><updated>{one.published.isoformat()}</updated>"
        f'<content type="html">{_html(one.text)}</content></entry>\n'
        for one in out
    )
    updated = out[0].published.isoformat() if out else "2000-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(publisher)}</title><id>urn:{_id(publisher)}</id><updated>{updated}</updated>\n"
        f"{entries}</feed>\n"
    ).encode()

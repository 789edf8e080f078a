"""The demo's publishers: RSS feeds on loopback, holding what had been published by the demo's day."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Item:
    """One post of a publisher; ``published`` is aware."""

    publisher: str
    id: str
    url: str
    title: str
    published: datetime
    text: str


class Newsstand:
    """Serves ``/PUBLISHER.xml`` while the ``with`` block lasts; answers 304 where nothing is new."""

    def __init__(self, items: Sequence[Item], now: Callable[[], datetime], names: dict[str, str] | None = None) -> None:
        self._items = items
        self._now = now
        self._names = names or {}
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.feed = self.feed
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def address(self, publisher: str) -> str:
        """Where a publisher's feed is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/{publisher}.xml"

    def feed(self, publisher: str) -> bytes:
        """A publisher's feed as it is now, newest first."""
        now = self._now()
        out = [item for item in self._items if item.publisher == publisher and item.published <= now]
        items = "".join(_entry(item) for item in sorted(out, key=lambda item: item.published, reverse=True))
        name = escape(self._names.get(publisher, publisher))
        return _FEED.format(name=name, items=items).encode()


_FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>{name}</title><link>http://127.0.0.1/</link><description>{name}</description>
{items}</channel></rss>
"""


def _entry(item: Item) -> str:
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in item.text.split("\n\n"))
    return (
        f"<item><title>{escape(item.title)}</title><link>{escape(item.url)}</link>"
        f'<guid isPermaLink="false">{escape(item.id)}</guid><pubDate>{format_datetime(item.published)}</pubDate>'
        f"<content:encoded>{escape(paragraphs)}</content:encoded></item>\n"
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    feed: Callable[[str], bytes]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a reader that goes away in mid-answer is no story."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; without this each answer waits 40 ms for an ACK
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        """A feed, or 304 to who has it."""
        body = self.server.feed(self.path.strip("/").removesuffix(".xml"))
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        known = self.headers.get("If-None-Match") == tag
        self.send_response(304 if known else 200)
        self.send_header("ETag", tag)
        self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
        self.send_header("Content-Length", "0" if known else str(len(body)))
        self.end_headers()
        if not known:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name is the library's)
        """Say nothing: the demo tells its own story."""

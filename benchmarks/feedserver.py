"""A local server of synthetic feeds, quick enough not to be what is measured. Linux only: each feed has its own 127.x.

::

    python -m benchmarks.feedserver [--feeds 1000] [--size 40000] [--unvalidated 0.3] [--hanging 0.01] …

Prints one line of JSON, ``{"port": …}``, and serves until its standard input ends: ``/feeds/N``, and the pages
``/posts/N/M`` behind its entries. All answers but the pages are made beforehand.

- ``POST /-/change?share=0.01``: a new entry in each of that many feeds; the first of them states a position. And one in
  each mute feed.
- ``POST /-/hang?on=0``: the feeds and pages that hang answer; ``on=1``: they hang again.
- ``POST /-/count``: what was answered since the last time, and what that cost this process in CPU seconds.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from benchmarks.corpus import Shape, feed_bytes, page_bytes

_BACKLOG = 4096
_END_OF_HEAD = b"\r\n\r\n"


class Stand:
    """The feeds as they are now, as finished answers."""

    def __init__(self, shape: Shape, port: int, began: datetime) -> None:
        self._shape = shape
        self._port = port
        self._began = began
        self._dice = random.Random("changes")
        self._added: list[list[bool]] = [[] for _ in range(shape.feeds)]
        self._answers = [self._made(feed) for feed in range(shape.feeds)]
        self._may_hang = frozenset(feed for feed in range(shape.feeds) if shape.is_hanging(feed))
        self._hanging = self._may_hang
        self._may_be_mute = frozenset(feed for feed in range(shape.feeds) if shape.is_mute(feed))
        self._mute = self._may_be_mute
        self._counts: Counter[str] = Counter()
        self._cpu = time.process_time()

    def answer(self, method: str, target: str, tag: str | None) -> bytes | None:
        """The answer to one request; None: there will never be one."""
        if target.startswith("/feeds/"):
            return self._feed(int(target[7:]), tag)
        where = urlsplit(target)
        if where.path.startswith("/posts/"):
            return self._page(where.path, position=where.query == "position")
        if method == "POST" and where.path == "/-/change":
            return _as_json({"changed": self._change(float(parse_qs(where.query)["share"][0]))})
        if method == "POST" and where.path == "/-/hang":
            self._hanging = self._may_hang if where.query == "on=1" else frozenset()
            self._mute = self._may_be_mute if where.query == "on=1" else frozenset()
            return _as_json({"hanging": len(self._hanging)})
        if method == "POST" and where.path == "/-/count":
            return _as_json(self._count())
        return _whole(b"no such page", "text/plain", status="404 Not Found")

    def _feed(self, feed: int, tag: str | None) -> bytes | None:
        if feed in self._hanging:
            self._counts["hung"] += 1
            return None
        known, whole, unchanged = self._answers[feed]
        answer = unchanged if known and tag == known else whole
        self._counts["304" if answer is unchanged else "200"] += 1
        self._counts["bytes"] += len(answer)
        return answer

    def _page(self, path: str, *, position: bool) -> bytes | None:
        _, _, feed, number = path.split("/")
        if int(feed) in self._mute:
            self._counts["hung"] += 1
            return None
        self._counts["pages"] += 1
        body = page_bytes(self._shape, int(feed), int(number), position=position)
        return _whole(body, "text/html; charset=utf-8")

    def _change(self, share: float) -> int:
        open_ = [feed for feed in range(self._shape.feeds) if feed not in self._may_hang | self._may_be_mute]
        chosen = self._dice.sample(open_, round(share * self._shape.feeds))
        mute = sorted(self._may_be_mute - self._may_hang)
        for place, feed in enumerate([*chosen, *mute]):
            self._added[feed].append(place == 0 or feed in self._may_be_mute)
            self._answers[feed] = self._made(feed)
        return len(chosen) + len(mute)

    def _count(self) -> dict[str, float]:
        counts, self._counts = self._counts, Counter()
        cpu, self._cpu = time.process_time() - self._cpu, time.process_time()
        return {**counts, "cpu": cpu}

    def _made(self, feed: int) -> tuple[str | None, bytes, bytes]:
        """A feed's ETag, and what is sent without it and with it."""
        body, kind = feed_bytes(self._shape, self._port, feed, self._began, self._added[feed])
        tag = f'"{feed}-{len(self._added[feed])}"' if self._shape.is_validated(feed) else None
        line = f"ETag: {tag}\r\n" if tag else ""
        unchanged = f"HTTP/1.1 304 Not Modified\r\n{line}\r\n".encode()
        return tag, _whole(body, kind, line), unchanged


class Connection(asyncio.Protocol):
    """One client's connection, kept open as long as it likes."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept a client of this machine only."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not transport.get_extra_info("peername")[0].startswith("127."):
            transport.abort()  # listening on all of 127.x means listening on every interface

    def data_received(self, data: bytes) -> None:
        """Answer each request whose head is there."""
        self._received += data
        while _END_OF_HEAD in self._received:
            head, self._received = self._received.split(_END_OF_HEAD, 1)
            answer = self._stand.answer(*_request(head))
            if answer is not None:
                self._transport.write(answer)


def _request(head: bytes) -> tuple[str, str, str | None]:
    """Method, target and the ETag that the client knows. No request here has a body."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    named = (line.partition(":") for line in lines)
    return method, target, next((value.strip() for name, _, value in named if name.lower() == "if-none-match"), None)


def _whole(body: bytes, kind: str, lines: str = "", *, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body


def _as_json(value: object) -> bytes:
    return _whole(json.dumps(value).encode(), "application/json")


async def serve(shape: Shape) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    stands: list[Stand] = []
    server = await loop.create_server(lambda: Connection(stands[0]), "0.0.0.0", 0, backlog=_BACKLOG)
    port = server.sockets[0].getsockname()[1]
    stands.append(Stand(shape, port, datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)))
    print(json.dumps({"port": port}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


def arguments(parser: argparse.ArgumentParser) -> None:
    """The switches of a ``Shape``."""
    for field in fields(Shape):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)


def shape_of(given: argparse.Namespace) -> Shape:
    """The ``Shape`` that the switches describe."""
    return Shape(**{field.name: getattr(given, field.name) for field in fields(Shape)})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.feedserver")
    arguments(parser)
    asyncio.run(serve(shape_of(parser.parse_args())))


if __name__ == "__main__":
    main()

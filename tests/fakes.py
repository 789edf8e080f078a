"""Stand-ins for the world: a web that answers at once, a parser of JSON, a reader of three-word sentences, a clock.

They are as strict as the ports: the fetcher answers 304 only to the validators that it handed out.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import TracebackType
from typing import Any, Self

from watcher.core.capture import Capture
from watcher.core.errors import FetchError, FetchTrouble
from watcher.core.post import Entry
from watcher.core.reader import Document, Readout
from watcher.core.source import HttpState, Source, SourceKind, SourceType
from watcher.core.statement import Audience, Position, Statement
from watcher.core.vendor import Vendor
from watcher.usecases.ports import Fetched, FetchRequest, Parsed, Store, UnitOfWork

START = datetime(2020, 6, 10, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the watcher catches it."""


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, time: timedelta) -> None:
        self.now += time


def source(source_id: str, kind: SourceKind = SourceKind.NEWS, **changes: Any) -> Source:
    made = Source(source_id, SourceType.FEED, f"https://{source_id}.example/feed", kind, every=timedelta(minutes=30))
    return replace(made, **changes)


def page(source_id: str, vendor: str, **changes: Any) -> Source:
    return source(source_id, SourceKind.VENDOR, type=SourceType.POLICY, vendor=vendor, every=6 * HOUR, **changes)


def entry(name: str, text: str = "", age: timedelta | None = HOUR, **changes: Any) -> Entry:
    published = None if age is None else START - age
    made = Entry(f"Title of {name}", text or f"Text of {name}.", f"https://posts.example/{name}", name, published)
    return replace(made, **changes)


def feed(*entries: Entry, partial: str | None = None, title: str | None = None, ttl: float | None = None) -> bytes:
    entries_made = [{name: value for name, value in asdict(one).items() if name != "digest"} for one in entries]
    made = {"entries": entries_made, "partial": partial, "title": title, "ttl": ttl}
    return json.dumps(made, default=datetime.isoformat).encode()


@dataclass
class Web:
    """A fetcher whose web is a dictionary: an address leads to a body, to trouble, or to ``None``, which hangs.

    What hangs comes last, after one heartbeat, and times out. ``asked`` keeps every request.
    """

    pages: dict[str, bytes | FetchError | None] = field(default_factory=dict)
    asked: list[FetchRequest] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    closed: int = 0

    def put(self, source: Source, *entries: Entry, **more: Any) -> None:
        self.pages[source.url] = feed(*entries, **more)

    def fetch(self, requests: Iterable[FetchRequest], *, idle: float | None = None) -> Iterator[Fetched | None]:
        try:
            yield from self._fetch(list(requests), idle)
        finally:
            self.closed += 1

    def _fetch(self, requests: list[FetchRequest], idle: float | None) -> Iterator[Fetched | None]:
        self.asked += requests
        hanging = [request for request in requests if self.pages.get(request.url, b"") is None]
        for request in requests:
            if request not in hanging:
                yield self._answer(request)
        if hanging and idle is not None:
            yield None
        for request in hanging:
            yield _timed_out(request)

    def _answer(self, request: FetchRequest) -> Fetched:
        found = self.pages.get(request.url, FetchError(FetchTrouble.GONE, "status 404", status=404))
        if not isinstance(found, bytes):
            return Fetched(request.key, request.url, error=found)
        http = HttpState(etag=sha256(found).hexdigest()[:8], body_sha256=sha256(found).hexdigest())
        if request.http.etag == http.etag:
            self.answers.append("304")
            return Fetched(request.key, request.url, http, 304, not_modified=True)
        self.answers.append("200")
        return Fetched(request.key, request.url, http, 200, body=found, final_url=request.url)


def _timed_out(request: FetchRequest) -> Fetched:
    return Fetched(request.key, request.url, error=FetchError(FetchTrouble.TIMEOUT, "no answer in 30 s"))


class Slow(Web):
    """What hangs does so until it is ``freed``; each heartbeat takes as long as asked for, each answer ``seconds``."""

    def __init__(self, clock: Clock, seconds: float = 0.0) -> None:
        super().__init__()
        self.clock, self.seconds = clock, seconds
        self.freed = False
        self.beats = 0
        self.deadly: int | None = None

    def _fetch(self, requests: list[FetchRequest], idle: float | None) -> Iterator[Fetched | None]:
        self.asked += requests
        for request in [one for one in requests if self.pages.get(one.url, b"") is not None]:
            self.clock.forward(timedelta(seconds=self.seconds))
            yield self._answer(request)
        for request in [one for one in requests if self.pages.get(one.url, b"") is None]:
            while not self.freed:
                self._beat(idle)
                yield None
            hangs = self.pages.get(request.url, b"") is None
            yield _timed_out(request) if hangs else self._answer(request)

    def _beat(self, idle: float | None) -> None:
        assert idle
        self.clock.forward(timedelta(seconds=idle))
        self.beats += 1
        if self.beats == self.deadly:
            raise Killed


@dataclass
class JsonParser:
    """Reads what ``feed`` wrote; an article or a policy page is its body. ``parsed`` keeps whose bodies it read."""

    parsed: list[str] = field(default_factory=list)
    bug: str | None = None  # the source at which it trips
    extractor: str = "fake-1"
    prefix: str = ""  # what this version of the extractor writes before each policy page

    def entries(self, source: Source, answer: Fetched) -> Parsed:
        self.parsed.append(source.id)
        if source.id == self.bug:
            raise ZeroDivisionError("a bug")
        if not answer.body.startswith(b"{"):
            raise FetchError(FetchTrouble.UNREADABLE, "no feed")
        found = json.loads(answer.body)
        entries = tuple(Entry(**{**one, "published": _moment(one["published"])}) for one in found["entries"])
        return Parsed(found["title"], entries, found["partial"], found["ttl"])

    def article(self, answer: Fetched) -> str | None:
        if answer.body == b"a bug":
            raise ZeroDivisionError("a bug")
        return answer.body.decode() or None

    def published(self, answer: Fetched) -> datetime | None:
        said = re.search(rb"published (\S+)", answer.body)
        return _moment(said.group(1).decode()) if said else None

    def policy(self, source: Source, answer: Fetched, now: datetime) -> Capture:
        self.parsed.append(source.id)
        if answer.body == b"a wall":
            raise FetchError(FetchTrouble.BLOCKED, "a bot wall")
        digest = sha256(answer.body).hexdigest()
        text = self.prefix + answer.body.decode()
        return Capture(source.id, now, now, answer.url, "Terms", text, digest, self.extractor, answer.body)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


_SAID = re.compile(rf"(\w+) ({'|'.join(Position)}) ({'|'.join(Audience)})")


@dataclass
class WordReader:
    """Reads "amazon ban police" as a statement; what names no face is not relevant; "poison" trips it."""

    version: str = "fake"
    vendors: Mapping[str, Vendor] = field(
        default_factory=lambda: {name: Vendor(name, name.title()) for name in ("amazon", "ibm", "microsoft")}
    )
    documents: list[Document] = field(default_factory=list)

    def relevant(self, title: str, text: str) -> bool:
        return "face" in f"{title} {text}".casefold()

    def read(self, document: Document) -> Readout:
        self.documents.append(document)
        if "poison" in document.text:
            raise ZeroDivisionError("a bug")
        found = tuple(_statement(match, document) for match in _SAID.finditer(document.text))
        return Readout(found, None if found else "nothing said")


def _statement(match: re.Match[str], document: Document) -> Statement:
    vendor, position, audience = match.groups()
    return Statement(
        vendor=vendor,
        position=Position(position),
        audience=Audience(audience),
        quote=match.group(),
        start=match.start(),
        end=match.end(),
        rule="fake",
        announced=document.published.date(),
        own_voice=document.vendor == vendor,
    )


class Mortal:
    """A store that dies at its ``n``-th commit, before or after it is carried out; ``commits`` counts them."""

    def __init__(self, store: Store, at: int | None = None, *, after: bool = False) -> None:
        self.store = store
        self.at = at
        self.after = after
        self.commits = 0

    def begin(self) -> UnitOfWork:
        return _MortalWork(self, self.store.begin())

    def commit(self, commit: Callable[[], None]) -> None:
        self.commits += 1
        if self.commits == self.at and not self.after:
            raise Killed
        commit()
        if self.commits == self.at:
            raise Killed


class _MortalWork:
    def __init__(self, owner: Mortal, work: UnitOfWork) -> None:
        self._owner = owner
        self._work = work

    def __enter__(self) -> Self:
        work = self._work.__enter__()
        self.sources, self.posts, self.stances = work.sources, work.posts, work.stances
        self.alerts, self.captures = work.alerts, work.captures
        self.conditions, self.letters = work.conditions, work.letters
        self.reviews = work.reviews
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._work.__exit__(kind, error, trace)

    def commit(self) -> None:
        self._owner.commit(self._work.commit)

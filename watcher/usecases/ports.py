"""What the use cases need from the world; the edges implement these, ``bootstrap`` joins them.

The record (``Store``) hands out units of work: everything done in one ``with`` block is saved by ``commit`` or not at
all. Leaving the block without ``commit`` rolls back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from watcher.core.errors import FetchError
from watcher.core.post import Entry, Post
from watcher.core.source import HttpState, Source, SourceState

if TYPE_CHECKING:  # only named here; a round in which nothing is new needs none of it
    from watcher.core.absence import Absence
    from watcher.core.capture import Capture
    from watcher.core.change import Verdict
    from watcher.core.message import Message
    from watcher.core.stance import Evidence, Ledger, Stance
    from watcher.usecases.letter_ports import Letters
    from watcher.usecases.telling_ports import Alerts, Conditions, Reviews


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """One address to fetch. ``http`` makes it conditional; ``key`` names it in the answer.

    ``source`` says for whom the body may be read on its way already; None: the body itself is wanted. ``source_id``
    says for whom it is asked otherwise, such as the page behind a source's post. ``enough``: how many bytes of the
    body are wanted, unpacked; what follows them is not waited for.
    """

    key: str
    url: str
    http: HttpState = field(default=HttpState())
    source: Source | None = None
    source_id: str | None = None
    enough: int | None = None

    @property
    def on_behalf(self) -> str | None:
        """The id of the source for which is asked: with its headers, where it has any."""
        return self.source.id if self.source else self.source_id


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a body held. ``partial``: it was cut short or broken, and the entries are those that could be read.

    ``parts`` are addresses whose bodies hold the entries, where this one only names them (an index of sitemaps).
    """

    title: str | None
    entries: tuple[Entry, ...]
    partial: str | None = None
    ttl: float | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer to one request: exactly one of ``error``, ``not_modified``, a body, or what was read in it.

    ``body`` is decoded from its transfer and content codings (gzip), not from its charset. ``http`` is what the next
    conditional request needs; ``not_modified`` is set for a 304 and for a body whose hash is the known one.
    ``headers`` have lower-case names. ``ttl`` is the server's own wish in seconds (Cache-Control, Retry-After).
    """

    key: str
    url: str
    http: HttpState = field(default=HttpState())
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    not_modified: bool = False
    final_url: str = ""
    error: FetchError | None = None
    ttl: float | None = None
    content: Parsed | Capture | None = None


class Fetcher(Protocol):
    """Fetches addresses at once, politely; a hung or hostile server costs the others nothing."""

    def fetch(self, requests: Iterable[FetchRequest], *, idle: float | None = None) -> Iterator[Fetched | None]:
        """Yield one answer for each request, as they come in; never raises for one address's trouble.

        Whenever nothing has come in for ``idle`` seconds while answers are still outstanding, None is yielded; without
        ``idle``, never. May be called while an earlier call still has answers to come.
        """


class Parser(Protocol):
    """Reads bytes into entries or text."""

    def entries(self, source: Source, answer: Fetched) -> Parsed:
        """The entries of a feed or a listing page.

        Raises:
            FetchError: the body is no feed that can be read, or a bot wall.
        """

    def article(self, answer: Fetched) -> str | None:
        """The text of an article's page, or None where none could be found."""

    def published(self, answer: Fetched) -> datetime | None:
        """When an article's page says that it was published, or None where it does not."""

    def policy(self, source: Source, answer: Fetched, now: datetime) -> Capture:
        """A policy page as headed sentences.

        Raises:
            FetchError: a bot wall, or no text.
        """


class Notifier(Protocol):
    """One kind of channel. It only sends and looks; what to do about trouble is decided by ``deliver``."""

    def send(self, message: Message, channel: str, *, plain: bool = False) -> str:
        """Post a message and return its receipt on the channel; ``plain`` leaves out the layout.

        Raises:
            DeliveryError: it did not go out, or (``unknown``) nobody knows.
        """

    def edit(self, message: Message, channel: str, receipt: str, *, plain: bool = False) -> None:
        """Put a message in the place of one that was posted; never asked of a channel that cannot.

        Raises:
            DeliveryError: it was not changed, or nobody knows; ``gone``: it is no longer there.
        """

    def find(self, keys: Collection[str], channel: str, since: datetime, thread: str | None = None) -> dict[str, str]:
        """The receipts of those messages, by key, that are there already; ``since``: none of them is older.

        ``thread``: looked for among the replies beneath that message instead. Of a channel that cannot be asked: none.

        Raises:
            DeliveryError: the channel could not be asked.
        """


@dataclass(frozen=True, slots=True)
class Reading:
    """What was decided about one version of one post: kept, so that ``why`` can tell it."""

    post_id: str
    version: int
    read_at: datetime
    rules: str  # the version of the rules that read it
    verdicts: tuple[Verdict, ...]
    note: str | None = None  # why nothing was read, or what stood in the way


class Sources(Protocol):
    """The states of the sources."""

    def states(self) -> dict[str, SourceState]:
        """All states on record, by source id."""

    def save(self, states: Iterable[SourceState]) -> None:
        """Insert or replace."""


class Posts(Protocol):
    """Posts and their versions, and what was read in them."""

    def add_new(self, posts: Sequence[Post], aside: Iterable[Reading] = ()) -> list[Post]:
        """Store first versions; those whose identity is known already are left out. Returns what was stored.

        ``aside``: readings without verdicts of some of them, stored with them; these count as read from the start.
        """

    def latest(self, source_id: str, keys: Iterable[str]) -> dict[str, Post]:
        """The newest stored version of each of these posts, by key; unknown keys are missing."""

    def add_version(self, post: Post) -> None:
        """Store a later version of a known post."""

    def unread(self, limit: int | None = None, *, apart_from: Collection[str] = ()) -> list[Post]:
        """Newest versions that no reading covers yet, ordered by published, first sight, id.

        ``apart_from``: the ids of posts that are left out.
        """

    def all(self, limit: int, start: int = 0) -> list[Post]:
        """Newest versions of all posts, ordered by published, first sight, id, without the first ``start`` of them."""

    def save_reading(self, reading: Reading) -> None:
        """Keep what was decided; the version counts as read from now on."""

    def set_text(self, post: Post) -> None:
        """Replace text, completeness, date and ``baseline`` of an unread version by what its page gave."""

    def first(self, post: Post) -> Post:
        """The first version of a stored post; itself where it was never edited."""

    def find(self, reference: str) -> list[Post]:
        """Newest versions of the posts with this id or address (canonical form), newest first."""

    def readings(self, post_id: str) -> list[Reading]:
        """All readings of a post, oldest first."""

    def repetitions(self, begin: datetime, end: datetime) -> dict[str, int]:
        """How many statements read from ``begin`` until before ``end`` only repeated a stance, by vendor."""

    def count(self) -> int:
        """How many posts are on record."""


class Stances(Protocol):
    """The ledger: rows are added, never changed."""

    def add(self, rows: Iterable[Stance]) -> int:
        """Append; a row that is there already (same id) is left as it is. Returns how many were new."""

    def add_evidence(self, evidence: Evidence) -> None:
        """Append a further source for a stance; one that is there already (same id) is left as it is."""

    def ledger(self, vendor: str | None = None, known_on: datetime | None = None) -> Ledger:
        """The rows of one vendor or of all, as known at a moment."""

    def evidence(self, vendor: str) -> list[Evidence]:
        """All further sources for a vendor's stances, oldest first."""


class Captures(Protocol):
    """Versions of policy pages."""

    def latest(self, source_id: str) -> Capture | None:
        """The newest capture of a page."""

    def add(self, capture: Capture) -> None:
        """Store a new capture."""

    def touch(self, capture: Capture) -> None:
        """Store ``seen_last`` of the newest capture."""

    def all(self, source_id: str) -> list[Capture]:
        """All captures, oldest first."""

    def at(self, source_id: str, taken: datetime) -> Capture | None:
        """The capture of that moment."""

    def of_record(self, source_id: str, before: datetime | None = None) -> Capture | None:
        """The newest capture of record, or the newest that was taken before a moment."""

    def absences(self, source_id: str, since: datetime | None = None) -> list[Absence]:
        """What went from a page, in the order in which it went.

        With ``since`` only what may still come back or be confirmed: it is not back, and it is pending, or a whole
        page, or went at ``since`` or later.
        """

    def save_absences(self, absences: Iterable[Absence]) -> None:
        """Insert or replace, by id."""

    def pending(self) -> set[str]:
        """The ids of the sources from whose pages something went that is neither confirmed nor back."""


class UnitOfWork(Protocol):
    """One transaction over the record."""

    # Properties, so that an implementation may name its own, narrower types.
    @property
    def sources(self) -> Sources:
        """The states of the sources."""

    @property
    def posts(self) -> Posts:
        """Posts, their versions and readings."""

    @property
    def stances(self) -> Stances:
        """The ledger."""

    @property
    def alerts(self) -> Alerts:
        """Alerts and deliveries."""

    @property
    def captures(self) -> Captures:
        """Versions of policy pages."""

    @property
    def conditions(self) -> Conditions:
        """What is wrong with the watcher itself."""

    @property
    def letters(self) -> Letters:
        """The weekly letter: who gets it, and what became of each."""

    @property
    def reviews(self) -> Reviews:
        """What people say of alerts."""

    def commit(self) -> None:
        """Save everything done so far in this block.

        Raises:
            StorageError: it could not be saved; nothing was.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Store(Protocol):
    """The record."""

    def begin(self) -> UnitOfWork:
        """A new transaction, to be used in a ``with`` block."""

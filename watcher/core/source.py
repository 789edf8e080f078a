"""Where posts come from, for whom a source speaks, and how it fares."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.core.access import Access
from watcher.core.errors import FetchTrouble


class SourceType(StrEnum):
    """How a source is read."""

    FEED = "feed"
    BLOG = "blog"
    POLICY = "policy"


class SourceKind(StrEnum):
    """Who speaks."""

    VENDOR = "vendor"
    NEWS = "news"
    ADVOCACY = "advocacy"
    GOVERNMENT = "government"
    NEWSLETTER = "newsletter"


class FullText(StrEnum):
    """When the page behind an entry is fetched, because the feed gives only a summary."""

    ALWAYS = "always"
    ON_MATCH = "on-match"
    NEVER = "never"


MOVED_TIMES, MOVED_FOR = 3, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of feeds.yaml."""

    id: str
    type: SourceType
    url: str
    kind: SourceKind
    name: str | None = None
    vendor: str | None = None
    every: timedelta = timedelta(minutes=30)
    full_text: FullText = FullText.ON_MATCH
    language: str | None = None
    named_every: bool = False  # the operator named ``every``: it holds whatever the source does
    selector: str | None = None  # CSS, for blog and policy: where the links or the text stand
    access: Access | None = None  # what it asks of those who read it

    @property
    def label(self) -> str:
        """The name to show."""
        return self.name or self.id


class Health(StrEnum):
    """How a source fares. ``new``: never polled. ``quiet``: answers, but nothing new for unusually long."""

    NEW = "new"
    OK = "ok"
    PARTIAL = "partial"  # answered with a feed that was cut short; what came was read
    FAILING = "failing"
    BLOCKED = "blocked"
    QUIET = "quiet"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class HttpState:
    """What the next conditional GET needs, and what spares parsing an unchanged body."""

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    moved_to: str | None = None  # target of a permanent redirect, and how often it was seen in a row
    moved_seen: int = 0
    moved_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the record knows of a source. All times are aware and in UTC.

    ``first_success`` None means that the next success is the first sight, which is no news (rule 6 of the design).
    """

    source_id: str
    http: HttpState = HttpState()
    health: Health = Health.NEW
    health_since: datetime | None = None
    next_due: datetime | None = None
    last_polled: datetime | None = None
    first_success: datetime | None = None
    last_success: datetime | None = None
    last_new_post: datetime | None = None
    failures: int = 0  # in a row
    trouble: FetchTrouble | None = None
    detail: str | None = None
    title: str | None = None  # the feed's own
    polls: int = 0
    not_modified: int = 0

    @property
    def proposed_url(self) -> str | None:
        """The address that should stand in feeds.yaml: a permanent redirect led there three times, over a day."""
        http = self.http
        seen_for = self.last_polled - http.moved_since if self.last_polled and http.moved_since else timedelta()
        return http.moved_to if http.moved_seen >= MOVED_TIMES and seen_for >= MOVED_FOR else None

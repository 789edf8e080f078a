"""The tables as statements need them: columns and their types. Made by ``storage.generate`` from the models.

Importing the models themselves, with SQLModel and the ORM, would take longer than a poll in which nothing changed.
"""

from sqlalchemy import JSON, Boolean, Column, Date, Integer, MetaData, String, Table

from storage.types import Moment, Packed, choice
from watcher.core.change import Change
from watcher.core.delivery import DeliveryKind, DeliveryState
from watcher.core.errors import FetchTrouble
from watcher.core.modality import Shift
from watcher.core.review import Ruling
from watcher.core.source import Health
from watcher.core.statement import Audience, Position

_METADATA = MetaData()

SOURCE_STATES = Table(
    "source_states",
    _METADATA,
    Column("source_id", String, primary_key=True),
    Column("etag", String),
    Column("last_modified", String),
    Column("body_sha256", String),
    Column("moved_to", String),
    Column("moved_seen", Integer),
    Column("moved_since", Moment),
    Column("health", choice(Health, "health", check=False)),
    Column("health_since", Moment),
    Column("next_due", Moment),
    Column("last_polled", Moment),
    Column("first_success", Moment),
    Column("last_success", Moment),
    Column("last_new_post", Moment),
    Column("failures", Integer),
    Column("trouble", choice(FetchTrouble, "trouble", check=False)),
    Column("detail", String),
    Column("title", String),
    Column("polls", Integer),
    Column("not_modified", Integer),
)

POSTS = Table(
    "posts",
    _METADATA,
    Column("title", String),
    Column("text", String),
    Column("url", String),
    Column("address", String),
    Column("published", Moment),
    Column("seen", Moment),
    Column("complete", Boolean),
    Column("published_raw", String),
    Column("language", String),
    Column("baseline", Boolean),
    Column("digest", String),
    Column("id", String, primary_key=True),
    Column("source_id", String),
    Column("key", String),
    Column("version", Integer),
    Column("unread", Boolean),
)

POST_VERSIONS = Table(
    "post_versions",
    _METADATA,
    Column("title", String),
    Column("text", String),
    Column("url", String),
    Column("address", String),
    Column("published", Moment),
    Column("seen", Moment),
    Column("complete", Boolean),
    Column("published_raw", String),
    Column("language", String),
    Column("baseline", Boolean),
    Column("digest", String),
    Column("post_id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
)

READINGS = Table(
    "readings",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("post_id", String),
    Column("version", Integer),
    Column("read_at", Moment),
    Column("rules", String),
    Column("note", String),
)

VERDICTS = Table(
    "verdicts",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("reading_id", Integer),
    Column("vendor", String),
    Column("position", choice(Position, "position", check=False)),
    Column("audience", choice(Audience, "audience", check=False)),
    Column("quote", String),
    Column("start", Integer),
    Column("end", Integer),
    Column("rule", String),
    Column("product", String),
    Column("jurisdiction", String),
    Column("until", Date),
    Column("condition", String),
    Column("announced", Date),
    Column("fresh", Boolean),
    Column("own_voice", Boolean),
    Column("deal", Boolean),
    Column("before", String),
    Column("shift", choice(Shift, "shift", check=False)),
    Column("page_dated", Date),
    Column("assumed", Boolean),
    Column("to_all", Boolean),
    Column("change", choice(Change, "change", check=False)),
    Column("reason", String),
    Column("told", Boolean),
    Column("previous", JSON(none_as_null=True)),
    Column("joins", String),
)

STANCES = Table(
    "stances",
    _METADATA,
    Column("id", String, primary_key=True),
    Column("vendor", String),
    Column("audience", choice(Audience, "audience", check=False)),
    Column("position", choice(Position, "position", check=False)),
    Column("held_from", Date),
    Column("recorded_at", Moment),
    Column("origin", String),
    Column("product", String),
    Column("jurisdiction", String),
    Column("until", Date),
    Column("condition", String),
    Column("quote", String),
    Column("url", String),
    Column("source", String),
    Column("own_voice", Boolean),
    Column("confidence", String),
    Column("note", String),
    Column("withdrawn", Boolean),
    Column("deal", Boolean),
    Column("retracts", String),
    Column("sequence", Integer),
)

EVIDENCE = Table(
    "evidence",
    _METADATA,
    Column("id", String, primary_key=True),
    Column("stance_id", String),
    Column("url", String),
    Column("source", String),
    Column("quote", String),
    Column("stated_on", Date),
    Column("recorded_at", Moment),
    Column("origin", String),
    Column("own_voice", Boolean),
)

ALERTS = Table(
    "alerts",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String),
    Column("vendor", String),
    Column("vendor_name", String),
    Column("changes", JSON),
    Column("reason", String),
    Column("at", Moment),
    Column("post_id", String),
    Column("title", String),
    Column("url", String),
    Column("source_id", String),
    Column("source_name", String),
    Column("source_kind", String),
    Column("published", Moment),
    Column("own_voice", Boolean),
    Column("rule", String),
)

REPORTS = Table(
    "alert_reports",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert_key", String),
    Column("post_id", String),
    Column("url", String),
    Column("source_id", String),
    Column("source_name", String),
    Column("title", String),
    Column("quote", String),
    Column("at", Moment),
    Column("own_voice", Boolean),
)

DELIVERIES = Table(
    "deliveries",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert_key", String),
    Column("channel", String),
    Column("state", choice(DeliveryState, "state", check=False)),
    Column("created", Moment),
    Column("due", Moment),
    Column("attempts", Integer),
    Column("sent_at", Moment),
    Column("receipt", String),
    Column("error", String),
    Column("kind", choice(DeliveryKind, "kind", check=False)),
    Column("post_id", String),
    Column("since", Moment),
)

CAPTURES = Table(
    "captures",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", String),
    Column("taken", Moment),
    Column("seen_last", Moment),
    Column("url", String),
    Column("title", String),
    Column("text", String),
    Column("sha256", String),
    Column("extractor", String),
    Column("raw", Packed),
    Column("headers", JSON),
    Column("absent", String),
    Column("of_record", Boolean),
)

ABSENCES = Table(
    "absences",
    _METADATA,
    Column("id", String, primary_key=True),
    Column("source_id", String),
    Column("text", String),
    Column("heading", String),
    Column("lead_in", String),
    Column("successor", String),
    Column("reason", String),
    Column("gone_since", Moment),
    Column("agreed", Moment),
    Column("confirmed", Moment),
    Column("returned", Moment),
)

NOTICES = Table(
    "notices",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("key", String),
    Column("kind", String),
    Column("at", Moment),
    Column("title", String),
    Column("lines", JSON),
    Column("vendor", String),
    Column("url", String),
    Column("severity", String),
)

REMARKS = Table(
    "alert_remarks",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("alert_key", String),
    Column("at", Moment),
    Column("text", String),
)

CONDITIONS = Table(
    "conditions",
    _METADATA,
    Column("name", String, primary_key=True),
    Column("since", Moment),
    Column("detail", String),
    Column("mended", Moment),
)

SUBSCRIBERS = Table(
    "subscribers",
    _METADATA,
    Column("address", String, primary_key=True),
    Column("since", Moment),
    Column("vendors", JSON),
    Column("zone", String),
    Column("stopped", Moment),
    Column("configured", Boolean),
)

LETTERS = Table(
    "letters",
    _METADATA,
    Column("id", Integer, primary_key=True),
    Column("address", String),
    Column("week", String),
    Column("begin", Moment),
    Column("end", Moment),
    Column("created", Moment),
    Column("state", choice(DeliveryState, "state", check=False)),
    Column("due", Moment),
    Column("attempts", Integer),
    Column("sent_at", Moment),
    Column("error", String),
)

KEYS = Table(
    "keys",
    _METADATA,
    Column("name", String, primary_key=True),
    Column("value", String),
)

REVIEWS = Table(
    "reviews",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String),
    Column("alert_key", String),
    Column("ruling", choice(Ruling, "ruling", check=False)),
    Column("by_name", String),
    Column("by_id", String),
    Column("at", Moment),
    Column("request", String),
    Column("note", String),
)

MUTES = Table(
    "mutes",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String),
    Column("vendor", String),
    Column("at", Moment),
    Column("until", Moment),
    Column("by_name", String),
    Column("by_id", String),
    Column("request", String),
)

PROPOSALS = Table(
    "proposals",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String),
    Column("rule", String),
    Column("ruling", choice(Ruling, "ruling", check=False)),
    Column("phrase", String),
    Column("rejected", JSON),
    Column("at", Moment),
    Column("posts", Integer),
    Column("removed", JSON),
    Column("added", Integer),
    Column("confirmed", JSON),
)

ECHOES = Table(
    "echoes",
    _METADATA,
    Column("review_id", String, primary_key=True),
    Column("post_id", String, primary_key=True),
    Column("at", Moment),
)

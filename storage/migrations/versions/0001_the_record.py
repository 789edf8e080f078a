"""The record: sources, posts, readings, the ledger, alerts, deliveries, captures.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    make_source_states()
    make_posts()
    make_post_versions()
    make_readings()
    make_verdicts()
    make_stances()
    make_evidence()
    make_alerts()
    make_alert_reports()
    make_deliveries()
    make_captures()
    for table in ("stances", "evidence"):
        if op.get_bind().dialect.name == "sqlite":
            guard_on_sqlite(table)
        else:
            guard_on_postgres(table)


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the ledger is never deleted")


def guard_on_sqlite(table: str) -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table}: rows are added, never changed'); END"
        )
    # INSERT OR REPLACE deletes the old row without firing a trigger for it, so a row that is there is left alone here.
    op.execute(
        f"CREATE TRIGGER {table}_refuse_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) BEGIN SELECT RAISE(IGNORE); END"
    )


def guard_on_postgres(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: rows are added, never changed'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()"
    )


def make_source_states() -> None:
    op.create_table(
        "source_states",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=True),
        sa.Column("last_modified", sa.String(), nullable=True),
        sa.Column("body_sha256", sa.String(), nullable=True),
        sa.Column("moved_to", sa.String(), nullable=True),
        sa.Column("moved_seen", sa.Integer(), nullable=False),
        sa.Column(
            "health", one_of("health", "new", "ok", "partial", "failing", "blocked", "quiet", "gone"), nullable=False
        ),
        sa.Column("health_since", MOMENT, nullable=True),
        sa.Column("next_due", MOMENT, nullable=True),
        sa.Column("last_polled", MOMENT, nullable=True),
        sa.Column("first_success", MOMENT, nullable=True),
        sa.Column("last_success", MOMENT, nullable=True),
        sa.Column("last_new_post", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "trouble",
            one_of(
                "trouble",
                "network",
                "timeout",
                "server",
                "throttled",
                "blocked",
                "gone",
                "too-large",
                "unsafe",
                "redirects",
                "unreadable",
            ),
            nullable=True,
        ),
        sa.Column("detail", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("not_modified", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_states")),
    )


def make_posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("published_raw", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    op.create_index(op.f("ix_posts_address"), "posts", ["address"])
    op.create_index(
        "ix_posts_unread",
        "posts",
        ["published", "seen", "id"],
        sqlite_where=sa.text("unread = 1"),
        postgresql_where=sa.text("unread = true"),
    )


def make_post_versions() -> None:
    op.create_table(
        "post_versions",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("published_raw", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("baseline", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_post_versions_post_id_posts")),
        sa.PrimaryKeyConstraint("post_id", "version", name=op.f("pk_post_versions")),
    )
    op.create_index(op.f("ix_post_versions_address"), "post_versions", ["address"])


def make_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_readings_post_id_posts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_post_id"), "readings", ["post_id"])


def make_verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column(
            "position", one_of("position", "exit", "ban", "moratorium", "restrict", "allow", "advocate"), nullable=False
        ),
        sa.Column(
            "audience", one_of("audience", "police", "government", "business", "consumers", "everyone"), nullable=False
        ),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("jurisdiction", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("condition", sa.String(), nullable=True),
        sa.Column("announced", sa.Date(), nullable=True),
        sa.Column("fresh", sa.Boolean(), nullable=False),
        sa.Column("own_voice", sa.Boolean(), nullable=False),
        sa.Column("deal", sa.Boolean(), nullable=False),
        sa.Column(
            "change",
            one_of(
                "change",
                "announced",
                "tightened",
                "loosened",
                "extended",
                "amended",
                "withdrawn",
                "lapsed",
                "reiterated",
                "background",
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("previous", sa.JSON(), nullable=True),
        sa.Column("joins", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], name=op.f("fk_verdicts_reading_id_readings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_reading_id"), "verdicts", ["reading_id"])


def make_stances() -> None:
    op.create_table(
        "stances",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column(
            "audience", one_of("audience", "police", "government", "business", "consumers", "everyone"), nullable=False
        ),
        sa.Column(
            "position", one_of("position", "exit", "ban", "moratorium", "restrict", "allow", "advocate"), nullable=False
        ),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=True),
        sa.Column("jurisdiction", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("condition", sa.String(), nullable=True),
        sa.Column("quote", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("own_voice", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("deal", sa.Boolean(), nullable=False),
        sa.Column("retracts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stances")),
    )
    op.create_index(op.f("ix_stances_vendor"), "stances", ["vendor"])


def make_evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("stance_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("stated_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("own_voice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["stance_id"], ["stances.id"], name=op.f("fk_evidence_stance_id_stances")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_stance_id"), "evidence", ["stance_id"])


def make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("vendor_name", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_kind", sa.String(), nullable=False),
        sa.Column("published", MOMENT, nullable=False),
        sa.Column("own_voice", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("key", name=op.f("uq_alerts_key")),
    )
    op.create_index(op.f("ix_alerts_vendor_published"), "alerts", ["vendor", "published"])


def make_alert_reports() -> None:
    op.create_table(
        "alert_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_key", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("own_voice", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["alert_key"], ["alerts.key"], name=op.f("fk_alert_reports_alert_key_alerts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_reports")),
        sa.UniqueConstraint("alert_key", "post_id", name=op.f("uq_alert_reports_alert_key_post_id")),
    )


def make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", one_of("state", "pending", "sending", "unknown", "sent", "given-up"), nullable=False),
        sa.Column("created", MOMENT, nullable=True),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["alert_key"], ["alerts.key"], name=op.f("fk_deliveries_alert_key_alerts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("alert_key", "channel", name=op.f("uq_deliveries_alert_key_channel")),
    )
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["id"],
        sqlite_where=sa.text("(state NOT IN ('sent', 'given-up'))"),
        postgresql_where=sa.text("(state NOT IN ('sent', 'given-up'))"),
    )


def make_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("taken", MOMENT, nullable=False),
        sa.Column("seen_last", MOMENT, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("extractor", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_source_id_taken"), "captures", ["source_id", "taken"])

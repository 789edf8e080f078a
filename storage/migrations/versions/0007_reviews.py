"""What people say of alerts: reviews, mutes, proposals for rules, and where rejected sentences stood again.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    make_reviews()
    make_mutes()
    make_proposals()
    op.create_table(
        "echoes",
        sa.Column("review_id", sa.String(), nullable=False),
        sa.Column("post_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_echoes_post_id_posts")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_echoes_review_id_reviews")),
        sa.PrimaryKeyConstraint("review_id", "post_id", name=op.f("pk_echoes")),
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the ledger is never deleted")


def ruling() -> sa.Enum:
    return sa.Enum(
        "confirm", "not-a-change", "not-this-vendor",
        name="ruling", native_enum=False, create_constraint=True, length=32,
    )  # fmt: skip


def make_reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("alert_key", sa.String(), nullable=False),
        sa.Column("ruling", ruling(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["alert_key"], ["alerts.key"], name=op.f("fk_reviews_alert_key_alerts")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reviews")),
        sa.UniqueConstraint("id", name=op.f("uq_reviews_id")),
    )
    op.create_index(op.f("ix_reviews_alert_key"), "reviews", ["alert_key"])


def make_mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("by_id", sa.String(), nullable=True),
        sa.Column("request", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_mutes")),
        sa.UniqueConstraint("id", name=op.f("uq_mutes_id")),
    )


def make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("ruling", ruling(), nullable=False),
        sa.Column("phrase", sa.String(), nullable=True),
        sa.Column("rejected", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_proposals")),
        sa.UniqueConstraint("id", name=op.f("uq_proposals_id")),
    )

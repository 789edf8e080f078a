"""The outbox: notices, replies and edits beside alerts; what is written beneath an alert.

Deliveries now name notices as well as alerts, so they no longer refer to the table of alerts.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("(state NOT IN ('sent', 'given-up'))")
ONE = ["alert_key", "channel", "kind", "post_id"]


def upgrade() -> None:
    make_notices()
    make_remarks()
    kind = sa.Enum("alert", "notice", "report", "edit", name="kind", native_enum=False, create_constraint=True, length=32)
    op.drop_index("ix_deliveries_open", "deliveries")
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.drop_constraint("fk_deliveries_alert_key_alerts", type_="foreignkey")
        deliveries.drop_constraint("uq_deliveries_alert_key_channel", type_="unique")
        deliveries.add_column(sa.Column("kind", kind, server_default="alert", nullable=False))
        deliveries.add_column(sa.Column("post_id", sa.String(), server_default="", nullable=False))
        deliveries.add_column(sa.Column("since", MOMENT, nullable=True))
        deliveries.create_unique_constraint(op.f("uq_deliveries_alert_key_channel_kind_post_id"), ONE)
    op.create_index("ix_deliveries_open", "deliveries", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(op.f("ix_deliveries_channel_receipt"), "deliveries", ["channel", "receipt"])


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the ledger is never deleted")


def make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("vendor", sa.String(), nullable=True),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("severity", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )


def make_remarks() -> None:
    op.create_table(
        "alert_remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_key", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["alert_key"], ["alerts.key"], name=op.f("fk_alert_remarks_alert_key_alerts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_remarks")),
    )
    op.create_index(op.f("ix_alert_remarks_alert_key"), "alert_remarks", ["alert_key"])

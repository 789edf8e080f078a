"""What went from policy pages, the headers of captures, and the sentences that edits replaced.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
PENDING = sa.text("confirmed IS NULL AND returned IS NULL")


def upgrade() -> None:
    make_absences()
    with op.batch_alter_table("captures") as captures:
        captures.add_column(sa.Column("headers", sa.JSON(), server_default="{}", nullable=False))
        captures.add_column(sa.Column("absent", sa.String(), nullable=True))
        captures.add_column(sa.Column("of_record", sa.Boolean(), server_default=sa.true(), nullable=False))
    shift = sa.Enum(
        "weaker", "stronger", "terms", name="shift", native_enum=False, create_constraint=True, length=32
    )
    with op.batch_alter_table("verdicts") as verdicts:
        verdicts.add_column(sa.Column("before", sa.String(), nullable=True))
        verdicts.add_column(sa.Column("shift", shift, nullable=True))
        verdicts.add_column(sa.Column("page_dated", sa.Date(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the ledger is never deleted")


def make_absences() -> None:
    op.create_table(
        "absences",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=True),
        sa.Column("lead_in", sa.String(), nullable=True),
        sa.Column("successor", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("gone_since", MOMENT, nullable=False),
        sa.Column("agreed", MOMENT, nullable=True),
        sa.Column("confirmed", MOMENT, nullable=True),
        sa.Column("returned", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_source_id_gone_since"), "absences", ["source_id", "gone_since"])
    op.create_index(
        "ix_absences_pending", "absences", ["source_id"], sqlite_where=PENDING, postgresql_where=PENDING
    )

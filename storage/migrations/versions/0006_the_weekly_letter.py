"""The weekly letter: subscribers, letters, and the key that signs their links.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = ("pending", "sending", "unknown", "sent", "given-up")


def upgrade() -> None:
    op.create_table(
        "subscribers",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("vendors", sa.JSON(), nullable=False),
        sa.Column("zone", sa.String(), nullable=True),
        sa.Column("stopped", MOMENT, nullable=True),
        sa.Column("configured", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_subscribers")),
    )
    op.create_table(
        "keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_keys")),
    )
    op.create_table(
        "letters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("begin", MOMENT, nullable=False),
        sa.Column("end", MOMENT, nullable=False),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column(
            "state", sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column("due", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint("address", "week", name=op.f("uq_letters_address_week")),
    )


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the ledger is never deleted")

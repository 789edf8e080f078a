"""Since when a permanent redirect leads to the same address.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source_states", sa.Column("moved_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("go back by restoring a backup: the ledger is never deleted")

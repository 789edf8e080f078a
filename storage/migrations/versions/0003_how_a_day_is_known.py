"""How a statement's day and audience are known; the order in which stances were written down.

Verdicts given before say nothing of either: their days count as named, and their audiences as read. Stances written
before keep no order among those of one day that were known at one moment.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("assumed", "to_all"):
        op.add_column("verdicts", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("stances", sa.Column("sequence", sa.Integer(), nullable=True))

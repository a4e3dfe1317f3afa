"""Searches that are saved, and what of them, and of the state of offices, was told to whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add both tables."""
    op.create_table(
        "saved_searches",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime, nullable=False),
        sa.Column("change_id", sa.Integer, nullable=False),
        sa.Column("capture_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_saved_searches"),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("sent_at", sa.DateTime, nullable=False),
        sa.Column("change_id", sa.Integer),
        sa.Column("capture_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("target", "subject", name="uq_notices_target_subject"),
    )

"""Readings are sealed: a digest of all their columns tells damage to any of them.

Those of before have none: what they held when they were read, nobody can vouch for any more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column."""
    op.add_column("readings", sa.Column("digest", sa.Text, nullable=True))

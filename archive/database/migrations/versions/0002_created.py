"""When the site's JSON says that a page was created."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, DateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; archives made before hold no such JSON."""
    op.add_column("sightings", Column("created", DateTime))

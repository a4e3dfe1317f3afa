"""What a run met at one office is found by an index, not by reading all that the run captured."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Put the office behind the run in the index of captures."""
    op.drop_index("ix_captures_run_id", "captures")
    op.create_index("ix_captures_run_id_site_id", "captures", ["run_id", "site_id"])

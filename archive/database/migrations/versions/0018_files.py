"""The files that articles offer: what is known of each, and which capture brought it for which
link."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

CAPTURE = sa.ForeignKey("captures.id", name="fk_file_captures_capture_id_captures")
FILE = sa.ForeignKey("files.digest", name="fk_file_captures_file_digest_files")


def upgrade() -> None:
    """Add the tables; the bytes are in a folder of their own."""
    size = sa.BigInteger().with_variant(sa.Integer, "sqlite")
    op.create_table(
        "files",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("size", size, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("text_state", sa.Text, nullable=False),
        sa.Column("stored_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_files"),
    )
    op.create_table(
        "file_captures",
        sa.Column("capture_id", sa.Integer, CAPTURE, nullable=False),
        sa.Column("link_digest", sa.Text, nullable=False),
        sa.Column("file_digest", sa.Text, FILE),
        sa.PrimaryKeyConstraint("capture_id", name="pk_file_captures"),
    )
    op.create_index("ix_file_captures_link_digest", "file_captures", ["link_digest"])
    op.create_index("ix_file_captures_file_digest", "file_captures", ["file_digest"])

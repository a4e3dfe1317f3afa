"""Texts that are nearly the same: what they are found by, which they are, and of what kind a
cluster is.

The tables stay empty here: `archive.derive.pairs` fills them as texts come, the oldest first, and
`kpu-archive upgrade` for all at once.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make `text_bands` and `text_pairs`, add which words are credits, and kinds of clusters."""
    op.add_column("texts", sa.Column("credits", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("clusters", sa.Column("kind", sa.Text, nullable=False, server_default="copy"))
    for name in ("text_bands", "recent_bands"):
        op.create_table(
            name,
            sa.Column("band", sa.BigInteger, nullable=False),
            sa.Column("text_id", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("band", "text_id", name=f"pk_{name}"),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "text_pairs",
        _refer_to_text("text_id"),
        _refer_to_text("other_id"),
        sa.Column("similarity", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("text_id", "other_id", name="pk_text_pairs"),
    )


def _refer_to_text(name: str) -> sa.Column[int]:
    key = sa.ForeignKey("texts.id", name=f"fk_text_pairs_{name}_texts")
    return sa.Column(name, sa.Integer, key, nullable=False)

"""The search index leaves the database: what changes is logged for it instead; readings tell when
they were made, and articles can be withheld."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WITHHELD_PAGE = sa.ForeignKey("pages.id", name="fk_withheld_page_id_pages")


def upgrade() -> None:
    """Drop both engines' tables of words, and what told by which tokeniser they were made."""
    op.execute("DROP TABLE IF EXISTS article_fts")
    op.execute("DROP TABLE IF EXISTS article_tsv")
    op.execute("DELETE FROM settings WHERE name = 'tokeniser'")
    op.add_column("readings", sa.Column("read_at", sa.DateTime))
    op.create_table(
        "change_log",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("page_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change_log"),
        sa.UniqueConstraint("page_id", name="uq_change_log_page_id"),
    )
    op.create_table(
        "withheld",
        sa.Column("page_id", sa.Integer, WITHHELD_PAGE, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("withheld_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("page_id", name="pk_withheld"),
    )

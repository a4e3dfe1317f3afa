"""What was learnt of the templates of offices, and which of it each reading used; and the category
of articles whose pages print none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

VIEW = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = 'articles'",
    "postgresql": "SELECT 'CREATE VIEW articles AS ' || pg_get_viewdef('articles'::regclass)",
}
PRINTED = """
UPDATE documents SET category = (
    SELECT readings.category FROM readings WHERE readings.id = documents.reading_id
)
"""
"""What pages print; what listings tell beside is found when they are derived again."""


def upgrade() -> None:
    """Add the table, and make the layout a part of what tells readings apart.

    SQLite makes `readings` anew for it, beneath the view of articles.
    """
    _make_table()
    connection = op.get_bind()
    view = connection.execute(sa.text(VIEW[connection.dialect.name])).scalar_one()
    op.execute("DROP VIEW articles")
    with op.batch_alter_table("readings") as batch:
        batch.add_column(sa.Column("layout", sa.Text, nullable=False, server_default=""))
        batch.add_column(sa.Column("layout_group", sa.Text))
        batch.drop_constraint("uq_readings_capture_id_reader_version", type_="unique")
        batch.create_unique_constraint(
            "uq_readings_capture_id_reader_version_layout",
            ["capture_id", "reader_version", "layout"],
        )
    op.add_column("documents", sa.Column("category", sa.Text))
    connection.exec_driver_sql(PRINTED)
    connection.exec_driver_sql(view.replace("readings.category", "documents.category"))


def _make_table() -> None:
    op.create_table(
        "layouts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column(
            "site_id",
            sa.Integer,
            sa.ForeignKey("sites.id", name="fk_layouts_site_id_sites"),
            nullable=False,
        ),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("reader_version", sa.Text, nullable=False),
        sa.Column("captures", sa.JSON, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("group_count", sa.Integer, nullable=False),
        sa.Column("borrowed_from", sa.Text, nullable=False, server_default=""),
        sa.Column("learnt_at", sa.DateTime, nullable=False),
        sa.Column("checked_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_layouts"),
        sa.UniqueConstraint("site_id", "digest", name="uq_layouts_site_id_digest"),
    )

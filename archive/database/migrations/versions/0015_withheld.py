"""What is withheld leaves the view of articles, and can be erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

VIEW = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = 'articles'",
    "postgresql": "SELECT 'CREATE VIEW articles AS ' || pg_get_viewdef('articles'::regclass)",
}
SHOWN = """
WHERE NOT EXISTS (SELECT 1 FROM withheld WHERE withheld.page_id = documents.page_id)
"""


def upgrade() -> None:
    """Add the time of erasing, and make the view anew without what is withheld."""
    op.add_column("withheld", sa.Column("erased_at", sa.DateTime))
    connection = op.get_bind()
    view = connection.execute(sa.text(VIEW[connection.dialect.name])).scalar_one()
    connection.exec_driver_sql("DROP VIEW articles")
    connection.exec_driver_sql(view.rstrip().rstrip(";") + SHOWN)

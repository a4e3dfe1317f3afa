"""What is doubted about a capture lasts; a 304 is worth what it was validated against.

Earlier 304s count where the page's last bytes were an article's: those after a page that says that
it is missing never meant that the article was back.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"

COLUMNS = (
    "ALTER TABLE captures ADD COLUMN validated_id INTEGER",
    "ALTER TABLE captures ADD COLUMN is_closed BOOLEAN",
    "ALTER TABLE documents ADD COLUMN doubts JSON NOT NULL DEFAULT '[]'",
)
VALIDATED = """
UPDATE captures SET validated_id = (
    SELECT one.id FROM captures AS one
    WHERE one.page_id = captures.page_id AND one.status = 200 AND one.answer = 'article'
        AND one.fetched_at = (
            SELECT max(held.fetched_at) FROM captures AS held
            WHERE held.page_id = captures.page_id AND held.status = 200
                AND held.fetched_at < captures.fetched_at
        )
    ORDER BY one.id DESC LIMIT 1
) WHERE status = 304
"""
UNASKED = "UPDATE captures SET answer = 'failed' WHERE status = 304 AND validated_id IS NULL"


def upgrade() -> None:
    """Add the columns, and tie earlier 304s to what they confirmed."""
    connection = op.get_bind()
    for statement in (*COLUMNS, VALIDATED, UNASKED):
        connection.exec_driver_sql(statement)

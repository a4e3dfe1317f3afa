"""What shows that a page is an office's own, and the doubts that stay with an article.

Of before nobody looked for marks. That a number showed another article gets a field of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

REUSED = """
UPDATE problems SET field = 'reused'
WHERE field = 'page' AND why LIKE 'Its number showed another article before%'
"""
DOUBTED = """
UPDATE documents SET doubts = '["reused"]' WHERE page_id IN (
    SELECT captures.page_id FROM problems JOIN captures ON captures.id = problems.capture_id
    WHERE problems.field = 'reused'
)
"""


def upgrade() -> None:
    """Add the column, and note which articles have a number that showed another."""
    op.add_column("readings", sa.Column("marks", sa.JSON, nullable=True))
    connection = op.get_bind()
    connection.execute(sa.text(REUSED))
    connection.execute(sa.text(DOUBTED))

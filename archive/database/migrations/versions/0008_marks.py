"""What shows that a page is an office's own, and the doubts that stay with an article.

Of before nobody looked for marks. That a number showed another article gets a field of its own; its
articles say so with `kpu-archive upgrade`, which tells the search index as well.
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


def upgrade() -> None:
    """Add the column, and name the problems of numbers that showed another article."""
    op.add_column("readings", sa.Column("marks", sa.JSON, nullable=True))
    op.get_bind().execute(sa.text(REUSED))

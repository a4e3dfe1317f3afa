"""What each capture is, and how each office fares since each visit: named once, when it is written.

Rows of before are named as the program of then would have; `kpu-archive rebuild` names them
exactly.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ANSWERS = """
UPDATE captures SET answer = CASE
    WHEN error LIKE 'refused by robots.txt%' THEN 'robots'
    WHEN error IS NOT NULL THEN 'failed'
    WHEN status IN (401, 403, 407, 429, 451) OR EXISTS (
        SELECT 1 FROM problems WHERE problems.capture_id = captures.id AND problems.field = 'access'
    ) THEN 'blocked'
    WHEN canonical = '/robots.txt' AND status < 500 THEN 'rules'
    WHEN status IN (404, 410) THEN
        CASE WHEN canonical LIKE '/api/blogs/%' THEN 'page' ELSE 'missing' END
    WHEN {kind} = 'maintenance' THEN 'maintenance'
    WHEN status >= 400 THEN 'failed'
    WHEN status = 304 THEN 'unchanged'
    WHEN status >= 300 THEN 'redirect'
    WHEN {kind} = 'missing' THEN
        CASE WHEN canonical LIKE '/api/blogs/%' THEN 'page' ELSE 'missing' END
    WHEN page_id IS NOT NULL AND {kind} = 'article' THEN 'article'
    WHEN page_id IN (SELECT id FROM pages WHERE route IN ('page', 'url')) THEN 'page'
    WHEN page_id IS NOT NULL THEN 'unread'
    WHEN canonical = '/' THEN 'page'
    WHEN items_digest IS NOT NULL THEN 'listing'
    WHEN canonical LIKE '/api/blogs/%' THEN 'page'
    ELSE 'empty'
END
"""
KIND = """(
    SELECT kind FROM readings WHERE readings.capture_id = captures.id ORDER BY id DESC LIMIT 1
)"""
STATES = """
UPDATE visits SET state = CASE
    WHEN exit_code = 4 THEN 'down'
    WHEN exit_code = 5 THEN 'blocked'
    WHEN exit_code = 6 THEN 'maintenance'
    WHEN exit_code = 7 THEN 'reader broken'
    ELSE 'fine'
END
"""


def upgrade() -> None:
    """Add the columns and name what is there."""
    op.add_column("captures", sa.Column("answer", sa.Text, nullable=False, server_default=""))
    op.add_column("visits", sa.Column("state", sa.Text, nullable=False, server_default="fine"))
    op.add_column("visits", sa.Column("cut", sa.Boolean, nullable=False, server_default=sa.false()))
    connection = op.get_bind()
    connection.execute(sa.text(ANSWERS.format(kind=KIND)))
    connection.execute(sa.text(STATES))
    connection.execute(sa.text("UPDATE visits SET cut = outcome LIKE '%: cut short; %'"))
    _name_ways_out(connection)


def _name_ways_out(connection: sa.Connection) -> None:
    """Tell redirects to another host from those within one."""
    query = "SELECT id, url, answered_url FROM captures WHERE answer = 'redirect'"
    for id_, url, target in connection.execute(sa.text(query)).all():
        if target and urlsplit(url).hostname != urlsplit(target).hostname:
            statement = sa.text("UPDATE captures SET answer = 'away' WHERE id = :id")
            connection.execute(statement, {"id": id_})

"""What shows that a page is an office's own, and the doubts that stay with an article.

Of before nobody looked for marks. That a number showed another article gets a field of its own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0005"

LISTED = {
    "sqlite": "(SELECT group_concat(value, '; ') FROM json_each({}))",
    "postgresql": "(SELECT string_agg(name, '; ' ORDER BY place)"
    " FROM json_array_elements_text({}) WITH ORDINALITY AS listed (name, place))",
}
ARTICLES = """
CREATE VIEW articles AS
SELECT
    sites.label AS site,
    CASE WHEN pages.route = 'blog' THEN pages.key ELSE pages.route || ':' || pages.key END AS page,
    pages.url AS url,
    texts.title AS title,
    texts.body AS body,
    readings.category AS category,
    readings.section AS section,
    {writers} AS writers,
    readings.role AS role,
    readings.editor AS editor,
    coalesce(readings.byline_unit, readings.dateline_unit) AS unit,
    readings.place AS place,
    documents.published_earliest AS published_earliest,
    documents.published_latest AS published_latest,
    documents.published_source AS published_source,
    documents.views AS views,
    documents.first_seen AS first_seen,
    documents.last_seen AS last_seen,
    documents.revisions AS revisions,
    clusters.cluster_id AS cluster,
    documents.published_precision AS published_precision,
    {flags} AS published_flags,
    {doubts} AS doubts
FROM documents
JOIN pages ON pages.id = documents.page_id
JOIN sites ON sites.id = documents.site_id
JOIN readings ON readings.id = documents.reading_id
JOIN texts ON texts.id = documents.text_id
LEFT JOIN clusters ON clusters.page_id = documents.page_id
"""
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
    """Add the columns, and show the doubts in the view."""
    op.add_column("readings", sa.Column("marks", sa.JSON, nullable=True))
    op.add_column(
        "documents", sa.Column("doubts", sa.JSON, nullable=False, server_default=sa.text("'[]'"))
    )
    connection = op.get_bind()
    connection.execute(sa.text(REUSED))
    connection.execute(sa.text(DOUBTED))
    listed = LISTED[connection.dialect.name]
    lists = {
        "writers": listed.format("readings.writers"),
        "flags": listed.format("documents.published_flags"),
        "doubts": listed.format("documents.doubts"),
    }
    connection.execute(sa.text("DROP VIEW articles"))
    connection.exec_driver_sql(ARTICLES.format(**lists))

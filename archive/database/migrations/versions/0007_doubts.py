"""What is doubted about a capture lasts; a 304 is worth what it was validated against.

Earlier 304s count where the page's last bytes were an article's: those after a page that says that
it is missing never meant that the article was back.
"""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0005"

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


def upgrade() -> None:
    """Add the columns, tie earlier 304s to what they confirmed, and show doubts in the view."""
    connection = op.get_bind()
    for statement in (*COLUMNS, VALIDATED, UNASKED, "DROP VIEW articles"):
        connection.exec_driver_sql(statement)
    lists = {
        "writers": "readings.writers",
        "flags": "documents.published_flags",
        "doubts": "documents.doubts",
    }
    listed = LISTED[connection.dialect.name]
    told = {name: listed.format(column) for name, column in lists.items()}
    connection.exec_driver_sql(ARTICLES.format(**told))

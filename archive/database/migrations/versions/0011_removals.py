"""The grade of each removal beside the articles, who runs a run, and more columns in `articles`.

The table stays empty here: `archive.derive.removals` fills it, at the end of the next run or with
`kpu-archive upgrade`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

LISTED = {
    "sqlite": "(SELECT group_concat(value, '; ') FROM json_each({}))",
    "postgresql": "(SELECT string_agg(name, '; ' ORDER BY place)"
    " FROM json_array_elements_text({}) WITH ORDINALITY AS listed (name, place))",
}
PATH = {
    "sqlite": "substr(pages.url, 8 + instr(substr(pages.url, 9) || '/', '/'))",
    "postgresql": "substr(pages.url, 8 + strpos(substr(pages.url, 9) || '/', '/'))",
}
"""What follows `https://` and the host, in an address that always begins so."""
ARTICLES = """
CREATE VIEW articles AS
SELECT
    sites.label AS site,
    CASE WHEN pages.route = 'blog' THEN pages.key ELSE pages.route || ':' || pages.key END AS page,
    CASE
        WHEN pages.route = 'jdih' OR sites.host = '' THEN pages.url
        ELSE 'https://' || sites.host || {path}
    END AS url,
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
    {doubts} AS doubts,
    sites.code || '/' || CASE
        WHEN pages.route = 'blog' THEN pages.key ELSE pages.route || ':' || pages.key
    END AS citation,
    removals.grade AS removed,
    removals.since AS removed_since,
    provinces.name AS province,
    sites.name AS office,
    readings.photographer AS photographer
FROM documents
JOIN pages ON pages.id = documents.page_id
JOIN sites ON sites.id = documents.site_id
JOIN readings ON readings.id = documents.reading_id
JOIN texts ON texts.id = documents.text_id
LEFT JOIN clusters ON clusters.page_id = documents.page_id
LEFT JOIN removals ON removals.page_id = documents.page_id AND removals.grade <> 'returned'
LEFT JOIN sites AS provinces ON provinces.code = sites.province_code
"""


def upgrade() -> None:
    """Make the table `removals`, add who runs to `runs`, and make the view anew."""
    op.create_table(
        "removals",
        sa.Column(
            "page_id",
            sa.Integer,
            sa.ForeignKey("pages.id", name="fk_removals_page_id_pages"),
            nullable=False,
        ),
        sa.Column(
            "site_id",
            sa.Integer,
            sa.ForeignKey("sites.id", name="fk_removals_site_id_sites"),
            nullable=False,
        ),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("page_id", name="pk_removals"),
    )
    op.create_index("ix_removals_site_id", "removals", ["site_id"])
    op.add_column("runs", sa.Column("process", sa.Text))
    _make_view(op.get_bind())


def _make_view(connection: sa.Connection) -> None:
    engine = connection.dialect.name
    lists = {
        "writers": "readings.writers",
        "flags": "documents.published_flags",
        "doubts": "documents.doubts",
    }
    parts = {name: LISTED[engine].format(column) for name, column in lists.items()}
    connection.exec_driver_sql("DROP VIEW articles")
    connection.exec_driver_sql(ARTICLES.format(path=PATH[engine], **parts))

"""The first schema: all tables, the search index of each engine, and the view `articles`."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Table(
    "blobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("codec", Text, nullable=False),
    Column("reference_id", Integer, ForeignKey("blobs.id"), index=True),
    Column("size", Integer, nullable=False),
    Column("stored_size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("spider", Text, nullable=False),
    Column("arguments", JSON, nullable=False),
    Column("version", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("proxy", Text),
    Column("started_at", DateTime, nullable=False, index=True),
    Column("ended_at", DateTime),
    Column("exit_code", Integer),
    Column("outcome", Text),
    Column("counts", JSON),
)
Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
Table(
    "sites",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("province_code", Text, nullable=False),
    Column("timezone", Text, nullable=False),
)
Table(
    "texts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("copy_digest", Text, index=True),
    Column("title", Text),
    Column("body", Text, nullable=False),
)
Table(
    "categories",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", Integer, ForeignKey("sites.id"), nullable=False),
    Column("category", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
    UniqueConstraint("site_id", "category", "title"),
)
Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site_id", Integer, ForeignKey("sites.id"), nullable=False),
    Column("route", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("first_seen", DateTime, nullable=False),
    UniqueConstraint("site_id", "route", "key"),
)
Table(
    "site_hosts",
    metadata,
    Column("site_id", Integer, ForeignKey("sites.id"), primary_key=True),
    Column("host", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
)
Table(
    "snapshot_references",
    metadata,
    Column("site_id", Integer, ForeignKey("sites.id"), primary_key=True),
    Column("skeleton", Text, primary_key=True),
    Column("blob_id", Integer, ForeignKey("blobs.id"), nullable=False, index=True),
)
Table(
    "walks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    Column("site_id", Integer, ForeignKey("sites.id"), nullable=False, index=True),
    Column("category", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("walked_at", DateTime, nullable=False),
    UniqueConstraint("run_id", "site_id", "category", "walked_at"),
)
Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("site_id", Integer, ForeignKey("sites.id"), nullable=False),
    Column("page_id", Integer, ForeignKey("pages.id")),
    Column("url", Text, nullable=False),
    Column("answered_url", Text),
    Column("canonical", Text, nullable=False),
    Column("fetched_at", DateTime, nullable=False),
    Column("status", Integer),
    Column("headers", JSON, nullable=False),
    Column("digest", Text),
    Column("blob_id", Integer, ForeignKey("blobs.id"), index=True),
    Column("items_digest", Text),
    Column("same_items_id", Integer, ForeignKey("captures.id"), index=True),
    Column("error", Text),
    Column("tls", Text, nullable=False),
    Column("source", Text, nullable=False),
    UniqueConstraint("site_id", "canonical", "fetched_at", "url"),
    Index("ix_captures_page_id_fetched_at", "page_id", "fetched_at"),
)
Table(
    "clusters",
    metadata,
    Column("page_id", Integer, ForeignKey("pages.id"), primary_key=True),
    Column("cluster_id", Integer, ForeignKey("pages.id"), nullable=False, index=True),
    Column("similarity", Double, nullable=False),
)
Table(
    "links",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("uploaded", DateTime),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
    UniqueConstraint("page_id", "kind", "url"),
)
Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("capture_id", Integer, ForeignKey("captures.id"), nullable=False),
    Column("reader_version", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("template", Text, nullable=False),
    Column("skeleton", Text, nullable=False),
    Column("text_id", Integer, ForeignKey("texts.id"), index=True),
    Column("category", Text),
    Column("section", Text),
    Column("byline", Text),
    Column("writers", JSON, nullable=False),
    Column("role", Text),
    Column("editor", Text),
    Column("photographer", Text),
    Column("byline_unit", Text),
    Column("dateline", Text),
    Column("place", Text),
    Column("dateline_unit", Text),
    Column("dateline_date", Date),
    Column("dateline_date_end", Date),
    Column("dateline_flags", JSON, nullable=False),
    Column("event", Text),
    Column("event_date", Date),
    Column("event_date_end", Date),
    Column("event_flags", JSON, nullable=False),
    Column("published_earliest", Date),
    Column("published_latest", Date),
    Column("published_instant", DateTime),
    Column("published_precision", Text),
    Column("published_source", Text),
    Column("published_evidence", Text),
    Column("published_flags", JSON, nullable=False),
    Column("views", Integer),
    UniqueConstraint("capture_id", "reader_version"),
)
Table(
    "same_as",
    metadata,
    Column("page_id", Integer, ForeignKey("pages.id"), primary_key=True),
    Column("other_page_id", Integer, ForeignKey("pages.id"), primary_key=True),
    Column("capture_id", Integer, ForeignKey("captures.id"), nullable=False, index=True),
    Column("evidence", Text, nullable=False),
)
Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("capture_id", Integer, ForeignKey("captures.id"), nullable=False),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("views", Integer),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
    UniqueConstraint("capture_id", "position"),
)
Table(
    "view_counts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", Integer, ForeignKey("pages.id"), nullable=False),
    Column("capture_id", Integer, ForeignKey("captures.id"), nullable=False, index=True),
    Column("counted_at", DateTime, nullable=False),
    Column("count", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("own_visits", Integer, nullable=False),
    UniqueConstraint("page_id", "capture_id"),
    Index("ix_view_counts_page_id_counted_at", "page_id", "counted_at"),
)
Table(
    "documents",
    metadata,
    Column("page_id", Integer, ForeignKey("pages.id"), primary_key=True),
    Column("site_id", Integer, ForeignKey("sites.id"), nullable=False, index=True),
    Column("reading_id", Integer, ForeignKey("readings.id"), nullable=False, index=True),
    Column("text_id", Integer, ForeignKey("texts.id"), nullable=False, index=True),
    Column("published_earliest", Date, index=True),
    Column("published_latest", Date),
    Column("published_precision", Text),
    Column("published_source", Text),
    Column("published_evidence", Text),
    Column("published_flags", JSON, nullable=False),
    Column("first_seen", DateTime, nullable=False),
    Column("last_seen", DateTime, nullable=False),
    Column("captures", Integer, nullable=False),
    Column("revisions", Integer, nullable=False),
    Column("views", Integer),
)
Table(
    "problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False, index=True),
    Column("site_id", Integer, ForeignKey("sites.id"), nullable=False, index=True),
    Column("capture_id", Integer, ForeignKey("captures.id"), index=True),
    Column("reading_id", Integer, ForeignKey("readings.id"), index=True),
    Column("field", Text, nullable=False),
    Column("seen", Text, nullable=False),
    Column("why", Text, nullable=False),
)

SEARCH = {
    "sqlite": (
        "CREATE VIRTUAL TABLE article_fts USING fts5(title, body, people, facets, content='', "
        "tokenize='ascii')",
    ),
    "postgresql": (
        "CREATE TABLE article_tsv (page_id bigint CONSTRAINT pk_article_tsv PRIMARY KEY"
        " CONSTRAINT fk_article_tsv_page_id_pages REFERENCES pages (id), tokens tsvector NOT NULL)",
        "CREATE INDEX ix_article_tsv_tokens ON article_tsv USING gin (tokens)",
    ),
}
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
    {flags} AS published_flags
FROM documents
JOIN pages ON pages.id = documents.page_id
JOIN sites ON sites.id = documents.site_id
JOIN readings ON readings.id = documents.reading_id
JOIN texts ON texts.id = documents.text_id
LEFT JOIN clusters ON clusters.page_id = documents.page_id
"""


def upgrade() -> None:
    """Make everything."""
    connection = op.get_bind()
    metadata.create_all(connection, checkfirst=False)
    engine = connection.dialect.name
    lists = {"writers": "readings.writers", "flags": "documents.published_flags"}
    articles = ARTICLES.format(
        **{name: LISTED[engine].format(column) for name, column in lists.items()}
    )
    for statement in (*SEARCH[engine], articles):
        connection.exec_driver_sql(statement)

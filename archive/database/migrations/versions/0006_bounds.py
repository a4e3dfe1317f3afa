"""Both engines take the same: unique keys over long texts go by digest, printed numbers have 64
bits, and a snapshot that no longer decodes is known as such."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

DIGESTS: dict[str, dict[str, tuple[str, ...]]] = {
    "categories": {"digest": ("category", "title")},
    "walks": {"category_digest": ("category",)},
    "pages": {"key_digest": ("key",)},
    "captures": {"canonical_digest": ("canonical",), "url_digest": ("url",)},
    "links": {"url_digest": ("url",)},
}
"""Table -> new column -> the columns that it is the digest of, parted by line breaks."""
UNIQUE = {
    "categories": (("site_id", "category", "title"), ("site_id", "digest")),
    "walks": (
        ("run_id", "site_id", "category", "walked_at"),
        ("run_id", "site_id", "category_digest", "walked_at"),
    ),
    "pages": (("site_id", "route", "key"), ("site_id", "route", "key_digest")),
    "captures": (
        ("site_id", "canonical", "fetched_at", "url"),
        ("site_id", "canonical_digest", "fetched_at", "url_digest"),
    ),
    "links": (("page_id", "kind", "url"), ("page_id", "kind", "url_digest")),
}
"""Table -> its unique key before and now."""
COUNTS = {"sightings": "views", "readings": "views", "view_counts": "count", "documents": "views"}
"""Table -> the number as a page printed it."""
VIEW = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'view' AND name = 'articles'",
    "postgresql": "SELECT 'CREATE VIEW articles AS ' || pg_get_viewdef('articles'::regclass)",
}
DIGEST = {
    "sqlite": "sha256_hex({})",
    "postgresql": "encode(sha256(convert_to({}, 'UTF8')), 'hex')",
}


def upgrade() -> None:
    """Change the tables beneath the view of articles, which is made again as it was."""
    connection = op.get_bind()
    engine = connection.dialect.name
    view = connection.execute(sa.text(VIEW[engine])).scalar_one()
    op.execute("DROP VIEW articles")
    if engine == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.create_function("sha256_hex", 1, _digest, deterministic=True)
    for table in DIGESTS:
        _add_digests(table, DIGEST[engine])
        _change_key(table)
    if engine == "postgresql":
        for table, column in COUNTS.items():
            op.alter_column(table, column, type_=sa.BigInteger)
    damaged = sa.Column("damaged", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("blobs", damaged)
    connection.exec_driver_sql(view)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _add_digests(table: str, digest: str) -> None:
    for name, parts in DIGESTS[table].items():
        op.add_column(table, sa.Column(name, sa.Text))
        joined = " || '\n' || ".join(parts)
        op.execute(sa.text(f"UPDATE {table} SET {name} = {digest.format(joined)}"))


def _change_key(table: str) -> None:
    """SQLite makes the table anew for it: `archive.database.engine` has turned its foreign keys
    off."""
    before, now = (f"uq_{table}_{'_'.join(columns)}" for columns in UNIQUE[table])
    with op.batch_alter_table(table) as batch:
        for name in DIGESTS[table]:
            batch.alter_column(name, existing_type=sa.Text, nullable=False)
        batch.drop_constraint(before, type_="unique")
        batch.create_unique_constraint(now, list(UNIQUE[table][1]))

"""Offices move: their present host, the hosts seen and tried, addresses on the present host; and
no passwords of proxies."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"

PRESENT = """
UPDATE sites SET host = coalesce(
    (
        SELECT one.host FROM site_hosts AS one
        WHERE one.site_id = sites.id AND one.host LIKE sites.label || '.%'
        ORDER BY one.last_seen DESC LIMIT 1
    ),
    (
        SELECT one.host FROM site_hosts AS one
        WHERE one.site_id = sites.id ORDER BY one.last_seen DESC LIMIT 1
    ),
    ''
)
"""
"""The host whose first label is the office's, else the last."""
TRIES = """
INSERT INTO host_tries (site_id, host, outcome, said, first_seen, last_seen)
SELECT site_id, host, outcome, min(said), min(fetched_at), max(fetched_at)
FROM (
    SELECT
        captures.site_id AS site_id, site_hosts.host AS host, captures.fetched_at AS fetched_at,
        CASE
            WHEN captures.status < 500 THEN 'answered'
            WHEN captures.error LIKE '%the host name does not resolve%' THEN 'unresolved'
            ELSE 'failed'
        END AS outcome,
        coalesce(CAST(captures.status AS TEXT), captures.error, '') AS said
    FROM captures
    JOIN site_hosts ON site_hosts.site_id = captures.site_id
        AND captures.url LIKE '%://' || site_hosts.host || '/%'
) AS asked
GROUP BY site_id, host, outcome
"""


def upgrade() -> None:
    """Add the tables and the column, and fill them from what is there."""
    op.add_column("sites", sa.Column("host", sa.Text, nullable=False, server_default=""))
    _make_tables()
    connection = op.get_bind()
    for statement in (PRESENT, TRIES):
        connection.execute(sa.text(statement.replace(":", "\\:")))
    _clean_proxies(connection)


def _make_tables() -> None:
    op.create_table(
        "host_sightings",
        sa.Column("site_id", sa.Integer, sa.ForeignKey("sites.id"), primary_key=True),
        sa.Column("host", sa.Text, primary_key=True),
        sa.Column("place", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("capture_id", sa.Integer, sa.ForeignKey("captures.id"), nullable=False),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
    )
    op.create_index("ix_host_sightings_capture_id", "host_sightings", ["capture_id"])
    op.create_table(
        "host_tries",
        sa.Column("site_id", sa.Integer, sa.ForeignKey("sites.id"), primary_key=True),
        sa.Column("host", sa.Text, primary_key=True),
        sa.Column("outcome", sa.Text, primary_key=True),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("last_seen", sa.DateTime, nullable=False),
    )


def _clean_proxies(connection: sa.Connection) -> None:
    """Take users and passwords off the proxies of earlier runs."""
    runs = connection.execute(sa.text("SELECT id, proxy FROM runs WHERE proxy LIKE '%@%'")).all()
    for id_, proxy in runs:
        statement = sa.text("UPDATE runs SET proxy = :proxy WHERE id = :id")
        clean = re.sub(r"^(\w+://)?.*@", r"\1", proxy)
        connection.execute(statement, {"id": id_, "proxy": clean})

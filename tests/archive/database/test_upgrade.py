"""An archive of the first schema is brought to the newest with all that it holds."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, make_url, text

from archive.database import engine as db
from tests.archive.making import NOON, run_sql

ROWS = (
    "INSERT INTO sites VALUES (1, '33.72', 'kota-surakarta', 'Kota Surakarta', 'kota', '33', "
    "'Asia/Jakarta')",
    "INSERT INTO runs VALUES (1, 'kota-surakarta', '{}', '0.1.0', 'https', NULL, :at, NULL, NULL, "
    "NULL, NULL)",
    "INSERT INTO runs VALUES (2, 'kota-surakarta', '{}', '0.1.0', 'https', "
    "'http://ani:ra/h@sia@proxy.example:3128', :at, NULL, NULL, NULL, NULL)",
    "INSERT INTO site_hosts VALUES (1, 'kota-surakarta.kpu.go.id', 'seen', :at, :at)",
    "INSERT INTO site_hosts VALUES (1, 'surakarta.kpu.go.id', 'guess', :at, :at)",
    "INSERT INTO pages VALUES (1, 1, 'blog', '123', "
    "'https://kota-surakarta.kpu.go.id/blog/read/123', :at)",
    "INSERT INTO captures (id, run_id, site_id, url, canonical, fetched_at, status, headers, tls, "
    "source)"
    " VALUES (1, 1, 1, 'https://kota-surakarta.kpu.go.id/', '/', :at, 200, '{}', 'verified', "
    "'crawl')",
    "INSERT INTO sightings VALUES (1, 1, 1, 0, 'Rapat Pleno', 7, :at, :at)",
)


def make_first(url: str) -> None:
    """An archive of the first schema, as an earlier program left it."""
    address = make_url(url)
    driver = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}[address.get_backend_name()]
    engine = create_engine(address.set(drivername=driver))
    config = Config()
    config.set_main_option("script_location", "archive.database:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for row in ROWS:
            connection.execute(text(row), {"at": NOON.replace(tzinfo=None)} if ":at" in row else {})
    engine.dispose()


def read_sighting(engine: Engine) -> list[tuple[object, ...]]:
    return run_sql(engine, "SELECT page_id, title, views, created FROM sightings")


def test_nothing_is_lost(empty_url: str) -> None:
    """A reader refuses the older archive and names the command; the upgrade says what it does and
    keeps every row."""
    make_first(empty_url)
    with pytest.raises(db.ArchiveError, match="run kpu-archive upgrade"):
        db.open_reader(empty_url)
    said: list[str] = []
    upgraded = db.open_writer(empty_url, say=said.append)
    assert len(said) == 1 and "upgrading the archive" in said[0]
    assert read_sighting(upgraded) == [(1, "Rapat Pleno", 7, None)]
    upgraded.dispose()
    db.open_reader(empty_url).dispose()


def test_hosts_are_told_from_what_is_there(empty_url: str) -> None:
    """The upgrade finds each office's present host and what its hosts answered, and takes what may
    be a password off the proxies of earlier runs."""
    make_first(empty_url)
    upgraded = db.open_writer(empty_url, say=lambda line: None)
    assert run_sql(upgraded, "SELECT host FROM sites") == [("kota-surakarta.kpu.go.id",)]
    tries = run_sql(upgraded, "SELECT host, outcome, said FROM host_tries")
    assert tries == [("kota-surakarta.kpu.go.id", "answered", "200")]
    proxies = run_sql(upgraded, "SELECT proxy FROM runs ORDER BY id")
    assert proxies == [(None,), ("http://proxy.example:3128",)]
    upgraded.dispose()

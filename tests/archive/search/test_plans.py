"""Writing stays as quick in an archive of ten years as in an empty one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from archive.database.models import Base
from archive.derive.dates import date_run
from archive.frontier import ArchiveFrontier
from archive.records import Link
from tests.archive.making import SURAKARTA, begin, make_article, make_listing, save

SMALL_TABLES = {"sites", "settings", "withheld"}


def test_no_statement_reads_a_table_whole(
    tmp_path: Path, open_archive: Callable[[str], Engine]
) -> None:
    """Every statement of a batch, and of the frontier's daily questions, finds its rows by an
    index."""
    archive = open_archive(f"sqlite:///{tmp_path}/archive.db")
    run_id = begin(archive)
    said: list[tuple[str, Any]] = []
    event.listen(archive, "before_cursor_execute", lambda *call: said.append((call[2], call[3])))
    link = Link("image", "https://kota-surakarta.kpu.go.id/a.jpg")
    for visit in range(3):
        shown = make_listing([(1, "Rapat", visit), (2, "Pleno", None)], visit)
        save(
            archive,
            run_id,
            shown,
            *(make_article(n, visit, links=(link,), views=visit) for n in range(3)),
        )
    date_run(archive, run_id)
    ArchiveFrontier(archive).find_known(SURAKARTA.code, [("blog", "1")])
    ArchiveFrontier(archive).find_pages(SURAKARTA.code)
    ArchiveFrontier(archive).find_listings(SURAKARTA.code)
    assert len(said) > 50
    assert find_scans(archive, said) == set()


def find_scans(archive: Engine, said: list[tuple[str, Any]]) -> set[tuple[str, str]]:
    """The tables that statements read whole, each with the statement."""
    tables = {table.name for table in Base.metadata.sorted_tables} - SMALL_TABLES
    connection = archive.raw_connection()
    found = set()
    for statement, values in said:
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)", statement):
            first = values[0] if isinstance(values, list) else values
            plan = connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", first).fetchall()
            scans = {match[1] for row in plan if (match := re.match(r"SCAN (\w+)", row[3]))}
            found |= {(table, statement) for table in scans & tables}
    connection.close()
    return found

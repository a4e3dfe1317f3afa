"""A killed writer leaves whole batches and an archive that goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text

from archive.blobs import store as snapshots
from archive.database.engine import read
from archive.derive.documents import rebuild
from tests.archive.derive.test_documents import read_derived
from tests.archive.making import begin, make_article, run_sql, save

BATCH = 10
WRITE_FOR_EVER = f"""
import sys
from archive.database import engine as db
from tests.archive.making import begin, make_article, save
engine = db.open_writer(sys.argv[1], say=print)
run_id = begin(engine)
for start in range(0, 10**6, {BATCH}):
    save(engine, run_id, *(make_article(n % 37, n, views=n) for n in range(start, start + {BATCH})))
    print(start, flush=True)
"""


@pytest.mark.parametrize("delay", [0.0, 0.013, 0.031])
def test_killed_writer_leaves_whole_batches(
    archive_url: str, open_archive: Callable[[str], Engine], delay: float
) -> None:
    """After `kill -9` in the middle of writing, the archive holds each batch wholly or not at all,
    and goes on."""
    command = [sys.executable, "-c", WRITE_FOR_EVER, archive_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [int(process.stdout.readline()) for _ in range(8)]
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
    archive = open_archive(archive_url)
    captures = run_sql(archive, "SELECT count(*) FROM captures")[0][0]
    assert captures % BATCH == 0
    assert captures >= told[-1] + BATCH
    with archive.begin() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        derived = read_derived(connection)
        rebuild(connection, say=lambda line: None)
        assert read_derived(connection) == derived
    with read(archive) as connection:
        for (blob_id,) in run_sql(archive, "SELECT id FROM blobs"):
            snapshots.load(connection, blob_id)
    save(archive, begin(archive), make_article(1, 10**6))
    assert run_sql(archive, "SELECT count(*) FROM captures") == [(captures + 1,)]

"""Files that articles offer become rows: captures of no page, and what is known of the files
themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from sqlalchemy import Connection, insert

from archive.database import models
from archive.database.models import digest_text
from archive.database.sql import Row, insert_into, insert_new
from archive.ingest.problems import make_problem
from archive.records import FileCapture
from archive.watch.verdicts import FILE_ANSWER


def save_files(
    connection: Connection, run_id: int, sites: Mapping[str, int], records: Iterable[FileCapture]
) -> None:
    """Save captures of files, whose bytes are kept already. Saving them again changes nothing."""
    for record in records:
        _save_one(connection, run_id, sites[record.site], record)


def _save_one(connection: Connection, run_id: int, site_id: int, record: FileCapture) -> None:
    row = _make_capture(run_id, site_id, record)
    new = insert_into(connection, models.Capture).on_conflict_do_nothing()
    capture_id = connection.scalar(new.returning(models.Capture.id), row)
    if capture_id is None:
        return
    if record.file is not None:
        insert_new(connection, models.File, [asdict(record.file)])
    tie = {
        "capture_id": capture_id,
        "link_digest": digest_text(record.link),
        "file_digest": record.file.digest if record.file else record.confirmed,
    }
    connection.execute(insert(models.FileCapture), tie)
    problems = [
        make_problem(run_id, site_id, capture_id, problem) for problem in record.capture.problems
    ]
    if problems:
        connection.execute(insert(models.Problem), problems)


def _make_capture(run_id: int, site_id: int, record: FileCapture) -> Row:
    """A capture of no page: its canonical address is the whole one, as no page's is."""
    capture = record.capture
    return {
        "run_id": run_id,
        "site_id": site_id,
        "url": capture.url,
        "answered_url": capture.answered_url,
        "canonical": capture.canonical,
        "fetched_at": capture.fetched_at,
        "status": capture.status,
        "headers": dict(capture.headers),
        "digest": record.digest,
        "error": capture.error,
        "tls": capture.tls,
        "source": capture.source,
        "validated_id": capture.validated,
        "answer": FILE_ANSWER,
    }

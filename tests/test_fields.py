"""What a page says on its way into the archive: nothing is lost, and nothing is found twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from archive.database.models import Reading
from archive.ingest.digests import copy_digest
from archive.ingest.readings import COLUMNS
from archive.records import GROUPS, Capture
from kpucrawl.captures import to_record
from kpucrawl.extract import read_page
from kpucrawl.extract.credits import byline
from kpucrawl.extract.published import published
from kpucrawl.extract.records import Byline, Dateline, Event, Evidence, PageReading, Published
from kpucrawl.pipelines import DeduplicatePipeline

OWN = """Petugas menata arsip di gudang kantor sejak pagi, lalu mencatat semua kotak yang rusak,
menghitung map di setiap rak, dan menyalin nomor surat ke buku besar bersama mahasiswa yang magang
di kantor itu.</p><p>Mereka lelah."""
PAGE = f"""<html><head><title>Rapat Data</title></head><body><h1>Rapat Data</h1>
<p>Oleh: Wira Santika</p><p>Cilacap, 31 Oktober 2027 – {OWN} (Ed:Tio/kpucilacap)</p></body>"""
URL = "https://kab-cilacap.kpu.go.id/blog/read/7_rapat"


def read() -> PageReading:
    """An article that dates itself after its own capture."""
    return read_page(PAGE.encode(), URL, fetched_at=datetime(2025, 11, 3, tzinfo=UTC))


def test_evidence_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One judgement gives the day, the page's problems and the record's flags."""
    judged = []

    def pick(evidence: Sequence[Evidence]) -> dict[str, Evidence]:
        judged.append(evidence)
        return pick_pieces(evidence)

    pick_pieces = published._pick_pieces
    monkeypatch.setattr(published, "_pick_pieces", pick)
    reading = read()
    record = to_record(reading)
    assert len(judged) == 1
    assert "after the capture" in " ".join(problem.why for problem in reading.problems)
    assert record.published_flags == ("future",)


def test_credits_are_found_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One search at the head and one at the tail; the digest of copies only cuts out what they
    found."""
    searched = []

    def join(lines: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
        searched.append(lines)
        return join_labels(lines)

    join_labels = byline._join_labels
    monkeypatch.setattr(byline, "_join_labels", join)
    record = to_record(read())
    capture = Capture("33.01", URL, "/blog/read/7", datetime.now(UTC), reading=record)
    digested = DeduplicatePipeline().process_item(capture)
    assert len(searched) == 2
    assert isinstance(digested, Capture) and digested.digests is not None
    expected = copy_digest(OWN.replace("</p><p>", " "))
    assert digested.digests.copy == expected and expected is not None


@pytest.mark.parametrize("said", [Byline, Dateline, Event, Published])
def test_every_part_has_a_name_in_the_archive(said: type) -> None:
    """What the reader can say of a byline, dateline, event or publication, the record can hold."""
    names = [part.name for part in fields(said)]
    judged = ["flags"] if said is Published else []
    assert sorted(GROUPS[said.__name__.lower()]) == sorted(names + judged)


def test_every_part_has_a_column() -> None:
    """The columns of `readings` are the record's fields, save for the row's own keys and seal."""
    own = {"id", "capture_id", "text_id", "read_at", "digest"}
    columns = set(Reading.__table__.columns.keys()) - own
    assert columns == set(COLUMNS)
    assert columns >= {column for group in GROUPS.values() for column in group.values()}


def test_parts_reach_the_record() -> None:
    """Each part stands in the record under its own name, credits of head and tail as one."""
    record = to_record(read())
    assert (record.writers, record.editor, record.byline_unit) == (
        ("Wira Santika",),
        "Tio",
        "kpucilacap",
    )
    assert (record.place, record.dateline_date) == ("Cilacap", date(2027, 10, 31))
    assert record.byline == "Oleh: Wira Santika\n(Ed:Tio/kpucilacap)"
    assert record.event is record.published_earliest is None

"""What a page says on its way into the archive: nothing is lost, and nothing is found twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from kpucrawl.captures import to_record
from kpucrawl.extract import read_page
from kpucrawl.extract.published import published
from kpucrawl.extract.records import Evidence, PageReading

PAGE = """<html><head><title>Rapat Data</title></head><body><h1>Rapat Data</h1>
<p>Oleh: Wira Santika</p>
<p>Cilacap, 31 Oktober 2027 – Petugas menata arsip di gudang kantor sejak pagi, lalu mencatat semua
kotak yang rusak.</p><p>Mereka lelah. (Ed:Tio/kpucilacap)</p></body></html>"""
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

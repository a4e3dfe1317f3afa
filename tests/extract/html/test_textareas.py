"""Areas of a form that hold the office's text."""

from __future__ import annotations

import pytest

from kpucrawl.extract.html.parse import open_page


@pytest.mark.parametrize(
    ("area", "shown"),
    [
        ("<textarea readonly>Pengumuman hasil seleksi</textarea>", ["Pengumuman hasil seleksi"]),
        ("<textarea disabled>Satu\n\nDua</textarea>", ["Satu", "Dua"]),
        ("<textarea>Tulis komentar</textarea>", []),
        ("<textarea readonly>&lt;iframe src='/a'&gt;</textarea>", []),
        ("<textarea readonly>https://kab-demak.kpu.go.id/a</textarea>", []),
    ],
    ids=["readonly", "disabled", "comment", "code", "address"],
)
def test_areas_nobody_can_write_in_are_text(area: str, shown: list[str]) -> None:
    """What stands in an area that is locked is text, but for codes and addresses to copy."""
    page = open_page(f"<html><body>{area}</body></html>".encode(), "http://kab-demak.kpu.go.id/a")
    assert page is not None
    assert [line.text for line in page.outline.lines] == shown

"""The scoreboard counts as documented and refuses bad input in one line."""

import json
from pathlib import Path

import pytest

from kpucrawl.evaluate.__main__ import main

EMPTY = {
    "place": None,
    "byline": [],
    "role": None,
    "editor": None,
    "photographer": None,
    "unit": None,
    "date_iso": None,
    "date_end_iso": None,
    "date_flags": [],
    "views": None,
}


def write_rows(folder: Path, *rows: tuple[str, str, dict[str, object]]) -> Path:
    """A labelled file of (position, text, labels that are set)."""
    lines = [
        {
            "id": f"X{number}",
            "position": position,
            "text": text,
            "expected": EMPTY | labels,
            "context_year": None,
        }
        for number, (position, text, labels) in enumerate(rows, 1)
    ]
    file = folder / "rows.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def test_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Right, wrong and missed add up as written: a value where the label is null is wrong too."""
    file = write_rows(
        tmp_path,
        ("head", "NGAWI – Petugas menata arsip", {"place": "ngawi"}),
        ("head", "Ngawi – Petugas menata arsip", {"place": "Madiun"}),
        ("head", "Ngawi – Petugas menata arsip", {}),
        ("head", "Petugas menata arsip", {"place": "Ngawi"}),
    )
    assert main(["snippets", str(file), "--json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert fields["place"] == {"labelled": 3, "right": 1, "wrong": 2, "missed": 1}
    assert list(fields) == list(EMPTY)


def test_rows_and_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--rows` writes what was read under the labels' keys, the table names every field."""
    file = write_rows(tmp_path, ("tail", "Mereka lelah. (ws)", {"byline": ["ws"]}))
    out = tmp_path / "out.jsonl"
    assert main(["snippets", str(file), "--rows", str(out)]) == 0
    assert json.loads(out.read_text()) == {"id": "X1", "read": EMPTY | {"byline": ["ws"]}}
    table = capsys.readouterr().out
    assert all(key in table for key in EMPTY)


@pytest.mark.parametrize(
    "content",
    [
        "{not json}\n",
        "[1]\n",
        '{"id": "X1", "position": "head"}\n',
        '{"id": "X1", "position": "nowhere", "text": "a", "expected": {}}\n',
        '{"id": "X1", "position": "head", "text": "a", "expected": 7}\n',
        None,
    ],
)
def test_bad_input_is_one_line_and_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """A missing file, a line that is no JSON and a missing key end with code 2 and name the
    place."""
    file = tmp_path / "rows.jsonl"
    if content is not None:
        file.write_text(content)
    assert main(["snippets", str(file)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and str(file) in error


def test_unknown_labels_are_named_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A label no reader has is passed over with one line."""
    file = write_rows(tmp_path, ("head", "a", {"colour": "red"}), ("head", "b", {"colour": "blue"}))
    assert main(["snippets", str(file)]) == 0
    assert capsys.readouterr().err == "not scored: colour\n"


def test_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page is scored on the labels it has, its body also by words and to the letter."""
    (tmp_path / "one.html").write_text(
        "<html><head><title>KPU KAB-NGAWI - Arsip Ditata</title></head><body><h1>Arsip "
        "Ditata</h1><article>"
        "<p>Ngawi, 3 Mei 2021 – Petugas KPU menata arsip di gudang sejak pagi hingga sore hari.</p>"
        "<p>Mereka lelah tetapi senang karena pekerjaan itu selesai tepat waktu. (ws)</p></article>"
        "<p>Bagikan:</p><p>facebook twitter whatapps</p><p>Telah dilihat 12 kali</p></body></html>"
    )
    expected = {
        "kind": "article",
        "title": "Arsip Ditata",
        "place": "Ngawi",
        "body": "x",
        "byline": ["ws"],
        "views": 12,
    }
    labels = {"url": "https://kab-ngawi.kpu.go.id/blog/read/7_arsip-ditata", "expected": expected}
    (tmp_path / "one.json").write_text(json.dumps(labels))
    assert main(["pages", str(tmp_path), "--json"]) == 0
    fields = json.loads(capsys.readouterr().out)["fields"]
    assert {key: fields[key]["right"] for key in expected} == {
        "kind": 1,
        "title": 1,
        "place": 1,
        "body": 0,
        "byline": 1,
        "views": 1,
    }
    assert fields["body"]["equal"] == 0 and fields["body"]["f1"] < 0.1


def test_page_without_its_html(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels without a page are bad input, as is a folder without labels."""
    assert main(["pages", str(tmp_path)]) == 2
    (tmp_path / "one.json").write_text('{"url": "https://kab-ngawi.kpu.go.id/", "expected": {}}')
    assert main(["pages", str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 2

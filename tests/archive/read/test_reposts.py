"""`kpu-archive reposts`: where a text went, who may have been first, and what was changed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner

from archive.cli import reposting
from archive.cli.choices import Setup
from archive.cli.declaring import app
from archive.cli.short import shorten_cluster, shorten_repost
from archive.database.engine import ArchiveError, read
from archive.database.models import Withheld
from archive.read.reposts import (
    find_witnesses,
    list_clusters,
    list_journey,
    tell_changes,
    tell_journey,
)
from archive.read.sentences import Change, Difference, compare_sentences, split_sentences
from tests.archive.making import CILACAP, NOON, SURAKARTA, begin, make_article, save

assert reposting
STORY = [
    "KPU Kota Surakarta menggelar rapat pleno terbuka di aula kantor setempat.",
    "Rapat dihadiri oleh ketua, anggota, dan sekretaris beserta jajaran sekretariat.",
    "Ketua menyampaikan bahwa daftar pemilih harus dimutakhirkan setiap bulan.",
    "Peserta diminta melaporkan perubahan data kepada petugas di tiap kelurahan.",
    "Acara ditutup dengan penyerahan berita acara kepada perwakilan partai politik.",
]
CHANGED = STORY[1].replace("sekretariat", "sekretariat dan tamu")
ADDED = "Seluruh peserta kemudian berfoto bersama di halaman kantor."
OTHER = "Pelatihan petugas ketertiban berlangsung dua hari penuh di pendopo kabupaten. " * 4


@pytest.fixture
def told(archive: Engine) -> Engine:
    """A story of Surakarta that Cilacap changed, and that Surakarta itself posted again."""
    run = begin(archive)
    changed = [STORY[0], CHANGED, *STORY[2:4], ADDED]
    dateline = {"place": "Surakarta", "dateline_unit": "KPU Kota Surakarta"}
    first = make_article(1, 30, body="\n\n".join(STORY), title="Rapat Pleno", **dateline)
    copy = make_article(
        *(7, 10),
        site=CILACAP.code,
        body="\n\n".join(changed),
        published_earliest=date(2025, 11, 3),
        published_latest=date(2025, 11, 3),
        place="Surakarta",
    )
    again = make_article(2, 40, body="\n\n".join(STORY), published_earliest=None)
    save(archive, run, first, copy, again, make_article(5, body=OTHER))
    return archive


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Satu. Dua! Tiga? Empat", ["Satu.", "Dua!", "Tiga?", "Empat"]),
        ("Judul\n\nIsi.", ["Judul", "Isi."]),
        ('Ia berkata, "Mari." Lalu pergi.', ['Ia berkata, "Mari."', "Lalu pergi."]),
        ("Peraturan No. 7 dan Dr. H. Ahmad hadir.", ["Peraturan No. 7 dan Dr. H. Ahmad hadir."]),
        ("Pukul 10.30 WIB. 20 orang", ["Pukul 10.30 WIB.", "20 orang"]),
        ("", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    """They end before a capital or a number and at the end of a line, and not behind an
    abbreviation."""
    assert split_sentences(text) == sentences


def test_sentences_are_compared_in_order() -> None:
    """One that keeps half of its words is changed, others are dropped or added; capitals and
    commas change nothing."""
    before = "Rapat dibuka ketua. Hadir dua puluh orang. Selesai sore hari."
    after = "RAPAT dibuka, ketua. Baru sama sekali. Hadir tiga puluh orang."
    assert list(compare_sentences(before, after)) == [
        Difference(Change.ADDED, "", "Baru sama sekali."),
        Difference(Change.CHANGED, "Hadir dua puluh orang.", "Hadir tiga puluh orang."),
        Difference(Change.DROPPED, "Selesai sore hari.", ""),
    ]


@pytest.mark.parametrize(
    ("after", "change"), [("Satu dua lima enam.", "changed"), ("Satu lima enam.", "dropped")]
)
def test_changed_at_half(after: str, change: str) -> None:
    """Two of four words in common are enough, one of them is not."""
    assert next(compare_sentences("Satu dua tiga empat.", after)).change == change


def test_journey_is_in_time_order(told: Engine) -> None:
    """By publication, undated pages behind; each with its lag and how similar it is."""
    with read(told) as connection:
        rows = list(tell_journey(list_journey(connection, "kab-cilacap/7")))
    pages = ["kota-surakarta/1", "kab-cilacap/7", "kota-surakarta/2"]
    assert [row["page"] for row in rows] == pages
    assert [row["lag_days"] for row in rows] == [0, 2, None]
    assert [row["similarity"] == 1 for row in rows] == [True, False, True]
    assert rows[0]["dateline_unit"] == "KPU Kota Surakarta"
    assert rows[1]["published_latest"] == date(2025, 11, 3)
    assert rows[0]["first_seen"].utcoffset().total_seconds() == 7 * 3600


def test_changes_are_told_against_the_first(told: Engine) -> None:
    """Which sentences each office has otherwise; a page with the same text has none."""
    with read(told) as connection:
        rows = list(tell_changes(list_journey(connection, "kota-surakarta/2")))
    assert {row["page"] for row in rows} == {"kab-cilacap/7"}
    assert [(row["change"], row["before"], row["after"]) for row in rows] == [
        ("changed", STORY[1], CHANGED),
        ("dropped", STORY[4], ""),
        ("added", "", ADDED),
    ]


def test_witnesses_need_not_agree(told: Engine) -> None:
    """Surakarta published first, Cilacap was seen first, and both datelines name Surakarta."""
    with read(told) as connection:
        found = find_witnesses(connection, list_journey(connection, "kota-surakarta/1"))
    assert found.published == ("kota-surakarta/1",)
    assert found.seen == ("kab-cilacap/7",)
    assert found.named == {"Kota Surakarta": 2}


def test_days_that_overlap_leave_the_first_open(archive: Engine) -> None:
    """A page published some day of November may be the first, beside one of the third; one of
    the fourth is not."""
    run, body = begin(archive), " ".join(STORY)
    spans = [(date(2025, 11, 1), date(2025, 11, 30)), *[(date(2025, 11, n),) * 2 for n in (3, 4)]]
    for number, (earliest, latest) in enumerate(spans):
        days = {"published_earliest": earliest, "published_latest": latest}
        save(archive, run, make_article(number, number, body=body, **days))
    with read(archive) as connection:
        found = find_witnesses(connection, list_journey(connection, "kota-surakarta/1"))
    assert found.published == ("kota-surakarta/0", "kota-surakarta/1")
    assert found.named == {}


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("KPU Kab. Cilacap", "Kabupaten Cilacap"),
        ("KPU KOTA SURAKARTA", "Kota Surakarta"),
        ("Cilacap", "Kabupaten Cilacap"),
        ("Kota Cilacap", "Kota Cilacap"),
        ("Jakarta", "Jakarta"),
    ],
)
def test_offices_are_known_by_what_is_printed(archive: Engine, printed: str, named: str) -> None:
    """With or without the commission and the level; what names no office stays as printed."""
    body = " ".join(STORY)
    save(archive, begin(archive), make_article(1, body=body, place=printed))
    save(archive, begin(archive), make_article(2, body=body))
    with read(archive) as connection:
        found = find_witnesses(connection, list_journey(connection, "kota-surakarta/1"))
    assert found.named == {named: 1}


def test_page_alone_has_no_journey(told: Engine) -> None:
    """A text that no other page has went nowhere; a page that is no article is an error."""
    with read(told) as connection:
        assert list_journey(connection, "kota-surakarta/5") == []
        with pytest.raises(ArchiveError, match="no page kota-surakarta/99"):
            list_journey(connection, "kota-surakarta/99")


def withhold(engine: Engine, *page_ids: int) -> None:
    with engine.begin() as connection:
        for page_id in page_ids:
            row = {"page_id": page_id, "reason": "asked", "who": "x", "withheld_at": NOON}
            connection.execute(insert(Withheld).values(row))


def find_id(engine: Engine, page: str) -> int:
    from archive.names import find_page

    with read(engine) as connection:
        return find_page(connection, page).page_id


def test_withheld_pages_are_left_out(told: Engine) -> None:
    """Of journeys, of lists, and as pages asked for; a cluster of one is none."""
    withhold(told, find_id(told, "kota-surakarta/1"))
    with read(told) as connection:
        pages = [one.page for one in list_journey(connection, "kota-surakarta/2")]
        assert pages == ["kab-cilacap/7", "kota-surakarta/2"]
        assert [row["pages"] for row in list_clusters(connection, None)] == [2]
        with pytest.raises(ArchiveError, match="is withheld"):
            list_journey(connection, "kota-surakarta/1")
    withhold(told, find_id(told, "kota-surakarta/2"))
    with read(told) as connection:
        assert list_journey(connection, "kab-cilacap/7") == []
        assert list(list_clusters(connection, None)) == []


def test_clusters_are_listed(told: Engine) -> None:
    """The largest first, each with its first page, its offices and its days."""
    run = begin(told)
    save(told, run, make_article(5, site=CILACAP.code, body=OTHER, title="Pelatihan"))
    with read(told) as connection:
        rows = list(list_clusters(connection, None))
        assert rows[0] == {
            "first_page": "kota-surakarta/1",
            "title": "Rapat Pleno",
            "kind": "copy",
            "pages": 3,
            "offices": 2,
            "published": date(2025, 11, 1),
            "last_published": date(2025, 11, 3),
            "span_days": 2,
        }
        assert [row["pages"] for row in rows] == [3, 2]
        assert len(list(list_clusters(connection, 1))) == 1


@pytest.mark.parametrize(("since", "count"), [(date(2025, 11, 3), 1), (date(2025, 11, 4), 0)])
def test_clusters_since(told: Engine, since: date, count: int) -> None:
    """Those with a page of that day or later."""
    with read(told) as connection:
        assert len(list(list_clusters(connection, None, since=since))) == count


def test_clusters_of_an_office(told: Engine) -> None:
    """Those with a page of one of the offices, whole."""
    save(told, begin(told), make_article(6, body=OTHER))
    with read(told) as connection:
        found = [row["pages"] for row in list_clusters(connection, None, sites=[CILACAP.code])]
        assert found == [3]
        both = list(list_clusters(connection, None, sites=[CILACAP.code, SURAKARTA.code]))
        assert len(both) == 2


@pytest.fixture
def reposts(told: Engine) -> Callable[..., Any]:
    """Run the command in this process."""
    url = told.url.render_as_string(hide_password=False)
    if told.dialect.name == "sqlite":
        with told.connect() as connection:
            url = f"sqlite:///{connection.exec_driver_sql('PRAGMA database_list').one()[2]}"

    def run(*arguments: str) -> Any:
        return CliRunner().invoke(app, ["reposts", *arguments], obj=Setup(url))

    return run


def test_command_tells_a_journey(reposts: Callable[..., Any]) -> None:
    """Rows on stdout, and beside them who may have been first, on one line."""
    done = reposts("kab-cilacap/7")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("page\toffice\tpublished_earliest")
    assert [line.split("\t")[0] for line in lines[1:]] == [
        *("kota-surakarta/1", "kab-cilacap/7", "kota-surakarta/2")
    ]
    assert done.stderr.splitlines()[-1] == (
        "first published: kota-surakarta/1; first seen: kab-cilacap/7;"
        " datelines name: Kota Surakarta (2 of 3)"
    )


def test_command_writes_all_formats(reposts: Callable[..., Any]) -> None:
    """The same rows as JSON, JSON lines and CSV."""
    rows = json.loads(reposts("kota-surakarta/1", "--format", "json").stdout)
    lines = reposts("kota-surakarta/1", "--format", "jsonl").stdout.splitlines()
    table = csv.DictReader(io.StringIO(reposts("kota-surakarta/1", "--format", "csv").stdout))
    assert rows == list(map(json.loads, lines))
    assert [row["page"] for row in table] == [row["page"] for row in rows]
    assert rows[1]["lag_days"] == 2


def test_command_tells_sentences_and_lists(reposts: Callable[..., Any]) -> None:
    """What was changed, and without a page the texts that went farthest."""
    rows = json.loads(reposts("kota-surakarta/1", "--sentences", "--format", "json").stdout)
    assert [row["change"] for row in rows] == ["changed", "dropped", "added"]
    listed = json.loads(reposts("--format", "json", "--site", "kab-cilacap").stdout)
    assert [(row["first_page"], row["pages"]) for row in listed] == [("kota-surakarta/1", 3)]


def test_command_says_when_nothing_is_found(reposts: Callable[..., Any]) -> None:
    """Nobody else has the text: an empty array, and a line that says so."""
    done = reposts("kota-surakarta/5", "--format", "json")
    assert (done.exit_code, done.stdout) == (0, "[]\n")
    assert done.stderr.splitlines()[-1] == "no other page has this text"


@pytest.mark.parametrize(
    "arguments", [["--sentences"], ["kota-surakarta/1", "--limit", "3"], ["--since", "2025-13"]]
)
def test_command_refuses_what_makes_no_sense(
    reposts: Callable[..., Any], arguments: list[str]
) -> None:
    """With one line and code 2, never a traceback."""
    done = reposts(*arguments)
    assert done.exit_code == 2
    assert "Traceback" not in done.stderr


def test_terminal_has_few_columns(told: Engine) -> None:
    """Days as one column, the unit before the place, and no more than 80 columns have room for."""
    with read(told) as connection:
        members = list_journey(connection, "kota-surakarta/1")
        shown = [shorten_repost(row) for row in tell_journey(members)]
        [listed] = [shorten_cluster(row) for row in list_clusters(connection, None)]
    assert [row["published"] for row in shown] == ["2025-11-01", "2025-11-03", "undated"]
    assert [row["dateline"] for row in shown] == ["KPU Kota Surakarta", "Surakarta", None]
    assert list(listed) == ["first_page", "title", "pages", "offices", "days", "kind"]

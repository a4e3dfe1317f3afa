"""Hits counted, ordered, folded, paged and drawn over time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from archive.cli.finding import BAR, draw_bar
from archive.database.engine import read
from archive.search.options import Facet, Sort, Step
from archive.search.questions import Question
from archive.search.search import search
from archive.search.timeline import count_over_time
from tests.archive.cli.test_commands import run
from tests.archive.making import BODY, CILACAP, begin, make_article, save

NOTE = "Warga memilih ketua panitia di aula. "


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Forty articles of two offices and four years, of which two words are in some; a pair of
    copies; the others are too short to be any."""
    run = begin(archive)
    batch = []
    for number in range(40):
        day = date(2020 + number % 4, number % 12 + 1, 5) if number != 39 else None
        words = f"{NOTE * (number % 3 + 1)} Artikel{number} " * (1 if number % 3 == 2 else 2)
        batch.append(
            make_article(
                number,
                number,
                site=CILACAP.code if number % 5 == 0 else "33.72",
                title=f"Judul {number}",
                body=BODY if number in (7, 8) else words,
                views=number * 7 % 40,
                published_earliest=day,
                category="Berita" if number % 2 else "Opini",
                writers=("Sri Wahyuni", "Asa") if number % 4 == 0 else (),
                byline_unit="Humas" if number % 10 == 1 else None,
            )
        )
    save(archive, run, *batch)
    return archive


def list_numbers(engine: Engine, query: str = "", **options: Any) -> list[int]:
    with read(engine) as connection:
        hits = search(connection, query, **({"limit": None} | options)).hits
    return [int(hit.page.split("/")[1]) for hit in hits]


def test_facets_count_all_hits(filled: Engine) -> None:
    """Whatever the limit; each article once for each of its writers; equals in the order of their
    values."""
    with read(filled) as connection:
        found = search(connection, limit=1, facets=list(Facet))
    assert found.total == 40 and len(found.hits) == 1
    assert found.counts[Facet.OFFICE] == (("33.72", 32), ("33.01", 8))
    assert found.counts[Facet.CATEGORY] == (("Berita", 20), ("Opini", 20))
    assert found.counts[Facet.WRITER] == (("Asa", 10), ("Sri Wahyuni", 10))
    assert found.counts[Facet.YEAR] == (("2020", 10), ("2021", 10), ("2022", 10), ("2023", 9))
    assert found.counts[Facet.LEVEL] == (("kota", 32), ("kabupaten", 8))
    assert found.counts[Facet.PROVINCE] == (("33", 40),)
    assert found.counts[Facet.UNIT] == (("Humas", 4),)
    assert sum(count for _, count in found.counts[Facet.MONTH]) == 39
    with read(filled) as connection:
        of_word = search(connection, "artikel5", facets=[Facet.OFFICE])
    assert of_word.counts == {Facet.OFFICE: (("33.01", 1),)}


def test_hits_are_ordered_as_asked(filled: Engine) -> None:
    """Each order breaks its ties by the page that was seen last."""
    with read(filled) as connection:
        pages = {
            int(hit.page.split("/")[1]): hit.page_id for hit in search(connection, limit=None).hits
        }

    def order(*keys: Callable[[int], int]) -> list[int]:
        return sorted(range(40), key=lambda n: (*(key(n) for key in keys), pages[n]), reverse=True)

    assert list_numbers(filled, sort=Sort.VIEWS) == order(lambda n: n * 7 % 40)
    assert list_numbers(filled, sort=Sort.DATE) == order(
        lambda n: n != 39, lambda n: n % 4, lambda n: n % 12
    )
    assert list_numbers(filled, sort=Sort.FIRST_SEEN) == order(lambda n: n)


@pytest.mark.parametrize("query", ["", "memilih", "aula OR pleno", "-artikel3", '"ketua panitia"'])
@pytest.mark.parametrize("sort", [None, *Sort])
def test_pages_of_hits_join_to_the_whole(filled: Engine, query: str, sort: Sort | None) -> None:
    """Whatever the size of a page, no hit comes twice and none is missing, though many are
    equal."""
    whole = list_numbers(filled, query, sort=sort)
    assert len(whole) == len(set(whole)) > 30
    for size in (1, 7, 13):
        pages = [
            list_numbers(filled, query, sort=sort, limit=size, offset=first)
            for first in range(0, len(whole) + size, size)
        ]
        assert [number for page in pages for number in page] == whole


def test_of_copies_the_first_is_shown(filled: Engine) -> None:
    """Folded, the count is of what is shown."""
    with read(filled) as connection:
        shown = search(connection, "rapat")
        folded = search(connection, "rapat", folded=True)
        newest = search(connection, sort=Sort.DATE, folded=True, limit=3, offset=1)
    assert (shown.total, folded.total) == (2, 1)
    assert folded.hits == shown.hits[:1]
    assert newest.total == 39
    assert [hit.page for hit in newest.hits] == [
        f"kota-surakarta/{n}" for n in list_numbers(filled, sort=Sort.DATE)[1:4]
    ]


def test_word_rises_and_falls(filled: Engine) -> None:
    """Hits of each year or month, also those without any, among all that was published then."""
    with read(filled) as connection:
        question = Question("artikel1 OR artikel2 OR artikel5 OR artikel9")
        years = count_over_time(connection, question, Step.YEAR)
        months = count_over_time(connection, question, Step.MONTH)
        nothing = count_over_time(connection, Question("tiada"), Step.YEAR)
    assert [(part.period, part.hits, part.published) for part in years] == [
        ("2021", 3, 10),
        ("2022", 1, 10),
    ]
    assert years[0].share == 0.3
    assert [part.period for part in months][0::13] == ["2021-02", "2022-03"]
    assert [part.period for part in months if part.hits] == [
        "2021-02",
        "2021-06",
        "2021-10",
        "2022-03",
    ]
    assert all(part.published == 0 for part in months if part.period in ("2021-03", "2022-01"))
    assert nothing == ()


@pytest.mark.parametrize(
    ("share", "drawn"),
    [(0, ""), (1, "█" * BAR), (0.5, "█" * (BAR // 2)), (1 / BAR / 8, "▏"), (1 / BAR / 17, "")],
)
def test_bar_is_as_long_as_the_share(share: float, drawn: str) -> None:
    """To an eighth of a character."""
    assert draw_bar(share) == drawn


def test_command_line_counts(filled: Engine, archive_url: str) -> None:
    """Facets and timelines are rows in every format; a person sees bars."""
    done = run(
        "search", "--facets", "year", "--facets", "office", "--format", "csv", url=archive_url
    )
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert rows[0] == {"facet": "year", "value": "2020", "count": "10"}
    assert rows[-1] == {"facet": "office", "value": "33.01", "count": "8"}
    assert "40 found" in done.stderr
    told = run("search", "memilih", "--over-time", "year", "--format", "json", url=archive_url)
    assert [row["period"] for row in json.loads(told.stdout)] == ["2020", "2021", "2022", "2023"]
    drawn = run("search", "memilih", "--over-time", "year", url=archive_url).stdout
    assert "100.0%" in drawn and "█" * BAR in drawn


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-of", "2025", "--current-on", "2025"],
        ["--facets", "year", "--over-time", "year"],
        ["--min-views", "9", "--max-views", "8"],
        ["--sort", "colour"],
        ["--facets", "colour"],
        ["--as-of", "yesterday"],
    ],
)
def test_options_that_exclude_each_other_are_refused(
    archive_url: str, arguments: list[str]
) -> None:
    """Code 2 and one line."""
    done = run("search", *arguments, url=archive_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("kpu-archive: ")


def test_filters_of_the_command_line(filled: Engine, archive_url: str) -> None:
    """Each leaves what it says."""

    def count(*arguments: str) -> int:
        done = run("search", *arguments, "--format", "jsonl", url=archive_url)
        assert done.returncode == 0, done.stderr
        return len(done.stdout.splitlines())

    assert count("--level", "kabupaten") == 8
    assert count("--level", "kabupaten", "--level", "kota") == 40
    assert count("--unit", "humas") == 4
    assert count("--min-views", "30") == 10
    assert count("--min-views", "30", "--max-views", "31") == 2
    assert count("--removed") == 0
    assert count("--present") == 40
    assert count("--edited") == 0
    assert count("--fold") == 39
    assert count("--since", "2021", "--until", "2021", "--precision", "sure") == 10
    assert count("--as-of", "2025-11-02") == 0
    assert count("--as-of", "2025-11-04") == 40
    assert count("by:wahyuni", "category:opini") == 0
    assert count("by:wahyuni") == 10


def test_index_command_brings_up_to_date(
    filled: Engine, archive_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says where the index is; `KPU_INDEX` names another folder."""
    done = run("index", url=archive_url)
    assert done.returncode == 0
    assert "is up to date" in done.stderr
    elsewhere = tmp_path / "indexes"
    monkeypatch.setenv("KPU_INDEX", str(elsewhere))
    done = run("index", "--anew", url=archive_url)
    assert done.returncode == 0
    assert str(elsewhere) in done.stderr
    assert len(list(elsewhere.iterdir())) == 1

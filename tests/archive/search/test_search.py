"""Search finds what it should, whatever is asked, on archives in both engines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from archive.database.engine import ArchiveError, read
from archive.derive.documents import rebuild
from archive.ingest.writer import upsert_offices
from archive.records import Office
from archive.search import search
from archive.search.entries import Entry
from archive.search.index import IndexWriter, Place, open_generation
from archive.search.matching import Matcher
from archive.search.options import Precision
from archive.search.query import parse_query
from archive.search.tokens import split_words
from tests.archive.making import CILACAP, NOON, begin, make_article, save
from tests.archive.search.naive import QUERIES, TEXTS, matches

JAWA_TENGAH = Office(
    "33", "jateng", "Jawa Tengah", "provinsi", "33", "Asia/Jakarta", "jateng.kpu.go.id", "seen"
)
SOLO = {"category": "Berita Terkini", "section": "berita", "writers": ("Sri Wahyuni",)}
WIDE = {"published_earliest": date(2020, 1, 1), "published_latest": date(2022, 1, 1)}
SPRING = {"published_earliest": date(2024, 2, 20), "published_latest": date(2024, 3, 10)}


@pytest.fixture
def filled(archive: Engine) -> Engine:
    """Five articles of two offices: dated to a day, to months, not at all."""
    run = begin(archive)
    upsert_offices(archive, [JAWA_TENGAH], NOON)
    save(
        archive,
        run,
        make_article(1, title="Pemilihan Ketua", body="Rapat data pemilih. Sosialisasi.", **SOLO),
        make_article(
            2,
            title="Sosialisasi",
            body="Warga memilih. Pemilih data.",
            published_earliest=date(2024, 1, 15),
        ),
        make_article(
            3,
            title="Rapat Pleno",
            body="Tanpa tanggal, memilih.",
            published_earliest=None,
            editor="Wahyuni",
        ),
        make_article(4, title="Data", body="Lama.", **WIDE),
        make_article(
            5, site=CILACAP.code, title="Pemilihan Ketua", body="Rapat pemilih.", **SPRING
        ),
    )
    return archive


def find(engine: Engine, query: str = "", **filters: Any) -> set[str]:
    """Names of the pages found."""
    with read(engine) as connection:
        results = search.search(connection, query, **filters)
    assert results.total == len(results.hits)
    return {hit.page for hit in results.hits}


def name(*numbers: int) -> set[str]:
    return {f"{'kab-cilacap' if number == 5 else 'kota-surakarta'}/{number}" for number in numbers}


@pytest.mark.parametrize(
    ("query", "filters", "found"),
    [
        ("memilih", {}, (1, 2, 3, 5)),
        ("memilih rapat", {}, (1, 3, 5)),
        ('"data pemilih"', {}, (1,)),
        ('"memilih"', {}, (2, 3)),
        ("warga OR sosialisasi rapat", {}, (1,)),
        ("(warga OR lama) -data", {}, ()),
        ("warga | lama", {}, (2, 4)),
        ("sosial*", {}, (1, 2)),
        ("title:rapat", {}, (3,)),
        ("judul:(pemilihan OR pleno)", {}, (1, 3, 5)),
        ("by:wahyuni", {}, (1, 3)),
        ("memilih -by:sri", {}, (2, 3, 5)),
        ("", {"levels": ["kota"]}, (1, 2, 3, 4)),
        ("", {"sections": ["Berita"]}, (1,)),
        ("", {"sections": ["Berita Terkini"]}, ()),
        ("", {"least_views": 2}, ()),
        ("", {"least_views": 1, "most_views": 1, "site": "kab-cilacap"}, (5,)),
        ("", {"removed": True}, ()),
        ("", {"edited": False}, (1, 2, 3, 4, 5)),
        ('"ketua rapat"', {}, ()),
        ("pemilihan -warga", {}, (1, 3, 5)),
        ('memilih -"data pemilih"', {}, (2, 3, 5)),
        ("-memilih", {}, (4,)),
        ("s3372", {}, ()),
        ("wahyuni", {}, ()),
        ("", {}, (1, 2, 3, 4, 5)),
        ("", {"site": "kab-cilacap"}, (5,)),
        ("memilih", {"site": "33.72"}, (1, 2, 3)),
        ("memilih", {"site": "kab-cilacap.kpu.go.id"}, (5,)),
        ("ketua", {"province": "33"}, (1, 5)),
        ("ketua", {"province": "jawa tengah"}, (1, 5)),
        ("", {"category": "BERITA TERKINI"}, (1,)),
        ("", {"category": "Berita"}, (1,)),
        ("", {"by": "wahyuni"}, (1, 3)),
        ("", {"by": "Wahyuni SRI"}, (1,)),
        ("memilih", {"since": date(2024, 1, 1), "until": date(2024, 12, 31)}, (2, 5)),
        ("memilih", {"since": date(2024, 3, 1)}, (1, 5)),
        ("", {"since": date(2021, 6, 1), "until": date(2021, 6, 30)}, (4,)),
        ("data", {"since": date(2021, 6, 1), "until": date(2021, 6, 30)}, (4,)),
        ("data", {"until": date(2024, 1, 15)}, (2, 4)),
        ("data", {"until": date(2024, 1, 14)}, (4,)),
        ("memilih", {"until": date(2024, 2, 1), "undated": True}, (2, 3)),
        ("memilih", {"since": date(1900, 1, 1), "until": date(2100, 1, 1)}, (1, 2, 5)),
        ("", {"since": date(2020, 12, 31), "precision": Precision.PROBABLE}, (1, 2, 4, 5)),
        ("", {"since": date(2021, 1, 1), "precision": Precision.PROBABLE}, (1, 2, 5)),
        ("", {"since": date(2020, 1, 2), "precision": Precision.SURE}, (1, 2, 5)),
        ("", {"since": date(2020, 1, 1), "precision": Precision.SURE}, (1, 2, 4, 5)),
        ("", {"until": date(2021, 12, 31), "precision": Precision.SURE}, ()),
    ],
)
def test_query_and_filters_find(
    filled: Engine, query: str, filters: dict[str, Any], found: tuple[int, ...]
) -> None:
    """Words are stemmed and all required, phrases stay together within title or body, filters
    narrow."""
    assert find(filled, query, **filters) == name(*found)


def test_period_tells_what_crosses_and_what_it_left_out(filled: Engine) -> None:
    """A hit that may lie outside the period is kept and marked; matches without a date are
    counted."""
    with read(filled) as connection:
        results = search.search(
            connection, "memilih", since=date(2024, 1, 15), until=date(2024, 3, 1)
        )
        everything = search.search(connection, "memilih")
    assert {hit.page: hit.crosses for hit in results.hits} == {
        "kota-surakarta/2": False,
        "kab-cilacap/5": True,
    }
    assert results.undated_left_out == 1
    assert everything.undated_left_out == 0


def test_title_counts_more_and_pages_follow_on(filled: Engine) -> None:
    """A word in the title goes before the same word in a body; limit and offset cut one list."""
    with read(filled) as connection:
        pages = [search.search(connection, "memilih", limit=1, offset=n) for n in range(5)]
    assert [page.total for page in pages] == [4] * 5
    names = [hit.page for page in pages for hit in page.hits]
    assert set(names[:2]) == name(1, 5)
    assert set(names[2:]) == name(2, 3)


def test_without_words_the_newest_come_first(filled: Engine) -> None:
    """Articles without a date come last."""
    with read(filled) as connection:
        hits = search.search(connection, " -tiada ").hits
    assert [hit.page.split("/")[1] for hit in hits] == ["1", "5", "2", "4", "3"]


def test_edited_article_is_found_by_its_new_words_only(filled: Engine) -> None:
    """An index entry is replaced, and a rebuild finds the same."""
    save(
        filled,
        1,
        make_article(
            2, 60, title="Sosialisasi", body="Kini lain.", published_earliest=date(2024, 1, 15)
        ),
    )
    for _ in range(2):
        assert find(filled, "memilih") == name(1, 3, 5)
        assert find(filled, "kini") == name(2)
        with filled.begin() as connection:
            rebuild(connection, lambda line: None)


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"site": "kota-surakrta"}, "no office 'kota-surakrta'; nearest: kota-surakarta"),
        ({"province": "jawa tengh"}, "no province 'jawa tengh'; nearest: Jawa Tengah"),
        ({"site": "\0"}, "no office"),
    ],
)
def test_unknown_place_is_told_with_the_nearest(
    filled: Engine, filters: dict[str, str], said: str
) -> None:
    """A misspelt name is an error of one line, never an empty result."""
    with read(filled) as connection, pytest.raises(ArchiveError) as raised:
        search.search(connection, "memilih", **filters)  # type: ignore[arg-type]
    assert str(raised.value).startswith(said)


HARD = [
    "a " * 5000,
    "-a " * 3333,
    '"' + "a " * 4990 + '"',
    "ﷺ" * 10_000,
    '"' + "ﷺ " * 9000,
    "x -(" * 2500,
    "\0\ud800 🎉",
]


@pytest.mark.parametrize("query", HARD)
def test_hard_query_is_answered(filled: Engine, query: str) -> None:
    """Thousands of words, one endless phrase, what is no text at all: an answer, never an engine's
    error."""
    find(filled, query)


def make_entry(page_id: int, title: str, body: str, names: str) -> Entry:
    """What an index holds of an article that is known now."""
    return Entry(
        page_id=page_id,
        reading_id=page_id,
        title=title,
        body=body,
        people=tuple(names.split(".")),
        writers=(),
        place=names,
        unit="",
        category="",
        section="",
        code="33.72",
        province="33",
        level="kota",
        earliest=None,
        latest=None,
        flags=(),
        views=None,
        first_seen=NOON,
        cluster=page_id,
        known=(date(2025, 11, 3), date.max),
    )


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=5, max_size=5),
    st.lists(QUERIES, min_size=1, max_size=8),
    st.booleans(),
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_engine_finds_what_a_plain_reading_finds(
    tmp_path_factory: pytest.TempPathFactory,
    texts: list[tuple[str, str, str]],
    queries: list[str],
    is_frequent: bool,
) -> None:
    """For any articles and queries the engine's matches are those of looking at every text, whether
    words are frequent or not."""
    entries = [make_entry(number, *text) for number, text in enumerate(texts, 1)]
    frequent = (
        {word for entry in entries for word in split_words(entry.body)} if is_frequent else set()
    )
    folder = tmp_path_factory.mktemp("index")
    writer = IndexWriter(folder, frequent)
    writer.add(entries)
    writer.commit(Place("", 1, tuple(frequent), 5))
    reader = open_generation(folder)
    for query in queries:
        node = parse_query(query).node
        if node is None:
            continue
        found = reader.searcher.search(Matcher(frequent).match(node), 10)
        pages = reader.searcher.fast_field_values("page", [place for _, place in found.hits])
        expected = {entry.page_id for entry in entries if matches(node, entry)}
        assert {page for page in pages if page is not None} == expected, query

"""Search finds the same on both engines, whatever is asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, update

from archive.database.engine import ArchiveError, read
from archive.database.models import Setting
from archive.derive.documents import rebuild
from archive.ingest.writer import upsert_offices
from archive.records import Office
from archive.search import search
from archive.search.index import MOST_PLACES, MOST_TOKENS, Entry, find_index
from archive.search.terms import Phrase, Terms, parse_query
from archive.search.tokens import tokenise
from tests.archive.making import CILACAP, NOON, begin, make_article, save

JAWA_TENGAH = Office(
    "33", "jateng", "Jawa Tengah", "provinsi", "33", "Asia/Jakarta", "jateng.kpu.go.id", "seen"
)
SOLO = {"category": "Berita Terkini", "section": "berita", "writers": ("Sri Wahyuni",)}
WIDE = {"published_earliest": date(2020, 1, 1), "published_latest": date(2022, 1, 1)}
SPRING = {"published_earliest": date(2024, 2, 20), "published_latest": date(2024, 3, 10)}

ODD = (
    "memilih pemilihan Data data kata.Kalimat anggota/staf 7/2024 Jum’at jumat AND NOT OR NEAR "
    "* : ( ) all s3372"
)
WORDS = st.sampled_from([*ODD.split(), "🎉", "\\", "'", '"', "\0", "\ud800", "ﷺ", "É", "e"])
TEXTS = st.lists(WORDS | st.text(max_size=4), max_size=10).map(" ".join)
ARTICLES = st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=5, max_size=5)
PARTS = TEXTS | TEXTS.map('"{}"'.format) | TEXTS.map('-"{}"'.format) | WORDS.map("-{}".format)
QUERIES = st.lists(PARTS, max_size=3).map(" ".join)


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


def test_index_of_another_tokeniser_is_refused_until_rebuilt(filled: Engine) -> None:
    """Other stems would find too little, and could not be taken out of SQLite's index again."""
    with filled.begin() as connection:
        connection.execute(update(Setting).where(Setting.name == "tokeniser").values(value="0"))
    with pytest.raises(ArchiveError, match="run kpu-archive rebuild"):
        find(filled, "memilih")
    with pytest.raises(ArchiveError, match="run kpu-archive rebuild"):
        save(filled, 1, make_article(9))
    with filled.begin() as connection:
        rebuild(connection, lambda line: None)
    assert find(filled, "memilih") == name(1, 2, 3, 5)


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


def match(connection: Connection, terms: Terms) -> set[int]:
    return {row.page_id for row in connection.execute(find_index(connection).match(terms))}


def holds(entry: Entry, phrase: Phrase) -> bool:
    """What both engines should say: the phrase stands in the title or in the body."""
    columns = (tokenise(entry.title), tokenise(entry.body))
    return any(
        phrase == tuple(found[n : n + len(phrase)]) for found in columns for n in range(len(found))
    )


@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=5, max_size=5),
    st.lists(QUERIES, min_size=1, max_size=5),
    TEXTS,
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_engine_finds_what_a_plain_reading_finds(
    filled: Engine, texts: list[tuple[str, str, str]], queries: list[str], by: str
) -> None:
    """For any articles and queries an engine's matches are those of a naive search over the same
    tokens."""
    entries = {n: Entry(n, *text, facets="s3372") for n, text in enumerate(texts, 1)}
    people = (name,) if (name := tuple(tokenise(by))) else ()
    with filled.connect() as connection:
        search.replace_entries(connection, search.read_entries(connection, [*entries]), entries)
        for query in queries:
            wanted, unwanted = parse_query(query)
            expected = {
                page_id
                for page_id, entry in entries.items()
                if all(holds(entry, phrase) for phrase in wanted)
                and not any(holds(entry, phrase) for phrase in unwanted)
                and set(tokenise(by)) <= set(tokenise(entry.people))
            }
            assert (
                match(connection, Terms(wanted, unwanted, people, (("s3372", "p99"),))) == expected
            )
            if people or wanted:
                assert match(connection, Terms(wanted, unwanted, people)) == expected
        search.replace_entries(connection, entries, {})
        assert not match(connection, Terms())


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("pleno", True),
        ('"pleno rapat"', True),
        ('"rapat penutup"', False),  # beyond the places of one token
        ("penutup", True),
        ("k15000", True),
        ("k19999", False),  # beyond the tokens of one article
    ],
)
def test_endless_articles_are_cut_alike(filled: Engine, query: str, found: bool) -> None:
    """What PostgreSQL cannot hold is left out on both engines; the article stays findable."""
    long = (
        "pleno "
        + "rapat " * (MOST_PLACES + 1)
        + "penutup "
        + " ".join(f"k{n}" for n in range(20_000))
    )
    with filled.connect() as connection:
        before = search.read_entries(connection, [1])
        search.replace_entries(connection, before, {1: Entry(1, "", long, "", "")})
        assert (1 in match(connection, Terms(parse_query(query)[0]))) is found
    assert MOST_TOKENS > 15_000 + MOST_PLACES

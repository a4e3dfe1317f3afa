"""Pages with the same or nearly the same text are one cluster, in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from archive.database.engine import read
from archive.derive import pairs
from archive.derive.clusters import LEAST_OFFICES
from archive.derive.documents import complete_pairs, rebuild
from archive.derive.masks import list_name_words, mask_words
from archive.derive.pairs import LEAST_SIMILARITY, MOST_IN_BAND
from archive.derive.signatures import (
    BANDS,
    VALUES,
    compare_shingles,
    cut_bands,
    hash_shingles,
    sign_shingles,
)
from archive.ingest.digests import LEAST_WORDS, digest_text, find_credits, leave_credits
from archive.ingest.writer import upsert_offices
from archive.read.articles import show_article
from archive.read.statistics import count_archive
from archive.records import Capture, Office
from archive.search.entries import read_entries
from tests.archive.making import (
    CILACAP,
    HOSTS,
    NOON,
    SURAKARTA,
    begin,
    make_article,
    run_sql,
    save,
)

OFFICES = (SURAKARTA.code, CILACAP.code)
ALL_BANDS = "SELECT * FROM text_bands UNION ALL SELECT * FROM recent_bands"
Words = list[str]


def make_words(seed: int, count: int = 200) -> Words:
    """A text of invented words, some of them much more frequent than others."""
    chance = random.Random(seed)
    syllables = [one + two for one in "bdghjklmnprst" for two in "aiueo"]
    known = [a + b for a in syllables for b in syllables]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(known))))
    return chance.choices(known, cum_weights=weights, k=count)


def replace_words(words: Words, share: float, seed: int = 0) -> Words:
    """The words, so many of them replaced by others that no text has."""
    chance = random.Random(seed)
    places = set(chance.sample(range(len(words)), round(share * len(words))))
    return [f"lain{seed}x{place}" if place in places else one for place, one in enumerate(words)]


def make_page(number: int, words: Words, minutes: float = 0, **changes: Any) -> Capture:
    return make_article(number, minutes, body=" ".join(words), **changes)


def read_clusters(engine: Engine) -> list[tuple[Any, ...]]:
    return run_sql(engine, "SELECT page_id, cluster_id, similarity FROM clusters ORDER BY page_id")


def read_groups(engine: Engine) -> set[frozenset[str]]:
    """The clusters by the names of their pages, which no order of arrival changes."""
    groups: dict[int, set[str]] = {}
    named = "SELECT clusters.cluster_id, sites.code || '/' || pages.key FROM clusters"
    joined = f"{named} JOIN pages ON pages.id = page_id JOIN sites ON sites.id = pages.site_id"
    for cluster, page in run_sql(engine, joined):
        groups.setdefault(cluster, set()).add(page)
    return {frozenset(pages) for pages in groups.values()}


def rebuild_all(engine: Engine) -> None:
    with engine.begin() as connection:
        rebuild(connection, say=lambda line: None)


def test_shingles_are_equal_where_three_words_are() -> None:
    """A shingle is known by its words and their order; two words are none."""
    one, two = hash_shingles(["a", "b", "c", "d"]), hash_shingles(["x", "b", "c", "d"])
    assert (len(one), len(one & two)) == (2, 1)
    assert not hash_shingles(["c", "b", "a"]) & hash_shingles(["a", "b", "c"])
    assert hash_shingles(["a", "b"]) == set()


def test_hashes_are_the_same_for_ever() -> None:
    """Bands are kept: another machine, another Python must find the same."""
    bands = cut_bands(sign_shingles(hash_shingles(make_words(1))))
    assert len(bands) == len(set(bands)) == BANDS
    assert bands[:2] == KEPT
    assert all(-(2**63) <= band < 2**63 for band in bands)


KEPT = [-3297760518301697678, -1787389093514809052]


@given(st.sets(st.integers(0, 2**64 - 1), min_size=1, max_size=400))
def test_signature_depends_on_the_set_alone(shingles: set[int]) -> None:
    """Every value of a signature is a shingle of the text, also where there are few, in whatever
    order they are looked at."""
    signature = sign_shingles(shingles)
    assert len(signature) == VALUES
    assert set(signature) <= shingles
    assert signature == sign_shingles(dict.fromkeys(sorted(shingles)).keys())


def test_signatures_are_as_equal_as_texts() -> None:
    """Over many texts, the share of equal values is the share of common shingles."""
    shown, real = 0.0, 0.0
    for seed in range(60):
        words = make_words(seed)
        one, two = hash_shingles(words), hash_shingles(replace_words(words, 0.08, seed))
        equal = sum(a == b for a, b in zip(sign_shingles(one), sign_shingles(two), strict=True))
        shown, real = shown + equal / VALUES, real + compare_shingles(one, two)
    assert abs(shown - real) / 60 < 0.02


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.booleans(), max_size=30))
def test_credits_are_the_words_left_out(words: Words, kept: list[bool]) -> None:
    """Whatever is left out of a body, what is left can be told from the body and the runs."""
    own = [word for word, keeps in zip(words, kept, strict=False) if keeps]
    runs = find_credits(" ".join(words), " ".join(own))
    assert leave_credits(" ".join(words), runs) == own


def test_what_is_no_part_of_a_body_leaves_it_whole() -> None:
    """Where a reader says what the body does not hold, nothing is left out."""
    assert find_credits("satu dua tiga", "satu empat") == []
    assert leave_credits("Satu, dua", []) == ["satu", "dua"]


@pytest.mark.parametrize("share", [0.01, 0.05, 0.1])
def test_edited_copies_join(archive: Engine, share: float) -> None:
    """A text of which up to every tenth word was replaced is in the cluster, with how much it
    still has in common; another text is not."""
    words = make_words(1)
    edited = replace_words(words, share)
    run = begin(archive)
    save(archive, run, make_page(1, words), make_page(2, make_words(2)))
    save(archive, run, make_page(1, edited, site=CILACAP.code))
    alike = round(compare_shingles(hash_shingles(words), hash_shingles(edited)), 4)
    assert alike < 1
    assert read_clusters(archive) == [(1, 1, alike), (3, 1, alike)]


def test_paragraphs_and_bylines_part_nothing(archive: Engine) -> None:
    """A fifth more, a fifth less and another signature leave a copy a copy."""
    words = make_words(1)
    versions = [words, words[:160], words + make_words(7, 40), ["sumber", "humas", *words, "red"]]
    run = begin(archive)
    save(archive, run, *(make_page(n, version) for n, version in enumerate(versions)))
    assert {row[1] for row in read_clusters(archive)} == {1}
    assert len(read_clusters(archive)) == 4


def make_overlapping(both: int, own: int) -> tuple[Words, Words]:
    """Two texts that share the shingles of so many words, each with as many words of its own
    behind."""
    shared = [f"sama{n}" for n in range(both)]
    return tuple(shared + [f"{side}{n}" for n in range(own)] for side in ("kiri", "kanan"))  # type: ignore[return-value]


@pytest.mark.parametrize(("own", "paired"), [(75, True), (76, False)])
def test_least_similarity(archive: Engine, own: int, paired: bool) -> None:
    """100 of 250 shingles are enough, 100 of 252 are not."""
    one, two = make_overlapping(102, own)
    assert (compare_shingles(hash_shingles(one), hash_shingles(two)) >= LEAST_SIMILARITY) is paired
    save(archive, begin(archive), make_page(1, one), make_page(2, two))
    assert bool(read_clusters(archive)) is paired


@pytest.mark.parametrize(("count", "paired"), [(LEAST_WORDS, True), (LEAST_WORDS - 1, False)])
def test_short_texts_resemble_nothing(archive: Engine, count: int, paired: bool) -> None:
    """Texts of 30 words may be copies, with a word changed; shorter ones never are."""
    words = make_words(3, count)
    save(archive, begin(archive), make_page(1, words), make_page(2, [*words[:-1], "lain"]))
    assert bool(read_clusters(archive)) is paired


def test_credits_are_no_part_of_a_copy(archive: Engine) -> None:
    """Where the reader says what is a byline, the rest is compared: here equal but for a word."""
    words, credits = make_words(4, 60), [f"penulis{n}" for n in range(200)]
    signed = " ".join([*credits, *words[:-1], "lain"])
    capture = make_article(2, body=signed)
    own = digest_text("Rapat", signed, " ".join([*words[:-1], "lain"]))
    save(archive, begin(archive), make_page(1, words), replace(capture, digests=own))
    assert [row[:2] for row in read_clusters(archive)] == [(1, 1), (2, 1)]


def test_similarity_is_to_the_nearest(archive: Engine) -> None:
    """Of a page that another repeats to the letter it is 1, whatever else is in the cluster."""
    words = make_words(5)
    run = begin(archive)
    save(archive, run, make_page(1, words), make_page(2, words), make_page(3, words[:160]))
    (_, _, first), (_, _, second), (_, _, third) = read_clusters(archive)
    assert first == second == 1
    assert LEAST_SIMILARITY < third < 1


def test_edit_parts_what_it_joined(archive: Engine) -> None:
    """The text between two others holds them together; when it is rewritten, they part, and
    a page of either side is logged as changed."""
    first, last = make_words(6), make_words(7)
    between = first + last
    run = begin(archive)
    save(archive, run, make_page(1, first), make_page(2, between), make_page(3, last))
    assert {row[1] for row in read_clusters(archive)} == {1}
    [(before,)] = run_sql(archive, "SELECT max(id) FROM change_log")
    save(archive, run, make_page(2, make_words(8), 10))
    assert read_clusters(archive) == []
    changed = run_sql(archive, f"SELECT page_id FROM change_log WHERE id > {before} ORDER BY 1")
    assert changed == [(1,), (2,), (3,)]


def test_page_that_comes_back_joins_again(archive: Engine) -> None:
    """An edit that is taken back brings the page back into its cluster."""
    words = make_words(9)
    run = begin(archive)
    save(archive, run, make_page(1, words), make_page(2, words[:170]))
    joined = read_clusters(archive)
    save(archive, run, make_page(2, make_words(10), 10))
    assert read_clusters(archive) == []
    save(archive, run, make_page(2, words[:170], 20))
    assert read_clusters(archive) == joined != []


def test_lowest_page_names_the_cluster_when_it_leaves_and_joins(archive: Engine) -> None:
    """Without its first page a cluster is called by the next, and two clusters become one when a
    page shows what both resemble."""
    words = make_words(11)
    run = begin(archive)
    save(archive, run, *(make_page(n, words[n:]) for n in range(3)))
    save(archive, run, make_page(0, make_words(12), 10))
    assert [row[:2] for row in read_clusters(archive)] == [(2, 2), (3, 2)]


SOURCES = [make_words(seed, 120) for seed in (21, 22)]
VERSIONS = [
    *(words for words in SOURCES),
    *(replace_words(words, share, 5) for words in SOURCES for share in (0.03, 0.08)),
    SOURCES[0][50:] + SOURCES[1][:70],
    make_words(23, 120),
    ["pendek"],
]
VISITS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from(OFFICES), st.integers(0, len(VERSIONS) - 1)),
    min_size=2,
    max_size=14,
    unique_by=lambda visit: visit[:2],
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(visits=VISITS, chance=st.randoms(use_true_random=False), size=st.integers(1, 5))
def test_order_of_arrival_does_not_matter(
    archive: Engine, visits: list[tuple[int, str, int]], chance: random.Random, size: int
) -> None:
    """The clusters are the same in whatever order and batches pages come, and after a rebuild."""
    found = []
    for _ in range(2):
        _empty(archive)
        run = begin(archive)
        captures = [make_page(n, VERSIONS[version], site=site) for n, site, version in visits]
        for start in range(0, len(captures), size):
            save(archive, run, *captures[start : start + size])
        found.append(read_groups(archive))
        before = read_all(archive)
        rebuild_all(archive)
        assert read_all(archive) == before
        chance.shuffle(visits)
    assert found[0] == found[1]


def _empty(engine: Engine) -> None:
    """Delete every row but those of offices."""
    tables = (
        "text_pairs",
        "text_bands",
        "recent_bands",
        "clusters",
        "documents",
        "links",
        "view_counts",
    )
    more = (
        "readings",
        "texts",
        "captures",
        "pages",
        "blobs",
        "visits",
        "runs",
        "change_log",
        "settings",
    )
    with engine.begin() as connection:
        for table in (*tables, "snapshot_references", "change_log", *more):
            connection.execute(text(f"DELETE FROM {table}"))


def read_all(engine: Engine) -> list[Sequence[Any]]:
    """All that is derived of copies."""
    return [
        run_sql(engine, f"SELECT * FROM {table} ORDER BY 1, 2")
        for table in ("clusters", "text_pairs", f"({ALL_BANDS}) AS bands")
    ]


def test_edits_in_batches_equal_a_rebuild(archive: Engine) -> None:
    """After pages came and were rewritten at random, batch by batch, the rows are those that a
    rebuild makes."""
    chance, run = random.Random(4), begin(archive)
    for minutes in range(25):
        batch = [
            make_page(n, chance.choice(VERSIONS), minutes, site=chance.choice(OFFICES))
            for n in chance.sample(range(5), chance.randrange(1, 4))
        ]
        save(archive, run, *batch)
    before = read_all(archive)
    rebuild_all(archive)
    assert read_all(archive) == before
    assert all(before)


def test_template_is_not_compared_with_all(archive: Engine) -> None:
    """A band takes no more than its bound, and a text is paired with no more than its own; what
    comes later still joins."""
    words = make_words(30, 60)
    pages = [make_page(n, [*words, f"nomor{n}"]) for n in range(MOST_IN_BAND + 8)]
    save(archive, begin(archive), *pages)
    [(fullest,)] = run_sql(
        archive,
        "SELECT max(n) FROM (SELECT count(*) AS n FROM recent_bands GROUP BY band) AS bands",
    )
    [(most,)] = run_sql(
        archive,
        "SELECT max(n) FROM (SELECT count(*) AS n FROM text_pairs"
        " WHERE other_id < text_id GROUP BY text_id) AS pairs",
    )
    assert fullest == MOST_IN_BAND
    assert most == pairs.MOST_COMPARED
    assert {row[1] for row in read_clusters(archive)} == {1}
    assert len(read_clusters(archive)) == len(pages)


def test_equal_texts_are_signed_once(archive: Engine) -> None:
    """Of texts with one copy digest the first has bands, however many offices post it."""
    words = make_words(31)
    pages = [make_page(n, words, title=f"Judul {n}") for n in range(5)]
    save(archive, begin(archive), *pages)
    assert run_sql(archive, "SELECT count(DISTINCT text_id), count(*) FROM recent_bands") == [
        (1, BANDS)
    ]
    assert run_sql(archive, "SELECT count(*) FROM clusters WHERE similarity = 1") == [(5,)]


def test_upgrade_compares_what_was_there(archive: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts of an older archive are compared a few at a time, and the next batch of a run begins
    with the oldest."""
    monkeypatch.setattr(pairs, "SIGNED_AT_ONCE", 2)
    monkeypatch.setattr(pairs.sign_texts, "__defaults__", (2,))
    words, run = make_words(32), begin(archive)
    save(archive, run, *(make_page(n, replace_words(words, 0.03, n)) for n in range(2)))
    save(archive, run, *(make_page(n, replace_words(words, 0.03, n)) for n in range(2, 4)))
    whole = read_all(archive)
    with archive.begin() as connection:
        pairs.forget_pairs(connection)
        connection.execute(text("DELETE FROM clusters"))
    save(archive, run, make_page(9, make_words(33)))
    assert [row[:2] for row in read_clusters(archive)] == [(1, 1), (2, 1)]
    complete_pairs(archive)
    assert read_all(archive)[0] == whole[0] and len(whole[0]) == 4


def test_bands_move_when_they_are_many(archive: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bands of one text may wait, those of two move, as the bound is; copies are found among those
    that moved and those that wait, and no band is lost."""
    monkeypatch.setattr(pairs, "MOST_RECENT", 2)
    words, run = make_words(34), begin(archive)
    waiting = []
    for number in range(4):
        save(archive, run, make_page(number, replace_words(words, 0.04, number)))
        waiting += run_sql(archive, "SELECT count(*) FROM recent_bands")
    assert waiting == [(BANDS,), (0,), (BANDS,), (0,)]
    before = read_all(archive)
    assert len(before[2]) == 4 * BANDS
    assert [row[:2] for row in read_clusters(archive)] == [(n, 1) for n in range(1, 5)]
    rebuild_all(archive)
    assert read_all(archive) == before


REGIONS = ("Wonoasri", "Tanjung Lestari", "Sukamaju", "Batu Putih Raya", "Karangjati", "Lembah")
FORM = """KPU {name} menetapkan jadwal kegiatan pemutakhiran daftar pemilih pada {day}. Rapat yang
dihadiri {count} peserta itu berlangsung di aula kantor, dipimpin oleh ketua bersama seluruh
anggota. Ketua menyampaikan bahwa warga {region} perlu memeriksa namanya, dan petugas di Kecamatan
{district} akan membantu siapa saja yang belum terdaftar. Jumlah pemilih sementara adalah {voters}
orang, dan pengumuman resmi ditempel di setiap balai warga serta dapat dilihat melalui laman resmi.
Masukan dan tanggapan diterima paling lambat tujuh hari kerja sesudah pengumuman tersebut dibuat.
Seluruh partai politik diundang untuk menyampaikan catatan tertulis kepada sekretariat."""


def fill_form(number: int) -> str:
    """The form as the office of a region fills it in."""
    region = REGIONS[number]
    level = ("Kota", "Kabupaten")[number % 2]
    day = f"Senin, {number + 3} {('Maret', 'April')[number % 2]} {2024 + number % 2}"
    given = {"name": f"{level} {region}", "region": region, "day": day, "count": 20 + number}
    return FORM.format(**given, district=f"{region} Barat", voters=f"{100 + number}.{200 + number}")


@pytest.fixture
def regions(archive: Engine) -> list[str]:
    """The codes of offices of regions of their own."""
    codes = []
    begin(archive)
    for number, region in enumerate(REGIONS):
        code, label = f"99.{number}", f"office-{number}"
        name = f"{('Kota', 'Kabupaten')[number % 2]} {region}"
        host = f"{label}.kpu.go.id"
        office = Office(code, label, name, "kota", "33", "Asia/Jakarta", host, "seen")
        upsert_offices(archive, [office], NOON)
        codes.append(code)
    return codes


def post(engine: Engine, bodies: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each office post a text, one after the other."""
    run = begin(engine)
    for number, (code, body) in enumerate(bodies.items()):
        monkeypatch.setitem(HOSTS, code, f"office-{number}.kpu.go.id")
        save(engine, run, make_article(1, number, body=body, site=code))


def read_kinds(engine: Engine) -> list[tuple[Any, ...]]:
    return run_sql(engine, "SELECT kind, count(*) FROM clusters GROUP BY kind ORDER BY kind")


def test_masks_leave_what_a_form_has_in_common() -> None:
    """Two offices' forms are equal without their places, numbers and days; another text is not."""
    names = list_name_words(REGIONS)
    first, second = (mask_words(fill_form(number), (), names) for number in (0, 3))
    assert first == second
    assert first[:4] == ["kpu", "0", "menetapkan", "jadwal"]
    assert "senin" not in first and "kecamatan" not in first


def test_masks_leave_credits_out() -> None:
    """What is no part of the copy is no part of the masked text."""
    assert mask_words("Humas Kota Baru rapat dibuka 7 Mei 2024 di aula", (0, 1), ()) == [
        *("0", "rapat", "dibuka", "0", "di", "aula")
    ]


def test_letter_that_folds_to_two_is_no_trap() -> None:
    """Where words as printed are not those compared, no place is found by its capital."""
    assert mask_words("Desa Sukamaju İndah 7", (), ())[:2] == ["0", "sukamaju"]


@pytest.mark.parametrize(
    ("offices", "kind"), [(LEAST_OFFICES, "family"), (LEAST_OFFICES - 1, "copy")]
)
def test_family_needs_five_offices(
    archive: Engine, regions: list[str], monkeypatch: pytest.MonkeyPatch, offices: int, kind: str
) -> None:
    """The same form of five offices is a family, of four it is a copy; a rebuild tells the same."""
    post(archive, {regions[n]: fill_form(n) for n in range(offices)}, monkeypatch)
    assert read_kinds(archive) == [(kind, offices)]
    before = read_all(archive)
    rebuild_all(archive)
    assert read_all(archive) == before


def test_family_that_loses_an_office_is_none(
    archive: Engine, regions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sixth office changes nothing; when two of six write something else, copies are left."""
    post(archive, {regions[n]: fill_form(n) for n in range(6)}, monkeypatch)
    assert read_kinds(archive) == [("family", 6)]
    run = begin(archive)
    for number in range(2):
        body = " ".join(make_words(number))
        save(archive, run, make_article(1, 60 + number, body=body, site=regions[number]))
    assert read_kinds(archive) == [("copy", 4)]


def test_edited_story_is_no_family(
    archive: Engine, regions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Six offices that each change some words of one story, its places left alone, pass it on; and
    so do six that repeat one form to the letter."""
    story = fill_form(0).split()
    edited = {code: " ".join(replace_words(story, 0.03, n)) for n, code in enumerate(regions)}
    post(archive, edited, monkeypatch)
    assert read_kinds(archive) == [("copy", 6)]
    post(archive, dict.fromkeys(regions[:5], " ".join(make_words(50))), monkeypatch)
    repeated = dict.fromkeys(regions, fill_form(0)) | {regions[5]: fill_form(1)}
    post(archive, repeated, monkeypatch)
    assert [kind for kind, _ in read_kinds(archive)] == ["copy"]


def test_families_are_no_copies(
    archive: Engine, regions: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each text of a family is one of its own: an article lists no copies of it, nothing counts
    them as such, and a search that folds copies keeps them."""
    post(archive, {regions[n]: fill_form(n) for n in range(5)}, monkeypatch)
    page_ids = [row[0] for row in read_clusters(archive)]
    with read(archive) as connection:
        assert show_article(connection, "office-0/1").copies == ()
        assert count_archive(connection)["copies"] == 0
        entries = list(read_entries(connection, page_ids))
    assert {entry.cluster for entry in entries} == set(page_ids)


@pytest.mark.parametrize("seed", range(3))
def test_forms_in_batches_equal_a_rebuild(archive: Engine, regions: list[str], seed: int) -> None:
    """Forms, edits of them and reposts, by many offices and in batches of any size, end in the
    rows that a rebuild makes, whatever joined what in between."""
    chance = random.Random(seed)
    forms = [fill_form(number) for number in range(6)]
    edits = [" ".join(replace_words(forms[n].split(), 0.05, n)) for n in (0, 1)]
    bodies = [
        *forms,
        *edits,
        " ".join(make_words(60)),
        " ".join(replace_words(make_words(60), 0.1)),
    ]
    offices = {code: f"office-{number}.kpu.go.id" for number, code in enumerate(regions)}
    run, kinds = begin(archive), set()
    with pytest.MonkeyPatch.context() as patch:
        for code, host in offices.items():
            patch.setitem(HOSTS, code, host)
        for minutes in range(14):
            batch = [
                make_article(
                    chance.randrange(4),
                    minutes,
                    body=chance.choice([*bodies, *20 * [fill_form(regions.index(code))]]),
                    site=code,
                )
                for code in chance.sample(regions, chance.randrange(1, 7))
            ]
            save(archive, run, *batch)
            before = read_all(archive)
            rebuild_all(archive)
            assert read_all(archive) == before, minutes
            kinds |= {kind for kind, _ in read_kinds(archive)}
    assert kinds == {"copy", "family"}

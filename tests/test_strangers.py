"""Pages that are not the office's are known by what its own pages have, and its own are not."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from archive.records import Key, KnownTitles, OfficeMarks
from archive.watch.verdicts import OFFICE, STRANGER
from kpucrawl.crawl.frontier import NoArchive
from kpucrawl.crawl.gate import Gate
from kpucrawl.extract import read_page
from kpucrawl.extract.records import PageReading
from kpucrawl.extract.urls import parse_url
from kpucrawl.sites import load_sites
from kpucrawl.strangers import (
    FEWEST_KNOWN,
    find_misfit,
    find_other_office,
    find_stranger,
    set_aside,
)
from tests.replica.notices import NOTICES
from tests.replica.offices import World
from tests.replica.pages import Ask, Pages
from tests.replica.themes import THEMES

SITES = load_sites()
SITE = SITES.by_label["kota-surakarta"]
URL = f"https://{SITE.host}/blog/read/12"
MARKS = dict.fromkeys(("prefix", "menu", "category", "counter", "share"), 10)
HELD = OfficeMarks(10, MARKS, {"own"})
CORPUS = Path(__file__).parent / "corpus"
TEXT = "<p>Laman ini untuk sementara dialihkan oleh tim tanggap insiden siber pemerintah.</p>" * 20
STRANGE = (
    f"<title>Pemberitahuan</title><main><h1>Pemberitahuan Penanganan</h1>{TEXT}</main>".encode()
)


def read(body: bytes = STRANGE, url: str = URL) -> PageReading:
    return read_page(body, url)


def write_page(label: str, canonical: str = "") -> bytes:
    """A whole article of the office with this label."""
    head = f"<title>KPU {label.upper()} - Rapat Pleno</title>"
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    menu = '<a href="/blog/category/104">Berita</a><a href="/page/read/1">Profil</a>'
    return f"{head}{link}{menu}<h1>Rapat Pleno</h1>{TEXT}<p>Dilihat 4 kali</p>".encode()


def test_a_page_without_the_offices_marks_is_a_stranger() -> None:
    """A long text that no words or headers tell is one where the office's others have marks."""
    reading = read()
    assert reading.kind == "article"
    problem = find_stranger(reading, HELD)
    assert problem is not None
    assert (problem.field, set_aside(reading, problem).article) == (STRANGER, None)


@pytest.mark.parametrize(
    ("held", "titles"),
    [
        (OfficeMarks(), KnownTitles()),
        (replace(HELD, skeletons={read().skeleton}), KnownTitles()),
        (replace(HELD, marks={"prefix": 3}), KnownTitles()),
        (HELD, KnownTitles(("Pemberitahuan penanganan",))),
        (HELD, KnownTitles(("Lain", "Pemberitahuan Pen...",))),
        (HELD, KnownTitles(held="Pemberitahuan Penanganan")),
    ],
)  # fmt: skip
def test_what_may_be_the_offices_own_is(held: OfficeMarks, titles: KnownTitles) -> None:
    """On a first visit, with a structure seen before, where the others have no marks either, and
    with the title that a listing announced or that it had, a page is the office's own."""
    assert find_stranger(read(), held, titles) is None


def test_an_office_is_known_from_five_articles() -> None:
    """With four articles read nothing is usual yet, with five it is."""
    few = OfficeMarks(FEWEST_KNOWN - 1, dict.fromkeys(MARKS, FEWEST_KNOWN - 1))
    enough = OfficeMarks(FEWEST_KNOWN, dict.fromkeys(MARKS, FEWEST_KNOWN))
    assert find_stranger(read(), few) is None
    assert find_stranger(read(), enough) is not None


def test_a_mark_of_four_in_five_is_usual() -> None:
    """Eight of ten articles make a mark that others are expected to have, seven do not."""
    assert find_stranger(read(), OfficeMarks(10, {"counter": 8})) is not None
    assert find_stranger(read(), OfficeMarks(10, {"counter": 7})) is None


def test_half_of_the_marks_are_enough() -> None:
    """A page is the office's own with half of its usual marks, a stranger with fewer."""
    reading = replace(read(), marks=("prefix", "menu"))
    four = dict.fromkeys(("prefix", "menu", "counter", "share"), 10)
    assert find_stranger(reading, OfficeMarks(10, four)) is None
    assert find_stranger(reading, HELD) is not None


@pytest.mark.parametrize(
    ("label", "canonical", "is_other"),
    [
        ("kab-karanganyar", "", True),
        ("kab-karanganyar", "https://kab-karanganyar.kpu.go.id/blog/read/12", True),
        ("contoh", "https://kab-karanganyar.kpu.go.id/blog/read/12", True),
        ("kota-surakarta", "", False),
        ("kota-surakarta", "https://kab-karanganyar.kpu.go.id/blog/read/12", False),
        ("kab-karanganyar", f"https://{SITE.host}/blog/read/12", False),
        ("kota-entah", "https://www.kpu.go.id/", False),
    ],
)
def test_another_offices_page_is_known(label: str, canonical: str, is_other: bool) -> None:
    """The label in its title or its canonical address tell another office's page; a name that no
    office has, or this office's own beside the other's, tells nothing."""
    problem = find_other_office(read(write_page(label, canonical)), SITE, OfficeMarks())
    assert (problem is not None and problem.field == OFFICE) is is_other


def test_an_office_under_its_former_name_is_itself() -> None:
    """Pages that call the office by the host that it was listed with are its own after a move."""
    moved = replace(SITE, host="kpu-solo.kpu.go.id")
    page = write_page("kota-surakarta", f"https://{SITE.host}/blog/read/12")
    assert find_other_office(read(page), moved, OfficeMarks()) is None


def test_a_mistake_in_the_template_is_no_move() -> None:
    """Where half of the office's articles name the other office, so may the next; and a page with
    the title that it had is the same."""
    reading = read(write_page("kab-karanganyar"))
    habit = OfficeMarks(10, {"office kab-karanganyar": 5})
    assert find_other_office(reading, SITE, habit) is None
    assert find_other_office(reading, SITE, OfficeMarks(10, {"office kab-karanganyar": 4}))
    assert find_other_office(reading, SITE, OfficeMarks(), KnownTitles(held="Rapat Pleno")) is None


class Memory(NoArchive):
    """An archive that knows an office, and counts how often it is asked."""

    def __init__(self, titles: KnownTitles | None = None) -> None:
        self.titles = titles or KnownTitles()
        self.asked: list[str] = []

    def find_marks(self, site: str) -> OfficeMarks:
        self.asked.append("marks")
        return HELD

    def find_titles(self, site: str, page: Key) -> KnownTitles:
        self.asked.append("titles")
        return self.titles


def test_the_archive_is_asked_once_and_for_titles_only_in_doubt() -> None:
    """Judging many pages asks for the office's marks once, and for the titles of those alone that
    would be strangers."""
    memory = Memory()
    gate = Gate(SITE, memory)
    own = [read(write_page("kota-surakarta")) for _ in range(3)]
    kinds = [gate.judge(parse_url(URL), one).kind for one in (*own, read())]
    assert kinds == ["article", "article", "article", "other"]
    assert memory.asked == ["marks", "titles"]


def test_a_redesign_is_learnt_as_it_is_read() -> None:
    """A page of a new design that shows its announced title is read, and the next of that design
    without one too."""
    gate = Gate(SITE, Memory(KnownTitles(("Pemberitahuan Penanganan",))))
    assert gate.judge(parse_url(URL), read()).kind == "article"
    gate.frontier = Memory()
    assert gate.judge(parse_url(URL), read()).kind == "article"


def test_what_a_cut_page_lacks_proves_nothing() -> None:
    """An article that ends before its share block is no stranger, and teaches nothing."""
    gate = Gate(SITE, Memory())
    assert gate.judge(parse_url(URL), read(), is_cut=True).kind == "article"
    assert gate.judge(parse_url(URL), read()).kind == "other"


FITTING = replace(read(), layout="0123456789abcdef/1a2b3c4d")
"""The strange page, had it fitted the office's layout."""


@pytest.mark.parametrize(
    ("reading", "titles", "is_stranger"),
    [
        (read(), KnownTitles(), True),
        (read(), KnownTitles(("Rapat Pleno",), "Rapat Pleno"), True),
        (read(), KnownTitles(("Pemberitahuan penanganan",)), False),
        (read(), KnownTitles(("Pemberitahuan Pen...",)), False),
        (read(), KnownTitles(held="Pemberitahuan Penanganan"), False),
        (read(), KnownTitles(("Pemberitahuan",)), True),
        (read(), KnownTitles(held="Pemberitahuan Penanganan Kedua Baru"), False),
        (read(), KnownTitles(held="Pemberitahuan Penanganan Kedua Baru Sekali"), True),
        (FITTING, KnownTitles(), False),
        (FITTING, KnownTitles(("Rapat Pleno",)), False),
        (replace(read(), kind="home"), KnownTitles(), False),
        (replace(read(), kind="missing"), KnownTitles(), False),
    ],
)
def test_a_misfit_without_its_title_is_a_stranger(
    reading: PageReading, titles: KnownTitles, is_stranger: bool
) -> None:
    """An article that fits no layout is the office's own by its announced or held title alone; one
    that fits is never a stranger, and other kinds are not judged by layouts."""
    problem = find_misfit(reading, titles)
    assert (problem is not None and problem.field == STRANGER) is is_stranger


def test_a_title_below_the_headline_is_shown_too() -> None:
    """Where the wrong line was taken for the headline, the known title stands in the text."""
    article = read().article
    assert article is not None
    shifted = replace(read(), article=replace(article, title="Berita", body="Rapat Pleno\n\nIsi."))
    assert find_misfit(shifted, KnownTitles(("Rapat Pleno",))) is None
    assert find_misfit(shifted, KnownTitles(("Rapat Pleno Terbuka",))) is not None


def test_the_gate_asks_the_layout_where_there_is_one() -> None:
    """At an office with layouts a page without marks that fits is let in unasked, and one with all
    marks that fits none is not where the page is known by another title; of what no title is known
    the marks decide."""
    memory, own = Memory(), read(write_page("kota-surakarta"))
    gate = Gate(SITE, memory, has_layout=True)
    assert gate.judge(parse_url(URL), FITTING).kind == "article"
    assert "titles" not in memory.asked
    assert gate.judge(parse_url(URL), own).kind == "article"
    gate.frontier = Memory(KnownTitles(("Sosialisasi di Pasar",)))
    assert gate.judge(parse_url(URL), own).kind == "other"
    assert gate.judge(parse_url(URL), own, is_cut=True).kind == "article"
    gate.frontier = Memory(KnownTitles(("Rapat Pleno",)))
    assert gate.judge(parse_url(URL), own).kind == "article"
    assert Gate(SITE, Memory()).judge(parse_url(URL), own).kind == "article"


def test_a_page_that_fits_may_be_another_offices() -> None:
    """Offices share templates: whose page it is, is asked of those that fit as well."""
    other = replace(read(write_page("kab-karanganyar")), layout=FITTING.layout)
    judged = Gate(SITE, Memory(), has_layout=True).judge(parse_url(URL), other)
    assert [problem.field for problem in judged.problems] == [OFFICE]


def test_what_is_no_article_is_not_judged_by_an_articles_marks() -> None:
    """The home page, listings, static pages and what says that it is missing stay what they are."""
    gate = Gate(SITE, Memory())
    for path in ("/", "/blog/category/104", "/page/read/1", "/profil"):
        reading = replace(read(), kind="home")
        assert gate.judge(parse_url(path), reading).kind == "home"
    assert gate.judge(parse_url(URL), replace(read(), kind="missing")).kind == "missing"


def test_the_corpus_has_no_strangers() -> None:
    """No article of the corpus is a stranger or another office's, on a first visit or where all
    marks are usual (but for those that print next to none)."""
    found, seen = [], 0
    for file in sorted([*CORPUS.glob("golden/*/*.json"), *CORPUS.glob("tuned/*/*.json")]):
        label = json.loads(file.read_text())
        if label["expected"].get("kind") != "article":
            continue
        reading = read_page(file.with_suffix(".html").read_bytes(), label["url"])
        host = label["url"].split("/")[2]
        site = SITES.by_host.get(host) or replace(SITE, host=host)
        seen += 1
        usual = OfficeMarks(10, dict.fromkeys(("menu", "counter", "share"), 10))
        titles = KnownTitles((label["expected"].get("title") or "",))
        if find_stranger(reading, usual, titles) or find_other_office(reading, site, usual):
            found.append(file.stem)
    assert (found, seen > 150) == ([], True)


def read_themed(theme: str) -> list[PageReading]:
    """Some articles of one office in a theme."""
    world = World(7, articles=8)
    world.set_options(SITE.host, {"theme": theme})
    office, pages = world.find(SITE.host), Pages()
    assert office is not None
    asks = [Ask(office, office.path(entry), "", {}, ()) for entry in office.entries]
    return [read_page(pages.answer(ask).body, f"http://{SITE.host}{ask.path}") for ask in asks]


def test_no_redesign_makes_strangers() -> None:
    """From each theme of the replica to each other overnight, every article whose title a listing
    announced, or that had it before, is read on."""
    themed = {theme: read_themed(theme) for theme in THEMES}
    judged = 0
    for before, own in themed.items():
        for after, pages in themed.items():
            marks = Counter(mark for one in own for mark in one.marks)
            held = OfficeMarks(len(own), marks, {one.skeleton for one in own})
            for old, new in zip(own, pages, strict=True):
                assert old.article is not None, before
                titles = KnownTitles(held=old.article.title)
                assert find_stranger(new, held, titles) is None, (before, after)
                assert find_other_office(new, SITE, held, titles) is None
                judged += 1
    assert judged == 8 * len(THEMES) ** 2


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_a_notice_is_a_stranger_in_every_design(theme: str) -> None:
    """Whatever an office looks like, a long notice of unknown wording is no article of it."""
    own = read_themed(theme)
    marks = Counter(mark for one in own for mark in one.marks)
    held = OfficeMarks(len(own), marks, {one.skeleton for one in own})
    assert find_stranger(read(NOTICES["takeover"].encode()), held) is not None


@pytest.mark.parametrize(
    ("length", "held", "layout", "is_cut"),
    [
        (49, 500, FITTING.layout, True),
        (50, 500, FITTING.layout, False),
        (40, 499, FITTING.layout, False),
        (300, 5000, FITTING.layout, True),
        (301, 5000, FITTING.layout, False),
        (49, 500, None, False),
    ],
)
def test_a_page_made_in_halves_is_no_edit(
    length: int, held: int, layout: str | None, is_cut: bool
) -> None:
    """Where next to nothing is left of a held text on a page that fits its template, the page is
    cut: asked for again, and no revision."""
    article = read().article
    assert article is not None
    emptied = replace(read(), layout=layout, article=replace(article, body="x" * length))
    title = article.title
    gate = Gate(SITE, Memory(KnownTitles(held=title, held_length=held)), has_layout=True)
    assert gate.is_emptied(parse_url(URL), emptied) is is_cut

"""What a layout reads stands on the page, and sentences that it leaves out are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpucrawl.extract import read_page
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.layouts.leftovers import PROSE
from kpucrawl.extract.layouts.model import Group, Layout, Slot, Step
from kpucrawl.extract.records import Article, PageReading, Problem
from tests.extract.layouts.test_learn import THEMES, learn, list_samples

URL = "https://kab-cilacap.kpu.go.id/blog/read/12_rapat-pleno"
TEXT = "Rapat pleno dihadiri seluruh anggota dan sekretaris di aula kantor Cilacap."
CARD = (Step("html", 0), Step("body", 0), Step("div.card", 0))
LAYOUT = Layout(
    (
        Group(
            name="card",
            names=(".card", ".text"),
            marks=(
                "html>body>p\tJalan Merdeka 0, kantor kami di depan alun-alun kota Cilacap lama.",
            ),
            title=Slot(((*CARD, Step("h", 0)),)),
            body=(Slot(((*CARD, Step("div.text", 0)),)),),
        ),
    )
)


def read(beside: str, behind: str = "<p>Dilihat 4 kali</p>") -> PageReading:
    """An article by a layout that knows one box of its text; `beside` it stands something else."""
    text = f'<div class="text"><p>{TEXT}</p></div>'
    foot = "<p>Jalan Merdeka 1, kantor kami di depan alun-alun kota Cilacap lama.</p>"
    card = f'<div class="card"><h1>Rapat Pleno</h1>{text}{beside}{behind}</div>'
    page = f"<html><head><title>Rapat Pleno</title></head><body>{card}{foot}</body></html>"
    reading = read_page(page.encode(), URL, layout=LAYOUT)
    assert reading.layout is not None and reading.article is not None
    return reading


def list_told(reading: PageReading) -> list[Problem]:
    return [problem for problem in reading.problems if "left out" in problem.why]


def write_sentence(length: int) -> str:
    return ("Ketua menutup rapat " * length)[: length - 1] + "."


@pytest.mark.parametrize(("length", "is_told"), [(PROSE - 1, False), (PROSE, True)])
def test_a_sentence_that_was_not_read_is_told(length: int, is_told: bool) -> None:
    """A line of sixty characters beside the text is named, a shorter one may be a label."""
    sentence = write_sentence(length)
    told = [(one.field, one.seen) for one in list_told(read(f"<p>{sentence}</p>"))]
    assert told == ([("body", sentence)] if is_told else [])


@pytest.mark.parametrize(
    "beside",
    [
        f"<figure><img src='/a.jpg'><figcaption>{TEXT}</figcaption></figure>",
        f"<img src='/a.jpg'><p>{TEXT[:-1]}</p>",
        f"<p><a href='/blog/read/9_lain'>{TEXT}</a></p>",
        f"<div><a href='/blog/read/9_lain'>Lain</a><p>{TEXT}</p></div>",
        f"<aside><p>{TEXT}</p></aside>",
        f"<p>Baca juga: {TEXT}</p>",
        "<p>Rubrik Berita Terkini | Kamis, 12 Mei 2022 10:30 WIB | Admin | Dilihat 94 kali</p>",
    ],
)  # fmt: skip
def test_what_is_no_text_is_not_told(beside: str) -> None:
    """Captions, links, teasers, columns and notes in the article's box are no sentences of it."""
    assert list_told(read(beside)) == []


def test_what_stands_outside_the_box_is_not_told() -> None:
    """Comments behind their heading, and what most pages show, belong to no article."""
    assert list_told(read("", f"<p>Dilihat 4 kali</p><h4>Komentar</h4><p>{TEXT}</p>")) == []
    assert list_told(read("")) == []


def narrow(layout: Layout) -> Layout:
    """The layout with the first paragraph of each text for the text."""
    groups = []
    for group in layout.groups:
        paths = tuple((*path, Step("p", 0)) for slot in group.body for path in slot.paths)
        groups.append(replace(group, body=(Slot(paths),)))
    return Layout(tuple(groups))


@pytest.mark.parametrize("theme", THEMES)
def test_whole_readings_are_not_doubted_and_cut_ones_are(theme: str) -> None:
    """By a right layout nothing is told; by one that reads a paragraph alone every article with
    more sentences is."""
    layout, told = learn(theme), 0
    for sample in list_samples(theme):
        whole = read_page(sample.body, sample.url, layout=layout)
        assert list_told(whole) == [], sample.url
        cut = read_page(sample.body, sample.url, layout=narrow(layout))
        if cut.layout is None or whole.article is None or cut.article is None:
            continue
        lines = whole.article.body.split("\n")
        lost = [line for line in lines if len(line) >= PROSE and line not in cut.article.body]
        assert len(list_told(cut)) == bool(lost), sample.url
        told += bool(lost)
    if theme in ("cards", "sections", "tables"):
        assert told > 10


def list_read(article: Article) -> list[str]:
    """The words and figures of an article that are said to stand on its page."""
    byline, dateline = article.byline, article.dateline
    found = [article.title, article.category, *article.body.split("\n")]
    found += [*byline.writers, byline.editor, byline.photographer] if byline else []
    found += [dateline.raw] if dateline else []
    found += [piece.raw for piece in article.evidence if piece.source == "printed"]
    found += [str(article.views)] if article.views is not None else []
    return [value for value in found if value]


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_read_stands_on_the_page(theme: str) -> None:
    """Title, category, lines of the text, counter, credits, dateline and printed day occur on the
    page, case, blanks and points in figures aside."""
    layout, seen = learn(theme), 0
    for sample in list_samples(theme):
        reading = read_page(sample.body, sample.url, headers=sample.headers, layout=layout)
        page = open_page(sample.body, sample.url)
        assert page is not None and reading.article is not None
        shown = strip(" ".join(line.text for line in page.outline.lines))
        missing = [value for value in list_read(reading.article) if strip(value) not in shown]
        assert missing == [], sample.url
        seen += reading.layout is not None
    assert seen > 20


def strip(text: str) -> str:
    """Letters and figures alone."""
    return "".join(filter(str.isalnum, text.casefold()))

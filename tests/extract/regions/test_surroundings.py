"""What the lines around a headline are, each told by itself and by what stands beside it."""

from __future__ import annotations

import pytest

from kpucrawl.extract.regions.surroundings import (
    LISTED,
    LONGEST_LABEL,
    Surroundings,
    is_listed_related,
)

from .pages import HEAD, LINK, find_line, look_around, parse, write_paragraphs, write_sentence

TEXT = write_paragraphs(60)
MENU = "<p><a href='/blog/category/14'>Pengumuman</a></p>"
SHORT = "<p>Kotak suara</p>"


def list_texts(inner: str, name: str) -> list[str]:
    """The lines whose numbers a question gives, in their order."""
    around = look_around(inner)
    return [around.lines[n].text for n in sorted(getattr(around, name))]


def name_start(inner: str) -> str:
    """The first word of the line where the text is looked for."""
    around = look_around(inner)
    return around.lines[around.start].text.split()[0]


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        pytest.param(
            f"{HEAD}<article>satu</article><article>dua</article>", ["satu", "dua"], id="two"
        ),
        pytest.param(f"{HEAD}<article>satu</article>", [], id="one"),
        pytest.param(
            f"<article>{HEAD}</article><article>satu</article>", [], id="the headline's own"
        ),
        pytest.param(
            f"{HEAD}<div><article>satu</article></div><div><article>dua</article></div>",
            [],
            id="two apart",
        ),
        pytest.param(f"{HEAD}<section>satu</section><section>dua</section>", [], id="sections"),
        pytest.param(f"{HEAD}{LINK}", ["Judul lain"], id="a link"),
    ],
)
def test_teasers(inner: str, texts: list[str]) -> None:
    """Links to other articles, and each of several `<article>`s beside each other."""
    assert list_texts(inner, "teasers") == texts


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        pytest.param(f"{TEXT}<div>Bagus<form>Kirim</form></div>", ["Bagus", "Kirim"], id="a box"),
        pytest.param(f"{TEXT}<article>Bagus<form></form></article>", ["Bagus"], id="an article"),
        pytest.param(f"{TEXT}<section>Bagus<form></form></section>", ["Bagus"], id="a section"),
        pytest.param(f"{TEXT}<main>Bagus<form></form></main>", [], id="no box of readers"),
        pytest.param(f"{TEXT}<div>Bagus<div>Kirim</div></div>", [], id="no form"),
        pytest.param(f"<div>{TEXT}<form>Kirim</form></div>", [], id="around the text"),
        pytest.param(
            f"<aside>{TEXT}</aside><div>{TEXT}<form>Kirim</form></div>", [], id="around the first"
        ),
        pytest.param("<div>Bagus<form></form></div>", ["Bagus"], id="without a text"),
    ],
)
def test_replies(inner: str, texts: list[str]) -> None:
    """What stands behind the text in one box with the form for more."""
    assert list_texts(f"{HEAD}{inner}", "replies") == texts


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        pytest.param("<p>Bagikan:</p>", ["Bagikan:"], id="a label"),
        pytest.param("<p>Dilihat 5 kali</p>", ["Dilihat 5 kali"], id="a counter"),
        pytest.param(
            "<p>Bagikan:</p><p>Facebook</p>", ["Bagikan:", "Facebook"], id="a network below"
        ),
        pytest.param("<p>Bagikan:</p><p>Kotak</p>", ["Bagikan:"], id="a word below"),
        pytest.param("<p>Facebook</p><p>Telegram</p>", ["Facebook", "Telegram"], id="two networks"),
        pytest.param("<p>Kotak</p><p>Facebook</p><p>Kotak</p>", [], id="one network"),
        pytest.param("<p><a href='#'>Facebook</a></p>", ["Facebook"], id="a linked network"),
        pytest.param("<p><a href='#'>Kotak</a></p>", [], id="a link"),
    ],
)
def test_anchors(inner: str, texts: list[str]) -> None:
    """Share blocks and counters below the headline; a network alone only where it is linked."""
    assert list_texts(f"<p>Dilihat 7 kali</p>{HEAD}{inner}", "anchors") == texts


@pytest.mark.parametrize(
    ("markup", "stops"),
    [
        pytest.param("<p>Bagikan:</p>", True, id="a share block"),
        pytest.param("<p>Dilihat 5 kali</p>", True, id="a counter"),
        pytest.param("<p>3 Komentar</p>", True, id="the heading of comments"),
        pytest.param("<p>Tags: pleno</p>", True, id="tags"),
        pytest.param(LINK, True, id="another article"),
        pytest.param("<div>Bagus<form></form></div>", True, id="a reply"),
        pytest.param("<h4>Agenda</h4>", True, id="a heading"),
        pytest.param("<p><b>Agenda</b></p>", True, id="a heading in bold"),
        pytest.param("<p>Agenda</p>", False, id="a word"),
        pytest.param("<h4>Kotak suara</h4>", False, id="a subheading"),
        pytest.param("<p><a href='/profil'>Profil</a></p>", False, id="a page"),
    ],
)
def test_what_stands_behind_articles(markup: str, stops: bool) -> None:
    """Share blocks, other articles, readers' words and headings of other blocks."""
    around = look_around(f"{HEAD}{TEXT}{markup}")
    assert around.stops(around.lines[2]) is stops


@pytest.mark.parametrize(
    ("inner", "excluded"),
    [
        pytest.param(f"{HEAD}<nav>Kotak</nav>", True, id="in furniture"),
        pytest.param(f"{HEAD}<div>Kotak</div>", False, id="outside"),
        pytest.param(f"<header>{HEAD}<p>Kotak</p></header>", False, id="with the headline"),
    ],
)
def test_furniture_without_the_headline_is_excluded(inner: str, excluded: bool) -> None:
    """A header that holds the headline is the article's."""
    around = look_around(inner)
    assert around.is_excluded(find_line(around.lines, "Kotak")) is excluded


@pytest.mark.parametrize(
    ("markup", "leads"),
    [
        pytest.param("<p><a href='/blog/read/3'>Kotak123</a> x</p>", True, id="four fifths"),
        pytest.param("<p><a href='/blog/read/3'>Kotak12</a> xy</p>", False, id="less"),
        pytest.param("<p><a href='/profil'>Kotak</a></p>", False, id="a page"),
        pytest.param("<p><a href='/blog/read/12'>Kotak</a></p>", False, id="itself"),
        pytest.param("<p>Kotak</p>", False, id="no link"),
        pytest.param(
            "<p><a href='/profil'>Kotak</a> <a href='/blog/read/3'>suara</a></p>",
            False,
            id="a page first",
        ),
        pytest.param(
            "<p>Baca Juga :</p><p><a href='/blog/read/3'>Kotak</a></p>", False, id="under a label"
        ),
        pytest.param(
            "<p><a href='/blog/read/3'>Baca Juga : Kotak</a></p>", False, id="with a label"
        ),
    ],
)
def test_a_line_that_leads_to_another_article(markup: str, leads: bool) -> None:
    """A link as a whole; `Baca Juga :` is the text's own."""
    around = look_around(f"{HEAD}{markup}")
    assert around.leads_away(around.lines[-1]) is leads


@pytest.mark.parametrize(("between", "opens"), [(0, True), (2, True), (3, False)])
def test_a_category_heads_links_to_its_articles(between: int, opens: bool) -> None:
    """The title of one names the article's own where no links stand in three lines below it."""
    heading = f"<h4>Pengumuman</h4>{SHORT * between}{LINK}"
    around = look_around(f"{MENU}{HEAD}{TEXT}{heading}")
    assert around.opens_other(find_line(around.lines[3:], "Pengumuman")) is opens


def test_a_linked_category_heads_no_links_itself() -> None:
    """Neither its own link nor one above it stands below it."""
    heading = "<h4><a href='/blog/read/3'>Pengumuman</a></h4>"
    around = look_around(f"{MENU}{HEAD}{TEXT}{LINK}{heading}")
    assert not around.opens_other(around.lines[-1])


@pytest.mark.parametrize(
    ("markup", "opens"),
    [
        pytest.param("<h4>3 Komentar</h4>", True, id="a heading of comments"),
        pytest.param("<p>3 Komentar</p>", False, id="their number"),
        pytest.param("<p>Berita Terkait</p>", True, id="what ends articles"),
        pytest.param("<p>Pengumuman</p>", False, id="a word"),
        pytest.param("<h4>Pengumuman</h4>", True, id="a heading"),
        pytest.param("<h1>Pengumuman</h1>", True, id="the largest heading"),
        pytest.param("<p><b>Pengumuman</b></p>", True, id="in bold"),
    ],
)
def test_the_heading_of_another_block(markup: str, opens: bool) -> None:
    """By its words, some of them only where they stand out."""
    around = look_around(f"{HEAD}{TEXT}{markup}")
    assert around.opens_other(around.lines[-1]) is opens


@pytest.mark.parametrize(
    ("text", "is_text"),
    [
        pytest.param(write_sentence(60), True, id="a sentence"),
        pytest.param("Kotak suara", False, id="a few words"),
        pytest.param(f"Baca Juga : {write_sentence(60)}", False, id="another article"),
        pytest.param(f"(Ketua KPU serahkan {write_sentence(60)[:-1]})", False, id="a caption"),
        pytest.param(f"/* Style Definitions */ {write_sentence(60)}", False, id="residue"),
    ],
)
def test_a_sentence_of_a_text(text: str, is_text: bool) -> None:
    """Captions, labels and what word processors leave are none."""
    around = look_around(f"{HEAD}<p>{text}</p>")
    assert around.is_text(around.lines[1]) is is_text


SIDE = f"<div><h4>Berita Populer</h4>{LINK}</div>"
MAIN = "<div><p>Kotak suara</p><p>Bagikan:</p></div>"


@pytest.mark.parametrize(
    ("below", "start"),
    [
        pytest.param(f"<div>{SIDE}{MAIN}</div>", "Kotak", id="a sidebar"),
        pytest.param(f"<div><div>{SIDE}<p>Lain</p></div>{MAIN}</div>", "Kotak", id="its box"),
        pytest.param(f"<div>{LINK}{MAIN}</div>", "Kotak", id="a link"),
        pytest.param(f"<div>{SIDE}<p>Kotak suara</p></div>", "Berita", id="no share block"),
        pytest.param(
            f"<div>{SIDE}<p>Kotak suara</p><p>Facebook Twitter</p></div>",
            "Berita",
            id="networks alone",
        ),
        pytest.param(
            f"<div>{SIDE}<p>Kotak</p><p>Lain</p><p>Dilihat 5 kali</p></div>",
            "Kotak",
            id="a counter",
        ),
        pytest.param(
            f"<div>{SIDE}<p>Dilihat 5 kali</p></div>", "Berita", id="a counter right below a link"
        ),
        pytest.param(
            f"<div>{SIDE}<p>Kotak</p><p>Dilihat 5 kali</p></div>", "Berita", id="a teaser's counter"
        ),
        pytest.param(f"<nav>Beranda</nav><div>{SIDE}{MAIN}</div>", "Kotak", id="behind furniture"),
        pytest.param(f"<p>Bagikan:</p><div>{SIDE}{MAIN}</div>", "Bagikan:", id="a share block"),
        pytest.param(
            f"<p><a href='/a.pdf?v=2'>Unduh</a></p><div>{SIDE}{MAIN}</div>", "Unduh", id="a file"
        ),
        pytest.param(f"<p>Awal</p><div>{SIDE}{MAIN}</div>", "Kotak", id="a few words"),
        pytest.param(
            f"<p>Sidang {write_sentence(60)}</p><div>{SIDE}{MAIN}</div>", "Sidang", id="a sentence"
        ),
        pytest.param(f"<nav>{LINK}</nav><p>Kotak</p>", "Judul", id="links in furniture"),
        pytest.param("<p>Kotak</p>", "Kotak", id="nothing else"),
    ],
)
def test_where_to_look_for_the_text(below: str, start: str) -> None:
    """Behind a sidebar that stands between the headline and the share block of its article."""
    assert name_start(f"<div>{HEAD}</div>{below}") == start


def test_a_headline_of_a_sentence_s_length_is_no_text() -> None:
    """One in bold is told by nothing but its place."""
    form = "<div>Bagus<form></form></div>"
    page = parse(f"<p><b>{write_sentence(90)}</b></p><div>{SIDE}{MAIN}</div>{form}{TEXT}")
    around = Surroundings(page, page.outline.lines[0])
    assert (around.lines[around.start].text, around.replies) == ("Kotak suara", frozenset())


def test_a_sidebar_around_the_headline_is_not_passed_over() -> None:
    """What follows it in the headline's own box is not the sidebar's."""
    assert name_start(f"<div>{HEAD}{SIDE}<p>Kotak</p></div><p>Bagikan:</p>") == "Kotak"


@pytest.mark.parametrize(
    ("markup", "loosely", "strictly"),
    [
        pytest.param(LINK, True, True, id="another article"),
        pytest.param("<h4>Agenda</h4>", True, True, id="a heading of a block"),
        pytest.param("<h4>Kotak</h4>", False, True, id="any heading"),
        pytest.param("<h1>Kotak</h1>", False, True, id="the largest"),
        pytest.param("<p>Agenda</p>", False, True, id="its words"),
        pytest.param("<p>Kotak</p>", False, False, id="any words"),
    ],
)
def test_what_follows_belongs_to_something_else(markup: str, loosely: bool, strictly: bool) -> None:
    """After a post that is only a picture any heading says so."""
    around = look_around(f"{HEAD}{markup}")
    line = around.lines[1]
    assert (around.blocks(line, strict=False), around.blocks(line, strict=True)) == (
        loosely,
        strictly,
    )


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        pytest.param("", False, id="nothing"),
        pytest.param("<img src='/rapat.jpg'>", True, id="a picture"),
        pytest.param("<img src='/logo.png'>", False, id="an icon"),
        pytest.param("<iframe src='/a.pdf'></iframe>", True, id="a viewer"),
        pytest.param(SHORT, True, id="words"),
        pytest.param("<p><a href='/a.pdf'>Unduh</a></p>", True, id="a file"),
        pytest.param("<p>3 Mei 2021</p>", False, id="a note"),
        pytest.param("<p>Budi Santoso</p>", False, id="a name"),
        pytest.param("<nav>Kotak suara</nav>", False, id="furniture"),
        pytest.param("<p>Dilihat 5 kali</p>", False, id="a counter"),
        pytest.param("<p>/* Style Definitions */ table</p>", False, id="residue"),
    ],
)
def test_content_between_headline_and_a_line(between: str, expected: bool) -> None:
    """Pictures, viewers, links and words are; notes, names and what is furniture are none."""
    around = look_around(f"<img src='/atas.jpg'>{HEAD}{between}<p>Bagikan:</p>")
    assert around.has_content(find_line(around.lines, "Bagikan").index) is expected


def test_content_behind_a_line_does_not_stand_above_it() -> None:
    """Neither words nor pictures."""
    around = look_around(f"{HEAD}<p>Bagikan:</p>{SHORT}<img src='/rapat.jpg'>")
    assert not around.has_content(1) and not around.has_content(2) and around.has_content(3)


def test_pictures_and_viewers_in_their_order() -> None:
    """Those of the page below the headline, icons left out."""
    around = look_around(
        f"<iframe src='/a.html'></iframe><p>Atas</p>{HEAD}<iframe src='/b.html'></iframe>{SHORT}"
        "<img src='/c.jpg'><img src='/logo.png'>"
    )
    assert [medium.element.get("src") for medium in around.media] == ["/b.html", "/c.jpg"]


@pytest.mark.parametrize(
    ("markup", "outside", "inside"),
    [
        pytest.param("<p>– 12 –</p>", True, True, id="no word"),
        pytest.param("<p>3 Mei 2021</p>", True, False, id="a bare day"),
        pytest.param("<p>3 Mei 2021 | Admin</p>", True, True, id="a note"),
        pytest.param("<p>Kotak suara</p>", False, False, id="words"),
        pytest.param("<p>Pengumuman</p>", True, True, id="a category"),
        pytest.param(f"{SHORT * 2}<p>Pengumuman</p>", True, True, id="a category near"),
        pytest.param(f"{SHORT * 3}<p>Pengumuman</p>", False, False, id="a category far"),
        pytest.param("<p>Di <a href='/blog/category/9'>Opini</a></p>", True, True, id="a listing"),
        pytest.param("<p>Di <a href='/'>sini</a></p>", True, True, id="the home page"),
        pytest.param("<p>Di <a href='/profil'>sini</a></p>", False, False, id="a page"),
        pytest.param("<p>Di <a href='https://a.id/'>sini</a></p>", False, False, id="elsewhere"),
        pytest.param(
            f"<p><a href='/'>x</a>{'y' * 58}</p>", True, True, id="the longest with a link"
        ),
        pytest.param(f"<p><a href='/'>x</a>{'y' * 59}</p>", False, False, id="too long"),
    ],
)
def test_notes_above_a_text(markup: str, outside: bool, inside: bool) -> None:
    """The CMS's are no text; inside the text's own box a bare day is the office's."""
    around = look_around(f"{MENU}{HEAD}{markup}")
    line = around.lines[-1]
    assert around.is_own_note(line, own_box=False) is outside
    assert around.is_own_note(line, own_box=True) is inside


def is_listed(label: str, items: str) -> bool:
    """Whether the last line of a list is one under its label."""
    lines = parse(f"<p>Awal</p><p>{label}</p>{items}").outline.lines
    return is_listed_related(lines, lines[-1])


ITEM = "<li><a href='/blog/read/3'>Judul lain</a></li>"


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        pytest.param(LINK, True, id="a link"),
        pytest.param(f"<ul>{ITEM * LISTED}</ul>", True, id="the longest list"),
        pytest.param(f"<ul>{ITEM * (LISTED + 1)}</ul>", False, id="too long"),
        pytest.param(LINK * 2, False, id="no list"),
        pytest.param("<ul><li>Judul lain</li></ul>", False, id="no link"),
        pytest.param(f"<ul><li>Judul lain</li>{ITEM}</ul>", False, id="below no link"),
    ],
)
def test_links_under_their_label(items: str, expected: bool) -> None:
    """The first below it, and those of the list that begins there."""
    assert is_listed("Baca Juga :", items) is expected
    assert not is_listed("Kotak suara", items)


@pytest.mark.parametrize(("size", "expected"), [(LONGEST_LABEL - 1, True), (LONGEST_LABEL, False)])
def test_the_longest_label_of_links(size: int, expected: bool) -> None:
    """A longer line is a link itself."""
    assert is_listed("Baca Juga : ".ljust(size, "x"), LINK) is expected


def test_the_first_line_stands_under_no_label() -> None:
    """Also where the last is one."""
    lines = parse(f"{LINK}<p>Baca Juga :</p>").outline.lines
    assert not is_listed_related(lines, lines[0])


def test_a_label_opens_the_page() -> None:
    """The first line of a page can be one."""
    lines = parse(f"<p>Baca Juga :</p>{LINK}").outline.lines
    assert is_listed_related(lines, lines[1])

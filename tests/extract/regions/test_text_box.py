"""Which lines of a page are the text: where it begins and ends, and what amid it is none of it."""

from __future__ import annotations

import math

import pytest

from kpucrawl.extract.regions.text_box import (
    FOOTER,
    LEAD_LINES,
    LEADING,
    LINKED,
    LONGEST_HEADING,
    LONGEST_META,
    MAIN,
    NEAR,
    FoundText,
    find_text,
)
from kpucrawl.extract.regions.weights import FADE, LEADS

from .pages import HEAD, LINK, look_around, name_box, write_paragraphs, write_sentence

WHOLE = 1_000
"""Weight of a text, of which parts are taken."""
TEXT = write_paragraphs(300, 300)
SHARE = "<p>Bagikan:</p>"
DAY = "<p>3 Mei 2021</p>"
SHORT = "<p>Kotak</p>"


def find(inner: str) -> FoundText | None:
    return find_text(look_around(inner))


def list_words(inner: str) -> list[str]:
    """The first word of each line of the text that is no `kotak`."""
    found = find(inner)
    lines = found.lines if found else ()
    return [word for line in lines if (word := line.text.split()[0]) not in ("kotak", "Kotak")]


def name_end(inner: str) -> str:
    """The first word of the line behind the text."""
    around = look_around(inner)
    found = find_text(around)
    assert found is not None
    return (around.lines[found.end].text if found.end < len(around.lines) else "END").split()[0]


def say(word: str, size: int = 60) -> str:
    """A paragraph whose first word is this."""
    return f"<p>{word} {write_sentence(size - len(word) - 1)}</p>"


@pytest.mark.parametrize(("less", "is_main"), [(0, True), (1, False)])
def test_a_box_is_the_text_s_own_for_its_part_of_it(less: int, is_main: bool) -> None:
    """Under a heading of its own a smaller one is another's."""
    size = round(math.ceil(MAIN * WHOLE) / FADE) - less
    rest = WHOLE - math.ceil(MAIN * WHOLE)
    box = f"<div class='box'><h4>Agenda</h4>{write_paragraphs(size)}</div>"
    found = find(f"{HEAD}<div>{write_paragraphs(rest // 2, rest - rest // 2)}{box}</div>")
    assert found is not None and (len(found.lines) == 4) is is_main


LINKS = f"<p>{write_sentence(100)}</p><p><a href='/x'>{'y' * 100}</a></p>"
"""Half of it leads elsewhere."""


@pytest.mark.parametrize(
    ("names", "count"),
    [
        pytest.param(["a"] * 6, 6, id="one class"),
        pytest.param(["a 1", "a 2", "a 3", "a 4", "a 5", "a 6"], 6, id="one first class"),
        pytest.param(["1 a", "2 a", "3 a", "4 a", "5 a", "6 a"], 0, id="other classes"),
        pytest.param([""] * 6, 6, id="no class"),
    ],
)
def test_boxes_of_one_kind_are_the_text_together(names: list[str], count: int) -> None:
    """By tag and first class; each alone would hold too little of it."""
    boxes = "".join(f"<div class='{name}'>{LINKS}</div>" for name in names)
    found = find(f"{HEAD}<div>{write_paragraphs(900)}{boxes}</div>")
    assert found is not None and len(found.lines) == 1 + 2 * count


def test_boxes_without_a_class_are_of_their_tags_kind() -> None:
    """A few sections are none of a text in plain boxes."""
    boxes = f"<div>{LINKS}</div>" * 4 + f"<section>{LINKS}</section>"
    found = find(f"{HEAD}<div>{write_paragraphs(300)}{boxes}</div>")
    assert found is not None and len(found.lines) == 9


@pytest.mark.parametrize(("less", "is_article"), [(0, True), (1, False)])
def test_a_long_text_is_no_footer(less: int, is_article: bool) -> None:
    """It may stand behind links to other articles."""
    text = write_paragraphs(FOOTER // 2, FOOTER - FOOTER // 2 - less)
    assert (find(f"{HEAD}{LINK}<div>{text}</div>") is not None) is is_article


@pytest.mark.parametrize(
    ("between", "is_near"),
    [
        pytest.param("", True, id="nothing"),
        pytest.param(LINK, False, id="another article"),
        pytest.param(f"<nav>{LINK}</nav>", True, id="links in furniture"),
        pytest.param("<h4>Agenda</h4>", False, id="another heading"),
        pytest.param("<h4>Kotak</h4>", True, id="any heading"),
        pytest.param(SHARE, True, id="a share block below nothing"),
        pytest.param("<img src='/a.jpg'>", True, id="a picture"),
        pytest.param(f"<img src='/a.jpg'>{SHARE}", False, id="a share block below a picture"),
        pytest.param(f"{SHARE}<img src='/a.jpg'>", True, id="a picture below a share block"),
        pytest.param(f"<img src='/a.jpg'><nav>{SHARE}</nav>", True, id="sharing in furniture"),
    ],
)
def test_a_short_text_is_near_the_headline(between: str, is_near: bool) -> None:
    """What stands behind other articles, or a picture's share block, is a footer's."""
    text = f"<div>{write_paragraphs(100, 100)}</div>"
    assert (find(f"<div>{HEAD}{between}</div>{text}") is not None) is is_near


def test_a_headline_that_other_blocks_have_too_leads_nowhere_else() -> None:
    """It may be called as they are."""
    assert find(f"<h1>Pengumuman</h1><div>{write_paragraphs(100, 100)}</div>") is not None


def test_links_in_the_headline_s_own_box_lead_elsewhere() -> None:
    """Where they stand in another box than the text, which shares the headline's."""
    text = write_paragraphs(100, 100)
    assert find(f"<div>{HEAD}<div>{SHORT}</div>{text}</div>") is not None
    assert find(f"<div>{HEAD}<div>{LINK}</div>{text}</div>") is None


def test_a_share_block_amid_a_short_text_does_not_part_it_from_the_headline() -> None:
    """Only what stands above its first sentence does."""
    assert find(f"{HEAD}<div>{write_paragraphs(100)}{SHARE}{write_paragraphs(100)}</div>")


def test_a_heading_in_the_text_s_own_boxes_leads_nowhere_else() -> None:
    """The text may open with one that other blocks have too."""
    text = f"<div><h4>Agenda</h4>{write_paragraphs(100, 100)}</div>"
    assert find(f"<div>{HEAD}</div>{text}") is not None
    assert find(f"<div>{HEAD}</div><div><h4>Agenda</h4></div>{text}") is None


@pytest.mark.parametrize(("levels", "is_near"), [(NEAR - 1, True), (NEAR, False)])
def test_a_text_stands_near_the_share_block_of_a_picture(levels: int, is_near: bool) -> None:
    """In one of the smallest boxes around it."""
    top = f"<div>{HEAD}<img src='/a.jpg'>{SHARE}</div>"
    for _ in range(levels - 1):
        top = f"<div>{top}</div>"
    text = f"<div>{write_paragraphs(100, 100)}</div>"
    assert (find(f"<div><div>{top}{text}</div></div>") is not None) is is_near


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        pytest.param(say("Awal"), ["Awal"], id="a sentence"),
        pytest.param(f"<div>{SHORT * (LEAD_LINES - 1)}{say('Awal')}</div>", ["Awal"], id="a few"),
        pytest.param(f"<div>{SHORT * LEAD_LINES}{say('Awal')}</div>", [], id="a sidebar"),
        pytest.param("<p>Singkat saja</p>", [], id="no sentence"),
        pytest.param(f"<p>Awal <a href='/x'>x</a> {write_sentence(60)}</p>", [], id="with a link"),
        pytest.param(f"<div class='caption'>{say('Awal')}</div>", [], id="a caption"),
        pytest.param(f"<aside>{say('Awal')}</aside>", [], id="in furniture"),
        pytest.param(
            f"<article>{say('Awal')}</article><article>{say('Lagi')}</article>", [], id="teasers"
        ),
        pytest.param(f"<div><p>Demak</p>{say('Awal')}</div>", ["Demak", "Awal"], id="a dateline"),
        pytest.param(
            f"<div><p>3 Mei 2021</p>{say('Awal')}</div>", ["3", "Awal"], id="a day of its own"
        ),
        pytest.param(f"<div><p>Cetak</p>{say('Awal')}</div>", ["Awal"], id="a note"),
        pytest.param(f"<div>{SHARE}{say('Awal')}</div>", ["Awal"], id="a share block"),
        pytest.param(
            f"<div><p class='caption'>Foto</p>{say('Awal')}</div>", ["Awal"], id="a caption above"
        ),
        pytest.param(
            f"<div><figure><figcaption>Foto</figcaption></figure>{say('Awal')}</div>",
            ["Awal"],
            id="words under a picture",
        ),
        pytest.param(f"<p>Demak</p>{say('Awal')}", ["Awal"], id="words outside its box"),
        pytest.param(
            f"<div>{say('Awal')}<p>Demak</p>{say('Lagi')}</div>",
            ["Awal", "Demak", "Lagi"],
            id="two sentences",
        ),
    ],
)
def test_a_lead_between_headline_and_text(lead: str, words: list[str]) -> None:
    """A sentence in a small box of its own, with what opens it."""
    assert list_words(f"<div>{HEAD}{lead}<div>{TEXT}</div></div>") == words


def test_a_lead_in_the_box_around_the_text() -> None:
    """However many lines stand there."""
    around = f"<div>{SHORT * LEAD_LINES}{say('Awal')}<div>{TEXT}</div></div>"
    assert list_words(f"{HEAD}{around}") == ["Awal"]


def test_a_lead_stands_behind_a_sidebar() -> None:
    """What is passed over holds none."""
    side = f"<div><h4>Berita Populer</h4>{LINK}<div>{say('Samping')}</div></div>"
    page = f"<div>{HEAD}</div><div>{side}<div>{say('Awal')}<div>{TEXT}</div>{SHARE}</div></div>"
    assert list_words(page) == ["Awal"]


@pytest.mark.parametrize(
    ("opening", "flat", "boxed"),
    [
        pytest.param("<p>Demak</p>", ["Demak"], ["Demak"], id="a place"),
        pytest.param(f"<p>Demak</p>{SHARE}", [], [], id="above a share block"),
        pytest.param(f"<p>Demak</p>{LINK}", [], [], id="above another article"),
        pytest.param("<nav>Beranda</nav>", [], [], id="furniture"),
        pytest.param("<p>Demak</p><nav>Beranda</nav>", ["Demak"], ["Demak"], id="above furniture"),
        pytest.param("<h4>Pengumuman</h4>", [], ["Pengumuman"], id="a heading of a block"),
        pytest.param("<p>Demak</p><h4>Agenda</h4>", [], ["Demak", "Agenda"], id="above a heading"),
        pytest.param("<p>Demak</p><p>Cetak</p>", [], [], id="above a note"),
        pytest.param("<p>Demak</p><p>–</p>", ["Demak"], [], id="above a dash"),
        pytest.param(f"<p>Demak</p>{DAY}", [], ["Demak", "3"], id="above a day"),
        pytest.param(f"{DAY}<p>Budi Santoso</p>", [], ["3"], id="a name below the day"),
        pytest.param(f"<p>Budi Santoso</p>{DAY}", [], ["3"], id="a name above the day"),
        pytest.param("<p>Budi Santoso</p>", ["Budi"], ["Budi"], id="a name alone"),
        pytest.param(
            f"<p>Budi Santoso</p>{SHORT}{DAY}", [], ["Budi", "3"], id="a name far above the day"
        ),
        pytest.param(
            "<h4><a href='/'>Pengumuman</a></h4>", [], ["Pengumuman"], id="a linked heading"
        ),
        pytest.param(
            f"{DAY}<p>Cetak</p><p>Budi Santoso</p>", ["Budi"], ["Budi"], id="a name farther off"
        ),
        pytest.param(f"{DAY}<p>Oleh: Budi</p>", ["Oleh:"], ["3", "Oleh:"], id="a labelled name"),
    ],
)
def test_the_short_lines_that_open_a_text(opening: str, flat: list[str], boxed: list[str]) -> None:
    """Places, greetings and headings of the office; notes and names beside the day are the
    CMS's."""
    assert list_words(f"<div>{HEAD}{opening}{TEXT}</div>") == flat
    assert list_words(f"<div>{HEAD}<div>{opening}{TEXT}</div></div>") == boxed


@pytest.mark.parametrize(
    ("behind", "end"),
    [
        pytest.param("", "END", id="nothing"),
        pytest.param(SHORT, "END", id="short lines"),
        pytest.param(f"{SHORT}{SHARE}", "Bagikan:", id="a share block"),
        pytest.param(f"{SHORT}<p>3 Komentar</p>", "3", id="comments"),
        pytest.param("<h4>Baru</h4>" + LINK, "Baru", id="a heading"),
        pytest.param("<p><b>Baru</b></p>" + LINK, "Baru", id="a heading in bold"),
        pytest.param("<div>Baru</div>" + LINK, "Baru", id="in a box of another kind"),
        pytest.param("<p>Baru</p>" + LINK, "Judul", id="as the text"),
        pytest.param(
            f"{SHARE}<p class='caption'>{write_sentence(60)}</p>", "Bagikan:", id="caption"
        ),
        pytest.param("<h4>Baru.</h4>" + LINK, "Judul", id="a sentence"),
        pytest.param("<h4><a href='/x'>Baru</a></h4>" + LINK, "Judul", id="a linked heading"),
        pytest.param("<ul><li>Baru</li></ul>" + LINK, "Judul", id="an item"),
        pytest.param(
            f"<h4>{'y' * (LONGEST_HEADING - 1)}</h4>{LINK}", "y" * (LONGEST_HEADING - 1), id="long"
        ),
        pytest.param(f"<h4>{'y' * LONGEST_HEADING}</h4>{LINK}", "Judul", id="too long"),
        pytest.param(f"<div><p>Baru</p>{LINK}</div>", "Baru", id="a block"),
        pytest.param(
            f"<div>{'<p>Baru</p>' * LEADING}{LINK}</div>", "Baru", id="the longest beginning"
        ),
        pytest.param(
            f"<div>{'<p>Baru</p>' * (LEADING + 1)}{LINK}</div>", "Judul", id="too long a beginning"
        ),
        pytest.param(f"<div><p>Baru.</p>{LINK}</div>", "Judul", id="a block with a credit"),
        pytest.param(
            f"<div><p>Baru</p><p><a href='/blog/read/3'>{write_sentence(70)}</a></p></div>",
            "Baru",
            id="a block with a long title",
        ),
        pytest.param(f"<h4>Baru</h4><div><p>Lama</p>{LINK}</div>", "Baru", id="a headed block"),
        pytest.param(f"<div><div><p>Baru</p></div>{LINK}</div>", "Baru", id="the largest block"),
    ],
)
def test_where_a_text_ends(behind: str, end: str) -> None:
    """Before what stands behind articles, with its box and heading."""
    assert name_end(f"{HEAD}<div>{TEXT}{behind}</div>") == end


def test_the_last_sentence_is_not_the_heading_of_what_follows() -> None:
    """A block begins behind it."""
    last = f"<p><b>{write_sentence(45)[:-1]}:</b></p>"
    assert name_end(f"{HEAD}<div>{TEXT}{last}{LINK}</div>") == "Judul"


def test_a_text_goes_on_behind_a_share_block() -> None:
    """As long as sentences of its kind follow; on a page without boxes those are a footer's."""
    inner = f"{HEAD}{write_paragraphs(500, 300)}{SHARE}{say('Lagi', 200)}"
    assert list_words(f"<div>{inner}</div>") == ["Lagi"]
    assert list_words(inner) == []


META = f"<p>Budi</p>{DAY}<p>Dilihat</p>"


@pytest.mark.parametrize(
    ("inside", "is_own"),
    [
        pytest.param(DAY, False, id="a day"),
        pytest.param(META, False, id="with a name"),
        pytest.param(f"<p>Budi</p>{DAY}", True, id="as many words"),
        pytest.param("<p>Cetak</p><p>Dilihat</p>", True, id="no day"),
        pytest.param(f"{META}<p>Cetak</p><p>{'y' * LONGEST_META}</p>", False, id="the longest"),
        pytest.param(f"{META}<p>Cetak</p><p>{'y' * (LONGEST_META + 1)}</p>", True, id="too long"),
        pytest.param(
            "<table><tr><th>Hari</th><th>Jam</th></tr><tr><td>3 Mei 2021</td><td>1.30</td></tr>"
            "<tr><td>4 Mei 2021</td><td>2.30</td></tr></table>",
            True,
            id="a table",
        ),
    ],
)
def test_the_row_of_notes_below_a_lead(inside: str, is_own: bool) -> None:
    """A box of notes with a day is none of the text, where it has begun with a lead alone."""
    lead, rest = write_paragraphs(*[100] * LEADS), write_paragraphs(300, 300)
    row = f"<div>{inside}</div>"
    below_lead = find(f"{HEAD}<div>{lead}{row}{rest}</div>")
    amid = find(f"{HEAD}<div>{lead}{rest}{row}{rest}</div>")
    assert below_lead is not None and amid is not None
    assert (len(below_lead.lines) > LEADS + 2) is is_own
    assert len(amid.lines) > LEADS + 4


@pytest.mark.parametrize(
    ("box", "is_own"),
    [
        pytest.param("<div><p>Samping</p></div>", True, id="words"),
        pytest.param("<div><p>Samping</p><p>Bagikan:</p></div>", False, id="a share block"),
        pytest.param(f"<div><p>Samping</p>{SHORT}<div>{LINK}</div></div>", False, id="a teaser"),
        pytest.param("<div><h4>Berita Terkait</h4><p>Samping</p></div>", False, id="a heading"),
        pytest.param("<div><p>Samping</p><h4>Berita Terkait</h4></div>", True, id="one below"),
        pytest.param("<ul><li>Samping</li><li><a href='/x'>Panjang</a></li></ul>", True, id="list"),
        pytest.param("<nav>Samping</nav>", False, id="furniture"),
        pytest.param("<div><p>Samping</p><form></form></div>", False, id="a form"),
        pytest.param("<div><p>Samping</p></div><form></form>", True, id="a form beside it"),
    ],
)
def test_a_box_amid_a_text_that_leads_elsewhere(box: str, is_own: bool) -> None:
    """Share bars, related boxes and menus are none of the text; lists are."""
    assert ("Samping" in list_words(f"{HEAD}<div>{TEXT}{box}{TEXT}</div>")) is is_own


@pytest.mark.parametrize(("less", "is_own"), [(0, False), (1, True)])
def test_a_box_of_links_amid_a_text(less: int, is_own: bool) -> None:
    """Where so much of its words are, it is a menu."""
    linked = math.ceil(LINKED * 20) - less
    link = f"<p>{'y' * (13 - linked)}<a href='/x'>{'y' * linked}</a></p>"
    box = f"<div><p>Samping</p>{link}</div>"
    assert ("Samping" in list_words(f"{HEAD}<div>{TEXT}{box}{TEXT}</div>")) is is_own


@pytest.mark.parametrize(("more", "is_own"), [(0, False), (1, True)])
def test_a_box_that_offers_a_file_amid_a_text(more: int, is_own: bool) -> None:
    """With its name, its size and a button; a longer line is the text's."""
    name = "Samping ".ljust(LONGEST_HEADING + more, "y")
    box = f"<div><p>{name}</p><p><a href='/{{}}'>Unduh</a></p></div>"
    for file, kept in (("a.pdf", is_own), ("a.html", True)):
        words = list_words(f"{HEAD}<div>{TEXT}{box.format(file)}{TEXT}</div>")
        assert ("Samping" in words) is kept


def test_a_line_without_a_box_amid_a_text_is_its_own() -> None:
    """As text that is parted by line breaks is."""
    text = f"{write_sentence(300)}<br>Samping<br>{write_sentence(300)}"
    assert list_words(f"{HEAD}<div>{text}</div>") == ["Samping"]


def test_related_links_amid_a_text_are_kept() -> None:
    """`Baca Juga :` and its list are the text's own; another article's title alone is not."""
    for label, words in (("<p>Baca Juga :</p>", ["Baca", "Judul"]), ("", [])):
        box = f"{label}<ul><li><a href='/blog/read/3'>Judul lain</a></li></ul>"
        assert list_words(f"{HEAD}<div>{TEXT}{box}{TEXT}</div>") == words


@pytest.mark.parametrize(
    ("box", "names"),
    [
        pytest.param(
            f"<div id='lain'><p>Samping</p>{SHORT}<div>{LINK}</div></div>",
            ["lain"],
            id="a related box",
        ),
        pytest.param("<div id='arah'><a href='#'>‹</a> <a href='#'>›</a></div>", [], id="arrows"),
        pytest.param("<div id='kata'><p>Samping</p></div>", [], id="the text's own"),
        pytest.param(f"<div id='baca'><p>Baca Juga :</p>{LINK}</div>", ["baca"], id="related"),
        pytest.param(f"<p>Baca Juga :</p>{LINK}", [], id="related without a box"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_the_boxes_that_are_left_out(box: str, names: list[str]) -> None:
    """Those that were told by their words; the arrows around a gallery are none."""
    around = look_around(f"{HEAD}<div>{TEXT}{box}{TEXT}</div>")
    found = find_text(around)
    assert found is not None
    assert [name_box(around.page, box) for box in found.left_out] == names


def test_a_text_in_the_headline_s_box_begins_below_the_sidebar() -> None:
    """What is passed over is none of it."""
    side = f"<div>{LINK}<div>{say('Samping', 100)}</div></div>"
    assert list_words(f"<div>{HEAD}{side}{TEXT}{SHARE}</div>") == []
    assert list_words(f"<div>{HEAD}{side}{TEXT}</div>") == ["Samping"]


def test_there_is_no_text_without_a_sentence() -> None:
    """However many short lines there are."""
    assert find(f"{HEAD}<div>{SHORT * 100}</div>") is None
    assert find(f"{HEAD}{SHORT}") is None


def test_the_preview_of_another_page() -> None:
    """Several lines that are one link are no text; one line may be typed."""
    link = "<a href='https://a.id/'>{}</a>"
    rest = write_paragraphs(300)
    card = f"<figure>{link.format('<div>Panduan</div><div>Buku saku</div>')}</figure>"
    assert list_words(f"{HEAD}<div>{TEXT}{card}{rest}</div>") == []
    assert list_words(
        f"{HEAD}<div>{TEXT}<figure>{link.format('Panduan')}</figure>{rest}</div>"
    ) == ["Panduan"]


def test_a_category_below_a_post_without_a_sentence() -> None:
    """Its label ends the post."""
    around = look_around(f"<div>{HEAD}<p>Ketua</p><p>Kategori</p><p>Kolom</p></div>")
    assert [line.text for line in around.find().lines] == ["Ketua"]

"""What each line of a page weighs as text, and the box that holds most of it."""

from __future__ import annotations

import math

import pytest

from kpucrawl.extract.regions.weights import (
    AROUND,
    BESIDE,
    DEEPER,
    FADE,
    LEADS,
    LEAST,
    ONE_BLOCK,
    SHORT,
    TextWeights,
)

from .pages import HEAD, find_line, look_around, name_box, write_paragraphs, write_sentence

WHOLE = 1_000
"""Weight of a page, of which parts are taken."""
LAST = write_sentence(60, "akhir")
FIRST = f"<p>{write_sentence(60)}</p>"


def weigh(inner: str) -> TextWeights:
    return TextWeights(look_around(inner))


def find_box(inner: str) -> str | None:
    """The id of the text's box."""
    weights = weigh(inner)
    box = weights.find_box()
    return None if box is None else name_box(weights.around.page, box)


@pytest.mark.parametrize(
    ("markup", "weight"),
    [
        pytest.param(f"<p>{LAST}</p>", 60, id="a sentence"),
        pytest.param(f"<p>akhir <a href='/profil'>kantor</a> {LAST}</p>", 67, id="less a link"),
        pytest.param("<p>akhir</p>", 5 * SHORT, id="a short line"),
        pytest.param(f"<figure><figcaption>{LAST}</figcaption></figure>", 0, id="under a picture"),
        pytest.param(f"<div class='caption'>{LAST}</div>", 0, id="a caption"),
        pytest.param("<p>akhir <a href='#'>Bagikan</a></p>", 6 * SHORT, id="no share block"),
        pytest.param(f"<aside>{LAST}</aside>", 0, id="in furniture"),
        pytest.param(
            f"<div><p><a href='/blog/read/3'>Judul</a></p><p>{LAST}</p></div>", 0, id="a teaser"
        ),
        pytest.param(f"<div>{LAST}<form>Kirim</form></div>", 0, id="a reply"),
        pytest.param(
            "<p><a href='/blog/read/3'>akhir yang pertama</a> dan <a href='/blog/read/4'>"
            "akhir yang kedua</a></p>",
            0,
            id="leads to two articles",
        ),
    ],
)
def test_what_a_line_weighs(markup: str, weight: float) -> None:
    """Its own characters, a quarter where it is no sentence, nothing where it is another's."""
    weights = weigh(f"{HEAD}{FIRST}{markup}")
    assert weights.weights[find_line(weights.lines, "akhir").index] == weight


@pytest.mark.parametrize("line", ["Bagikan:", "Dilihat 5 kali"])
def test_share_blocks_and_counters_weigh_nothing(line: str) -> None:
    """They are no text, however short."""
    weights = weigh(f"{HEAD}<p>{line}</p>")
    assert weights.weights == [0, 0]


def test_nothing_weighs_above_the_headline() -> None:
    """Sentences above it and itself are none of the text."""
    weights = weigh(f"<p>{LAST}</p>{HEAD}{FIRST}")
    assert weights.weights == [0, 0, 60]


@pytest.mark.parametrize(
    ("between", "part"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("<p>Bagikan:</p>", FADE, id="a share block"),
        pytest.param("<p>Bagikan:</p><p>Dilihat 5 kali</p>", FADE, id="two in a row"),
        pytest.param(f"<p>Bagikan:</p>{FIRST}<p>Dilihat 5 kali</p>", FADE**2, id="two apart"),
        pytest.param("<p>3 Komentar</p>", 0, id="comments"),
        pytest.param("<nav>Bagikan:</nav>", 1, id="in furniture"),
        pytest.param("<nav>3 Komentar</nav>", 1, id="comments in furniture"),
    ],
)
def test_a_text_fades_behind_what_stands_behind_articles(between: str, part: float) -> None:
    """By half behind each block of lines that stands behind articles, to nothing behind
    comments."""
    weights = weigh(f"{HEAD}{FIRST}{between}<p>{LAST}</p>")
    line = find_line(weights.lines, "akhir")
    assert weights.weights[line.index] == 60 * part
    assert weights.is_faded(line) is (part < 1)


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("", id="nothing"),
        pytest.param("<p>Kotak</p>", id="a short line"),
        pytest.param(f"<div class='caption'>{write_sentence(60)}</div>", id="a caption"),
    ],
)
def test_a_text_fades_only_once_it_has_begun(opening: str) -> None:
    """A share block above the first sentence takes no weight from it."""
    weights = weigh(f"{HEAD}{opening}<p>Bagikan:</p><p>{LAST}</p>")
    assert weights.weights[-1] == 60


def test_a_short_line_weighs_less_than_it_has_characters() -> None:
    """Menus are of such lines; tables and headings too, so it weighs something."""
    weights = weigh(f"{HEAD}<p>akhir</p>")
    assert 0 < weights.weights[1] < 5


def test_what_fades_is_still_text() -> None:
    """Of a sentence behind a share block some weight is left, and less than of one above it."""
    weights = weigh(f"{HEAD}{FIRST}<p>Bagikan:</p><p>{LAST}</p><p>Kotak suara</p>")
    assert 0 < weights.weights[3] < 60 and 0 < weights.weights[4] < weights.weights[3]


def test_a_link_in_a_sentence_does_not_fade_it() -> None:
    """It only weighs nothing."""
    weights = weigh(f"{HEAD}<p>Menurut <a href='/profil'>kantor</a> itu, {LAST}</p>")
    assert not weights.is_faded(weights.lines[1])


@pytest.mark.parametrize(("size", "found"), [(LEAST - 1, None), (LEAST, "body")])
def test_the_least_weight_of_a_text(size: int, found: str | None) -> None:
    """Below it there is no text."""
    assert find_box(f"{HEAD}<p>{write_sentence(size)}</p>") == found


@pytest.mark.parametrize(("less", "found"), [(0, "text"), (1, "body")])
def test_the_box_around_the_headline_is_entered(less: int, found: str) -> None:
    """Where it holds enough of the weight, though a sidebar holds more."""
    own = math.ceil(AROUND * WHOLE) - less
    side = write_paragraphs(WHOLE - own)
    assert find_box(f"<div id='text'>{HEAD}{write_paragraphs(own)}</div><div>{side}</div>") == found


@pytest.mark.parametrize(("less", "found"), [(0, "text"), (1, "body")])
def test_a_box_is_entered_for_most_of_the_weight(less: int, found: str) -> None:
    """A sentence may stand beside it, where it is a small part."""
    own = math.ceil(DEEPER * WHOLE) - less
    lead = write_paragraphs(WHOLE - own)
    text = write_paragraphs(own // 2, own - own // 2)
    assert find_box(f"{HEAD}{lead}<div id='text'>{text}</div>") == found


@pytest.mark.parametrize(
    ("behind", "found"),
    [
        pytest.param(f"<p>{LAST}</p>", "body", id="a sentence"),
        pytest.param("<p>Kotak suara</p>", "text", id="no sentence"),
        pytest.param(f"<p>Bagikan:</p><p>{LAST}</p>", "text", id="behind a share block"),
        pytest.param(f"<div>{LAST}</div>", "text", id="in a box"),
        pytest.param(
            f"<p><a href='/unduh.pdf'>{write_sentence(240)}</a></p>", "text", id="all link"
        ),
    ],
)
def test_a_box_is_not_entered_where_the_text_goes_on_behind_it(behind: str, found: str) -> None:
    """A sentence right behind it belongs to the same text: its markup is not closed right."""
    text = write_paragraphs(400, 400)
    assert find_box(f"{HEAD}<div id='text'>{text}</div>{behind}") == found


@pytest.mark.parametrize(
    ("inside", "outside", "found"),
    [
        pytest.param(LEADS, 0, "rest", id="a lead"),
        pytest.param(LEADS + 1, 0, "text", id="more than a lead"),
        pytest.param(LEADS + 1, 1, "body", id="not all"),
    ],
)
def test_the_box_of_the_first_sentences_is_entered(inside: int, outside: int, found: str) -> None:
    """Where it holds the headline, and all sentences above the share block, more than a lead."""
    first, more = write_paragraphs(*[100] * inside), write_paragraphs(*[100] * outside)
    rest = write_paragraphs(600, 600)
    text = f"<div id='text'>{HEAD}{first}</div><div>{more}</div><p>Bagikan:</p>"
    assert find_box(f"{text}<div id='rest'>{rest}</div>") == found


@pytest.mark.parametrize(
    ("beside", "less", "found"),
    [
        pytest.param("<div class='bagian'>{}</div>", 0, "body", id="of one name"),
        pytest.param("<div class='bagian'>{}</div>", 1, "text", id="too small"),
        pytest.param("<div class='bagian 2'>{}</div>", 0, "body", id="of one first name"),
        pytest.param("<div class='kotak'>{}</div>", 0, "text", id="of another name"),
        pytest.param("<section class='bagian'>{}</section>", 0, "text", id="of another kind"),
    ],
)
def test_a_text_goes_on_in_a_box_like_its_first(beside: str, less: int, found: str) -> None:
    """As page builders part it: the box around both is the text's."""
    size = math.ceil(BESIDE * WHOLE) - less
    text, more = write_paragraphs(400, WHOLE - 400 - size), beside.format(write_sentence(size))
    page = f"<div class='bagian 1' id='text'>{text}</div>"
    assert find_box(f"{HEAD}{page}{more}") == found
    assert find_box(f"{HEAD}{more}{page}") == found


@pytest.mark.parametrize(("name", "found"), [("bagian", "body"), ("kotak", "text")])
def test_a_text_goes_on_behind_the_box_of_its_headline(name: str, found: str) -> None:
    """The first of several sections holds the headline too."""
    text, more = write_paragraphs(400, 400), write_paragraphs(400)
    page = f"<div class='bagian' id='text'>{HEAD}{text}</div>"
    assert find_box(f"{page}<div class='{name}'>{more}</div>") == found


def test_boxes_without_a_name_are_not_alike() -> None:
    """Most boxes have none."""
    text, more = write_paragraphs(400, 400), write_paragraphs(100)
    assert find_box(f"{HEAD}<div id='text'>{text}</div><div>{more}</div>") == "text"


def test_of_several_boxes_none_is_entered() -> None:
    """A text in sections is in the box around them."""
    parts = f"<section>{write_paragraphs(300, 300)}</section>" * 2
    assert find_box(f"{HEAD}<div id='text'>{parts}</div>") == "text"


@pytest.mark.parametrize(
    ("size", "count", "found"),
    [
        pytest.param(ONE_BLOCK - 1, 1, "around", id="a paragraph"),
        pytest.param(ONE_BLOCK, 1, "one", id="a text of one block"),
        pytest.param(LEAST, 2, "one", id="two paragraphs"),
    ],
)
def test_a_box_of_one_paragraph_is_left(size: int, count: int, found: str) -> None:
    """Beside it stand a byline and the credit; a text may be one long line."""
    one = f"<div id='one'>{write_paragraphs(*[size] * count)}</div>"
    assert find_box(f"<div id='around'>{HEAD}<div>{one}</div></div>") == found


def test_a_paragraph_right_inside_the_page_is_its_text() -> None:
    """The page is no better a box."""
    assert find_box(f"{HEAD}<div id='one'>{write_sentence(LEAST)}</div>") == "one"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        pytest.param("<ul><li><div>{}</div></li></ul>", "around", id="a list"),
        pytest.param("<dl><dd><div>{}</div></dd></dl>", "around", id="a definition"),
        pytest.param("<blockquote><div>{}</div></blockquote>", "around", id="a quotation"),
        pytest.param("<figure><div>{}</div></figure>", "around", id="a figure"),
        pytest.param("<section id='in'>{}</section>", "in", id="a section"),
        pytest.param("<table><tr><td><div id='in'>{}</div></td></tr></table>", "in", id="a layout"),
    ],
)
def test_lists_and_quotations_are_not_entered(markup: str, found: str) -> None:
    """What stands beside them belongs to the same text; tables of layout are boxes like others."""
    text = markup.format(write_paragraphs(200, 200))
    assert find_box(f"<div id='around'>{HEAD}{text}</div>") == found

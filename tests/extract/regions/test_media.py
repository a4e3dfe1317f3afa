"""Which files and pictures of a page are the article's."""

from __future__ import annotations

import pytest

from kpucrawl.extract.regions.files import is_file
from kpucrawl.extract.regions.media import find_attachments, find_images

from .pages import HEAD, LINK, look_around, parse, write_paragraphs

TEXT = write_paragraphs(300, 300)
HOST = "https://kab-contoh.kpu.go.id"


def list_images(inner: str) -> list[str]:
    """The names of the article's pictures."""
    around = look_around(inner)
    images = find_images(around.page, around.head, around.find())
    return [image.url.removeprefix(f"{HOST}/") for image in images]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("/a.pdf", True, id="a document"),
        pytest.param("/a.html", False, id="a page"),
        pytest.param("/berkas/download/12", True, id="a numbered file"),
        pytest.param("/berkas/unduh/12-surat-suara/", True, id="with its name"),
        pytest.param("/berkas/download/surat", False, id="without a number"),
        pytest.param("/berkas/download/12/lihat", False, id="something of it"),
        pytest.param("/download", False, id="all files"),
        pytest.param("/berkas/download/12?x=1", True, id="with a query"),
        pytest.param("/lihat?download=1", True, id="asked for in a query"),
        pytest.param("/lihat?download=", False, id="asked for nothing"),
        pytest.param("/%64ownload/12", False, id="an escape"),
        pytest.param("/a%2Epdf", True, id="an escaped dot"),
        pytest.param("https://drive.google.com/file/d/1", True, id="a viewer"),
        pytest.param("https://google.com/maps", False, id="a map"),
        pytest.param("ftp://a.id/a.pdf", False, id="another protocol"),
        pytest.param("/lihat?file=a.pdf", True, id="sent by a script"),
        pytest.param("/lihat?file=a.html&x=.pdfs", False, id="a page of a script"),
    ],
)
def test_what_a_link_offers(href: str, expected: bool) -> None:
    """A document by its name, a numbered one by the address that sends it, a viewer."""
    assert is_file(parse("<p>Rapat</p>"), href) is expected


@pytest.mark.parametrize(
    ("box", "names"),
    [
        pytest.param("<p>Samping</p><img src='/b.jpg'>", ["a.jpg", "b.jpg"], id="the text's own"),
        pytest.param(f"<p>Samping</p><p>Lagi</p>{LINK}<img src='/b.jpg'>", ["a.jpg"], id="related"),
        pytest.param(
            "<a href='#'>‹</a><img src='/b.jpg'><a href='#'>›</a>", ["a.jpg", "b.jpg"], id="gallery"
        ),
    ],
)
def test_pictures_of_a_box_amid_the_text(box: str, names: list[str]) -> None:
    """Those of one that leads elsewhere are another article's."""
    text = f"<div>{TEXT}<img src='/a.jpg'>{TEXT}<div>{box}</div>{TEXT}</div>"
    assert list_images(f"{HEAD}{text}") == names


@pytest.mark.parametrize(
    ("inner", "names"),
    [
        pytest.param(f"{HEAD}<div>{TEXT}<aside><img src='/b.jpg'></aside></div>", [], id="beside"),
        pytest.param(f"<article><img src='/b.jpg'>{HEAD}{TEXT}</article>", ["b.jpg"], id="a lead"),
        pytest.param(
            f"<article><img src='/b.jpg'><p>Satu</p><p>Dua</p><p>Tiga</p>{HEAD}{TEXT}</article>",
            [],
            id="above other lines",
        ),
        pytest.param(f"<img src='/b.jpg'>{HEAD}{TEXT}", [], id="above the page's headline"),
        pytest.param(
            f"<article>{HEAD}<div>{TEXT}</div><div><img src='/b.jpg'></div></article>",
            ["b.jpg"],
            id="a gallery behind the text",
        ),
        pytest.param(
            f"<article>{HEAD}<div>{TEXT}</div><div><img src='/b.jpg'><p>Kotak</p></div></article>",
            [],
            id="a teaser behind the text",
        ),
    ],
)
def test_pictures_around_the_text(inner: str, names: list[str]) -> None:
    """Right above the headline in its box, and behind the text without words."""
    assert list_images(inner) == names


def test_the_words_of_a_file_and_of_a_picture() -> None:
    """Of several links to a file the first with words tells them; a picture has its caption."""
    files = "<p><a href='/a.pdf'></a><a href='/a.pdf'>Surat</a> <a href='/a.pdf'>Unduh</a></p>"
    pictures = (
        "<figure><img src='/b.jpg' alt='Lain'><figcaption>Rapat</figcaption></figure>"
        "<img src='/c.jpg' alt='Aula'>"
    )
    around = look_around(f"{HEAD}<div>{TEXT}{files}{pictures}{TEXT}</div>")
    region = around.find()
    offered = find_attachments(around.page, around.head, region)
    assert [(file.url, file.text) for file in offered] == [(f"{HOST}/a.pdf", "Surat")]
    images = find_images(around.page, around.head, region)
    assert [image.text for image in images] == ["Rapat", "Aula"]


def write_lines(count: int) -> str:
    """So many short lines."""
    return "<p>Sub</p>" * count


@pytest.mark.parametrize(
    ("above", "names"),
    [
        pytest.param("<div style=\"background-image:url('/a.jpg')\"></div>", ["a.jpg"], id="alone"),
        pytest.param("<div data-bg='/a.jpg'></div>", ["a.jpg"], id="late"),
        pytest.param("<div data-bg='#fff'></div>", [], id="a colour"),
        pytest.param("<div data-bg='/a.jpg'><p>Rapat</p></div>", [], id="behind other words"),
        pytest.param("<nav data-bg='/a.jpg'></nav>", [], id="of a menu"),
    ],
)
def test_pictures_behind_a_box(above: str, names: list[str]) -> None:
    """They are content where the box says nothing, or holds the headline."""
    assert list_images(f"<div>{above}{HEAD}<div>{TEXT}</div></div>") == names


def test_a_picture_behind_the_headline() -> None:
    """It is one above an article, with a few notes, and none behind the whole article."""
    hero = "<div style='background: url(/a.jpg)'>{}</div>"
    few = f"<div>{hero.format(HEAD + write_lines(7))}<div>{TEXT}</div></div>"
    many = f"<div>{hero.format(HEAD + write_lines(8))}<div>{TEXT}</div></div>"
    assert list_images(few) == ["a.jpg"]
    assert list_images(many) == []


def write_slide(name: str) -> str:
    """A picture of a carousel with its words."""
    return f"<div><img src='/{name}.jpg'><div class='caption'>Ketua KPU</div></div>"


@pytest.mark.parametrize(
    ("slides", "between", "names"),
    [
        pytest.param(2, 2, ["0.jpg", "1.jpg"], id="two buttons"),
        pytest.param(2, 3, [], id="three lines"),
        pytest.param(10, 2, [f"{n}.jpg" for n in range(10)], id="ten pictures"),
        pytest.param(11, 2, [f"{n}.jpg" for n in range(1, 11)], id="more"),
    ],
)
def test_a_carousel_above_the_headline(slides: int, between: int, names: list[str]) -> None:
    """Its captions do not part it from the headline."""
    shown = "".join(write_slide(str(n)) for n in range(slides))
    lines = write_lines(between)
    assert list_images(f"<div>{shown}{lines}{HEAD}<div>{TEXT}</div></div>") == names


@pytest.mark.parametrize(
    ("tab", "names"),
    [
        pytest.param(
            "<div><a href='/b.jpg'><img src='/b.jpg'></a></div>", ["b.jpg"], id="pictures"
        ),
        pytest.param("<div><img src='/b.jpg'><p>Hadir</p></div>", [], id="with words"),
    ],
)
def test_a_gallery_beside_the_text(tab: str, names: list[str]) -> None:
    """In a box of its own behind the text, in the box of both, it is the article's."""
    boxes = f"<section><div id='t'>{TEXT}</div>{tab}</section>"
    assert list_images(f"<div>{HEAD}<p>3 Mei 2021</p>{boxes}</div>") == names

"""Listings and home pages in several markups."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kpucrawl.extract import read_page
from kpucrawl.extract.records import Listing

HOST = "https://kab-contoh.kpu.go.id"
NAV = (
    '<ul><li><a href="/blog/category/104">Berita Terkini</a></li><li><a '
    'href="/blog/category/11">Pengumuman</a></li>'
    '<li><a href="/page/read/2/profil">Profil</a></li></ul>'
)
SIDE = "<h4>Berita Populer</h4>" + "".join(
    f'<div><a href="/blog/read/{number}_lain">Judul populer nomor {number}</a> '
    f"<span>{number}x</span></div>"
    for number in (701, 702, 698)
)
PAGER = "".join(
    f'<a href="/index.php/blog/category/104/82?page={number}">{number}</a> ' for number in (1, 2, 9)
)
ITEMS = tuple(
    (
        700 - number,
        f"Rapat Koordinasi Nomor {number}",
        37 * number,
        "" if number == 3 else f"Contoh, {number} Mei." * 9,
    )
    for number in range(1, 6)
)
Shape = Callable[[int, str, str, str], str]
SHAPES: dict[str, Shape] = {
    "cards": lambda number, title, views, text: (
        f"<div>{views and f'<small>{views}</small>'}<h5><a "
        f'href="/blog/read/{number}_x">{title}</a></h5><p>{text}</p>'
        f'<a href="/blog/read/{number}_x">Selengkapnya</a></div>'
    ),
    "only more is linked": lambda number, title, views, text: (
        f"<div><div>{views}</div><h4>{title}</h4><p>{text}</p>"
        f'<a href="/index.php/blog/read/{number}_x">Selengkapnya</a></div>'
    ),
    "one box": lambda number, title, views, text: (
        f'{views}<br><a href="/blog/read/{number}_x"><b>{title}</b></a><br>{text}<br>'
        f'<a href="/blog/read/{number}_x">Selengkapnya</a><hr>'
    ),
    "one box, only more is linked": lambda number, title, views, text: (
        f"{views}<br><b>{title}</b><br>{text}<br><a "
        f'href="/blog/read/{number}_x">Selengkapnya</a><hr>'
    ),
    "no more": lambda number, title, views, text: (
        f'{views}<br><a href="/blog/read/{number}_x">{title}</a><br>{text}<br>'
    ),
}


def show_listing(shape: Shape, *, counted: bool = True) -> bytes:
    items = "".join(
        shape(number, title, str(views) if counted else "", text)
        for number, title, views, text in ITEMS
    )
    return (
        f"<html><head><title>KPU KAB-CONTOH - Berita "
        f"Terkini</title></head><body>{NAV}<div><h2>Berita Terkini</h2>"
        f"{items}<div>{PAGER}</div></div><div>{SIDE}</div></body></html>"
    ).encode()


def read_listing(page: bytes, path: str = "/index.php/blog/category/104/82?page=2") -> Listing:
    listing = read_page(page, HOST + path).listing
    assert listing is not None
    return listing


@pytest.mark.parametrize("counted", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_items(shape: str, counted: bool) -> None:
    """Each item has its key, title, counter and text, and the sidebar's are no items."""
    items = read_listing(show_listing(SHAPES[shape], counted=counted)).items
    read = [(int(item.key.key), item.title, item.views, item.text) for item in items]
    assert read == [
        (number, title, views if counted else None, text) for number, title, views, text in ITEMS
    ]


def test_pager() -> None:
    """The last page is the greatest number of the pager, and its links are kept; junk in the path
    stays listing 104."""
    listing = read_listing(show_listing(SHAPES["cards"]))
    assert (listing.category_id, listing.title, listing.pages) == ("104", "Berita Terkini", 9)
    assert [link.text for link in listing.pager] == ["1", "2", "9"]


def test_pager_with_numbers_in_the_path() -> None:
    """Where addresses name no page their words do: what cannot be asked for is known to be
    there."""
    links = "".join(f"<a href='/blog/category/104/{7 * n}'>{n + 1}</a> " for n in range(4))
    pager = f"<p>{links}<a href='/blog/category/104/21'>Akhir</a></p>".encode()
    page = show_listing(SHAPES["cards"]).replace(PAGER.encode(), pager)
    assert read_listing(page, "/blog/category/104").pages == 4


def test_one_page() -> None:
    """A listing without a pager does not claim a number of pages."""
    page = show_listing(SHAPES["cards"]).replace(PAGER.encode(), b"")
    assert read_listing(page, "/blog/category/104").pages is None


def test_a_list_in_an_aside() -> None:
    """A page of a category whose list stands in an `<aside>` has its items from there."""
    page = show_listing(SHAPES["cards"]).replace(SIDE.encode(), b"")
    aside = page.replace(b"<div><h2>", b"<aside><h2>").replace(b"</div><div></div>", b"</aside>")
    path = "/blog/category/104"
    assert len(read_listing(aside, path).items) == len(ITEMS)
    assert read_listing(aside, path).items == read_listing(page, path).items


def test_empty_page() -> None:
    """Behind the last page nothing is made up from the sidebar, and the emptiness is a problem."""
    page = (
        f"<title>KPU KAB-CONTOH - Berita Terkini</title>{NAV}<h2>Berita "
        f"Terkini</h2><div>{SIDE}</div>".encode()
    )
    reading = read_page(page, HOST + "/blog/category/104?page=99")
    assert reading.kind == "listing" and reading.listing is not None and reading.listing.items == ()
    assert [problem.field for problem in reading.problems] == ["items"]


def test_categories() -> None:
    """The menu's categories are read on any kind of page, pager and static pages left out."""
    for path in ("/", "/blog/category/104", "/blog/read/9_x"):
        found = read_page(show_listing(SHAPES["cards"]), HOST + path).categories
        assert [(one.id, one.title) for one in found] == [
            ("104", "Berita Terkini"),
            ("11", "Pengumuman"),
        ]


def test_other_offices_articles_are_no_items() -> None:
    """A link to another host's article is none of this office's."""
    page = show_listing(SHAPES["cards"]).replace(
        b'href="/blog/read/697', b'href="https://jatim.kpu.go.id/blog/read/697'
    )
    assert "697" not in [item.key.key for item in read_listing(page).items]


@pytest.mark.parametrize(
    ("title", "read"),
    [("Mengenal Tugas", "Tidak ada"), ("Mengenal Tugasi", "Mengenal Tugasi")],
)
def test_one_link_around_a_card_is_called_by_its_title(title: str, read: str) -> None:
    """Where a link holds category, title and excerpt, the excerpt is not the item's title; what is
    too short for one is a category's words."""
    excerpt = (
        "Tidak ada biaya dalam pengurusan ini, maka pemilih diminta melapor kepada kantor " * 2
    )
    cards = "".join(
        f'<a href="/blog/read/{n}_x"><div>Opini</div><div>{title}</div><div>{excerpt}...</div></a>'
        for n in range(1, 6)
    )
    page = f"<title>KPU - Opini</title><h1>Opini</h1><div>{cards}</div>"
    listing = read_page(page.encode(), "https://kota-surakarta.kpu.go.id/blog/category/135").listing
    assert listing is not None
    assert len(listing.items) == 5
    assert all(item.title.startswith(read) for item in listing.items)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Berita20", "Berita"),
        ("Berita (20)", "Berita"),
        ("Pemilu 2024", "Pemilu 2024"),
        ("Divisi 2", "Divisi 2"),
    ],
)
def test_a_badge_is_no_part_of_a_categorys_title(words: str, title: str) -> None:
    """How many articles a category has is often printed in its link."""
    page = f'<title>KPU</title><ul><li><a href="/blog/category/104">{words}</a></ul><p>Isi.</p>'
    reading = read_page(page.encode(), "https://kota-surakarta.kpu.go.id/")
    assert [category.title for category in reading.categories] == [title]


def test_the_title_of_a_ticker_s_item_ends_before_its_link() -> None:
    """`Rapat Pleno – Selengkapnya...` is called `Rapat Pleno`."""
    items = "".join(
        f"<li><span>Rapat Pleno Tahap {n} &ndash; <a href='/blog/read/{n}_rapat'>Selengkapnya...</a>"
        "</span></li>"
        for n in range(1, 5)
    )
    page = f"<title>KPU KAB-CONTOH - Berita</title><ul><div>{items}</div></ul>".encode()
    listing = read_page(page, HOST + "/blog/category/104").listing
    assert listing is not None
    titles = [item.title for item in listing.items]
    assert titles == [f"Rapat Pleno Tahap {n}" for n in range(1, 5)]

"""Templates of listings are learnt from their pages: what is listed differs, furniture stays."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

import pytest

from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.layouts.model import Layout, Listed, Sample
from kpucrawl.extract.layouts.places import Sheet
from kpucrawl.extract.layouts.sorting import LISTED, REPEATED, Sorter
from kpucrawl.extract.layouts.tree import Tree
from kpucrawl.extract.records import PageReading
from tests.extract.layouts.test_learn import HOST, THEMES, list_samples, open_office
from tests.replica.offices import PER_PAGE
from tests.replica.pages import Ask, Pages

ROOT = f"http://{HOST}"


# The replica's themes
def ask(theme: str, path: str, query: str = "", pages: Pages | None = None) -> Sample:
    answer = (pages or Pages()).answer(Ask(open_office(theme), path, query, {}, ()))
    url = f"{ROOT}{path}" + (f"?{query}" if query else "")
    return Sample("listing", answer.body, url, dict(answer.headers))


@cache
def list_listings(theme: str) -> tuple[Sample, ...]:
    """The home page and every page of every category."""
    office, pages = open_office(theme), Pages()
    found = [ask(theme, "/", pages=pages)]
    for category in office.categories:
        for number in range(-(-len(office.list_entries(category)) // PER_PAGE)):
            query = f"page={number + 1}" if number else ""
            found.append(ask(theme, f"/blog/category/{category}", query, pages))
    return tuple(found)


@cache
def learn(theme: str) -> Layout:
    layout = learn_layout((*list_samples(theme), *list_listings(theme)))
    assert layout is not None
    return layout


def read(sample: Sample, layout: Layout | None) -> PageReading:
    return read_page(sample.body, sample.url, headers=sample.headers, layout=layout)


@pytest.mark.parametrize("theme", THEMES)
def test_listings_of_every_theme_are_read_by_what_was_learnt(theme: str) -> None:
    """Each page shows its category's articles in their order, with title and counter, and no
    other's."""
    office, layout = open_office(theme), learn(theme)
    for sample in list_listings(theme)[1:]:
        reading = read(sample, layout)
        assert reading.listing is not None and reading.layout is not None, sample.url
        assert reading.layout.startswith(f"{layout.digest[:16]}/") and not reading.problems
        listing = reading.listing
        page = int(sample.url.rpartition("?page=")[2]) if "?" in sample.url else 1
        entries = office.list_entries(listing.category_id)[(page - 1) * PER_PAGE : page * PER_PAGE]
        assert [str(item.key) for item in listing.items] == [entry.key for entry in entries]
        assert [item.title for item in listing.items] == [
            " ".join(office.title(entry).split()) for entry in entries
        ]
        counters = [office.state(entry.key).views for entry in entries]
        shown = counters if office.options.bare_counter else [None] * len(counters)
        assert [item.views for item in listing.items] == shown
        assert listing.title == office.categories[listing.category_id or ""][0]


@pytest.mark.parametrize("theme", THEMES)
def test_home_page_shows_no_furniture(theme: str) -> None:
    """Of the home page the newest articles are items; those of the popular box are not, which
    every page has."""
    office = open_office(theme)
    reading = read(list_listings(theme)[0], learn(theme))
    assert reading.kind == "home" and reading.listing is not None
    keys = [str(item.key) for item in reading.listing.items]
    assert keys == [entry.key for entry in office.list_entries()[:8]]


@pytest.mark.parametrize("theme", THEMES)
def test_what_is_learnt_of_articles_is_the_same_with_listings(theme: str) -> None:
    """Listings among the samples change nothing of the articles' templates, only what is known
    beside them."""
    alone = learn_layout(list_samples(theme))
    assert alone is not None and alone.listings == ()
    assert replace(learn(theme), listings=()) == alone
    assert learn(theme).digest != alone.digest


@pytest.mark.parametrize("seed", range(3))
def test_order_of_samples_does_not_matter(seed: int) -> None:
    """However articles and listings are shuffled, the digest is the same."""
    samples = [*list_samples(THEMES[0]), *list_listings(THEMES[0])]
    random.Random(seed).shuffle(samples)
    again = learn_layout(samples)
    assert again is not None and again.digest == learn(THEMES[0]).digest


@pytest.mark.parametrize("theme", THEMES)
def test_listings_survive_json(theme: str) -> None:
    """A layout with listings read back from its JSON is the same, and small."""
    layout = learn(theme)
    again = Layout.from_json(layout.to_json())
    assert again == layout and again.digest == layout.digest
    assert len(layout.to_json()) < 30_000


def test_layouts_of_before_keep_their_digest() -> None:
    """A layout without listings is written as those were that knew of none, and is read."""
    layout = learn_layout(list_samples(THEMES[0]))
    assert layout is not None and '"listings"' not in layout.to_json()
    assert Layout.from_json(layout.to_json()) == layout


@pytest.mark.parametrize("other", THEMES[1:4])
def test_listings_of_another_template_do_not_fit(other: str) -> None:
    """A listing of another template is read by the general reader, as it would be without."""
    for sample in list_listings(other)[1:]:
        assert read(sample, learn(THEMES[0])) == read(sample, None)


# Pages made for one trap each
TITLES = [
    f"{deed} {place} Tahun 20{10 + number}"
    for number, (deed, place) in enumerate(
        (deed, place)
        for place in ("Kecamatan Sukamaju", "Kecamatan Karangsari")
        for deed in ("Rapat Pleno Terbuka di", "Bimbingan Teknis untuk", "Sosialisasi Pemilih di",
                     "Pelantikan Anggota PPS", "Uji Publik Daerah Pemilihan", "Simulasi Pemungutan",
                     "Pengumuman Lelang di", "Kunjungan Siswa dari", "Audiensi Bersama Tokoh",
                     "Apel Pagi Bersama Camat")
    )
]  # fmt: skip
"""Of articles 0 to 19: ten of Berita (104), ten of Pengumuman (11)."""
MENU = (
    '<ul id="menu"><li><a href="/">Beranda</a></li>'
    '<li><a href="/blog/category/104">Berita Terkini</a></li>'
    '<li><a href="/blog/category/11">Pengumuman</a></li></ul>'
)
CATEGORIES = {"104": "Berita Terkini", "11": "Pengumuman"}
Write = Callable[[int], str]


def path(number: int) -> str:
    return f"/blog/read/{100 + number}_artikel"


def write_card(number: int, *, cls: str = "card") -> str:
    return (
        f'<div class="{cls}"><h3><a href="{path(number)}">{TITLES[number]}</a></h3>'
        f"<p>Komisi Pemilihan Umum menyelenggarakan kegiatan ke-{number} bersama warga.</p></div>"
    )


def write_page(title: str, main: str, furniture: str) -> bytes:
    return (
        f"<html><head><title>KPU KAB-CILACAP - {title}</title></head><body>{MENU}"
        f'<div id="main">{main}</div><div id="side">{furniture}</div>'
        '<div id="foot"><p>Kantor KPU Kabupaten Cilacap</p><p>Jalan Melati 1</p></div></body></html>'
    ).encode()


def make_article(number: int, furniture: str) -> Sample:
    words = [
        "ketua",
        "anggota",
        "warga",
        "saksi",
        "logistik",
        "kotak",
        "suara",
        "gudang",
        "pemilih",
        "daftar",
        "rapat",
        "aula",
    ]
    rng = random.Random(number)
    text = "".join(f"<p>{' '.join(rng.choices(words, k=25)).capitalize()}.</p>" for _ in range(3))
    main = f'<h1>{TITLES[number]}</h1><div class="body">{text}</div>'
    return Sample("article", write_page(TITLES[number], main, furniture), ROOT + path(number))


def make_listing(
    category: str, numbers: Sequence[int], furniture: str, *, page: int = 1, pager: str = "",
    write: Write = write_card,
) -> Sample:  # fmt: skip
    title = CATEGORIES[category]
    main = f'<h2>{title}</h2><div class="list">{"".join(map(write, numbers))}</div>{pager}'
    url = f"{ROOT}/blog/category/{category}" + (f"?page={page}" if page > 1 else "")
    return Sample("listing", write_page(title, main, furniture), url)


def make_articles(furniture: Callable[[int], str]) -> list[Sample]:
    return [make_article(number, furniture(number)) for number in range(20)]


def learn_from(samples: Iterable[Sample]) -> Layout:
    layout = learn_layout(list(samples))
    assert layout is not None
    return layout


def list_numbers(reading: PageReading) -> list[int]:
    assert reading.listing is not None
    return [int(item.key.key) - 100 for item in reading.listing.items]


def write_ticker(numbers: Iterable[int]) -> str:
    items = "".join(f'<li><a href="{path(n)}">{TITLES[n]}</a></li>' for n in numbers)
    return f'<ul class="news">{items}</ul>'


PAGES = [("104", range(5), 1), ("104", range(5, 10), 2), ("11", range(10, 15), 1)]
UNSEEN = ("11", range(15, 20), 2)


@pytest.mark.parametrize(
    ("name", "furniture"),
    [
        ("ticker", lambda number: write_ticker([1, 12, 7])),
        ("popular of the same cards", lambda number: "".join(map(write_card, (3, 8, 16)))),
        ("latest", lambda number: "<h4>Terkini</h4>" + "".join(map(write_card, (0, 1, 10)))),
        ("drawn by chance", lambda number: "".join(
            map(write_card, random.Random(number).sample(range(20), 4)))),
    ],
)  # fmt: skip
def test_furniture_is_no_item(name: str, furniture: Write) -> None:
    """Whatever stands on articles too is no item, however much it looks like one: on pages that
    were learnt, and on one that was not."""
    layout = learn_from([
        *make_articles(furniture),
        *(make_listing(category, numbers, furniture(40 + number), page=page)
          for number, (category, numbers, page) in enumerate(PAGES)),
    ])  # fmt: skip
    category, numbers, page = UNSEEN
    sample = make_listing(category, numbers, furniture(50), page=page)
    reading = read(sample, layout)
    assert list_numbers(reading) == list(numbers), name
    assert reading.layout is not None and not reading.problems
    shown = {int(item.key.key) - 100 for item in reading.mentions}
    assert shown > set(numbers), "what is no item is still mentioned"


def test_single_listing_page_is_told_by_articles() -> None:
    """Where an office has one page of one category, its items are those that articles lack."""
    popular = "".join(map(write_card, (3, 8, 16)))
    sample = make_listing("104", range(6), popular)
    layout = learn_from([*make_articles(lambda number: popular), sample])
    reading = read(sample, layout)
    assert list_numbers(reading) == list(range(6)) and reading.layout is not None


def test_cards_of_articles_may_be_the_listings_own() -> None:
    """Related cards below an article, of the same make and at the same place as a listing's, do not
    make furniture of the listing."""

    def write_related(number: int) -> Sample:
        sample = make_article(number, "")
        related = "".join(write_card((number + n) % 20) for n in (1, 2, 3))
        body = sample.body.replace(
            b'</div><div id="side">',
            f'<div class="list">{related}</div></div><div id="side">'.encode(),
        )
        return replace(sample, body=body)  # fmt: skip

    layout = learn_from([
        *map(write_related, range(20)),
        *(make_listing(category, numbers, "", page=page) for category, numbers, page in PAGES),
    ])  # fmt: skip
    category, numbers, page = UNSEEN
    assert list_numbers(read(make_listing(category, numbers, "", page=page), layout)) == [*numbers]


def write_plain(number: int) -> str:
    return f'<h3><a href="{path(number)}">{TITLES[number]}</a></h3>'


@pytest.mark.parametrize("heading", ["", "<h3>Berita Populer</h3>"])
def test_furniture_under_the_same_names_is_told_apart(heading: str) -> None:
    """Without a single class, boxes of one name are told apart by their number, or, where items
    and furniture share a box, by the heading above."""

    def make(category: str, numbers: Sequence[int], page: int) -> Sample:
        items, box = "".join(map(write_plain, numbers)), "".join(map(write_plain, (3, 8, 16)))
        inner = (
            f"<div>{items}{heading}{box}</div>"
            if heading
            else (f"<div>{items}</div><div>{box}</div>")
        )
        url = f"{ROOT}/blog/category/{category}" + (f"?page={page}" if page > 1 else "")
        body = f"<html><title>{CATEGORIES[category]}</title><body>{MENU}{inner}</body></html>"
        return Sample("listing", body.encode(), url)  # fmt: skip

    samples = [make(category, numbers, page) for category, numbers, page in PAGES]
    layout = learn_from([*make_articles(lambda number: ""), *samples])
    category, numbers, page = UNSEEN
    reading = read(make(category, numbers, page), layout)
    assert list_numbers(reading) == list(numbers) and not reading.problems


def test_what_cannot_be_told_is_a_problem() -> None:
    """Where items and furniture stand in one box and nothing parts them, nothing is left out, and
    the run hears of it."""

    def make(category: str, numbers: Sequence[int], page: int) -> Sample:
        both = [*numbers, 3, 8]
        random.Random(page).shuffle(both)
        return make_listing(category, both, "", page=page)

    samples = [make(category, numbers, page) for category, numbers, page in PAGES]
    layout = learn_from([*make_articles(lambda number: ""), *samples])
    reading = read(make(*UNSEEN), layout)
    assert set(list_numbers(reading)) >= set(UNSEEN[1])
    assert [problem.field for problem in reading.problems] == ["untold"]
    assert reading.layout is None


def test_empty_category_is_an_empty_listing() -> None:
    """A category without articles is read as such, though its popular box shows some; one that
    names further pages is doubted."""
    popular = "".join(map(write_card, (3, 8, 16)))
    layout = learn_from([
        *make_articles(lambda number: popular),
        *(make_listing(category, numbers, popular, page=page) for category, numbers, page in PAGES),
    ])  # fmt: skip
    empty = read(make_listing("11", [], popular, page=9), layout)
    assert (empty.kind, list_numbers(empty), empty.problems) == ("listing", [], ())
    assert empty.layout is not None
    pager = '<a href="/blog/category/11?page=10">10</a>'
    doubted = read(make_listing("11", [], popular, page=9, pager=pager), layout)
    assert [problem.field for problem in doubted.problems] == ["untold"]


def test_item_at_a_place_that_was_not_learnt_is_kept() -> None:
    """An article that one page sets above its list, at a place no other page has, is an item."""
    popular = "".join(map(write_card, (3, 8, 16)))
    layout = learn_from([
        *make_articles(lambda number: popular),
        *(make_listing(category, numbers, popular, page=page) for category, numbers, page in PAGES),
    ])  # fmt: skip
    sample = make_listing("11", range(15, 19), popular, page=2)
    hero = f"<h2>Pengumuman</h2>{write_card(19, cls='hero')}"
    sample = replace(sample, body=sample.body.replace(b"<h2>Pengumuman</h2>", hero.encode()))
    assert list_numbers(read(sample, layout)) == [19, 15, 16, 17, 18]


@pytest.mark.parametrize("told", ["title", "alt"])
def test_cut_title_is_completed(told: str) -> None:
    """A title that a list cuts short is the one that its link or its picture says in full."""

    def write(number: int) -> str:
        whole = TITLES[number]
        said = f' title="{whole}"' if told == "title" else ""
        picture = (
            f'<img src="/public/a/images/{number}.jpg" alt="{whole}">' if told == "alt" else ""
        )
        return (f'<div class="card"><a href="{path(number)}"{said}>{picture}</a>'
                f'<h3><a href="{path(number)}">{whole[:28]}...</a></h3></div>')  # fmt: skip

    layout = learn_from([
        *make_articles(lambda number: ""),
        *(make_listing(category, numbers, "", page=page, write=write)
          for category, numbers, page in PAGES),
    ])  # fmt: skip
    listing = read(make_listing("11", range(15, 20), "", page=2, write=write), layout).listing
    assert listing is not None and [item.title for item in listing.items] == TITLES[15:]


PAGERS: dict[str, Callable[[str, int], str]] = {
    "numbers": lambda base, page: "".join(
        f'<a href="{base}?page={n}">{n}</a>' for n in (1, 2, 3)),
    "next": lambda base, page: f'<a href="{base}?page={page + 1}">Selanjutnya</a>',
    "more": lambda base, page: f'<a href="{base}?page={page + 1}">Muat lebih banyak</a>',
    "of": lambda base, page: f"<p>Halaman {page} dari 3</p>",
    "older": lambda base, page: f'<a href="{base}?page={page + 1}">Posting Lama</a>',
}  # fmt: skip


@pytest.mark.parametrize(("form", "last"),
                         [("numbers", 3), ("next", 3), ("more", 3), ("of", 3), ("older", 3)])  # fmt: skip
def test_pagers_are_known_by_their_place(form: str, last: int) -> None:
    """Whatever a pager is called, it tells the highest page that it names; left-over links to one
    category's pages do not."""
    junk = '<a class="junk" href="/blog/category/104/82/93?page=25">2</a>'

    def make(category: str, numbers: Sequence[int], page: int) -> Sample:
        pager = f'<div class="pg">{PAGERS[form](f"/blog/category/{category}", page)}</div>'
        return make_listing(category, numbers, f"<div>{junk}</div>", page=page, pager=pager)

    samples = [make(category, numbers, page) for category, numbers, page in PAGES]
    layout = learn_from([*make_articles(lambda number: junk), *samples])
    listing = read(make(*UNSEEN), layout).listing
    assert listing is not None and listing.pages == last
    first = read(make("104", range(5), 2), layout).listing
    assert first is not None and first.pages == last


def test_cards_without_a_box_are_items() -> None:
    """Cards that only styles set apart share one line; each is an item, its title a piece of its
    link."""

    def write(number: int) -> str:
        return (f'<a href="{path(number)}"><span>{TITLES[number]}</span> '
                f"<span>Kegiatan ke-{number} di kantor bersama warga sekitar</span></a>")  # fmt: skip

    layout = learn_from([
        *make_articles(lambda number: ""),
        *(make_listing(category, numbers, "", page=page, write=write)
          for category, numbers, page in PAGES),
    ])  # fmt: skip
    listing = read(make_listing("11", range(15, 20), "", page=2, write=write), layout).listing
    assert listing is not None and [item.title for item in listing.items] == TITLES[15:]


def test_title_that_is_no_link_is_found_by_the_articles() -> None:
    """Where only the excerpt is a link, the place of titles is known from the articles."""

    def write(number: int) -> str:
        return (f'<div class="card"><div class="t">{TITLES[number]}</div><div class="x">'
                f'<a href="{path(number)}">Komisi Pemilihan Umum menyelenggarakan kegiatan '
                f"ke-{number}</a></div></div>")  # fmt: skip

    layout = learn_from([
        *make_articles(lambda number: ""),
        *(make_listing(category, numbers, "", page=page, write=write)
          for category, numbers, page in PAGES),
    ])  # fmt: skip
    listing = read(make_listing("11", range(15, 20), "", page=2, write=write), layout).listing
    assert listing is not None and [item.title for item in listing.items] == TITLES[15:]


def test_listing_under_an_unknown_address_is_read() -> None:
    """A page whose address does not say what it is, and that has the template of listings, is
    one."""
    popular = "".join(map(write_card, (3, 8, 16)))
    layout = learn_from([
        *make_articles(lambda number: popular),
        *(make_listing(category, numbers, popular, page=page) for category, numbers, page in PAGES),
    ])  # fmt: skip
    sample = replace(make_listing("11", range(15, 20), popular), url=f"{ROOT}/arsip")
    reading = read(sample, layout)
    assert reading.kind == "listing" and reading.layout is not None
    assert list_numbers(reading) == list(range(15, 20))
    searched = read(replace(sample, url=f"{ROOT}/cari?q=rapat"), layout)
    assert searched.layout is None


@pytest.mark.parametrize(
    ("again", "kind"),
    [(1, "items"), (2, "mixed"), (3, "mixed"), (5, "furniture")],
)
def test_share_of_repeated_links_decides(again: int, kind: str) -> None:
    """One link of ten that the next page shows again is a new article's doing; half of them are a
    box."""
    lists = [range(10), range(10 - again, 20 - again)]
    sheets = []
    for number, numbers in enumerate(lists):
        page = open_page(
            make_listing("104", numbers, "", page=number + 1).body,
            f"{ROOT}/blog/category/104?page={number + 1}",
        )
        assert page is not None
        sheets.append(Sheet(Tree(page, frozenset({".card"})), "listing"))  # fmt: skip
    found = Sorter(sheets, range(2), {}).sort()
    assert [len(getattr(found, name)) for name in ("items", "mixed", "furniture")] == [
        int(name == kind) for name in ("items", "mixed", "furniture")
    ]
    assert 0.1 <= LISTED < 0.2 and REPEATED == 0.5


def print_category(sample: Sample, number: int) -> Sample:
    """An article that prints its category."""
    title = CATEGORIES["104" if number < 10 else "11"]
    body = sample.body.replace(b"<h1>", f'<p class="cat">{title}</p><h1>'.encode())
    return replace(sample, body=body, listed=Listed(TITLES[number], title, None))


def test_box_of_listings_alone_that_draws_by_chance_is_furniture() -> None:
    """A box that articles lack, and that never shows the same twice, is told by the categories of
    what it shows: none of it is its page's."""
    boxes = [
        "".join(write_card(number, cls="spot") for number in numbers)
        for numbers in ((15, 16), (5, 6), (17, 18))
    ]
    samples = [
        make_listing("104", range(5), boxes[0]),
        make_listing("11", range(10, 15), boxes[1]),
    ]
    articles = [print_category(make_article(n, ""), n) for n in range(20)]
    sample = make_listing("104", range(5, 10), boxes[2], page=2)
    assert list_numbers(read(sample, learn_from([*articles, *samples]))) == list(range(5, 10))


def test_box_of_articles_is_furniture_whatever_it_draws() -> None:
    """A box that articles have too is none of the listing, though no two pages show the same in
    it."""

    def draw(number: int) -> str:
        return write_card(15 + number % 5, cls="spot")

    samples = [
        make_listing("104", range(5), draw(0)),
        make_listing("11", range(10, 15), draw(1)),
    ]
    layout = learn_from([*make_articles(draw), *samples])
    sample = make_listing("104", range(5, 10), draw(2), page=2)
    assert list_numbers(read(sample, layout)) == list(range(5, 10))


def test_only_listing_is_compared_with_the_home_page() -> None:
    """What the only listing and the home page show at the same place is furniture, where the
    listing shows something else beside."""
    box = f'<div class="box">{"".join(map(write_card, (3, 8, 16)))}</div>'
    home = Sample("listing", write_page("Beranda", f"<p>Selamat datang</p>{write_ticker([1])}", box),
                  f"{ROOT}/")  # fmt: skip
    listing = make_listing("104", range(6), box)
    layout = learn_from([*make_articles(lambda number: ""), home, listing])
    assert list_numbers(read(listing, layout)) == list(range(6))


def test_names_of_a_category_name_no_place() -> None:
    """A class with the number of a category, or of an article, does not keep the next category
    from being read; one that some pages lack still tells their lists from furniture."""

    def make(category: str, numbers: Sequence[int], page: int, name: str) -> Sample:
        side = f'<div class="grid" id="popular">{"".join(map(write_card, (3, 8, 16)))}</div>'
        sample = make_listing(
            category,
            numbers,
            side,
            page=page,
            write=lambda n: write_card(n, cls=f"card post-{100 + n}"),
        )
        mine = f'class="grid list-{category}" id="{name}"'.encode()
        return replace(sample, body=sample.body.replace(b'class="list"', mine))  # fmt: skip

    samples = [make(*one, name) for one, name in zip(PAGES, ("news", "news", "notes"), strict=True)]
    layout = learn_from([*make_articles(lambda number: ""), *samples])
    (group,) = layout.listings
    assert "#news" in group.names and "#popular" in group.names
    assert not any(one.startswith((".list-", ".post-")) for one in group.names)
    sample = make("11", range(15, 20), 2, "news")
    sample = replace(sample, body=sample.body.replace(b"list-11", b"list-135"),
                     url=f"{ROOT}/blog/category/135")  # fmt: skip
    assert list_numbers(read(sample, layout)) == list(range(15, 20))


def test_number_that_is_no_counter_is_not_read_as_one() -> None:
    """A bare number above a title that is higher than the articles' counters is none."""

    def count(sample: Sample, number: int) -> Sample:
        body = sample.body.replace(
            b'<div class="body">',
            f'<p class="hits">Telah dilihat {5 + number} kali</p><div class="body">'.encode(),
        )
        return replace(sample, body=body)

    def write(number: int) -> str:
        return write_card(number).replace("<h3>", f'<div class="no">{2000 + number}</div><h3>')  # fmt: skip

    articles = [count(make_article(n, ""), n) for n in range(20)]
    samples = [make_listing(category, numbers, "", page=page, write=write)
               for category, numbers, page in PAGES]  # fmt: skip
    sample = make_listing("11", range(15, 20), "", page=2, write=write)
    general = read(sample, None).listing
    assert general is not None and {item.views for item in general.items} != {None}
    listing = read(sample, learn_from([*articles, *samples])).listing
    assert listing is not None and {item.views for item in listing.items} == {None}


def test_titles_that_contradict_the_articles_refute_a_template() -> None:
    """Items that are called otherwise than the articles they lead to were not understood."""

    def write(number: int) -> str:
        return write_card((number + 5) % 20).replace(path((number + 5) % 20), path(number))

    samples = [make_listing(category, numbers, "", page=page, write=write)
               for category, numbers, page in PAGES]  # fmt: skip
    assert learn_from([*make_articles(lambda number: ""), *samples]).listings == ()


def test_same_page_twice_counts_once() -> None:
    """`?page=1` is the first page again, and makes no furniture of its items."""
    samples = [make_listing(category, numbers, "", page=page) for category, numbers, page in PAGES]
    twice = [replace(sample, url=f"{sample.url}?page=1") for sample in samples[:1]]
    alone = learn_from([*make_articles(lambda number: ""), *samples])
    again = learn_from([*make_articles(lambda number: ""), *samples, *twice])
    assert again.listings == alone.listings

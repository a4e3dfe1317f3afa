"""Reading one page: what is found, what is said to be missing, and that nothing breaks it."""

from __future__ import annotations

import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpucrawl.extract import read_page
from kpucrawl.extract.records import Article, PageReading
from kpucrawl.extract.regions.article import LONGEST_HEADING, heads_files

from .generator import make_page

URL = "https://kab-contoh.kpu.go.id/blog/read/12_rapat-pleno-terbuka"
TEXT = (
    "<p>Contoh – Rapat pleno terbuka digelar di aula kantor bersama pengurus partai politik dan "
    "pengawas pemilu.</p>"
    "<p>Semua pihak menandatangani berita acara sebelum rapat ditutup pada sore hari itu.</p>"
)
SIDE = (
    '<div><h4>Berita Populer</h4><p><a href="/blog/read/3_x">Judul lain yang populer</a></p>'
    "<p>Dilihat 999 kali</p></div>"
)
FRAGMENTS = (
    b"<div>" * 40, b"</div>" * 9, b"<table><tr><td>", b"</table>", b"<!--", b"-->", b"\x00", b"\xff\xfe", b"<script>",
    b'<a href="http://[">x</a>', b'<a href="', b"<h1>", b"&#0;&#x110000;", b"<title>", b'<base href="http://[">',
    b'<img src="http://[">', b'<iframe src="x?file=//[.pdf">', b"<plaintext>", b"<frameset>", b"\xed\xa0\x80",
    b'<?xml version="1.0" encoding="utf-16"?>', b"Dilihat 99999999999999999999 kali", b"<i class=eye></i> 9.9.9",
    b"<a href=/blog/read/99999999999999999999>Selengkapnya</a>", b"<body hidden>", b"Baca Juga :", b"31 November 0000",
)  # fmt: skip


def show(inner: str, title: str = "Rapat Pleno Terbuka") -> bytes:
    return (
        f"<html><head><title>KPU KAB-CONTOH - "
        f"{title}</title></head><body>{inner}</body></html>".encode()
    )


def read_article(inner: str, url: str = URL) -> Article:
    article = read_page(show(inner), url).article
    assert article is not None
    return article


def list_failures(reading: PageReading) -> list[str]:
    return [problem.seen for problem in reading.problems if "reader failed" in problem.why]


@pytest.mark.parametrize(
    ("counter", "views"),
    [
        ("Telah dilihat 1.234 kali", 1234),
        ("Dilihat 12 Kali", 12),
        ("Dibaca: 3.210x", 3210),
        ('<i class="fa fa-eye"></i> 77', 77),
        ('77 <svg class="bi bi-eye"><path d="M0"/></svg>', 77),
        ('<span class="material-icons">visibility</span> 1.077', 1077),
        ("<span>3 Mei 2021</span><span>Dilihat 5 kali</span>", 5),
        ("Telah dilihat kali", None),
        ("", None),
    ],
)
def test_views(counter: str, views: int | None) -> None:
    """The counter is read in its words or beside an eye, and never from the sidebar."""
    article = read_article(
        f"<div><h1>Rapat Pleno Terbuka</h1><div>{TEXT}</div><p>{counter}</p></div>{SIDE}"
    )
    assert article.views == views
    assert "Judul lain" not in article.body and "dilihat" not in article.body.lower()


@pytest.mark.parametrize(
    ("above", "category"),
    [
        ("<p>Kabar Daerah</p>", "Kabar Daerah"),
        ("<span>Berita Terkini</span>", "Berita Terkini"),
        ('<p>Beranda » Sosialisasi » Rapat Pleno Terbuka</p>', "Sosialisasi"),
        ('<ol><li><a href="/">Home</a></li><li><a href="/blog/category/14">Umum</a></li></ol>', "Umum"),
        ('<ul><li><a href="/">Home</a></li><li><a href="/a">Profil</a></li>'
         '<li><a href="/blog/category/9">Opini</a></li><li><a '
         'href="/blog/category/14">Umum</a></li></ul>', None),
        ("", None),
    ],
)  # fmt: skip
def test_category(above: str, category: str | None) -> None:
    """The category stands above the headline; a menu there is none."""
    assert read_article(f"{above}<h1>Rapat Pleno Terbuka</h1>{TEXT}").category == category


def test_headline_of_the_page_not_of_the_site() -> None:
    """The headline agrees with the page's title even when a greater heading names the office."""
    article = read_article(f"<h1>KPU Kabupaten Contoh</h1><h4>Rapat Pleno Terbuka</h4>{TEXT}")
    assert article.title == "Rapat Pleno Terbuka"


def test_sidebar_between_headline_and_text() -> None:
    """A sidebar that comes first below the headline is passed over, its pictures and counters
    too."""
    side = SIDE.replace(
        "<h4>", '<img src="/public/kab-contoh/images/1700000000_0123456789abcdef0123.jpg"><h4>'
    )
    article = read_article(
        f"<div><h1>Rapat Pleno Terbuka</h1></div><div><div>{side}</div><div><div>{TEXT}</div>"
        "<p>Bagikan:</p><p>Telah dilihat 8 kali</p></div></div><div><p>Copyright 2024</p></div>"
    )
    assert (article.body.count("\n\n"), article.views, article.images) == (1, 8, ())


def test_title_of_the_office_alone() -> None:
    """An article whose page is titled only by the office is no home page, for all the articles
    beside it."""
    side = "".join(
        f'<p><a href="/blog/read/{number}_x">Judul lain nomor {number}</a></p>'
        for number in range(30, 36)
    )
    inner = (
        f"<h2>Rapat Pleno Terbuka</h2>{TEXT}<p>Telah dilihat 8 kali</p><h4>Berita "
        f"Populer</h4>{side}"
    )
    page = show(inner).replace(b" - Rapat Pleno Terbuka</title>", b"</title>")
    reading = read_page(page, URL[:28] + "/blog/read/12")
    assert reading.kind == "article" and reading.article is not None and reading.article.views == 8


def test_picture_alone_takes_no_footer() -> None:
    """The sentences of a footer or a welcome below a post of one picture are not its text."""
    for below in (
        "Jalan Melati 12, kantor buka pada hari kerja sejak pukul delapan pagi.",
        "Sambutan Ketua",
    ):
        article = read_article(
            '<div><div><h1>Rapat Pleno Terbuka</h1><img src="/a.jpg"><p>Bagikan:</p></div></div>'
            f"<div><p>{below}</p>{TEXT}</div>"
        )
        assert (article.body, len(article.images)) == ("", 1)


def test_cut_headline_is_completed() -> None:
    """A headline that the page cuts short is taken whole from the page's head."""
    assert read_article(f"<h1>Rapat Pleno Terb...</h1>{TEXT}").title == "Rapat Pleno Terbuka"


def test_missing_parts_are_problems() -> None:
    """What an article of this system should have and has not is reported, and not filled from
    elsewhere."""
    reading = read_page(show(f"<h1>Rapat Pleno Terbuka</h1>{TEXT}{SIDE}"), URL)
    assert {problem.field for problem in reading.problems} == {"category", "views"}
    assert reading.article is not None and (reading.article.category, reading.article.views) == (
        None,
        None,
    )


def test_contradicting_title_is_a_problem() -> None:
    """A headline that the page's head does not know is kept, and doubted."""
    reading = read_page(
        show(f"<h1>Judul Yang Sama Sekali Lain</h1>{TEXT}", "Undangan Terbuka"), URL
    )
    assert reading.article is not None and reading.article.title == "Judul Yang Sama Sekali Lain"
    assert "title" in {problem.field for problem in reading.problems}


def test_late_images_and_icons() -> None:
    """Pictures loaded late have their real address; icons, logos and links to other articles are no
    pictures."""
    uploaded = "/public/kab-contoh/images/1700000000_0123456789abcdef0123.jpg"
    article = read_article(
        f'<div><img src="/logo.png"><h1>Rapat Pleno Terbuka</h1><img src="data:image/gif;base64" '
        f'data-src="{uploaded}"'
        f'>{TEXT}<img src="/assets/facebook.png"><a href="/blog/read/4_x"><img '
        f'src="/lain.jpg"></a></div>'
    )
    assert [image.url for image in article.images] == ["https://kab-contoh.kpu.go.id" + uploaded]
    assert (
        article.images[0].uploaded is not None
        and article.images[0].uploaded.timestamp() == 1700000000
    )


def test_text_link_to_a_file_keeps_its_sentence() -> None:
    """A link to a file inside a sentence is an attachment, and the sentence stays."""
    article = read_article(
        f"<h1>Rapat Pleno Terbuka</h1>{TEXT}<p>Berita acara lengkap dapat diunduh <a "
        f'href="/a.pdf">di sini</a>.</p>'
    )
    assert article.body.endswith("Berita acara lengkap dapat diunduh di sini.")
    assert [file.url for file in article.attachments] == ["https://kab-contoh.kpu.go.id/a.pdf"]


def test_rows_of_files_and_labels_are_no_text() -> None:
    """A file's name with its size and button, the caption of a table and the label of an
    advertisement stand in a text and are none of it; the table is."""
    rows = "<tr><th>Kecamatan</th><th>TPS</th></tr><tr><td>Utara</td><td>7</td></tr>"
    article = read_article(
        f"<h1>Rapat Pleno Terbuka</h1><div>{TEXT}"
        f"<table><caption>Tabel 9. Rekap TPS</caption>{rows}</table><p>[Iklan Layanan]</p>"
        "<div class=well>berita-acara-12.docx (1091 KB) <a href='/b.docx'>Unduh</a></div>"
        f"{TEXT}</div>"
    )
    assert "Kecamatan TPS\nUtara 7" in article.body
    assert not any(word in article.body for word in ("Tabel 9", "Iklan", "1091"))
    assert [file.url for file in article.attachments] == ["https://kab-contoh.kpu.go.id/b.docx"]


def test_the_longest_heading_of_files() -> None:
    """`Lampiran` and the like head files; a line of that many characters is not asked."""
    longest = "Download Attachments Lampiran :"
    assert len(longest) <= LONGEST_HEADING and heads_files(longest)
    assert heads_files(f"Unduhan{' ' * (LONGEST_HEADING - 8)}:")
    assert not heads_files(f"Unduhan{' ' * (LONGEST_HEADING - 7)}:")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (
            "/download.php?file=SK-882.pdf",
            "https://kab-contoh.kpu.go.id/download.php?file=SK-882.pdf",
        ),
        (
            "https://docs.google.com/gview?url=https://a.id/b.pdf&embedded=true",
            "https://a.id/b.pdf",
        ),
    ],
)
def test_files_behind_an_address(href: str, url: str) -> None:
    """A script that sends a file is its address; a viewer shows one that has its own."""
    article = read_article(f"<h1>Rapat Pleno</h1>{TEXT}<p><a href='{href}'>Unduh</a></p>")
    assert [file.url for file in article.attachments] == [url]


@pytest.mark.parametrize(("between", "category"), [(5, "Berita Kita"), (6, "Baris ke-5")])
def test_a_category_stands_in_six_lines_above(between: int, category: str) -> None:
    """A label is looked for in the six lines above the headline; beyond, the nearest line is it."""
    lines = "".join(f"<p>Baris ke-{number}</p>" for number in range(between))
    label = "<p>Kategori: Berita Kita</p>"
    article = read_article(f"<div>{label}{lines}<h1>Rapat Pleno Terbuka</h1>{TEXT}</div>")
    assert article.category == category


@pytest.mark.parametrize(
    ("path", "inner", "kind"),
    [
        pytest.param("blog/read/12", "", "article", id="by its address, without a text"),
        pytest.param("profil", "", "other", id="without a text"),
        pytest.param("profil", TEXT, "other", id="a text alone"),
        pytest.param("profil", f"{TEXT}<p>Dilihat 3 kali</p>", "article", id="a counted text"),
        pytest.param("profil", f"{TEXT}<p>Dilihat 0 kali</p>", "article", id="counted by nobody"),
        pytest.param("profil", f"<p>Admin | 3 Mei 2021</p>{TEXT}", "article", id="a dated text"),
        pytest.param("profil", "<p>Dilihat 3 kali</p>", "other", id="a counter alone"),
        pytest.param("a-b-c-d", TEXT, "article", id="a text named at length"),
        pytest.param("a-b-c", TEXT, "other", id="a text named in short"),
        pytest.param("profil/12", TEXT, "article", id="a numbered text"),
    ],
)
def test_what_is_an_article(path: str, inner: str, kind: str) -> None:
    """An article's address is enough; elsewhere there is a text, and a counter or number too."""
    page = show(f"<h1>Rapat Pleno Terbuka</h1><div>{inner}</div>")
    assert read_page(page, f"https://kab-contoh.kpu.go.id/{path}").kind == kind


@pytest.mark.parametrize(
    ("notes", "path", "doubted"),
    [
        pytest.param("<p>Dilihat 3 kali</p>", "berita/detil/9", False, id="counted"),
        pytest.param("<p>Dilihat 0 kali</p>", "berita/detil/9", False, id="counted by nobody"),
        pytest.param("<p>Admin | 3 Mei 2021</p>", "berita/detil/9", False, id="dated"),
        pytest.param("<p>Cetak</p>", "berita/detil/9", True, id="neither"),
        pytest.param("<p>Dilihat 3 kali</p>", "berita/detil", True, id="without a number"),
    ],
)
def test_an_article_that_the_head_does_not_name(notes: str, path: str, doubted: bool) -> None:
    """It is believed for its counter or day with a number in its address, else doubted."""
    page = show(f"<h1>Rapat Pleno Terbuka</h1>{notes}<div>{TEXT}</div>", "Detail Berita")
    problems = read_page(page, f"https://kab-contoh.kpu.go.id/{path}").problems
    assert ("title" in {problem.field for problem in problems}) is doubted


def test_a_page_whose_head_names_another_of_its_lines_is_no_article() -> None:
    """A counter and a number are no proof then; at an address of articles it is one."""
    inner = f"<h1>Rapat Pleno Terbuka</h1><p>Dilihat 3 kali</p><div>{TEXT}</div>"
    page = show(f"{inner}<nav><ul><li>Kotak Suara</li></ul></nav>", "Kotak Suara")
    assert read_page(page, "https://kab-contoh.kpu.go.id/berita/detil/9").kind == "other"
    assert read_page(page, URL).kind == "article"


def test_a_heading_of_files_stands_above_one() -> None:
    """`Lampiran` above a file is no text; below one, with text after it, it is."""
    file = "<p><a href='/a.pdf'>a.pdf</a></p>"
    for rows, is_text in ((f"<p>Lampiran</p>{file}", False), (f"{file}<p>Lampiran</p>", True)):
        article = read_article(f"<h1>Rapat Pleno Terbuka</h1><div>{TEXT}{rows}{TEXT}</div>")
        assert ("Lampiran" in article.body) is is_text


def test_files_above_the_text_are_the_article_s() -> None:
    """Notes between headline and text may link them."""
    article = read_article(
        "<div><h1>Rapat Pleno Terbuka</h1><dl><dt>Berkas</dt><dd><a href='/a.pdf'>a.pdf</a></dd></dl>"
        f"<div>{TEXT}</div></div>"
    )
    assert [file.url for file in article.attachments] == ["https://kab-contoh.kpu.go.id/a.pdf"]


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"<!-- x -->", b"%PDF-1.7 x", b"\x89PNG\r\n", b"\x00" * 99]
)
def test_nothing_to_read(body: bytes) -> None:
    """What holds no text is of kind other, with a problem."""
    reading = read_page(body, URL)
    assert reading.kind == "other" and reading.problems and list_failures(reading) == []


@pytest.mark.parametrize(
    ("inner", "title"),
    [
        (
            "<h1>Website sedang dalam pemeliharaan</h1><p>Silakan kembali beberapa saat lagi.</p>",
            "Maintenance",
        ),
        ("<p>Checking your browser before accessing the site.</p>", "Just a moment..."),
        ("<h2>Web Page Blocked!</h2><p>Attack ID: 20000051</p>", "Web Filter"),
    ],
)
def test_notice_instead_of_a_page(inner: str, title: str) -> None:
    """A notice is no article, whatever address it answers for."""
    kinds = {
        read_page(show(inner, title), url).kind
        for url in (URL, URL[:28], URL[:28] + "/blog/category/104")
    }
    assert kinds == {"maintenance"}


def test_article_about_maintenance() -> None:
    """An article that speaks of maintenance, or of data not found, is an article."""
    for title in (
        "Server KPU Sedang Dalam Pemeliharaan",
        "Data Pemilih Ganda Tidak Ditemukan di Contoh",
    ):
        inner = f"<p>Berita</p><h1>{title}</h1>{TEXT}<p>Bagikan:</p><p>Telah dilihat 4 kali</p>"
        assert read_page(show(inner, title), URL).kind == "article"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=40))
def test_any_bytes(body: bytes, url: str) -> None:
    """Any bytes at any address have a reading, and it is no failure of the reader."""
    assert list_failures(read_page(body, url)) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from((*FRAGMENTS, TEXT.encode(), b"<p>Bagikan:</p>", b"<li>", b"</td>")),
        max_size=30,
    )
)
def test_any_markup(parts: list[bytes]) -> None:
    """Any order of tags and words has a reading."""
    assert list_failures(read_page(b"".join(parts), URL)) == []


def mutate(page: bytes, rng: Random) -> bytes:
    """Insert, delete, cut off, or repeat a part."""
    at, other = rng.randrange(len(page) + 1), rng.randrange(len(page) + 1)
    match rng.randrange(5):
        case 0:
            return page[:at] + rng.choice(FRAGMENTS) + page[at:]
        case 1:
            return page[:at] + page[at + rng.randrange(300) :]
        case 2:
            return page[:at]
        case 3:
            return page[:at] + bytes([rng.randrange(256)]) + page[at + 1 :]
        case _:
            return page[:at] + page[other : other + rng.randrange(2000)] + page[at:]


def check_mutations(seeds: range) -> None:
    for seed in seeds:
        rng = Random(seed)
        story, page, _ = make_page(seed % 60)
        for _ in range(rng.randint(1, 8)):
            page = mutate(page, rng)
        url = rng.choice(
            (story.url, URL[:28], URL[:28] + "/blog/category/104?page=2", "", "http://[")
        )
        assert list_failures(read_page(page, url)) == [], seed


def test_mutations() -> None:
    """Damaged pages are read or reported."""
    check_mutations(range(1_000))


@pytest.mark.long
def test_many_mutations() -> None:
    """Tens of thousands of damaged pages are read or reported."""
    check_mutations(range(1_000, 31_000))


@pytest.mark.parametrize(
    "unit",
    ["<div>", "<b>x", "<p>Bagikan:</p>", '<div><a href="/blog/read/{}_x">Judul {}</a></div>', "a<br>", "12 Mei 2020, ",
     "<table><tr><td>", "(", "<img src=/a{}.jpg>", "<h1>Rapat Pleno Terbuka</h1>", " - ", "<i class=eye></i> 5 ",
     f"{TEXT}<p>Topik: a</p>", "<p>Topik: b</p>", f"<p>Dilihat 5 kali</p>{TEXT}"],
)  # fmt: skip
@pytest.mark.parametrize("url", [URL, URL[:28] + "/blog/category/104"])
def test_work_grows_with_size_only(unit: str, url: str) -> None:
    """Four times the page takes some four times as many calls, not sixteen."""
    units = [unit.replace("{}", str(number)) for number in range(3_000)]
    small, large = (
        show("<h1>Rapat Pleno Terbuka</h1>" + "".join(units[:size])) for size in (750, 3_000)
    )
    assert count_calls(large, url) < 6 * count_calls(small, url) + 1_000


def count_calls(page: bytes, url: str) -> int:
    """How many calls of Python and C functions a reading takes: the same on any machine, however
    busy."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        reading = read_page(page, url)
    finally:
        sys.setprofile(None)
    assert list_failures(reading) == []
    return calls


@pytest.mark.parametrize(("strange", "kind"), [(10, "article"), (14, "other")])
def test_bytes_that_are_no_text_are_no_article(strange: int, kind: str) -> None:
    """Where more than a tenth of the characters stand for bytes that are none, nothing is read: a
    page in the wrong charset has fewer."""
    text = "x" * (100 - strange) + "\ufffd" * strange
    body = f"<title>Rapat</title><h1>{'x' * 20}</h1>" + f"<p>{text} dan seterusnya.</p>" * 9
    url = "https://kota-surakarta.kpu.go.id/blog/read/1_rapat"
    head = '<a href="/blog/category/104">Berita</a><p>Dilihat 4 kali</p>'
    assert read_page((body + head).encode(), url).kind == kind

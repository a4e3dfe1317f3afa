"""What is said of an article by its listing, its head and other pages is weighed before it tells a
place."""

from __future__ import annotations

from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.layouts.model import Layout, Listed, Sample

PAGES = 20
WORDS = ("jalan", "sawah", "pasar", "balai", "kebun", "pantai", "bukit", "muara", "lembah", "dusun")


def write_page(number: int, listed: str, opens: str = "", beside: str = "") -> Sample:
    """An article whose head calls it by its title."""
    said = [
        f"Warga {WORDS[(number + n) % 10]} nomor {number * 7 + n} datang ke"
        f" {WORDS[(number * 3 + n) % 10]} membawa {number + n * 11} berkas dan menunggu sampai sore."
        for n in range(4)
    ]
    title = f"Rapat {WORDS[number % 10]} ke {number} di {WORDS[(number * 7) % 10]}"
    paragraphs = "".join(f"<p>{text}</p>" for text in (opens, *said) if text)
    body = (
        f"<html><head><title>{title}</title></head><body><ul class=menu><li>Beranda</li></ul>"
        f"<div class=sisi><div class=baru>{beside}</div></div><article class=isi>"
        f"<div class=judul>{title}</div><div class=teks>{paragraphs}</div>"
        f"<p class=hitung>Dilihat {number * 13 + 5} kali</p></article></body></html>"
    )
    category = "Pengumuman" if opens == "PENGUMUMAN" else "Berita"
    witness = Listed(said[0] if listed == "excerpt" else title, category)
    return Sample("article", body.encode(), f"https://x.kpu.go.id/blog/read/{number}", {}, witness)


def learn(samples: list[Sample]) -> Layout:
    layout = learn_layout(samples)
    assert layout is not None
    return layout


def test_an_excerpt_taken_for_a_listed_title_is_none() -> None:
    """Where the heads of most pages, each its own, name another line than the listing does, they
    are believed."""
    samples = [write_page(number, "excerpt") for number in range(1, PAGES + 1)]
    layout = learn(samples)
    for one in samples:
        article = read_page(one.body, one.url, layout=layout).article
        assert article is not None
        assert (article.title or "").startswith("Rapat ")


def test_the_day_of_the_newest_article_beside_is_no_day_of_this_one() -> None:
    """A day that most pages show at one place is not each article's own."""
    beside = "<span>5 Februari 2024</span>"
    samples = [write_page(number, "title", beside=beside) for number in range(1, PAGES + 1)]
    layout = learn(samples)
    assert all("printed" not in group.fields for group in layout.groups)


def test_the_heading_of_announcements_is_no_category() -> None:
    """`PENGUMUMAN` opens the text of those, and on news other words stand there."""
    samples = [
        write_page(number, "title", "PENGUMUMAN" if number % 2 else "Halo Sobat Pemilih")
        for number in range(1, PAGES + 1)
    ]
    layout = learn(samples)
    assert all("category" not in group.fields for group in layout.groups)
    for one in samples:
        article = read_page(one.body, one.url, layout=layout).article
        assert article is not None
        assert (article.body or "").startswith(("PENGUMUMAN", "Halo"))


def test_a_page_fits_though_the_newest_articles_beside_are_others() -> None:
    """What is beside an article on all pages of one night is no mark of the template."""

    def list_newest(night: int) -> str:
        items = (
            f'<p><a href="/blog/read/{night}{n}">Berita {WORDS[n]} {WORDS[night]}</a></p>'
            f"<p>{n + 1} Mei 202{night}</p>"
            for n in range(10)
        )
        return "".join(items)

    samples = [write_page(n, "title", beside=list_newest(1)) for n in range(1, PAGES + 1)]
    layout = learn(samples)
    later = write_page(PAGES + 1, "title", beside=list_newest(2))
    reading = read_page(later.body, later.url, layout=layout)
    assert reading.layout == f"{layout.digest[:16]}/{layout.groups[0].name}"


def test_a_page_that_says_that_it_is_missing_is_no_article_though_it_fits() -> None:
    """Some sites show what is gone in the template of their articles."""
    samples = [write_page(number, "title") for number in range(1, PAGES + 1)]
    layout = learn(samples)
    body = samples[0].body.decode()
    said = "<p>Maaf, halaman yang Anda cari tidak ditemukan.</p>"
    title = body[body.index("<title>") + 7 : body.index("</title>")]
    head, _, rest = body.partition("<div class=teks>")
    gone = f"{head}<div class=teks>{said}{rest[rest.index('</div>') :]}"
    gone = gone.replace(title, "Halaman Tidak Ditemukan")
    assert read_page(gone.encode(), samples[0].url, layout=layout).kind == "missing"

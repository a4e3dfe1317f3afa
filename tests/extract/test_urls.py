"""What addresses name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kpucrawl.extract.records import PageKey
from kpucrawl.extract.urls import Address, article_url, listing_path, parse_url, read_upload_time

HOST = "https://kab-contoh.kpu.go.id"


@pytest.mark.parametrize(
    ("url", "route", "number"),
    [
        ("/blog/read/7512_rapat-pleno", "blog", "7512"),
        (
            "http://kab-contoh.kpu.go.id:8080/index.php/blog/read/7512_judul-lain?utm_source=fb",
            "blog",
            "7512",
        ),
        ("/blog/read/7512", "blog", "7512"),
        ("/blog/read/7512/judul", "blog", "7512"),
        ("/blog//read/./07512_x", "blog", "7512"),
        ("/berita/baca/45/-", "berita", "45"),
        ("/berita/baca/45/judul/82/93?page=2", "berita", "45"),
        ("/page/read/9/sejarah", "page", "9"),
        ("https://jdih.kpu.go.id/blog/read/31/keputusan", "jdih", "31"),
        ("/?p=123", "wp", "123"),
        ("/2019/05/17/rapat-pleno/", "wp", "2019/05/17/rapat-pleno"),
        ("/index.php/berita/item/123-rapat", "k2", "123"),
        ("/profil/visi-misi/?fbclid=x&b=2&a=1", "url", "/profil/visi-misi?a=1&b=2"),
        ("/index.php?page=detail&id=5", "url", "/?id=5&page=detail"),
    ],
)
def test_key(url: str, route: str, number: str) -> None:
    """Slug, port, scheme, junk and tracking parameters leave the key as it is."""
    assert parse_url(url).key == PageKey(route, number)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/blog/category/104", Address("listing", "/blog/category/104", None, "104", 1)),
        (
            "/index.php/blog/category/104/82/93?page=25",
            Address("listing", "/blog/category/104?page=25", None, "104", 25),
        ),
        ("/berita?page=2", Address("listing", "/berita?page=2", None, "berita", 2)),
        (
            "/category/opini/page/3/",
            Address("listing", "/category/opini?page=3", None, "category/opini", 3),
        ),
        (HOST, Address("home", "/")),
        ("/index.php?page=2", Address("home", "/")),
        ("/public/kab-contoh/files/a.PDF", Address("file", "/public/kab-contoh/files/a.PDF")),
        ("javascript:void(0)", Address("other", "")),
        ("#", Address("other", "")),
        ("http://[", Address("other", "")),
    ],
)
def test_kind(url: str, expected: Address) -> None:
    """Listings, the home page, files and what is no page are told apart."""
    assert parse_url(url) == expected


@given(
    st.text()
    | st.from_regex(r"(https?://[a-z.]+)?/(index\.php/)?(blog|berita|item|[a-z%./-])*[0-9_/?=&%-]*")
)
@example("//[")
@example("/%2541/..//\ud800?page=" + "9" * 5000)
@example("/berita/page/0")
def test_canonical_is_stable(url: str) -> None:
    """Any text has an address, and its canonical form names the same one."""
    address = parse_url(url)
    assert parse_url(address.canonical) == address


@given(
    st.sampled_from(["blog", "jdih", "berita", "page", "k2", "wp"]),
    st.integers(1),
    st.just(None) | st.just("a-b"),
)
def test_article_url_round_trip(route: str, number: int, slug: str | None) -> None:
    """The path built from a key names that key, with and without a slug."""
    key = PageKey(route, str(number))
    host = "https://jdih.kpu.go.id" if route == "jdih" else HOST
    assert parse_url(host + article_url(key, slug)).key == key


@given(st.sampled_from(["104", "berita", "category/opini"]), st.integers(1, 999))
def test_listing_path_round_trip(category: str, page: int) -> None:
    """The path built for a listing page names that category and page."""
    address = parse_url(listing_path(category, page))
    assert (address.kind, address.category, address.page) == ("listing", category, page)


@pytest.mark.parametrize(
    ("url", "unix"),
    [
        ("/public/kab-contoh/images/1700000000_0123456789abcdef0123.jpg?x=1", 1700000000),
        ("https://kab-contoh.kpu.go.id/images/1612345678Foto rapat.jpg", 1612345678),
        ("/images/1999999999x.jpg", None),
        ("/files/1504012003_DPT.pdf", None),
    ],
)
def test_upload_time(url: str, unix: int | None) -> None:
    """A unix time in a file's name is its upload time; a village code is none."""
    assert read_upload_time(url) == (datetime.fromtimestamp(unix, UTC) if unix else None)

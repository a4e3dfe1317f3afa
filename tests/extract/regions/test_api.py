"""The national site's JSON is read as a listing that knows when its articles were created."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from kpucrawl.extract import read_page
from kpucrawl.extract.records import PageKey

URL = "https://kab-banyurejo.kpu.go.id/api/blogs/104?page=2"


def write(**row: object) -> bytes:
    """A page of one article."""
    whole = {
        "id": 12,
        "blog_name": " Rapat  Pleno ",
        "post_slug": "rapat-pleno",
        "created_at": None,
    } | row
    return json.dumps(
        {"success": True, "data": {"current_page": 2, "last_page": 7, "data": [whole]}}
    ).encode()


def test_listing() -> None:
    """Keys, titles, addresses, times and the last page are read; the category is named apart from
    the HTML's."""
    listing = read_page(write(created_at="2024-08-14T03:10:00.000000Z"), URL).listing
    assert listing is not None
    (item,) = listing.items
    assert (listing.category_id, listing.pages) == ("api/blogs/104", 7)
    assert (item.key, item.title) == (PageKey("blog", "12"), "Rapat Pleno")
    assert item.url == "https://kab-banyurejo.kpu.go.id/blog/read/12_rapat-pleno"
    assert item.created == datetime(2024, 8, 14, 3, 10, tzinfo=UTC)


def test_time_without_offset_is_the_offices() -> None:
    """A bare time is told by the office's clock; what is no time is unknown."""
    listing = read_page(write(created_at="2024-08-14 10:10:00"), URL, zone="Asia/Jayapura").listing
    assert listing and listing.items[0].created == datetime(2024, 8, 14, 1, 10, tzinfo=UTC)
    unknown = read_page(write(created_at="kemarin"), URL).listing
    assert unknown and unknown.items[0].created is None


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body><h1>Beranda</h1><a href='/blog/read/1_a'>Rapat Pleno "
        b"Terbuka</a></body></html>",
        b"[]",
        b"{}",
        b'{"data": 5}',
        b'{"data": {"data": [{"id": "x"}]}}',
        b'{"data": {"data": [5]}}',
        b"[" * 100_000,
        b'{"data": {"data": [{"id": 1e999}]}}',
        b"",
        b"\xff\xfe\x00",
    ],
)
def test_anything_else_is_no_listing(body: bytes) -> None:
    """A site that answers the address with a page, or with other JSON, has no such listing; nothing
    raises."""
    reading = read_page(body, URL)
    assert (reading.kind, reading.listing) == ("other", None)


def test_only_its_own_address_is_read_so() -> None:
    """The same bytes under an article's address are no listing."""
    assert (
        read_page(write(), "https://kab-banyurejo.kpu.go.id/blog/read/12_rapat").kind != "listing"
    )


def test_bad_row_costs_itself_alone() -> None:
    """A row whose number is none, or too long for any, leaves the others their place; a time of the
    year 1 is read as what it says."""
    rows = b'{"id": 1e999}, {"id": "x"}, {"id": %b}, {"id": 12, "created_at": "0001-01-01"}'
    body = b'{"data": {"data": [%b]}}' % (rows % (b"7" * 4400))
    listing = read_page(body, URL).listing
    assert listing is not None
    assert [item.key.key for item in listing.items] == ["7" * 4400, "12"]

"""Addresses as browsers read them."""

from __future__ import annotations

import pytest

from kpucrawl.extract.addresses import decode_location, is_same_address, resolve_address

HOST = "https://kota-x.kpu.go.id"
PAGE = f"{HOST}/blog/read/321_rapat"


@pytest.mark.parametrize(
    ("location", "read"),
    [
        (b"322_lain", f"{HOST}/blog/read/322_lain"),
        (b"https:///kota-x.kpu.go.id/a///b", f"{HOST}/a///b"),
        (b"  /blog/read/9_a b ", f"{HOST}/blog/read/9_a%20b"),
        ("/blog/read/9_caf\u00e9".encode(), f"{HOST}/blog/read/9_caf%C3%A9"),
        (b"/blog/read/9_caf\xe9", f"{HOST}/blog/read/9_caf%E9"),
        (b"/blog/read/9_100%", f"{HOST}/blog/read/9_100%"),
        (b"https://admin:rahasia@kota-x.kpu.go.id/a", f"{HOST}/a"),
        (b"https://kota-x.kpu.go.id@evil.example/", "https://evil.example/"),
        (b"/\\evil.example/", "https://evil.example/"),
        (b"///evil.example/", "https://evil.example/"),
        (b"../../../a", f"{HOST}/a"),
    ],
)
def test_location_is_read_as_browsers_do(location: bytes, read: str) -> None:
    """Blanks, raw letters, backslashes and credentials come to what a browser asks for."""
    assert resolve_address(PAGE, decode_location(location)) == read


@pytest.mark.parametrize(
    "location",
    [
        "",
        "  ",
        "//",
        "///",
        "https:",
        "https://",
        "http://[",
        "http://[x]/",
        f"{HOST}:99999/",
        f"{HOST}:https/",
        "https://kota..kpu.go.id/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/blog/\x00a",
        "about:blank",
    ],
)
def test_what_is_no_address_leads_nowhere(location: str) -> None:
    """Other schemes, no host, an impossible port or host: nowhere, and no exception."""
    assert resolve_address(PAGE, location) is None


def test_same_address_is_the_same_request() -> None:
    """Scheme, port and fragment are not asked for: they make no other address."""
    assert is_same_address(PAGE, PAGE.replace("https", "http") + "#a")
    assert not is_same_address(PAGE, f"{PAGE}/")
    assert not is_same_address(PAGE, f"{PAGE}?t=1")

"""Bytes become the text that the office wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.html.decode import close_title, decode_page, decode_plain

TEXT = "“Pemilu” – jujur, adil’s"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (TEXT.encode(), TEXT),
        (TEXT.encode("cp1252"), TEXT),
        (b'<meta charset="iso-8859-1">' + TEXT.encode(), '<meta charset="iso-8859-1">' + TEXT),
        ((TEXT + "–").encode()[:-1], TEXT),
        ("Rapat\x93 pleno\x94".encode(), "Rapat“ pleno”"),
        (b"a\x00b\x0bc", "abc"),
        (TEXT.encode("utf-16"), TEXT),
        (b"\xef\xbb\xbfhalo", "halo"),
        (("kata “baik” " * 9).encode() + b"\x93", "kata “baik” " * 9),
        (b"", ""),
    ],
)
def test_decode(body: bytes, text: str) -> None:
    """UTF-8 wins over what is declared, windows-1252 follows, and what is broken costs one
    character."""
    assert decode_page(body) == text


@given(st.binary())
def test_any_bytes_decode(body: bytes) -> None:
    """No bytes are refused, and no NUL reaches the parser."""
    assert "\x00" not in decode_page(body)


@given(st.binary() | st.text().map(str.encode))
def test_what_needs_no_mending_is_decoded_the_same(body: bytes) -> None:
    """Plain UTF-8 gives the text that the careful way gives; all else is left to it."""
    assert decode_plain(body) in (None, decode_page(body))


@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbfhalo", b"a\x00b", b"\xc2\x93baik\xc2\x94", b"\x93baik"]
)
def test_what_must_be_mended_is_not_plain(body: bytes) -> None:
    """A mark of the byte order, control characters and other encodings are never taken as they
    are."""
    assert decode_plain(body) is None


@pytest.mark.parametrize(
    ("page", "closed"),
    [
        ("<title>Rapat\n<meta charset=x><p>a", "<title>Rapat</title>\n<meta charset=x><p>a"),
        ("<title>Rapat</title><p>a", "<title>Rapat</title><p>a"),
        ("<title>A <b>b</b></title>", "<title>A <b>b</b></title>"),
        ("<p>a", "<p>a"),
        (f"<title>A<p>{'x' * 1990}</title", f"<title>A<p>{'x' * 1990}</title"),
        (f"<title>A<p>{'x' * 1991}</title", f"<title>A</title><p>{'x' * 1991}</title"),
    ],
)
def test_close_title(page: str, closed: str) -> None:
    """A title left open ends at the next tag, so that it does not swallow the page; others stay."""
    assert close_title(page) == closed


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_nuls(encoding: str) -> None:
    """A page in UTF-16 that does not say so keeps its quotes and dashes; a few NULs make no UTF-16."""
    text = "<html><p>Rapat “pleno” – selesai</p></html>" * 20
    assert decode_page(text.encode(encoding)) == text
    assert decode_page(b"<p>\0\0Rapat</p>" * 20) == "<p>Rapat</p>" * 20

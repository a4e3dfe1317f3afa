"""How an answer came, judged without a network."""

from __future__ import annotations

import gzip
import io
import zlib

import pytest
from backports import zstd

from kpucrawl.extract.html.ending import comes_to_end
from kpucrawl.transport import BROKE_OFF, MOST_MEMBERS, TOO_LARGE, Transport, read_transport

PAGE = (
    "<!doctype html><html><head><title>Rapat</title></head><body><h1>Rapat</h1>"
    + "".join(f"<p>Kalimat ke-{n} – selesai.</p>" for n in range(300))
    + "</body></html>\n"
).encode()


def judge(body: bytes, encoding: str = "", most: int = 10_000_000, **more: str) -> Transport:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    return read_transport(200, headers | {"content-encoding": encoding}, body, most=most)


PACKED = {
    "gzip": gzip.compress(PAGE),
    "x-gzip": gzip.compress(PAGE),
    "deflate": zlib.compress(PAGE),
    "zstd": zstd.compress(PAGE),
}


@pytest.mark.parametrize("name", PACKED)
def test_encoding_is_undone(name: str) -> None:
    """A whole body is unpacked, and nothing is doubted."""
    for said in (name, name.upper(), f" {name} "):
        assert judge(PACKED[name], said) == Transport(PAGE)


@pytest.mark.parametrize("name", PACKED)
def test_cut_anywhere_is_no_answer(name: str) -> None:
    """Wherever packed bytes end too early, they are kept as they came, and the answer broke off."""
    body = PACKED[name]
    for end in (1, 2, 3, 5, 10, 11, len(body) // 2, len(body) - 8, len(body) - 1):
        told = judge(body[:end], name)
        if name in ("deflate", "zstd") and end < 8:  # too few to be known by their first bytes
            assert told.failure or told.left, end
            continue
        assert told.is_cut and told.failure.startswith(BROKE_OFF), (end, told)
        assert told.body == body[:end] and told.left == (name,)
        assert [problem.field for problem in told.problems] == ["cut"]


@pytest.mark.parametrize("name", ["gzip", "deflate", "zstd"])
def test_damaged_byte_is_no_answer(name: str) -> None:
    """A damaged byte is found by the checksum, or by the packing itself."""
    body = bytearray(zstd_with_checksum() if name == "zstd" else PACKED[name])
    body[len(body) // 2] ^= 0x55
    assert judge(bytes(body), name).is_cut


def zstd_with_checksum() -> bytes:
    return zstd.compress(PAGE, options={zstd.CompressionParameter.checksum_flag: 1})


def test_raw_deflate_is_read_and_its_half_is_not() -> None:
    """Old servers leave out the wrapper of deflate."""
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    raw = machine.compress(PAGE) + machine.flush()
    assert judge(raw, "deflate") == Transport(PAGE)
    assert judge(raw[: len(raw) // 2], "deflate").is_cut


@pytest.mark.parametrize("said", ["gzip", "br", "zstd", "deflate", "UTF-8", "gzip, gzip"])
def test_plain_page_under_an_encoding_is_the_page(said: str) -> None:
    """A page that is not packed whatever it says is kept as it is, and the header stays beside it."""
    told = judge(PAGE, said)
    assert (told.body, told.failure, told.unpacked) == (PAGE, "", None)
    assert told.left == tuple(said.lower().split(", ")) and told.problems


def test_unknown_encoding_of_unreadable_bytes_keeps_them() -> None:
    """What cannot be decoded is kept as it came, as a failed fetch that another try does not mend."""
    body = b"\x1b\xff\x7f\x00\xf8\xa5\x01" + bytes((n * 37 + 11) % 256 for n in range(900))
    told = judge(body, "br")
    assert told.body == body and told.failure and not told.is_cut and told.left == ("br",)


def test_second_packing_is_undone_for_reading_alone() -> None:
    """Undeclared or double gzip: the snapshot is the body after what was said."""
    once, twice = gzip.compress(PAGE), gzip.compress(gzip.compress(PAGE))
    assert judge(once).body == once and judge(once).unpacked == PAGE
    told = judge(twice, "gzip")
    assert gzip.decompress(told.body) == PAGE and told.unpacked == PAGE and told.problems
    assert judge(twice, "gzip, gzip") == Transport(PAGE)
    assert judge(once[: len(once) // 2]).is_cut
    assert judge(gzip.compress(once[: len(once) // 2]), "gzip").is_cut


def test_other_packing_than_said_is_known_by_its_first_bytes() -> None:
    """gzip under deflate and the like is undone, and noted."""
    told = judge(gzip.compress(PAGE), "deflate")
    assert (told.body, told.left) == (PAGE, ()) and "gzip" in told.problems[0].why


def test_parts_of_gzip_are_read_to_the_last() -> None:
    """Many small parts are one text; zeros behind them are padding, other bytes are told."""
    parts = b"".join(gzip.compress(PAGE[n : n + 50]) for n in range(0, len(PAGE), 50))
    assert judge(parts, "gzip") == Transport(PAGE)
    assert judge(parts + b"\0" * 512, "gzip") == Transport(PAGE)
    told = judge(parts + b"<b>Warning</b>", "gzip")
    assert told.body == PAGE and "14 bytes" in told.problems[0].why


@pytest.mark.parametrize("more", [0, 1])
def test_parts_of_gzip_are_bounded(more: int) -> None:
    """One part more than a page can have is not unpacked."""
    told = judge(gzip.compress(b"x") * (MOST_MEMBERS + more), "gzip")
    assert bool(told.failure) == bool(more)


@pytest.mark.parametrize("most", [len(PAGE), len(PAGE) - 1])
@pytest.mark.parametrize("name", PACKED)
def test_unpacked_size_is_bounded(name: str, most: int) -> None:
    """A page of the largest size is read, one byte more is not, in either layer."""
    fits = most == len(PAGE)
    assert (judge(PACKED[name], name, most).failure == "") is fits
    told = judge(PACKED[name], "", max(most, len(PACKED[name])))
    assert told.failure in (("",) if fits else (TOO_LARGE,))


def test_bomb_is_given_up() -> None:
    """300 MB of blanks in 300 kB stop at the bound; the packed bytes are kept."""
    machine, packed = zlib.compressobj(9, zlib.DEFLATED, 31), io.BytesIO()
    for _ in range(300):
        packed.write(machine.compress(b" " * 1_000_000))
    packed.write(machine.flush())
    for body in (packed.getvalue(), gzip.compress(packed.getvalue())):
        told = judge(body, "gzip")
        assert told.failure == TOO_LARGE and told.body == body and not told.is_cut


def test_wide_window_is_refused() -> None:
    """zstd that asks for more memory than RFC 9659 allows is not unpacked."""
    options = {
        zstd.CompressionParameter.window_log: 27,
        zstd.CompressionParameter.content_size_flag: 0,
    }
    machine = zstd.ZstdCompressor(options=options)
    assert judge(machine.compress(PAGE) + machine.flush(), "zstd").failure


RANGES = {
    f"bytes 0-{len(PAGE) - 1}/{len(PAGE)}": True,
    f"bytes 0-{len(PAGE) - 2}/{len(PAGE)}": False,
    f"bytes 1-{len(PAGE)}/{len(PAGE)}": False,
    f"bytes 0-{len(PAGE) - 1}/{len(PAGE) + 1}": False,
    f"bytes 0-{len(PAGE) - 1}/*": False,
    f"bytes */{len(PAGE)}": False,
    "": False,
}


@pytest.mark.parametrize("said", RANGES)
def test_range_counts_when_it_is_all(said: str) -> None:
    """206 is an answer when its range covers the page and the body is as long."""
    headers = {"content-range": said} if said else {}
    assert read_transport(206, headers, PAGE).is_cut is not RANGES[said]


def test_missing_bytes_are_told() -> None:
    """An answer whose length says more says how much came."""
    told = read_transport(200, {"content-length": "99"}, b"<html>", ["dataloss"])
    assert told.failure == f"{BROKE_OFF}: 200, 6 of 99 bytes came" and told.is_cut


ENDINGS = {
    PAGE: True,
    PAGE[: len(PAGE) // 2]: False,
    PAGE.replace(b"</html>", b"</HTML >"): True,
    PAGE + b"<!-- 0.3 s --><script src='/stat.js'></script>\n": True,
    PAGE[:3000] + b'<script>var tail="</body></html>";': False,
    PAGE[:3000] + b'<script>var tail="</body></html>";</script>': False,
    PAGE[:3000] + b'<script>if (a < b) { "<script>" }</script></html>': True,
    PAGE[:3000] + b"<!-- </html>": False,
    PAGE[:3000] + b"<!-- </html> --></html>": True,
    PAGE[:3000] + b"<!--></html>": True,
    PAGE[:3000] + b"<textarea></html>": False,
    PAGE[: len(PAGE) // 2] + b"\0" * (len(PAGE) // 2): False,
    b"\xff\xfe" + PAGE.decode().encode("utf-16-le"): True,
    b"\r\n" * 400 + PAGE: True,
    b'[{"id": 1}]': True,
    b'[{"id": 1}': False,
    b"User-agent: *\nDisallow:\n": None,
    b"Request denied": None,
    b"": None,
}


@pytest.mark.parametrize("body", ENDINGS, ids=lambda body: repr(body[-30:]))
def test_end_of_a_page_is_found(body: bytes) -> None:
    """A page ends where it is closed, not where a script or a comment speaks of it."""
    assert comes_to_end(body) is ENDINGS[body]

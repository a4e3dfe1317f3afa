"""How an answer came: whether it is whole, and its body with the encodings undone. Nothing that the
answer says of itself is believed before the bytes agree.

The snapshot is the body after its Content-Encoding, raw where that cannot be undone. Bytes that are
packed once more than was said are unpacked for reading alone.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archive.records import Problem
from archive.watch.verdicts import CUT

if sys.version_info >= (3, 14):
    from compression.zstd import DecompressionParameter, ZstdDecompressor, ZstdError
else:
    from backports.zstd import DecompressionParameter, ZstdDecompressor, ZstdError

DATALOSS = "dataloss"
"""Scrapy's flag of an answer whose length or last chunk says that something is missing."""
BROKE_OFF = "the answer broke off"
UNREADABLE = "the answer cannot be unpacked"
TOO_LARGE = "the page is larger than DOWNLOAD_MAXSIZE"
ENCODING = "encoding"
"""Field of the problems that tell of odd encodings."""

GZIP, ZLIB, DEFLATE, ZSTD = "gzip", "zlib", "raw deflate", "zstd"
OFFERED = "gzip, deflate, zstd"
"""The encodings that a request says it can undo."""
NO_ENCODINGS = ("", "identity", "none")
SAID = {"gzip": GZIP, "x-gzip": GZIP, "deflate": ZLIB, "zstd": ZSTD}
"""What the names of RFC 9110 and RFC 8878 stand for."""
WINDOWS = {GZIP: 31, ZLIB: 15, DEFLATE: -15}
"""As zlib names its formats."""
LARGEST_WINDOW = 23
"""Bits: 8 MiB, which RFC 9659 lets a zstd answer ask for at most."""
MOST_LAYERS = 3
"""Encodings one behind the other: a server and a filter each pack once, a third was never seen."""
MOST_MEMBERS = 20_000
"""Parts of one gzip: a page of 1 MB in pieces of 50 bytes; beyond, they only cost time."""
FIRST_STEP, LONGEST_STEP = 1024, 65_536
"""Bytes unpacked at a time: few at first, since what follows a small part is copied each time."""
HEAD = 512
"""Bytes that tell text from packed bytes: of 256 values packed bytes have 26 that no text has."""
CONTROLS = bytes({*range(32)} - {0, 9, 10, 12, 13, 27})
BOMS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")
SEEN = 100


class Unpackable(Exception):
    """Bytes that cannot be unpacked; `why` in words, `is_cut` where some of them are missing."""

    def __init__(self, why: str, *, is_cut: bool) -> None:
        super().__init__(why)
        self.is_cut = is_cut


@dataclass(frozen=True, slots=True)
class Transport:
    """How an answer came."""

    body: bytes
    """After its Content-Encoding; as it came where that cannot be undone."""
    left: tuple[str, ...] = ()
    """The encodings that were said and not undone, in the order in which they were said."""
    failure: str = ""
    """Why the body is not the page, in words; empty where it is."""
    is_cut: bool = False
    """Some of it is missing or damaged: another try may bring it."""
    problems: tuple[Problem, ...] = ()
    unpacked: bytes | None = None
    """What to read, where the body is packed once more than was said."""


def read_transport(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    flags: Collection[str] = (),
    *,
    most: int = 0,
) -> Transport:
    """Judge how an answer came. Pure.

    `headers` by lower-case name; `flags` as Scrapy raises them; `most` bytes are unpacked at the
    most, 0 means any number.
    """
    said = tuple(name.strip().lower() for name in headers.get("content-encoding", "").split(","))
    said = tuple(name for name in said if name not in NO_ENCODINGS)
    missing = _find_missing(status, headers, body, flags)
    if missing:
        problem = Problem(CUT, missing, "The answer ends midway: it is no answer.")
        return Transport(body, said, f"{BROKE_OFF}: {missing}", True, (problem,))
    if not body:
        return Transport(body)
    try:
        return _undo(body, said, most or sys.maxsize)
    except Unpackable as error:
        why = "The bytes are kept as they came."
        problem = Problem(CUT if error.is_cut else ENCODING, str(error)[:SEEN], why)
        failure = BROKE_OFF if error.is_cut else UNREADABLE
        told = str(error) if str(error) == TOO_LARGE else f"{failure}: {error}"
        return Transport(body, said, told, error.is_cut, (problem,))


def _find_missing(
    status: int, headers: Mapping[str, str], body: bytes, flags: Collection[str]
) -> str:
    """What says that bytes are missing; empty where nothing does."""
    if DATALOSS in flags:
        length = headers.get("content-length", "")[:SEEN]
        of_all = f" of {length}" if length else ""
        return f"{status}, {len(body)}{of_all} bytes came"
    if status == 206 and not is_whole_range(headers.get("content-range", ""), len(body)):
        return f"206, {headers.get('content-range', 'no range')[:SEEN]}"
    return ""


def is_whole_range(content_range: str, length: int) -> bool:
    """Whether a Content-Range covers all of the page, and the body is as long."""
    found = RANGE.fullmatch(content_range.strip())
    if found is None:
        return False
    first, last, total = map(int, found.groups())
    return first == 0 and last + 1 == total == length


def _undo(body: bytes, said: Sequence[str], most: int) -> Transport:
    """Undo what was said, the last first, then what was not; raise Unpackable."""
    if len(said) > MOST_LAYERS:
        raise Unpackable(f"{len(said)} encodings one behind the other", is_cut=False)
    problems: list[Problem] = []
    left: list[str] = []
    for name in reversed(said):
        kind = find_kind(body, name)
        if kind is None:
            left.insert(0, name)
            problems.append(
                Problem(ENCODING, name[:SEEN], "The answer says so, and is not packed.")
            )
            continue
        if SAID.get(name) not in (kind, ZLIB if kind == DEFLATE else kind):
            problems.append(Problem(ENCODING, name[:SEEN], f"The answer says so, and is {kind}."))
        body = _unpack(body, kind, most, problems)
    inner = _unpack_more(body, most, problems)
    return Transport(body, tuple(left), "", False, tuple(problems), inner)


def _unpack_more(body: bytes, most: int, problems: list[Problem]) -> bytes | None:
    """Unpack bytes that are packed although nothing says so; None where they are not."""
    inner: bytes | None = None
    for _ in range(MOST_LAYERS):
        kind = sniff(body if inner is None else inner)
        if kind is None:
            break
        inner = _unpack(body if inner is None else inner, kind, most, problems)
        why = "The answer is packed once more than it says; it is read unpacked."
        problems.append(Problem(ENCODING, kind, why))
    return inner


def find_kind(body: bytes, said: str) -> str | None:
    """How a body is packed that is said to be; None where it is plain text. Raise Unpackable."""
    if kind := sniff(body):
        return kind
    if is_text(body) or not body:
        return None
    if said == "deflate":
        return DEFLATE
    raise Unpackable(f"said to be {said[:SEEN]}", is_cut=False)


def sniff(body: bytes) -> str | None:
    """How bytes are packed, by their first ones: RFC 1952, 8878, 1950. Plain text is None."""
    head = body[:4]
    if head[:3] == b"\x1f\x8b\x08" or head in (b"\x1f", b"\x1f\x8b"):
        return GZIP
    if head == b"\x28\xb5\x2f\xfd":
        return ZSTD
    is_zlib = head[:1] == b"x" and int.from_bytes(head[:2]) % 31 == 0
    return ZLIB if is_zlib and not is_text(body) else None


def is_text(body: bytes) -> bool:
    """Whether bytes begin as text does, in whatever encoding."""
    head = body[:HEAD]
    return head.startswith(BOMS) or len(head.translate(None, CONTROLS)) == len(head)


def _unpack(body: bytes, kind: str, most: int, problems: list[Problem]) -> bytes:
    """Unpack a body, all its parts; raise Unpackable. What follows the last part is left out."""
    out, place, parts = bytearray(), 0, 0
    while parts == 0 or _goes_on(body, place, kind):
        place = _unpack_part(body, place, kind, out, most)
        parts += 1
        if parts > MOST_MEMBERS:
            raise Unpackable(f"{kind} in more than {MOST_MEMBERS} parts", is_cut=False)
    if behind := len(body[place:].strip(b"\0")):
        why = f"There are {behind} bytes behind its end, which are left out."
        problems.append(Problem(ENCODING, kind, why))
    return bytes(out)


def _goes_on(body: bytes, place: int, kind: str) -> bool:
    """Whether another part follows: gzip and zstd may have several."""
    return kind in (GZIP, ZSTD) and len(body) - place > 3 and sniff(body[place : place + 4]) == kind


def _unpack_part(body: bytes, place: int, kind: str, out: bytearray, most: int) -> int:
    """Unpack one part behind what there is; return where it ends. Raise Unpackable."""
    machine, step = _make_machine(kind), FIRST_STEP
    while not machine.eof:
        piece = body[place : place + step]
        if not piece:
            raise Unpackable(f"{kind} ends midway", is_cut=True)
        try:
            out += machine.decompress(piece, most - len(out) + 1 if most < sys.maxsize else -1)
        except (zlib.error, ZstdError) as error:
            said = str(error).rpartition("data: ")[2]
            raise Unpackable(f"{kind} is damaged: {said}", is_cut=True) from error
        if len(out) > most:
            raise Unpackable(TOO_LARGE, is_cut=False)
        place += len(piece) - len(machine.unused_data)
        step = min(2 * step, LONGEST_STEP)
    return place


def _make_machine(kind: str) -> Any:
    """An object that unpacks one part: `decompress(data, most)`, `eof`, `unused_data`."""
    if kind == ZSTD:
        return ZstdDecompressor(options={DecompressionParameter.window_log_max: LARGEST_WINDOW})
    return zlib.decompressobj(WINDOWS[kind])


def join_left(left: Iterable[str]) -> str:
    """The Content-Encoding that describes a body of which `left` was not undone."""
    return ", ".join(left)

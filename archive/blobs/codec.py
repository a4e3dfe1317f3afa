"""Bytes to stored bytes and back: zstd, alone or against the bytes of a reference."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDict, ZstdError, compress, decompress
else:
    from backports.zstd import ZstdDict, ZstdError, compress, decompress

LEVEL = 3
SMALL = 1000
"""Bodies of fewer bytes are compressed alone and are no reference."""
PAYS_AT_ONCE = 10
"""A reference that makes bytes so many times smaller is taken without trying anything else."""
PAYS = 0.75
"""A reference is taken when it leaves at most this part of what compressing alone leaves; otherwise
the blob stands alone and becomes the reference: so a new look of a site costs one page."""


class DamagedSnapshot(Exception):
    """Stored bytes do not decode to what their digest names."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Bytes that others are compressed against."""

    digest: str
    body: bytes
    depth: int
    """Steps to a blob that stands alone: 0 or 1."""


def digest_bytes(body: bytes) -> str:
    """Name bytes by their SHA-256, in hex."""
    return hashlib.sha256(body).hexdigest()


def encode_body(body: bytes, references: Iterable[Reference]) -> tuple[bytes, Reference | None]:
    """Compress against the reference that pays best, or alone."""
    best: tuple[bytes, Reference] | None = None
    for reference in references:
        data = compress_against(body, reference.body)
        if len(data) * PAYS_AT_ONCE <= len(body):
            return data, reference
        if best is None or len(data) < len(best[0]):
            best = data, reference
    alone = compress(body, LEVEL)
    return best if best and len(best[0]) <= PAYS * len(alone) else (alone, None)


def compress_against(body: bytes, reference: bytes) -> bytes:
    """Compress bytes as what differs from those of a reference."""
    return compress(body, LEVEL, zstd_dict=ZstdDict(reference, is_raw=True).as_prefix)


def decode_body(data: bytes, reference: bytes | None) -> bytes:
    """Undo `encode_body`. Raise DamagedSnapshot for what does not decompress."""
    try:
        if reference is None:
            return decompress(data)
        return decompress(data, zstd_dict=ZstdDict(reference, is_raw=True).as_prefix)
    except ZstdError as error:
        raise DamagedSnapshot(f"stored bytes do not decompress: {error}") from error

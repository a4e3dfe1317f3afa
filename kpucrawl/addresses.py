"""Addresses of articles as people paste them, wherever a page can be named."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from archive.database.engine import ArchiveError
from kpucrawl.extract.urls import parse_url

NAME = re.compile(r"[^/]*/(?:[^/:?#]+|[a-z0-9]+:.*)")
"""What is a page's name already: `33.72/123`, `kota-surakarta/url:/a/b`."""


def name_address(text: str) -> str | None:
    """`HOST/route:key` of an address, with its scheme or without; `None` for what is a name.

    Raise ArchiveError for an address that is no article's, such as that of a listing.
    """
    address = text.strip().strip("<>\"'")
    with_scheme = "://" in address or address.startswith("//")
    if not with_scheme and ("/" not in address or NAME.fullmatch(address)):
        return None
    try:
        host = urlsplit(address if with_scheme else f"//{address}").hostname
    except ValueError:
        host = None
    key = parse_url(address if with_scheme else f"//{address}").key
    if not host or key is None:
        raise ArchiveError(f"{text[:200]!r} is not the address of an article")
    return f"{host.removeprefix('www.')}/{key.route}:{key.key}"

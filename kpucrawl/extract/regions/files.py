"""Documents that a page links or shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.records import Link
from kpucrawl.extract.urls import read_upload_time

DOCUMENT = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|csv|zip|rar|7z)$", re.I)
DOWNLOAD = re.compile(r"/(?:download|unduh)/\d[\w-]*/?(?:$|\?)|[?&]download=\w", re.I)
"""Where Joomla's K2 and download managers send a numbered file."""
_SUFFIX = re.compile(r"\.(?:pdf|doc|xls|ppt|od[tsp]|rtf|csv|zip|rar|7z)", re.I)
VIEWERS = re.compile(
    r"drive\.google\.com/(?:file|open|uc)|docs\.google\.com/(?:document|spreadsheets|presentation"
    r"|file)",
    re.I,
)


def is_file(page: Page, href: str) -> bool:
    """Whether a link offers a document."""
    return read_file(page.resolve(href)) is not None


def list_files(page: Page, line: Line) -> Iterator[Link]:
    """The documents that a line links."""
    for anchor in line.anchors:
        if url := read_file(page.resolve(anchor.href)):
            yield Link(url, anchor.text, read_upload_time(url))


def read_file(url: str) -> str | None:
    """The document that an address names or shows: `gview?url=https://.../a.pdf&embedded=true`
    shows `a.pdf`; `download.php?file=a.pdf` sends it itself."""
    if not _may_be_file(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    if DOCUMENT.search(unquote(parts.path)) or VIEWERS.search(url):
        return url
    if DOWNLOAD.search(url):
        return url
    for _name, value in parse_qsl(parts.query):
        if DOCUMENT.search(value.partition("?")[0]):
            shows = value.startswith(("http:", "https:", "/"))
            return Page.resolve_against(url, value) if shows else url
    return None


def _may_be_file(url: str) -> bool:
    """Whether an address has what each of a document or viewer has, as few have; an escape may hide
    any letter. To take an address apart takes ten times as long."""
    if "%" in url or _SUFFIX.search(url) is not None or "google.com/" in url.lower():
        return True
    return DOWNLOAD.search(url) is not None

"""Small pages around one headline, for the tests of what stands where."""

from __future__ import annotations

from collections.abc import Iterable

from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.regions.region import RegionFinder

URL = "https://kab-contoh.kpu.go.id/blog/read/12"
HEAD = "<h1>Rapat Pleno Terbuka</h1>"
LINK = "<p><a href='/blog/read/3'>Judul lain</a></p>"
"""A line that leads to another article."""


def write_sentence(size: int, word: str = "kotak") -> str:
    """A sentence of so many characters."""
    return (f"{word} suara " * size)[: size - 1].rstrip().ljust(size - 1, "x") + "."


def write_paragraphs(*sizes: int) -> str:
    """Sentences of so many characters, each a paragraph."""
    return "".join(f"<p>{write_sentence(size)}</p>" for size in sizes)


def parse(inner: str, url: str = URL) -> Page:
    """The page with this body."""
    page = open_page(f"<html><body>{inner}</body></html>".encode(), url)
    assert page is not None
    return page


def look_around(inner: str) -> RegionFinder:
    """What looks around the first `<h1>` of a page."""
    page = parse(inner)
    return RegionFinder(page, next(line for line in page.outline.lines if line.rank == 1))


def find_line(lines: Iterable[Line], start: str) -> Line:
    """The one line that begins so."""
    (line,) = (line for line in lines if line.text.startswith(start))
    return line


def name_box(page: Page, box: int) -> str:
    """The id of a box, else its tag."""
    return page.outline.names[box][1] or page.outline.tags[box]

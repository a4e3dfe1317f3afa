"""Reading one page is bounded by counts: steps are counted, no clock."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from lxml import etree

from kpucrawl.extract import read_page
from kpucrawl.extract.dates.dates import MOST_FIGURES
from kpucrawl.extract.html.blocks import outline_page, parse_html
from kpucrawl.extract.html.limits import (
    MOST_ATTRIBUTES,
    MOST_ELEMENTS,
    MOST_LINES,
    MOST_SHOWN,
    bound_tags,
)
from kpucrawl.extract.records import PageReading
from kpucrawl.extract.regions.article import MOST_DATES

URL = "https://kota-x.kpu.go.id/blog/read/321_rapat"
LEAD = "<p>Kota X, kota-x.kpu.go.id - KPU menggelar rapat pleno terbuka di aula kantor.</p>"


def read(inner: str) -> PageReading:
    title = "Rapat Pleno Terbuka"
    page = f"<title>KPU KOTA X - {title}</title><body><h1>{title}</h1>{LEAD}{inner}</body>"
    return read_page(page.encode(), URL, fetched_at=datetime(2026, 1, 5, tzinfo=UTC))


def list_bounds(reading: PageReading) -> set[str]:
    return {problem.seen for problem in reading.problems if problem.field == "bound"}


def count_steps(inner: str) -> int:
    """Calls made while a page is read, those of the standard library and of C included."""
    steps = 0

    def note(frame: object, event: str, what: object) -> None:
        nonlocal steps
        steps += event in ("call", "c_call")

    read(inner)  # what is made once and kept
    sys.setprofile(note)
    try:
        read(inner)
    finally:
        sys.setprofile(None)
    return steps


PAGES: dict[str, tuple[Callable[[int], str], int]] = {
    "attributes": (
        lambda n: f"<i {' '.join(f'a{i}=1' for i in range(n))}></i>",
        2 * MOST_ATTRIBUTES,
    ),
    "paragraphs": (lambda n: "<p>x</p>" * n, MOST_ELEMENTS),
    "breaks": (lambda n: "<p>" + "x<br>" * n, MOST_ELEMENTS),
    "lines": (lambda n: "<pre>" + "x\n" * n + "</pre>", MOST_LINES),
    "dates": (
        lambda n: "".join(f"<p>Pada {i % 28 + 1} Mei {i}</p>" for i in range(n)),
        MOST_ELEMENTS,
    ),
    "dates-of-a-line": (lambda n: f"<p>{'12 Mei 2019 ' * n}</p>", MOST_FIGURES),
    "icons": (lambda n: "<i class='fa fa-eye'></i> 12 " * n, MOST_ELEMENTS),
}


@pytest.mark.parametrize("name", PAGES)
def test_beyond_a_bound_a_page_costs_no_more(name: str) -> None:
    """Twice as much of anything beyond its bound is not a tenth more, and is told."""
    make, bound = PAGES[name]
    once, twice = count_steps(make(bound)), count_steps(make(2 * bound))
    assert twice < 1.1 * once
    assert list_bounds(read(make(2 * bound)))


@pytest.mark.parametrize("name", PAGES)
def test_below_its_bound_a_page_costs_what_it_has(name: str) -> None:
    """Steps grow as the page does, not as its square."""
    make, _ = PAGES[name]
    assert count_steps(make(160)) < 2.2 * count_steps(make(80))


def test_attributes_are_bounded_before_the_parser_sees_them() -> None:
    """A tag keeps its first attributes, quoted or not, whatever stands in them; the page goes on
    behind it."""
    for value in ("1", "'<'", '">"', "'a b=c'"):
        tag = f"<p {' '.join(f'a{i}={value}' for i in range(MOST_ATTRIBUTES + 1))}>x</p><b>y</b>"
        text, cut = bound_tags(tag)
        root = parse_html(text)
        assert cut == 1
        assert root is not None
        assert len(root.findall(".//p")[0].attrib) == MOST_ATTRIBUTES
        assert etree.tostring(root.find(".//b"), method="text") == b"y"
    whole = f"<p {' '.join(f'a{i}=1' for i in range(MOST_ATTRIBUTES))}>x</p>"
    assert bound_tags(whole) == (whole, 0)
    picture = f"<img src='data:image/png;base64,{'a=b ' * 1000}'>"
    assert bound_tags(picture) == (picture, 0)


def test_each_bound_is_named_at_its_boundary() -> None:
    """A problem names the bound of a page that has more, and none of one that has as much."""
    assert list_bounds(read("<p>x</p>" * 100)) == set()
    some = "".join(f"<p>{i % 28 + 1} Mei 2019</p>" for i in range(MOST_DATES - 1))
    assert list_bounds(read(some)) == set()
    assert list_bounds(read(some + "<p>3 Mei 2020</p>")) == {"1,000 dates"}
    assert list_bounds(read(f"<p>{'12 ' * MOST_FIGURES}</p>")) == set()
    assert list_bounds(read(f"<p>{'12 ' * (MOST_FIGURES + 1)}</p>")) == {"500 figures of a line"}
    assert list_bounds(read(f"<p>{'a ' * MOST_SHOWN}</p>")) == {"1,000,000 characters"}


def test_article_before_a_bound_is_read() -> None:
    """What stands before the bound is read as ever."""
    reading = read("<p>x</p>" * (2 * MOST_ELEMENTS))
    assert reading.article is not None
    assert reading.article.title == "Rapat Pleno Terbuka"
    assert list_bounds(reading) & {"50,000 elements", "20,000 lines"}


@pytest.mark.parametrize(("more", "bounds"), [(0, []), (1, ["50,000 elements"])])
def test_elements_up_to_the_bound_are_read(more: int, bounds: list[str]) -> None:
    """A page of as many elements as the bound is whole; one of more is told."""
    rules = b"<hr>" * (MOST_ELEMENTS - 2 + more)  # beside <html> and <body>
    assert outline_page(parse_html(b"<html><body>" + rules + b"</body></html>")).bounds == bounds

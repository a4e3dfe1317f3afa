"""How long reading a page takes, and how much of it is right, beside other extractors in the same
run.

    python -m bench.reading [--pages 40] [--rounds 5]

Every extractor reads the same invented article pages of about 55 kB in turn:
`kpucrawl.extract.read_page`, once by the office's layout, learnt from other pages of the same
office before the clock runs, and once without; the least code that reads one markup knowing its
class names, once with lxml and compiled XPath and once with BeautifulSoup; trafilatura;
newspaper4k. Prints CPU milliseconds per page (medians over the rounds) on that one markup and on
all, and the share of each field that is right on all (`lxml` and `bs4`: on their own markup). A
page whose day of publication is printed nowhere counts as one whose date is not found. Needs the
extra `bench`.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urljoin

import newspaper
import trafilatura
from bs4 import BeautifulSoup
from lxml import etree

from kpucrawl.evaluate.rows import Row
from kpucrawl.evaluate.scores import Score, score_rows
from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.layouts.model import Layout, Listed
from kpucrawl.extract.layouts.model import Sample as Specimen
from kpucrawl.extract.records import PageReading
from tests.replica.index import Entry
from tests.replica.offices import Office, Options, World
from tests.replica.pages import Ask, Pages
from tests.replica.sites import read_sites
from tests.replica.themes import THEMES

PAGE_BYTES = 55_000
FIELDS = ("title", "body", "category", "views", "images", "date")
HEADS = ("ms, cards", "/ lxml", "/ trafil.", "ms, all", "body F1", *FIELDS, "bad date")
KNOWN_THEME = "cards"
"""The markup that the least code is written for."""
LEARNT_FROM = 24
"""Pages that an office's layout is learnt from, besides those that are read."""

Fields = dict[str, Any]
Times = dict[str, dict[str, list[float]]]
"""Of each reader for each markup, a figure for each round."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One page and what it says."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    expected: Fields
    layout: Layout | None
    """What other pages of the office taught."""


def main() -> None:
    """Make pages, read them, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=40, help="of each markup")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    samples = make_samples(options.pages)
    scores = {name: score(name, samples) for name in READERS}  # first, so that nobody is timed cold
    times: Times = {
        name: {theme: [] for theme in samples if can_read(name, theme)} for name in READERS
    }
    for _ in range(options.rounds):
        measure(samples, times)
    print_table(times, scores)


def make_samples(pages: int) -> dict[str, list[Sample]]:
    """Article pages of one office for each markup."""
    hosts = Random(1).sample(sorted(read_sites()), len(THEMES))
    return {
        theme: make_office(theme, host, pages) for theme, host in zip(THEMES, hosts, strict=True)
    }


def make_office(theme: str, host: str, pages: int) -> list[Sample]:
    """The pages of an office's articles, less those that its layout is learnt from."""
    world = World(1, pages + LEARNT_FROM, Options(theme=theme, page_bytes=PAGE_BYTES))
    office = world.find(host)
    assert office is not None
    layout = learn_office(office, office.entries[pages:])
    return [make_sample(office, entry, layout) for entry in office.entries[:pages]]


def learn_office(office: Office, entries: Sequence[Entry]) -> Layout | None:
    """The layout of an office, from some of its pages and what its listings say of them."""
    specimens = []
    for entry in entries:
        body, headers = ask(office, entry)
        truth = office.truth(entry)
        listed = Listed(truth.title, truth.category, truth.views)
        specimens.append(Specimen("article", body, truth.url, headers, listed))
    return learn_layout(specimens)


def ask(office: Office, entry: Entry) -> tuple[bytes, dict[str, str]]:
    """The bytes and headers of an article's page."""
    answer = Pages().answer(Ask(office, office.path(entry), "", {}, ()))
    return answer.body, dict(answer.headers)


def make_sample(office: Office, entry: Entry, layout: Layout | None) -> Sample:
    """One page with what it says."""
    body, headers = ask(office, entry)
    truth = office.truth(entry)
    expected = {name: getattr(truth, name) for name in ("title", "category", "body", "views")}
    expected |= {
        "images": [image.url for image in truth.images],
        "date": office.local_day(entry).isoformat(),
    }
    return Sample(truth.url, body, headers, expected, layout)


def read_by_layout(page: Sample) -> Fields:
    """The project's own reader, with the office's layout."""
    return name_fields(read_page(page.body, page.url, headers=page.headers, layout=page.layout))


def read_ours(page: Sample) -> Fields:
    """The project's own reader, as it reads an office that it knows nothing of."""
    return name_fields(read_page(page.body, page.url, headers=page.headers))


def name_fields(reading: PageReading) -> Fields:
    """What is compared of a reading."""
    article = reading.article
    if article is None:
        return {}
    return {
        **{name: getattr(article, name) for name in ("title", "category", "body", "views")},
        "images": [image.url for image in article.images],
        "date": article.published.earliest.isoformat() if article.published else None,
    }


_TITLE = etree.XPath("string(//h2[@class='card-title mt-2'])")
_CATEGORY = etree.XPath("string(//span[@class='badge badge-danger'])")
_BODY = etree.XPath("//div[@class='card-text text-justify']")
_BLOCKS = etree.XPath("*[not(em or .//a or .//img)]")
_VIEWS = etree.XPath("string(//small[@class='text-muted'])")


def read_with_lxml(page: Sample) -> Fields:
    """The least code for `cards`, with lxml."""
    root = etree.fromstring(page.body, etree.HTMLParser(encoding="utf-8"))
    body = _BODY(root)[0]
    return {
        "title": _TITLE(root),
        "category": _CATEGORY(root),
        "body": "\n\n".join(map(_write_block, _BLOCKS(body))),
        "views": int(re.sub(r"\D", "", _VIEWS(root))),
        "images": [urljoin(page.url, image.get("src")) for image in body.iter("img")],
    }


def _write_block(block: etree._Element) -> str:
    """A paragraph, a list or a table."""
    items = list(block.iter("li", "tr")) or [block]
    return "\n".join((" " * (item.tag == "tr")).join(item.itertext()) for item in items)


def read_with_bs4(page: Sample) -> Fields:
    """The least code for `cards`, with BeautifulSoup."""
    soup: Any = BeautifulSoup(page.body, "lxml", from_encoding="utf-8")
    body = soup.select_one("div.card-text.text-justify")
    blocks = [
        block
        for block in body.find_all(True, recursive=False)
        if not block.find(["em", "a", "img"])
    ]
    parts = [block.find_all(["li", "tr"]) or [block] for block in blocks]
    return {
        "title": soup.select_one("h2.card-title").get_text(),
        "category": soup.select_one("span.badge").get_text(),
        "body": "\n\n".join(
            "\n".join(item.get_text(" " * (item.name == "tr")) for item in part) for part in parts
        ),
        "views": int(re.sub(r"\D", "", soup.select_one("small.text-muted").get_text())),
        "images": [urljoin(page.url, image["src"]) for image in body.find_all("img")],
    }


def read_with_trafilatura(page: Sample) -> Fields:
    """As its manual has it, with metadata and without looking for comments."""
    found: Any = trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, include_comments=False
    )
    if found is None:
        return {}
    return {"title": found.title, "body": found.text, "date": found.date}


def read_with_newspaper(page: Sample) -> Fields:
    """As its manual has it, without the network."""
    article: Any = newspaper.Article(page.url, language="id", fetch_images=False)
    article.download(input_html=page.body)
    article.parse()
    date = article.publish_date
    return {
        "title": article.title,
        "body": article.text,
        "date": date.date().isoformat() if date else None,
    }


READERS: dict[str, Callable[[Sample], Fields]] = {
    "lxml": read_with_lxml,
    "read_page, layout": read_by_layout,
    "read_page": read_ours,
    "bs4": read_with_bs4,
    "trafilatura": read_with_trafilatura,
    "newspaper4k": read_with_newspaper,
}


def can_read(name: str, theme: str) -> bool:
    """Whether a reader was made for a markup."""
    return theme == KNOWN_THEME or name not in ("lxml", "bs4")


def measure(samples: Mapping[str, Sequence[Sample]], times: Times) -> None:
    """One round: for each markup all readers side by side, in CPU milliseconds per page."""
    for theme, pages in samples.items():
        for name in times:
            if theme in times[name]:
                gc.collect()
                started = time.process_time()
                for page in pages:
                    READERS[name](page)
                times[name][theme].append((time.process_time() - started) * 1000 / len(pages))


def score(name: str, samples: Mapping[str, Sequence[Sample]]) -> dict[str, Score]:
    """What a reader gets right, by field."""
    known = [page for theme in samples if can_read(name, theme) for page in samples[theme]]
    return score_rows(
        Row(page.url, page.expected, dict.fromkeys(FIELDS) | READERS[name](page)) for page in known
    )


def print_table(times: Times, scores: Mapping[str, Mapping[str, Score]]) -> None:
    """A row for each reader; `-` for all markups where it was made for one."""
    print(f"{'':17}", *(f"{head:>9}" for head in HEADS))
    medians = {
        name: {theme: statistics.median(taken) for theme, taken in by.items()}
        for name, by in times.items()
    }
    for name, by_theme in medians.items():
        ratios = [
            by_theme[KNOWN_THEME] / medians[other][KNOWN_THEME] for other in ("lxml", "trafilatura")
        ]
        every = f"{statistics.mean(by_theme.values()):.2f}" if len(by_theme) > 1 else "-"
        figures = [by_theme[KNOWN_THEME], *ratios, every, *share_right(scores[name])]
        print(
            f"{name:17}",
            *(
                f"{figure:>9}" if isinstance(figure, str) else f"{figure:9.3f}"
                for figure in figures
            ),
        )


def share_right(scores: Mapping[str, Score]) -> list[float]:
    """The shares of the labels that were read right, and of the days that were read wrong."""
    shares = [scores[field].right / scores[field].labelled for field in FIELDS]
    return [scores["body"].extra["f1"], *shares, scores["date"].wrong / scores["date"].labelled]


if __name__ == "__main__":
    main()

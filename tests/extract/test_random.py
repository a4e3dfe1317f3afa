"""Random articles in random markups, and those of the replica, are read right."""

from __future__ import annotations

from collections import Counter

import pytest

from kpucrawl.extract import read_page
from tests.extract.generator import make_page
from tests.extract.stories import HOST
from tests.replica.offices import Office, Options, World
from tests.replica.pages import Ask, Pages
from tests.replica.themes import THEMES

SEEDS = range(50_000, 50_400)
OFFICE = "kab-cilacap.kpu.go.id"
SAME = (
    "latin",
    "untitled",
)  # the tables and the broken markup in another charset, or without </title>


def collapse(text: str) -> str:
    return " ".join(text.split())


def test_random_markups() -> None:
    """In markups put together by chance every field is right on 99 pages of 100, and the kind on
    all."""
    right: Counter[str] = Counter()
    for seed in SEEDS:
        story, page, _ = make_page(seed)
        reading = read_page(page, story.url)
        article = reading.article
        assert reading.kind == "article" and article is not None
        right["title"] += article.title == collapse(story.title)
        right["category"] += article.category == story.category[1]
        right["views"] += article.views == story.views
        right["body"] += article.body == story.body
        right["images"] += [image.url for image in article.images] == story.hrefs("image")
        right["files"] += [file.url for file in article.attachments] == story.hrefs("file")
        right["related"] += [link.url for link in article.related] == story.hrefs("related")
    assert {field: count for field, count in right.items() if count < 0.99 * len(SEEDS)} == {}
    assert len(right) == 7


@pytest.mark.parametrize("theme", THEMES)
def test_replica_articles(theme: str) -> None:
    """Every article of a replica's office is read as the replica knows it."""
    office, pages = _open_office(theme), Pages()
    for entry in office.entries:
        answer = pages.answer(Ask(office, office.path(entry), "", {}, ()))
        truth = office.truth(entry)
        article = read_page(answer.body, truth.url, headers=answer.headers).article
        assert article is not None
        read = (article.title, article.category, article.views, collapse(article.body))
        assert read == (collapse(truth.title), truth.category, truth.views, collapse(truth.body))
        assert [image.url for image in article.images] == [image.url for image in truth.images]
        assert [file.url for file in article.attachments] == [
            file.url for file in truth.attachments
        ]


@pytest.mark.parametrize("theme", THEMES)
def test_replica_listings(theme: str) -> None:
    """The first page of every category of a replica's office shows its items, no sidebar's, in
    order."""
    office, pages = _open_office(theme), Pages()
    for category, (title, _, _) in office.categories.items():
        answer = pages.answer(Ask(office, f"/blog/category/{category}", "", {}, ()))
        listing = read_page(answer.body, f"http://{OFFICE}/blog/category/{category}").listing
        assert listing is not None and (listing.category_id, listing.title) == (category, title)
        shown = [
            (entry.key, collapse(office.title(entry)))
            for entry in office.list_entries(category)[:10]
        ]
        assert [(str(item.key), item.title) for item in listing.items] == shown


def test_skeleton_belongs_to_the_markup() -> None:
    """Nearly all articles of an office share one skeleton, whatever their text, and no two markups
    share it."""
    found = {
        theme: Counter(_list_skeletons(theme)).most_common(1)[0]
        for theme in THEMES
        if theme not in SAME
    }
    assert {theme: count for theme, (_, count) in found.items() if count < 10} == {}
    assert len({skeleton for skeleton, _ in found.values()}) == len(found) > 4


def _list_skeletons(theme: str) -> list[str]:
    office, pages = _open_office(theme), Pages()
    paths = [office.path(entry) for entry in office.entries[:12]]
    return [
        read_page(pages.answer(Ask(office, path, "", {}, ())).body, HOST + path).skeleton
        for path in paths
    ]


def _open_office(theme: str) -> Office:
    office = World(5, 24, Options(theme=theme)).find(OFFICE)
    assert office is not None
    return office

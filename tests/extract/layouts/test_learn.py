"""Offices' templates are learnt from their pages, and pages read by what was learnt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import pytest

from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.layouts.model import Layout, Listed, Sample
from tests.replica.offices import Office, Options, World
from tests.replica.pages import Ask, Pages
from tests.replica.themes import THEMES as ALL_THEMES

HOST = "kab-cilacap.kpu.go.id"
THEMES = tuple(ALL_THEMES)
MOST = 30
"""Articles of an office, some of them pictures or files alone."""


@cache
def open_office(theme: str) -> Office:
    office = World(11, MOST, Options(theme=theme)).find(HOST)
    assert office is not None
    return office


@cache
def list_samples(theme: str) -> tuple[Sample, ...]:
    """An office's articles with what its listings say of them."""
    office, pages = open_office(theme), Pages()
    found = []
    for entry in office.entries:
        answer = pages.answer(Ask(office, office.path(entry), "", {}, ()))
        truth = office.truth(entry)
        listed = Listed(truth.title, truth.category, truth.views)
        found.append(Sample("article", answer.body, truth.url, dict(answer.headers), listed))
    return tuple(found)


@cache
def learn(theme: str) -> Layout:
    layout = learn_layout(list_samples(theme))
    assert layout is not None
    return layout


def collapse(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("theme", THEMES)
def test_pages_are_read_by_what_was_learnt(theme: str) -> None:
    """By an office's layout nine articles of ten are read, each as the office wrote it; those that
    fit none are read as before."""
    office, layout = open_office(theme), learn(theme)
    by_layout = 0
    for entry, sample in zip(office.entries, list_samples(theme), strict=True):
        truth = office.truth(entry)
        reading = read_page(sample.body, sample.url, headers=sample.headers, layout=layout)
        article = reading.article
        assert article is not None
        by_layout += reading.layout is not None
        read = (collapse(article.title or ""), article.category, article.views)
        assert read == (collapse(truth.title), truth.category, truth.views)
        assert collapse(article.body) == collapse(truth.body), truth.url
        assert [image.url for image in article.images] == [image.url for image in truth.images]
    assert by_layout * 10 >= 9 * len(office.entries)


@pytest.mark.parametrize("seed", range(4))
def test_order_of_samples_does_not_matter(seed: int) -> None:
    """However the samples are shuffled, and whichever stands twice, the digest is the same."""
    samples = list(list_samples(THEMES[0]))
    shuffled = samples[:6] + samples
    random.Random(seed).shuffle(shuffled)
    again = learn_layout(shuffled)
    assert again is not None and again.digest == learn(THEMES[0]).digest


def test_layout_survives_json() -> None:
    """A layout read back from its JSON is the same, and small; other JSON is refused."""
    layout = learn(THEMES[0])
    again = Layout.from_json(layout.to_json())
    assert again == layout and again.digest == layout.digest
    assert len(layout.to_json()) < 20_000
    with pytest.raises(ValueError, match="no layout"):
        Layout.from_json('{"groups": [{}]}')


@pytest.mark.parametrize("count", [0, 1, 4])
def test_few_pages_teach_nothing(count: int) -> None:
    """Of fewer than five pages nothing is learnt: what they share may be chance."""
    assert learn_layout(list_samples(THEMES[0])[:count]) is None


def poison(samples: Sequence[Sample], kind: str) -> list[Sample]:
    """Three samples replaced: by a block page, by another office's template, cut in the middle."""
    bad = []
    for number, sample in enumerate(samples[:3]):
        body = {
            "block page": b"<html><title>Access Denied</title><h1>Access Denied</h1></html>",
            "foreign": list_samples(THEMES[1])[number].body,
            "cut": sample.body[: len(sample.body) // 2],
        }[kind]
        bad.append(Sample("article", body, sample.url, sample.headers, sample.listed))
    return [*bad, *samples[3:]]


@pytest.mark.parametrize("kind", ["block page", "foreign", "cut"])
def test_poisoned_samples_change_nothing(kind: str) -> None:
    """Of samples three poisoned ones give the layout that the clean ones give alone."""
    clean = list_samples(THEMES[0])[3:]
    alone, poisoned = learn_layout(clean), learn_layout(poison(list_samples(THEMES[0]), kind))
    assert alone is not None and poisoned is not None
    assert alone.digest == poisoned.digest


@pytest.mark.parametrize("other", THEMES[1:4])
def test_pages_of_another_template_do_not_fit(other: str) -> None:
    """A page of another template is read by the general reader, as it would be without a layout."""
    for sample in list_samples(other)[:6]:
        with_layout = read_page(sample.body, sample.url, layout=learn(THEMES[0]))
        assert with_layout.layout is None
        assert with_layout == read_page(sample.body, sample.url)

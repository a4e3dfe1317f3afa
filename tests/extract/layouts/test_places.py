"""Titles, categories and counters whose place moves from page to page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpucrawl.extract import learn_layout
from kpucrawl.extract.layouts.model import Listed
from tests.extract.layouts.invented import MONTHS, Office, Story, Write, make_stories, split

STORIES = make_stories(20)


def write_shifted(story: Story) -> str:
    """Boxes without names, some of them optional, above and below the title."""
    alert = "<div>Kantor tutup pada hari libur nasional.</div>" if story.number % 3 else ""
    kicker = f"<div><span>{story.category}</span></div>" if story.number % 4 else ""
    hero = "<div><img src='/a.jpg'></div>" if story.number % 2 else ""
    foot = "<div><a href='/uploads/a.pdf'>Unduh</a></div>" if story.number % 5 else ""
    title = f"<div><h2>{story.title}</h2></div>"
    return f"{alert}<div>{kicker}{title}{hero}<div>{story.write()}</div>{foot}</div>"


def test_title_among_optional_boxes() -> None:
    """A title that optional boxes shift both ways is found on every page."""
    for story, article in Office(write_shifted).read():
        assert article.title == story.title


def write_spaced(story: Story) -> str:
    spaced = " ".join(story.category.upper())
    return f"<div class=k>{spaced}</div><h1>{story.title}</h1><div class=t>{story.write()}</div>"


def test_category_of_parted_letters() -> None:
    """`B E R I T A` is the category that the listing calls `Berita`."""
    for story, article in Office(write_spaced).read():
        assert article.category == story.category


def write_tagged(story: Story) -> str:
    """A headline that on some pages is a heading, beside a box whose first line it is elsewhere."""
    form = "<h1>{}</h1><p>{}</p>" if story.number % 3 == 0 else "{}<p>{}</p>"
    notes = f"Diterbitkan {story.date}" if story.number % 3 == 0 else ""
    return f"<div class=panel>{notes}{form.format(story.title, '')}<div class=t>{story.write()}</div></div>"


def test_headline_of_changing_tags() -> None:
    """Where the headline is a heading on some pages and plain words on others, whose place says
    something else on the first, it is found on all."""
    for story, article in Office(write_tagged).read():
        assert article.title == story.title


def write_badged(story: Story) -> str:
    badge = " <span><sup>Unggulan</sup></span>" if story.number % 3 == 0 else ""
    return f"<h2>{story.title}{badge}</h2><div class=t>{story.write()}</div>"


def test_badge_in_a_headline() -> None:
    """Words that several headlines bear in an element of their own, and no listing shows, are no
    part of the title."""
    for story, article in Office(write_badged).read():
        assert article.title == story.title


def write_plain(story: Story) -> str:
    return f"<h1>{story.title}</h1><div class=t>{story.write()}</div>"


def test_listings_that_show_no_titles() -> None:
    """Where listings link every article as `Selengkapnya`, heads are the witnesses."""
    office = Office(write_plain)
    blind = [replace(one, listed=Listed("Selengkapnya", "Berita")) for one in office.sample()]
    layout = learn_layout(blind)
    assert layout is not None and layout.groups[0].samples == len(blind)


def test_pages_without_a_witness() -> None:
    """Where neither listings nor heads call most articles anything, their headlines are guessed."""
    office = Office(write_plain, head="KPU Kabupaten Demak")
    unlisted = [replace(one, listed=None) for one in office.sample()]
    layout = learn_layout(unlisted)
    assert layout is not None and layout.groups[0].samples == len(unlisted)


def write_menu(story: Story) -> str:
    menu = "<div><p>Sosialisasi</p><p>Pengumuman</p><p>Berita</p></div>"
    return f"{menu}<div class=a><h1>{story.title}</h1><div class=t>{story.write()}</div></div>"


def test_category_that_a_menu_names() -> None:
    """An entry of a menu, right on the articles of its category, is no category slot."""
    few = [replace(one, category="Berita" if one.number % 5 else "Artikel") for one in STORIES]
    layout = Office(write_menu, few).learn()
    assert layout is not None and "category" not in layout.groups[0].fields


def write_leaf(story: Story) -> str:
    day = f"<div>{story.day}</div><div>{MONTHS[story.month]}</div><div>{story.year}</div>"
    return f"<div class=a><div class=leaf>{day}</div>{write_plain(story)}</div>"


def write_above(story: Story) -> str:
    """Beside the text of some the day of another event."""
    event = "<p class=e>Agenda 3 Mei 2031</p>" if story.number % 3 == 0 else ""
    post = f"<div><div><div>{write_plain(story)}{event}</div></div></div>"
    return f"<div><h4>{story.date}</h4>{post}</div>"


@pytest.mark.parametrize("write", [write_leaf, write_above])
def test_day_printed_above(write: Write) -> None:
    """A day in the pieces of a calendar's leaf, or far above the box of the article, is printed."""
    for story, article in Office(write).read():
        printed = [piece.earliest for piece in article.evidence if piece.source == "printed"]
        assert [str(day) for day in printed] == [story.iso]


def write_moving(story: Story) -> str:
    form = "<div class=v>{}</div>" if story.number % 2 else "<span class=w><b>{}</b></span>"
    return f"<div class=a>{write_plain(story)}<section>{form.format(story.views)}</section></div>"


def test_counter_of_changing_tags() -> None:
    """A bare counter that stands now in one element, now in another, is read on every page."""
    for story, article in Office(write_moving).read():
        assert article.views == story.views


@pytest.mark.parametrize("count", [5, 6])
def test_few_articles(count: int) -> None:
    """Five articles, all that some offices have, teach a layout."""
    for story, article in Office(write_bare_box, STORIES[:count]).read():
        assert split(article.body) == story.paragraphs


def write_bare_box(story: Story) -> str:
    advert = "<div><p>Laporkan pelanggaran lewat kanal resmi kami yang selalu buka.</p></div>"
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    return f"<h1>{story.title}</h1><div class=t>{first}{advert}{''.join(rest)}</div>"

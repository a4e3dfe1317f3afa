"""Titles, categories and counters whose place moves from page to page."""

from __future__ import annotations

from tests.extract.layouts.invented import Office, Story


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

"""Pictures of articles as templates show them."""

from __future__ import annotations

import pytest

from kpucrawl.extract import read_page
from tests.extract.layouts.invented import HOST, Office, Story, Write, make_stories

STORIES = make_stories(20)
DIGEST = "17636042378f14b1a91628816734b66de2fb995fab"


def show(story: Story) -> str:
    """The address of an article's picture."""
    return f"/images/{story.number:02}{DIGEST}.jpg"


def frame(story: Story, picture: str) -> str:
    """An article with its picture above the text, and three others with theirs below it."""
    others = (STORIES[(story.number + n) % len(STORIES)] for n in range(3))
    cards = "".join(
        f"<div><div><img src='{show(one)}'></div><h3><a href='{one.path}'>{one.title}</a></h3></div>"
        for one in others
    )
    title = f"<h1>{story.title}</h1>"
    return f"<main><div>{title}<div>{picture}</div><div class=t>{story.write()}</div></div></main>{cards}"


def write_source(story: Story) -> str:
    image = f"<source srcset='{show(story)}' type='image/webp'><img src='data:image/gif;base64,R0'>"
    return frame(story, f"<picture>{image}</picture>")


def write_background(story: Story) -> str:
    return frame(story, f"<div style=\"background-image:url('{show(story)}')\"></div>")


def write_avatar(story: Story) -> str:
    face = f"<img src='/_next/image?url=avatar{story.number}.png&w=64'>"
    return frame(story, f"<img src='{show(story)}'><div>{face}<p>Humas</p></div>")


def write_alone(story: Story) -> str:
    """No text at all."""
    title = f"<h2>{story.title}</h2><p>{story.category} | {story.views} kali dilihat</p>"
    return f"<div class=a>{title}<div class=p><img src='{show(story)}'></div></div>"


@pytest.mark.parametrize("write", [write_source, write_background, write_avatar, write_alone])
def test_pictures_of_an_article(write: Write) -> None:
    """A picture among sources, behind a box, beside an author's face, or alone on its page, is the
    article's, though others show it with their teasers."""
    for story, article in Office(write, STORIES).read():
        assert [image.url for image in article.images] == [f"http://{HOST}{show(story)}"]


def test_text_among_pictures_alone() -> None:
    """A page with a text does not fit a template of pictures alone."""
    layout = Office(write_alone, STORIES).learn()
    story = STORIES[0]
    page = Office(lambda one: write_alone(one) + f"<div>{one.write()}</div>", STORIES).print(story)
    assert read_page(page, f"http://{HOST}{story.path}", layout=layout).layout is None

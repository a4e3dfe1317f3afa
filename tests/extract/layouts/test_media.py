"""Pictures of articles as templates show them."""

from __future__ import annotations

import pytest

from kpucrawl.extract import read_page
from kpucrawl.extract.layouts.media import CAPTION
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


def name_place(story: Story, number: int = 0) -> str:
    """Some word of its own."""
    return story.paragraphs[number].rstrip(".").split()[-1]


def write_album(story: Story) -> str:
    """Pictures, and on some pages a word about them, a sentence, or a greeting below one picture
    alone."""
    where = name_place(story)
    said = (
        f"Jalannya acara di {where}",
        story.paragraphs[0],
        f"Rapat usai pada petang di {where}.",
        f"Salam {where}",
    )
    many = 1 if story.number % 4 == 3 else 3
    pictures = f"<a href='#'><img src='{show(story)}'></a>" * many
    return f"<div class=a><h1>{story.title}</h1><div>{pictures}</div><p>{said[story.number % 4]}</p></div>"


def test_caption_of_a_gallery() -> None:
    """The few words below several pictures, alone on their page, are no text; a sentence is, and so
    is what stands below one picture."""
    for story, article in Office(write_album, STORIES).read():
        assert bool(article.body) == (story.number % 4 != 0), story.path


@pytest.mark.parametrize(("length", "is_text"), [(CAPTION - 1, False), (CAPTION, True)])
def test_longest_caption(length: int, is_text: bool) -> None:
    """Prose is text also where it ends in no stop."""
    words = "Peserta_mengikuti_acara_di_aula" * 3

    def write(story: Story) -> str:
        return write_album(story).replace(
            f"Jalannya acara di {name_place(story)}", f"{name_place(story)} {words}"[:length]
        )

    read = Office(write, STORIES).read()
    bodies = [article.body for story, article in read if story.number % 4 == 0]
    assert {len(body) for body in bodies} == ({length} if is_text else {0})


def test_heading_below_a_picture() -> None:
    """A sub-heading right below a picture in the text is no caption: others of its class stand
    below none."""

    def write(story: Story) -> str:
        first, second, *rest = story.paragraphs
        texts = f"Siapa Mengurus {name_place(story)}", f"Contoh di {name_place(story, 1)}"
        heads = [f"<div class=s>{text}</div>" for text in texts]
        picture = f"<div class=p><img src='{show(story)}'></div>"
        parts = f"<p>{first}</p>{heads[0]}<p>{second}</p>{picture}{heads[1]}"
        below = "".join(f"<p>{text}</p>" for text in rest)
        return f"<div class=a><h1>{story.title}</h1><div class=t>{parts}{below}</div></div>"

    for story, article in Office(write, STORIES).read():
        assert f"Contoh di {name_place(story, 1)}\n" in article.body

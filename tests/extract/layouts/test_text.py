"""What of a region is the article's text, on templates with boxes of their own inside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kpucrawl.extract import learn_layout
from tests.extract.layouts.invented import Office, Story, Write, make_stories, split

STORIES = make_stories(20)
LINK = "<a href='/blog/read/9{}_x'>Apel pagi pegawai kantor</a>"


def part(story: Story, between: str) -> str:
    """A text with something behind its first paragraph."""
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    return f"<h1>{story.title}</h1><div class=t>{first}{between}{''.join(rest)}</div>"


def write_area(story: Story) -> str:
    text = "\n\n".join(story.paragraphs)
    return f"<h1>{story.title}</h1><div class=a><textarea readonly>{text}</textarea></div>"


def write_quote(story: Story) -> str:
    sentence = story.paragraphs[-1].partition(".")[0]
    return part(story, f"<blockquote>“{sentence}”</blockquote>")


def write_advert(story: Story) -> str:
    """On half the pages one of several advertisements, each seen twice or so."""
    number = story.number // 4
    words = f"Layanan {'abcdefgh'[number] * 5} kami buka setiap hari kerja sampai petang."
    return part(story, f"<div class=iklan><p>{words}</p></div>" if story.number % 2 else "")


def write_comments(story: Story) -> str:
    """Readers write prose in the same kind of box."""
    said = f"<p>Pembaca dari {story.paragraphs[-1][:70]} menulis ini.</p>"
    return (
        f"<h1>{story.title}</h1><div class=t>{story.write()}"
        f"<p>{story.day} Komentar</p><p>Nama: Budi{story.number}</p>{said}</div>"
    )


def write_linked(story: Story) -> str:
    """The text is parted over small boxes, one of which begins with the link to another article."""
    first, *rest = story.paragraphs
    below = "".join(f"<p>{text}</p>" for text in rest)
    link = f"<p>{LINK.format(story.number)}</p>" if story.number % 3 == 0 else ""
    return f"<h1>{story.title}</h1><div class=t><div><p>{first}</p></div><div>{link}{below}</div></div>"


def write_files(story: Story) -> str:
    rows = f"<tr><td>1</td><td><a href='/uploads/{story.number}.pdf'>Surat</a></td><td>807 KB</td></tr>"
    table = f"<p>Lampiran</p><table><tr><th>No</th><th>Berkas</th><th>Ukuran</th></tr>{rows * 2}</table>"
    text = f"{story.write()}{table if story.number % 3 == 0 else ''}"
    return f"<h1>{story.title}</h1><div class=t>{text}</div>"


def write_kinds(story: Story) -> str:
    """The body's class tells the category: the template is one."""
    kind = f"<div class='p-{story.category} q{story.views}'>"
    return (
        f"{kind}<div class=a><h1>{story.title}</h1><div class=t>{story.write()}</div></div></div>"
    )


WRITES = (
    write_area,
    write_quote,
    write_advert,
    write_comments,
    write_linked,
    write_files,
    write_kinds,
)


@pytest.mark.parametrize("write", WRITES)
def test_text_is_read_whole_and_alone(write: Write) -> None:
    """A text in an area nobody can write in, with pull quotes, advertisements, readers' comments,
    links or tables of files inside, or under a class that changes, is read as written."""
    for story, article in Office(write, STORIES).read():
        assert split(article.body) == story.paragraphs


def test_copied_announcements() -> None:
    """Where announcements differ in a name alone, all they say is text, their list included."""
    opening = "Dalam rangka pemilihan serentak kami sampaikan ketentuan yang berlaku bagi semua."
    items = "<ul><li>Masukan tertulis.</li><li>Masukan beridentitas jelas.</li></ul>"
    closing = "Demikian pengumuman ini disampaikan untuk diketahui."

    def write(story: Story) -> str:
        name = f"Pengumuman ini berlaku di kecamatan {story.paragraphs[0][-12:]}"
        text = f"<p>{opening}</p><p>{name}</p>{items}<p>{closing}</p>"
        return f"<div class=c><h4>{story.title}</h4><div class=b><i>{story.views} kali dibaca</i>{text}</div></div>"

    for _, article in Office(write, STORIES).read():
        lines = article.body.split("\n")
        assert lines[0] == opening and lines[-1] == closing
        assert "Masukan tertulis." in lines and "Masukan beridentitas jelas." in lines
        assert "dibaca" not in article.body


def test_counter_of_the_site() -> None:
    """Without a listing that tells counters, the one of the site's visitors is not taken for the
    article's."""

    def write(story: Story) -> str:
        site = f"<section>Total dilihat {240_000 + story.number} kali</section>"
        return f"<div class=a>{part(story, '')}{site}</div>"

    office = Office(write, STORIES)
    unlisted = [
        replace(one, listed=replace(one.listed, views=None))
        for one in office.sample()
        if one.listed
    ]
    layout = learn_layout(unlisted)
    assert layout is not None and "views" not in layout.groups[0].fields

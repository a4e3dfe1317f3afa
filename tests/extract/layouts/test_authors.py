"""Who wrote an article, as templates print it outside the text."""

from __future__ import annotations

import pytest

from kpucrawl.extract.layouts.authors import CONTRADICTED
from kpucrawl.extract.layouts.model import Layout
from tests.extract.layouts.invented import Office, Story, Write, make_stories

STORIES = make_stories(20)
NAMES = ("Rahmat Wijaya", "Sri Lestari", "Umbu Talaohu", "Nurdin Bria, S.H.", "Yosefina Kolo")
VILLAGES = ("Suka Mulya", "Karang Anyar", "Tanjung Baru", "Muara Dua", "Batu Licin")


def name(story: Story) -> str:
    """Whom the page names: on some pages nobody."""
    return NAMES[story.number % 5] if story.number % 4 else "Super User"


def writers(story: Story) -> tuple[str, ...]:
    """Whom it credits."""
    return (name(story),) if story.number % 4 else ()


def frame(story: Story, above: str = "", below: str = "", text: str = "") -> str:
    """An article with what stands above and below its text."""
    body = text or story.write()
    return f"<div class=a><h1>{story.title}</h1>{above}<div class=t>{body}</div>{below}</div>"


def write_labelled(story: Story) -> str:
    day = f"<span>{story.date}</span>"
    return frame(
        story, f"{day}<div class=by>Ditulis oleh&nbsp; <a href='#'>{name(story)}</a></div>"
    )


def write_piece(story: Story) -> str:
    notes = f"{story.date} 08:07 WIB | Kategori : {story.category} | Oleh : {name(story)}"
    return frame(story, f"<p class=meta>{notes} | Dibaca : {story.views} kali</p>")


def write_posted(story: Story) -> str:
    return frame(story, f"<small>Diposting oleh {name(story)} pada {story.date}</small>")


def write_row(story: Story) -> str:
    rows = f"<tr><td>Kategori</td><td>: {story.category}</td></tr>"
    rows += f"<tr><td>Penulis</td><td>: {name(story)}</td></tr>"
    return frame(story, f"<table class=facts>{rows}</table>")


def write_below(story: Story) -> str:
    tags = "<div class=tags><span>#Pemilu</span><span>#Data</span></div>"
    box = f"<div class=box><img src='/face.png'><div><b>Penulis</b><p>{name(story)}</p></div></div>"
    return frame(story, below=tags + box)


def write_unit(story: Story) -> str:
    who = f"{name(story)} - KPU Demak" if story.number % 4 else "Tim Redaksi"
    return frame(story, f"<div class=w>{who}</div><div class=d>{story.date}</div>")


def write_spans(story: Story) -> str:
    pieces = (name(story), story.date, f"{story.views} kali dilihat")
    return frame(story, f"<p>{''.join(f'<span>{one}</span> ' for one in pieces)}</p>")


def write_foot(story: Story) -> str:
    """WordPress prints it below what it calls related."""
    who = f"<a href='/author/{story.number}'>{name(story)}</a>"
    foot = f"{story.date} oleh {who} <a href='#'>{story.category}</a> {story.views} views"
    below = f"<h3>Terkait</h3><footer><p>{foot}</p></footer>"
    return f"<article>{frame(story).removesuffix('</div>')}</div>{below}</article>"


@pytest.mark.parametrize(
    "write",
    [
        write_foot,
        write_labelled,
        write_piece,
        write_posted,
        write_row,
        write_below,
        write_unit,
        write_spans,
    ],
)
def test_author_line(write: Write) -> None:
    """A person whom the author line names is the writer, an account is nobody."""
    for story, article in Office(write, STORIES).read():
        assert (article.byline.writers if article.byline else ()) == writers(story), story.path


def test_names_beside_the_day() -> None:
    """Names without a label, and without an account among them, are authors' beside the day."""

    def write(story: Story) -> str:
        return frame(story, f"<p>{NAMES[story.number % 5]}</p><p>{story.date}</p>")

    for story, article in Office(write, STORIES).read():
        assert article.byline and article.byline.writers == (NAMES[story.number % 5],)


def test_author_of_essays() -> None:
    """A box that four of twenty pages have is learnt where its label stands above the name."""

    def write(story: Story) -> str:
        has = story.number % 5 == 1
        box = f"<div class=box><p>Penulis</p><p>{NAMES[story.number // 5]}</p></div>" if has else ""
        return frame(story, below=box)

    read = Office(write, STORIES).read()
    named = {story.number: article.byline.writers for story, article in read if article.byline}
    assert named == {n: (NAMES[n // 5],) for n in (1, 6, 11, 16)}


def test_all_fields() -> None:
    """Editor and photographer of the author line are read as well."""

    def write(story: Story) -> str:
        who = f"Penulis: {NAMES[story.number % 5]} | Editor: Tuti Rantung | Foto: Ucok Leki"
        return frame(story, f"<div class=by>{who}</div>")

    for _, article in Office(write, STORIES).read():
        byline = article.byline
        assert byline and (byline.editor, byline.photographer) == ("Tuti Rantung", "Ucok Leki")


def test_text_speaks_first() -> None:
    """Where the text names its writer, the author line's is not read; where it names a desk alone,
    both are."""

    def write(story: Story) -> str:
        credit = "(Humas KPU Demak)" if story.number % 2 else "Penulis: Dewi Anggraini"
        text = f"{story.write()}<p>{credit}</p>"
        who = name(story) if story.number % 2 else "Super User"
        return frame(story, f"<div class=by>Oleh: {who}</div>", text=text)

    for story, article in Office(write, STORIES).read():
        assert article.byline is not None
        expected = writers(story) if story.number % 2 else ("Dewi Anggraini",)
        assert article.byline.writers == expected
        assert article.byline.unit == ("Humas KPU Demak" if story.number % 2 else None)


def write_village(story: Story) -> str:
    place = VILLAGES[story.number % 5]
    told = f"<p>Warga {place} hadir sejak pagi di balai desa untuk mendengar penjelasan.</p>"
    return frame(story, f"<p>{place}</p><p>{story.date}</p>", text=told + story.write())


def write_comments(story: Story) -> str:
    said = f"<p>Oleh: {NAMES[story.number % 5]}</p><p>Terima kasih atas kabarnya.</p>"
    return frame(story, below=f"<h3>Komentar</h3><div class=c>{said}</div>")


def write_related(story: Story) -> str:
    said = f"<p>Masih hangat</p><p>Oleh: {NAMES[story.number % 5]}</p>"
    return frame(story, below=f"<h3>Artikel Terkait</h3><div class=r>{said}</div>")


def write_essays(story: Story) -> str:
    """Beside the text an essay by another, which changes from page to page."""
    essay = f"<div class=e><b>Opini pekan ini</b><p>Oleh: {NAMES[story.number % 5]}</p></div>"
    text = f"{story.write()}<p>Penulis: {NAMES[(story.number + 1) % 5]}</p>"
    return frame(story, below=essay, text=text if story.number % 3 == 0 else "")


def write_one(story: Story) -> str:
    return frame(story, below="<div class=r><p>Redaktur: Tuti Rantung</p></div>")


def write_category(story: Story) -> str:
    return frame(story, f"<p>{('Rumah Pintar', 'Suara Warga')[story.number % 2]}</p>")


def write_hall(story: Story) -> str:
    """Photographs are described, nobody took them."""
    where = ("Hotel Gunung Indah", "Gedung Sabha", "Pendopo Agung")[story.number % 3]
    return frame(story, f"<div class=f><img src='/i/{story.number}.jpg'></div><p>Foto: {where}</p>")


@pytest.mark.parametrize(
    "write",
    [
        write_village,
        write_comments,
        write_related,
        write_essays,
        write_one,
        write_category,
        write_hall,
    ],
)
def test_what_is_no_author(write: Write) -> None:
    """Villages, readers, writers of other articles, the one name on all pages, titles of sections
    and halls are nobody's authors."""
    layout: Layout | None = Office(write, STORIES).learn()
    assert layout is not None
    assert not {"author", "author_name"} & layout.groups[0].fields.keys()


def read_posted(essays: int, credit: str = "Oleh: Wira Santika, S.IP. (Ketua KPU Demak)") -> int:
    """How many articles are credited to who posted them, where the texts of so many of twenty
    credit another."""

    def write(story: Story) -> str:
        text = f"<p>{credit}</p>{story.write()}" if story.number <= essays else story.write()
        posted = f"<small>Diposting oleh {NAMES[story.number % 5]} pada {story.date}</small>"
        return frame(story, posted, text=text)

    found = Office(write, STORIES).read()
    named = [article.byline for story, article in found if story.number > essays]
    return sum(byline is not None for byline in named)


def test_who_posted_an_essay_contradicts_nobody() -> None:
    """Some texts may credit another than their author line; where many do, the line is that of
    something else. Initials in a credit may be anybody's."""
    most = round(CONTRADICTED * len(STORIES))
    assert read_posted(most) == len(STORIES) - most
    assert read_posted(most + 1) == 0
    assert read_posted(most + 1, "[WIS | MC KPU Demak]") == len(STORIES) - most - 1

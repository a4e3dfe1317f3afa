"""Where a text begins and ends on pages whose boxes do not tell."""

from __future__ import annotations

from tests.extract.layouts.invented import Office, Story, split

OTHERS = "<h4>Berita lainnya</h4><ul><li><a href='/blog/read/900_x'>Apel pagi</a></li></ul>"


def read_bodies(office: Office) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Per article its paragraphs, and those that were read."""
    return [(story.paragraphs, split(article.body)) for story, article in office.read()]


def write_bare(story: Story) -> str:
    notes = (
        f"<p><em>{story.date}</em></p><p>Kategori: {story.category}, dibaca {story.views} kali</p>"
    )
    return f"<h3>{story.title}</h3>{notes}{story.write()}{OTHERS}<p>Hubungi kami pada jam kerja</p>"


def test_page_without_boxes() -> None:
    """Where all stands right in the page, the text is what stands between its notes and the
    heading of other articles."""
    for paragraphs, read in read_bodies(Office(write_bare)):
        assert read == paragraphs


def test_notes_beside_the_text() -> None:
    """Category, counter and day are found in the text's own box."""
    for story, article in Office(write_bare).read():
        assert (article.category, article.views) == (story.category, story.views)
        printed = [piece.earliest for piece in article.evidence if piece.source == "printed"]
        assert [str(day) for day in printed] == [story.iso]


def write_broken(story: Story) -> str:
    text = "<br><br>".join(story.paragraphs)
    notes = f"<font>Hits : {story.views}</font><hr>"
    foot = f"<hr><font size=1>Diterbitkan tanggal {story.date} oleh admin</font>"
    return f"<table><tr><td><b>{story.title}</b><br>{notes}{text}{foot}</td></tr></table>"


def test_text_of_line_breaks() -> None:
    """Where line breaks part title, notes and text in one cell, notes above and below are no
    text."""
    for paragraphs, read in read_bodies(Office(write_broken)):
        assert read == paragraphs


def write_announcement(story: Story) -> str:
    notes = f"<div class=n>{story.date} | {story.category} | {story.views} kali dibaca</div>"
    text = f"<p>PENGUMUMAN</p>{story.write()}<p>Demikian disampaikan, terima kasih.</p>"
    return f"<h1>{story.title}</h1>{notes}<div class=isi>{text}</div>"


def test_words_of_announcements_are_text() -> None:
    """What opens and closes the text on every page, among its paragraphs, is the office's own."""
    for paragraphs, read in read_bodies(Office(write_announcement)):
        assert read == ("PENGUMUMAN", *paragraphs, "Demikian disampaikan, terima kasih.")


def write_parted(story: Story) -> str:
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    heading = "<h3>Hasil Rapat</h3>" if story.number % 2 else ""
    box = "<div class=el><div class=text>{}</div></div>"
    advert = "<div class=el><div class=ad><p>Laporkan pelanggaran lewat kanal resmi kami yang selalu buka.</p></div></div>"
    parts = box.format(first), advert, box.format(heading + "".join(rest))
    return f"<main><h1>{story.title}</h1>{''.join(parts)}</main>"


def test_headings_of_a_parted_text() -> None:
    """Where a template parts a text over boxes, with its own between, the text's headings stay
    though they recur."""
    for story, article in Office(write_parted).read():
        heading = ("Hasil Rapat",) if story.number % 2 else ()
        first, *rest = story.paragraphs
        assert split(article.body) == (first, *heading, *rest)


def write_related(story: Story) -> str:
    teaser = f"<div class=r{story.number}><span>Simak pula</span> <a href='/blog/read/9{story.number}_x'>Apel pagi pegawai</a></div>"
    first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
    return f"<h1>{story.title}</h1><div class=isi>{first}{teaser if story.number % 2 else ''}{''.join(rest)}</div>"


def test_links_with_a_label_inside_the_text() -> None:
    """A box that is a label and the link to another article is no text, however short the link."""
    for paragraphs, read in read_bodies(Office(write_related)):
        assert read == paragraphs

"""What stands in and beside a text and is told by many pages: captions, quotations, signatures, what
opens on a click."""

from __future__ import annotations

from kpucrawl.extract import learn_layout
from kpucrawl.extract.layouts.edges import COMMON
from kpucrawl.extract.layouts.media import FEWEST_CAPTIONED, MOST_WORDS
from kpucrawl.extract.layouts.model import Sample
from tests.extract.layouts.invented import Office, Story, make_stories, split

STORIES = make_stories(20)


def frame(story: Story, text: str, below: str = "") -> str:
    return f"<div class=a><h1>{story.title}</h1><div class=t>{text}</div>{below}</div>"


def read_below_pictures(words: dict[int, str]) -> list[int]:
    """The articles whose text opens with these words, of those that open so below a picture."""

    def write(story: Story) -> str:
        picture = f"<p><img src='/images/1763604237814f1b4a916{story.number:02}.jpg'></p>"
        said = words.get(story.number)
        return frame(story, (f"{picture}<p>{said}</p>" if said else "") + story.write())

    found = Office(write, STORIES).read()
    return [
        one.number for one, article in found if article.body.startswith(words.get(one.number, "?"))
    ]


def test_few_words_right_below_a_picture_are_its_caption() -> None:
    """Where several texts open so, each with other words; a subheading of a few, a greeting of all,
    a byline or a whole sentence is text."""
    places = ("Sukamaju", "Wonosari", "Karanganyar", "Tegalrejo")[:FEWEST_CAPTIONED]
    captions = {n: f"Suasana rapat pleno di {place}" for n, place in enumerate(places, 1)}
    assert read_below_pictures(captions) == []
    assert len(read_below_pictures(captions | {FEWEST_CAPTIONED: captions[1]})) == len(captions)
    for words in ("Salam hangat dari kami", f"Suasana {'rapat ' * MOST_WORDS}".strip()):
        same = dict.fromkeys(captions, words)
        assert len(read_below_pictures(same)) == len(same)
    numbers = {n: f"PENGUMUMAN Nomor 1{n}/PP.04-Pu/2024" for n in captions}
    assert len(read_below_pictures(numbers)) == len(numbers)
    bylines = {n: f"Oleh : Wira Santika (Anggota KPU Demak {n})" for n in captions}
    assert len(read_below_pictures(bylines)) == len(bylines)


def test_a_pull_quote_is_told_once() -> None:
    """A paragraph that stands in a box of quotations as well is text once, in its place; what is
    typed twice among the paragraphs stays."""

    def write(story: Story) -> str:
        first, *more = story.paragraphs
        rest = "".join(f"<p>{text}</p>" for text in more)
        quoted = f"<blockquote><p>{more[-1]}</p></blockquote>"
        return frame(story, f"<p>{first}</p><p>{first}</p>{quoted}{rest}")

    for story, article in Office(write, STORIES).read():
        assert split(article.body) == (story.paragraphs[0], *story.paragraphs)


def test_a_signature_in_a_box_of_its_own() -> None:
    """What closes an announcement stands right behind its text, in short lines without a link."""

    def write(story: Story) -> str:
        lines = (f"Demak, {story.date}", "Ketua KPU Demak,", "ttd.", "Wira Santika")
        signature = "".join(f"<p>{line}</p>" for line in lines)
        return frame(
            story, story.write(), f"<div class=s>{signature}</div>" if story.number % 3 else ""
        )

    for story, article in Office(write, STORIES).read():
        assert article.body.endswith("Wira Santika") == bool(story.number % 3)


def test_headings_that_open_what_they_hide() -> None:
    """The heading of an accordion is a link to nowhere else, and text."""

    def write(story: Story) -> str:
        parts = (
            f"<h4><a href='#b{n}'>Bagian ke {n} {story.title}</a></h4><div id=b{n}><p>{text}</p></div>"
            for n, text in enumerate(story.paragraphs)
        )
        return frame(story, "".join(parts))

    for story, article in Office(write, STORIES).read():
        assert article.body.count("Bagian ke") == len(story.paragraphs)


def count_groups(wrong: int) -> int:
    """How many templates five pages teach, of which so many are listed under another title that
    their pages show elsewhere."""
    samples = []
    for story in make_stories(5):
        other = f"Judul Lama Nomor {story.number} Tentang Rapat"
        beside = f"<p class=o>{other}</p>"

        def write(one: Story, beside: str = beside) -> str:
            return frame(one, one.write()) + beside

        office = Office(write, [story], head="KPU Demak")
        (sample,) = office.sample()
        assert sample.listed is not None
        title = other if story.number <= wrong else story.title
        listed = sample.listed.__class__(title, "Berita", 100)
        samples.append(Sample("article", sample.body, sample.url, {}, listed))
    layout = learn_layout(samples)
    return len(layout.groups) if layout else 0


def test_one_of_few_pages_may_be_listed_wrongly() -> None:
    """With one wrong title of five the template is learnt; with two nothing proves it."""
    assert [count_groups(wrong) for wrong in (0, 1, 2)] == [1, 1, 0]


def count_parts(ending: int) -> int:
    """How many paragraphs are read of each of twenty articles, all of which have as many, where so
    many have a heading that may be an ending in their midst."""

    def write(story: Story) -> str:
        heading = "<h4>Tanggapan</h4>" if story.number <= ending else ""
        first, *rest = (f"<p>{text}</p>" for text in story.paragraphs)
        return frame(story, f"{first}{heading}{''.join(rest)}")

    found = Office(write, STORIES).read()
    return sum(story.paragraphs[-1] in article.body for story, article in found)


def test_a_subheading_that_may_be_an_ending() -> None:
    """What stands below it is the article's unless nearly all pages have it."""
    assert count_parts(round(COMMON * len(STORIES)) - 1) == len(STORIES)

"""What stands far from headline and text, in a column of facts or above all columns, is the
article's too."""

from __future__ import annotations

import pytest

from kpucrawl.extract import learn_layout, read_page
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.layouts.fields import APART
from kpucrawl.extract.layouts.learn import part_by_titles
from kpucrawl.extract.layouts.media import COVER_SHARE, FEWEST_FILED
from kpucrawl.extract.layouts.model import Listed, Sample
from kpucrawl.extract.layouts.specimens import FEWEST
from tests.extract.layouts.invented import HOST, Office, Story, make_stories

STORIES = make_stories(20)
NAMES = ("Rahmat Wijaya", "Sri Lestari", "Umbu Talaohu", "Yosefina Kolo")
NEWEST = "<div class=card><h3>Terkini</h3><p>Gema Demokrasi<br>Oleh : Laila Umar</p></div>"


def show(number: int) -> str:
    return f"/images/17636{number:05}17636042378f14b1a9.jpg"


def frame(story: Story, side: str, above: str = "") -> str:
    """An article beside a column."""
    article = f"<div class=card><h2>{story.title}</h2><div class=t>{story.write()}</div></div>"
    columns = f"<div class=row><div class=side>{side}</div><div class=main>{article}</div></div>"
    return f"<div class=page>{above}{columns}</div>"


def write_facts(story: Story) -> str:
    facts = {
        "Diterbitkan": story.date,
        "Penulis": NAMES[story.number % 4],
        "Dilihat": story.views,
        "Kategori": story.category,
    }
    rows = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items())
    return frame(story, f"<div class=facts><h3>Rincian</h3><dl>{rows}</dl></div>{NEWEST}")


def write_glued(story: Story) -> str:
    facts = {"Terbit": story.date, "Oleh": NAMES[story.number % 4], "Pembaca": story.views}
    rows = "".join(
        f"<div class=fact><span>{name}</span><span>{value}</span></div>"
        for name, value in facts.items()
    )
    return frame(story, rows + NEWEST)


@pytest.mark.parametrize("write", [write_facts, write_glued])
def test_a_column_of_facts(write: object) -> None:
    """Day, author and counter are told by their labels, whether those stand in the line or above
    it; the author in the box of the newest article is none of theirs."""
    for story, article in Office(write, STORIES).read():  # type: ignore[arg-type]
        assert article.byline is not None
        assert article.byline.writers == (NAMES[story.number % 4],)
        assert article.views == story.views
        printed = [one.earliest for one in article.evidence if one.source == "printed"]
        assert [day.isoformat() for day in printed if day] == [story.iso]


def learn_unlisted(counts: list[int]) -> set[str]:
    """The fields of a template whose counter no listing shows."""
    samples = []
    for story, count in zip(STORIES, counts, strict=True):
        text = f"<div class=t>{story.write()}</div><p class=c>Pengunjung: {count}</p>"
        article = f"<div class=a><h1>{story.title}</h1>{text}</div>"
        body = Office(lambda _, article=article: article).print(story)  # type: ignore[misc]
        listed = Listed(story.title, story.category)
        samples.append(Sample("article", body, f"http://{HOST}{story.path}", {}, listed))
    layout = learn_layout(samples)
    assert layout is not None
    return set(layout.groups[0].fields)


def test_a_counter_that_no_listing_shows_is_told_by_its_spread() -> None:
    """Numbers far apart are the articles'; those of the site's visitors hardly differ."""
    lowest = 1_000
    at_bound = [lowest, *[lowest + 1] * 18, APART * lowest]
    below = [lowest, *[lowest + 1] * 18, APART * lowest - 1]
    assert "views" in learn_unlisted(at_bound)
    assert "views" not in learn_unlisted(below)


def read_covers(shown: dict[int, int]) -> list[int]:
    """How many pictures are read of each article, given which picture the top of its page shows."""

    def write(story: Story) -> str:
        number = shown.get(story.number)
        top = f"<div class=top><img src='{show(number)}'></div>" if number else ""
        return frame(story, "<p>Kantor buka pukul 8</p>", top + "<p>Salam</p>" * 5)

    return [len(article.images) for _, article in Office(write, STORIES).read()]


def test_a_picture_above_all_columns() -> None:
    """Another one on each page is the article's; a banner that two pages show is not, nor what few
    pages have."""
    least = round(COVER_SHARE * len(STORIES))
    own = {number: number for number in range(1, least + 1)}
    assert sum(read_covers(own)) == least
    assert sum(read_covers(own | {least + 1: 1})) == 0
    del own[least]
    assert sum(read_covers(own)) == 0


def read_filed(filed: dict[int, str]) -> list[int]:
    """How many files are read of each article, given what the column links."""

    def write(story: Story) -> str:
        name = filed.get(story.number)
        link = f"<a class=file href='/files/{name}.pdf'>Unduh lampiran</a>" if name else ""
        return frame(story, f"<p>Kantor buka pukul 8</p><div class=files>{link}</div>")

    return [len(article.attachments) for _, article in Office(write, STORIES).read()]


def test_files_in_a_column() -> None:
    """Files that no two pages link are the articles'; a form that several offer is the office's."""
    own = {number: f"lampiran-{number}" for number in range(1, FEWEST_FILED + 1)}
    assert sum(read_filed(own)) == FEWEST_FILED
    assert sum(read_filed(own | {FEWEST_FILED + 1: "lampiran-1"})) == 0
    del own[FEWEST_FILED]
    assert sum(read_filed(own)) == 0


def test_the_days_of_comments_are_not_the_article_s() -> None:
    """Boxes of what readers wrote bear days and names on many pages."""

    def write(story: Story) -> str:
        said = f"<span class=meta>{story.date}</span><p>Terima kasih atas kabarnya</p>"
        comments = f"<div class=comment><b>Budi</b>{said}</div>" if story.number % 2 else ""
        text = f"<div class=t>{story.write()}</div>"
        return f"<div class=a><h1>{story.title}</h1>{text}<div class=below>{comments}</div></div>"

    for story, article in Office(write, STORIES).read():
        assert not any(one.source == "printed" for one in article.evidence), story.path


def part(stories: list[Story]) -> list[int]:
    """How many pages each part has of those whose headlines stand at two places."""

    def write(story: Story) -> str:
        title = f"<h3>{story.title}</h3>"
        head = f"<header><div>{title}</div></header>" if story.number % 3 else title
        return f"<div class=page>{head}<div class=t>{story.write()}</div></div>"

    pages = [
        (page, sample.listed, True)
        for sample in Office(write, stories).sample()
        if (page := open_page(sample.body, sample.url))
    ]
    return [len(one) for one in part_by_titles(pages)]


def test_templates_in_one_frame_are_told_by_their_headlines() -> None:
    """Where one template does not hold for pages that share their frame, those with their headlines
    at one place are learnt from together; a few odd ones are no template."""
    assert part(make_stories(30)) == [20, 10]
    assert part(make_stories(3 * FEWEST)) == [2 * FEWEST, FEWEST]
    assert part(make_stories(3 * FEWEST - 1)) == []


def test_a_title_cut_in_a_box_beside_is_not_the_headline() -> None:
    """Listings cut titles, and so does a box beside the text; the headline goes on."""
    samples = []
    for story in STORIES:
        title = f"{story.title} Bersama Seluruh Pemangku Kepentingan Kabupaten Demak"
        cut = f"{title[:48]}..."
        popular = f"<div class=pop><h4><a href='/blog/category/104'>{cut}</a></h4></div>"
        article = f"<h2>{title}</h2><div class=t>{story.write()}</div>"
        beside = popular if story.number % 2 else ""
        body = (
            f"<html><body><div class=side>{beside}</div><div class=a>{article}</div></body></html>"
        )
        listed = Listed(cut, story.category, story.views)
        url = f"http://{HOST}{story.path}"
        samples.append(Sample("article", body.encode(), url, {}, listed))
    layout = learn_layout(samples)
    assert layout is not None
    for one in samples:
        article_read = read_page(one.body, one.url, layout=layout).article
        assert article_read is not None
        assert (article_read.title or "").endswith("Kabupaten Demak")

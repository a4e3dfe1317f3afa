"""What there is to learn from, when it is time to, and what waits to be read again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import Engine

from archive.ingest.writer import begin_run, save_batch
from archive.records import Capture, LearntLayout, PageReread, Problem, Reading, Rereading, RunStart
from archive.samples import AGAIN, FEW, GROWTH, MISFITS, NIGHTS, ArchiveSamples, Reason
from tests.archive.making import NOON, SURAKARTA, at, begin, make_article, make_listing, save

VERSION, FEWEST = "1", 3
CONTENT = '{"groups":[]}'


def learn(
    engine: Engine, pages: int, minutes: float = 60, groups: int = 1, digest: str = "d"
) -> None:
    """Note that a layout was learnt."""
    layout = LearntLayout(
        SURAKARTA.code, digest, CONTENT if digest else "", groups, VERSION, (1,), pages, at(minutes)
    )
    with engine.begin() as connection:
        save_batch(connection, 1, [layout])


def ask(engine: Engine) -> Reason | None:
    return ArchiveSamples(engine, SURAKARTA.code).find_reason(VERSION, FEWEST, at(1001))


def make_misfit(number: int, minutes: float, group: str | None = None) -> Capture:
    """An article that was read when a layout was known."""
    return make_article(number, minutes, layout="d", layout_group=group)


def test_it_is_learnt_first_with_the_first_article(archive: Engine) -> None:
    """Without an article there is nothing to learn; with one its listings can be, and a template be
    borrowed."""
    run = begin(archive)
    assert ask(archive) is None
    save(archive, run, make_article(1))
    assert ask(archive) is Reason.FIRST


def test_an_office_without_a_template_looks_again_after_a_week(archive: Engine) -> None:
    """Others may have learnt one meanwhile that it can borrow."""
    save(archive, begin(archive), make_article(1))
    learn(archive, 1, minutes=0, groups=0, digest="")
    samples = ArchiveSamples(archive, SURAKARTA.code)
    assert samples.find_reason(VERSION, FEWEST, at(0) + AGAIN) is Reason.GROWTH
    assert samples.find_reason(VERSION, FEWEST, at(-1) + AGAIN) is None


def test_another_reader_learns_again(archive: Engine) -> None:
    """What another version learnt is learnt anew."""
    save(archive, begin(archive), *(make_article(n) for n in range(1, 4)))
    learn(archive, 3)
    assert ask(archive) is None
    assert ArchiveSamples(archive, SURAKARTA.code).find_reason("2", FEWEST, at(61)) is Reason.READER


@pytest.mark.parametrize(
    ("learnt_from", "groups", "articles", "reason"),
    [
        (5, 1, GROWTH * 5 - 1, None),
        (5, 1, GROWTH * 5, Reason.GROWTH),
        (FEW, 1, GROWTH * 5, None),
        (5, 0, 5 + FEWEST - 1, None),
        (5, 0, 5 + FEWEST, Reason.GROWTH),
    ],
)
def test_twice_as_many_articles_as_few_teach_more(
    archive: Engine, learnt_from: int, groups: int, articles: int, reason: Reason | None
) -> None:
    """What was learnt from few is learnt again from twice as many; what could not be learnt, from a
    template's worth more."""
    save(archive, begin(archive), *(make_article(n) for n in range(1, articles + 1)))
    learn(archive, learnt_from, groups=groups)
    assert ask(archive) is reason


@pytest.mark.parametrize(
    ("nights", "misfits", "reason"),
    [
        (NIGHTS, MISFITS, Reason.DRIFT),
        (NIGHTS - 1, 3 * MISFITS, None),
        (NIGHTS, MISFITS - 1, None),
    ],
)
def test_several_misfits_on_several_nights_are_a_redesign(
    archive: Engine, nights: int, misfits: int, reason: Reason | None
) -> None:
    """One odd night, or an odd page each night, is none; what was learnt since counts alone."""
    begin(archive)
    learn(archive, FEW, minutes=0)
    for night in range(nights):
        run = begin_run(archive, RunStart("semua", {}, "0.1.0", "https", None, NOON))
        save(archive, run, *(make_misfit(n, 60 * (night + 1)) for n in range(misfits)))
        save(archive, run, *(make_misfit(n, 60 * (night + 1), "g") for n in range(50, 60)))
    assert ask(archive) is reason
    learn(archive, FEW, minutes=1000)
    assert ask(archive) is None


def test_samples_are_whole_articles_of_the_office(archive: Engine) -> None:
    """An unread page is a sample where a listing shows it, a stranger never is; the order is that
    of the keys' digests, whatever came first."""
    unread = Reading(VERSION, "other", "current", "s1")
    stranger = replace(unread, problems=(Problem("stranger", "", ""),))
    save(
        archive,
        begin(archive),
        make_listing([(n, f"Rapat {n}", None) for n in (2, 3, 5)]),
        make_article(1),
        make_article(2, reading=unread, digests=None),
        make_article(3, reading=stranger, digests=None),
        make_article(4, reading=unread, digests=None),
        make_article(5),
    )
    samples = ArchiveSamples(archive, SURAKARTA.code)
    chosen = list(samples.load(samples.choose_articles(10)))
    assert sorted(one.page[1] for one in chosen if one.page) == ["1", "2", "5"]
    ids = [one.id for one in chosen]
    assert samples.choose_articles(2) == ids[:2]
    assert [one.title for one in samples.find_listed(ids)] == ["Rapat 2", "Rapat 5"]


def test_captures_of_a_page_are_loaded_together(archive: Engine) -> None:
    """Pages come in the order asked for, each with its captures in theirs, however many are loaded
    at a time."""
    captures = [make_article(n, 100 * n + m) for n in range(1, 24) for m in range(1 + (n == 20))]
    save(archive, begin(archive), *captures)
    samples = ArchiveSamples(archive, SURAKARTA.code)
    waiting = [ids for _, ids in samples.list_unread(VERSION, "d")]
    assert sorted(map(len, waiting)) == [1] * 22 + [2]
    loaded = list(samples.load_pages(waiting))
    assert [[one.id for one in stored] for stored in loaded] == waiting


def reread(engine: Engine, number: int, captures: list[int], body: str, **changes: object) -> None:
    """Read captures of a page again."""
    article = make_article(number, body=body, layout="d", layout_group="g", **changes)
    assert article.reading is not None
    readings = tuple(Rereading(one, article.reading, article.digests) for one in captures)
    page = PageReread(SURAKARTA.code, article.page, readings)
    with engine.begin() as connection:
        save_batch(connection, 1, [page])


def test_what_is_read_again_replaces_what_followed_from_before(archive: Engine) -> None:
    """The earlier reading stays; the article, its counter and its links are the new one's, and
    doing it again changes nothing."""
    from archive.records import Link
    from tests.archive.making import run_sql

    old = Link("image", "https://kota-surakarta.kpu.go.id/banner.png")
    new = Link("image", "https://kota-surakarta.kpu.go.id/foto.jpg")
    save(archive, begin(archive), make_article(1, views=7, links=(old,)))
    for _ in range(2):
        reread(archive, 1, [1], "Isi yang benar.", views=12, links=(new,))
        assert run_sql(archive, "SELECT body, views, revisions FROM articles") == [
            ("Isi yang benar.", 12, 1)
        ]
        assert run_sql(archive, "SELECT url FROM links") == [(new.url,)]
        assert run_sql(archive, "SELECT count FROM view_counts") == [(12,)]
        assert run_sql(archive, "SELECT count(*) FROM readings") == [(2,)]
    assert ArchiveSamples(archive, SURAKARTA.code).list_unread(VERSION, "d") == []


def test_an_unread_page_becomes_the_article_that_a_layout_reads(archive: Engine) -> None:
    """Its capture is then an article's, and it is found."""
    from tests.archive.making import run_sql

    unread = Reading(VERSION, "other", "current", "s1")
    save(archive, begin(archive), make_article(1, reading=unread, digests=None))
    assert run_sql(archive, "SELECT answer FROM captures") == [("unread",)]
    reread(archive, 1, [1], "Isi yang benar.")
    assert run_sql(archive, "SELECT answer FROM captures") == [("article",)]
    assert run_sql(archive, "SELECT body FROM articles") == [("Isi yang benar.",)]


@pytest.mark.parametrize(
    ("before", "after", "same_copy", "revisions"),
    [
        (("", None), ("d", "g"), False, 1),
        (("d", "g"), ("e", "g"), False, 1),
        (("d", "g"), ("d", None), False, 1),
        (("d", None), ("d", None), False, 2),
        (("d", "g"), ("d", "g"), True, 2),
        (("d", "g"), ("d", "h"), False, 2),
        (("d", "g"), ("d", "h"), True, 1),
    ],
)
def test_an_edit_is_what_differs_between_captures_read_alike(
    archive: Engine,
    before: tuple[str, str | None],
    after: tuple[str, str | None],
    same_copy: bool,
    revisions: int,
) -> None:
    """By another layout, or where one fits no template, a text is read otherwise; across two
    templates of one layout another text is an edit, and the same letters are not."""
    from tests.archive.making import BODY, run_sql

    bodies = (BODY, BODY.replace(" ", "\n\n", 1) + "." if same_copy else BODY + " Ralat.")
    save(
        archive,
        begin(archive),
        *(
            make_article(1, minutes, body=body, layout=layout, layout_group=group)
            for minutes, body, (layout, group) in zip((0, 60), bodies, (before, after), strict=True)
        ),
    )
    assert run_sql(archive, "SELECT revisions FROM articles") == [(revisions,)]


@pytest.mark.parametrize(
    ("between", "last", "revisions"),
    [("Lain ", "", 1), ("Lain ", " Ralat.", 2), ("", "", 1), ("", " Ralat.", 2)],
)
def test_a_template_that_comes_and_goes_hides_no_edit(
    archive: Engine, between: str, last: str, revisions: int
) -> None:
    """What was read otherwise for a night is compared with what was read alike before it."""
    from tests.archive.making import BODY, run_sql

    bodies = (BODY, between + BODY + last, BODY + last)
    save(
        archive,
        begin(archive),
        *(
            make_article(1, 60 * night, body=body, layout="d", layout_group=group)
            for night, (body, group) in enumerate(zip(bodies, ("g", None, "g"), strict=True))
        ),
    )
    assert run_sql(archive, "SELECT revisions FROM articles") == [(revisions,)]

"""The derived rows: articles as they stand now, clusters of copies; the log of what changed.

A batch refreshes the pages it touched and `rebuild` refreshes all, by the same code, so both give
the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    and_,
    case,
    delete,
    func,
    not_,
    or_,
    select,
)

from archive.database.models import (
    Capture,
    Cluster,
    Document,
    Page,
    Reading,
    Sighting,
    Text_,
    ViewCount,
)
from archive.database.sql import PAGES, Row, cut_chunks, read_by_page, replace_rows
from archive.derive import dates as dating
from archive.derive.categories import add_categories
from archive.derive.changes import note_changes
from archive.derive.clusters import find_copies, refresh_clusters
from archive.derive.doubts import DOUBTED, find_doubts, find_reuses
from archive.derive.pairs import SIGNED_AT_ONCE, forget_pairs, is_all_signed, sign_texts
from archive.derive.removals import grade_all
from archive.watch.verdicts import Answer
from archive.watch.visits import derive_visits

PAGES_AT_ONCE = 500


def refresh_documents(connection: Connection, page_ids: Iterable[int]) -> None:
    """Derive the rows of these pages again and write what differs."""
    signed = sign_texts(connection)
    for chunk in cut_chunks(sorted(set(page_ids)), PAGES_AT_ONCE):
        _refresh(connection, chunk, signed)
        signed = set()


def complete_pairs(engine: Engine, say: Callable[[str], None] = lambda line: None) -> None:
    """Find what resembles the texts that were never compared: after an upgrade."""
    done = 0
    while True:
        with engine.begin() as connection:
            if is_all_signed(connection):
                return
            note_changes(connection, refresh_clusters(connection, (), sign_texts(connection)))
        done += SIGNED_AT_ONCE
        say(f"compared {done:,} texts with those before them")


def complete_doubts(engine: Engine) -> None:
    """Derive again what is doubted for ever: an upgrade may have learnt of it."""
    for chunk in cut_chunks(_list_doubted(engine), PAGES_AT_ONCE):
        with engine.begin() as connection:
            refresh_documents(connection, chunk)


def _list_doubted(engine: Engine) -> list[int]:
    with engine.begin() as connection:
        return [page_id for page_id in connection.scalars(DOUBTED) if page_id is not None]


def rebuild(connection: Connection, say: Callable[[str], None]) -> None:
    """Throw all derived rows away and derive them again."""
    derive_visits(connection)
    say("named every capture and judged every visit")
    note_changes(connection, connection.scalars(select(Document.page_id)))
    connection.execute(delete(Cluster))
    connection.execute(delete(Document))
    forget_pairs(connection)
    while not is_all_signed(connection):
        sign_texts(connection)
    page_ids = connection.scalars(select(Page.id).order_by(Page.id)).all()
    for chunk in cut_chunks(page_ids, PAGES_AT_ONCE):
        refresh_documents(connection, chunk)
        say(f"rebuilt up to page {chunk[-1]} of {page_ids[-1]}")
    dating.date_all(connection)
    grade_all(connection)


def _refresh(connection: Connection, page_ids: list[int], signed: Collection[str]) -> None:
    """Derive the rows of these pages again; `signed` are copy digests of texts that were just
    compared with others."""
    known = read_by_page(connection, KNOWN_DOCUMENTS, page_ids)
    derived = _derive_documents(connection, page_ids)
    dating.keep_date(known, derived)
    changed = [row for page_id, row in derived.items() if known.get(page_id) != row]
    gone = known.keys() - derived.keys()
    reread = _list_changed(known, derived, "reading_id")
    copies = find_copies(connection, reread)
    if gone:
        connection.execute(delete(Document).where(Document.page_id.in_(gone)))
    replace_rows(connection, Document, changed, ["page_id"])
    regrouped: set[int] = set()
    if reread or signed:
        shown = find_copies(connection, reread).union(signed)
        regrouped = refresh_clusters(connection, reread, shown, copies)
    told = {row["page_id"] for row in changed}
    note_changes(connection, {*told, *gone, *regrouped})


def _list_changed(known: Mapping[int, Row], derived: Mapping[int, Row], column: str) -> list[int]:
    """The pages whose rows come, go, or differ in a column."""
    return [
        page_id
        for page_id in sorted({*known, *derived})
        if known.get(page_id, {}).get(column) != derived.get(page_id, {}).get(column)
    ]


def _derive_documents(connection: Connection, page_ids: Collection[int]) -> dict[int, Row]:
    """What the rows of `documents` should be, for those of these pages that were ever read as an
    article."""
    rows = read_by_page(connection, ARTICLES, page_ids)
    _extend(connection, rows, CONFIRMED)
    _add_doubts(connection, rows)
    add_categories(connection, rows)
    _extend(connection, rows, SHOWN)
    return rows


def _extend(connection: Connection, rows: Mapping[int, Row], query: Select[Any]) -> None:
    for page_id, last_seen in connection.execute(query, {"pages": list(rows)}):
        rows[page_id]["last_seen"] = max(rows[page_id]["last_seen"], last_seen)


def _select_documents() -> Select[Any]:
    """One row per page: its newest article reading, and counts over all its captures that were read
    as one. One that was only ever cut has no revision."""
    read = _select_article_captures().subquery()
    begins = _begins(read.c)
    page = (
        select(
            read.c.page_id,
            func.max(case((read.c.place == 1, read.c.reading_id))).label("reading_id"),
            func.min(read.c.fetched_at).label("first_seen"),
            func.max(read.c.fetched_at).label("last_seen"),
            func.count().label("captures"),
            func.sum(begins).label("revisions"),
        )
        .group_by(read.c.page_id)
        .subquery()
    )
    views = _select_views().where(ViewCount.page_id == page.c.page_id)
    return (
        select(
            *(page.c.page_id, Page.site_id, page.c.reading_id, Reading.text_id, Reading.category),
            *(getattr(Reading, name) for name in dating.DATE),
            case(
                (Page.first_seen < page.c.first_seen, Page.first_seen), else_=page.c.first_seen
            ).label("first_seen"),
            *(page.c.last_seen, page.c.captures, page.c.revisions),
            views.correlate(page).scalar_subquery().label("views"),
        )
        .join(Page, Page.id == page.c.page_id)
        .join(Reading, Reading.id == page.c.reading_id)
    )


def _select_views() -> Select[Any]:
    """The last counter.

    Of one day the highest: a listing asked for before an article may answer after it, with the
    older count.
    """
    latest = (func.date(ViewCount.counted_at).desc(), ViewCount.count.desc())
    return select(ViewCount.count).order_by(*latest).limit(1)


def _add_doubts(connection: Connection, rows: Mapping[int, Row]) -> None:
    """Add what is doubted, by when the articles last came; where a number showed another article
    before, its counts are none of the present one's."""
    doubts = find_doubts(connection, {page_id: row["last_seen"] for page_id, row in rows.items()})
    for page_id, row in rows.items():
        row["doubts"] = doubts.get(page_id, [])
    for page_id, since in find_reuses(connection, rows).items():
        own = _select_views().where(ViewCount.page_id == page_id, ViewCount.counted_at >= since)
        rows[page_id]["views"] = connection.scalar(own)


def _begins(c: Any) -> ColumnElement[int]:
    """1 for captures with which a revision begins.

    One that cannot be compared with the capture before is compared with the last one that the same
    reader read by the same template: a template that comes and goes hides no edit.
    """
    edited = case((c.text_alike != c.text_id, 1), else_=0)
    same = or_(c.is_cut, c.text_before == c.text_id, _is_same_text(c))
    return case((c.is_cut, 0), (_is_read_otherwise(c), edited), (same, 0), else_=1)


def number_revisions(connection: Connection, page_id: int) -> dict[int, int]:
    """Which revision each capture of a page that is an article shows: 1 is the first."""
    revision, numbers = 0, {}
    for row in connection.execute(select_revisions(), {"pages": [page_id]}):
        revision += row.begins
        numbers[row.id] = revision
    return numbers


def select_revisions() -> Select[Any]:
    """The captures of pages that are articles, in the order of time, and whether a revision begins
    with each: `page_id`, `id`, `fetched_at`, `reading_id`, `text_id`, `is_cut`, `begins`, and
    `compared_id`, the text that it is compared with."""
    c = _select_article_captures().subquery().c
    columns = c.page_id, c.id, c.fetched_at, c.reading_id, c.text_id, c.is_cut
    compared = case((_is_read_otherwise(c), c.text_alike), else_=c.text_before)
    query = select(*columns, _begins(c).label("begins"), compared.label("compared_id"))
    return query.order_by(c.page_id, c.fetched_at, c.id)


def _is_read_otherwise(c: Any) -> ColumnElement[bool]:
    """Whether a capture cannot be compared with the one before: another reader read it, by another
    layout, or one of them fits no template of theirs. False for the first capture.

    `c` has the columns of `READ_AS` with those of the capture before under the same names with
    `_before`.
    """
    same_group = c.layout_group.is_not_distinct_from(c.layout_group_before)
    alike = or_(and_(_is_same_reader(c), same_group), _are_both_read(c))
    return and_(c.text_before.is_not(None), not_(alike))


def _is_same_text(c: Any) -> ColumnElement[bool]:
    """Whether two captures, each read by its own template of one layout, have the same title and
    the same copy: templates set a text each in its own way."""
    same = and_(c.title == c.title_before, c.copy_digest == c.copy_digest_before)
    other_group = c.layout_group != c.layout_group_before
    return func.coalesce(and_(_is_same_reader(c), other_group, same), False)


def _is_same_reader(c: Any) -> ColumnElement[bool]:
    return and_(c.reader_version == c.reader_version_before, c.layout == c.layout_before)


def _are_both_read(c: Any) -> ColumnElement[bool]:
    """Whether a capture and the one before fit templates of one layout."""
    own_groups = and_(c.layout_group.is_not(None), c.layout_group_before.is_not(None))
    return and_(_is_same_reader(c), own_groups)


READ_AS = {
    "reader_version": Reading.reader_version,
    "layout": Reading.layout,
    "layout_group": Reading.layout_group,
    "title": Text_.title,
    "copy_digest": Text_.copy_digest,
}
"""What tells whether two captures were read alike."""


def _select_article_captures() -> Select[Any]:
    """Captures that are articles, with the text of the one before; place 1 is the last.

    A page that never came whole is shown as far as it came.
    """
    age = func.row_number().over(partition_by=Reading.capture_id, order_by=Reading.id.desc())
    readings = (
        select(Capture.page_id, Capture.id, Capture.fetched_at, Reading.id.label("reading_id"))
        .add_columns(Reading.text_id, Reading.kind, age.label("age"))
        .add_columns((Capture.answer == Answer.CUT).label("is_cut"))
        .add_columns(*(column.label(name) for name, column in READ_AS.items()))
        .join(Reading, Reading.capture_id == Capture.id)
        .outerjoin(Text_, Text_.id == Reading.text_id)
        .where(Capture.page_id.in_(PAGES), Capture.answer.in_((Answer.ARTICLE, Answer.CUT)))
        .subquery()
    )
    newest = readings.c.age == 1, readings.c.kind == "article", readings.c.text_id.is_not(None)
    cut = case((readings.c.is_cut, 1), else_=0)
    always_cut = func.min(cut).over(partition_by=readings.c.page_id)
    articles = select(*readings.c, cut.label("cut"), always_cut.label("always_cut")).where(*newest)
    c = articles.subquery().c
    compared = ("text_id", *READ_AS)
    place = func.row_number().over(
        partition_by=c.page_id, order_by=(c.fetched_at.desc(), c.id.desc())
    )
    return select(
        *(c.id, c.page_id, c.fetched_at, c.reading_id, c.text_id, c.is_cut),
        *(c[name] for name in READ_AS),
        *(_look_back(c, name) for name in compared),
        _look_alike(c),
        place.label("place"),
    ).where(c.cut == c.always_cut)


def _look_back(c: Any, name: str) -> Any:
    """A column of the capture before."""
    before = func.lag(c[name]).over(partition_by=c.page_id, order_by=(c.fetched_at, c.id))
    return before.label(f"{name.removesuffix('_id')}_before")


def _look_alike(c: Any) -> Any:
    """The text of the last capture before that was read by the same reader and template."""
    alike = (c.page_id, c.reader_version, c.layout, c.layout_group)
    before = func.lag(c.text_id).over(partition_by=alike, order_by=(c.fetched_at, c.id))
    return before.label("text_alike")


def _select_last_seen(page: Any, time: Any) -> Select[Any]:
    return select(page, func.max(time)).where(page.in_(PAGES)).group_by(page)


# Statements are made once: making one costs more than most of them take.
KNOWN_DOCUMENTS = select(*Document.__table__.columns).where(Document.page_id.in_(PAGES))
ARTICLES = _select_documents()
SHOWN = _select_last_seen(Sighting.page_id, Sighting.last_seen)
CONFIRMED = _select_last_seen(Capture.page_id, Capture.fetched_at).where(
    Capture.answer == Answer.UNCHANGED
)

"""How articles and hits are laid out: for people in few words, for programs in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from archive.cli.rows import format_value, replace_controls, wrap_line
from archive.read.articles import Article
from archive.read.rescue import Rescue
from archive.records import GROUPS
from archive.search.hits import Hit

if TYPE_CHECKING:
    from rich.text import Text

LABEL_WIDTH = 12

Row = dict[str, Any]


def format_hit(hit: Hit) -> Row:
    """A hit as a row for people."""
    published = _describe_hit_date(hit)
    return {"page": hit.page, "published": published, "title": hit.title, "passage": hit.passage}


def _describe_hit_date(hit: Hit) -> str:
    """`~2024-08-13 [backdated] [removed: not found]`."""
    days = format_span(hit.published_earliest, hit.published_latest)
    published = ("~" if hit.crosses else "") + days
    flags = (*hit.published_flags, *hit.doubts)
    published += f" [{format_value(flags)}]" if flags else ""
    return published + (f" [removed: {hit.removed}]" if hit.removed else "")


def list_hit_parts(hit: Hit) -> list[Text]:
    """A hit as an entry of a list: its name and date, its title, its passage."""
    from archive.cli.terminal import style_value

    parts = (f"{hit.page}  {_describe_hit_date(hit)}", hit.title, hit.passage)
    return [styled for part in parts if (styled := style_value(part)).plain]


def make_hit_row(hit: Hit) -> Row:
    """A hit with all its fields."""
    later = ("passage", "removed", "removed_since")
    names = [name for name in Hit.__dataclass_fields__ if name not in ("page_id", *later)]
    return {name: getattr(hit, name) for name in (*names, *later)}


def format_span(earliest: date | None, latest: date | None) -> str:
    """`2024-08-13`, `2024-08-01..2024-08-31`, or `undated`."""
    if earliest is None:
        return "undated"
    return f"{earliest}" if latest in (None, earliest) else f"{earliest}..{latest}"


def format_article(article: Article, width: int | None = None) -> str:
    """An article as a text for people: what is known line by line, then the body; wrapped at words
    where a width is given."""
    facts = [(f"{label:<{LABEL_WIDTH}}", value) for label, value in _list_facts(article) if value]
    lines = [label + value for label, value in facts]
    title = replace_controls(article.title or "(no title)")
    body = replace_controls(article.body).splitlines()
    if width is not None:
        title = wrap_line(title, width)
        lines = [wrap_line(value, width, label) for label, value in facts]
        body = [wrap_line(line, width) for line in body]
    return "\n".join([title, "", *lines, "", *body])


def format_rescue(found: Rescue, width: int | None = None) -> str:
    """What a listing showed of an article, as a text for people."""
    facts = [f"listing  {format_value(found.listing)}", f"seen     {format_value(found.seen)}"]
    lines = [
        replace_controls(found.title),
        "",
        *facts,
        "",
        *replace_controls(found.text).split("\n"),
    ]
    return "\n".join(lines if width is None else [wrap_line(line, width) for line in lines])


def _list_facts(article: Article) -> Iterator[tuple[str, str]]:
    yield "shown", _describe_shown(article)
    yield "removal", _describe_removal(article.removal)
    yield "page", f"{article.page}  ({format_value(article.office)})"
    yield "cite as", article.citation
    yield "url", format_value(article.url)
    yield "category", _join(article.category, article.section and f"section {article.section}")
    yield from _list_byline(article.byline)
    yield "dateline", _describe_dateline(article.dateline)
    yield "event", _join(article.event["event"], _describe_day(article.event, "event"))
    yield "published", _format_published(article.published)
    yield "views", _describe_views(article.views)
    yield "seen", f"{format_value(article.first_seen)} to {format_value(article.last_seen)}"
    yield "captures", f"{article.captures}, revisions {article.revisions}"
    yield "doubts", format_value(article.doubts)
    yield from _label(
        "copy",
        [
            f"{format_value(copy['page'])}  {copy['published'] or ''}".rstrip()
            for copy in article.copies
        ],
    )
    for kind in ("image", "attachment", "related"):
        yield from _label(
            kind,
            [_describe_link(link) for link in article.links if link["kind"] == kind],
        )
    problems = [
        _join(problem["field"], problem["why"], problem["seen"]) for problem in article.problems
    ]
    yield from _label("problem", problems)


def _list_byline(byline: Row) -> Iterator[tuple[str, str]]:
    for name, column in GROUPS["byline"].items():
        yield "byline" if name == "raw" else name, format_value(byline[column])


def _describe_dateline(dateline: Row) -> str:
    return _join(dateline["place"], dateline["dateline_unit"], _describe_day(dateline, "dateline"))


def _describe_day(row: Row, name: str) -> str:
    """A day or a range with its flags in brackets."""
    day, end, flags = row[f"{name}_date"], row[f"{name}_date_end"], row[f"{name}_flags"]
    span = format_span(day, end) if day else ""
    return f"{span} [{format_value(flags)}]".strip() if flags else span


def _format_published(published: Row) -> str:
    flags = f" [{format_value(published['flags'])}]" if published["flags"] else ""
    if published["earliest"] is None and published["latest"] is None:
        return f"unknown{flags}"
    when = format_value(published["instant"]) or format_span(
        published["earliest"], published["latest"]
    )
    source = _join(published["precision"], published["source"], published["evidence"])
    return (f"{when} ({source})" if source else when) + flags


def _describe_shown(article: Article) -> str:
    """Which capture it is, where it is not the newest."""
    if article.shown is None:
        return ""
    captured, revision = format_value(article.shown["captured"]), article.shown["revision"]
    told = f"as captured at {captured}, capture {article.shown['capture']}"
    return told + (f", revision {revision} of {article.revisions}" if revision else ", cut short")


def _describe_removal(removal: Row | None) -> str:
    return (
        f"{removal['grade']} since {format_value(removal['since'])}: "
        f"{format_value(removal['evidence'])}"
        if removal
        else ""
    )


def _describe_views(views: Sequence[Row]) -> str:
    """The last count; where there are more, since when and from what it grew."""
    if not views:
        return ""
    first, last = views[0], views[-1]
    told = f"{last['count']} at {format_value(last['at'])}, {last['own_visits']} of them ours"
    return (
        told
        if len(views) == 1
        else f"{told}; first {first['count']} at {format_value(first['at'])}, {len(views)} counts"
    )


def _describe_link(link: Row) -> str:
    """`1: https://..., Unduh, held: application/pdf, 12,345 bytes, <digest>`."""
    told = _join(link["url"], link["text"])
    if link["held"]:
        told += f", held: {link['media_type']}, {link['size']:,} bytes, {link['digest']}"
    return f"{link['file']}: {told}" if link["held"] else told


def _label(label: str, values: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((label, value) for value in values)


def _join(*parts: str | None) -> str:
    return ", ".join(format_value(part) for part in parts if part)

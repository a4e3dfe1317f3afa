"""A probe's answers as plain text: per page what was read, from where and why, and what stayed
unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields

from kpucrawl.extract.records import (
    Article,
    Byline,
    Dateline,
    Event,
    Evidence,
    Link,
    Listing,
    PageReading,
    Published,
)
from kpucrawl.probing.plan import REPEATED, Answer, name_answers
from kpucrawl.probing.survey import survey_page
from kpucrawl.probing.verdict import Finding, cut

WIDTH = 160
"""Where values are cut."""
SHOWN_ITEMS = 3


def write_report(
    answers: Sequence[Answer], findings: Sequence[Finding], suspects: Sequence[str]
) -> str:
    """The whole report."""
    pages = ["\n".join(_describe_answer(name, answer)) for name, answer in name_answers(answers)]
    verdict = "\n".join(["VERDICT", *(_put(one.about, one.said, most=400) for one in findings)])
    first = [f"  {number}. {line}" for number, line in enumerate(suspects, 1)]
    look = "\n".join(
        ["LOOK FIRST AT", *(first or ["  nothing stands out; compare two articles with the site"])]
    )
    return "\n\n".join([*pages, verdict, look])


def _describe_answer(name: str, answer: Answer) -> Iterator[str]:
    capture, reading = answer.capture, answer.reading
    kind = next(
        (value for key, value in capture.headers.items() if key.lower() == "content-type"),
        "no content type",
    )
    yield f"{name}  {capture.url}"
    yield _put("why", answer.step.why)
    if answer.step.headers:
        yield _put(
            "sent", ", ".join(f"{key}: {value}" for key, value in answer.step.headers.items())
        )
    if capture.error:
        yield _put("failed", capture.error)
        return
    yield _put(
        "answer", f"{capture.status}, {len(answer.body)} bytes, {kind}, certificate: {capture.tls}"
    )
    if capture.answered_url != capture.url:
        yield _put("leads to", capture.answered_url or "")
    if reading is not None:
        yield from _describe_reading(answer, reading)


def _describe_reading(answer: Answer, reading: PageReading) -> Iterator[str]:
    yield _put(
        "kind",
        f"{reading.kind}, template {reading.template}, skeleton {reading.skeleton or 'none'}",
    )
    if answer.step.role in REPEATED:
        return
    if reading.listing:
        yield from _describe_listing(reading.listing)
    if reading.article:
        yield from _describe_article(reading.article)
    if reading.categories and not reading.article:
        yield _put(
            "categories", ", ".join(f"{one.id} {one.title}" for one in reading.categories), most=400
        )
    survey = survey_page(answer.body, answer.capture.url, reading)
    for mark in survey.landmarks:
        yield _put(
            "found", f"{mark.name}, line {mark.line} in {mark.path}: {cut(mark.text, 60)}", most=240
        )
    yield from (_put("metadata", line) for line in survey.metadata)
    yield from (
        _put("problem", f"{one.field}: {one.why} Seen: {one.seen}") for one in reading.problems
    )


def _describe_listing(listing: Listing) -> Iterator[str]:
    counted = sum(item.views is not None for item in listing.items)
    yield _put("title", listing.title or "unknown")
    yield _put(
        "items",
        f"{len(listing.items)}, {counted} with a counter; pages: {listing.pages or 'unknown'}",
    )
    for item in listing.items[:SHOWN_ITEMS]:
        yield _put(
            "item",
            f"{item.key}, {item.views if item.views is not None else '?'} views: {item.title}",
        )
    if listing.pager:
        yield _put(
            "pager", ", ".join(f"{link.text} -> {link.url}" for link in listing.pager), most=240
        )


def _describe_article(article: Article) -> Iterator[str]:
    told = {name: tell(article) for name, tell in ARTICLE_LINES.items()}
    yield from (_put(name, value) for name, value in told.items() if value)
    yield from (_put("evidence", _describe_evidence(piece)) for piece in article.evidence)
    yield _put("unknown", ", ".join(name for name, value in told.items() if not value) or "nothing")


def _describe_byline(byline: Byline | None) -> str:
    if byline is None:
        return ""
    names = (part.name for part in fields(byline) if part.name != "raw")
    parts = {name: getattr(byline, name) for name in names}
    return _describe_parts(parts | {"writers": ", ".join(byline.writers)}, byline.raw)


def _describe_dateline(dateline: Dateline | None) -> str:
    if dateline is None:
        return ""
    parts = {"place": dateline.place, "unit": dateline.unit, "date": _describe_days(dateline)}
    return _describe_parts(parts | {"flags": ", ".join(dateline.flags)}, dateline.raw)


def _describe_event(event: Event | None) -> str:
    return (
        _describe_parts({"date": _describe_days(event), "flags": ", ".join(event.flags)}, event.raw)
        if event
        else ""
    )


def _describe_days(dated: Dateline | Event) -> str:
    return " to ".join(str(day) for day in (dated.date, dated.date_end) if day)


def _format_published(published: Published | None) -> str:
    if published is None:
        return ""
    days = " to ".join(dict.fromkeys(map(str, (published.earliest, published.latest))))
    return f"{days} ({published.precision}), by its {published.source}: {published.evidence!r}"


def _describe_evidence(piece: Evidence) -> str:
    days = " to ".join(dict.fromkeys(str(day) for day in (piece.earliest, piece.latest) if day))
    return (
        f"{piece.source}: {days or 'no day'}, by "
        f"{piece.raw!r}{f' ({piece.note})' if piece.note else ''}"
    )


def _describe_body(body: str) -> str:
    return (
        f"{len(body)} characters in {len(body.split())} words: {cut(body, 60)!r} ... {body[-50:]!r}"
        if body
        else ""
    )


def _describe_links(links: Sequence[Link]) -> str:
    return f"{len(links)}: {', '.join(link.url for link in links)}" if links else ""


def _describe_parts(parts: dict[str, str | None], raw: str) -> str:
    said = ", ".join(f"{name} {value}" for name, value in parts.items() if value)
    return f"{said or 'nothing read'}; from {raw!r}"


ARTICLE_LINES: dict[str, Callable[[Article], str]] = {
    "title": lambda article: article.title or "",
    "category": lambda article: (
        f"{article.category} (section {article.section})" if article.category else ""
    ),
    "byline": lambda article: _describe_byline(article.byline),
    "dateline": lambda article: _describe_dateline(article.dateline),
    "event": lambda article: _describe_event(article.event),
    "published": lambda article: _format_published(article.published),
    "views": lambda article: "" if article.views is None else str(article.views),
    "body": lambda article: _describe_body(article.body),
    "images": lambda article: _describe_links(article.images),
    "attachments": lambda article: _describe_links(article.attachments),
    "related": lambda article: _describe_links(article.related),
}


def _put(name: str, value: str, most: int = WIDTH) -> str:
    """One line of the report; control characters of a page do not reach the terminal."""
    return f"  {name:<13} {cut(_clean(value), most)}"


def _clean(text: Iterable[str]) -> str:
    return "".join(character if character.isprintable() else " " for character in text)

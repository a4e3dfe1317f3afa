"""What a probe found out about a site, in plain words."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from kpucrawl.extract.records import Article, Kind, Listing
from kpucrawl.extract.urls import parse_url
from kpucrawl.probing.plan import Answer, Role, list_conditions, list_locations, name_answers
from kpucrawl.probing.survey import Survey, survey_page
from kpucrawl.probing.template import describe_template

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]+)", re.I)
_CUT = 90


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found out."""

    about: str
    said: str


class Seen:
    """The answers of a probe, by what is asked of them."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.named = list(name_answers(answers))

    def list_named(self, *roles: Role) -> list[tuple[str, Answer]]:
        """The answers to these steps, with their names."""
        return [(name, answer) for name, answer in self.named if answer.step.role in roles]

    def find(self, role: Role) -> Answer | None:
        """The last answer to a step: behind a redirect."""
        return next((answer for _, answer in reversed(self.list_named(role))), None)

    @cached_property
    def articles(self) -> list[tuple[str, Answer, Article]]:
        """The articles read, each once."""
        found = self.list_named("article")
        return [
            (name, one, one.reading.article)
            for name, one in found
            if one.reading and one.reading.article
        ]

    @cached_property
    def listings(self) -> list[tuple[str, Answer, Listing]]:
        """The listing pages read."""
        found = self.list_named("listing", "next")
        return [
            (name, one, one.reading.listing)
            for name, one in found
            if one.reading and one.reading.listing
        ]

    @cached_property
    def surveys(self) -> list[tuple[Answer, Survey]]:
        """What all pages offer."""
        read = ((answer, answer.reading) for _, answer in self.named)
        return [
            (one, survey_page(one.body, one.capture.url, reading))
            for one, reading in read
            if reading
        ]

    def find_repeated(self) -> tuple[Answer, Answer] | None:
        """The two answers of the article that was asked for twice."""
        again = self.find("again")
        first = next(
            (one for _, one, _ in self.articles if again and one.step.path == again.step.path), None
        )
        return (first, again) if first and again else None


def find_out(answers: Sequence[Answer]) -> list[Finding]:
    """Everything that is known of the site now."""
    seen = Seen(answers)
    return [Finding(about, tell(seen)) for about, tell in TOPICS.items()]


def describe_answer(answer: Answer | None) -> str:
    """How an answer came, in a few words."""
    if answer is None:
        return "was not asked for"
    return answer.capture.error or f"is answered with {answer.capture.status}"


def _describe_robots(seen: Seen) -> str:
    robots = seen.find("robots")
    refused = [one.step.path for _, one in seen.named if one.outcome == "robots"]
    tail = f"; refused to us: {', '.join(refused)}" if refused else ""
    if robots is None:
        return "no answer" + tail
    lines = [
        line.partition("#")[0].strip()
        for line in robots.body.decode("utf-8", "replace").splitlines()
    ]
    rules = [
        line
        for line in lines
        if re.match(r"(?:user-agent|disallow|allow|crawl-delay|sitemap)\s*:", line, re.I)
    ]
    if robots.capture.status != 200 or not rules:
        return f"{describe_answer(robots)} and holds no rules{tail}"
    return f"exists: {cut(' | '.join(rules), 300)}{tail}"


def _describe_sitemap(seen: Seen) -> str:
    sitemap = seen.find("sitemap")
    places = list_locations([sitemap] if sitemap else [])
    if sitemap is None or not places:
        return f"{describe_answer(sitemap)}; no sitemap found"
    kind = "an index of sitemaps" if b"<sitemapindex" in sitemap.body else "a sitemap"
    articles = sum(parse_url(place).kind == "article" for place in places)
    dated = sitemap.body.count(b"<lastmod>")
    return (
        f"{kind} at {sitemap.step.path}: {len(places)} addresses, {articles} of articles, "
        f"{dated} dated"
    )


def _describe_api(seen: Seen) -> str:
    api = seen.find("api")
    if api is None or api.capture.status != 200:
        return describe_answer(api)
    try:
        told = json.loads(api.body)
    except (ValueError, RecursionError):
        return "is answered with 200, but not with JSON"
    inner = told.get("data") if isinstance(told, dict) else None
    rows = inner.get("data") if isinstance(inner, dict) else None
    if not isinstance(rows, list) or not rows or not isinstance(rows[0], dict):
        return (
            f"exists, in another shape than on www.kpu.go.id: "
            f"{cut(json.dumps(told, ensure_ascii=False))}"
        )
    dates = (
        "with created_at: it dates articles" if "created_at" in rows[0] else "without created_at"
    )
    return f"exists: {len(rows)} rows of {', '.join(rows[0])}; {dates}"


def _describe_certificate(seen: Seen) -> str:
    verdicts = Counter(one.capture.tls for _, one in seen.named if one.capture.status is not None)
    said = {"none": "plain HTTP, none was asked for", "": "nothing answered"}
    return _join(said.get(name, name) for name in verdicts) or said[""]


def _describe_software(seen: Seen) -> str:
    named = ("Server", "X-Powered-By", "X-Generator", "Via")
    headers = Counter(
        f"{name}: {one.find_header(name)}"
        for _, one in seen.named
        for name in named
        if one.find_header(name)
    )
    generators = (
        line
        for _, survey in seen.surveys
        for line in survey.metadata
        if line.startswith("generator")
    )
    cookies = {
        found.partition("=")[0] for _, one in seen.named if (found := one.find_header("Set-Cookie"))
    }
    return (
        _join(
            [
                *headers,
                *dict.fromkeys(generators),
                *(f"sets cookie {name}" for name in sorted(cookies)),
            ]
        )
        or "says nothing"
    )


def _describe_dates(seen: Seen) -> str:
    if not seen.articles:
        return "no article was read"
    sources = Counter(
        article.published.source if article.published else "nothing"
        for _, _, article in seen.articles
    )
    printed = sources["printed"] + sources["metadata"]
    said = _join(f"{source} ({number})" for source, number in sources.most_common())
    return (
        f"{'exist' if printed else 'none seen'}; {len(seen.articles)} articles are dated by: {said}"
    )


def _describe_validators(seen: Seen) -> str:
    again, conditional = seen.find("again"), seen.find("conditional")
    sent = " and ".join(list_conditions(again)) if again else ""
    if again is None or conditional is None:
        return (
            "no ETag and no Last-Modified on the article asked twice"
            if again
            else "no article was asked for twice"
        )
    honoured = {304: "honoured: 304", 200: "not honoured: the whole page came with 200"}
    status = conditional.capture.status or 0
    return f"asked with {sent}; {honoured.get(status, describe_answer(conditional))}"


def _describe_repeated(seen: Seen) -> str:
    pair = seen.find_repeated()
    if pair is None:
        return "no article was asked for twice"
    first, again = pair
    one, two = (answer.reading.article if answer.reading else None for answer in pair)
    if first.body == again.body:
        return "the same bytes, the counter did not grow"
    same = one is not None and two is not None and (one.title, one.body) == (two.title, two.body)
    views = f"{one.views if one else None} then {two.views if two else None}"
    lines = list_differences(first.body, again.body)
    return (
        f"{'same' if same else 'OTHER'} title and text; counter {views}; {len(lines)} lines "
        f"differ: {_join(lines[:4])}"
    )


def _describe_metadata(seen: Seen) -> str:
    pages = [survey for answer, survey in seen.surveys if answer.step.role == "article"]
    names = Counter(
        name for survey in pages for name in {line.partition(" = ")[0] for line in survey.metadata}
    )
    return (
        f"on {len(pages)} articles: "
        f"{_join(f'{n} ({c})' for n, c in sorted(names.items())) or 'none'}"
    )


def _describe_charset(seen: Seen) -> str:
    ways = Counter(
        f"header {_read_charset(one.find_header('Content-Type'))}, page {survey.charset_declared},"
        f" read as {survey.charset_used}"
        for one, survey in seen.surveys
    )
    return _join(f"{way} ({number})" for way, number in ways.most_common()) or "no page was read"


def _describe_listings(seen: Seen) -> str:
    items = [item for _, _, listing in seen.listings for item in listing.items]
    if not items:
        return "no listing was read"
    counted, told = (
        sum(item.views is not None for item in items),
        sum(bool(item.text) for item in items),
    )
    both = _join(
        f"{listed} listed, {shown} on the article" for _, listed, shown in compare_counters(seen)
    )
    return (
        f"{len(items)} items on {len(seen.listings)} pages, {told} with text, {counted} with a "
        f"counter"
        f"{f' ({both})' if both else ''}"
    )


def _describe_pager(seen: Seen) -> str:
    first = {
        one.step.address.category: listing
        for _, one, listing in seen.listings
        if one.step.address.page == 1
    }
    said = []
    for name, one, listing in seen.listings:
        page, keys = one.step.address.page, {item.key for item in listing.items}
        said.append(
            f"{name}: page {page} of {listing.pages or 'unknown'}, {len(listing.pager)} links"
        )
        if page != 1 and (before := first.get(one.step.address.category)):
            said.append(
                f"{len(keys & {item.key for item in before.items})} of its {len(keys)} items stood "
                f"on page 1"
            )
    return "; ".join(said) or "no listing was read"


def _describe_skeletons(seen: Seen) -> str:
    found: dict[Kind, Counter[str]] = {}
    for _, answer in seen.named:
        if answer.reading and answer.reading.skeleton:
            found.setdefault(answer.reading.kind, Counter())[answer.reading.skeleton] += 1
    return (
        "; ".join(
            f"{kind}: {_join(f'{s} ({n})' for s, n in counts.items())}"
            for kind, counts in found.items()
        )
        or "none"
    )


def _describe_template(seen: Seen) -> str:
    listings = [one for _, one in seen.list_named("home", "listing", "next") if one.reading]
    return describe_template([one for _, one, _ in seen.articles], listings)


TOPICS: dict[str, Callable[[Seen], str]] = {
    "robots.txt": _describe_robots,
    "sitemap": _describe_sitemap,
    "/api/blogs": _describe_api,
    "certificate": _describe_certificate,
    "software": _describe_software,
    "printed dates": _describe_dates,
    "validators": _describe_validators,
    "asked twice": _describe_repeated,
    "metadata": _describe_metadata,
    "charset": _describe_charset,
    "listings": _describe_listings,
    "pager": _describe_pager,
    "skeletons": _describe_skeletons,
    "template": _describe_template,
}


def list_differences(one: bytes, two: bytes) -> list[str]:
    """The lines of markup that two answers do not share, as the second has them."""
    first, second = (
        [line.strip() for line in body.decode("utf-8", "replace").splitlines()]
        for body in (one, two)
    )
    blocks = SequenceMatcher(None, first, second).get_opcodes()
    changed = [
        second[start:end] or ["(a line less)"] for tag, _, _, start, end in blocks if tag != "equal"
    ]
    return [cut(line) for lines in changed for line in lines]


def compare_counters(seen: Seen) -> list[tuple[str, int, int]]:
    """Name of an article, its counter in a listing, its own."""
    listed = {item.key: item.views for _, _, listing in seen.listings for item in listing.items}
    both = (
        (name, listed.get(one.step.address.key), article.views)
        for name, one, article in seen.articles
        if one.step.address.key
    )
    return [
        (name, counted, shown)
        for name, counted, shown in both
        if counted is not None and shown is not None
    ]


def _read_charset(content_type: str | None) -> str | None:
    found = _CHARSET.search(content_type or "")
    return found[1].lower() if found else None


def cut(text: str, most: int = _CUT) -> str:
    """A text, or the beginning of a long one."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _join(words: Iterable[str]) -> str:
    return ", ".join(words)

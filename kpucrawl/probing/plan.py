"""The first look at an office that nobody has seen: a few requests, each for a reason. Knows
nothing of HTTP."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar
from urllib.parse import urlsplit

from archive.records import Capture
from kpucrawl.crawl.asks import HOME, Ask, read_slug
from kpucrawl.crawl.visit import KNOWN_CATEGORIES
from kpucrawl.extract.records import PageKey, PageReading
from kpucrawl.extract.urls import article_url, listing_path, parse_url
from kpucrawl.sites import Site

Role = Literal[
    "robots", "home", "sitemap", "api", "listing", "next", "article", "again", "conditional"
]
PAGES = frozenset({"home", "listing", "next", "article", "again", "conditional"})
"""What is read as a page; the others are kept as they are."""
REPEATED = frozenset({"again", "conditional"})
"""What asks for an article that was read already."""
MOST_REQUESTS = 18
"""robots.txt included."""
MOST_ARTICLES = 8
"""Five teach a template, and some may be missing."""
BEFORE_REPEATING = 3
"""Articles asked for before one of them is asked for again; the rest comes after, if any request is
left."""
USELESS_HOME = frozenset({"blocked", "maintenance", "failed", "robots"})

_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.I | re.M)
_LOC = re.compile(rb"<loc>\s*([^<\s]{1,2000})\s*</loc>", re.I)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step(Ask):
    """One request and its reason."""

    role: Role = "home"
    why: str = ""
    """For a person: `page 2, by the listing's own pager`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent besides the usual ones."""

    @classmethod
    def take(
        cls, role: Role, path: str, why: str, headers: Mapping[str, str] | None = None
    ) -> Step:
        """Make the step of one path."""
        step = cls(path, HOME, parse_url(path), role=role, why=why, headers=headers or {})
        # what it asks of is the answer before, which no archive holds
        return replace(step, validated=0) if headers else step


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one step."""

    step: Step
    capture: Capture
    outcome: str
    """As of `archive.watch.verdicts.classify_answer`."""
    reading: PageReading | None = None

    @property
    def body(self) -> bytes:
        """The bytes, none when nothing answered."""
        return self.capture.body or b""

    def find_header(self, name: str) -> str | None:
        """A header of the answer, whatever its case."""
        return next(
            (value for key, value in self.capture.headers.items() if key.lower() == name.lower()),
            None,
        )


Asking = Generator[Step, Answer, T]
"""Yields what to ask, is sent what was answered."""


class Probe:
    """Decides what to ask next from what was answered so far, one request at a time."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.answers: list[Answer] = []
        """In the order in which they came."""
        self._plan = self._ask_everything()

    def start(self) -> Step:
        """The first step; robots.txt is fetched before it by whoever obeys it, and noted by
        `note_robots`."""
        return next(self._plan)

    def note_robots(self, answer: Answer) -> None:
        """Keep what robots.txt said."""
        self.answers.append(answer)

    def note(self, answer: Answer) -> Step | None:
        """Keep an answer; return the next step, None when the probe is over."""
        self.answers.append(answer)
        try:
            step = self._plan.send(answer)
        except StopIteration:
            return None
        return None if self._is_enough() else step

    def list_answers(self, *roles: Role) -> list[Answer]:
        """The answers to these steps, those with a redirect left out."""
        return [
            answer
            for answer in self.answers
            if answer.step.role in roles and answer.outcome != "redirect"
        ]

    def _is_enough(self) -> bool:
        """Enough was asked, the office asks for a rest, or it went away."""
        asked = 1 + sum(answer.step.role != "robots" for answer in self.answers)
        dead = [
            answer.outcome == "failed" and answer.capture.status is None
            for answer in self.answers[-2:]
        ]
        return (
            asked >= MOST_REQUESTS or self.answers[-1].capture.status == 429 or dead == [True, True]
        )

    def _ask_everything(self) -> Asking[None]:
        home = yield from self._ask(
            Step.take("home", "/", "the home page: menu and newest articles")
        )
        if home.outcome in USELESS_HOME:
            return
        yield from self._ask(self._find_sitemap())
        categories, how = self._list_categories(home)
        number = next(
            (category for category in categories if category.isdigit()), KNOWN_CATEGORIES[0]
        )
        yield from self._ask(
            Step.take("api", f"/api/blogs/{number}", "does the JSON of www.kpu.go.id exist here?")
        )
        yield from self._ask_listings(categories, how)
        yield from self._ask_articles()

    def _ask(self, step: Step) -> Asking[Answer]:
        """Ask, and once more where the answer is another address of this office."""
        answer = yield step
        target = answer.capture.answered_url or ""
        if answer.outcome == "redirect" and urlsplit(target).hostname == self.site.host:
            on = Ask.parse(target)
            if on.path != step.path:
                why = f"{step.why}; where {step.path} led"
                answer = yield replace(step, path=on.path, address=on.address, why=why, hops=1)
        return answer

    def _ask_listings(self, categories: list[str], how: str) -> Asking[None]:
        """Two listings, three are tried; then the second page of one."""
        found: list[Answer] = []
        for category in categories[:3]:
            if len(found) < 2:
                answer = yield from self._ask(
                    Step.take("listing", listing_path(category), f"category {category}, {how}")
                )
                found += [answer] if answer.outcome == "listing" else []
        if found:
            yield from self._ask(
                next(filter(None, map(self._turn_page, found)), None) or _guess_page(found[0])
            )

    def _ask_articles(self) -> Asking[None]:
        """Some articles, one of them again, and again if changed; then a few more."""
        steps = self._choose_articles()
        for step in steps[:BEFORE_REPEATING]:
            yield from self._ask(step)
        first = next(
            (answer for answer in self.list_answers("article") if answer.outcome == "article"), None
        )
        if first is not None:
            path, why = (
                first.step.path,
                "the same article again: which bytes differ, does the counter grow?",
            )
            again = yield from self._ask(Step.take("again", path, why))
            if asked := list_conditions(again):
                yield from self._ask(
                    Step.take("conditional", path, "is it answered with 304 if unchanged?", asked)
                )
        for step in steps[BEFORE_REPEATING:MOST_ARTICLES]:
            yield from self._ask(step)

    def _find_sitemap(self) -> Step:
        """The sitemap that robots.txt names on this host, else the usual place."""
        robots = next(
            (answer.body.decode("utf-8", "replace") for answer in self.list_answers("robots")), ""
        )
        for url in _SITEMAP_LINE.findall(robots):
            if urlsplit(url).hostname == self.site.host:
                return Step.take(
                    "sitemap", Ask.parse(url).path, "the sitemap that robots.txt names"
                )
        return Step.take("sitemap", "/sitemap.xml", "is there a sitemap?")

    def _list_categories(self, home: Answer) -> tuple[list[str], str]:
        """The categories to look at, and how they are known."""
        found = [category.id for category in home.reading.categories] if home.reading else []
        return (
            (found, "from the menu")
            if found
            else (list(KNOWN_CATEGORIES), "by the ids of other offices")
        )

    def _turn_page(self, listing: Answer) -> Step | None:
        """Page 2 as a listing's own pager names it."""
        links = listing.reading.listing.pager if listing.reading and listing.reading.listing else ()
        for link in links:
            address = parse_url(link.url)
            if address.page == 2 and self._is_own(link.url):
                return Step.take(
                    "next", Ask.parse(link.url).path, "page 2, by the listing's own pager"
                )
        return None

    def _choose_articles(self) -> list[Step]:
        """The newest and an older one by number, one of the previous system, then others from all
        over."""
        shown = dict(self._list_shown())
        numbered = sorted(
            (key for key in shown if key.route == "blog"), key=lambda key: int(key.key)
        )
        reasons = [(key, "the highest number seen") for key in numbered[-1:]]
        reasons += [(key, "the lowest number seen") for key in numbered[:1]]
        reasons += [(key, "one of the previous system") for key in shown if key.route == "berita"][
            :1
        ]
        reasons += [(key, "one more") for key in reversed(shown)]
        chosen: dict[PageKey, str] = {}
        for key, why in reasons:
            chosen.setdefault(key, why)
        return [
            Step.take("article", article_url(key, read_slug(shown[key], key)), f"an article: {why}")
            for key, why in list(chosen.items())[:MOST_ARTICLES]
        ]

    def _list_shown(self) -> Iterator[tuple[PageKey, str]]:
        """The articles that the pages show; where they show none, those of the sitemap."""
        listings = [
            answer.reading.listing
            for answer in self.answers
            if answer.reading and answer.reading.listing
        ]
        shown = {
            item.key: item.url
            for listing in listings
            for item in listing.items
            if self._is_own(item.url)
        }
        yield from shown.items()
        for url in () if shown else list_locations(self.list_answers("sitemap")[:1]):
            address = parse_url(url)
            if address.kind == "article" and address.key and self._is_own(url):
                yield address.key, url

    def _is_own(self, url: str) -> bool:
        return urlsplit(url).hostname in (None, self.site.host)


def _guess_page(listing: Answer) -> Step:
    category = listing.step.address.category or ""
    return Step.take(
        "next", listing_path(category, 2), "page 2, by the usual address: no pager was understood"
    )


def list_conditions(answer: Answer) -> dict[str, str]:
    """The headers that ask for a page only if it changed; empty where it has no validators."""
    asked = {
        "If-None-Match": answer.find_header("ETag"),
        "If-Modified-Since": answer.find_header("Last-Modified"),
    }
    return {name: value for name, value in asked.items() if value}


def list_locations(sitemaps: Sequence[Answer]) -> list[str]:
    """The addresses that sitemaps name."""
    return [found.decode("latin-1") for answer in sitemaps for found in _LOC.findall(answer.body)]


def name_answers(answers: Sequence[Answer]) -> Iterator[tuple[str, Answer]]:
    """Each answer with its name for people and files: `06-listing`."""
    return ((f"{number:02}-{answer.step.role}", answer) for number, answer in enumerate(answers, 1))

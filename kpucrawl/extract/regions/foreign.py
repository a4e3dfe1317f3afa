"""Pages that stand in for the office's: notices, challenges, block pages, logins, parked domains.

Known by words and headers; and where those fail by shape: a page that shows none of an office's
marks under an article's or a listing's address, and little text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate

from kpucrawl.extract.characters import collapse_space
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.phrases.tables import load_pattern
from kpucrawl.extract.records import Kind, Problem
from kpucrawl.extract.regions.headline import is_prose
from kpucrawl.extract.regions.marks import COUNTER, MENU, SHARE, has_own

ACCESS, SERVER, STRANGER = "access", "server", "stranger"
"""Fields of the problems: the visitor was turned away, the server answered with an error page of
its own, a page that is not the office's."""
LONGEST_NOTICE = 400
"""Characters of a line that may be a notice: Sucuri's longest sentence has 330."""
SCANT = 1500
"""Characters of sentences that no page has which only stands in for another: the longest seen,
Imperva's, has 700."""
MOST_LINES = 60
FEW_ITEMS = 3
FEWEST_PROSE = 200
"""Characters of sentences beside a password field that make a page more than a login."""
SHORTEST_WORD = 3
"""Letters of a slug's word that count: `di`, `ke` are on every page."""

_AWAY = re.compile(load_pattern("away_words"), re.I)
_SERVER = re.compile(load_pattern("server_words"), re.I)
_MAINTENANCE = re.compile(load_pattern("maintenance_words"), re.I)
_BLOCK = re.compile(load_pattern("block_words"), re.I)
_PARKED = re.compile(load_pattern("parked_words"), re.I)
_LOGIN = re.compile(load_pattern("login_words"), re.I)
_WAITING = re.compile(load_pattern("waiting_words"), re.I)
_BLOCK_HEADER = re.compile(load_pattern("block_headers"), re.I)
_EDGE_HEADER = re.compile(load_pattern("edge_headers"), re.I)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Foreign:
    """What stands in for the page asked for."""

    kind: Kind
    problem: Problem


def find_notice(page: Page, headers: Mapping[str, str], marks: tuple[str, ...]) -> Foreign | None:
    """What a page says that it stands in for another, by its headers and words; None where it says
    nothing of the kind. `headers` by lower-case names."""
    if _has_header(headers, _BLOCK_HEADER):
        return _turn_away(page)
    if is_whole(page, marks):
        return None
    if is_login(page, marks):
        return _call_stranger(page, "other", "The site asks for a login instead of the page.")
    said = list(_list_said(page))
    if _asks_to_wait(page) or _says(said, _BLOCK):
        return _turn_away(page)
    is_server = _says(said, _SERVER)
    if is_server or _says(said, _AWAY):
        return _report_notice(page, is_server and not _says(said, _MAINTENANCE))
    if _says(said, _PARKED):
        return _call_stranger(page, "other", "A server without this site answered.")
    bare = not has_own(marks)
    return _turn_away(page) if bare and _has_header(headers, _EDGE_HEADER) else None


def find_unmarked(page: Page, marks: tuple[str, ...]) -> Foreign | None:
    """A page with little text and without any mark of an office, where one of its articles or
    listings should be; None where it says what its address does."""
    if has_own(marks) or has_much_prose(page) or agrees_with_slug(page):
        return None
    why = "The page shows no title, menu, counter or share block of an office."
    return _call_stranger(page, "maintenance", why)


def is_whole(page: Page, marks: tuple[str, ...]) -> bool:
    """Whether a page holds what a notice never does: much text, other articles, a counter, a share
    block; or the office's menu and the title that its address gives."""
    if has_much_prose(page) or _count_articles(page) >= FEW_ITEMS:
        return not _has_password(page) or COUNTER in marks or SHARE in marks
    if COUNTER in marks or SHARE in marks:
        return True
    if page.address.kind == "listing":
        return MENU in marks and _count_articles(page) > 0
    return MENU in marks and agrees_with_slug(page)


def is_login(page: Page, marks: tuple[str, ...]) -> bool:
    """Whether a page asks for a password, calls itself a login, and tells nothing else."""
    if not _has_password(page) or COUNTER in marks or SHARE in marks:
        return False
    lines = page.outline.lines
    named = _LOGIN.search(page.title) or any(
        not line.anchors and _LOGIN.fullmatch(line.text) for line in lines
    )
    return bool(named) and count_prose(page) <= FEWEST_PROSE


def agrees_with_slug(page: Page) -> bool:
    """Whether a page is called what its address says: `/blog/read/12_rapat-pleno` `Rapat Pleno`.

    Half of the slug's words are enough, since slugs are cut and titles are edited.
    """
    slug = _read_slug(page)
    heads = (line.text for line in page.outline.lines if line.rank or line.strong)
    named = _split_name(" ".join((*page.titles, *heads)))
    shared = len(slug & named)
    return shared > 0 and 2 * shared >= len(slug)


def is_named_by_slug(page: Page) -> bool:
    """Whether the page's head has the very words of its address, neither more nor fewer."""
    slug = _read_slug(page)
    return bool(slug) and any(_split_name(title) == slug for title in page.titles)


def _read_slug(page: Page) -> set[str]:
    return _split_name(page.url.partition("?")[0].rstrip("/").rpartition("/")[2])


def count_prose(page: Page) -> int:
    """Characters of a page's sentences."""
    return sum(len(line.text) for line in page.outline.lines if is_prose(line))


def has_much_prose(page: Page) -> bool:
    """Whether a page has more sentences than one that only stands in for another."""
    sizes = accumulate(len(line.text) for line in page.outline.lines if is_prose(line))
    return any(size > SCANT for size in sizes)


def _split_name(text: str) -> set[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return {word for word in words if len(word) >= SHORTEST_WORD and not word.isdecimal()}


def _turn_away(page: Page) -> Foreign:
    why = "The site turned the visitor away instead of showing the page."
    return Foreign("maintenance", Problem(ACCESS, _get_seen(page), why))


def _report_notice(page: Page, is_server: bool) -> Foreign:
    why = "The site answered with a notice instead of the page."
    if is_server:
        why = "The server answered with an error page of its own."
    return Foreign("maintenance", Problem(SERVER if is_server else "page", _get_seen(page), why))


def _call_stranger(page: Page, kind: Kind, why: str) -> Foreign:
    return Foreign(kind, Problem(STRANGER, _get_seen(page), why))


def _get_seen(page: Page) -> str:
    return (page.title or next(_list_said(page), ""))[:200]


def _asks_to_wait(page: Page) -> bool:
    return not page.outline.lines and _WAITING.fullmatch(page.title) is not None


def _list_said(page: Page) -> Iterator[str]:
    """What a page says to a visitor, also to one without scripts or frames."""
    if page.title:
        yield page.title
    for line in page.outline.lines[:MOST_LINES]:
        if len(line.text) <= LONGEST_NOTICE:
            yield line.text
    for element in page.root.iter("noscript", "iframe"):
        text = collapse_space(" ".join(element.itertext()))
        if 0 < len(text) <= LONGEST_NOTICE:
            yield text


def _says(said: list[str], words: re.Pattern[str]) -> bool:
    return any(words.search(text) for text in said)


def _has_header(headers: Mapping[str, str], words: re.Pattern[str]) -> bool:
    return any(words.match(f"{name}: {value}") for name, value in headers.items())


def _has_password(page: Page) -> bool:
    return any((one.get("type") or "").lower() == "password" for one in page.root.iter("input"))


def _count_articles(page: Page) -> int:
    return len({address.key for _, address in page.links if address.kind == "article"})

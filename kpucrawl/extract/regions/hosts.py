"""The hosts of other offices that a page links: in menus, footers and lists of links, never in
prose, where they are misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from kpucrawl.extract.html.context import Page, find_host
from kpucrawl.extract.html.outline import Anchor, Line
from kpucrawl.extract.records import HostMention

OFFICE_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+kpu\.go\.id"
    r"|(?:[a-z0-9-]+\.)*(?:[a-z0-9-]*-)?(?:kpud?|kip)(?:-?[a-z0-9-]+)?\.(?:[a-z0-9-]+\.)*go\.id"
)
"""`kab-cilacap.kpu.go.id`; `kpud-batangkab.go.id`, `kip.acehbaratkab.go.id`."""
NATIONAL = ("www.kpu.go.id",)
"""The commission's own."""
SHORTEST_LIST = 3
"""Lines of links in a row that make a list: `Sumber:` with its link is none, and seldom has two."""
MOST = 600
"""Hosts of one page: there are 552 offices."""


def find_hosts(page: Page) -> tuple[HostMention, ...]:
    """The hosts of offices that a page links outside of prose, each once a place."""
    anchors = (anchor for line in page.outline.lines for anchor in line.anchors)
    if not any(_name_office(page, anchor) for anchor in anchors):  # as on most pages
        return ()
    found: dict[tuple[str, str], HostMention] = {}
    for place, anchor in _list_places(page):
        if host := _name_office(page, anchor):
            found.setdefault((host, place), HostMention(host, place, anchor.text))
        if len(found) == MOST:
            break
    return tuple(found.values())


def _name_office(page: Page, anchor: Anchor) -> str:
    """The host of another office that a link leads to, empty where it leads to none."""
    if ".go.id" not in anchor.href.lower():
        return ""
    host = find_host(page.resolve(anchor.href))
    if host == page.host or host in NATIONAL or not OFFICE_HOST.fullmatch(host):
        return ""
    return host


def _list_places(page: Page) -> Iterator[tuple[str, Anchor]]:
    """The links that stand for themselves, with where."""
    lines = (line for line in page.outline.lines if line.text)
    for is_link, run in groupby(lines, key=_is_link):
        linked = list(run)
        count = sum(len(line.anchors) for line in linked)
        for line in linked if is_link else ():
            place = _name_place(page, line, count)
            yield from ((place, anchor) for anchor in line.anchors if place)


def _is_link(line: Line) -> bool:
    """Whether a line is links and what parts them, rather than words with a link among them."""
    return bool(line.anchors) and 10 * line.linked >= 8 * len(line.text.replace(" | ", ""))


def _name_place(page: Page, line: Line, count: int) -> str:
    """Where a line of links stands, in a run with `count` of them; empty where a text may."""
    if line.zone >= 0:
        zones = {page.outline.tags[box] for box in page.outline.climb(line.zone)}
        return "footer" if "footer" in zones else "menu"
    return "list" if count >= SHORTEST_LIST else ""

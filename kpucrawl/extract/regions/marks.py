"""What shows that a page is an office's own: marks that no block page or parked domain has."""

from __future__ import annotations

import re

from kpucrawl.extract.html.context import Page, find_host, is_site_name, strip_site
from kpucrawl.extract.phrases.chrome import is_counter, is_networks, is_share

PREFIX, MENU, CATEGORY, COUNTER, SHARE = "prefix", "menu", "category", "counter", "share"
OWN = (PREFIX, MENU, CATEGORY, COUNTER, SHARE)
"""The office's name beside the page's in the title, links to other pages of the office, links to
its categories, a view counter, a share block."""
OFFICE, HOST = "office ", "host "
"""Begin a mark that tells which office the page says to be, `office kab-yalimo`, and whose
addresses it carries, `host kab-yalimo.kpu.go.id`."""
FEWEST_LINKS = 2
"""Links to other pages of the office that make a menu: a block page links the home page, or the
page asked for."""

_LABEL = re.compile(r"KPU\s+((?:KAB|KOTA|PROV|KIP)-[\w-]+|[\w-]+)(?:\s+[-–—|]\s|\s*$)", re.I)


def read_marks(page: Page) -> tuple[str, ...]:
    """The marks of an office that a page shows, those of `OWN` in their order, then whose it says
    to be."""
    lines = page.outline.lines
    shown = {
        PREFIX: bool(page.title) and _names_site(page.title),
        MENU: _has_menu(page),
        CATEGORY: bool(page.categories),
        COUNTER: any(is_counter(line) for line in lines),
        SHARE: any(is_share(line.text) and not is_networks(line.text) for line in lines),
    }
    return (*(mark for mark in OWN if shown[mark]), *_read_owner(page))


def has_own(marks: tuple[str, ...]) -> bool:
    """Whether there is any mark of an office among these."""
    return any(mark in OWN for mark in marks)


def _names_site(title: str) -> bool:
    """Whether a title is the office's name with something beside it."""
    return not is_site_name(title) and strip_site(title) not in ("", title)


def _has_menu(page: Page) -> bool:
    """Whether a page links several pages of the office, but for itself and the home page."""
    others = {"", "/", page.address.canonical}
    fewest = len(others) + FEWEST_LINKS
    for _, address in page.links:
        if address.kind != "file":
            others.add(address.canonical)
        if len(others) >= fewest:
            return True
    return False


def _read_owner(page: Page) -> tuple[str, ...]:
    """Which office the title names, and the hosts under kpu.go.id of what the page calls itself."""
    found = _LABEL.match(page.title)
    label = (f"{OFFICE}{found[1].lower()}",) if found else ()
    links = (link for link in page.root.iter("link") if link.get("rel") == "canonical")
    canonical = next(links, None)
    called = canonical.get("href") if canonical is not None else None
    hosts = {find_host(address) for address in (called or "", page.find_meta("og:url"))}
    return (*label, *(f"{HOST}{host}" for host in sorted(hosts - {""})))

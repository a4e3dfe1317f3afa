"""Where a page sends its visitor by itself: `<meta http-equiv="refresh">` and plain scripts.
Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from kpucrawl.extract.addresses import is_same_address, resolve_address
from kpucrawl.extract.html.context import Page
from kpucrawl.extract.html.scripts import find_script_redirect

SOON = 5.0
"""Seconds within which a page that sends its visitor on is read by nobody."""
LATE = 30.0
"""Seconds after which a page with next to nothing on it still is only a stop: `Anda akan dialihkan
dalam 10 detik`. Beyond it is a page that shows itself anew, as news tickers do."""
FEW_CHARACTERS = 300
"""Characters outside of links and furniture that a notice of a redirect may have; the shortest
articles of the corpus have more or a picture. A page with more is read, whatever its scripts or
its `<noscript>` say: browsers that run the rest stay on it."""
MOST_SCRIPTS = 50
"""Scripts looked at on one page."""

_REFRESH = re.compile(
    r"[\t\n\f\r ]*(?P<delay>\d+|(?=\.))(?P<part>[\d.]*)"
    r"(?:[\t\n\f\r ]*[;,][\t\n\f\r ]*|[\t\n\f\r ]+|$)(?P<rest>.*)",
    re.S | re.A,
)
"""The delay and what follows it, as HTML's `shared declarative refresh steps` have it."""
_URL = re.compile(r"url[\t\n\f\r ]*=[\t\n\f\r ]*(?P<url>.*)", re.I | re.S)
_TEXTS = frozenset({"textarea", "template", "script", "style", "title", "xmp", "iframe"})
"""What stands in these is text, no markup."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """A page's order to go elsewhere."""

    url: str
    """Absolute; the page's own address where it only loads itself again."""
    how: str
    """`refresh` or `script`."""


def find_redirect(page: Page) -> Redirect | None:
    """Where a page sends its visitor, None where it is a page to stay on."""
    has_content = _has_content(page)
    for delay, url, is_fallback in _list_refreshes(page):
        if not has_content and delay <= LATE:
            return Redirect(url, "refresh")
        if delay <= SOON and not is_fallback and not is_same_address(url, page.url):
            return Redirect(url, "refresh")
    if has_content:
        return None
    return next((Redirect(url, "script") for url in _list_script_targets(page)), None)


def read_refresh(content: str) -> tuple[float, str] | None:
    """The seconds and the address, empty for the page's own, of a refresh's `content`: `0;
    url='/blog/read/9'`; None for what browsers ignore."""
    found = _REFRESH.match(content)
    if found is None:
        return None
    delay = float(found["delay"][:9] or 0)
    rest = found["rest"]
    named = _URL.match(rest)
    target = named["url"] if named else rest
    if target[:1] in ("'", '"'):
        target = target[1:].partition(target[0])[0]
    return delay, target.strip("\t\n\f\r ")


def _list_refreshes(page: Page) -> Iterator[tuple[float, str, bool]]:
    """Delay, absolute address, and whether it is meant for browsers without scripts alone."""
    for meta in page.root.iter("meta"):
        if (meta.get("http-equiv") or "").lower() != "refresh":
            continue
        around = {str(one.tag) for one in meta.iterancestors()}
        told = read_refresh(meta.get("content") or "")
        if told is None or around & _TEXTS:
            continue
        delay, target = told
        url = resolve_address(page.base, target) if target else page.url
        if url is not None:
            yield delay, url, "noscript" in around


def _list_script_targets(page: Page) -> Iterator[str]:
    """Absolute addresses that the page's scripts go to."""
    for number, script in enumerate(page.root.iter("script")):
        if number >= MOST_SCRIPTS:
            break
        target = find_script_redirect(_read_script(script), page.url)
        if target is not None and (url := resolve_address(page.base, target)):
            yield url


def _read_script(script: etree._Element) -> str:
    kind = (script.get("type") or "").lower()
    return "" if kind and "javascript" not in kind and kind != "module" else script.text or ""


def _has_content(page: Page) -> bool:
    """Whether a page shows more than a notice."""
    shown = 0
    for line in page.outline.lines:
        if line.zone < 0:
            shown += len(line.text) - line.linked
        if shown > FEW_CHARACTERS:
            return True
    return False

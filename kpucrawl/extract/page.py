"""Reading one page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from kpucrawl.extract.html.context import Page, fold
from kpucrawl.extract.html.limits import BOUND
from kpucrawl.extract.html.outline import Line
from kpucrawl.extract.html.parse import open_page
from kpucrawl.extract.html.redirects import Redirect, find_redirect
from kpucrawl.extract.html.skeleton import digest_skeleton
from kpucrawl.extract.layouts.listed import read_listed
from kpucrawl.extract.layouts.model import Layout
from kpucrawl.extract.layouts.read import fit_layout
from kpucrawl.extract.records import Article, Kind, Listing, PageReading, Problem
from kpucrawl.extract.regions.api import read_api
from kpucrawl.extract.regions.article import FetchContext, read_article
from kpucrawl.extract.regions.foreign import (
    Foreign,
    find_notice,
    find_unmarked,
    is_named_by_slug,
)
from kpucrawl.extract.regions.headline import (
    HeadlineFinder,
    complete_title,
    is_prose,
    is_untitled,
)
from kpucrawl.extract.regions.hosts import find_hosts
from kpucrawl.extract.regions.kinds import (
    has_number,
    has_slug,
    is_gone,
    is_home,
    is_list,
    is_listing_gone,
    is_service,
)
from kpucrawl.extract.regions.listing import read_listing
from kpucrawl.extract.regions.marks import read_marks
from kpucrawl.extract.regions.untitled import find_plain_headline
from kpucrawl.extract.templates import READER_VERSION, Template, choose_template
from kpucrawl.extract.urls import Address, is_api, parse_url

Marks = tuple[str, ...]

_SEEN = 200
REPLACEMENT = "\ufffd"
GARBLED = 0.1
"""Share of a page's characters that stand for bytes which are none: of packed bytes a third are, of
a page in the wrong charset one of forty."""
OWN = ("home", "listing", "article")
"""Kinds of pages whose links are the office's."""
REDIRECT = "redirect"
"""The field of the problem of a page that is a redirect; `archive.watch.verdicts` knows it."""
_NO_ARTICLE = Problem("page", "", "No article was found here.")


def read_page(
    body: bytes,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    fetched_at: datetime | None = None,
    zone: str = "Asia/Jakarta",
    layout: Layout | None = None,
) -> PageReading:
    """Read what a page says. Pure, and never raises: what cannot be read is a reading with
    problems.

    `url` is the address that answered; `headers` as sent; `fetched_at` aware; `zone` the office's
    time zone.
    """
    context = FetchContext(
        {name.lower(): value for name, value in (headers or {}).items()}, fetched_at, zone
    )
    try:
        return _read(body, url, context, layout)
    except Exception as error:  # noqa: BLE001 - the boundary: the bytes are archived, the failure is a row
        return report_bug(error, url)


def _read(body: bytes, url: str, context: FetchContext, layout: Layout | None) -> PageReading:
    address = parse_url(url)
    if listing := read_api(body, url, address, context.zone):
        return _report(
            "listing", choose_template(address), listing=listing, problems=_doubt_listing(listing)
        )
    page = open_page(body, url)
    if page is None:
        return _report_blank(body, url)
    if is_garbled(page):
        return _report_garbled(page)
    marks = read_marks(page)
    reading = _read_foreign(page, context, marks)
    redirect = find_redirect(page) if reading is None else None
    if redirect and not is_gone(page, None):
        return _report_redirect(page, redirect)
    if reading is None and _is_blank(page):
        return _report_blank(body, url)
    if reading is None and layout is not None:
        reading = _read_by_layout(page, layout, context)
    reading = reading or _read_kind(page, context, marks, layout)
    return replace(
        reading,
        skeleton=digest_skeleton(page.outline),
        marks=marks,
        categories=page.categories,
        mentions=page.mentions,
        hosts=find_hosts(page) if reading.kind in OWN else (),
        problems=(*reading.problems, *_name_bounds(page)),
    )


def _name_bounds(page: Page) -> Iterator[Problem]:
    """What of a page was not looked at, since there is too much of it."""
    for words in page.outline.bounds:
        yield Problem(BOUND, words, "The page has more; what lies behind was not looked at.")


def _report_redirect(page: Page, redirect: Redirect) -> PageReading:
    """What is read from a page that only sends its visitor on."""
    why = f"The page sends its visitor on, by {redirect.how}, and shows nothing of its own."
    problem = Problem(REDIRECT, redirect.url[:_SEEN], why)
    reading = _report("other", choose_template(page.address), problems=(problem,))
    return replace(reading, skeleton=digest_skeleton(page.outline), leads_to=redirect.url)


def is_garbled(page: Page) -> bool:
    """Whether bytes are no text: still packed, or of a picture."""
    text = "".join(line.text for line in page.outline.lines)
    return text.count(REPLACEMENT) > GARBLED * len(text)


def _report_garbled(page: Page) -> PageReading:
    seen = "".join(line.text for line in page.outline.lines)[:_SEEN]
    problem = Problem("page", seen, "These bytes are no text.")
    return _report("other", choose_template(page.address), problems=(problem,))


def _report_blank(body: bytes, url: str) -> PageReading:
    problem = Problem("page", repr(body[:80])[:_SEEN], "There is no text on this page.")
    return _report("other", choose_template(parse_url(url)), problems=(problem,))


def report_bug(error: Exception, url: str) -> PageReading:
    """What is read from a page that a bug of the reader keeps from being read."""
    why = "The reader has a bug that this page shows; its bytes are evidence."
    problem = Problem("reader", _describe_bug(error), why)
    return _report("other", choose_template(parse_url(url)), problems=(problem,))


def _describe_bug(error: Exception) -> str:
    """An exception with the line that raised it: `KeyError('a') in dates.py, line 12`."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = ""
    if trace is not None:
        file = trace.tb_frame.f_code.co_filename.rpartition("/")[2]
        where = f" in {file}, line {trace.tb_lineno}"
    return f"{error!r:.{_SEEN - len(where)}}{where}"


def _is_blank(page: Page) -> bool:
    return not (page.outline.lines or page.outline.images or page.outline.embeds)


def _read_foreign(page: Page, context: FetchContext, marks: Marks) -> PageReading | None:
    """What is read from a page that says it stands in for the one asked for."""
    notice = find_notice(page, context.headers, marks)
    return _report_foreign(page, notice) if notice else None


def _report_foreign(page: Page, foreign: Foreign) -> PageReading:
    template = choose_template(page.address, _list_shown(page), page.find_meta("generator"))
    return _report(foreign.kind, template, problems=(foreign.problem,))


def _read_kind(
    page: Page, context: FetchContext, marks: Marks, layout: Layout | None
) -> PageReading:
    """Decide what the page is, from its address first, and read it as that."""
    template = choose_template(page.address, _list_shown(page), page.find_meta("generator"))
    if is_api(page.address):  # and not the JSON that it should be
        return _report("other", template, problems=(replace(_NO_ARTICLE, seen=page.title[:_SEEN]),))
    if page.address.kind in ("listing", "home"):
        return _read_list(page, template, marks, layout)
    return _read_unlisted(page, template, layout) or _read_single(page, template, context, marks)


def _read_by_layout(page: Page, layout: Layout, context: FetchContext) -> PageReading | None:
    """Read an article whose page fits the layout; None where it fits none, or what was read there
    contradicts the page."""
    if page.address.kind in ("listing", "home") or is_api(page.address):
        return None
    fit = fit_layout(layout, page)
    article = fit.read_article(context) if fit else None
    if fit is None or article is None or not (article.body or article.images):
        return None
    template = choose_template(page.address, _list_shown(page), page.find_meta("generator"))
    if is_gone(page, article) and not _is_called_so(page, article):
        return _report_missing(page, template)
    problems = _doubt_article(page, template, article, _is_witnessed(page, article))
    problems = (*problems, *fit.doubt_body())
    name = f"{layout.digest[:16]}/{fit.group.name}"
    return _report("article", template, article=article, problems=problems, layout=name)


def _is_witnessed(page: Page, article: Article) -> bool:
    """Whether the page's head calls the article as its headline does, or says nothing."""
    told = {fold(title) for title in page.titles}
    return not told or fold(article.title or "") in told


def _list_shown(page: Page) -> list[Address]:
    """What the page's links name: they tell the generation of a page whose own address does not."""
    if page.address.key is not None and page.address.key.route != "url":
        return []
    anchors = (anchor for line in page.outline.lines for anchor in line.anchors)
    return [address for anchor in anchors if (address := page.parse(anchor.href))]


def _read_list(page: Page, template: Template, marks: Marks, layout: Layout | None) -> PageReading:
    """Read a listing or the home page, by the layout where it fits."""
    told = read_listed(layout, page) if layout else None
    listing = told.listing if told else read_listing(page)
    if is_listing_gone(page, listing):
        return _report_missing(page, template)
    is_empty = page.address.kind == "listing" and not listing.items
    if is_empty and (foreign := find_unmarked(page, marks)):
        return _report_foreign(page, foreign)
    kind: Kind = "home" if page.address.kind == "home" else "listing"
    problems = told.problems if told else _doubt_listing(listing)
    name = told.name if told else None
    return _report(kind, template, listing=listing, problems=problems, layout=name)


def _read_unlisted(page: Page, template: Template, layout: Layout | None) -> PageReading | None:
    """Read a listing under an address that does not say so, by the layout; what a search finds is
    none."""
    if layout is None or page.address.kind != "other" or is_service(page, None):
        return None
    told = read_listed(layout, page)
    if told is None or told.name is None:
        return None
    problems = told.problems
    return _report("listing", template, listing=told.listing, problems=problems, layout=told.name)


def _read_single(
    page: Page, template: Template, context: FetchContext, marks: Marks
) -> PageReading:
    """Read a page whose address is an article's, or nobody's."""
    finder = HeadlineFinder(page)
    head = finder.find() or find_plain_headline(page)
    article = _read_headed(page, head, context)
    if is_gone(page, article) and not _is_called_so(page, article):
        return _report_missing(page, template)
    if is_service(page, head):
        return _report("other", template, problems=(replace(_NO_ARTICLE, seen=page.title[:_SEEN]),))
    if foreign := find_unmarked(page, marks):
        return _report_foreign(page, foreign)
    agrees = head is not None and (finder.agrees(head) or _is_told(page, article))
    if not agrees and (reading := _read_as_list(page, template, article)):
        return reading
    known = page.address.kind == "article" or agrees or is_untitled(page)
    if article is None or not known or not _is_article(page, article):
        return _report("other", template, problems=(replace(_NO_ARTICLE, seen=page.title[:_SEEN]),))
    problems = _doubt_article(page, template, article, agrees)
    return _report("article", template, article=article, problems=problems)


def _is_called_so(page: Page, article: Article | None) -> bool:
    """Whether what sounds like a missing page is the title of an article with text and counter, as
    its address shows."""
    if article is None or not article.body or article.views is None:
        return False
    return is_named_by_slug(page)


def _read_headed(page: Page, head: Line | None, context: FetchContext) -> Article | None:
    """The article below the headline; without one, the first sentences under the title of the
    page's head."""
    title = next(iter(page.titles), None)
    if head is not None:
        return read_article(page, head, complete_title(head.text, title), context)
    stand_in = _find_stand_in(page)
    return read_article(page, stand_in, title, context) if stand_in else None


def _find_stand_in(page: Page) -> Line | None:
    """A line of no words right above the first sentence that is not in the furniture."""
    first = next((line for line in page.outline.lines if line.zone < 0 and is_prose(line)), None)
    if first is None:
        return None
    box = max(page.outline.parents[first.box], 0)
    above = first.index - 1
    return replace(first, index=above, text="", box=box, rank=0, anchors=(), raw=(), linked=0)


def _read_as_list(page: Page, template: Template, article: Article | None) -> PageReading | None:
    """The home page or a listing under another page's address, None when it is neither."""
    listing = read_listing(page)
    if is_home(page, listing, article):
        return _report("home", template, listing=listing)
    if page.address.kind != "article" and is_list(page, listing):
        return _report("listing", template, listing=listing)
    return None


def _is_told(page: Page, article: Article | None) -> bool:
    """Whether a page that does not name its article in its head shows one text with its day or
    counter."""
    if article is None or not article.body or not has_number(page.url) or not is_untitled(page):
        return False
    return _is_dated_or_counted(article)


def _is_dated_or_counted(article: Article) -> bool:
    """Whether a page prints a day of publication or a counter, as articles do and other pages do
    not."""
    return article.views is not None or any(piece.source == "printed" for piece in article.evidence)


def _is_article(page: Page, article: Article) -> bool:
    """Whether a page is an article by its address, or what it holds one: counted, declared,
    numbered or named."""
    if page.address.kind == "article":
        return True
    if not (article.body or article.images or article.attachments):
        return False
    declared = _is_dated_or_counted(article) or page.find_meta("og:type") == "article"
    return declared or has_number(page.url) or has_slug(page.url)


def _doubt_article(
    page: Page, template: Template, article: Article, agrees: bool
) -> tuple[Problem, ...]:
    """What is missing from an article, or contradicts itself."""
    problems = [
        Problem(field, page.title[:_SEEN], f"No {field} was found on this page.")
        for field in template.required
        if getattr(article, field) is None
    ]
    if not article.body:
        held = [what for what in ("images", "attachments") if getattr(article, what)]
        why = (
            f"The article has no text, only {' and '.join(held)}."
            if held
            else "The article has no text."
        )
        problems.append(Problem("body", (article.title or "")[:_SEEN], why))
    if not agrees and page.titles and article.title != page.titles[0]:
        problems.append(
            Problem("title", page.titles[0][:_SEEN], "The page's head calls the article otherwise.")
        )
    return (*problems, *article.doubts)


def _doubt_listing(listing: Listing) -> tuple[Problem, ...]:
    if listing.items:
        return ()
    return (Problem("items", (listing.title or "")[:_SEEN], "The listing shows no articles."),)


def _report_missing(page: Page, template: Template) -> PageReading:
    problem = Problem("page", page.title[:_SEEN], "The page says that there is no such page.")
    return _report("missing", template, problems=(problem,))


def _report(
    kind: Kind,
    template: Template,
    *,
    article: Article | None = None,
    listing: Listing | None = None,
    problems: tuple[Problem, ...] = (),
    layout: str | None = None,
) -> PageReading:
    return PageReading(
        kind,
        template.name,
        READER_VERSION,
        "",
        article=article,
        listing=listing,
        problems=problems,
        layout=layout,
    )

"""Facets: what an article is filtered by, as tokens in the index beside its words.

`s3372` office, `p33` province, `m202401` a month it may have been published in, `cberitaterkini`
category or section, `fbackdated` what is odd about its date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from archive.search.tokens import cut_token, fold_words

UNDATED = "undated"
WIDE = "wide"
"""The facet of articles dated to more than `MOST_MONTHS` months: theirs are not listed."""
MOST_MONTHS = 12
"""Measured on 100,000 articles: a word of one month is found in 0.6, of a year in 0.9, of two in
1.7 of the time that comparing dates alone takes."""


def office_facet(code: str) -> str:
    """`33.72` -> `s3372`."""
    return "s" + code.replace(".", "")


def province_facet(code: str) -> str:
    """`33` -> `p33`."""
    return "p" + code


def category_facet(title: str) -> str:
    """`Berita Terkini` -> `cberitaterkini`."""
    return cut_token("c" + "".join(fold_words(title)))


def flag_facet(flag: str) -> str:
    """`backdated` -> `fbackdated`."""
    return "f" + flag


def date_facets(earliest: date | None, latest: date | None) -> tuple[str, ...]:
    """The months of an article's date, or a word for why there are none."""
    if earliest is None:
        return (UNDATED,)
    return tuple(_list_months(earliest, latest or earliest)) or (WIDE,)


def period_facets(since: date | None, until: date | None) -> tuple[str, ...]:
    """Facets of which every article that may be of a period has one, and every undated one.

    None for open and long periods: comparing dates takes less time than so many facets.
    """
    months = tuple(_list_months(since, until)) if since and until else ()
    return (*months, WIDE, UNDATED) if months else ()


def _list_months(since: date, until: date) -> Iterator[str]:
    """The facets of the months from one day to another, or nothing when there are more than
    `MOST_MONTHS`."""
    first, last = since.year * 12 + since.month - 1, until.year * 12 + until.month - 1
    if last - first < MOST_MONTHS:
        yield from (f"m{month // 12:04}{month % 12 + 1:02}" for month in range(first, last + 1))

"""The reader's word lists, from `phrases.csv`: a repair is a line there.

Each row has a list, a pattern (a regular expression, or a plain word) and where it was `seen`: a
page of tests/corpus, a row of tests/snippets or of the development rows that they were drawn from
(`dev`), the description of the sites (`domain`), or the product whose page says so (`vendor: NAME`,
`providers: NAMES`, `defacements`). An empty `seen` marks a form by analogy that no
text showed.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def load_pattern(name: str) -> str:
    """A list as one regular expression, its rows in their order: `facebook|twitter|whatapps`."""
    return "|".join(_load_lists()[name])


def load_words(name: str) -> frozenset[str]:
    """A list of plain words."""
    return frozenset(_load_lists()[name])


def load_groups(kind: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lists called `KIND NAME`, as name and rows: `section berita` is in the kind `section`."""
    lists = _load_lists().items()
    return tuple(
        (name.removeprefix(f"{kind} "), rows) for name, rows in lists if name.startswith(f"{kind} ")
    )


@cache
def _load_lists() -> Mapping[str, tuple[str, ...]]:
    lists: dict[str, list[str]] = {}
    with (files(__package__) / "phrases.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            lists.setdefault(row["list"], []).append(row["pattern"])
    return {name: tuple(patterns) for name, patterns in lists.items()}

"""The files that articles offer: which are wanted, from where, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from archive.addresses import read_host
from archive.records import LinkKind, WantedFile
from kpucrawl.bounds import LONGEST_URL
from kpucrawl.crawl.arguments import ArgumentError
from kpucrawl.crawl.asks import Ask
from kpucrawl.extract.urls import Address

KINDS: dict[str, tuple[LinkKind, ...]] = {
    "": (),
    "documents": ("attachment",),
    "all": ("attachment", "image"),
}
"""What `KPU_FILES` can be, and which links it stands for."""
MOST_DIGITS = 6
"""Of a budget: more requests than a year has for one host."""
PRIORITY = -10
"""Behind all pages."""
MOST_HOPS = 3
"""Redirects followed from one file."""
COMMISSION = "kpu.go.id"
"""The domain of all offices; files of one may stand on hosts of others."""


@dataclass(frozen=True, slots=True)
class FileWish:
    """What a run is asked for beside pages."""

    kinds: tuple[LinkKind, ...]
    """Empty for nothing."""
    budget: int
    """Requests for files in one visit."""

    @classmethod
    def parse(cls, kinds: str, budget: str) -> FileWish:
        """Read KPU_FILES and KPU_FILES_BUDGET; raise ArgumentError."""
        if kinds not in KINDS:
            known = ", ".join(filter(None, KINDS))
            raise ArgumentError(f"KPU_FILES is one of {known}, or empty, not {kinds[:40]!r}")
        is_count = budget.isascii() and budget.isdigit() and len(budget) <= MOST_DIGITS
        if not is_count:
            raise ArgumentError(f"KPU_FILES_BUDGET must be a whole number, not {budget[:40]!r}")
        return cls(KINDS[kinds], int(budget))


@dataclass(frozen=True, slots=True)
class FileAsk(Ask):
    """A file to ask for."""

    host: str = ""
    link: str = ""
    """Its address as an article has it."""
    digest: str | None = None
    """Of the bytes held, which a 304 confirms."""

    @classmethod
    def begin(cls, wanted: WantedFile) -> FileAsk:
        """Ask for what an article links."""
        ask = replace(_locate(wanted.url), link=wanted.url, digest=wanted.digest)
        return replace(ask, headers=wanted.validators, validated=wanted.capture)

    def follow(self, target: str) -> FileAsk:
        """Ask for where an answer led to."""
        return replace(_locate(target), link=self.link, hops=self.hops + 1)


def _locate(url: str) -> FileAsk:
    parts = urlsplit(url)
    path = f"{parts.path or '/'}{'?' * bool(parts.query)}{parts.query}"
    return FileAsk(path, PRIORITY, Address("other", url), host=read_host(url))


def choose_files(wanted: Iterable[WantedFile], host: str) -> Iterator[FileAsk]:
    """What to ask for, of the files of the office with this host."""
    return (FileAsk.begin(one) for one in wanted if is_allowed(one.url, host))


def is_allowed(url: str, host: str) -> bool:
    """Whether a file may be asked for: from the office itself, or from the commission."""
    try:
        scheme = urlsplit(url).scheme
    except ValueError:  # "http://["
        return False
    named = read_host(url)
    is_known = named in (host, COMMISSION) or named.endswith(f".{COMMISSION}")
    return scheme in ("http", "https") and is_known and len(url) <= LONGEST_URL

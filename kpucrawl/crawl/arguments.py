"""What a crawl can be asked for on the command line: `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kpucrawl.sites import LEVELS, Site, Sites

MOST_DIGITS = 9
"""Of a count: databases and Python's own conversion end somewhere beyond."""
ARGUMENTS = ("depth", "pages", "limit", "gaps")


class ArgumentError(ValueError):
    """A crawl argument (`-a NAME=VALUE`) is unknown or has no meaning."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of a crawl."""

    full: bool = False
    """Walk every listing page."""
    pages: int | None = None
    """At most so many listing pages per category."""
    limit: int | None = None
    """At most so many articles per office."""
    gaps: int = 0
    """Ask for so many numbers at most that no listing ever showed, the highest first."""

    @classmethod
    def parse(cls, values: Mapping[str, str], also: Collection[str] = ()) -> Arguments:
        """Read `-a` arguments, leaving those named in `also` to the caller; raise ArgumentError."""
        for name in values:
            if name not in {*ARGUMENTS, *also}:
                known = ", ".join([*ARGUMENTS, *also])
                raise ArgumentError(f"unknown argument {name!r}; a crawl takes {known}")
        if values.get("depth", "full") != "full":
            raise ArgumentError(f"depth can only be 'full', not {values['depth']!r}")
        pages, limit, gaps = (_read_count(values, name) for name in ("pages", "limit", "gaps"))
        return cls("depth" in values, pages, limit, gaps or 0)

    @property
    def partial(self) -> bool:
        """Whether the run was told to leave something out: then absence proves nothing."""
        return self.pages is not None or self.limit is not None


def _read_count(values: Mapping[str, str], name: str) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    digits = value.lstrip("0")
    if not (value.isascii() and value.isdigit()) or not 1 <= len(digits) <= MOST_DIGITS:
        most = 10**MOST_DIGITS - 1
        raise ArgumentError(f"{name} must be a whole number from 1 to {most}, not {value[:40]!r}")
    return int(digits)


def choose_sites(sites: Sites, given: Mapping[str, str]) -> tuple[Site, ...]:
    """Choose offices by the arguments; raise ArgumentError for a name nobody has, or when none is
    left."""
    chosen = list(sites)
    if names := _split_names(given.get("sites", "")):
        chosen = list(dict.fromkeys(_find_site(sites, name) for name in names))
    if provinces := _split_names(given.get("province", "")):
        _check_provinces(sites, provinces)
        chosen = [site for site in chosen if site.province_code in provinces]
    if levels := _split_names(given.get("level", "")):
        _check_levels(levels)
        chosen = [site for site in chosen if site.level in levels]
    if not chosen:
        raise ArgumentError("no office fits these arguments")
    return tuple(chosen)


def _split_names(given: str) -> list[str]:
    return [name.strip() for name in given.split(",") if name.strip()]


def _check_provinces(sites: Sites, codes: Collection[str]) -> None:
    known = {site.province_code for site in sites}
    for code in codes:
        if code not in known:
            raise ArgumentError(
                f"no province has the code {code!r}; province takes Kemendagri codes: 33 or 33,34"
            )


def _check_levels(levels: Collection[str]) -> None:
    for level in levels:
        if level not in LEVELS:
            raise ArgumentError(f"level is one of {', '.join(LEVELS)}, not {level!r}")


def _find_site(sites: Sites, name: str) -> Site:
    site = sites.find(name)
    if site is None:
        near = ", ".join(sites.suggest(name)) or "see `scrapy list`"
        raise ArgumentError(f"no office is called {name!r}; did you mean {near}?")
    return site

"""What a crawl can be asked for on the command line: `-a NAME=VALUE`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kpucrawl.sites import LEVELS, Site, Sites

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
    if not value.isdecimal() or int(value) < 1:
        raise ArgumentError(f"{name} must be a whole number from 1, not {value!r}")
    return int(value)


def choose_sites(sites: Sites, given: Mapping[str, str]) -> tuple[Site, ...]:
    """Choose offices by the arguments; raise ArgumentError for a name nobody has, or when none is
    left."""
    chosen = list(sites)
    if names := [name.strip() for name in given.get("sites", "").split(",") if name.strip()]:
        chosen = list(dict.fromkeys(_find_site(sites, name) for name in names))
    if province := given.get("province"):
        if province not in {site.province_code for site in sites}:
            raise ArgumentError(
                f"no province has the code {province!r}; province takes a Kemendagri code: 33"
            )
        chosen = [site for site in chosen if site.province_code == province]
    if level := given.get("level"):
        if level not in LEVELS:
            raise ArgumentError(f"level is one of {', '.join(LEVELS)}, not {level!r}")
        chosen = [site for site in chosen if site.level == level]
    if not chosen:
        raise ArgumentError("no office fits these arguments")
    return tuple(chosen)


def _find_site(sites: Sites, name: str) -> Site:
    site = sites.find(name)
    if site is None:
        near = ", ".join(sites.suggest(name)) or "see `scrapy list`"
        raise ArgumentError(f"no office is called {name!r}; did you mean {near}?")
    return site

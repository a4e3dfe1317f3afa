"""`semua`: many offices in one engine, each host at its own pace."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from kpucrawl.arguments import ArgumentError
from kpucrawl.sites import ALL_SITES, LEVELS, Site, Sites, load_sites
from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class SemuaSpider(KpuSpider):
    """Crawls all offices, or those chosen by `province`, `level` or `sites`."""

    name = ALL_SITES
    more_arguments: ClassVar[tuple[str, ...]] = ("province", "level", "sites")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Ask many hosts at once; each still has its own pace."""
        super().update_settings(settings)
        settings.set("CONCURRENT_REQUESTS", 64, priority="spider")

    @property
    def allowed_domains(self) -> list[str]:
        """The hosts that are asked."""
        return [site.host for site in self.find_sites()]

    def find_sites(self) -> tuple[Site, ...]:
        """The chosen offices, less those that another run holds, and those without certificate checks, which need a
        process of their own."""
        sites = load_sites(self.settings.get("SITES_CORRECTIONS"))
        exempt = set(self.settings.getlist("UNVERIFIED_SITES"))
        chosen = choose_sites(sites, self.given)
        locked = self.settings.getlist("LOCKED_SITES")
        left = tuple(site for site in chosen if site.label not in exempt and site.label not in locked)
        if not left:
            raise ArgumentError(f"{chosen[0].label} is exempt from certificate checks: crawl it by itself")
        return left


def choose_sites(sites: Sites, given: dict[str, str]) -> tuple[Site, ...]:
    """Choose offices by the arguments; raise ArgumentError for a name nobody has, or when none is left."""
    chosen = list(sites)
    if names := [name.strip() for name in given.get("sites", "").split(",") if name.strip()]:
        for name in names:
            if name not in sites.by_label:
                near = ", ".join(sites.suggest(name)) or "see `scrapy list`"
                raise ArgumentError(f"no office is called {name!r}; did you mean {near}?")
        chosen = [sites.by_label[name] for name in dict.fromkeys(names)]
    if province := given.get("province"):
        if province not in {site.province_code for site in sites}:
            raise ArgumentError(f"no province has the code {province!r}; province takes a Kemendagri code: 33")
        chosen = [site for site in chosen if site.province_code == province]
    if level := given.get("level"):
        if level not in LEVELS:
            raise ArgumentError(f"level is one of {', '.join(LEVELS)}, not {level!r}")
        chosen = [site for site in chosen if site.level == level]
    if not chosen:
        raise ArgumentError("no office fits these arguments")
    return tuple(chosen)

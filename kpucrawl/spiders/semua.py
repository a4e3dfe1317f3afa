"""`semua`: many offices in one engine, each host at its own pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from kpucrawl.crawl.arguments import ArgumentError, choose_sites
from kpucrawl.sites import ALL_SITES, Site, load_sites
from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class SemuaSpider(KpuSpider):
    """Crawls all offices, or those chosen by `province`, `level` or `sites`."""

    name = ALL_SITES
    many: ClassVar[bool] = True
    more_arguments: ClassVar[tuple[str, ...]] = ("province", "level", "sites")

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Ask many hosts at once; each still has its own pace."""
        super().update_settings(settings)
        settings.set("CONCURRENT_REQUESTS", 64, priority="spider")

    @cached_property
    def allowed_domains(self) -> frozenset[str]:
        """The hosts that are asked."""
        return frozenset(site.host for site in self.find_sites())

    def order_sites(self) -> Sequence[Site]:
        """Those first that were not visited for the longest time: a run that is bounded by time
        neglects nobody."""
        ended = self.run.frontier.find_last_visits()
        never = datetime.min.replace(tzinfo=UTC)
        return sorted(self.find_sites(), key=lambda site: ended.get(site.code, never))

    def find_sites(self) -> tuple[Site, ...]:
        """The chosen offices, less those that another run holds, and those without certificate
        checks, which need a process of their own."""
        sites = load_sites(
            self.settings.get("SITES_CORRECTIONS"), self.settings.getlist("OTHER_HOSTS")
        )
        exempt = {
            site.label
            for name in self.settings.getlist("UNVERIFIED_SITES")
            if (site := sites.find(name))
        }
        chosen = choose_sites(sites, self.given)
        locked = self.settings.getlist("LOCKED_SITES")
        left = tuple(
            site for site in chosen if site.label not in exempt and site.label not in locked
        )
        if not left:
            raise ArgumentError(
                f"{chosen[0].label} is exempt from certificate checks: crawl it by itself"
            )
        return left

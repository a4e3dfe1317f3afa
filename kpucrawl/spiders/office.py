"""The spider of one office; the loader makes one class per row of the office list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpucrawl.spiders.base import KpuSpider

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from kpucrawl.sites import Site, Sites


class OfficeSpider(KpuSpider):
    """Crawls one office."""

    site: Site
    sites: Sites
    """The list that it is of."""

    @property
    def allowed_domains(self) -> list[str]:
        """The one host that is asked."""
        return [self.site.host]

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Leave certificates unchecked where this office was exempted by name; it is alone in its
        process."""
        super().update_settings(settings)
        exempt = map(cls.sites.find, settings.getlist("UNVERIFIED_SITES"))
        if cls.site in exempt:
            settings.set("DOWNLOAD_VERIFY_CERTIFICATES", False, priority="spider")

    def find_sites(self) -> tuple[Site, ...]:
        """This office."""
        return (self.site,)

"""One spider class per office, made from the office list instead of from 552 files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.exceptions import UsageError
from scrapy.spiderloader import SpiderLoader

from kpucrawl.sites import ALL_SITES, Site, Sites, SitesError, load_sites
from kpucrawl.spiders.office import OfficeSpider
from kpucrawl.spiders.semua import SemuaSpider

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class UnknownOffice(KeyError, UsageError):
    """No office has this name: a KeyError for Scrapy's callers, a usage error for its command
    line."""

    def __init__(self, name: str, sites: Sites) -> None:
        near = sites.suggest(name)
        hint = f"did you mean {', '.join(near)}?" if near else "`scrapy list` prints all names"
        self.message = f"no office is called {name!r}; {hint}"
        self.print_help = False
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class OfficeSpiderLoader(SpiderLoader):
    """Finds spiders by office; the classes are made when first asked for and kept."""

    def __init__(self, settings: BaseSettings) -> None:
        try:
            self.sites = load_sites(
                settings.get("SITES_CORRECTIONS"), settings.getlist("OTHER_HOSTS")
            )
        except SitesError as error:
            print(error, file=sys.stderr)
            raise SystemExit(2) from error
        super().__init__(settings)

    def _load_all_spiders(self) -> None:
        """Nothing to import: the classes are made by `load`."""
        self._spiders = {ALL_SITES: SemuaSpider}

    def load(self, spider_name: str) -> type[Spider]:
        """Return the class of one office by any of its names, the same one each time; raise
        UnknownOffice."""
        if spider_name in self._spiders:
            return self._spiders[spider_name]
        site = self.sites.find(spider_name)
        if site is None:
            raise UnknownOffice(spider_name, self.sites)
        if site.label not in self._spiders:
            self._spiders[site.label] = make_spider_class(site, self.sites)
        return self._spiders[site.label]

    def list(self) -> list[str]:
        """Return the names of all offices in the order of the list, then `semua`."""
        return [*self.sites.by_label, ALL_SITES]

    def find_by_request(self, request: Request) -> Any:
        """Return the office whose host is exactly the request's, as a list of at most one name."""
        site = self.sites.by_host.get(urlsplit(request.url).hostname or "")
        return [site.label] if site else []


def make_spider_class(
    site: Site, sites: Sites, base: type[OfficeSpider] = OfficeSpider
) -> type[OfficeSpider]:
    """Make the spider class of one office of the list."""
    attributes = {
        "name": site.label,
        "site": site,
        "sites": sites,
        "__module__": base.__module__,
        "__doc__": site.name,
    }
    return type(f"Office_{site.code.replace('.', '_')}", (base,), attributes)

"""The least crawl there is, in Scrapy's stock settings: asks for the addresses on standard input,
does nothing."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response

SETTINGS = {
    "CONCURRENT_REQUESTS": 64,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,  # both as `semua` has them
    "COOKIES_ENABLED": False,  # else tldextract asks the internet for its list of suffixes
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}


class EmptySpider(Spider):
    """Fetches, and throws away."""

    name = "empty"

    async def start(self) -> AsyncIterator[Any]:
        """Ask for each address once more, whatever it answers."""
        for url in sys.stdin:
            yield Request(url.strip(), dont_filter=True)

    def parse(self, response: Response) -> None:
        """Do nothing."""


if __name__ == "__main__":
    process = AsyncCrawlerProcess(SETTINGS)
    process.crawl(EmptySpider)
    process.start()

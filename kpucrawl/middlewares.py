"""What happens to a request before it leaves."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.utils.httpobj import urlparse_cached


class ExactHostMiddleware(OffsiteMiddleware):
    """Refuses every host that is not exactly one of the spider's; Scrapy's own check lets subdomains through."""

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Return whether the request goes to one of the spider's hosts."""
        return urlparse_cached(request).hostname in getattr(spider, "allowed_domains", ())

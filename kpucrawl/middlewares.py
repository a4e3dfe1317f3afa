"""What happens to a request before it leaves."""

from __future__ import annotations

import logging

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware, logger
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached


class ExactHostMiddleware(OffsiteMiddleware):
    """Refuses every host that is not exactly one of the spider's; Scrapy's own check lets subdomains through."""

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Return whether the request goes to one of the spider's hosts."""
        return urlparse_cached(request).hostname in getattr(spider, "allowed_domains", ())


class PlainRobotsTxtMiddleware(RobotsTxtMiddleware):
    """Scrapy's own, without a traceback in the log where robots.txt cannot be fetched: the office's pages tell."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of the request's host, None where there are none."""
        logger.addFilter(_drop_traceback)
        return await super().robot_parser(request)


def _drop_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = None
    return True

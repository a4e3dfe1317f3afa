"""Scrapy's own undoing of Content-Encoding, replaced: it forgives what is cut, and loses what it
cannot undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.http import Request, Response, TextResponse
from scrapy.responsetypes import responsetypes

from kpucrawl.spiders.answers import TRANSPORT, join_headers
from kpucrawl.transport import OFFERED, join_left, read_transport

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class StrictEncodingMiddleware:
    """Hands over the body after its Content-Encoding, or raw with the header where that cannot be
    undone, and tells the spider how the answer came. One that is cut is asked for again as often as
    one that failed."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.most = crawler.settings.getint("DOWNLOAD_MAXSIZE")
        self.retries = crawler.settings.getbool("RETRY_ENABLED")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StrictEncodingMiddleware:
        """Make the middleware of one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Say what can be undone."""
        request.headers.setdefault("Accept-Encoding", OFFERED)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Undo the encodings; return another try of an answer that is cut."""
        headers = {name.lower(): value for name, value in join_headers(response).items()}
        most = request.meta.get("download_maxsize", self.most)
        transport = read_transport(
            response.status, headers, response.body, response.flags, most=most
        )
        if transport.is_cut and self._may_retry(request) and self.crawler.spider:
            again = get_retry_request(request, spider=self.crawler.spider, reason=transport.failure)
            if again is not None:
                return again
        request.meta[TRANSPORT] = transport
        return self._replace(response, transport.body, join_left(transport.left))

    def _may_retry(self, request: Request) -> bool:
        return self.retries and not request.meta.get("dont_retry")

    def _replace(self, response: Response, body: bytes, left: str) -> Response:
        """The answer with another body, as the kind of answer that this is."""
        if body is response.body:
            return response
        headers = response.headers.copy()
        headers.pop("Content-Encoding", None)
        if left:
            headers["Content-Encoding"] = left
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        more = {"encoding": None} if issubclass(kind, TextResponse) else {}
        return response.replace(cls=kind, headers=headers, body=body, **more)

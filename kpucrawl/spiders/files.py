"""Files that articles offer are asked for behind the pages of an office, and archived as no
page."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import DownloadCancelledError

from archive.blobs.codec import digest_bytes
from archive.records import Capture, FileCapture, Problem
from archive.watch.verdicts import OK, UNCHANGED
from kpucrawl.crawl.files import MOST_HOPS, FileAsk, is_allowed
from kpucrawl.spiders.answers import OTHER_HOST, HostLeft, RunEnding, describe_failure
from kpucrawl.transport import TOO_LARGE

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from kpucrawl.crawl.visit import Visit
    from kpucrawl.spiders.base import KpuSpider

FILE = "file"
"""Field of the problems of files."""
TOO_LARGE_FILE = "the file is larger than FILES_MAXSIZE"
NOT_KEPT = "It is not kept; FILES_MAXSIZE is the most bytes that a file may have."
EMPTY = Problem(FILE, "0 bytes", "The answer is empty: there is no file.")


class Files:
    """The files of one run."""

    def __init__(self, spider: KpuSpider) -> None:
        self.spider, self.run = spider, spider.run

    def make_request(self, visit: Visit, ask: FileAsk) -> Request:
        """Ask for a file. A host that is not the office's keeps its rules to itself, as one that
        may be the office's."""
        settings = self.spider.settings
        meta = {
            "visit": visit.site.label,
            "ask": ask,
            "dont_redirect": True,
            "download_maxsize": settings.getint("FILES_MAXSIZE"),
            "download_timeout": settings.getfloat("FILES_TIMEOUT"),
        }
        if ask.host != visit.site.host:
            meta[OTHER_HOST] = ask.host
        return Request(
            f"{settings['SITE_SCHEME']}://{ask.host}{ask.path}",
            callback=self.spider.parse_file,
            errback=self.spider.handle_file,
            priority=ask.priority,
            headers=dict(ask.headers),
            meta=meta,
        )

    async def take(self, visit: Visit, ask: FileAsk, response: Response) -> None:
        """Archive an answer, then follow where it leads."""
        answered = self.spider.describe_answered(response)
        capture = self.spider.make_capture_of_file(visit.site, ask, response.url, answered)
        is_file = response.status in OK and capture.error is None
        if is_file and not response.body:
            capture = replace(capture, problems=(*capture.problems, EMPTY))
        is_confirmed = response.status == UNCHANGED and ask.validated is not None
        record = FileCapture(
            _doubt_size(capture),
            ask.link,
            digest_bytes(response.body) if response.body else None,
            confirmed=ask.digest if is_confirmed else None,
        )
        await self._keep(record, response.body if is_file and response.body else None)
        target = answered.target
        if target and ask.hops < MOST_HOPS and is_allowed(target, visit.site.host):
            self.spider.ask(visit, visit.afford_files([ask.follow(target)]))
        self.spider.settle(visit)

    async def note_failure(self, visit: Visit, ask: FileAsk, failure: Failure) -> None:
        """Archive a failed fetch; what was not asked for is known no better than before."""
        from kpucrawl.captures import Answered

        if isinstance(failure.value, RunEnding):
            return
        if not isinstance(failure.value, HostLeft):
            is_large = isinstance(failure.value, DownloadCancelledError)
            error = TOO_LARGE if is_large else describe_failure(failure.value)
            answered = Answered(datetime.now(UTC), error=error)
            url = failure.request.url  # type: ignore[attr-defined]
            capture = self.spider.make_capture_of_file(visit.site, ask, url, answered)
            await self._keep(FileCapture(_doubt_size(capture), ask.link), None)
        self.spider.settle(visit)

    async def _keep(self, record: FileCapture, data: bytes | None) -> None:
        if self.run.keep_file is not None:
            await self.run.keep_file(record, data)


def _doubt_size(capture: Capture) -> Capture:
    """Say of a file that is too large what its bound is."""
    if not (capture.error or "").startswith(TOO_LARGE):
        return capture
    problem = Problem(FILE, TOO_LARGE_FILE, NOT_KEPT)
    return replace(capture, error=TOO_LARGE_FILE, problems=(*capture.problems, problem))

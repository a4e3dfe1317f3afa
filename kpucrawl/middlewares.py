"""What happens to a request before it leaves."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from scrapy import Request, Spider, signals
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.watch.verdicts import UNCHANGED, WITHOUT_RULES
from kpucrawl.crawl.pacing import Pacer, read_retry_after
from kpucrawl.spiders.answers import RunEnding, describe_failure
from kpucrawl.spiders.base import OTHER_HOST, KpuSpider
from kpucrawl.transport import BROKE_OFF, DATALOSS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archive.records import Capture

BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers of a host that is struggling or asks to be left alone."""
LONG_WITHOUT_ROBOTS = timedelta(days=30)
"""After so long a robots.txt that cannot be had counts as none."""


class ExactHostMiddleware(OffsiteMiddleware):
    """Refuses every host that is not exactly one of the spider's; Scrapy's own check lets
    subdomains through."""

    def should_follow(self, request: Request, spider: Spider) -> bool:
        """Return whether the request goes to one of the spider's hosts."""
        own = urlparse_cached(request).hostname in getattr(spider, "allowed_domains", ())
        return own or OTHER_HOST in request.meta


class PatientRobotsTxtMiddleware(RobotsTxtMiddleware):
    """Obeys robots.txt as RFC 9309 has it: none (4xx) allows everything; one that cannot be had
    (5xx, no connection) forbids everything for now, unless the archive holds an earlier copy, which
    then goes on to count, or it could not be had for 30 days. Each answer is archived. Scrapy's own
    takes any answer for the rules, and no answer for none.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[str, asyncio.Future[RobotParser | None]] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of the request's host, None where there are none; raise
        IgnoreRequest."""
        if not isinstance(self.crawler.spider, KpuSpider):
            return await super().robot_parser(request)
        host = find_host(request)
        if host not in self._rules:
            self._rules[host] = asyncio.ensure_future(
                self._find_rules(request, self.crawler.spider)
            )
        return await asyncio.shield(self._rules[host])

    async def _find_rules(self, request: Request, spider: KpuSpider) -> RobotParser | None:
        meta = {"dont_obey_robotstxt": True}
        is_other = OTHER_HOST in request.meta
        if is_other:
            meta |= {OTHER_HOST: True, "dont_retry": True}
        robots = Request(
            urljoin(request.url, "/robots.txt"),
            NO_CALLBACK,
            priority=self.DOWNLOAD_PRIORITY,
            meta=meta,
        )
        try:
            answer: Response | Exception = await self.crawler.engine.download_async(robots)
        except (
            IgnoreRequest
        ):  # told to end, given up, or led off the office: the request itself will tell
            return None
        except Exception as error:  # noqa: BLE001 - whatever keeps us from an answer
            answer = error
        if is_other:
            return await self._read_other(answer, request)
        capture = spider.keep_robots(robots, request, answer)
        if isinstance(answer, Exception) or not is_answer(capture):
            return await self._do_without(request, capture, spider)
        return await self._read_rules(answer.body, request) if answer.status < 300 else None

    async def _read_other(
        self, answer: Response | Exception, request: Request
    ) -> RobotParser | None:
        """The rules of a host that may be the office's: nothing is known of it, nothing is kept."""
        if isinstance(answer, Exception) or answer.status >= 500:
            why = describe_failure(answer) if isinstance(answer, Exception) else answer.status
            raise IgnoreRequest(f"{WITHOUT_RULES}: {why}")
        return await self._read_rules(answer.body, request) if answer.status < 300 else None

    async def _do_without(
        self, request: Request, capture: Capture, spider: KpuSpider
    ) -> RobotParser | None:
        """Go by the rules last seen; without any, forbid everything until that has gone on for
        long."""
        known = spider.find_robots(request)
        if known.body is not None:
            return await self._read_rules(known.body, request)
        if (
            known.failing_since is not None
            and datetime.now(UTC) - known.failing_since > LONG_WITHOUT_ROBOTS
        ):
            return None
        spider.count_robots(request, capture)
        raise IgnoreRequest(f"{WITHOUT_RULES}: {capture.error or capture.status}")

    async def _read_rules(self, body: bytes, request: Request) -> RobotParser:
        rules: RobotParser = self._parserimpl.from_crawler(self.crawler, body)
        robots_parsed = signals.robots_parsed
        await self.crawler.signals.send_catch_log_async(
            signal=robots_parsed, robotparser=rules, request=request
        )
        return rules


def is_answer(robots: Capture) -> bool:
    """Whether the office said which rules it has, or that it has none: not that the rules are as
    before, since nobody asked that."""
    status = robots.status
    return robots.error is None and status is not None and status < 500 and status != UNCHANGED


class PoliteMiddleware:
    """Waits before a request leaves: Crawl-delay, Retry-After, growing pauses for a struggling
    host, and a ceiling for each network address, since many offices may stand on one machine. Gives
    up on a host that never answers.

    The pause between two requests to one host is Scrapy's own DOWNLOAD_DELAY.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.user_agent = settings["ROBOTSTXT_USER_AGENT"]
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.longest_pause = settings.getfloat("LONGEST_PAUSE")
        self.address_interval = 1 / rate if (rate := settings.getfloat("ADDRESS_RATE")) else 0.0
        self.first_tries = settings.getint("FIRST_ANSWER_TRIES")
        self.first_timeout = settings.getfloat("FIRST_ANSWER_TIMEOUT")
        self.pacer = Pacer()
        self.crawl_delays: dict[str, float] = {}
        self.addresses: dict[str, str] = {}
        self.alive: set[str] = set()
        self.failures: Counter[str] = Counter()
        self.refused: dict[str, str] = {}
        """Hosts that are asked nothing more in this run, and why."""
        crawler.signals.connect(self.note_robots, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PoliteMiddleware:
        """Make the middleware of one crawl."""
        return cls(crawler)

    def note_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Remember the pause that a host's robots.txt asks for."""
        host = find_host(request)
        if delay := robotparser.crawl_delay(self.user_agent):
            self.crawl_delays[host] = delay
            self.pacer.hold(host, delay)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's turn and its address's; raise IgnoreRequest for a host that was given
        up."""
        host = find_host(request)
        self._check(host)
        if host not in self.alive:
            request.meta["download_timeout"] = self.first_timeout
        waits = [self.pacer.reserve(host, self.crawl_delays.get(host, 0.0))]
        if self.address_interval and "proxy" not in request.meta:
            address = await self._find_address(host)
            waits.append(self.pacer.reserve(("address", address), self.address_interval))
        if (wait := max(waits)) > 0:
            await self._wait(wait)
            self._check(host)

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how the host fares, and what it asks for."""
        host = find_host(request)
        if DATALOSS in response.flags:
            self._note_failure(host, BROKE_OFF)
            return response
        self.alive.add(host)
        if response.ip_address is not None:
            self.addresses[host] = str(response.ip_address)
        if response.status not in BUSY:
            self.pacer.note_answer(host)
            return response
        asked = response.headers.get("Retry-After")
        seconds = read_retry_after(asked.decode("latin-1")) if asked else None
        if seconds is None:
            self.pacer.note_trouble(host, self.delay, self.longest_pause)
        elif seconds > self.longest_pause:
            self.refused[host] = f"the host asks to be left alone for {seconds:.0f} seconds"
        else:
            self.pacer.hold(host, seconds)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Pause longer after each failure; give up a host that never answered."""
        if isinstance(exception, IgnoreRequest):
            return
        self._note_failure(find_host(request), describe_failure(exception))

    def _note_failure(self, host: str, why: str) -> None:
        self.failures[host] += 1
        self.pacer.note_trouble(host, self.delay, self.longest_pause)
        if host not in self.alive and self.failures[host] >= self.first_tries:
            self.refused[host] = f"no answer in {self.failures[host]} tries; {why}"

    async def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the run goes on; raise RunEnding."""
        assert isinstance(self.crawler.spider, KpuSpider)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.crawler.spider.run.ending.wait(), seconds)
            raise RunEnding

    def _check(self, host: str) -> None:
        if host in self.refused:
            raise IgnoreRequest(self.refused[host])

    async def _find_address(self, host: str) -> str:
        """The address a host's last answer came from, else what its name resolves to, else the
        name."""
        if host not in self.addresses:
            try:
                found: list[Any] = await asyncio.get_running_loop().getaddrinfo(
                    host, None, type=socket.SOCK_STREAM
                )
                self.addresses[host] = found[0][4][0]
            except OSError:  # the request itself will tell
                return host
        return self.addresses[host]


def find_host(request: Request) -> str:
    """The host that a request goes to."""
    return urlparse_cached(request).hostname or ""

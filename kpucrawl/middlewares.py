"""What happens to a request before it leaves."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider, signals
from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.httpobj import urlparse_cached

from archive.watch.verdicts import REFUSED_BY_RULES, UNCHANGED, WITHOUT_RULES
from kpucrawl.crawl import rules
from kpucrawl.crawl.asks import HOME
from kpucrawl.crawl.pacing import Pacer, read_retry_after
from kpucrawl.spiders.answers import (
    OTHER_HOST,
    HostLeft,
    RunEnding,
    describe_failure,
    find_target,
)
from kpucrawl.spiders.base import KpuSpider
from kpucrawl.transport import BROKE_OFF, DATALOSS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archive.records import Capture

BUSY = frozenset({429, 500, 502, 503, 504})
"""Answers of a host that is struggling or asks to be left alone."""


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
    then goes on to count, or it could not be had for 30 days. Redirects are followed, to other
    hosts too; what is no text, or too much of it unpacked, cannot be had. Each answer is archived.
    Scrapy's own takes any answer for the rules, and no answer for none.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._rules: dict[tuple[str, bool], asyncio.Future[RobotParser | None]] = {}
        """By host, and whether it was asked as one that is not the office's."""

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of the request's host, None where there are none; raise
        IgnoreRequest."""
        if not isinstance(self.crawler.spider, KpuSpider):
            return await super().robot_parser(request)
        asked = find_host(request), OTHER_HOST in request.meta
        if asked not in self._rules:
            self._rules[asked] = asyncio.ensure_future(
                self._find_rules(request, self.crawler.spider)
            )
        return await asyncio.shield(self._rules[asked])

    async def _find_rules(self, request: Request, spider: KpuSpider) -> RobotParser | None:
        url, is_other = urljoin(request.url, "/robots.txt"), OTHER_HOST in request.meta
        for _ in range(rules.MOST_HOPS + 1):
            robots = self._ask_for(url, is_other)
            try:
                answer: Response | Exception = await self.crawler.engine.download_async(robots)
            except (RunEnding, HostLeft, HostGivenUp):  # the request itself will tell
                return None
            except Exception as error:  # noqa: BLE001 - whatever keeps us from an answer
                answer = error
            if is_other:
                return await self._read_other(answer, request)
            if isinstance(answer, Exception) or not 300 <= answer.status < 400:
                return await self._take_rules(robots, request, answer, spider)
            capture = spider.keep_robots(robots, request, answer)
            if answer.status == UNCHANGED:  # nobody asked that
                return await self._do_without(request, answer.status, capture, spider)
            target = find_target(answer)
            if target is None:
                return None
            url = target
        return None  # RFC 9309: as if there were none

    def _ask_for(self, url: str, is_other: bool) -> Request:
        meta = {"dont_obey_robotstxt": True, "dont_redirect": True, "allow_offsite": True}
        if is_other:
            meta |= {OTHER_HOST: True, "dont_retry": True}
        return Request(url, NO_CALLBACK, priority=self.DOWNLOAD_PRIORITY, meta=meta)

    async def _read_other(
        self, answer: Response | Exception, request: Request
    ) -> RobotParser | None:
        """The rules of a host that may be the office's: nothing is known of it, nothing is kept."""
        if isinstance(answer, Exception) or answer.status >= 500:
            why = describe_failure(answer) if isinstance(answer, Exception) else answer.status
            raise IgnoreRequest(f"{WITHOUT_RULES}: {why}")
        return await self._read_rules(answer.body, request) if answer.status < 300 else None

    async def _take_rules(
        self, robots: Request, request: Request, answer: Response | Exception, spider: KpuSpider
    ) -> RobotParser | None:
        """The rules that an answer gives, None where it says that there are none."""
        fault = None if isinstance(answer, Exception) else find_fault(answer, request)
        capture = spider.keep_robots(robots, request, answer, fault)
        why = fault or capture.error or capture.status or ""
        if isinstance(answer, Exception) or fault or not is_answer(capture):
            return await self._do_without(request, why, capture, spider)
        if answer.status in BUSY:
            return await self._do_without(request, why, capture, spider)
        return await self._read_rules(answer.body, request) if answer.status < 300 else None

    async def _do_without(
        self, request: Request, why: str | int, capture: Capture, spider: KpuSpider
    ) -> RobotParser | None:
        """Go by the rules last seen; without any, forbid everything until that has gone on for
        long."""
        known = spider.find_robots(request)
        if known.body is not None:
            return await self._read_rules(known.body, request)
        if rules.are_given_up(known.failing_since, datetime.now(UTC)):
            return None
        spider.count_robots(request, capture)
        raise IgnoreRequest(f"{WITHOUT_RULES}: {why}")

    async def _read_rules(self, body: bytes, request: Request) -> RobotParser:
        text = rules.read_rules(body) or ""
        parser: RobotParser = self._parserimpl.from_crawler(self.crawler, text.encode())
        robots_parsed = signals.robots_parsed
        await self.crawler.signals.send_catch_log_async(
            signal=robots_parsed, robotparser=parser, request=request
        )
        return parser


def find_fault(answer: Response, request: Request) -> str | None:
    """Why an answer cannot be the rules of a request's host, None when it can."""
    if answer.status >= 300:
        return None
    text = rules.read_rules(answer.body)
    if text is None:
        return "robots.txt is no text"
    host = urlsplit(answer.url).hostname
    if host != find_host(request) and rules.is_page(text):
        return f"robots.txt leads to a page of {host}"
    return None


class HostGivenUp(IgnoreRequest):
    """A host never answered: nothing more is tried."""


def is_answer(robots: Capture) -> bool:
    """Whether the office said which rules it has, or that it has none: not that the rules are as
    before, since nobody asked that."""
    status = robots.status
    return robots.error is None and status is not None and status < 500 and status != UNCHANGED


class PoliteMiddleware:
    """Waits before a request leaves: Crawl-delay, Retry-After, growing pauses for a struggling
    host, and a ceiling for each network address, since many offices may stand on one machine. Gives
    up on a host that never answers, and leaves one alone whose wait does not fit into the run.

    As many requests as a host is asked at once go beyond here; the others wait for them, so that
    what an answer asks for holds for all that follow. The pause between two requests to one host is
    Scrapy's own DOWNLOAD_DELAY.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        settings = crawler.settings
        self.user_agent = settings["ROBOTSTXT_USER_AGENT"]
        self.delay = settings.getfloat("DOWNLOAD_DELAY")
        self.longest_pause = settings.getfloat("LONGEST_PAUSE")
        self.longest_delay = settings.getfloat("LONGEST_CRAWL_DELAY")
        self.bound = settings.getfloat("CLOSESPIDER_TIMEOUT")
        self.began = time.monotonic()
        self.address_interval = 1 / rate if (rate := settings.getfloat("ADDRESS_RATE")) else 0.0
        self.first_tries = settings.getint("FIRST_ANSWER_TRIES")
        self.first_timeout = settings.getfloat("FIRST_ANSWER_TIMEOUT")
        self.at_once = max(1, settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        self.pacer = Pacer(time.monotonic)
        self.gates: dict[str, asyncio.Semaphore] = {}
        self.inside: set[Request] = set()
        """Requests that went through their host's gate and have not come to anything yet."""
        self.crawl_delays: dict[str, float] = {}
        self.addresses: dict[str, str] = {}
        self.alive: set[str] = set()
        self.failures: Counter[str] = Counter()
        self.refused: dict[str, IgnoreRequest] = {}
        """Hosts that are asked nothing more in this run, and why."""
        crawler.signals.connect(self.note_robots, signals.robots_parsed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PoliteMiddleware:
        """Make the middleware of one crawl."""
        return cls(crawler)

    def note_robots(self, robotparser: RobotParser, request: Request) -> None:
        """Remember the pause that a host's robots.txt asks for."""
        host = find_host(request)
        delay = robotparser.crawl_delay(self.user_agent)
        if delay and delay > 0:
            self.crawl_delays[host] = delay
            self.pacer.hold(host, delay)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's turn and its address's; raise IgnoreRequest for a host that was given
        up or is left alone."""
        host = find_host(request)
        self._check(host)
        gate = self.gates.setdefault(host, asyncio.Semaphore(self.at_once))
        await gate.acquire()
        self.inside.add(request)
        try:
            await self._wait_for_turn(host, request)
        except BaseException:
            self._let_next(request)
            raise
        if host not in self.alive:
            request.meta["download_timeout"] = self.first_timeout

    async def _wait_for_turn(self, host: str, request: Request) -> None:
        """Wait as long as the host asks for, also where it asks for more meanwhile, then for its
        address."""
        self._check(host)
        if isinstance(self.crawler.spider, KpuSpider) and self.crawler.spider.run.ending.is_set():
            raise RunEnding
        while (wait := self.pacer.find_wait(host)) > 0:
            self._check_fits(host, wait, request)
            await self._wait(wait)
            self._check(host)
        self.pacer.reserve(host, self.crawl_delays.get(host, 0.0))
        if self.address_interval and "proxy" not in request.meta:
            address = await self._find_address(host)
            wait = self.pacer.reserve(("address", address), self.address_interval)
            if wait > 0:
                await self._wait(wait)

    def _check_fits(self, host: str, wait: float, request: Request) -> None:
        """Leave a host alone whose next turn comes after the end of the run; raise
        IgnoreRequest."""
        left = self.began + self.bound - time.monotonic() if self.bound else self.longest_delay
        if wait <= left:
            return
        delay = self.crawl_delays.get(host, 0.0)
        why = f"robots.txt asks for {delay:,.0f} seconds between requests"
        if delay < wait:
            why = f"the host asks to be left alone for {wait:,.0f} seconds"
        self.refused[host] = HostLeft(why)
        is_first = getattr(request.meta.get("ask"), "priority", None) == HOME
        if is_first and max(delay, wait) > self.longest_delay:
            raise IgnoreRequest(f"{REFUSED_BY_RULES}: {why}")  # a visit that saw nothing tells why
        self._check(host)

    def _let_next(self, request: Request) -> None:
        """Open the host's gate for the next request, once."""
        if request in self.inside:
            self.inside.remove(request)
            self.gates[find_host(request)].release()

    def process_response(self, request: Request, response: Response) -> Response:
        """Note how the host fares, and what it asks for."""
        self._note_answer(request, response)
        self._let_next(request)
        return response

    def _note_answer(self, request: Request, response: Response) -> None:
        host = find_host(request)
        if DATALOSS in response.flags:
            self._note_failure(host, BROKE_OFF)
            return
        self.alive.add(host)
        if response.ip_address is not None:
            self.addresses[host] = str(response.ip_address)
        if response.status not in BUSY:
            self.pacer.note_answer(host)
            return
        asked = response.headers.get("Retry-After")
        now = datetime.now(UTC)
        seconds = read_retry_after(asked.decode("latin-1"), now) if asked else None
        if seconds is None:
            self.pacer.note_trouble(host, self.delay, self.longest_pause)
        elif seconds > self.longest_pause:
            why = f"the host asks to be left alone for {seconds:,.0f} seconds"
            self.refused[host] = HostLeft(why)
            request.meta["dont_retry"] = True  # the answer itself is what the archive keeps
        else:
            self.pacer.hold(host, seconds)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Pause longer after each failure; give up a host that never answered."""
        if isinstance(exception, IgnoreRequest):
            self._let_next(request)
            return
        self._note_failure(find_host(request), describe_failure(exception))
        self._let_next(request)

    def _note_failure(self, host: str, why: str) -> None:
        self.failures[host] += 1
        self.pacer.note_trouble(host, self.delay, self.longest_pause)
        if host not in self.alive and self.failures[host] >= self.first_tries:
            why = f"no answer in {self.failures[host]} tries; {why}"
            self.refused[host] = HostGivenUp(why)

    async def _wait(self, seconds: float) -> None:
        """Wait, but no longer than the run goes on; raise RunEnding."""
        assert isinstance(self.crawler.spider, KpuSpider)
        ending = self.crawler.spider.run.ending
        with suppress(TimeoutError):
            await asyncio.wait_for(ending.wait(), seconds)
            raise RunEnding

    def _check(self, host: str) -> None:
        if host in self.refused:
            kept = self.refused[host]
            raise type(kept)(str(kept))  # a new one: each keeps the frames it went through

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

"""The one judge: what an answer is, how a visit went, how an office fares. Pure functions.

Exit codes of crawls, rows of `visits` and `runs`, health and coverage all come from here, so that
they agree. `docs/verdicts.md` has the rules as tables, from which the tests of both sides are made.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from urllib.parse import urlsplit

from archive.records import Capture

HOME, RULES, API = "/", "/robots.txt", "/api/blogs/"
"""Addresses that are no page's: the home page, the rules for robots, listings as JSON."""
NO_ARTICLES = ("page", "url")
"""Routes of pages that need not be articles: what an office is, and addresses of unknown kind."""
GONE = (404, 410)
"""Answers, not failures: there is no such page."""
OK = (200, 203, 206)
"""Statuses of answers that bring the page: its own, from a proxy's store, as a range that is all of
it. A range that is not all is a failed fetch."""
UNCHANGED = 304
"""Status of an answer that the bytes held are still current."""
BLOCKING = (401, 403, 407, 429, 451)
"""Statuses that turn the visitor away."""
BOUNDED = "; bounded: "
"""What stands in an outcome before what a visit left by a bound of its own: words that only the
visit knew."""
TOO_MANY = 429
"""Status of a host that asks to be left alone for a while."""
REFUSED_BY_RULES = "refused by robots.txt"
WITHOUT_RULES = "not asked for, since robots.txt cannot be had"
"""How errors begin that robots.txt is the cause of."""
UNRESOLVED = "the host name does not resolve"
"""In errors whose host nobody knows."""
ACCESS, SERVER, READER, CUT, REDIRECT = "access", "server", "reader", "cut", "redirect"
STRANGER, OFFICE = "stranger", "office"
PROMISED, UNTOLD = "promised", "untold"
TELLING_DOUBTS = (ACCESS, SERVER, READER, CUT, REDIRECT, STRANGER, OFFICE, PROMISED, UNTOLD)
"""Fields of problems that tell what an answer is: the visitor was turned away, the server answered
with an error page of its own, the reader has a bug, the page ends midway, the page itself sends its
visitor on, it is not the office's, it is another office's, a listing's own pager named the page
that is missing, it cannot be told what a listing shows."""


class ExitCode(IntEnum):
    """Exit codes of crawls; documented in the README."""

    DONE = 0
    BUG = 1
    USAGE = 2
    SOME_FAILED = 3
    DOWN = 4
    BLOCKED = 5
    MAINTENANCE = 6
    READER_BROKE = 7
    LOCKED = 8
    STORAGE = 9
    HUNG_UP = 129
    INTERRUPTED = 130
    TERMINATED = 143


class Answer(StrEnum):
    """What one capture is."""

    ARTICLE = "article"
    UNCHANGED = "unchanged"
    """304: the article is as it was when the capture that was asked about was made."""
    CUT = "cut"
    """A page that ends midway: it is asked for again, and is no revision."""
    LISTING = "listing"
    EMPTY = "empty"
    """A listing without articles."""
    PAGE = "page"
    """The home page, a static page, what is no article and need not be one."""
    MISSING = "missing"
    """404, 410, or a page that says that there is none."""
    REDIRECT = "redirect"
    AWAY = "away"
    """A redirect to another host, or another office's page."""
    UNREAD = "unread"
    """An article's address answered with something else, or any with a page that is not the
    office's."""
    BLOCKED = "blocked"
    ROBOTS = "robots"
    """robots.txt forbids it."""
    MAINTENANCE = "maintenance"
    FAILED = "failed"
    """DNS, connection, TLS, a broken answer, or an error of the server."""
    BUG = "bug"
    """The reader has a bug: the bytes are kept."""
    RULES = "rules"
    """robots.txt itself; counted nowhere."""


FILE_ANSWER = "file"
"""Stands in place of an `Answer` where a file that an article offers was asked for, whatever came
of it: it tells nothing of pages and is counted nowhere."""


class State(StrEnum):
    """How an office fares, the worst first."""

    READER_BROKEN = "reader broken"
    """Pages came, articles did not; or listings that used to show articles show none."""
    MOVED = "moved"
    """It only redirects to another host."""
    BLOCKED = "blocked"
    """Refused, challenged, or forbidden by robots.txt."""
    DOWN = "down"
    """DNS, connection, TLS or server errors."""
    MAINTENANCE = "maintenance"
    QUIET = "quiet"
    """Nothing new for longer than the office's own rhythm allows."""
    UNKNOWN_HOST = "unknown host"
    """A guessed host that never answered."""
    FINE = "fine"
    NEVER_VISITED = "never visited"


WELL = (State.FINE, State.NEVER_VISITED)
"""States that need nobody's attention."""

ADVICE = {
    State.READER_BROKEN: "scrapy probe the office, look at a snapshot, teach the reader",
    State.MOVED: "open the site; correct its host with KPU_SITES if it has a new one",
    State.BLOCKED: "open the site; crawl slower, or ask the office",
    State.DOWN: "wait a day; then open the site, and correct its host with KPU_SITES if it changed",
    State.MAINTENANCE: "wait; after a week open the site",
    State.QUIET: "open the site; if it shows newer articles, scrapy probe the office",
    State.UNKNOWN_HOST: "find the office's host and correct it with KPU_SITES",
    State.FINE: "",
    State.NEVER_VISITED: "crawl it",
}

HELD = (Answer.ARTICLE, Answer.UNCHANGED)
"""Answers that show an article."""
TROUBLES = (
    Answer.FAILED,
    Answer.CUT,
    Answer.UNREAD,
    Answer.BLOCKED,
    Answer.MAINTENANCE,
    Answer.ROBOTS,
    Answer.BUG,
)
"""Answers that are none."""
TURNED_BACK = {
    State.BLOCKED: (Answer.BLOCKED, Answer.ROBOTS),
    State.MAINTENANCE: (Answer.MAINTENANCE,),
    State.DOWN: (Answer.FAILED, Answer.CUT),
}
"""The answers that tell of each state; of equally many the first counts."""
CODES = {
    State.BLOCKED: ExitCode.BLOCKED,
    State.MAINTENANCE: ExitCode.MAINTENANCE,
    State.DOWN: ExitCode.DOWN,
}
FEWEST_LOST = 2
"""Articles that must come as something else in one visit before the reader is doubted rather than
the article: a removed one may answer with the home page."""
FEWEST_VANISHED = 3
"""The same where pages say that they are missing: offices do remove an article or two."""

MEANING = {
    "article": "articles",
    "listing": "listing pages",
    "empty": "listing pages without articles",
    "unchanged": "unchanged",
    "missing": "missing pages",
    "failed": "failed",
    "cut": "cut midway",
    "unread": "unread articles",
    "blocked": "blocked",
    "maintenance": "in maintenance",
}
"""What is told of the counts, in this order."""


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """All of a capture that tells what it is."""

    canonical: str
    route: str | None = None
    """Of the page asked for; None for the home page, listings and what is no page."""
    status: int | None = None
    error: str | None = None
    kind: str | None = None
    """As the page was read."""
    shows_items: bool = False
    leaves_host: bool = False
    """It redirects to another host."""
    is_validated: bool = False
    """It was asked whether a capture that was read as an article still holds."""
    leads_back: bool = False
    """It redirects to the very address that was asked for."""
    leads_nowhere: bool = False
    """It redirects to what is no address."""
    doubts: Collection[str] = ()
    """Fields of the problems of the capture and of its reading."""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """All of a visit that tells how it went."""

    counts: Counter[str] = field(default_factory=Counter)
    """Its captures by `Answer`."""
    lost: int = 0
    """Of the unread, those that were read the time before, or were asked for the first time."""
    vanished: int = 0
    """The same of the pages that answer 200 and say that they are missing."""
    cut: bool = False
    """The end of its run came before its own."""
    trouble: str = ""
    """The first capture in `TROUBLES`, in words ..."""
    away: str = ""
    """... and the first that led to another host."""
    has_read: bool = False
    """An article of the office was ever read."""
    before: State | None = None
    """How the office fared after the visit before; None when there was none."""
    untold: int = 0
    """Listing pages of which it cannot be told what they show."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a visit went."""

    code: ExitCode
    """What a run of this office alone leaves with."""
    state: State
    text: str
    """One line for a person."""


def gather_facts(capture: Capture) -> AnswerFacts:
    """What tells what a capture is, from its record."""
    reading = capture.reading
    return AnswerFacts(
        canonical=capture.canonical,
        route=capture.page[0] if capture.page else None,
        status=capture.status,
        error=capture.error,
        kind=reading.kind if reading else None,
        shows_items=bool(reading and reading.sightings),
        leaves_host=leads_away(capture.url, capture.answered_url),
        leads_back=leads_back(capture.url, capture.answered_url),
        leads_nowhere=capture.answered_url is None,
        is_validated=capture.validated is not None,
        doubts={one.field for one in (*capture.problems, *(reading.problems if reading else ()))},
    )


def leads_away(url: str, answered_url: str | None) -> bool:
    """Whether an answer belongs to, or redirects to, another host than was asked."""
    return answered_url is not None and urlsplit(url).hostname != urlsplit(answered_url).hostname


def leads_back(url: str, answered_url: str | None) -> bool:
    """Whether a redirect asks for the same again: cookies, which the crawl sends none of, would
    have to change the answer. The scheme does not count, since the crawl has its own."""
    if answered_url is None:
        return False
    asked, told = urlsplit(url), urlsplit(answered_url)
    return (asked.hostname, asked.path or "/", asked.query) == (
        told.hostname,
        told.path or "/",
        told.query,
    )


def classify_answer(facts: AnswerFacts) -> Answer:
    """Name what one capture is."""
    if facts.error is not None:
        return Answer.ROBOTS if facts.error.startswith(REFUSED_BY_RULES) else Answer.FAILED
    if READER in facts.doubts:
        return Answer.BUG
    status = facts.status or 0
    if status in BLOCKING or ACCESS in facts.doubts:
        return Answer.BLOCKED
    if status in GONE and PROMISED in facts.doubts:
        return Answer.FAILED
    if status in GONE:
        return Answer.RULES if facts.canonical == RULES else _classify_missing(facts)
    if status < 300 and (stranger := _name_stranger(facts)):
        return stranger
    if facts.kind == "maintenance" and STRANGER not in facts.doubts:
        return Answer.FAILED if SERVER in facts.doubts else Answer.MAINTENANCE
    if status >= 400:
        return Answer.FAILED
    if status == UNCHANGED:
        return Answer.UNCHANGED if facts.is_validated else Answer.FAILED
    if status >= 300 or REDIRECT in facts.doubts:
        return _classify_redirect(facts)
    if CUT in facts.doubts:
        return Answer.RULES if facts.canonical == RULES else Answer.CUT
    return _classify_page(facts)


def _classify_redirect(facts: AnswerFacts) -> Answer:
    """Name an answer that leads elsewhere, by where to."""
    if facts.canonical == RULES:
        return Answer.RULES
    if facts.leads_nowhere:
        return Answer.FAILED
    if facts.leads_back:
        return Answer.BLOCKED
    return Answer.AWAY if facts.leaves_host else Answer.REDIRECT


def _name_stranger(facts: AnswerFacts) -> Answer | None:
    """Name an answer that is a page of somebody else's."""
    if OFFICE in facts.doubts:
        return Answer.AWAY
    return Answer.UNREAD if STRANGER in facts.doubts else None


def _classify_missing(facts: AnswerFacts) -> Answer:
    """That an office has no JSON is no page that is missing."""
    return Answer.PAGE if facts.canonical.startswith(API) else Answer.MISSING


def _classify_page(facts: AnswerFacts) -> Answer:
    """Name an answer that brought a page, by the address that was asked for."""
    if facts.canonical == RULES:
        return Answer.RULES
    if facts.kind == "missing":
        return _classify_missing(facts)
    if facts.route is not None:
        if facts.kind == "article":
            return Answer.ARTICLE
        return Answer.PAGE if facts.route in NO_ARTICLES else Answer.UNREAD
    if facts.canonical == HOME:
        return Answer.PAGE
    if facts.shows_items:
        return Answer.LISTING
    return Answer.PAGE if facts.canonical.startswith(API) else Answer.EMPTY


def is_vanished(answer: str, status: int | None) -> bool:
    """Whether a page answered 200 and says that there is none."""
    return answer == Answer.MISSING and status in OK


def describe_trouble(
    url: str, status: int | None, error: str | None, target: str | None, kind: str | None = None
) -> str:
    """Say in one line what a capture was: `503 for https://...`."""
    if error is not None:
        return f"{error}: {url}"
    said = f"{status} for {url}"
    if status is not None and 300 <= status < 400 and status != UNCHANGED:
        if target is None:
            return f"{said} redirects to what is no address"
        if leads_back(url, target):
            return f"{said} redirects to itself, as where cookies are asked for"
    if target is not None and target != url:
        said += f" to {target}"
    return f"{said} ({kind})" if kind else said


def describe_counts(counts: Mapping[str, int]) -> str:
    """Say the counts that matter to a person, zeros left out: `30 articles, 6 listing pages`."""
    told = [
        f"{counts.get(name, 0)} {words}"
        for name, words in MEANING.items()
        if counts.get(name) or name == "article"
    ]
    return ", ".join(told)


def judge_visit(facts: VisitFacts) -> Verdict:
    """Tell how a visit went, and how its office fares since.

    A visit that proves nothing, as when its run was killed behind the home page, leaves the state
    as it was.
    """
    verdict = _judge(facts)
    if not (bugs := facts.counts[Answer.BUG]):
        return verdict
    said = f"a bug stopped {bugs} pages, see the log; {describe_counts(facts.counts)}"
    return Verdict(ExitCode.BUG, verdict.state, said)


def _judge(facts: VisitFacts) -> Verdict:
    if facts.cut and not _count_troubles(facts):
        said = f"cut short; {describe_counts(facts.counts)}"
        return Verdict(ExitCode.DONE, _find_state_as_it_was(facts), said)
    for judge in (_judge_reader, _judge_move, _judge_trouble, _judge_silence):
        if verdict := judge(facts):
            return verdict
    return _judge_read(facts)


def _judge_reader(facts: VisitFacts) -> Verdict | None:
    """Whether articles came as something else, or listings without articles."""
    counts, said = facts.counts, describe_counts(facts.counts)
    articles = sum(counts[name] for name in HELD)
    all_lost = facts.lost + facts.vanished
    unread = facts.lost > articles and (facts.lost >= FEWEST_LOST or not facts.has_read)
    gone = all_lost > articles and (all_lost >= FEWEST_VANISHED or not facts.has_read)
    if unread or gone:
        asked = articles + counts[Answer.UNREAD] + facts.vanished
        said = f"pages came, articles could not be read: {all_lost} of {asked}; {said}"
        return Verdict(ExitCode.READER_BROKE, State.READER_BROKEN, said)
    if counts[Answer.EMPTY] and not counts[Answer.LISTING]:
        said = f"listings came without articles; {said}"
        return Verdict(ExitCode.READER_BROKE, State.READER_BROKEN, said)
    return None


def _judge_move(facts: VisitFacts) -> Verdict | None:
    """Whether there was nothing but redirects to another host."""
    counts = facts.counts
    came = _count_read(facts) + counts[Answer.PAGE]
    if not counts[Answer.AWAY] or came or counts[Answer.AWAY] < _count_troubles(facts):
        return None
    return Verdict(ExitCode.DOWN, State.MOVED, f"moved: it only leads elsewhere: {facts.away}")


def _judge_trouble(facts: VisitFacts) -> Verdict | None:
    """Whether more was turned back, in one way, than came."""
    counts = {
        state: sum(facts.counts[name] for name in names) for state, names in TURNED_BACK.items()
    }
    state = max(counts, key=lambda state: counts[state])
    came = facts.counts[Answer.UNREAD] + facts.counts[Answer.MISSING]
    if counts[state] <= _count_read(facts) + came:
        return None
    total = sum(facts.counts.values())
    share = f"{counts[state]} of {total} requests"
    if state is State.BLOCKED and not facts.counts[Answer.BLOCKED]:
        return Verdict(ExitCode.BLOCKED, state, f"{REFUSED_BY_RULES} ({share})")
    word = "in maintenance" if state is State.MAINTENANCE else state
    return Verdict(CODES[state], state, f"{word}: {facts.trouble} ({share})")


def _judge_silence(facts: VisitFacts) -> Verdict | None:
    """Whether nothing was read, though nothing turned it back."""
    if _count_read(facts):
        return None
    if facts.cut:
        said = f"cut short; some pages failed ({facts.trouble}); {describe_counts(facts.counts)}"
        return Verdict(ExitCode.SOME_FAILED, _find_state_as_it_was(facts), said)
    if not facts.counts:
        return Verdict(ExitCode.DOWN, State.DOWN, "down: nothing answered")
    said = f"pages came, articles could not be read; {describe_counts(facts.counts)}"
    return Verdict(ExitCode.READER_BROKE, State.READER_BROKEN, said)


def _judge_read(facts: VisitFacts) -> Verdict:
    """Judge a visit that read listings or articles."""
    said = describe_counts(facts.counts)
    state = _find_state_as_it_was(facts)
    if state is State.READER_BROKEN:
        said = f"articles could not be read before, and none was since; {said}"
        return Verdict(ExitCode.READER_BROKE, state, said)
    if _count_troubles(facts):
        said = f"some pages failed ({facts.trouble}); {said}"
        return Verdict(ExitCode.SOME_FAILED, State.FINE, said)
    if facts.untold:
        said = f"of {facts.untold} listing pages it cannot be told what they show; {said}"
        return Verdict(ExitCode.SOME_FAILED, State.FINE, said)
    return Verdict(ExitCode.DONE, State.FINE, f"done; {said}")


def _find_state_as_it_was(facts: VisitFacts) -> State:
    """The state where a visit met no trouble: that the reader is broken is over with an article,
    what kept pages away with a listing."""
    if any(facts.counts[name] for name in HELD) or facts.before is None:
        return State.FINE
    over = facts.before is not State.READER_BROKEN and facts.counts[Answer.LISTING]
    return State.FINE if over else facts.before


def _count_read(facts: VisitFacts) -> int:
    return sum(facts.counts[name] for name in (*HELD, Answer.LISTING))


def _count_troubles(facts: VisitFacts) -> int:
    return sum(facts.counts[name] for name in TROUBLES)

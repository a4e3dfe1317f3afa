"""How a visit or a run ended: one exit code and one sentence, from what was counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from kpucrawl.sites import Site


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
    INTERRUPTED = 130
    TERMINATED = 143


NOT_READ = frozenset({ExitCode.DOWN, ExitCode.BLOCKED, ExitCode.MAINTENANCE, ExitCode.READER_BROKE})
"""Codes of a visit that brought nothing home."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit ended."""

    code: ExitCode
    text: str
    """For a person, one line."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a visit to one office means for a run over many."""

    outcome: Outcome
    worked_before: bool = False
    """The archive holds articles of it from earlier runs."""
    unknown_host: bool = False
    """Its host is a guess that never answered."""


MEANING = {
    "article": "articles",
    "listing": "listing pages",
    "empty": "listing pages without articles",
    "unchanged": "unchanged",
    "missing": "missing pages",
    "failed": "failed",
    "unread": "unread articles",
}
"""What is told of the counts, in this order."""

READ = ("article", "listing", "empty", "page", "missing", "unchanged")
"""Outcomes of a request that say the office answers with pages."""

TROUBLES = ("failed", "unread", "blocked", "maintenance", "robots", "bug")
"""Outcomes of a request that are not answers."""

BLOCKING = frozenset({401, 403, 407, 429, 451})


def classify_answer(status: int, kind: str, is_article: bool, turned_away: bool = False) -> str:
    """Name what one answer is: the counts that `judge_visit` reads.

    `article`, `listing`, `page`, `unchanged` (304), `redirect`, `missing` (404, 410 or a page that
    says so), `unread` (an article's address answered with something else), `blocked`,
    `maintenance`, `failed`.
    """
    if status in (404, 410) or kind == "missing":
        return "missing"
    if status in BLOCKING or turned_away:
        return "blocked"
    if kind == "maintenance":
        return "maintenance"
    if status >= 400:
        return "failed"
    if status == 304:
        return "unchanged"
    if status >= 300:
        return "redirect"
    if is_article and kind != "article":
        return "unread"
    return kind if kind in ("article", "listing") else "page"


def judge_visit(
    site: Site, counts: Counter[str], first_error: str | None, cut: bool = False
) -> Outcome:
    """Tell how a visit to one office ended, from the counts of `classify_answer` and failed
    requests.

    One that was `cut` short by the end of its run is judged by what it saw until then.
    """
    said = describe_counts(counts)
    if cut and not any(counts[name] for name in TROUBLES):
        return Outcome(ExitCode.DONE, f"{site.label}: cut short; {said}")
    read = sum(counts[name] for name in READ)
    if counts["bug"]:
        return Outcome(
            ExitCode.BUG, f"{site.label}: a bug stopped {counts['bug']} pages, see the log; {said}"
        )
    if not read and counts["robots"]:
        return Outcome(ExitCode.BLOCKED, f"{site.label}: refused by robots.txt")
    if not read and counts["blocked"]:
        return Outcome(ExitCode.BLOCKED, f"{site.label}: blocked: {first_error}")
    if not read and counts["maintenance"]:
        return Outcome(ExitCode.MAINTENANCE, f"{site.label}: in maintenance; nothing was read")
    if not read:
        guess = (
            "; the host is a guess: correct it with KPU_SITES"
            if site.host_status == "guess"
            else ""
        )
        return Outcome(
            ExitCode.DOWN, f"{site.label}: down: {first_error or 'nothing answered'}{guess}"
        )
    nothing = not cut and not any(counts[name] for name in ("article", "listing", "unchanged"))
    if nothing or counts["unread"] > counts["article"]:
        return Outcome(
            ExitCode.READER_BROKE, f"{site.label}: pages came, articles could not be read; {said}"
        )
    if counts["empty"] and not counts["listing"]:
        return Outcome(
            ExitCode.READER_BROKE, f"{site.label}: listings came without articles; {said}"
        )
    if any(counts[name] for name in TROUBLES):
        return Outcome(
            ExitCode.SOME_FAILED, f"{site.label}: some pages failed ({first_error}); {said}"
        )
    return Outcome(ExitCode.DONE, f"{site.label}: done; {said}")


def judge_run(results: Collection[Result]) -> Outcome:
    """Tell how a run over several offices ended.

    Guessed hosts that never answered do not count. A bug goes before all; then, where over half are
    down, that; then whether pages failed or an office that worked before did not. Where no office
    came through, what most came to.
    """
    counted = [result for result in results if not result.unknown_host]
    codes = Counter(result.outcome.code for result in counted)
    said = [
        f"{number} {code.name.lower().replace('_', ' ')}" for code, number in sorted(codes.items())
    ]
    if unknown := len(results) - len(counted):
        said.append(f"{unknown} on hosts that are guesses and never answered")
    return Outcome(_find_code(counted, codes), f"{len(results)} offices: {', '.join(said)}")


def _find_code(counted: Sequence[Result], codes: Counter[ExitCode]) -> ExitCode:
    if codes[ExitCode.BUG]:
        return ExitCode.BUG
    if codes[ExitCode.DOWN] * 2 > len(counted):
        return ExitCode.DOWN
    if counted and not codes[ExitCode.DONE] and not codes[ExitCode.SOME_FAILED]:
        return codes.most_common(1)[0][0]
    lost = any(result.worked_before and result.outcome.code in NOT_READ for result in counted)
    return ExitCode.SOME_FAILED if lost or codes[ExitCode.SOME_FAILED] else ExitCode.DONE


def describe_counts(counts: Mapping[str, int]) -> str:
    """Say the counts that matter to a person, zero failures left out: `30 articles, 6 listing
    pages`."""
    told = [
        f"{counts.get(name, 0)} {words}"
        for name, words in MEANING.items()
        if counts.get(name) or name == "article"
    ]
    return ", ".join(told)

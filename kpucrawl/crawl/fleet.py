"""The visits of one run: those under way, and what is kept of those that have ended."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from archive.records import VisitEnd, Walk
from kpucrawl.crawl.console import say
from kpucrawl.crawl.outcome import (
    NOT_READ,
    ExitCode,
    Outcome,
    Result,
    describe_counts,
    judge_run,
    judge_visit,
)
from kpucrawl.crawl.visit import Visit


class Fleet:
    """Visits by the name of their office. One that has ended leaves its result and its counts, and
    frees the rest."""

    def __init__(self, tells: bool = False) -> None:
        self.tells = tells
        """Say one line when a visit ends."""
        self.planned = 1
        """Offices to visit."""
        self.visits: dict[str, Visit] = {}
        self.results: dict[str, Result] = {}
        self.bugs = 0
        """Exceptions that belong to no visit under way."""
        self._counts: Counter[str] = Counter()

    def begin(self, visit: Visit) -> Visit:
        """Note that a visit is under way."""
        self.visits[visit.site.label] = visit
        return visit

    def end(self, visit: Visit, cut: bool = False) -> Iterator[Walk | VisitEnd]:
        """End a visit, `cut` short when its run ends before it; return what the archive keeps of
        it."""
        label, at = visit.site.label, datetime.now(UTC)
        result = self.results[label] = find_result(visit, cut)
        self._counts += visit.counts
        del self.visits[label]
        outcome = result.outcome
        if self.tells:
            level = logging.WARNING if outcome.code else logging.INFO
            say(outcome.text, event="visit", office=label, level=level)
        for walk in visit.walks.values():
            yield Walk(visit.site.code, walk.category, walk.page, bool(walk.complete), at)
        yield VisitEnd(
            visit.site.code, visit.now, at, int(outcome.code), outcome.text, dict(visit.counts)
        )

    def count(self) -> Counter[str]:
        """The outcomes of all requests of the run."""
        return sum((visit.counts for visit in self.visits.values()), self._counts.copy())

    def judge(self) -> Outcome:
        """Tell how the run went so far: of one office as it did, of many what they add up to."""
        if self.bugs:
            return Outcome(
                ExitCode.BUG, f"{self.bugs} bugs, see the log; {describe_counts(self.count())}"
            )
        results = [*self.results.values(), *map(find_result, self.visits.values())]
        if not self.tells and len(results) == 1:
            return results[0].outcome
        outcome = judge_run(results)
        left = self.planned - len(results)
        return replace(outcome, text=f"{outcome.text}; {left} not reached") if left else outcome

    def list_troubles(self) -> list[str]:
        """What fails, one line for each office, the newest last."""
        ended = [result.outcome.text for result in self.results.values() if result.outcome.code]
        running = [
            f"{label}: {visit.first_error}"
            for label, visit in self.visits.items()
            if visit.first_error
        ]
        return [*ended, *running]


def find_result(visit: Visit, cut: bool = False) -> Result:
    """Judge one visit, in the light of what the archive knows of its office."""
    result = Result(judge_visit(visit.site, visit.counts, visit.first_error, cut))
    if result.outcome.code not in NOT_READ:
        return result
    code, is_guess = visit.site.code, visit.site.host_status == "guess"
    silent = result.outcome.code == ExitCode.DOWN and is_guess and not visit.answered
    unknown = silent and not visit.frontier.has_answered(code)
    return replace(
        result,
        worked_before=visit.frontier.has_articles(code, before=visit.now),
        unknown_host=unknown,
    )

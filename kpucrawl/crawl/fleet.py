"""The visits of one run: those under way, and what is kept of those that have ended."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from archive.records import HostTry, VisitEnd, Walk
from archive.watch.verdicts import HELD, State, Verdict, VisitFacts, describe_counts, judge_visit
from kpucrawl.crawl.console import say
from kpucrawl.crawl.outcome import NOT_READ, ExitCode, Outcome, Result, judge_run
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

    def end(
        self, visit: Visit, at: datetime, cut: bool = False
    ) -> Iterator[Walk | HostTry | VisitEnd]:
        """End a visit, `cut` short when its run ends before it; return what the archive keeps of
        it."""
        label = visit.site.label
        cut = cut or visit.bounds.left.total() > 0
        verdict = find_verdict(visit, cut)
        outcome = make_outcome(visit, verdict)
        self.results[label] = find_result(visit, verdict)
        self._counts += visit.counts
        del self.visits[label]
        if self.tells:
            level = logging.WARNING if outcome.code else logging.INFO
            say(outcome.text, event="visit", office=label, level=level)
        for walk in visit.walks.values():
            yield Walk(visit.site.code, walk.category, walk.page, bool(walk.complete), at)
        if visit.host is not None:
            yield visit.host
        yield VisitEnd(
            visit.site.code,
            visit.now,
            at,
            int(verdict.code),
            f"{label}: {verdict.text}{visit.bounds.describe()}",
            dict(visit.counts),
            str(verdict.state),
            cut,
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
        running = [find_result(visit, find_verdict(visit)) for visit in self.visits.values()]
        results = [*self.results.values(), *running]
        if not self.tells and len(results) == 1:
            return results[0].outcome
        outcome = judge_run(results)
        left = self.planned - len(results)
        return replace(outcome, text=f"{outcome.text}; {left} not reached") if left else outcome

    def list_troubles(self) -> list[str]:
        """What fails, one line for each office, the newest last."""
        ended = [result.outcome.text for result in self.results.values() if result.outcome.code]
        running = [
            f"{label}: {visit.trouble}" for label, visit in self.visits.items() if visit.trouble
        ]
        return [*ended, *running]


def find_verdict(visit: Visit, cut: bool = False) -> Verdict:
    """Judge one visit, in the light of what the archive knows of its office."""
    code = visit.site.code
    read = any(visit.counts[name] for name in HELD)
    facts = VisitFacts(
        visit.counts,
        visit.lost,
        visit.vanished,
        cut,
        visit.trouble,
        visit.away,
        untold=visit.untold,
        has_read=read or visit.frontier.has_articles(code, before=visit.now),
        before=visit.frontier.find_state(code),
    )
    return judge_visit(facts)


def make_outcome(visit: Visit, verdict: Verdict) -> Outcome:
    """A verdict with the name of the office."""
    is_guess = verdict.state is State.DOWN and visit.site.host_status == "guess"
    guess = "; the host is a guess: correct it with KPU_SITES" if is_guess else ""
    return Outcome(
        verdict.code, f"{visit.site.label}: {verdict.text}{visit.bounds.describe()}{guess}"
    )


def find_result(visit: Visit, verdict: Verdict) -> Result:
    """What a visit means for a run over many offices."""
    result = Result(make_outcome(visit, verdict))
    if result.outcome.code not in NOT_READ:
        return result
    code, is_guess = visit.site.code, visit.site.host_status == "guess"
    silent = result.outcome.code == ExitCode.DOWN and is_guess and not visit.answered
    unknown = silent and not visit.frontier.has_answered(code)
    worked_before = visit.frontier.has_articles(code, before=visit.now)
    return replace(result, worked_before=worked_before, unknown_host=unknown)

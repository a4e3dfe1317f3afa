"""How a run over one office or many ended: one exit code and one sentence, from its visits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from archive.watch.verdicts import ExitCode

__all__ = ["NOT_READ", "ExitCode", "Outcome", "Result", "judge_run"]

NOT_READ = frozenset({ExitCode.DOWN, ExitCode.BLOCKED, ExitCode.MAINTENANCE, ExitCode.READER_BROKE})
"""Codes of a visit that brought nothing home."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a visit or a run ended."""

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


def judge_run(results: Collection[Result]) -> Outcome:
    """Tell how a run over several offices ended.

    Guessed hosts that never answered do not count. A bug goes before all; then, where over half are
    down, that; then whether pages failed or an office that worked before did not. Where no office
    came through, the code that most of them have.
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

"""Scores of rows by field: right, wrong and missed."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kpucrawl.evaluate.rows import LINK_KEYS, Row

UNORDERED = frozenset({"date_flags"})
EXACT = frozenset({*LINK_KEYS, "keys"})


@dataclass(slots=True)
class Score:
    """The counts of one field."""

    labelled: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    extra: dict[str, float] = field(default_factory=dict)
    """For bodies `f1`, the mean over the labelled ones, and `equal`, the number equal to the
    letter."""

    def count(self, label: object, read: object, *, equal: bool) -> None:
        """One more example; a value read where nothing is labelled is wrong."""
        self.labelled += not _is_nothing(label)
        self.right += equal and not _is_nothing(label)
        self.missed += not _is_nothing(label) and _is_nothing(read)
        self.wrong += not _is_nothing(read) and not equal

    def describe(self) -> dict[str, float]:
        """The counts by name."""
        counts = {
            "labelled": self.labelled,
            "right": self.right,
            "wrong": self.wrong,
            "missed": self.missed,
        }
        return counts | self.extra


def score_rows(rows: Iterable[Row]) -> dict[str, Score]:
    """Scores by field, for the labels present."""
    scores: dict[str, Score] = {}
    unknown: set[str] = set()
    bodies: list[tuple[str, str]] = []
    for row in rows:
        unknown |= row.expected.keys() - row.read.keys()
        for key in row.expected.keys() & row.read.keys():
            label, read = row.expected[key], row.read[key]
            scores.setdefault(key, Score()).count(
                label, read, equal=_normalise(key, label) == _normalise(key, read)
            )
        if row.expected.get("body") and "body" in row.read:
            bodies.append((str(row.expected["body"]), str(row.read["body"] or "")))
    if unknown:
        print(f"not scored: {', '.join(sorted(unknown))}", file=sys.stderr)
    if "body" in scores:
        scores["body"].extra = _compare_bodies(bodies)
    return scores


def _is_nothing(value: object) -> bool:
    return value is None or value in ("", [], ())


def _normalise(key: str, value: object) -> object:
    """What is compared: case and runs of blanks do not matter, but in addresses and keys they
    do."""
    if isinstance(value, list | tuple):
        items = [str(item) if key in EXACT else _normalise(key, item) for item in value]
        return sorted(map(str, items)) if key in UNORDERED else items
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    return None if _is_nothing(value) else value


def _compare_bodies(bodies: Sequence[tuple[str, str]]) -> dict[str, float]:
    """Mean F1 over words, and how many are equal to the letter."""
    overlaps = [_measure_overlap(label, read) for label, read in bodies]
    return {
        "f1": round(sum(overlaps) / len(overlaps), 4) if overlaps else 0.0,
        "equal": sum(label.strip() == read.strip() for label, read in bodies),
    }


def _measure_overlap(label: str, read: str) -> float:
    """F1 of the words of two texts, each as often as it occurs."""
    one, two = (Counter(re.findall(r"\w+", text.casefold())) for text in (label, read))
    total = one.total() + two.total()
    return 2 * (one & two).total() / total if total else 1.0

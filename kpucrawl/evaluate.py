"""The scoreboard: how well the readers do on a labelled set.

python -m kpucrawl.evaluate snippets FILE.jsonl [--json] [--rows OUT.jsonl]
python -m kpucrawl.evaluate pages DIR [--json]
python -m kpucrawl.evaluate adopt BUNDLE[/NAME] DIR
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from kpucrawl.extract.records import Article, Link, PageReading
from kpucrawl.extract.snippets import POSITIONS, label_reading, read_snippet
from kpucrawl.probing.bundle import BundleError, adopt_pages

ARTICLE_KEYS = ("title", "category", "section", "body", "views")
LINK_KEYS = ("images", "attachments", "related")
PUBLISHED_KEYS = ("earliest", "latest", "precision", "source", "instant")
UNORDERED = frozenset({"date_flags"})
EXACT = frozenset({*LINK_KEYS, "keys"})


class BadInput(Exception):
    """A labelled set that cannot be read; the message names the place."""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled example and what was read from it."""

    name: str
    expected: Mapping[str, Any]
    read: Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """The counts of one field."""

    labelled: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    extra: dict[str, float] = field(default_factory=dict)
    """For bodies `f1`, the mean over the labelled ones, and `equal`, the number equal to the letter."""

    def count(self, label: object, read: object, *, equal: bool) -> None:
        """One more example; a value read where nothing is labelled is wrong."""
        self.labelled += not _is_nothing(label)
        self.right += equal and not _is_nothing(label)
        self.missed += not _is_nothing(label) and _is_nothing(read)
        self.wrong += not _is_nothing(read) and not equal

    def describe(self) -> dict[str, float]:
        """The counts by name."""
        counts = {"labelled": self.labelled, "right": self.right, "wrong": self.wrong, "missed": self.missed}
        return counts | self.extra


def read_snippet_rows(file: Path) -> Iterator[Row]:
    """Every row of a labelled file, read."""
    for number, line in enumerate(_read_text(file).split("\n"), 1):
        if line.strip():
            place = f"{file}:{number}"
            row = _load_object(line, place, ("id", "position", "text", "expected"))
            if row["position"] not in POSITIONS or not isinstance(row["text"], str):
                raise BadInput(f"{place}: position must be one of {', '.join(POSITIONS)}, text a string")
            read = read_snippet(row["text"], row["position"], row.get("context_year"))
            yield Row(str(row["id"]), _as_labels(row["expected"], place), read)


def read_page_rows(folder: Path) -> Iterator[Row]:
    """Every `NAME.html` of a folder and its sub-folders with its `NAME.json`, read."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    labels = sorted(folder.rglob("*.json"))
    if not labels:
        raise BadInput(f"{folder}: no NAME.json beside a NAME.html")
    return map(_read_page_row, labels)


def score_rows(rows: Iterable[Row]) -> dict[str, Score]:
    """Scores by field, for the labels present."""
    scores: dict[str, Score] = {}
    unknown: set[str] = set()
    bodies: list[tuple[str, str]] = []
    for row in rows:
        unknown |= row.expected.keys() - row.read.keys()
        for key in row.expected.keys() & row.read.keys():
            label, read = row.expected[key], row.read[key]
            scores.setdefault(key, Score()).count(label, read, equal=_normalise(key, label) == _normalise(key, read))
        if row.expected.get("body") and "body" in row.read:
            bodies.append((str(row.expected["body"]), str(row.read["body"] or "")))
    if unknown:
        print(f"not scored: {', '.join(sorted(unknown))}", file=sys.stderr)
    if "body" in scores:
        scores["body"].extra = _compare_bodies(bodies)
    return scores


def describe_page(reading: PageReading) -> dict[str, object]:
    """A reading by the labels' names."""
    article, listing = reading.article, reading.listing
    items = listing.items if listing else ()
    return {
        "kind": reading.kind,
        "template": reading.template,
        "keys": [str(item.key) for item in items],
        "pages": listing.pages if listing else None,
        "title": listing.title if listing else None,
        "category_id": listing.category_id if listing else None,
        **_describe_article(article),
    }


def _describe_article(article: Article | None) -> dict[str, object]:
    """Everything an article's labels may name; the title only where there is an article."""
    values: dict[str, object] = {key: getattr(article, key) if article else None for key in ARTICLE_KEYS}
    if article is None:
        del values["title"]
    published = article.published if article else None
    for key in PUBLISHED_KEYS:
        value = getattr(published, key, None)
        values[f"published_{key}"] = value.isoformat() if isinstance(value, date) else value
    for key in LINK_KEYS:
        links: Sequence[Link] = getattr(article, key) if article else ()
        values[key] = [link.url for link in links]
    people = (article.byline, article.dateline, article.event) if article else (None, None, None)
    return values | label_reading(*people)


def _read_page_row(label_file: Path) -> Row:
    from kpucrawl.extract import read_page

    labels = _load_object(_read_text(label_file), str(label_file), ("url", "expected"))
    page = label_file.with_suffix(".html")
    try:
        body = page.read_bytes()
        fetched_at = datetime.fromisoformat(labels["fetched_at"]) if labels.get("fetched_at") else None
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{label_file}: {error}") from error
    given = {name: labels[name] for name in ("headers", "zone") if labels.get(name)}
    reading = read_page(body, labels["url"], fetched_at=fetched_at, **given)
    return Row(label_file.stem, _as_labels(labels["expected"], str(label_file)), describe_page(reading))


def _read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: {getattr(error, 'strerror', None) or error}") from error


def _load_object(text: str, place: str, keys: Sequence[str]) -> dict[str, Any]:
    """A JSON object with these keys."""
    try:
        loaded = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{place}: not JSON: {error}") from error
    if not isinstance(loaded, dict):
        raise BadInput(f"{place}: not a JSON object")
    absent = [key for key in keys if key not in loaded]
    if absent:
        raise BadInput(f"{place}: missing key {', '.join(absent)}")
    return loaded


def _as_labels(expected: object, place: str) -> Mapping[str, Any]:
    if not isinstance(expected, dict):
        raise BadInput(f"{place}: expected must be an object")
    return expected


def _is_nothing(value: object) -> bool:
    return value is None or value in ("", [], ())


def _normalise(key: str, value: object) -> object:
    """What is compared: case and runs of blanks do not matter, but in addresses and keys they do."""
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


def _write_rows(rows: Iterable[Row], file: Path) -> None:
    lines = (json.dumps({"id": row.name, "read": row.read}, ensure_ascii=False) for row in rows)
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error


def _print_table(scores: Mapping[str, Score]) -> None:
    print(f"{'field':<20}{'labelled':>9}{'right':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}")
    for name, score in scores.items():
        answered = score.right + score.wrong
        shares = (score.right / answered if answered else 1.0, score.right / score.labelled if score.labelled else 1.0)
        extra = "".join(f"  {key} {value:g}" for key, value in score.extra.items())
        counts = f"{score.labelled:>9}{score.right:>7}{score.wrong:>7}{score.missed:>8}"
        print(f"{name:<20}{counts}{shares[0]:>11.3f}{shares[1]:>8.3f}{extra}")


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kpucrawl.evaluate", description="Score the readers on a labelled set.")
    sets = parser.add_subparsers(dest="set", required=True)
    snippets = sets.add_parser("snippets", help="a JSONL file of labelled snippets")
    snippets.add_argument("source", type=Path, metavar="FILE.jsonl")
    snippets.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="write what was read, one row a line")
    pages = sets.add_parser("pages", help="a folder of NAME.html with NAME.json")
    pages.add_argument("source", type=Path, metavar="DIR")
    adopt = sets.add_parser("adopt", help="make test pages of a probe's bundle, to be corrected by hand")
    adopt.add_argument("source", type=Path, metavar="BUNDLE[/NAME]")
    adopt.add_argument("target", type=Path, metavar="DIR", help="tests/pages/TEMPLATE")
    for subparser in (snippets, pages):
        subparser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """0 with the scores on stdout, 2 with one line on stderr for input that is none."""
    options = _build_parser().parse_args(arguments)
    try:
        if options.set == "adopt":
            print(*adopt_pages(options.source, options.target, describe_page), sep="\n")
        else:
            _score(options)
    except (BadInput, BundleError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _score(options: argparse.Namespace) -> None:
    read: Callable[[Path], Iterator[Row]] = read_snippet_rows if options.set == "snippets" else read_page_rows
    rows = list(read(options.source))
    scores = score_rows(rows)
    if getattr(options, "rows", None):
        _write_rows(rows, options.rows)
    scores = {key: scores[key] for key in dict.fromkeys(key for row in rows for key in row.expected if key in scores)}
    if options.json:
        print(json.dumps({"fields": {name: score.describe() for name, score in scores.items()}}))
    else:
        _print_table(scores)


if __name__ == "__main__":
    sys.exit(main())

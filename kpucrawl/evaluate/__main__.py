"""The scoreboard: how well the readers do on a labelled set.

python -m kpucrawl.evaluate snippets FILE.jsonl [--json] [--rows OUT.jsonl]
python -m kpucrawl.evaluate pages DIR [--json] [--rows OUT.jsonl]
python -m kpucrawl.evaluate office DIR [--json] [--rows OUT.jsonl]
python -m kpucrawl.evaluate adopt BUNDLE[/NAME] DIR
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kpucrawl.evaluate.rows import (
    BadInput,
    Row,
    describe_page,
    read_office_rows,
    read_page_rows,
    read_snippet_rows,
)
from kpucrawl.evaluate.scores import Score, score_rows
from kpucrawl.probing.bundle import BundleError, adopt_pages


def _write_rows(rows: Iterable[Row], file: Path) -> None:
    lines = (json.dumps({"id": row.name, "read": row.read}, ensure_ascii=False) for row in rows)
    try:
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error


def _print_table(scores: Mapping[str, Score]) -> None:
    print(
        f"{'field':<20}{'labelled':>9}{'right':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}"
    )
    for name, score in scores.items():
        answered = score.right + score.wrong
        shares = (
            score.right / answered if answered else 1.0,
            score.right / score.labelled if score.labelled else 1.0,
        )
        extra = "".join(f"  {key} {value:g}" for key, value in score.extra.items())
        counts = f"{score.labelled:>9}{score.right:>7}{score.wrong:>7}{score.missed:>8}"
        print(f"{name:<20}{counts}{shares[0]:>11.3f}{shares[1]:>8.3f}{extra}")


def _build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kpucrawl.evaluate", description="Score the readers on a labelled set."
    )
    sets = parser.add_subparsers(dest="set", required=True)
    labelled = (
        ("snippets", "FILE.jsonl", "a JSONL file of labelled snippets"),
        ("pages", "DIR", "a folder of NAME.html with NAME.json"),
        ("office", "DIR", "the same of one office: all are learnt from, labelled ones scored"),
    )
    for name, metavar, words in labelled:
        one = sets.add_parser(name, help=words)
        one.add_argument("source", type=Path, metavar=metavar)
        one.add_argument("--rows", type=Path, metavar="OUT.jsonl", help="write what was read")
        one.add_argument("--json", action="store_true", help="print JSON instead of a table")
    adopt = sets.add_parser(
        "adopt", help="make test pages of a probe's bundle, to be corrected by hand"
    )
    adopt.add_argument("source", type=Path, metavar="BUNDLE[/NAME]")
    adopt.add_argument("target", type=Path, metavar="DIR", help="tests/pages/TEMPLATE")
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
    readers: Mapping[str, Callable[[Path], Iterator[Row]]] = {
        "snippets": read_snippet_rows,
        "pages": read_page_rows,
        "office": read_office_rows,
    }
    read = readers[options.set]
    rows = list(read(options.source))
    scores = score_rows(rows)
    if options.rows:
        _write_rows(rows, options.rows)
    scores = {
        key: scores[key]
        for key in dict.fromkeys(key for row in rows for key in row.expected if key in scores)
    }
    if options.json:
        print(json.dumps({"fields": {name: score.describe() for name, score in scores.items()}}))
    else:
        _print_table(scores)


if __name__ == "__main__":
    sys.exit(main())

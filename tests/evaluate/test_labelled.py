"""The labelled snippets are read no worse than they were."""

from pathlib import Path

import pytest

from kpucrawl.evaluate.rows import read_snippet_rows
from kpucrawl.evaluate.scores import score_rows

SNIPPETS = Path(__file__).parents[1] / "snippets"
FLOORS = {
    "tuned": {
        "place": (0.98, 0.97),
        "byline": (0.96, 0.96),
        "editor": (1.0, 1.0),
        "unit": (0.96, 0.96),
        "date_iso": (0.98, 0.98),
        "date_end_iso": (1.0, 0.92),
        "date_flags": (0.97, 0.97),
        "views": (1.0, 1.0),
    },
    "kept": {
        "place": (0.97, 0.93),
        "byline": (0.95, 0.93),
        "editor": (0.97, 0.93),
        "unit": (0.95, 0.93),
        "date_iso": (0.97, 0.97),
        "date_end_iso": (1.0, 0.95),
        "date_flags": (0.97, 0.95),
        "views": (1.0, 1.0),
    },
}
"""Precision and recall by file and field, each about one row under what was measured."""


@pytest.mark.parametrize("name", FLOORS)
def test_scores_stay_above_their_floors(name: str) -> None:
    """Precision and recall of every field stay above their floors; a failure names fields, never
    rows."""
    scores = score_rows(read_snippet_rows(SNIPPETS / f"{name}.jsonl"))
    below = []
    for field, (precision, recall) in FLOORS[name].items():
        score = scores[field]
        measured = (score.right / max(score.right + score.wrong, 1), score.right / score.labelled)
        if measured[0] < precision or measured[1] < recall:
            below.append(field)
    assert not below, f"{name}: {', '.join(below)} below the floor"

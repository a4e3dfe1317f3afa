"""The examination pages, ours and those by other hands, are read as well as they were: a floor for
each field."""

from pathlib import Path

import pytest

from kpucrawl.evaluate.rows import read_page_rows
from kpucrawl.evaluate.scores import score_rows

HERE = Path(__file__).parent
# Of the labelled values, how many must be right; wrong answers count against it too. A bit under
# what is measured.
FLOORS = {
    HERE / "tuned/exam": {"views": 0.97, "images": 0.97, "unit": 0.9, "date_flags": 0.75},
    HERE / "kept/exam": {
        "views": 0.85,
        "images": 0.94,
        "unit": 0.9,
        "date_iso": 0.9,
        "date_flags": 0.6,
        "attachments": 0.8,
    },
    HERE / "tuned/unseen": {"photographer": 0.87},
    HERE / "kept/unseen": {
        "title": 0.99,
        "views": 0.99,
        "category": 0.98,
        "photographer": 0.8,
        "editor": 0.9,
    },
}
FLOOR = 0.95
BODY = {"f1": 0.99, "equal": 0.95}


@pytest.mark.parametrize("folder", FLOORS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_fields_stay_right(folder: Path) -> None:
    """No field of a set falls below its floor; only the field's share is shown, never a page."""
    scores = score_rows(read_page_rows(folder))
    shares = {
        field: score.right / max(score.labelled, score.right + score.wrong)
        for field, score in scores.items()
    }
    body = scores["body"]
    shares |= {"f1": body.extra["f1"], "equal": body.extra["equal"] / body.labelled}
    floors = {field: FLOORS[folder].get(field, BODY.get(field, FLOOR)) for field in shares}
    assert {
        field: round(share, 3) for field, share in shares.items() if share < floors[field]
    } == {}
    assert len(shares) > 15

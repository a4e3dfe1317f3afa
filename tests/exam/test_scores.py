"""The examination pages are read as well as they were: a floor for each field of both sets."""

from pathlib import Path

import pytest

from kpucrawl.evaluate import read_page_rows, score_rows

HERE = Path(__file__).parent
# Of the labelled values, how many must be right; wrong answers count against it too. A bit under what is measured.
FLOORS = {
    "tuned": {"views": 0.97, "images": 0.97, "unit": 0.9, "date_flags": 0.75},
    "kept": {"views": 0.85, "images": 0.94, "unit": 0.9, "date_iso": 0.9, "date_flags": 0.6, "attachments": 0.8},
}
FLOOR = 0.95
BODY = {"f1": 0.97, "equal": 0.95}


@pytest.mark.parametrize("name", FLOORS)
def test_fields_stay_right(name: str) -> None:
    """No field of a set falls below its floor; only the field's share is shown, never a page."""
    scores = score_rows(read_page_rows(HERE / name))
    shares = {field: score.right / max(score.labelled, score.right + score.wrong) for field, score in scores.items()}
    body = scores["body"]
    shares |= {"f1": body.extra["f1"], "equal": body.extra["equal"] / body.labelled}
    floors = {field: FLOORS[name].get(field, BODY.get(field, FLOOR)) for field in shares}
    assert {field: round(share, 3) for field, share in shares.items() if share < floors[field]} == {}
    assert len(shares) > 20

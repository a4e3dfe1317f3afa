"""Which lines of a page are headings."""

import pytest

from kpucrawl.extract.html.parse import open_page


@pytest.mark.parametrize(
    ("inner", "ranks"),
    [
        pytest.param("<h3>Rapat</h3><p>Isi</p>", [3, 0], id="an element"),
        pytest.param("<div role=heading aria-level=1>Rapat</div><p>Isi</p>", [1, 0], id="a level"),
        pytest.param("<div role=heading>Rapat</div><p>Isi</p>", [2, 0], id="no level"),
        pytest.param("<div role=heading aria-level=7>Rapat</div>", [2], id="no such level"),
        pytest.param("<div role=heading></div><p>Isi</p>", [0], id="without words"),
        pytest.param("<div role=main>Rapat</div>", [0], id="another role"),
    ],
)
def test_the_rank_of_a_heading(inner: str, ranks: list[int]) -> None:
    """By its element, or by its role as ARIA has it: the second rank where it tells none."""
    page = open_page(f"<html><body>{inner}</body></html>".encode(), "https://x.go.id/")
    assert page is not None
    assert [line.rank for line in page.outline.lines] == ranks

"""Which boxes of a page are furniture."""

import pytest

from kpucrawl.extract.html.parse import open_page


@pytest.mark.parametrize(
    ("inner", "is_furniture"),
    [
        pytest.param("<form><table><tr><td>Isi</td></tr></table></form>", False, id="whole page"),
        pytest.param("<div><form><p>Isi</p></form></div>", True, id="a form in the page"),
        pytest.param("<form><nav><p>Isi</p></nav></form>", True, id="a menu of the whole page"),
        pytest.param("<nav><p>Isi</p></nav>", True, id="a menu"),
        pytest.param("<div><p>Isi</p></div>", False, id="a box"),
    ],
)
def test_a_form_around_the_page_is_no_furniture(inner: str, is_furniture: bool) -> None:
    """ASP.NET puts all into one."""
    page = open_page(f"<html><body>{inner}</body></html>".encode(), "https://x.go.id/")
    assert page is not None
    (line,) = page.outline.lines
    assert (line.zone >= 0) is is_furniture

"""Days and counters beside an article are found, whatever stands around them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.phrases.chrome import DATE, find_printed_date

PIECES = (
    *("Senin", "Jum'at", "Jum at", "JUMAT,", "Monday", "Rabu /", "hari", "Kantor KPU", ", ", " ", "|"),
    *("12 Mei 2022", "3/4/21", "2022-05-12", "MEI 12, 2022", "12-", "pukul 10.30 WIB", "Nomor 12", "İ" * 40),
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_a_day_is_found_as_by_the_whole_pattern(text: str) -> None:
    """The day with its weekday and clock is the first that the pattern finds in the line."""
    found = re.search(DATE, text, re.I)
    assert find_printed_date(text) == (found[0] if found else None)

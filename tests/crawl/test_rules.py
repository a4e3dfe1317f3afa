"""How long a robots.txt that cannot be had forbids everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kpucrawl.crawl.rules import LONG_WITHOUT_RULES, are_given_up

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("failing_since", "given_up"),
    [
        (None, False),
        (NOW, False),
        (NOW - LONG_WITHOUT_RULES, False),
        (NOW - LONG_WITHOUT_RULES - SECOND, True),
    ],
)
def test_rules_are_given_up_behind_thirty_days(
    failing_since: datetime | None, given_up: bool
) -> None:
    """On the thirtieth day they still forbid, a second later they count as none."""
    assert are_given_up(failing_since, NOW) is given_up

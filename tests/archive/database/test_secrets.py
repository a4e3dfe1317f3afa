"""Passwords are stored and printed nowhere."""

from __future__ import annotations

import pytest

from archive.database import engine as db
from archive.database.secrets import hide_password, hide_passwords, hide_user


@pytest.mark.parametrize(
    "address",
    [
        "http://ani:rahasia@proxy.example:3128",
        "ani:rahasia@proxy.example:3128",
        "http://rahasia@proxy.example:3128",
        "http://ani:rah@sia/rahasia@proxy.example:3128",
    ],
)
def test_proxy_is_told_without_its_user(address: str) -> None:
    """However it is written, host and port alone are left of a proxy."""
    told = hide_user(address)
    assert "rahasia" not in told and told.endswith("proxy.example:3128")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://ani:rahasia@db/kpu", "postgresql://ani@db/kpu"),
        ("postgresql://ani:ra@ha/sia@db/kpu", "postgresql://ani@db/kpu"),
        ("postgresql://ani@db/kpu?password=rahasia&sslmode=require", "postgresql://ani@db/kpu?sslmode=require"),
        ("sqlite:////srv/kpu.db", "sqlite:////srv/kpu.db"),
    ],
)  # fmt: skip
def test_database_is_told_without_its_password(address: str, told: str) -> None:
    """The password goes, the rest stays as it was."""
    assert hide_password(address) == told


def test_texts_are_told_without_passwords() -> None:
    """Errors that quote an address or a driver's parameters lose what is secret in them."""
    said = "no http://ani:rahasia@p:1/x, password=rahasia host=db, sslpassword='ra ha sia'"
    assert hide_passwords(said) == "no http://p:1/x, password=*** host=db, sslpassword=***"


def test_password_with_an_at_sign_is_no_host() -> None:
    """A password that the address cuts in two is refused without showing half of it."""
    with pytest.raises(db.ArchiveError, match="%40") as raised:
        db.describe("postgresql://ani:ra@hasia@db/kpu")
    assert "hasia" not in str(raised.value)

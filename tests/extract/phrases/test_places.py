"""The gazetteer: which regions have their seats in it, and what it knows of them."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from kpucrawl.extract.phrases.places import find_place, fold_name, is_also_word


def _read_rows(package: str, name: str) -> list[dict[str, str]]:
    with (files(package) / name).open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


PLACES = _read_rows("kpucrawl.extract.phrases", "places.csv")
SITES = {row["code"]: row for row in _read_rows("kpucrawl", "sites.csv")}


@pytest.mark.parametrize("level, count", [("kabupaten", 416), ("provinsi", 38)])
def test_every_regency_and_province_has_its_seat(level: str, count: int) -> None:
    """Each regency and each province is the code of a seat, its own name among them."""
    codes = {code for code, row in SITES.items() if row["level"] == level}
    assert len(codes) == count
    assert codes - {row["code"] for row in PLACES if row["kind"] == "seat"} == set()


def test_codes_are_of_known_offices() -> None:
    """No row has a code that no office has."""
    assert {row["code"] for row in PLACES} - SITES.keys() == {""}


def test_seats_have_codes() -> None:
    """A town is no seat without the region it is the seat of, and of that only once."""
    seats = [(fold_name(row["name"]), row["code"]) for row in PLACES if row["kind"] == "seat"]
    assert all(code for _, code in seats)
    assert len(seats) == len(set(seats))


@pytest.mark.parametrize(
    "name, code",
    [
        ("Tigaraksa", "36.03"),
        ("Martapura", "16.08"),
        ("Martapura", "63.03"),
        ("Gido", "12.04"),
        ("Tubei", "17.07"),
        ("Laworo", "74.13"),
        ("Wamena", "95"),
        ("Wamena", "95.01"),
    ],
)
def test_seats_are_of_their_regions(name: str, code: str) -> None:
    """A seat has the code of its region, and one row for each where it is the seat of several."""
    assert {"name": name, "kind": "seat", "code": code} in PLACES


@pytest.mark.parametrize(
    "name",
    ["Banggae", "Muara Beliti Baru", "Mulia", "Tarogong Kidul", "Tigi", "Waris"],
)
def test_seats_without_the_regencys_name_are_places(name: str) -> None:
    """A town is a place that no regency is called after, however it is written."""
    assert find_place(name.upper()) == name


@pytest.mark.parametrize("name", ["Andolo", "Dataran Hunimoa", "Pamatang Raya", "Terempa"])
def test_other_spellings_of_seats_are_places(name: str) -> None:
    """What some of the lists write, and the law does not, is a place as well."""
    assert find_place(name) == name


@pytest.mark.parametrize("name", ["Mulia", "Waris"])
def test_seats_that_are_words_prove_nothing_alone(name: str) -> None:
    """`Mulia, ...` may open a sentence as well as a text."""
    assert is_also_word(name)

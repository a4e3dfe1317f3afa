"""Dates in every notation."""

from datetime import date, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.dates.dates import find_dates
from kpucrawl.extract.phrases.words import MONTHS
from tests.extract.effort import check_effort

ONE_DAY = date(2024, 8, 14)


@pytest.mark.parametrize(
    "written",
    [
        "14 Agustus 2024",
        "Rabu, 14 Agustus 2024",
        "Rabu 14 agustus  2024",
        "Rabu (14/8/2024)",
        "Rabu(14/08/2024)",
        "Rabu, (14-08-2024)",
        "(14.08.2024)",
        "14/8/2024",
        "Rabu Malam (14/8/2024)",
        "hari Rabu, tanggal 14 Agustus 2024",
        "Rabu tanggal 14 bulan Agustus tahun 2024",
        "14 Agst 2024",
        "14 August, 2024",
        "14-VIII-2024",
        "14 Agutus 2024",
        "2024-08-14",
        "14 Agustus 2024Petugas",
        "pada14 Agustus 2024",
        "Rabu Pon, 14 Agustus 2024",
        "14 Agustus 2024 (Rabu)",
        "14 Agustus 2024, hari Rabu",
        "Wednesday, August 14, 2024",
        "14th August 2024",
        "2024/08/14",
        "14 Agutsus 2024",
    ],
)
def test_one_day_in_many_notations(written: str) -> None:
    """The same day is read from every way of writing it, without a flag."""
    (found,) = find_dates(f"Rapat digelar {written}")
    assert (found.date, found.date_end, found.flags) == (ONE_DAY, None, ())


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("13-15 Agustus 2024", date(2024, 8, 13), date(2024, 8, 15)),
        ("13 s.d. 15 Agustus 2024", date(2024, 8, 13), date(2024, 8, 15)),
        ("13 hingga 15 Agustus 2024", date(2024, 8, 13), date(2024, 8, 15)),
        ("(13-15/8/2024)", date(2024, 8, 13), date(2024, 8, 15)),
        ("Selasa s/d Kamis, 13 s/d 15 Agustus 2024", date(2024, 8, 13), date(2024, 8, 15)),
        (
            "Selasa, 13 Agustus sampai dengan Kamis, 15 Agustus 2024",
            date(2024, 8, 13),
            date(2024, 8, 15),
        ),
        ("13 sd. 15 Agustus 2024", date(2024, 8, 13), date(2024, 8, 15)),
        ("13/8/2024-15/8/2024", date(2024, 8, 13), date(2024, 8, 15)),
        ("13 Agustus (Selasa) s.d. 15 Agustus 2024 (Kamis)", date(2024, 8, 13), date(2024, 8, 15)),
        ("30 Desember - 2 Januari 2024", date(2023, 12, 30), date(2024, 1, 2)),
        ("30 Desember 2023 – 2 Januari 2024", date(2023, 12, 30), date(2024, 1, 2)),
    ],
)
def test_ranges(written: str, first: date, last: date) -> None:
    """Both ends of a range are read, and the start takes the end's year or the one before."""
    (found,) = find_dates(f"berlangsung {written} di aula")
    assert (found.date, found.date_end, found.flags) == (first, last, ("range",))


def test_separate_days_are_no_range() -> None:
    """Days joined by `dan` give the first one only."""
    (found,) = find_dates("tanggal 3, 4 dan 17 Juni 2024")
    assert (found.date, found.date_end, found.flags) == (date(2024, 6, 3), None, ())


@pytest.mark.parametrize(
    ("written", "flags"),
    [
        ("31/6/2024", ("impossible",)),
        ("5/13/2024", ("impossible",)),
        ("Senin (14/8/2024)", ("weekday_mismatch",)),
        ("14 Agustus 24", ("two_digit_year",)),
        ("Rabu (14/8)", ("no_year",)),
        ("Kamis (14/8)", ("weekday_mismatch", "no_year")),
        ("14 Agustus 2024 (Senin)", ("weekday_mismatch",)),
        ("Senin Pahing, 14 Agustus 2024", ("weekday_mismatch",)),
        ("tgl 14/8", ("no_year",)),
        ("14 Okt mendatang", ("no_year",)),
        ("tgl 14/8 pukul 9", ("no_year", "time")),
        ("jam 9 pagi tanggal 14 Agustus 2024", ("time",)),
        ("2024-08-14T09:30:00", ("time",)),
        ("31 Juni - 2 Juli 2024", ("impossible", "range")),
        ("14 Agustus 2024 pukul 09.30 WIB", ("time",)),
        ("jam 9 pagi hingga 23.00 WITA, Rabu (14/8/2024)", ("time",)),
        ("Rabu sore (14/8/2024)", ()),
    ],
)
def test_flags(written: str, flags: tuple[str, ...]) -> None:
    """Each doubt about a date has its flag; weekdays of yearless dates are judged by the context's
    year."""
    (found,) = find_dates(f"digelar {written}", 2024)
    assert found.flags == flags


def test_impossible_start_keeps_the_end() -> None:
    """A range whose first day no calendar has keeps its last day."""
    (found,) = find_dates("31 November - 2 Desember 2022")
    assert (found.date, found.date_end) == (None, date(2022, 12, 2))


@pytest.mark.parametrize(
    "text",
    [
        "Pemilu 2024",
        "Agustus 2024",
        "telepon 0812-3456-7890",
        "Nomor 12/PL.02/3305/2024",
        "pukul 09.30 WIB",
        "sebanyak 5/8 bagian",
        "versi 2.1.10",
        "12 peserta dari 30 desa",
        "Rabu, 09.30 WIB",
        "Nomor 12/V/2024",
        "tanggal 2-5",
        "menang (2-1)",
        "membeli 3 des kayu",
    ],
)
def test_figures_that_are_no_dates(text: str) -> None:
    """Years, numbers of letters, telephone numbers and clock times are no dates."""
    assert find_dates(text) == ()


def test_clock_time_is_kept() -> None:
    """The clock time beside a date is read with it."""
    (found,) = find_dates("14 Agustus 2024 | 10:05 WIB")
    assert found.clock == time(10, 5)


@given(
    st.dates(date(2000, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["{0.day} {1} {0.year}", "({0:%d/%m/%Y})"]),
)
def test_every_day_comes_back(day: date, form: str) -> None:
    """Any day written in figures or with a month's name is read as that day, day first."""
    (found,) = find_dates(form.format(day, MONTHS[day.month - 1][0].capitalize()))
    assert found.date == day


@given(
    st.text(alphabet="12/.- ,()JumatRbuJnis2024pk:|\n\u00a0’", max_size=200),
    st.none() | st.integers(2000, 2030),
)
def test_any_text_can_be_searched(text: str, year: int | None) -> None:
    """No text raises; what is found stands at its offsets, in order and apart."""
    found = find_dates(text, year)
    assert all(item.raw == text[item.start : item.end] for item in found)
    assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize(
    "evil", [" ", "Senin, ", "1 ", "1-", "12/", "(", "pukul 1.", "13 s.d. ", "2 Mei - "]
)
def test_work_grows_with_length_only(evil: str) -> None:
    """A text twice as long is twice the work, not four times."""
    check_effort(find_dates, evil)

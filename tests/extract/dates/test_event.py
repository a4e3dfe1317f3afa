"""The day of the event."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.credits.spans import find_credits
from kpucrawl.extract.dates.event import read_event


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Petugas menata arsip pada Senin (3/5/2021).", date(2021, 5, 3)),
        (
            "Sesuai surat Nomor 7/PL.01/2021 tanggal 1 Mei 2021, arsip ditata Senin (3/5/2021).",
            date(2021, 5, 3),
        ),
        ("Sejak 1 April 2021 arsip menumpuk; ditata Senin (3/5/2021).", date(2021, 5, 3)),
        ("Sejak 1 April 2021 arsip menumpuk.", date(2021, 4, 1)),
        ("Simulasi pemungutan suara digelar Senin (3/5/2021).", date(2021, 5, 3)),
        ("Rapat evaluasi Pemilu pada Senin (3/5/2021).", date(2021, 5, 3)),
        ("Menyongsong hari pemungutan suara, Rabu 27 November 2024.", None),
        ("Rabu, 27 November akan menjadi hari pencoblosan.", None),
        ("Pilkada Serentak tanggal 27 November 2024.", None),
        ("Ia lahir di Ngawi, 3 Mei 1961.", None),
        ("Tokoh itu (3 Mei 1961 – 4 Juni 2020) dikenang.", None),
        ("Keputusan KPU tertanggal 3 Mei 2021.", None),
        ("Perda itu disahkan pada 3 Mei 2021.", None),
        ("Keputusan KPU Nomor 5, 3 Mei 2021, dibacakan.", None),
        ("Sosialisasi PKPU Nomor 3 Tahun 2020, Senin (3/5/2021).", date(2021, 5, 3)),
        ("Surat suara tiba pada tanggal 3 Mei 2021.", date(2021, 5, 3)),
        ("Upacara Hari Lahir Pancasila, Selasa (1/6/2021).", date(2021, 6, 1)),
        ("Datanglah ke TPS tanggal 27 November 2024.", None),
        ("Baca juga: Arsip Ditata 3 Mei 2021", None),
    ],
)
def test_event(text: str, day: date | None) -> None:
    """Polling days, letters, life spans and related items are passed over, background is the last
    resort."""
    event = read_event([text])
    assert (event.date if event else None) == day


def test_first_range_wins() -> None:
    """Of two ranges the first is the event."""
    event = read_event(
        ["Rapat berlangsung tanggal 3-5 Mei 2021, sebab diadakan rakor lain tanggal 2-4 Mei 2021."]
    )
    assert event is not None
    assert (event.date, event.date_end) == (date(2021, 5, 3), date(2021, 5, 5))


def test_dateline_is_not_the_event() -> None:
    """The dateline's day is never taken for the event, its year judges a yearless weekday."""
    paragraphs = ["Ngawi, 4 Mei 2021 – Petugas menata arsip kemarin, Selasa (3/5)."]
    event = read_event(paragraphs, find_credits(paragraphs).dateline)
    assert event is not None
    assert (event.date, event.flags) == (None, ("weekday_mismatch", "no_year"))


@given(st.text(alphabet="surat tanggal 1234/5 MeipadRbu,.(–)2021", max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    """No text raises."""
    read_event([text])

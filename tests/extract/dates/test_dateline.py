"""Datelines and the places in them."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.characters import gather_lines
from kpucrawl.extract.credits.byline import find_top_byline
from kpucrawl.extract.credits.spans import cut_spans, find_credits
from kpucrawl.extract.dates.dateline import find_dateline
from kpucrawl.extract.records import Dateline


def read_dateline(lines: Sequence[str], *, opening: bool = True) -> Dateline | None:
    """The dateline of a whole text, or of lines from the midst of one."""
    found = find_dateline(lines, find_top_byline(lines) if opening else None, opening=opening)
    return found.dateline if found else None


def drop_credits(body: str) -> str:
    """The body without dateline and credits, as copies are compared."""
    return cut_spans(body, find_credits(gather_lines([body])).spans)


@pytest.mark.parametrize(
    ("text", "place", "unit", "day"),
    [
        ("Pacitan, 3 Mei 2021 — Petugas menata arsip", "Pacitan", None, date(2021, 5, 3)),
        ("Pacitan. Senin, 3 Mei 2021. Petugas menata arsip", "Pacitan", None, date(2021, 5, 3)),
        ("(Pacitan,3 Mei 2021). Petugas menata arsip", "Pacitan", None, date(2021, 5, 3)),
        ("Pacitan 3/5/2021. Petugas menata arsip", "Pacitan", None, date(2021, 5, 3)),
        ("Pacitan (03/05/2021), Petugas menata arsip", "Pacitan", None, date(2021, 5, 3)),
        ("Pacitan, 3 Mei 2021Petugas menata arsip", "Pacitan", None, date(2021, 5, 3)),
        (
            "Pacitan, kab-pacitan.kpu.go.id – Petugas menata arsip",
            "Pacitan",
            "kab-pacitan.kpu.go.id",
            None,
        ),
        (
            "PACITAN,www.kab-pacitan.kpu..go.id-Petugas menata arsip",
            "Pacitan",
            "kab-pacitan.kpu.go.id",
            None,
        ),
        (
            "Pacitan, kab-pacitan.kpu.go.id Petugas menata arsip",
            "Pacitan",
            "kab-pacitan.kpu.go.id",
            None,
        ),
        (
            "kab-pacitan.kpu.go.id – Pacitan, Petugas menata arsip",
            "Pacitan",
            "kab-pacitan.kpu.go.id",
            None,
        ),
        ("PACITAN- Petugas menata arsip", "Pacitan", None, None),
        ("ACEH BARAT DAYA – Petugas menata arsip", "Aceh Barat Daya", None, None),
        ("P a c i t a n – Petugas menata arsip", "Pacitan", None, None),
        ("Bau-Bau - Petugas menata arsip", "Bau-Bau", None, None),
        ("Negara – Petugas menata arsip", "Negara", None, None),
        ("Pacitan, Petugas menata arsip", "Pacitan", None, None),
        ("PACITAN, KPU Kabupaten Pacitan, Senin (3/5/2021) menata arsip", "Pacitan", None, None),
        ("Tarutung, Tapanuli Utara – Petugas menata arsip", "Tarutung, Tapanuli Utara", None, None),
        ("Sukamundur,- Petugas menata arsip", "Sukamundur", None, None),
        ("Pacitan » Petugas menata arsip", "Pacitan", None, None),
        (
            "(Tarutung - Tapanuli Utara) Petugas menata arsip",
            "Tarutung, Tapanuli Utara",
            None,
            None,
        ),
        ("[Tarutung/Tapanuli Utara] Petugas menata arsip", "Tarutung, Tapanuli Utara", None, None),
        (
            "Tarutung – Sumut, 3 Mei 2021 – Petugas menata arsip",
            "Tarutung, Sumut",
            None,
            date(2021, 5, 3),
        ),
        (
            "Pacitan, pada hari Senin (3/5/2021) petugas menata arsip",
            "Pacitan",
            None,
            date(2021, 5, 3),
        ),
        ("[Sukamundur, 3 Mei 2021] Petugas menata arsip", "Sukamundur", None, date(2021, 5, 3)),
        ("Sukamundur – Petugas menata arsip", "Sukamundur", None, None),
        ("Muara Wahid - Petugas menata arsip", "Muara Wahid", None, None),
        (
            "Divisi Teknis KPU Pacitan – Petugas menata arsip",
            None,
            "Divisi Teknis KPU Pacitan",
            None,
        ),
        ("KPU Pacitan-Petugas lapangan menata arsip", None, "KPU Pacitan", None),
        ("Pacitan, @kpupacitan – Petugas menata arsip", "Pacitan", "@kpupacitan", None),
        ("Pacitan, KPU Kab.Pacitan – Petugas menata arsip", "Pacitan", "KPU Kab. Pacitan", None),
        ("KPU LOMBOK UTARA — Petugas menata arsip", None, "KPU Lombok Utara", None),
        (
            "KPU Pacitan. Senin, 3 Mei 2021 Petugas menata arsip",
            None,
            "KPU Pacitan",
            date(2021, 5, 3),
        ),
        (
            "Halo Sobat Pemilih, Pacitan, 3 Mei 2021 – Petugas menata arsip",
            "Pacitan",
            None,
            date(2021, 5, 3),
        ),
    ],
)
def test_datelines(text: str, place: str | None, unit: str | None, day: date | None) -> None:
    """Place, unit and day are read whatever stands between them."""
    dateline = read_dateline([text])
    assert dateline is not None
    assert (dateline.place, dateline.unit, dateline.date) == (place, unit, day)


@pytest.mark.parametrize(
    "text",
    [
        "Demokrasi – kata yang tua – berasal dari Yunani",
        "Teman Pemilih, KPU Kabupaten Pacitan menata arsip",
        "KPU Kabupaten Pacitan menata arsip",
        "KPU Kabupaten Pacitan, Senin (3/5/2021) menata arsip",
        "Negara, sebagai penyelenggara, wajib melayani",
        "Sleman, Bantul dan Kulon Progo ikut serta",
        "Ketua KPU, Senin (3/5/2021) - menata arsip",
        "Sukamundur – begitulah namanya",
        "Sinergitas – Petugas menata arsip",
        "KEJUJURAN – Petugas menata arsip",
        "Wira – Ketua KPU Pacitan – menata arsip",
        "#SobatPemilih – Petugas menata arsip",
        "KPU – singkatan tiga huruf",
        "Oleh karena itu, arsip ditata",
        "dok. foto Pacitan, 3 Mei 2021",
        "Baca juga: Pacitan, 3 Mei 2021",
    ],
)
def test_no_dateline(text: str) -> None:
    """Subjects, greetings, lists, captions and related links give no place and no unit."""
    dateline = read_dateline([text])
    assert dateline is None or (dateline.place, dateline.unit) == (None, None)


def test_below_a_byline_and_a_heading() -> None:
    """The dateline is found under a byline, also when both are glued into one line."""
    below = read_dateline(
        ["Oleh : Wira Santika (Divisi Hukum)", "Pacitan, 3 Mei 2021", "Petugas menata arsip."]
    )
    glued = read_dateline(
        ["Oleh : Wira Santika (Divisi Hukum)Pacitan, 3 Mei 2021Petugas menata arsip."]
    )
    assert below is not None and glued is not None
    assert (below.place, below.date) == (glued.place, glued.date) == ("Pacitan", date(2021, 5, 3))


def test_middle_of_a_text_needs_everything() -> None:
    """Among later paragraphs only place, date and dash together are a dateline."""
    assert read_dateline(["Pacitan, 3 Mei 2021 — Petugas"], opening=False) is not None
    assert read_dateline(["Pacitan, Senin (3/5/2021) petugas"], opening=False) is None
    assert read_dateline(["Pacitan – Petugas"], opening=False) is None


LEAD = (
    "Petugas menata arsip di gudang sampai sore bersama seluruh anggota dan para operator desa itu."
)


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("Pacitan – Petugas menata arsip.", "Pacitan"),
        ("Pacitan, kab-pacitan.kpu.go.id – Petugas menata arsip.", "Pacitan"),
        ("Pacitan. Kamis, 6 Mei 2021. Petugas menata arsip.", "Pacitan"),
        ("Pacitan – petugas menata arsip.", None),
        ("Bantara – Petugas menata arsip.", None),
        ("Pacitan, Petugas menata arsip.", None),
    ],
)
def test_behind_a_lead(line: str, place: str | None) -> None:
    """The paragraph behind a lead may open with the dateline: a known place, set off, before a
    sentence of its own; later ones and those behind a short line follow other rules."""
    found = read_dateline([LEAD, line])
    assert (found.place if found else None) == place
    assert read_dateline([LEAD, "Kabar kedua.", line]) is None


def test_a_place_before_its_province_s_host() -> None:
    """`Padang.sumbar.kpu.go.id -` is a place, and a host as the unit."""
    found = read_dateline(["Padang.sumbar.kpu.go.id - Petugas menata arsip."])
    assert found is not None and (found.place, found.unit) == ("Padang", "sumbar.kpu.go.id")


def test_copies_lose_dateline_and_credits() -> None:
    """Two offices' copies of one text are equal once dateline and credits are off."""
    one = drop_credits(
        "Oleh: Wira Santika\n\nPacitan, 3 Mei 2021 – Petugas menata arsip.\n\nMereka lelah. (ws)"
    )
    two = drop_credits(
        "Ngawi, jatim.kpu.go.id - Petugas menata arsip.\n\nMereka lelah. (Ed:Tio/kpungawi)"
    )
    assert one == two == "Petugas menata arsip.\nMereka lelah."


@given(
    st.lists(
        st.text(alphabet="PacitnKPU,.-–—( )/kpu.go.id 123ei:0\u00a0", max_size=120), max_size=4
    ),
    st.booleans(),
)
def test_any_paragraphs_can_be_read(paragraphs: list[str], opening: bool) -> None:
    """No paragraphs raise, and what is read stood there."""
    dateline = read_dateline(paragraphs, opening=opening)
    assert dateline is None or dateline.raw
    drop_credits("\n\n".join(paragraphs))

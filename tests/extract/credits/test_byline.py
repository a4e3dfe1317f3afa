"""Bylines at the head and credits at the tail."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpucrawl.extract.characters import gather_lines
from kpucrawl.extract.credits.byline import find_bottom_byline, find_top_byline
from kpucrawl.extract.credits.spans import cut_spans, find_credits
from kpucrawl.extract.records import Byline
from tests.extract.effort import check_effort


def read_byline(lines: Sequence[str]) -> Byline | None:
    """The byline of a whole text."""
    return find_credits(lines).byline


def fields(byline: Byline | None) -> dict[str, object]:
    """What a byline says, without what it leaves open."""
    if byline is None:
        return {}
    names = ("writers", "role", "editor", "photographer", "unit")
    return {name: value for name in names if (value := getattr(byline, name))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Oleh : W. Santika (Divisi Hukum dan Pengawasan)",
            {"writers": ("W. Santika",), "role": "Divisi Hukum dan Pengawasan"},
        ),
        ("Oleh: Wira Santika, S.H., M.Si", {"writers": ("Wira Santika, S.H., M.Si",)}),
        (
            "Oleh : Wira Santika Anggota KPU Ngawi, Divisi Hukum",
            {"writers": ("Wira Santika",), "role": "Anggota KPU Ngawi, Divisi Hukum"},
        ),
        ("Penulis: Wira & Tio", {"writers": ("Wira", "Tio")}),
        (
            "Penulis : Wira Editor : Tio Foto : Uli",
            {"writers": ("Wira",), "editor": "Tio", "photographer": "Uli"},
        ),
        ("Reporter/Editor: Wira/Tio", {"writers": ("Wira",), "editor": "Tio"}),
        ("Teks & Foto : Wira", {"writers": ("Wira",), "photographer": "Wira"}),
        ("Penulis: Wira, S.H. dan Tio, S.E.", {"writers": ("Wira, S.H.", "Tio, S.E.")}),
        ("Penulis: Wira (Humas KPU Ngawi)", {"writers": ("Wira",), "unit": "Humas KPU Ngawi"}),
        ("Ditulis oleh I Gede Wira", {"writers": ("I Gede Wira",)}),
        ("Penulis: Wira Cilacap15 Oktober 2020", {"writers": ("Wira",)}),
        ("Pnls: Wira | Fto: Uli", {"writers": ("Wira",), "photographer": "Uli"}),
        (
            "Naskah & foto oleh Wira Santika (Kasubbag Teknis)",
            {
                "writers": ("Wira Santika",),
                "role": "Kasubbag Teknis",
                "photographer": "Wira Santika",
            },
        ),
        (
            "Oleh: Wira Santika, S.Sos., M.Si. dan Tio Uli, S.H.",
            {"writers": ("Wira Santika, S.Sos., M.Si.", "Tio Uli, S.H.")},
        ),
        (
            "(Wira Santika, Ketua KPU Kabupaten Ngawi)",
            {"writers": ("Wira Santika",), "role": "Ketua KPU Kabupaten Ngawi"},
        ),
        ("(Sumbangan Saran, Ketua KPU Kabupaten Ngawi hadir", {}),
        (
            "Oleh: Wira Santika/Admin Web KPU Ngawi",
            {"writers": ("Wira Santika",), "role": "Admin Web KPU Ngawi"},
        ),
        (
            "Oleh: Wira Santika, PPNPN KPU Ngawi",
            {"writers": ("Wira Santika",), "role": "PPNPN KPU Ngawi"},
        ),
        ("Penulis: Wira, S.Sos.. Editor: Tio", {"writers": ("Wira, S.Sos.",), "editor": "Tio"}),
        ("Oleh: 1. Wira Santika 2. Tio Uli", {"writers": ("Wira Santika", "Tio Uli")}),
        ("Karya: Lomba Poster Pemilu", {}),
        ("Reporter: Wira (humaskpungawi)", {"writers": ("Wira",), "unit": "humaskpungawi"}),
        ("Rilis Humas KPU Ngawi", {"unit": "Humas KPU Ngawi"}),
        (
            "{ Wira Santika / PPID KPU Ngawi }",
            {"writers": ("Wira Santika",), "unit": "PPID KPU Ngawi"},
        ),
        (
            "Oleh Wira Santika - Ketua Divisi Sosdiklih KPU Kab. Ngawi",
            {"writers": ("Wira Santika",), "role": "Ketua Divisi Sosdiklih KPU Kab. Ngawi"},
        ),
        ("Tulisan: Wira, Juru Foto: Uli", {"writers": ("Wira",), "photographer": "Uli"}),
        ("Ditulis oleh Wira Santika pada 3 Mei 2021", {"writers": ("Wira Santika",)}),
        ("Rilis KPU Ngawi tentang arsip yang baru ditata", {}),
        ("Oleh: Admin", {}),
        ("Oleh Sebab Itu, KPU Ngawi menata arsip", {}),
        ("Oleh Wira Santika", {"writers": ("Wira Santika",)}),
        ("Oleh : Humas KPU Ngawi", {"unit": "Humas KPU Ngawi"}),
        ("Oleh karena itu, petugas menata arsip.", {}),
        ("Ketua KPU Ngawi Wira Santika menata arsip.", {}),
    ],
)
def test_top(text: str, expected: dict[str, object]) -> None:
    """The label at the head opens a byline; role and further labels are taken apart."""
    assert fields(read_byline([text, "Petugas menata arsip.", "Mereka lelah."])) == expected


def test_role_on_the_next_line() -> None:
    """A role under the name belongs to it."""
    byline = read_byline(
        ["Oleh : Wira Santika", "Ketua KPU Kabupaten Ngawi", "Petugas menata arsip."]
    )
    assert fields(byline) == {"writers": ("Wira Santika",), "role": "Ketua KPU Kabupaten Ngawi"}


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("Mereka lelah. (ws)", {"writers": ("ws",)}),
        ("Mereka lelah (ws)", {"writers": ("ws",)}),
        ("Mereka lelah. (@ws).", {"writers": ("@ws",)}),
        ("Mereka lelah. (Ed:Tio/kpungawi)", {"editor": "Tio", "unit": "kpungawi"}),
        ("Mereka lelah. (*/red/WS)", {"writers": ("WS",), "unit": "red"}),
        ("Mereka lelah. (MC - WS)", {"writers": ("WS",), "unit": "MC"}),
        ("Mereka lelah. (humaskpungawi)", {"unit": "humaskpungawi"}),
        ("Mereka lelah. (HUPMAS KPU NGAWI)", {"unit": "Hupmas KPU Ngawi"}),
        (
            "Mereka lelah. [Humas KPU Ngawi, ws/ft tio/ed uli]",
            {"writers": ("ws",), "photographer": "tio", "editor": "uli", "unit": "Humas KPU Ngawi"},
        ),
        (
            "Mereka lelah. Divisi Data dan Informasi (Wira&Tio)",
            {"writers": ("Wira", "Tio"), "unit": "Divisi Data dan Informasi"},
        ),
        ("dari Divisi Data dan Informasi .(ws)", {"writers": ("ws",)}),
        ("Mereka lelah. W.San-", {"writers": ("W.San",)}),
        ("Mereka lelah. (teks/foto: wira)", {"writers": ("wira",), "photographer": "wira"}),
        ("Mereka lelah. (ws, 3/5/2021)", {"writers": ("ws",)}),
        (
            "Mereka lelah. Ditulis oleh: Wira (CPNS KPU Ngawi)",
            {"writers": ("Wira",), "role": "CPNS KPU Ngawi"},
        ),
        (
            "Mereka lelah. Penulis: Wira Santika, Jabatan: Anggota PPD Selaru",
            {"writers": ("Wira Santika",), "role": "Anggota PPD Selaru"},
        ),
        ("Mereka lelah. (Ditulis: Wira, Disunting: Tio)", {"writers": ("Wira",), "editor": "Tio"}),
        (
            "Mereka lelah. (mas wira / foto: mbak uli / editor: pak tio)",
            {"writers": ("mas wira",), "photographer": "mbak uli", "editor": "pak tio"},
        ),
        (
            "Mereka lelah. (TeksFoto: Wira; Desain: Uli; Edt.: Tio)",
            {"writers": ("Wira",), "photographer": "Wira", "editor": "Tio"},
        ),
        (
            "Mereka lelah. Penulis: Wira (Kabag Umum) Foto: Uli",
            {"writers": ("Wira",), "role": "Kabag Umum", "photographer": "Uli"},
        ),
        (
            "Mereka lelah. (Wir. – Subbag Teknis KPU Ngawi)",
            {"writers": ("Wir.",), "unit": "Subbag Teknis KPU Ngawi"},
        ),
        ("Mereka lelah. (ws) Foto: Uli", {"writers": ("ws",), "photographer": "Uli"}),
        ("Mereka lelah. ✍️ Wira 📷 Uli", {"writers": ("Wira",), "photographer": "Uli"}),
        ("Mereka lelah. (mereka semua / di gudang)", {}),
        ("Mereka lelah. (sdm kpungawi-Wira)", {"writers": ("Wira",), "unit": "sdm kpungawi"}),
        ("Mereka lelah. (Hum Ngawi/Wira)", {"writers": ("Wira",), "unit": "Hum Ngawi"}),
        ("Mereka lelah. (div. hukum kpu kab. ngawi)", {"unit": "div. hukum kpu kab. ngawi"}),
        ("Mereka lelah. (Humas KPU Ngawi, W.S)", {"writers": ("W.S",), "unit": "Humas KPU Ngawi"}),
        ("Mereka lelah (WS/TU).", {"writers": ("WS", "TU")}),
        ("dari tingkat dasar hingga madrasah (SD/MI).", {}),
        ("Mereka lelah. || wira", {"writers": ("wira",)}),
        ("Mereka lelah. – Wira Santika, S.H.", {"writers": ("Wira Santika, S.H.",)}),
        (
            "Mereka lelah. – Wira, Staf Parmas KPU Ngawi",
            {"writers": ("Wira",), "role": "Staf Parmas KPU Ngawi"},
        ),
        ("Mereka lelah. =ws/KPU Ngawi=", {"writers": ("ws",), "unit": "KPU Ngawi"}),
        ("Mereka lelah. – Rapat Selesai", {}),
        (
            "Mereka lelah. (Ditulis: Wira (Kasubbag Hukum) / ft: Uli)",
            {"writers": ("Wira",), "role": "Kasubbag Hukum", "photographer": "Uli"},
        ),
        (
            "Mereka lelah. Foto dan teks oleh Wira Santika",
            {"writers": ("Wira Santika",), "photographer": "Wira Santika"},
        ),
        ("#KPUMelayani #Ngawi (ws)", {"writers": ("ws",)}),
        (
            "Mereka lelah. Oleh: Drs. Wira || Foto: Uli",
            {"writers": ("Drs. Wira",), "photographer": "Uli"},
        ),
        ("Panitia Pemungutan Suara (PPS).", {}),
        ("“Arsip itu rapi,” – Wira Santika", {}),
        ("Mereka lelah. Foto: Antara/Wira", {}),
        ("*) Komisioner KPU Ngawi", {"role": "Komisioner KPU Ngawi"}),
        (
            "Mereka lelah. Subbag Teknis KPU Ngawi | Penulis: Wira",
            {"writers": ("Wira",), "unit": "Subbag Teknis KPU Ngawi"},
        ),
        ("Mereka lelah. [ws–KPU Ngawi]", {"writers": ("ws",), "unit": "KPU Ngawi"}),
        ("Mereka lelah. (mc_natuna; ws)", {"writers": ("ws",), "unit": "mc_natuna"}),
        ("Mereka lelah. (humas_wira)", {"writers": ("wira",), "unit": "humas"}),
        ("Mereka lelah. (narasi_wira, foto_uli)", {"writers": ("wira",), "photographer": "uli"}),
        ("Mereka lelah. (ws; Jepret: Uli)", {"writers": ("ws",), "photographer": "Uli"}),
        (
            "Mereka lelah. Humas KPU Ngawi - Wira (naskah), Hj. Tio (editor)",
            {"writers": ("Wira",), "editor": "Hj. Tio", "unit": "Humas KPU Ngawi"},
        ),
        ("dihadiri Panitia Pemilihan Kecamatan (PPK)", {}),
        ("dihadiri Panitia Pemilihan Kecamatan (PPK).", {}),
        ("Mereka lelah. (lihat lampiran)", {}),
        ("Mereka lelah. (3/5/2021)", {}),
        ("Mereka lelah. <ws>", {"writers": ("ws",)}),
        ("Mereka lelah. ***ws", {"writers": ("ws",)}),
        ("Mereka lelah. (ws/ed)", {"writers": ("ws",)}),
        ("Mereka lelah. (ws-tu)", {"writers": ("ws", "tu")}),
        ("Mereka lelah. (ws.)", {"writers": ("ws",)}),
        ("Mereka lelah. (w.s.)", {"writers": ("w.s.",)}),
        ("Mereka lelah. (ws/foto: istimewa)", {"writers": ("ws",)}),
        ("Mereka lelah. (Wira_KPUNgawi)", {"writers": ("Wira",), "unit": "KPUNgawi"}),
        ("Mereka lelah. (Wira Humas KPU Ngawi)", {"writers": ("Wira",), "unit": "Humas KPU Ngawi"}),
        ("Mereka lelah. Wira (Humas KPU Ngawi)", {"writers": ("Wira",), "unit": "Humas KPU Ngawi"}),
        ("Mereka lelah. Penulis: Wira. Editor: Tio.", {"writers": ("Wira",), "editor": "Tio"}),
        ("Mereka lelah. (ws) #KPUMelayani #Ngawi", {"writers": ("ws",)}),
        ("pungkas Tio Uli Santika Wira 3 Mei 21", {"writers": ("Wira",)}),
        ("Mereka lelah di Ngawi 3 Mei 21", {}),
        ("Foto: Dok. KPU Ngawi", {}),
        ("Sumber: kantorberita.com", {}),
        ("Mereka belajar secara daring (pagi)", {}),
        ("sebanyak sembilan orang (laki-laki)", {}),
        ("Mereka lelah. (admin)", {}),
        ("Mereka lelah. (***)", {}),
        ("Mereka lelah, kata Wira Santika.", {}),
    ],
)
def test_bottom(tail: str, expected: dict[str, object]) -> None:
    """The closing bracket or dash tells writers, editor, photographer and unit apart; other
    brackets are none."""
    assert fields(read_byline(["Petugas menata arsip.", tail])) == expected


def test_credit_above_hashtags() -> None:
    """Hashtags and share words below a credit do not hide it."""
    assert fields(
        read_byline(["Petugas menata arsip.", "Mereka lelah. (ws)", "#KPUMelayani", "Bagikan:"])
    ) == {"writers": ("ws",)}


def test_credit_lines_one_below_the_other() -> None:
    """Labelled lines at the end are one credit."""
    byline = read_byline(["Petugas menata arsip.", "Penulis: Wira", "Editor: Tio", "Foto: Uli"])
    assert fields(byline) == {"writers": ("Wira",), "editor": "Tio", "photographer": "Uli"}


def test_the_office_beside_credit_lines() -> None:
    """A line that is nothing but the office is part of the credit beside it."""
    lines = ["Penulis: Wira", "Foto: Uli"]
    office = "KPU Kab. Manggarai Barat"
    expected = {"writers": ("Wira",), "photographer": "Uli", "unit": office}
    assert fields(read_byline([*lines, office, "Petugas menata arsip."])) == expected
    assert fields(read_byline(["Petugas menata arsip.", office, *lines])) == expected
    assert fields(read_byline(["Petugas menata arsip.", *lines, office])) == expected
    assert fields(read_byline(["Petugas menata arsip.", office])) == {}


def test_rows_of_a_name_and_its_post() -> None:
    """They are a credit, and with a further row the table of a person."""
    rows = ["Nama : Wira Santika", "Jabatan : Staf KPU Ngawi"]
    expected = {"writers": ("Wira Santika",), "role": "Staf KPU Ngawi"}
    assert fields(read_byline([*rows, "Petugas menata arsip."])) == expected
    assert read_byline([*rows, "Alamat : Ngawi", "Petugas menata arsip."]) is None


def test_a_numbered_list_below_a_label() -> None:
    """Each item is a writer."""
    listed = ["Tim Peliput:", "1. Wira Santika", "2. Tio", "3. Uli R."]
    expected = {"writers": ("Wira Santika", "Tio", "Uli R.")}
    assert fields(read_byline(["Petugas menata arsip.", *listed])) == expected


def test_the_office_above_the_labels_at_the_head() -> None:
    """It signs with them; above a text alone it does not."""
    lines = ["KPU KABUPATEN NGAWI", "Penulis: Wira", "Petugas menata arsip."]
    expected = {"writers": ("Wira",), "unit": "KPU Kabupaten Ngawi"}
    assert fields(read_byline(lines)) == expected
    assert read_byline([lines[0], lines[2], "Mereka lelah."]) is None


@pytest.mark.parametrize("above", ["Berita terkait:", "- Gudang Baru Diresmikan"])
def test_items_of_a_typed_list_are_no_signature(above: str) -> None:
    """A dash before a title is not one before a name."""
    item = "- Rekrutmen PPS Dibuka"
    assert read_byline(["Petugas menata arsip.", above, item]) is None
    assert read_byline(["Petugas menata arsip.", "- Wira"]) is not None


def test_role_in_a_footnote() -> None:
    """A starred note tells the writer's role, below the name or at the end of the text."""
    below = read_byline(
        ["Oleh : Wira*)", "*) Penulis adalah Anggota KPU Ngawi", "Petugas menata arsip."]
    )
    last = read_byline(
        ["Oleh: Wira*", "Petugas menata arsip.", "*Penulis adalah Anggota KPU Ngawi"]
    )
    assert fields(below) == fields(last) == {"writers": ("Wira",), "role": "Anggota KPU Ngawi"}


@given(st.lists(st.text(alphabet="OlehPnuis:(Ed/kpu).,-& WS[]*@\u00a0", max_size=120), max_size=5))
def test_any_paragraphs_can_be_read(paragraphs: list[str]) -> None:
    """No paragraphs raise; what is cut off is a part of the lines."""
    read_byline(paragraphs)
    body = "\n\n".join(paragraphs)
    assert len(cut_spans(body, find_credits(gather_lines([body])).spans)) <= len(body)


@pytest.mark.parametrize(
    "evil",
    ["(", "Oleh: ", "a ", "S.", "(a", "-", "Divisi ", "kpu.", "a, ", "Humas kpu ", "Penulis: a / "],
)
def test_work_grows_with_length_only(evil: str) -> None:
    """A line twice as long is twice the work, not four times."""
    check_effort(lambda line: (read_byline([line]), find_bottom_byline([line, "x"])), evil)


@pytest.mark.parametrize(
    ("line", "writers", "unit"),
    [
        ("Rapat usai. (hupmas kpu ri dianR/foto: dosen-dessy/ed diR)", ("dianR",), "hupmas kpu ri"),
        ("Rapat usai. (Hupmas KPU Arf/Foto: Ieam/ed diR)", ("Arf",), "Hupmas KPU"),
        ("Rapat usai. (Humas KPU Agam/foto: rudi)", (), "Humas KPU Agam"),
        ("Rapat usai. (Hupmas KPU OKI)", (), "Hupmas KPU OKI"),
    ],
)
def test_who_signs_behind_a_unit(line: str, writers: tuple[str, ...], unit: str) -> None:
    """A first name with an initial, or a short one, is a writer's; a region is the unit's."""
    found = find_bottom_byline([line])
    assert found is not None
    assert (found.byline.writers, found.byline.unit) == (writers, unit)


@pytest.mark.parametrize(
    ("line", "writers"),
    [
        ("Oleh: Dr. Wira Santika, M.H. Mengapa pemilih muda golput?", ("Dr. Wira Santika, M.H.",)),
        ("Oleh : Wira Santika, SIP Setiap tahun kantor menata arsip.", ("Wira Santika, SIP",)),
    ],
)
def test_a_degree_that_runs_into_the_text(line: str, writers: tuple[str, ...]) -> None:
    """The credit ends with the degree where a sentence follows."""
    found = find_top_byline([line, "Petugas menata arsip."])
    assert found is not None and found.byline.writers == writers


def test_an_address_at_the_end_credits_nobody() -> None:
    """`siakba.kpu.go.id/login` is where to go."""
    assert find_bottom_byline(["Pendaftaran dibuka di laman siakba.kpu.go.id/login"]) is None


@pytest.mark.parametrize("name", ["Rahmat Negara", "Rahmat Batang"])
def test_a_name_is_not_cut_before_a_place_that_is_a_word(name: str) -> None:
    """A common word ends no name, though a town is called so as well."""
    whole = read_byline([f"Oleh: {name}, 12 Mei 2024", "Petugas menata arsip."])
    assert whole is not None and whole.writers == (name,)
    cut = read_byline(["Oleh: Rahmat Jepara, 12 Mei 2024", "Petugas menata arsip."])
    assert cut is not None and cut.writers == ("Rahmat",)

"""Random articles, before any markup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

HOST = "https://kab-contoh.kpu.go.id"
SUBJECTS = (
    "Ketua KPU Kabupaten Contoh",
    "Kasubbag Teknis",
    "Tim pelaksana",
    "Sekretaris KPU",
    "Para operator desa",
    "Divisi Data dan Informasi",
    "Peserta rapat",
    "Pengurus partai politik",
    "Relawan demokrasi",
)
VERBS = (
    "memaparkan",
    "menyerahkan",
    "memeriksa",
    "membahas",
    "menegaskan pentingnya",
    "menyusun",
    "mencermati",
    "menerima",
)
OBJECTS = (
    "daftar pemilih berkelanjutan triwulan kedua",
    "berita acara hasil pencermatan",
    "rencana kerja anggaran tahun depan",
    "pedoman teknis penataan daerah pemilihan",
    "laporan pelaksanaan kegiatan secara berjenjang",
    "arsip surat dinas",
    "logistik di gudang penyimpanan",
    "modul pendidikan pemilih bagi pelajar",
)
ENDS = (
    "di aula kantor pada pagi hari itu",
    "bersama jajaran sekretariat",
    "agar hak pilih setiap warga terjaga",
    "sesuai dengan jadwal yang telah ditetapkan",
    "di hadapan para undangan",
    "dengan tertib dan lancar",
)
TITLE_HEADS = (
    "Rapat Pleno",
    "KPU Contoh Gelar",
    "Sosialisasi",
    "Bimbingan Teknis",
    "Penyerahan",
    "Apel Pagi,",
    "Menuju",
)
TITLE_TAILS = (
    "Rekapitulasi Daftar Pemilih Triwulan II",
    "Tata Kelola Arsip Dinas",
    "Pemilih Pemula: Satu Suara, Satu Harapan",
    "Data Partai Politik – Tahap Kedua",
    "Pengelolaan Logistik & Gudang",
    'Zona Integritas "Melayani"',
)
CATEGORIES = (
    ("104", "Berita Terkini"),
    ("105", "Sosialisasi"),
    ("14", "Umum"),
    ("11", "Pengumuman"),
    ("135", "Opini"),
    ("96", "KPU Dalam Berita"),
    ("151", "Kabar Daerah"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a body: `kind` is para, sub, list, quote, table, image, caption, related or
    file."""

    kind: str
    text: str = ""
    items: tuple[str, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What an article says, and what should be read from it."""

    title: str
    category: tuple[str, str]
    blocks: tuple[Block, ...]
    views: int
    number: int

    @property
    def url(self) -> str:
        return f"{HOST}/blog/read/{self.number}_{'-'.join(self.title.lower().split())[:40]}"

    @property
    def body(self) -> str:
        own = (
            block
            for block in self.blocks
            if block.kind in ("para", "sub", "quote", "list", "table")
        )
        return "\n\n".join(block.text or "\n".join(block.items).replace("\t", " ") for block in own)

    def hrefs(self, kind: str) -> list[str]:
        """The absolute addresses of the pictures, files or related articles."""
        return list(dict.fromkeys(HOST + block.href for block in self.blocks if block.kind == kind))


def make_sentence(rng: Random) -> str:
    return f"{rng.choice(SUBJECTS)} {rng.choice(VERBS)} {rng.choice(OBJECTS)} {rng.choice(ENDS)}."


def make_story(rng: Random) -> Story:
    title = f"{rng.choice(TITLE_HEADS)} {rng.choice(TITLE_TAILS)}"
    title = title.upper() if rng.random() < 0.15 else title
    number = rng.randint(10, 9000)
    return Story(
        title,
        rng.choice(CATEGORIES),
        tuple(_make_blocks(rng)),
        rng.choice((3, 47, 151, 1234, 23456)),
        number,
    )


def _make_blocks(rng: Random) -> list[Block]:
    image = Block(
        "image",
        "",
        (),
        f"/public/kab-contoh/images/{rng.randint(1600000000, 1750000000)}_{rng.getrandbits(80):020x}.jpg",
    )
    file = Block(
        "file",
        "Unduh Dokumen Lengkap",
        (),
        f"/public/kab-contoh/files/{rng.randint(1, 99)}_pengumuman.pdf",
    )
    if rng.random() < 0.06:
        return [rng.choice((image, file))]
    blocks = [image] if rng.random() < 0.5 else []
    if blocks and rng.random() < 0.4:
        blocks.append(Block("caption", "dok. foto Suasana rapat di aula kantor"))
    if rng.random() < 0.3:
        blocks.append(Block("para", "Oleh : Bagas Wicaksana (Divisi Teknis)"))
    opening = rng.choice(
        ("", "Contoh, kab-contoh.kpu.go.id – ", "Contoh, 12 Mei 2023 – ", "Teman Pemilih, ")
    )
    blocks.append(
        Block("para", opening + " ".join(make_sentence(rng) for _ in range(rng.randint(1, 4))))
    )
    makers: tuple[Callable[[], list[Block]], ...] = (
        lambda: [Block("para", " ".join(make_sentence(rng) for _ in range(rng.randint(1, 5))))],
        lambda: [Block("para", "Hal itu disampaikan Senin (12/5).")],
        lambda: [Block("sub", "Hasil Rapat"), Block("para", make_sentence(rng))],
        lambda: [
            Block("list", items=tuple(make_sentence(rng)[:-1] for _ in range(rng.randint(2, 5))))
        ],
        lambda: [Block("quote", f"“{make_sentence(rng)}”")],
        lambda: [
            Block(
                "table",
                items=("No\tKecamatan\tPemilih", "1\tSukamaju\t1.204", "2\tSukamundur\t988"),
            )
        ],
        lambda: [
            Block(
                "related",
                "Baca Juga : ",
                ("Apel Pagi Bersama Sekretariat",),
                f"/blog/read/{rng.randint(1, 9)}_apel",
            )
        ],
        lambda: [image],
    )
    weights = (10, 2, 2, 2, 2, 1, 2, 0.5)
    for make in rng.choices(makers, weights, k=rng.randint(0, 7)):
        blocks += make()
    if rng.random() < 0.15:
        blocks.append(file)
    if rng.random() < 0.3:
        blocks.append(
            Block("para", rng.choice(("(eko)", "(Ed:Asa/kpucontoh)", "[Humas KPU Contoh]")))
        )
    return blocks

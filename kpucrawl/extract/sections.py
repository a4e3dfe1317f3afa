"""Category titles under comparable names."""

from __future__ import annotations

import re

# The first that matches counts: `Opini Pemilu` is opini, `KPU Dalam Berita` is no berita of the office's own.
SECTIONS = (
    ("media", r"dalam\s(?:berita|media)|kliping|liputan\smedia"),
    ("opini", r"opini|kolom|gagasan|catatan"),
    ("pengumuman", r"pengumuman|announcement"),
    ("sosialisasi", r"sosialisasi|pendidikan\spemilih|parmas"),
    ("siaran-pers", r"siaran\spers|press?\s?release|rilis"),
    ("artikel", r"artikel|tulisan"),
    ("hukum", r"hukum|jdih|keputusan|peraturan"),
    ("agenda", r"agenda|jadwal"),
    ("galeri", r"galer|foto|video"),
    ("kegiatan", r"kegiatan"),
    ("berita", r"berita|kabar|news|warta|liputan"),
    ("umum", r"umum"),
)
_SECTIONS = tuple((name, re.compile(rf"\b(?:{words})", re.I)) for name, words in SECTIONS)


def name_section(category: str | None) -> str | None:
    """The comparable name of a category's title, None for one that is not known."""
    return next((name for name, words in _SECTIONS if words.search(category or "")), None)

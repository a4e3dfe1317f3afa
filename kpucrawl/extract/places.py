"""The gazetteer: regions, their seats and the short names the offices use (`places.csv`)."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files

from kpucrawl.extract.text import split_words

LEVELS = (
    r"kota(?:\sadministrasi)?|kab(?:upaten)?\.?(?:\sadministrasi)?|prov(?:insi)?\.?|kec(?:amatan)?\.?|desa|kelurahan|distrik"
    r"|nagari|pulau|kepulauan|ibu\s?kota"
)
LANDFORMS = (
    r"tanjung|muar[ao]|kuala|sungai|sei|bukit|gunung|teluk|kampung|lembang|padang|rantau|labuh?an|lubuk|bandar|ujung|tanah"
    r"|pasir|dusun|gampong|jorong|lembah|pantai|pelabuhan|simpang|koto|danau|huta|dolok|kecamatan|oe"
)
"""First words of many names of villages that no list holds."""
WORDS_TOO = split_words(
    "negara sumber nusantara rantau tanjung salak batu puncak batang landak bula pare benteng pandan banjar malaka "
    "kampar alor maba fef solok mitra palas tala mura tuba muba ppu pali oki oku tts ttu sbb sbt sbd mbd kkt ksb klu "
    "duri lawang genteng babat merak sape labuan menteng gambir natar kisar larat balut basel jebus kefa meranti"
)
"""Places whose name is also a word or an acronym: before a lone comma they prove nothing."""
NOT_PLACES = split_words(
    """kpu kpud kip ppk pps kpps tps bawaslu dkpp dprd dpr ri pemilu pilkada pilgub pilbup pilwali pilpres pemilihan
    demokrasi ketua anggota komisioner sekretaris kepala kasubbag divisi rapat sosialisasi pengumuman berita artikel
    opini siaran pers press rilis release hari tanggal pukul waktu tempat acara agenda kegiatan peserta bimbingan bimtek
    rakor apel upacara kunjungan selamat teman sobat sahabat kawan halo hai salam bertempat berlokasi pada di dalam oleh
    penulis editor foto gambar info infografis video live update breaking news catatan refleksi senin selasa rabu kamis
    jumat sabtu minggu ahad tahapan tahun bulan data daftar hasil rekapitulasi kampanye logistik lampiran nomor surat
    coklit pantarlih hoaks hoax suara jelang menjelang sambut menyambut tingkatkan wujudkan gelar hadiri ikuti bersama
    perkuat optimalkan susun laksanakan perihal keputusan peraturan selengkapnya penting tentang profil visi misi humas
    pemilih partai calon warga diterbitkan dipublikasikan diposting dipublish diunggah ditulis ditayangkan diperbarui
    posted published updated terbit tayang"""
)
"""Words no unknown place begins with or contains; the gazetteer overrules them."""
PLAIN_WORDS = split_words(
    """damai gemilang cemerlang meriah semarak antusias luar biasa
    aman jujur adil luber jurdil netral bersih kuat maju hebat bangga bahagia syukur alhamdulillah bismillah
    amin merdeka dirgahayu horas shalom tabea rahayu puji selesai tuntas sukses semangat siap sigap tanggap cepat tepat
    cermat akurat mutakhir terbuka inklusif mandiri profesional sinergi sinergitas kolaborasi koordinasi solid kompak
    kerja karya bakti jasa ikrar janji sumpah tekad harapan doa cinta kasih rindu duka haru suka cita pesta rakyat
    bangsa negeri tanah air nusa ibu bapak anak pemuda pemudi pelajar santri guru petani nelayan buruh perempuan wanita
    lansia difabel disabilitas generasi milenial gen zoomer muda mudi keluarga masyarakat publik politik hukum etika
    moral budaya adat agama iman ramadan ramadhan idulfitri lebaran natal imlek nyepi waisak paskah kemerdekaan pahlawan
    pancasila kartini proklamasi reformasi konstitusi undang pasal aturan regulasi anggaran dana hibah uang kas aset
    arsip dokumen berkas formulir kotak bilik tinta segel kertas gudang truk kapal pesawat jalan jembatan gunung laut
    sungai hutan sawah ladang kebun kopi teh hujan banjir gempa kabut panas dingin pagi siang sore petang malam subuh
    besok kemarin lusa kini nanti dulu lalu sebelum sesudah setelah ketika saat sejak hingga sampai selama sambil karena
    sebab akibat maka jadi tetapi namun meski walau bila jika kalau apabila apa siapa kapan mengapa bagaimana mana
    dengan tanpa untuk bagi dari ke dan atau serta juga pun saja hanya satu dua tiga empat lima enam tujuh delapan
    sembilan sepuluh ratusan puluhan ribuan seluruh semua setiap para sang si ini itu ada tidak bukan belum sudah telah
    akan sedang masih harus wajib boleh dapat bisa mampu ayo mari yuk jangan mohon tolong silakan terima kabar kilas
    sekilas tips trik cara panduan tanya jawab kuis lomba juara piala medali piagam hadiah podcast webinar seminar
    diskusi debat dialog audiensi pleno sidang putusan sengketa gugatan aduan laporan evaluasi monitoring supervisi
    inspeksi audit verifikasi faktual simulasi pelatihan lokakarya workshop launching peluncuran pelantikan serah
    terima kick off expo pameran bazar senam jalan sehat donor darah bakti sosial gotong royong olahraga futsal voli
    transparansi akuntabilitas integritas kredibilitas inovasi aplikasi sistem teknologi digital siber media pemilos
    golput petahana paslon parpol caleg saksi pengawas pemantau relawan panwas panwaslu adhoc badan sekretariat
    dukacita belasungkawa berduka sukacita
    dpt dps dpb dpk sidalih silon sipol sirekap situng jdih ppid wbk wbbm spip sakip reformasi birokrasi zona"""
)
"""Words that may stand before a dash as well: no lone unknown word is a place that is one of them."""

_ABSTRACT = re.compile(r"(?:itas|asi|isme|logi|ansi|sis|nya)$|^(?:ke|pe)\w{4,}an$", re.IGNORECASE)
_LEVEL = re.compile(rf"(?:{LEVELS})\s*", re.IGNORECASE)
_SHORT_ISLANDS = re.compile(r"kep\b\.?\s?", re.IGNORECASE)
_SIDE = re.compile(
    r"(?<=[^\W\d_])\s(?:utara|selatan|timur|barat|tengah|hulu|hilir|kota|timur laut|barat daya)$", re.IGNORECASE
)
_NAMED = re.compile(rf"(?:{LEVELS}|{LANDFORMS})\s+(?-i:[A-Z])", re.IGNORECASE)


def fold_name(name: str) -> str:
    """Letters only, so that `Palangka Raya` and `PALANGKARAYA`, `Bau-Bau` and `Baubau` are one."""
    return "".join(filter(str.isalpha, name.casefold()))


def find_place(name: str) -> str | None:
    """The gazetteer's spelling of a place, with or without its level (`Kota Bitung`, `Kab. Bantul`).

    A part of one, as districts are called, stays as written: `Simeulue Timur`.
    """
    names = _load_places()
    whole = _SHORT_ISLANDS.sub("Kepulauan ", name, count=1)
    level = _LEVEL.match(whole)
    bare = whole[level.end() :] if level else whole
    side = _SIDE.sub("", bare)
    return names.get(fold_name(whole)) or names.get(fold_name(bare)) or (name if fold_name(side) in names else None)


def names_level(name: str) -> bool:
    """Whether the words say themselves that they name a place: `Kecamatan Sukamaju`, `Muara Wahid`."""
    return _NAMED.match(name) is not None


def is_likely_name(word: str) -> bool:
    """Whether a word that nobody listed sounds like a name, not like a subject: `Sukamundur`, but not `Sinergi`."""
    plain = word.lower() in PLAIN_WORDS or word.lower() in NOT_PLACES
    return word.isalpha() and word[1:].islower() and not plain and _ABSTRACT.search(word) is None


def is_also_word(name: str) -> bool:
    """Whether the name may as well begin a sentence: `Negara, sebagai ...`."""
    return fold_name(name) in WORDS_TOO


@cache
def _load_places() -> dict[str, str]:
    """Folded name to spelling."""
    with (files("kpucrawl.extract") / "places.csv").open(encoding="utf-8") as rows:
        return {fold_name(row["name"]): row["name"] for row in csv.DictReader(rows)}

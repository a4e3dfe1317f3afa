"""Words of the page's furniture: share blocks, counters, lines about the article, headings of other blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kpucrawl.extract.eyes import EYE
from kpucrawl.extract.outline import Line
from kpucrawl.extract.views import COUNTER_WORDS, read_views

NETWORKS = (
    r"facebook|twitter|whatapps|whats\s?app|telegram|instagram|tik\s?tok|you\s?tube|linkedin|pinterest|line|threads|e-?mail"
    r"|copy\s?link|salin(?:\s(?:link|tautan))?|google\s?\+?|messenger|fb|wa|ig|x|tweet|print|cetak|\+1"
)
SHARE_LABELS = (
    r"(?:ayo\s)?(?:bagikan|sebarkan)(?:\s(?:ini|ke|di|via|artikel(?:\sini)?|berita(?:\sini)?|halaman(?:\sini)?|tulisan|info\sini))*"
    r"|share(?:\s(?:this(?:\s\w+)?|on|to|via))*|tweet(?:\sthis)?"
    r"|klik\suntuk\s(?:berbagi|membagi|mencetak|mengirim).*|click\sto\s(?:share|print|email).*"
)
# Headings and labels that end an article wherever they stand.
ENDINGS = (
    r"(?:berita|artikel|tulisan|postingan|posting|pos|post|konten|info(?:rmasi)?|kegiatan)\s(?:terkait|lain(?:nya)?|sejenis"
    r"|(?:ter)?populer|terbaru|sebelumnya|selanjutnya|berikutnya|pilihan|terpopuler|serupa|rekomendasi|ter(?:hangat|kini))"
    r"|(?:paling\s(?:banyak\s)?(?:dibaca|dilihat)|(?:ter)?populer|popular|trending|rekomendasi)(?:\s\w+){0,2}"
    r"|(?:entri|entry|kabar|warta|dokumen|video|foto)\s(?:(?:ter)?populer|terbaru|pilihan|lain(?:nya)?)|pilihan\s(?:redaksi|editor|kami)"
    r"|ter(?:baru|populer|hangat)(?:\s(?:dari|pekan|minggu|bulan|hari|kami|ini)){1,2}|terbaru|sedang\s(?:hangat|tren(?:ding)?|ramai)"
    r"|baca\s(?:berita|artikel)\slain(?:nya)?|jangan\slewatkan|sorotan"
    r"|(?:related|recent|popular|latest|other)\s(?:posts?|articles?|news)|you\smay\salso\slike|mungkin\sanda\ssuka.*"
    r"|(?:\(?\d+\)?\s*)?(?:komentar|comments?|tanggapan)(?:\s\(?\d+\)?)?|(?:tinggalkan|tulis|kirim|beri(?:kan)?|tambah(?:kan)?)"
    r"\s(?:sebuah\s)?(?:komentar|balasan|tanggapan)(?:\s\w+)?|leave\sa\s(?:reply|comment).*|post\sa\scomment|no\scomments?.*"
    r"|tags?\s*:.*|tagar\s*:.*|labels?\s*:.*|kata\skunci\s*:.*|topik\s*:.*|tags?"
    r"|terkait|related|(?:menyukai|suka)\sini\s?:?|like\sthis:?"
    r"|(?:©|&copy;|\(c\)|copyright|hak\scipta).*|.*all\srights?\sreserved.*"
    r"|[«‹←<]+\s*(?:previous|prev|sebelumnya|older|kembali|berita)?.*|(?:next|selanjutnya|berikutnya|newer)\s*[»›→>]*"
    r"|(?:previous|prev|sebelumnya|older)(?:\s(?:post|article|posting(?:an)?))?\s*:?|(?:artikel|berita|next|previous)\s(?:post|article)"
    r"|kembali\ske\s(?:atas|beranda|halaman\s\w+|daftar.*)|back\sto\stop|tentang\spenulis|about\sthe\sauthor"
    r"|(?:beri(?:kan)?\s)?(?:rating|penilaian)(?:\s\w+){0,3}\s*:?"
)
# Headings of other blocks of the page, which an article may also use inside its text.
OTHER_BLOCKS = (
    r"berita(?:\sutama|\sfoto|\svideo|\sterkini|\sdaerah|\skpu.*)?|pengumuman(?:\s\w+)?|agenda(?:\s\w+)?|gal(?:l)?er[iy](?:\s\w+)?"
    r"|kontak(?:\skami)?|hubungi\skami|alamat(?:\skami|\skantor)?|contact(?:\sus)?|media\ssosial.*|ikuti\skami.*|follow\sus.*"
    r"|sosial\smedia.*|social\smedia.*|statistik.*|pengunjung.*|jumlah\spengunjung.*|visitors?.*|link\sterkait|tautan.*|links?"
    r"|arsip(?:\s\w+)?|archives?|kategori|categor(?:y|ies)|kalender|calendar|polling|jajak\spendapat|cari|pencarian|search"
    r"|sambutan.*|profil(?:\s\w+)?|menu(?:\s\w+)?|video(?:\s\w+)?|infografis|info\spemilu|layanan(?:\s\w+)?|banner|iklan|jdih|ppid"
    r"|live\s(?:chat|streaming)|aplikasi(?:\s\w+)?|unduhan|download|opini(?:\s\w+)?|artikel(?:\s\w+)?|kolom.*"
)
MONTH = r"(?:jan|feb|peb|mar|apr|mei|may|jun|jul|agu|agt|ags|aug|sep|okt|oct|nov|nop|des|dec)[a-z]*"
DATE = (
    rf"(?:(?:senin|selasa|rabu|kamis|jum.?at|sabtu|minggu|ahad|\w+day)\s*[,/]?\s*)?(?:\d{{1,2}}[\s./-]+(?:{MONTH}|\d{{1,2}})"
    rf"[\s./,-]+\d{{2,4}}|{MONTH}\s\d{{1,2}},?\s\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})(?:[\s,|@–-]*(?:pukul|jam|at)?\s*"
    r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*(?:wib|wita|wit|am|pm))?)?"
)
POSTED = (
    r"di\s?(?:publikasikan|publish|posting|post|poskan|unggah|terbitkan|tayangkan|perbarui|buat|tulis)|posted|published|updated?|created"
    r"|written|submitted|tanggal(?:\s(?:publikasi|posting|terbit|tayang))?|tgl|last\supdate|terakhir\sdi\w+|waktu|diupdate|publish"
)
AUTHOR = r"(?:(?:oleh|by|penulis|author|ditulis\soleh|posted\sby|user|pengirim|admin(?:istrator)?)\s*:?\s*)"
ADMIN = r"(?:super\s?|web\s?)?admin(?:istrator|\d+)?(?:\s+kpu.*|\s+website)?|operator|webmaster"
PASSIVE = r"di\s?(?:publikasikan|publish|posting|post|poskan|unggah|terbitkan|tayangkan)|posted|published|submitted"
META_PIECE = (
    rf"(?:{PASSIVE})\s(?:oleh|by)\s*:?\s*[\w .]{{2,40}}?(?:\s*(?:pada|on|tanggal|,)\s*:?\s*{DATE})?|"
    rf"(?:{POSTED})\s*(?:pada|on|oleh|by|tanggal|:)*\s*(?:{DATE}(?:\s(?:oleh|by)\s[\w ]{{2,30}})?)?"
    rf"|{DATE}|{AUTHOR}?(?:{ADMIN})(?:[\s,]+{DATE})?|{AUTHOR}:?"
    r"|\d*\s*(?:komentar|comments?|menit\s(?:mem)?baca|min(?:utes?)?\sread)|(?:waktu|estimasi|lama|durasi)\sbaca\b.{0,30}"
    r"|surel|(?:beri|berikan)\s(?:nilai|rating)|\(?\d+\s(?:suara|votes?)\)?|rate\sthis\sitem|(?:kategori|category|rubrik)\s*:.{0,60}|posted\sin\b.{0,60}"
    r"|a\s?[-+](?:\s*a\s?[-+])*|(?:font|ukuran)\s(?:size|huruf).*|cetak|print|e-?mail|pdf|dengarkan(?:\s\w+)?"
    r"|\d{1,2}[:.]\d{2}(?:\s*wit?[ab]?)?"
    r"|kirim|simpan|edit|daftar\sisi|hits?|views?|dilihat|kembali|oleh|home|beranda"
)
MORE = (
    r"(?:baca\s)?(?:selengkapnya|selanjutnya|lebih\slanjut)|read\smore|more|lanjut(?:kan)?(?:\smembaca)?|(?:lihat\s)?detail"
    r"|baca"
)

_SHARE = re.compile(
    rf"(?:{SHARE_LABELS})[\s:|,·•\ue001]*(?:(?:{NETWORKS})[\s:|,·•/]*)*|(?:(?:{NETWORKS})[\s:|,·•/]*){{2,}}", re.I
)
_NETWORKS = re.compile(rf"(?:(?:{NETWORKS})[\s:|,·•/]*)+", re.I)
_NETWORK = re.compile(rf"(?:{NETWORKS})", re.I)
_COUNTER_WORD = re.compile(rf"{COUNTER_WORDS}|mem?baca|melihat|menonton", re.I)
_FIGURE = re.compile(r"\d")
_COUNTER_START = re.compile(r"(?:telah|sudah)\s(?:dilihat|dibaca|dikunjungi|diakses)\b[\s:]*(?:kali|x)?", re.I)
_EYE_COUNT = re.compile(
    rf"[{EYE}👁]\ufe0f?\s*:?\s*(?P<after>\d[\d.,]*(?:\s?(?:rb|ribu|k|jt|juta))?)(?=\s*(?:$|[|·•/({EYE}]|x\b|kali|views?|hits|orang|\s))"
    rf"|^\s*(?P<before>\d[\d.,]*(?:\s?(?:rb|ribu|k|jt|juta))?)\s*[{EYE}👁]",
    re.I,
)
_ENDING = re.compile(rf"[#\-–—:|\s]*(?:{ENDINGS})\s*[:.]?", re.I)
_OTHER = re.compile(rf"[#\-–—:|\s]*(?:{OTHER_BLOCKS})\s*[:.]?", re.I)
_META = re.compile(rf"(?:{META_PIECE})", re.I)
_META_SPLIT = re.compile(r"\s*[|·•\t]\s*|\s+[-–—/]\s+|\s{2,}|,\s+(?=[a-z]+\s*:)", re.I)
_MORE = re.compile(rf"[\[(«‹\s]*(?:{MORE})[\s\])»›→>.…]*", re.I)
_DATE = re.compile(DATE, re.I)
_LONGEST_LABEL, _LONGEST_COUNTER = 80, 200


def is_share(text: str) -> bool:
    """Whether a line only offers to share: `Bagikan:`, `facebook twitter whatapps`."""
    return len(text) <= 160 and _SHARE.fullmatch(text) is not None


def is_networks(text: str) -> bool:
    """Whether a line names networks and says nothing of sharing, as footers do too."""
    return _NETWORKS.fullmatch(text) is not None


def is_network(text: str) -> bool:
    """Whether a line is the name of one network, as in a share block written as a list."""
    return len(text) <= 30 and _NETWORK.fullmatch(text) is not None


def read_counter(line: Line) -> int | None:
    """The view counter that a line is, or holds beside other notes about the article."""
    if len(line.text) > _LONGEST_COUNTER or not _FIGURE.search(line.text):
        return None
    has_eye = any(EYE in piece or "👁" in piece for piece in line.raw)
    if has_eye and (found := _EYE_COUNT.search("".join(line.raw))):
        return read_views(f"Dilihat {(found['after'] or found['before']).rstrip('.,')}")
    if not _COUNTER_WORD.search(line.text):
        return None
    counts = (read_views(piece.strip(" »›>:-–—")) for piece in (line.text, *line.raw, *_join_pieces(line.raw)))
    return next((views for views in counts if views is not None), None)


def _join_pieces(raw: Sequence[str]) -> Iterator[str]:
    """A few neighbouring pieces together: `Dibaca <b>1544</b> kali` beside other notes."""
    for size in (3, 2):
        yield from map("".join, zip(*(raw[start:] for start in range(size)), strict=False))


def is_counter(line: Line) -> bool:
    """Whether a line is the page's view counter, also one without its number."""
    if len(line.text) > _LONGEST_COUNTER:
        return False
    return _COUNTER_START.fullmatch(line.text) is not None or read_counter(line) is not None


def ends_article(text: str) -> bool:
    """Whether a line opens what follows an article: `Berita Terkait`, `Tags: ...`, `Tinggalkan Komentar`."""
    return len(text) <= 2 * _LONGEST_LABEL and _ENDING.fullmatch(text) is not None


def opens_block(text: str) -> bool:
    """Whether a line may be the heading of another block of the page: `Pengumuman`, `Agenda`, `Kontak Kami`."""
    return len(text) <= _LONGEST_LABEL and _OTHER.fullmatch(text) is not None


def is_meta(text: str) -> bool:
    """Whether a line only says something about the article: `Rabu, 25 Desember 2019 | Admin | 0 Komentar`."""
    if len(text) > 2 * _LONGEST_LABEL:
        return False
    pieces = [piece for piece in _META_SPLIT.split(text) if piece and read_views(piece) is None]
    return all(_META.fullmatch(piece.strip(" ,:;()[]")) or not any(map(str.isalnum, piece)) for piece in pieces)


def is_note(line: Line) -> bool:
    """Whether a line says something about the article: as a whole, or in pieces beside a date or its icons.

    `<b>Contoh,</b> 12 Mei 2023` is a dateline; `<span>Humas</span> <span>12 Mei 2023</span>` is none.
    """
    if is_meta(line.text):
        return True
    pieces = [piece.strip() for piece in line.raw if piece.strip()]
    if len(line.text) > _LONGEST_LABEL or not 1 < len(pieces) < 9:
        return False
    if all(map(is_meta, pieces)):
        return True
    if not any(_DATE.fullmatch(piece) for piece in pieces):
        return False
    return not any(piece.endswith((",", "-", "–", "—", ":", ".")) for piece in pieces)


def is_more(text: str) -> bool:
    """Whether these words lead from a teaser to its article: `Selengkapnya`."""
    return len(text) <= 40 and _MORE.fullmatch(text) is not None


def find_printed_date(text: str) -> str | None:
    """The date that a line about the article prints, as it stands."""
    found = _DATE.search(text)
    return found[0] if found else None

"""The fields of a credit: `Humas KPU Kota Palu, cml/ft andika/ed rudy`, `Penulis: ... Editor:
...`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kpucrawl.extract.characters import split_words
from kpucrawl.extract.credits.units import (
    OFFICES,
    PRESS,
    SECTIONS,
    is_host,
    is_unit,
    part_signed,
    write_unit,
)
from kpucrawl.extract.phrases.places import NOT_PLACES, PLAIN_WORDS, find_place
from kpucrawl.extract.phrases.tables import load_groups, load_pattern
from kpucrawl.extract.records import Byline

_HEAD = dict(load_groups("head_label"))
_REST = dict(load_groups("label"))
_HEAD["writer"] += (load_pattern("author_labels"),)
_HEAD["editor"] += (load_pattern("editor_labels"),)
_REST["photographer"] += (load_pattern("photographer_labels"),)
LABELS = {kind: "|".join((*_HEAD.get(kind, ()), *rows)) for kind, rows in _REST.items()}
HEAD_LABEL = "|".join(word for words in _HEAD.values() for word in words) + "|fotografer"
"""Labels that open a text as well; others there begin captions and lists."""
NOBODY = split_words(
    "admin administrator superadmin webmaster istimewa ist internet google pribadi screenshot "
    "tangkapan layar repro rls rilis release facebook instagram tiktok threads twitter youtube "
    "whatsapp telegram tanggal tgl posting"
)
"""What stands where a name would and names nobody."""
MOST_SMALL = 4
"""Words of a name in small letters; more are a sentence."""
NOT_NAMES = split_words(
    "karena sebab itu sebabnya karenanya "
    "hr hr. qs qs. selesai tamat bersambung habis end dst dll sic foto dok gambar video terlampir "
    "lihat baca klik "
    "unduh download "
    "disini di kanan kiri tengah link selengkapnya sumber rilis "
    "website laman akun dokumen pers siaran rapat draft update foto-foto amin aamiin salam merdeka "
    "covid pemilu pilkada"
)
DEGREE = (
    r"(?:(?!(?:Drs?|Dra|Ir|Hj?|Tgk|Pdt|Prof|KH|Fr|Md|Gd|Ev|Muh?|Moh|Dg)\.\s?[A-Z][a-z]{2})"
    r"(?:[A-Z][A-Za-z]{0,4}\s?\.\s?){1,3}(?!dan\b)[A-Za-z]{0,5}\.?|S\s?(?:H|E|T|IP|Pd|Sos|Kom|Ag|Si|Hum"
    r"|AP|STP|Ip)"
    r"|M\s?(?:H|M|Si|Pd|AP|Kom|Ag|Sos|Kn|IP|Hum|T)|Lc|PhD)(?![a-z])"
)
POSTS = (
    r"(?:(?:wakil|plt\.?|plh\.?|mantan)\s+)?(?:ketua|anggota|komisioner|sekretaris|kepala"
    r"|ka\.?(?:sub|div|bag)\w*|koordinator|korwil|staff?|pelaksana|operator|admin\s(?=web|med|it\b)"
    r"|pp?npn|pppk|p3k|cpns|pns|asn|honorer|magang|pegawai|tenaga|pramu(?:bakti|saji|kantor)|bendahara|duta\s(?=pemilu)"
    r"|narasumber|relawan|direktur|dosen|mahasisw[ai]|siswa|guru)\b"
)
"""Roles of one person; a section or desk signs for itself."""
ROLES = (
    rf"(?:{POSTS}|(?:divisi|peneliti|pengamat|pegiat|pemerhati|analis"
    r"|pranata|penata|penyusun|pengelola|sub\s?bag\S*|bagian|fungsional|ppk|pps|pantarlih|kpps|ppd"
    r"|wartawan|jurnalis|alumni|advokat|praktisi|penyelenggara|jabatan)\b)"
)
ANY_LABEL = "|".join(LABELS.values())
_KIN = rf"(?:\s(?:{load_pattern('label_kin')}))?"
LABEL = (
    rf"(?P<label>{ANY_LABEL}){_KIN}(?:(?:\s?(?:&|dan|/|,|\+)\s?)?(?P<second>{ANY_LABEL}){_KIN})?\.?"
)
_PICTURED = r"(?<=[✍📝🖋🖊🖍✂📷📸\ufe0f])"
"""Behind a picture that is a label, which needs no colon."""
COLON = rf"(?:\s{{0,3}}[:;=]|{_PICTURED})"

_COLON_LABEL = re.compile(
    rf"(?<![\w@.]){LABEL}(?:{COLON}|_|(?:(?<=\bed)|(?<=\bft)|(?<=\bedt))\.(?=\s?\w))\s{{0,3}}",
    re.IGNORECASE,
)
_FIRST_POST = re.compile(POSTS, re.IGNORECASE)
POST = re.compile(rf"{POSTS}|(?!(?:{SECTIONS})\b){ROLES}", re.IGNORECASE)
_SPACE_LABEL = re.compile(rf"(?P<label>{ANY_LABEL})[\s.-]\s{{0,2}}(?P<name>\S.*)", re.IGNORECASE)
_DATED = re.compile(r"\b\d{1,2}[\s/.-]\w{1,9}[\s/.-](?:\d{4}|\d{2})\b")
_TWO_LABELS = re.compile(
    rf"(?P<one>{ANY_LABEL})\s?(?:/|&|dan)\s?(?P<two>{ANY_LABEL})\s(?P<name>[^/,:;|]{{2,40}})",
    re.IGNORECASE,
)
_BARE_LABEL = re.compile(ANY_LABEL, re.IGNORECASE)
AGENCY = re.compile(r"\b(?:antara|afp|reuters|ap|getty|tempo|kompas|detik)\b", re.IGNORECASE)
_DESK = re.compile(rf"(?:{PRESS})\b|\S*kpu|kip\b", re.IGNORECASE)
_SOURCE = re.compile(r"dok(?:umentasi|umen)?\b[.:]?\s*", re.IGNORECASE)
_OFFICIAL = re.compile(r"kpu|kip|\.go\.id", re.IGNORECASE)
_HANDLE = re.compile(r"([a-z]{2,10})\d{1,3}")
_DOUBLED = re.compile(r"(\w+)-\1", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:^|\s)['‘’`]?[^\W\d_]{2,}\.$")
_SPLIT = re.compile(
    rf"\s*([/;|:•·]+|,(?!\s*{DEGREE}\s*(?:$|[,/;|•·&)–—-]|\s+dan\b))|(?<=\w)\s?[-–—]\s|\s[-–—]\s"
    r"|_|(?:^|(?<=\s))\d{1,2}[.)]\s)\s*",
    re.I,
)
_JOINED = re.compile(r"(?<!\w)@?[a-z]+_[a-z]+(?!\w)")
_JOINT = "\ue004"
"""Stands for the joint of a handle while a credit is taken apart."""
_NAMES = re.compile(r"\s*(?:&|\+|\bdan\b)\s*", re.IGNORECASE)
_HONORIFICS = split_words("mas mbak mba kang teh bang bung gus ning cak pak bu kak om")
_WORDS_IN_NAMES = _HONORIFICS | split_words("bin binti al el van de der ibnu a")
_POST_IN_BRACKETS = re.compile(r"\s*([^()]{2,80}?)\s*\(([^()]{3,160})\)")
_POST_LABEL = re.compile(r"jabatan\s*[:=]\s*", re.I)
_BY = re.compile(r"(?:oleh|by)\s+(?=[A-Z@])", re.I)
"""Behind a label: `foto oleh Susilo`."""
_PARTICLE = re.compile(r"(?:al|el|an|as|ar|ad|at|az|ash)-(?=[A-Z])")
"""Written small before a name: `el-Banjari`."""
_DESK_HYPHEN = re.compile(
    r"\b(hms|humas|mc|hupmas|red|sdm|teknis|hukum|tekmas|parmas|datin|rendatin|admin|media|ppid"
    r"|(?:kpu|kip)[a-z]{3,})([-–_])(?=\w)"
    r"|(?<=\w)[-–.](?=(?:hms|humas|mc|hupmas|red)\b)|(?<=\w)[–—](?=(?:kpu|kip)\s)",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"([a-z]{2,4})-(?!\1$)([a-z]{2,4})")
_DESK_BEHIND = re.compile(
    rf"(?P<name>[^,/|]{{2,40}}?)\s(?=(?:{OFFICES})\b|(?:{PRESS})(?:$|\b.{{0,20}}\b(?:kpu|kip)\b))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Credit:
    """What one credit says, gathered field by field."""

    writers: list[str] = field(default_factory=list)
    editors: list[str] = field(default_factory=list)
    photographers: list[str] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    role: str | None = None
    credible: bool = True
    """False once a field was neither a name nor a unit."""

    def build(self, raw: str) -> Byline | None:
        """The record, or None for words that credit nobody."""
        if not self.credible or not (
            self.writers or self.editors or self.photographers or self.units
        ):
            return None
        return Byline(
            raw,
            tuple(dict.fromkeys(self.writers)),
            self.role,
            ", ".join(self.editors) or None,
            ", ".join(self.photographers) or None,
            "/".join(dict.fromkeys(self.units)) or None,
        )

    def add(self, kind: str, text: str, *, is_labelled: bool = False) -> None:
        """One field: a name of the kind given, or a unit; bare labels and `Admin` are nothing.

        Behind a label a name may be all in small letters.
        """
        text = _BY.sub("", text.strip(" *:;,-–—\"“”'"))
        if (
            kind == "other"
            or not any(map(str.isalpha, text))
            or text.lower() in NOBODY
            or _BARE_LABEL.fullmatch(text)
        ):
            return
        if kind == "writer" and (POST if self.writers else _FIRST_POST).match(text):
            self.role = self.role or text
        elif kind == "editor" and _FIRST_POST.match(text):
            self.editors.append(text)
        elif kind == "photographer" and _SOURCE.match(text):
            source = _SOURCE.sub("", text)
            if is_name(source) and not is_unit(source):
                self.photographers.append(source)
        elif kind == "photographer" and is_unit(text):
            return
        elif is_unit(text) and not (
            kind == "unit" and is_host(text) and not _OFFICIAL.search(text)
        ):
            unit, name = part_signed(text)
            self.units.append(write_unit(unit))
            self.writers += [name] if name else []
        elif kind == "unit":
            self.credible = self.credible and bool(self.units or self.writers)
        elif kind == "writer":
            self._add_writers(text, is_labelled)
        elif all(is_name(name) for name in _NAMES.split(text)):
            (self.editors if kind == "editor" else self.photographers).append(text)
        else:
            self.credible = False

    def add_role(self, text: str | None) -> None:
        """What stands beside the name: a position, or the desk that signs with it."""
        text = _POST_LABEL.sub("", text, count=1) if text else None
        if text and _DESK.match(text):
            self.units.append(write_unit(text))
        else:
            self.role = text or self.role

    def _add_writers(self, text: str, is_labelled: bool) -> None:
        names = [name.strip(" ,") for name in _NAMES.split(text) if name.strip(" ,.")]
        self.credible = self.credible and all(
            is_name(name) or (is_labelled and is_small_name(name)) for name in names
        )
        self.writers += names


def read_credit(content: str, *, bracketed: bool) -> Credit:
    """The fields between the brackets, or on the line, of a credit.

    Inside brackets a label needs no colon: `ft andika`, `ed rudy`.
    """
    credit = Credit()
    both = _TWO_LABELS.fullmatch(content.strip()) if bracketed else None
    if both:  # `(Teks/foto Andi)`
        for label in (both["one"], both["two"]):
            credit.add(find_kind(label), both["name"])
        return credit
    fields = list(_split_labelled(content))
    is_labelled = len(fields) > 1
    for kinds, text in fields:
        if "photographer" in kinds and AGENCY.match(text):
            continue
        posted = not kinds and _POST_IN_BRACKETS.fullmatch(text.rstrip())
        text, role = split_role(text) if "writer" in kinds or posted else (text, None)
        text = text.rstrip(" *,;-–—\"“”'")
        text = text[:-1] if text.endswith("..") or _SENTENCE_END.search(text) else text
        pieces = _join_units(_split_pieces(text))
        if len(kinds) == len(pieces) > 1:
            for kind, (_, piece) in zip(kinds, pieces, strict=True):
                credit.add(kind, piece, is_labelled=True)
            continue
        for index, (separator, piece) in enumerate(pieces):
            label = _SPACE_LABEL.match(piece) if bracketed else None
            announced = kinds if kinds and (not index or separator == ",") else ("writer",)
            if label and not is_unit(piece):
                credit.add(find_kind(label["label"]), label["name"], is_labelled=True)
            else:
                for kind in announced:
                    credit.add(kind, piece, is_labelled=is_labelled)
        credit.add_role(role)
    return credit


def is_name(text: str) -> bool:
    """Whether this can be a person's name, initials or a handle: `M. Muhni`, `hnd`, `@rz`."""
    words = re.sub(rf"(?:,\s*{DEGREE})+$", "", text).split()
    if not 1 <= len(words) <= 6 or len(text) > 60 or words[0].lower() in NOT_NAMES:
        return False
    if not re.match(r"[^\W\d_]|@", text):
        return False
    if any(figure.isdigit() for figure in text):
        return _is_handle(text)
    if len(words) == 1:
        return _DOUBLED.fullmatch(words[0]) is None
    plain = sum(word.lower() in PLAIN_WORDS or word.lower() in NOT_PLACES for word in words)
    if 2 * plain > len(words):
        return False
    named = all(
        word.lstrip("'‘’`")[:1].isupper()
        or word.lower() in _WORDS_IN_NAMES
        or _PARTICLE.match(word)
        for word in words
    )
    if words[0] in _HONORIFICS and is_small_name(text):
        return True
    return named or (len(words) == 2 and all(map(_is_pen_name, words)))


def is_small_name(text: str) -> bool:
    """Whether small letters are a name where a label says so: `m. arif w.`; ordinary words are
    none."""
    words = text.split()
    if not text.islower() or not 2 <= len(words) <= MOST_SMALL:
        return False
    plain = {word.strip(".,") for word in words}
    return plain.isdisjoint(NOT_NAMES | PLAIN_WORDS | NOT_PLACES) and not any(
        map(str.isdigit, text)
    )


def _is_handle(text: str) -> bool:
    """`nvl99`; `covid19` and `tps05` are none."""
    found = _HANDLE.fullmatch(text)
    return found is not None and found[1] not in NOT_NAMES | PLAIN_WORDS | NOT_PLACES


def _is_pen_name(word: str) -> bool:
    """One of the words of `gus de`."""
    return len(word) <= 4 and word.islower() and word not in NOT_NAMES | PLAIN_WORDS | NOT_PLACES


def split_role(text: str) -> tuple[str, str | None]:
    """Name and role: `M. Muhni (Divisi Hukum)`, `Andi Putra, Anggota KPU Bantul`."""
    bracket = _POST_IN_BRACKETS.match(text)
    if bracket:
        dated = _DATED.search(bracket[2])
        return bracket[1].strip(" ,-–"), None if dated else bracket[2].strip()
    word = re.search(
        rf"\s*[,–|-]?\s+(?={ROLES})|\s*[,–|]\s*(?={ROLES})|\s*/\s*(?={POSTS})", text, re.IGNORECASE
    )
    if word is None or not word.start():
        return text, None
    name = text[: word.start()].strip(" ,-–")
    if _BARE_LABEL.fullmatch(text[: word.start()].rstrip(" :;=")) or _is_desk_of(name, word[0]):
        return text, None
    return name, text[word.end() :].strip(" .,;:/|-–")


def _is_desk_of(name: str, separator: str) -> bool:
    """Whether what follows is the office of a desk, and no one's role: `Sekretariat PPS Kelurahan
    Bugis`."""
    return not separator.strip() and is_unit(name.rpartition(":")[2])


def find_labels(content: str) -> list[re.Match[str]]:
    """The labels of a credit, each with its colon."""
    return list(_COLON_LABEL.finditer(content))


def _split_labelled(content: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Kinds announced with a colon and the text that belongs to them; no kinds for what comes
    before."""
    labels = find_labels(content)
    yield (), content[: labels[0].start()] if labels else content
    for label, after in zip(labels, [*labels[1:], None], strict=False):
        kinds = tuple(find_kind(part) for part in (label["label"], label["second"]) if part)
        yield kinds, content[label.end() : after.start() if after else len(content)]


def _split_pieces(text: str) -> Iterator[tuple[str, str]]:
    """The separator before each piece and the piece; hosts and `S.H.` stay whole."""
    spaced = (
        _INITIALS.sub(r"\1/\2", text)
        if _INITIALS.fullmatch(text)
        else _DESK_HYPHEN.sub(_part_desk, text)
    )
    behind = _DESK_BEHIND.match(spaced)
    if (
        behind
        and "_" not in behind["name"]
        and is_name(behind["name"])
        and not is_unit(behind["name"])
        and not re.match(rf"{SECTIONS}|{ROLES}|tim\b|dok\b", spaced, re.IGNORECASE)
    ):
        spaced = f"{behind['name']}/{spaced[behind.end() :]}"
    spaced = _JOINED.sub(_keep_joined, spaced)
    parts = ["", *_SPLIT.split(spaced)] if not is_host(spaced) else ["", spaced]
    for index in range(0, len(parts) - 1, 2):
        piece = parts[index + 1].replace(_JOINT, "_")
        desk, comma, name = piece.partition(",")
        if comma and is_unit(desk):  # what would be a degree behind a name
            yield from ((parts[index].strip(), desk), (",", name))
        else:
            yield parts[index].strip(), piece


def _part_desk(hyphen: re.Match[str]) -> str:
    """A desk apart from who signs for it; `mc_natuna` is one."""
    behind = re.match(r"\w+", hyphen.string[hyphen.end() :])
    region = behind and (_OFFICIAL.match(behind[0]) or find_place(behind[0]))
    if hyphen[1] and region:
        return f"{hyphen[1]}{hyphen[2].replace('_', _JOINT)}"
    return f"{hyphen[1] or ''}/"


def _keep_joined(handle: re.Match[str]) -> str:
    """A handle of two words as one, `wira_adnyana`; a desk and who signs for it are two."""
    one, two = handle[0].split("_")
    return handle[0] if is_unit(one) or is_unit(two) else f"{one}{_JOINT}{two}"


def _join_units(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces, units that stand side by side as one: `Sosdiklih, Parmas dan SDM`,
    `KPU-Sumsel/Hupmas`."""
    joined: list[tuple[str, str]] = []
    for separator, piece in pieces:
        if joined and is_unit(piece) and is_unit(joined[-1][1]) and separator in (",", "/"):
            before, text = joined.pop()
            joined.append((before, f"{text}{separator.replace(',', ', ')}{piece}"))
        else:
            joined.append((separator, piece))
    return joined


def find_kind(label: str) -> str:
    """Which field a label announces."""
    return next(kind for kind, words in LABELS.items() if re.fullmatch(words, label, re.IGNORECASE))

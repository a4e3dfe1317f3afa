"""Invented files as offices offer them: whole, encrypted, broken, and made to burst."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZipFile

from pypdf import PdfReader, PdfWriter

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SENTENCE = "Pengumuman hasil seleksi PPK"
HTML = b"<!DOCTYPE html><html><head><title>Maaf</title></head><body>sedang sibuk</body></html>"


def make_pdf(text: str = SENTENCE, pages: int = 1) -> bytes:
    """A PDF with a line of text on each page."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    kids = " ".join(f"{number} 0 R" for number in range(5, 5 + pages))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
    ]
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 3 0 R>>>>>>"
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate([*parts, *[page] * pages], 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    begin = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, begin)
    return bytes(out)


def encrypt_pdf(password: str) -> bytes:
    """The same behind a password; an empty one opens for everybody."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(make_pdf())))
    writer.encrypt(user_password=password, owner_password="pemilik", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def make_docx(*paragraphs: str) -> bytes:
    """A Word file with these paragraphs."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs or (SENTENCE,))
    return zip_parts(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": f'<w:document xmlns:w="{WORD}">{body}</w:document>'.encode(),
        }
    )


def make_bomb(megabytes: int = 200) -> bytes:
    """A Word file of some hundred kilobytes whose text unpacks to so many megabytes of blanks."""
    start = f'<w:document xmlns:w="{WORD}"><w:p>'.encode()
    blanks = b"<w:r/>" * (megabytes * 1_000_000 // 6)
    return zip_parts({"word/document.xml": start + blanks + b"</w:p></w:document>"})


def make_entities() -> bytes:
    """A Word file whose entities unfold to a billion words."""
    names = "abcdefghi"
    told = "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names))
    document = f'<!DOCTYPE d [<!ENTITY a "tawa">{told}]><d>&i;</d>'
    return zip_parts({"word/document.xml": document.encode()})


def zip_parts(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()

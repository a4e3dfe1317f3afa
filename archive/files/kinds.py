"""What kind of file bytes are, told by the bytes alone: names and headers say anything."""

from __future__ import annotations

import filetype

UNKNOWN = "application/octet-stream"
HTML, PLAIN, PDF, ZIP = "text/html", "text/plain", "application/pdf", "application/zip"
OLE = "application/x-ole-storage"
"""Old Office files, and new ones that are encrypted."""
ENCRYPTED_OFFICE = "application/x-ole-storage; encrypted"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
DOCX = f"{OPEN_XML}wordprocessingml.document"
XLSX = f"{OPEN_XML}spreadsheetml.sheet"
PPTX = f"{OPEN_XML}presentationml.presentation"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
PARTS = {
    b"word/document.xml": DOCX,
    b"xl/workbook.xml": XLSX,
    b"ppt/presentation.xml": PPTX,
    ODT.encode(): ODT,
    ODS.encode(): ODS,
}
"""What stands, not packed, in the zip of each kind: the name of a part (ECMA-376), or the file
`mimetype` (OpenDocument)."""
OLE_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
"""The stream of an OLE file that holds an encrypted Office file (MS-OFFCRYPTO 2.3.4.4)."""
HEAD = 1024
"""Bytes that tell a page or a text."""
CONTROLS = bytes({*range(32)} - {9, 10, 12, 13, 27})
"""Bytes that no text has."""
PDF_MARK = b"%PDF-"
"""Readers take a PDF that begins within its first kilobyte (ISO 32000-1, Annex H, note 13)."""


def sniff_type(data: bytes) -> str:
    """The media type of a file."""
    head = data[:HEAD]
    if PDF_MARK in head:
        return PDF
    if data.startswith(OLE_MAGIC):
        return ENCRYPTED_OFFICE if ENCRYPTED_PACKAGE in data else OLE
    found = filetype.guess(head)
    mime = found.mime if found is not None else ""
    if data.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in PARTS.items() if part in data), mime or ZIP)
    return mime or _sniff_text(head)


def _sniff_text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start:
        return HTML
    is_text = bool(start) and len(head.translate(None, CONTROLS)) == len(head)
    return PLAIN if is_text else UNKNOWN

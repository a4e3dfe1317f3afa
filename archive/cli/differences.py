"""How a difference is told: on a terminal, as a page for a browser, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from archive.cli.rows import format_value, replace_controls
from archive.evidence.difference import Difference, Side
from archive.evidence.wording import Kind, Piece

if TYPE_CHECKING:
    from rich.text import Text

Row = dict[str, Any]
MARKS = {Kind.SAME: ("", ""), Kind.REMOVED: ("[-", "-]"), Kind.ADDED: ("{+", "+}")}
"""Around words where nothing can be coloured: as word diffs has them."""
STYLES = {Kind.SAME: "", Kind.REMOVED: "red strike", Kind.ADDED: "green underline"}
TAGS = {Kind.SAME: ("", ""), Kind.REMOVED: ("<del>", "</del>"), Kind.ADDED: ("<ins>", "</ins>")}
SHEET = """
body { font: 1.06rem/1.6 Georgia, serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5rem; line-height: 1.3; } p { white-space: pre-wrap; }
ins { background: #d8f3dc; color: #0b4f1d; text-decoration: underline; }
del { background: #fbe0dd; color: #7a1a10; }
.facts, .gap, table { font: .9rem/1.5 system-ui, sans-serif; color: #444; }
table { border-collapse: collapse; } th, td { text-align: left; vertical-align: top;
  padding: .2rem 1rem .2rem 0; border-bottom: 1px solid #ddd; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { background: #16181a; color: #e6e6e6; }
  .facts, .gap, table { color: #bbb; } ins { background: #123d1f; color: #b7f0c4; }
  del { background: #4a1712; color: #ffc9c2; } th, td { border-color: #444; } }
"""


def make_record(found: Difference) -> Row:
    """A difference with all its fields, for programs."""
    return {
        "page": found.page,
        "citation": found.citation,
        "before": _make_side(found.before),
        "after": _make_side(found.after),
        "read_otherwise": found.read_otherwise,
        "words_added": found.added,
        "words_removed": found.removed,
        "title": [_make_piece(piece) for piece in found.title],
        "body": [_make_piece(piece) for piece in found.body],
        "fields": list(found.fields),
    }


def _make_side(side: Side) -> Row:
    return {name: getattr(side, name) for name in Side.__dataclass_fields__}


def _make_piece(piece: Piece) -> Row:
    return {"kind": piece.kind.value, "text": piece.text}


def list_lines(found: Difference) -> list[Text]:
    """A difference for a terminal, a line at a time: the words that changed in colour and between
    marks, paragraphs in which nothing changed as a number."""
    from rich.text import Text

    lines = [Text(line) for line in _list_facts(found)]
    lines += [Text(), _style_pieces(found.title), Text()]
    for paragraphs in _group_paragraphs(found.body):
        lines.append(
            Text(tell_gap(paragraphs), style="dim")
            if isinstance(paragraphs, int)
            else _style_pieces(paragraphs)
        )
        lines.append(Text())
    return lines[:-1]


def format_html(found: Difference) -> str:
    """A difference as a page that stands by itself."""
    title = f"{found.page}: {_name_sides(found)}"
    facts = "<br>".join(escape(line) for line in _list_facts(found)[:3])
    parts = [
        '<!doctype html><html lang="id"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{escape(title)}</title><style>{SHEET}</style></head><body>",
        f'<p class="facts">{facts}</p>',
        f"<h1>{_mark_pieces(found.title)}</h1>",
    ]
    if found.fields:
        rows = "".join(_format_field(row) for row in found.fields)
        parts.append(f"<table><tr><th>field<th>before<th>after</tr>{rows}</table>")
    for paragraphs in _group_paragraphs(found.body):
        parts.append(
            f'<p class="gap">{escape(tell_gap(paragraphs))}</p>'
            if isinstance(paragraphs, int)
            else f"<p>{_mark_pieces(paragraphs)}</p>"
        )
    return "\n".join([*parts, "</body></html>"])


def tell_gap(count: int) -> str:
    """How many paragraphs are left out since nothing changed in them."""
    return "(1 paragraph unchanged)" if count == 1 else f"({count} paragraphs unchanged)"


def _list_facts(found: Difference) -> list[str]:
    """Which two are compared, how much is different, then the fields that are."""
    words = f"words: {found.added} added, {found.removed} removed"
    facts = [f"{found.page}  (cite as {found.citation})", _name_sides(found), words]
    if found.read_otherwise:
        facts.append("they were read by other readers or templates: part of it may be no edit")
    for row in found.fields:
        values = (format_value(row[side]) or "nothing" for side in ("before", "after"))
        facts.append(f"{row['field']}: {' -> '.join(values)}")
    return [replace_controls(fact) for fact in facts]


def _name_sides(found: Difference) -> str:
    return " -> ".join(
        f"revision {side.revision} ({format_value(side.captured)}, capture {side.capture})"
        for side in (found.before, found.after)
    )


def _format_field(row: Row) -> str:
    cells = (row["field"], *(format_value(row[side]) for side in ("before", "after")))
    return f"<tr>{''.join(f'<td>{escape(str(cell))}' for cell in cells)}</tr>"


def _group_paragraphs(pieces: Sequence[Piece]) -> Iterator[list[Piece] | int]:
    """The paragraphs in which something changed, each as its pieces, and how many unchanged ones
    stand between."""
    paragraphs = list(_split_paragraphs(pieces))
    for unchanged, run in groupby(paragraphs, key=_is_unchanged):
        listed = list(run)
        if unchanged:
            yield len(listed)
        else:
            yield from listed


def _split_paragraphs(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    paragraph: list[Piece] = []
    for piece in pieces:
        first, *rest = piece.text.split("\n\n")
        if first:
            paragraph.append(Piece(piece.kind, first))
        for text in rest:
            if paragraph:
                yield paragraph
            paragraph = [Piece(piece.kind, text)] if text else []
    if paragraph:
        yield paragraph


def _is_unchanged(paragraph: Sequence[Piece]) -> bool:
    return all(piece.kind is Kind.SAME for piece in paragraph)


def _style_pieces(pieces: Sequence[Piece]) -> Text:
    from rich.text import Text

    styled = Text()
    for piece in pieces:
        opening, closing = MARKS[piece.kind]
        styled.append(f"{opening}{replace_controls(piece.text)}{closing}", STYLES[piece.kind])
    return styled


def _mark_pieces(pieces: Sequence[Piece]) -> str:
    return "".join(escape(replace_controls(piece.text)).join(TAGS[piece.kind]) for piece in pieces)

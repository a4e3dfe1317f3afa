"""Every table in words, which is `docs/data.md`: the program of this module prints it.

What a row is and what a column means stands beside the models; who writes a table stands here.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator

from sqlalchemy import Boolean, Column, Date, Float, Integer, LargeBinary, Table, UniqueConstraint

from archive.database.models import Base
from archive.database.types import CleanJson, CleanText, UtcTime

OPENING = """# The data

Every table of an archive, as it is in SQLite and in PostgreSQL. Times are UTC without offset,
digests SHA-256 in hex, lists and objects JSON. Facts are never overwritten; what is derived is made
again by `kpu-archive rebuild`, equal to the last digit.
The view `articles`, one row an article, is described in [query.md](query.md).

This page is made from the models: `python -m archive.database.description > docs/data.md`.
"""
CRAWL = "crawls (`archive.ingest`)"
READ = "crawls and `kpu-archive reread` (`archive.ingest`)"
DERIVED = "crawls, `reread` and `rebuild` (`archive.derive`)"
WRITERS = {
    "sites": "every crawl, from the list of offices",
    "site_hosts": "every crawl, from the list of offices",
    "host_sightings": CRAWL,
    "host_tries": CRAWL,
    "categories": READ,
    "runs": CRAWL,
    "visits": "crawls; derived anew by `rebuild` (`archive.watch.visits`)",
    "walks": CRAWL,
    "pages": CRAWL,
    "same_as": CRAWL,
    "blobs": CRAWL,
    "snapshot_references": "crawls (`archive.blobs`)",
    "captures": CRAWL,
    "sightings": READ,
    "texts": READ,
    "layouts": "crawls and `kpu-archive reread`, which learn (`archive.ingest`)",
    "readings": READ,
    "view_counts": READ,
    "links": READ,
    "files": "crawls that are asked for files (`archive.ingest.files`)",
    "file_captures": "crawls that are asked for files (`archive.ingest.files`)",
    "problems": READ,
    "withheld": "`kpu-archive withhold`",
    "saved_searches": "`kpu-archive search --save`",
    "notices": "`kpu-archive health --notify` and `news --notify`",
    "documents": DERIVED,
    "clusters": DERIVED,
    "text_bands": DERIVED,
    "recent_bands": DERIVED,
    "text_pairs": DERIVED,
    "removals": DERIVED,
    "change_log": DERIVED,
    "settings": "whoever derives",
}
"""Who writes each table."""
TYPES: dict[type, str] = {
    UtcTime: "time",
    CleanJson: "JSON",
    CleanText: "text",
    Boolean: "yes or no",
    Date: "day",
    Integer: "number",
    Float: "number",
    LargeBinary: "bytes",
}


def describe_tables() -> str:
    """The page, as Markdown."""
    return "\n".join([OPENING, *map(_describe_table, list_models())])


def list_models() -> list[type[Base]]:
    """The models in the order in which they are declared."""
    found = {mapper.class_ for mapper in Base.registry.mappers}
    return sorted(found, key=lambda model: inspect.getsourcelines(model)[1])


def _describe_table(model: type[Base]) -> str:
    table = model.__table__
    assert isinstance(table, Table)
    meant = dict(_read_columns(model))
    rows = [
        f"| `{column.name}` | {_describe_type(column)} | {_describe_column(column, meant)} |"
        for column in table.columns
    ]
    return "\n".join(
        [
            f"## {table.name}",
            "",
            " ".join((inspect.getdoc(model) or "").split()),
            "",
            f"Written by {WRITERS[table.name]}. {_describe_keys(table)}",
            "",
            "| column | type | meaning |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _read_columns(model: type[Base]) -> Iterator[tuple[str, str]]:
    """What stands below the attributes of a model."""
    declared = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    assert isinstance(declared, ast.ClassDef)
    name = ""
    for statement in declared.body:
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant) and name:
            yield name, " ".join(str(statement.value.value).split())


def _describe_keys(table: Table) -> str:
    primary = ", ".join(f"`{column.name}`" for column in table.primary_key.columns)
    unique = [
        ", ".join(f"`{column.name}`" for column in constraint.columns)
        for constraint in sorted(table.constraints, key=lambda one: str(one.name))
        if isinstance(constraint, UniqueConstraint)
    ]
    unique += [f"`{column.name}`" for column in table.columns if column.unique]
    told = f"Key: {primary}"
    return told + (f"; unique: {'; '.join(sorted(set(unique)))}." if unique else ".")


def _describe_type(column: Column[object]) -> str:
    told, *_ = (name for kind, name in TYPES.items() if isinstance(column.type, kind))
    return f"{told}, or null" if column.nullable else told


def _describe_column(column: Column[object], meant: dict[str, str]) -> str:
    of = [f"row of `{key.column.table.name}`" for key in column.foreign_keys]
    return "; ".join([*of, *([meant[column.key]] if column.key in meant else [])]).replace("|", "/")


if __name__ == "__main__":
    print(describe_tables(), end="")

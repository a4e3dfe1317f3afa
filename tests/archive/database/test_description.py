"""The page about the tables, against the models and against an archive."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect

from archive.database.description import WRITERS, describe_tables
from archive.database.models import Base

PAGE = Path(__file__).parents[3] / "docs" / "data.md"


def test_page_is_what_the_models_say() -> None:
    """Made anew by `python -m archive.database.description > docs/data.md`."""
    assert PAGE.read_text(encoding="utf-8") == describe_tables()


def test_every_table_of_an_archive_is_described(archive: Engine) -> None:
    """With all its columns, and who writes it."""
    inspector = inspect(archive)
    tables = set(inspector.get_table_names()) - {"archive_version"}
    assert tables == set(Base.metadata.tables) == set(WRITERS)
    sections = dict(section.split("\n", 1) for section in describe_tables().split("\n## ")[1:])
    for table in tables:
        for column in inspector.get_columns(table):
            assert f"| `{column['name']}` |" in sections[table]
        assert len(sections[table].split("\n")[1]) > 20, f"what is a row of {table}?"

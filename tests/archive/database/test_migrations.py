"""The migrated schema is the one the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from archive.database import engine as db
from archive.database.models import Base

ARTICLES = [
    *(
        "site",
        "page",
        "url",
        "title",
        "body",
        "category",
        "section",
        "writers",
        "role",
        "editor",
        "unit",
        "place",
    ),
    *(
        "published_earliest",
        "published_latest",
        "published_source",
        "views",
        "first_seen",
        "last_seen",
    ),
    *("revisions", "cluster", "published_precision", "published_flags", "doubts", "citation"),
    *("removed", "removed_since", "province", "office", "photographer"),
]


def test_models_and_migrations_agree(archive: Engine) -> None:
    """Every table, column, constraint and index of the models is what the migrations make, and
    nothing more."""
    options = {"version_table": db.VERSION_TABLE}
    with db.read(archive) as connection:
        assert (
            compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
            == []
        )


def test_constraints_are_named_as_the_models_name_them(archive: Engine) -> None:
    """Later migrations find each constraint under the name that the models give it."""
    described = inspect(archive)
    for table in Base.metadata.sorted_tables:
        found = {described.get_pk_constraint(table.name)["name"]}
        found |= {constraint["name"] for constraint in described.get_foreign_keys(table.name)}
        found |= {constraint["name"] for constraint in described.get_unique_constraints(table.name)}
        assert found == {str(constraint.name) for constraint in table.constraints}


def test_view_of_articles_has_the_documented_columns(archive: Engine) -> None:
    """Users of `articles` find the documented columns in the documented order."""
    with db.read(archive) as connection:
        assert list(connection.execute(text("SELECT * FROM articles")).keys()) == ARTICLES

"""The grades of removals, kept beside the articles so that a search of many reads them at once.

Derived for an office as a whole, from `archive.watch.removals`: at the end of each run that visited
it, when a killed run's visits are judged, and when all is rebuilt.
"""

from __future__ import annotations

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Select, delete, select

from archive.database.models import Capture, Removal, Setting, Site
from archive.database.sql import Row, cut_chunks, replace_rows
from archive.derive.changes import note_changes
from archive.watch.removals import find_removals

VERSION = "1"
"""Of the rules: with another one, or none, all offices are graded anew."""
VERSION_SETTING = "removals"
COLUMNS = ("page_id", "site_id", "grade", "since")


def grade_run(engine: Engine, run_id: int) -> None:
    """Grade the pages of the offices that a run touched."""
    touched = select(Capture.site_id).where(Capture.run_id == run_id).distinct()
    _grade_offices(engine, touched.order_by(Capture.site_id))
    complete_removals(engine)


def complete_removals(engine: Engine) -> None:
    """Grade all offices where that was never done by the rules of this program: after an
    upgrade. A new archive holds nothing of most offices, and they are not asked about."""
    query = select(Setting.value).where(Setting.name == VERSION_SETTING)
    with engine.begin() as connection:
        version = connection.scalar(query)
    if version == VERSION:
        return
    captured = select(Capture.id).where(Capture.site_id == Site.id)
    _grade_offices(engine, select(Site.id).where(captured.exists()).order_by(Site.id))
    with engine.begin() as connection:
        _note_version(connection)


def _grade_offices(engine: Engine, site_ids: Select[int]) -> None:
    """Each in a short transaction: others write meanwhile."""
    with engine.begin() as connection:
        found = connection.scalars(site_ids).all()
    for site_id in found:
        with engine.begin() as connection:
            refresh_removals(connection, [site_id])


def grade_all(connection: Connection) -> None:
    """Grade the pages of all offices."""
    refresh_removals(connection, connection.scalars(select(Site.id).order_by(Site.id)).all())
    _note_version(connection)


def _note_version(connection: Connection) -> None:
    setting = {"name": VERSION_SETTING, "value": VERSION}
    replace_rows(connection, Setting, [setting], ["name"])


def refresh_removals(connection: Connection, site_ids: Iterable[int]) -> None:
    """Grade the pages of these offices again and write what differs."""
    for site_id in site_ids:
        _refresh_site(connection, site_id)


def _refresh_site(connection: Connection, site_id: int) -> None:
    columns = [getattr(Removal, name) for name in COLUMNS]
    found = connection.execute(select(*columns).where(Removal.site_id == site_id))
    known = {row["page_id"]: dict(row) for row in found.mappings()}
    derived = _derive_removals(connection, site_id)
    lifted = known.keys() - derived.keys()
    for gone in cut_chunks(lifted):
        connection.execute(delete(Removal).where(Removal.page_id.in_(gone)))
    changed = [row for page_id, row in derived.items() if known.get(page_id) != row]
    replace_rows(connection, Removal, changed, ["page_id"])
    note_changes(connection, {*lifted, *(row["page_id"] for row in changed)})


def _derive_removals(connection: Connection, site_id: int) -> dict[int, Row]:
    zone = ZoneInfo(connection.scalars(select(Site.timezone).where(Site.id == site_id)).one())
    found = find_removals(connection, site_id, zone)
    return {
        page_id: dict(
            zip(COLUMNS, (page_id, site_id, str(removal.grade), removal.since), strict=True)
        )
        for page_id, removal in found.items()
    }

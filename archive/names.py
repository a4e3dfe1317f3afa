"""From what people type to an office, a province or a page; an unknown name is told with its
nearest ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from sqlalchemy import Connection, Select, and_, literal, or_, select

from archive.database.engine import ArchiveError
from archive.database.models import Page, Site, SiteHost, Withheld


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page and the office it is of."""

    page_id: int
    name: str
    """`kota-surakarta/123`."""
    office: str
    """`Kota Surakarta`."""
    timezone: str
    site_id: int
    citation: str
    """`33.72/123`: by the office's code, which no move changes."""
    host: str
    """The office's present one."""


def name_page(label: str, route: str, key: str) -> str:
    """What a page is called: `SITE/N` on route `blog`, else `SITE/route:key`."""
    return f"{label}/{key}" if route == "blog" else f"{label}/{route}:{key}"


def find_office(connection: Connection, name: str) -> str:
    """The code of the office with this label, code or host, e.g. `33.72`.

    Every label and host that an office ever had is its name, unless it is another's now; of former
    ones the last to have it counts.
    """
    wanted = name.strip().casefold()
    present = or_(Site.label == wanted, Site.code == wanted, Site.host == wanted)
    code: str | None = connection.scalar(select(Site.code).where(present))
    if code is None and wanted:
        code = connection.scalar(_select_former(wanted))
    if code is None:
        raise _unknown("office", name, connection.scalars(select(Site.label)))
    return code


def find_office_ids(connection: Connection, names: Iterable[str] | None) -> tuple[int, ...]:
    """The ids of the offices called so, or of all, in order."""
    query = select(Site.id).order_by(Site.id)
    if names:
        query = query.where(Site.code.in_([find_office(connection, name) for name in names]))
    return tuple(connection.scalars(query))


def _select_former(wanted: str) -> Select[str]:
    """The office that had this host, or a host that begins with this label, the last one first."""
    is_label = literal("." not in wanted)
    label = and_(is_label, SiteHost.host.startswith(f"{wanted}.", autoescape=True))
    query = select(Site.code).join(SiteHost, SiteHost.site_id == Site.id)
    query = query.where(or_(SiteHost.host == wanted, label))
    return query.order_by(SiteHost.last_seen.desc(), Site.id).limit(1)


def find_province(connection: Connection, name: str) -> str:
    """The code of the province with this code or name, e.g. `33` for `Jawa Tengah`."""
    provinces = connection.execute(
        select(Site.code, Site.name).where(Site.level == "provinsi")
    ).all()
    wanted = name.strip().casefold()
    for code, title in provinces:
        if wanted in (code, title.casefold()):
            return str(code)
    raise _unknown("province", name, (title for _, title in provinces))


def find_page(connection: Connection, name: str) -> PagePlace:
    """The page called `SITE/N` or `SITE/route:key`, for whoever shows it; ArchiveError where it is
    withheld."""
    place = find_any_page(connection, name)
    query = select(Withheld.reason).where(Withheld.page_id == place.page_id)
    if (reason := connection.scalar(query)) is not None:
        raise ArchiveError(f"{place.name} is withheld: {reason}")
    return place


def find_any_page(connection: Connection, name: str) -> PagePlace:
    """The page called `SITE/N` or `SITE/route:key`, withheld or not."""
    site, slash, rest = name.strip().partition("/")
    if not slash or not rest:
        raise ArchiveError(
            f"{name!r} names no page: type SITE/NUMBER, for example kota-surakarta/123, or paste "
            f"its address"
        )
    code = find_office(connection, site)
    query = (
        select(Page.id, Page.site_id, Page.route, Page.key, Site.label, Site.name, Site.timezone)
        .add_columns(Site.code, Site.host)
        .join(Site)
        .where(Site.code == code)
    )
    route, colon, key = rest.partition(":")
    row = connection.execute(query.where(Page.route == "blog", Page.key == rest)).first()
    if row is None and colon:
        row = connection.execute(query.where(Page.route == route, Page.key == key)).first()
    if row is None:
        raise ArchiveError(f"no page {name} in the archive")
    return PagePlace(
        row.id,
        name_page(row.label, row.route, row.key),
        row.name,
        row.timezone,
        row.site_id,
        name_page(row.code, row.route, row.key),
        row.host,
    )


def _unknown(what: str, name: str, known: Iterable[str]) -> ArchiveError:
    by_folded = {title.casefold(): title for title in known}
    near = [
        by_folded[title] for title in get_close_matches(name.strip().casefold(), by_folded, n=3)
    ]
    return ArchiveError(f"no {what} {name!r}" + (f"; nearest: {', '.join(near)}" if near else ""))

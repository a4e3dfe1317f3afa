"""The 552 offices: loaded from `sites.csv`, checked on load, looked up by name, host or code.

On the path of every command, so it imports next to nothing.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from pathlib import Path

SITES_CSV = Path(__file__).with_name("sites.csv")
LEVELS = {"provinsi": 38, "kabupaten": 416, "kota": 98}
ZONES = frozenset({"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"})
STATUSES = frozenset({"seen", "guess"})
ALL_SITES = "semua"
"""The spider of many offices; no office may be called so."""
DOMAIN = ".kpu.go.id"
"""Under which offices have their hosts, but for those of `KPU_OTHER_HOSTS`."""
HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
"""One host name as RFC 1123 has it: no port, no user, no address of numbers."""
LONGEST_VALUE = 253
"""Characters of a value in the list: a host's most; the longest name has 45."""


class SitesError(ValueError):
    """The office list breaks a rule; the message names the file, the line and the rule."""


@dataclass(frozen=True, slots=True)
class Site:
    """One election office and its website."""

    code: str
    """Kemendagri code, text: `33.72`."""
    level: str
    name: str
    province_code: str
    timezone: str
    host: str
    host_status: str
    """`seen`, or `guess`: by the naming rule, never seen to answer."""

    @property
    def label(self) -> str:
        """The first label of the host, which names the spider: `kota-surakarta`."""
        return self.host.partition(".")[0]


@dataclass(frozen=True)
class Sites:
    """All offices, in the order of the list."""

    rows: tuple[Site, ...]
    former: Mapping[str, str] = field(default_factory=dict)
    """Hosts that a correction replaced, with the code of their office."""

    def __iter__(self) -> Iterator[Site]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def by_label(self) -> Mapping[str, Site]:
        """Offices by the name of their spider."""
        return {site.label: site for site in self.rows}

    @cached_property
    def by_host(self) -> Mapping[str, Site]:
        """Offices by exact host."""
        return {site.host: site for site in self.rows}

    @cached_property
    def by_code(self) -> Mapping[str, Site]:
        """Offices by Kemendagri code."""
        return {site.code: site for site in self.rows}

    @cached_property
    def aliases(self) -> Mapping[str, Site]:
        """Offices by the hosts and names that they had before a correction, unless another office
        is called so now."""
        found: dict[str, Site] = {}
        for host, code in self.former.items():
            for name in (host, host.partition(".")[0]):
                found.setdefault(name, self.by_code[code])
        return found

    def find(self, name: str) -> Site | None:
        """The office of this spider name, code or host, present ones before former ones."""
        present = self.by_label.get(name) or self.by_code.get(name) or self.by_host.get(name)
        return present or self.aliases.get(name)

    def suggest(self, name: str) -> list[str]:
        """Return up to five office names that look like `name`, the nearest first."""
        wanted = name.lower().removesuffix(".kpu.go.id")
        inside = [label for label in self.by_label if wanted and wanted in label]
        near = difflib.get_close_matches(wanted, [*self.by_label, ALL_SITES], n=5, cutoff=0.6)
        return list(dict.fromkeys(near + inside))[:5]


def load_sites(corrections: str | Path | None = None, other_hosts: Collection[str] = ()) -> Sites:
    """Read the offices, with the rows of a `corrections` file laid over them; raise SitesError.

    A corrections file has a `code` column and any of the others: what it leaves empty stays. A
    corrected host counts as seen unless the file says otherwise. `other_hosts` are those outside
    kpu.go.id that an office may have.
    """
    listed = {
        row["code"]: (Site(**row), f"{SITES_CSV.name}, line {line}")
        for line, row in _read_rows(SITES_CSV)
    }
    rows = listed | _read_corrections(Path(corrections), listed) if corrections else listed
    _check_rows(rows.values(), frozenset(other_hosts))
    former = {
        site.host: code for code, (site, _) in listed.items() if site.host != rows[code][0].host
    }
    return Sites(tuple(site for site, _ in rows.values()), former)


def split_hosts(said: str | None) -> tuple[str, ...]:
    """The hosts that a variable lists, parted by commas or blanks."""
    return tuple(re.split(r"[,\s]+", said.strip())) if said and said.strip() else ()


def _read_corrections(
    path: Path, listed: Mapping[str, tuple[Site, str]]
) -> dict[str, tuple[Site, str]]:
    """The offices that a file corrects, each with its place; raise SitesError."""
    rows: dict[str, tuple[Site, str]] = {}
    for line, row in _read_rows(path):
        where, code = f"{path}, line {line}", row.get("code", "")
        if code not in listed:
            raise SitesError(f"{where}: no office has the code {code!r}; copy it from sites.csv")
        if code in rows:
            raise SitesError(f"{where}: code used twice: {code!r}")
        rows[code] = (_correct(listed[code][0], row), where)
    return rows


def _correct(site: Site, row: Mapping[str, str]) -> Site:
    changes = {name: value for name, value in row.items() if value}
    if "host" in changes:
        changes.setdefault("host_status", "seen")
    return replace(site, **changes)


def _read_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and row; raise SitesError for a file that cannot be read or has unknown
    columns."""
    known = {field.name for field in fields(Site)}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            unknown = set(reader.fieldnames or ["(empty file)"]) - known
            if unknown:
                raise SitesError(
                    f"{path}: unknown column {sorted(unknown)[0]!r}; known are "
                    f"{', '.join(sorted(known))}"
                )
            for row in reader:
                if None in row or None in row.values():
                    raise SitesError(
                        f"{path}, line {reader.line_num}: not as many fields as the first line has"
                    )
                values = {name: value.strip() for name, value in row.items()}
                if odd := next(filter(_is_odd, values.values()), None):
                    raise SitesError(
                        f"{path}, line {reader.line_num}: not one line of text: {odd[:80]!r}"
                    )
                yield reader.line_num, values
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SitesError(f"cannot read the office list {path}: {error}") from error


def _is_odd(value: str) -> bool:
    """Whether a value has a line break or another sign that nobody sees, or is longer than any
    can be: it would stand in schedules and logs."""
    return len(value) > LONGEST_VALUE or not value.isprintable()


def _check_rows(rows: Collection[tuple[Site, str]], other_hosts: Collection[str]) -> None:
    """Raise SitesError on the first row that breaks a rule, or on wrong totals."""
    provinces: set[str] = set()
    hosts: set[str] = set()
    codes: set[str] = set()
    labels = {ALL_SITES, *(site.code for site, _ in rows)}
    for site, where in rows:
        for value, taken, rule in (
            (site.code, codes, "code used twice"),
            (site.host, hosts, "host used twice"),
            (site.label, labels, "spider name used twice"),
        ):
            if value in taken:
                raise SitesError(f"{where}: {rule}: {value!r}")
            taken.add(value)
        if site.level == "provinsi":
            provinces.add(site.code)
        if problem := _find_problem(site, provinces, other_hosts):
            raise SitesError(f"{where}: {problem}")
    counted = Counter(site.level for site, _ in rows)
    if counted != LEVELS:
        raise SitesError(f"expected {LEVELS} offices, found {dict(counted)}")


def _find_problem(
    site: Site, provinces: Collection[str], other_hosts: Collection[str]
) -> str | None:
    """The rule that one row breaks by itself; provinces stand before their regencies and cities."""
    rules = {
        f"unknown level {site.level!r}": site.level in LEVELS,
        f"unknown time zone {site.timezone!r}": site.timezone in ZONES,
        f"host_status is neither seen nor guess: {site.host_status!r}": site.host_status
        in STATUSES,
        f"not one host name in lower case: {site.host!r}": HOST.fullmatch(site.host) is not None,
        f"host is not one of kpu.go.id, nor listed in KPU_OTHER_HOSTS: {site.host!r}": (
            site.host.endswith(DOMAIN) or site.host in other_hosts
        ),
        f"no province has the code {site.province_code!r}": site.province_code in provinces,
        f"code {site.code!r} is not under province {site.province_code!r}": site.code.split(".")[0]
        == site.province_code,
    }
    return next((rule for rule, holds in rules.items() if not holds), None)

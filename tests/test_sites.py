"""The office list: what it holds, what breaks it, what corrects it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpucrawl.hosts import MOST_VARIANTS, list_variants
from kpucrawl.sites import HOST, SITES_CSV, SitesError, load_sites, split_hosts


def write_corrections(folder: Path, text: str) -> Path:
    path = folder / "local.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_all_offices_are_there() -> None:
    """The list has 552 offices; codes are text and keep their form."""
    sites = load_sites()
    assert len(sites) == 552
    surakarta = sites.by_label["kota-surakarta"]
    assert (surakarta.code, surakarta.name, surakarta.timezone) == (
        "33.72",
        "Kota Surakarta",
        "Asia/Jakarta",
    )
    assert sites.by_host["jakartaselatan.kpu.go.id"].level == "kota"
    assert sites.by_code["33"].label == "jateng"


def test_correction_lays_over_a_row(tmp_path: Path) -> None:
    """A corrected host is used, counts as seen, and leaves the rest of the row alone."""
    before = load_sites().by_code["11.71"]
    sites = load_sites(write_corrections(tmp_path, "code,host\n11.71,kota-bandaaceh.kpu.go.id\n"))
    after = sites.by_code["11.71"]
    assert after.label == "kota-bandaaceh" and after.host_status == "seen"
    assert (after.name, after.timezone) == (before.name, before.timezone)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("code,host\n33.72,kab-cilacap.kpu.go.id\n", "host used twice"),
        ("code,host\n99.99,kota-x.kpu.go.id\n", "no office has the code '99.99'"),
        ("code,host\n33.72,surakarta.example.org\n", "not one of kpu.go.id"),
        ("code,host\n33.72,evilkpu.go.id\n", "not one of kpu.go.id"),
        ("code,host\n33.72,a.kpu.go.id/x\n", "not one host name"),
        ("code,host\n33.72,a.kpu.go.id:8080\n", "not one host name"),
        ("code,host\n33.72,ani@a.kpu.go.id\n", "not one host name"),
        ("code,host\n33.72,-a.kpu.go.id\n", "not one host name"),
        ("code,host\n33.72,a..kpu.go.id\n", "not one host name"),
        ("code,host\n33.72,a b.kpu.go.id\n", "not one host name"),
        ("code,host\n33.72,A.kpu.go.id\n", "not one host name"),
        ("code,host\n33.72," + "a" * 64 + ".kpu.go.id\n", "not one host name"),
        ('code,host\n33.72,"a.kpu.go.id\n* * * * * x.kpu.go.id"\n', "not one line of text"),
        ('code,name\n33.72,"Kota\n* * * * * rm"\n', "not one line of text"),
        ("code,name\n33.72,Kota\u2028Solo\n", "not one line of text"),
        ("code,name\n33.72," + "a" * 254 + "\n", "not one line of text"),
        ("code,host\n33.72,a.kpu.go.id\n33.72,b.kpu.go.id\n", "code used twice"),
        ("code,host\n33.72,33.kpu.go.id\n", "spider name used twice"),
        ("code,timezone\n33.72,Asia/Tokyo\n", "unknown time zone 'Asia/Tokyo'"),
        ("code,level\n33.72,desa\n", "unknown level 'desa'"),
        ("code,level\n33.72,kabupaten\n", "expected"),
        ("code,province_code\n33.72,30\n", "no province has the code '30'"),
        ("code,host_status\n33.72,maybe\n", "neither seen nor guess"),
        ("code,town\n33.72,Solo\n", "unknown column 'town'"),
        ("code,host\n33.72\n", "not as many fields"),
        ("code,host\n33.72,semua.kpu.go.id\n", "spider name used twice"),
    ],
)
def test_broken_rule_is_named_with_its_place(tmp_path: Path, text: str, rule: str) -> None:
    """A list that breaks a rule is refused, and the message names the rule and, where one row
    breaks it, the row."""
    path = write_corrections(tmp_path, text)
    with pytest.raises(SitesError) as failure:
        load_sites(path)
    assert rule in str(failure.value)
    assert "local.csv" in str(failure.value) or rule == "expected"


def test_missing_file_is_one_line(tmp_path: Path) -> None:
    """A corrections file that is not there is a SitesError that names it."""
    with pytest.raises(SitesError, match=r"cannot read the office list .*nowhere\.csv"):
        load_sites(tmp_path / "nowhere.csv")


def test_list_is_plain_text() -> None:
    """The list is UTF-8 without a byte order mark, one line per office, no office called like the
    spider of all."""
    lines = SITES_CSV.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 553 and lines[0].startswith("code,")


def test_suggestions_are_near() -> None:
    """A misspelt name brings up the office that was meant."""
    sites = load_sites()
    assert sites.suggest("kota-surakrta")[0] == "kota-surakarta"
    assert "kab-cilacap" in sites.suggest("cilacap")
    assert sites.suggest("zzzzzz") == []


@pytest.mark.parametrize("name", ["kota-surakarta", "33.72", "kota-surakarta.kpu.go.id"])
def test_office_is_found_by_all_its_names(name: str) -> None:
    """An office may be called by the name of its spider, its code or its host."""
    site = load_sites().find(name)
    assert site is not None and site.label == "kota-surakarta"


def test_other_host_is_taken_where_it_is_listed(tmp_path: Path) -> None:
    """A host outside kpu.go.id is an office's only when the list of other hosts has exactly it."""
    path = write_corrections(tmp_path, "code,host\n33.72,kpu-surakarta.go.id\n")
    listed = split_hosts(" kpu-x.go.id, kpu-surakarta.go.id\n")
    assert load_sites(path, listed).by_code["33.72"].label == "kpu-surakarta"
    with pytest.raises(SitesError, match="nor listed in KPU_OTHER_HOSTS"):
        load_sites(path, ["go.id", "www.kpu-surakarta.go.id"])


def test_former_names_find_an_office_unless_another_has_them(tmp_path: Path) -> None:
    """After a correction the old host and name still find the office, until they are another's."""
    moved = load_sites(write_corrections(tmp_path, "code,host\n33.74,semarangkota.kpu.go.id\n"))
    for name in ("kota-semarang", "kota-semarang.kpu.go.id", "semarangkota", "33.74"):
        site = moved.find(name)
        assert site is not None and site.code == "33.74", name
    swap = "code,host\n33.74,kab-semarang.kpu.go.id\n33.22,kota-semarang.kpu.go.id\n"
    swapped = load_sites(write_corrections(tmp_path, swap))
    found = [swapped.find(name) for name in ("kota-semarang", "kab-semarang")]
    assert [site and site.code for site in found] == ["33.22", "33.74"]


def test_variants_are_hosts_of_every_kind_and_spelling() -> None:
    """Kinds, hyphens and spellings of a name are tried, its own host and others' never."""
    sites = load_sites()
    found = list_variants(sites.by_code["12.10"], taken=sites.by_host)
    assert {
        "labuhanbatu.kpu.go.id",
        "kip-labuhanbatu.kpu.go.id",
        "kota-labuhanbatu.kpu.go.id",
        "kab-labuhan-batu.kpu.go.id",
        "kablabuhanbatu.kpu.go.id",
    } <= set(found)
    assert "kab-labuhanbatu.kpu.go.id" not in found and len(found) <= MOST_VARIANTS
    for site in sites:
        variants = list_variants(site, taken=sites.by_host)
        assert all(HOST.fullmatch(host) for host in variants)
        assert not sites.by_host.keys() & set(variants)

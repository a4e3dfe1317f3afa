"""The offices of `kpucrawl/sites.csv`, read by path, and how each is called in its own texts."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

from .content import make_person, read_grammar

SITES_CSV = Path(__file__).resolve().parents[2] / "kpucrawl" / "sites.csv"
ZONES = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}


@dataclass(frozen=True, slots=True)
class Site:
    """One row of the registry."""

    host: str
    name: str
    level: str
    province: str
    zone: str
    born: str = ""
    """The host it had first, where it moved."""

    @property
    def seed(self) -> str:
        """What everything of the office is drawn from: a move changes nothing of it."""
        return self.born or self.host

    @property
    def label(self) -> str:
        """The first label of the host: `kota-surakarta`."""
        return self.host.partition(".")[0]

    @property
    def place(self) -> str:
        """The town that its datelines name."""
        if self.level == "provinsi":
            return str(read_grammar()["seats"][self.province])
        return (
            self.name.removeprefix("Kabupaten ").removeprefix("Kota ").removeprefix("Administrasi ")
        )

    def read_facts(self, seed: int) -> dict[str, str]:
        """The slots of the grammar that are the same in all of the office's articles."""
        body = "KIP" if self.label.startswith("kip") else "KPU"
        region = f"Provinsi {self.name}" if self.level == "provinsi" else self.name
        short = self.name if self.level == "provinsi" else self.place
        rng = Random(f"{seed}/{self.seed}/people")
        return {
            "kpu": f"{body} {region}", "kpu_judul": f"{body} {short}", "short": f"{body} {short}",
            "wilayah": region, "tempat": self.place, "place": self.place, "host": self.host,
            "tag": f"kpu{self.place.lower().replace(' ', '')}", "zone": ZONES[self.zone],
            "ketua": make_person(rng), "sekretaris": make_person(rng), "anggota": make_person(rng),
        }  # fmt: skip


@lru_cache(maxsize=1)
def read_sites() -> dict[str, Site]:
    """All offices by host."""
    with SITES_CSV.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {
        row["host"]: Site(
            row["host"], row["name"], row["level"], row["province_code"], row["timezone"]
        )
        for row in rows
    }

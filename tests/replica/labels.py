"""Datelines, bylines and dates written from a notation, together with what a perfect reader would
take from them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from .records import Byline, Day

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
WEEKDAYS = (
    ("Senin",), ("Selasa",), ("Rabu",), ("Kamis",), ("Jumat", "Jum’at", "Jumat"), ("Sabtu",), ("Minggu", "Ahad"),
)  # fmt: skip
SHORT_MONTHS = (2, 4, 6, 9, 11)
SLOT = re.compile(r"\{(\w+)\}")


@dataclass
class Notation:
    """Writes one template and notes the label of every slot used."""

    rng: Random
    day: date
    names: dict[str, str]
    """place, unit, host, tag, humas ...: the office's own spellings."""
    person: Callable[[], str]
    initials: list[str]
    nicks: list[str]
    divisions: list[str]
    found: dict[str, Any] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    writers: list[str] = field(default_factory=list)

    def write(self, template: str) -> str:
        return SLOT.sub(lambda slot: str(getattr(self, f"_{slot[1]}")()), template)

    def read_day(self, raw: str) -> Day:
        return Day(
            raw=raw.strip(),
            place=self.found.get("place"),
            unit=self.found.get("unit"),
            date=self.found.get("date"),
            date_end=self.found.get("date_end"),
            flags=tuple(sorted(self.flags)),
        )

    def read_byline(self, raw: tuple[str, ...]) -> Byline:
        named = {key: self.found.get(key) for key in ("role", "editor", "photographer", "unit")}
        return Byline(raw=raw, writers=tuple(self.writers), **named)

    def _note(self, label: str, value: str, written: str | None = None) -> str:
        self.found[label] = value
        return value if written is None else written

    def _writer_as(self, name: str) -> str:
        self.writers.append(name)
        return name

    # places and units
    def _place(self) -> str:
        return self._note("place", self.names["place"])

    def _PLACE(self) -> str:
        return self._note("place", self.names["place"], self.names["place"].upper())

    def _host(self) -> str:
        return self._note("unit", self.names["host"])

    def _national(self) -> str:
        return self._note("unit", "kpu.go.id")

    def _unit(self) -> str:
        return self._note("unit", self.names["short"])

    def _UNIT(self) -> str:
        return self._note("unit", self.names["short"], self.names["short"].upper())

    def _tag(self) -> str:
        return self._note("unit", self.names["tag"])

    def _humas(self) -> str:
        return self._note("unit", f"Humas {self.names['kpu']}")

    def _media(self) -> str:
        return self._note("unit", f"Media Center {self.names['short']}")

    def _slashed(self) -> str:
        return self._note("unit", f"KPU-{self.names['place'].replace(' ', '')}/Hupmas")

    def _desk(self) -> str:
        return self._note("unit", "red")

    def _mc(self) -> str:
        self.found["unit"] = "MC"
        return ""

    def _division(self) -> str:
        return self._note("unit", self.rng.choice(self.divisions))

    # people
    def _writer(self) -> str:
        return self._writer_as(self.person())

    def _nick(self) -> str:
        name = self.rng.choice([name for name in self.nicks if name not in self.writers])
        return self._writer_as(name)

    def _initials(self) -> str:
        return self._writer_as(self.rng.choice(self.initials))

    def _editor(self) -> str:
        return self._note("editor", self.rng.choice(self.initials))

    def _photographer(self) -> str:
        return self._note("photographer", self.rng.choice(self.nicks))

    def _role(self) -> str:
        division = self.rng.choice(self.divisions)
        return self._note(
            "role", self.rng.choice([division, f"Anggota KPU {division}", "Staf Sekretariat"])
        )

    def _member(self) -> str:
        return self._note(
            "role", f"Anggota {self.names['short']}, {self.rng.choice(self.divisions)}"
        )

    # days
    def _dated(self, written: str, start: date, end: date | None = None) -> str:
        self.found["date"] = start.isoformat()
        if end:
            self.found["date_end"] = end.isoformat()
            self.flags.add("range")
        return written

    def _long(self) -> str:
        return self._dated(write_long(self.day), self.day)

    def _num(self) -> str:
        day = self.day
        padded = self.rng.random() < 0.6
        return self._dated(
            f"{day:%d/%m/%Y}" if padded else f"{day.day}/{day.month}/{day.year}", day
        )

    def _dash(self) -> str:
        return self._dated(f"{self.day:%d-%m-%Y}", self.day)

    def _short(self) -> str:
        self.flags.add("no_year")
        return f"{self.day.day}/{self.day.month}"

    def _yy(self) -> str:
        self.flags.add("two_digit_year")
        return self._dated(f"{self.day.day} {MONTHS[self.day.month - 1]} {self.day:%y}", self.day)

    def _range(self) -> str:
        end = self.day + timedelta(days=2)
        if end.month != self.day.month:
            start = f"{self.day.day} {MONTHS[self.day.month - 1]}"
            start += f" {self.day.year}" if end.year != self.day.year else ""
            return self._dated(f"{start} - {write_long(end)}", self.day, end)
        joint = self.rng.choice(["-", " - ", " hingga ", " s.d ", " sampai "])
        return self._dated(f"{self.day.day}{joint}{write_long(end)}", self.day, end)

    def _longrange(self) -> str:
        end = self.day + timedelta(days=2)
        start = f"{self.day.day} {MONTHS[self.day.month - 1]}"
        return self._dated(
            f"{start} s.d {write_weekday(self.rng, end)}, {write_long(end)}", self.day, end
        )

    def _impossible(self) -> str:
        self.flags.add("impossible")
        return f"31 {MONTHS[self.rng.choice(SHORT_MONTHS) - 1]} {self.day.year}"

    def _weekday(self) -> str:
        return write_weekday(self.rng, self.day)

    def _wrongday(self) -> str:
        self.flags.add("weekday_mismatch")
        return write_weekday(self.rng, self.day + timedelta(days=self.rng.randint(1, 6)))

    def _zone(self) -> str:
        return self.names["zone"]

    def _time(self) -> str:
        self.flags.add("time")
        return ""


def write_long(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def write_weekday(rng: Random, day: date) -> str:
    return rng.choice(WEEKDAYS[day.weekday()])

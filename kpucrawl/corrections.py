"""What is known of hosts, for people; and from it the rows of `KPU_SITES`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cached_property
from typing import Any

from archive.read.hosts import KnownHost
from kpucrawl.hosts import KINDS, list_spellings, list_variants
from kpucrawl.sites import Site, Sites

SAYS_NOTHING = re.compile(
    r"\b(?:kpud?|kip|komisi (?:pemilihan umum|independen pemilihan)|website|situs|laman|portal"
    r"|resmi|provinsi|prov|beranda|home|selamat datang di|administrasi)\b"
)

NO_REASON = (0, 0)


class Owners:
    """Whose a host is: by the list, by the words of its link, by its own name."""

    def __init__(self, sites: Sites) -> None:
        self.sites = sites

    def find(self, host: str, text: str, led_by: str) -> str | None:
        """The code of the office, None where nothing tells or several fit."""
        if site := self.sites.by_host.get(host):
            return site.code
        return led_by or self.read_name(text) or self.by_variant.get(host)

    def read_name(self, text: str) -> str | None:
        """The office that some words name: `KPU Kab. Cilacap`."""
        words = re.sub(r"[^a-z0-9]+", " ", text.lower())
        words = re.sub(r"\bkab\b", "kabupaten", words)
        words = " ".join(SAYS_NOTHING.sub(" ", words).split())
        return self.by_name.get(words.replace(" ", ""))

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Codes by names, with and without their kind; names of several are left out."""
        named = [(name, site.code) for site in self.sites for name in list_names(site)]
        return keep_unique(named)

    @cached_property
    def by_variant(self) -> Mapping[str, str]:
        """Codes by the hosts that offices may have; those of several are left out."""
        return keep_unique(
            [(host, site.code) for site in self.sites for host in list_variants(site)]
        )


def list_names(site: Site) -> Iterator[str]:
    """How an office is named, without blanks: `kotasurakarta`, `surakarta`."""
    kind = site.level if site.level in KINDS else ""
    for spelling in list_spellings(site.name):
        joined = spelling.replace(" ", "")
        yield from (joined, f"{kind}{joined}") if kind else (joined,)


def keep_unique(named: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What is one office's alone."""
    counts = Counter(name for name, _ in set(named))
    return {name: code for name, code in named if counts[name] == 1}


def tell_host(known: KnownHost, site: Site) -> dict[str, Any]:
    """One host of an office as a row."""
    is_present = known.host == site.host
    status = site.host_status if is_present else "former" if known.configured else None
    return {
        "code": site.code,
        "site": site.label,
        "host": known.host,
        "configured": status,
        "configured_since": known.configured,
        "seen_on": len(known.shown_by),
        "seen_in": sorted(known.places),
        "seen_since": known.seen,
        "resolved_since": known.resolved,
        "answered_since": known.answered,
        "tried_last": known.tried_last,
        "said": known.said,
    }


def choose_host(site: Site, hosts: Sequence[KnownHost], owners: Owners) -> str | None:
    """The host that an office should be asked under; None where nothing tells, or several are as
    likely."""
    ranks = sorted(((rank_host(one, site, owners), one.host) for one in hosts), reverse=True)[:2]
    is_tied = len(ranks) == 2 and ranks[0][0] == ranks[1][0]
    if not ranks or ranks[0][0] == NO_REASON or is_tied:
        return None
    return ranks[0][1]


def rank_host(known: KnownHost, site: Site, owners: Owners) -> tuple[int, int]:
    """How likely a host is an office's: the higher, the likelier."""
    shown = len(known.shown_by)
    if "redirect" in known.places:
        return 3, shown
    if known.host == site.host:
        return (2, shown) if known.said.startswith("2") or site.host_status == "seen" else NO_REASON
    if known.said.startswith("2") and owners.read_name(known.said.partition(": ")[2]) == site.code:
        return 2, shown
    return (1, shown) if shown and not known.configured else NO_REASON


def list_corrections(
    built_in: Sites, present: Sites, hosts: Mapping[str, Sequence[KnownHost]]
) -> Iterator[dict[str, str]]:
    """The rows of a file for `KPU_SITES`: what it holds now, and what is known better."""
    owners, labels = Owners(present), set(present.by_label)
    for site in present:
        before = built_in.by_code[site.code]
        row = {
            one.name: getattr(site, one.name)
            for one in fields(Site)
            if getattr(site, one.name) != getattr(before, one.name)
        }
        host = choose_host(site, hosts.get(site.code, ()), owners)
        label = (host or "").partition(".")[0]
        if host == site.host and site.host_status == "guess":
            row |= {"host": host, "host_status": "seen"}
        elif host and host != site.host and host not in present.by_host and label not in labels:
            labels.add(label)
            row |= {"host": host, "host_status": "seen"}
        if row:
            yield {"code": site.code, **row}

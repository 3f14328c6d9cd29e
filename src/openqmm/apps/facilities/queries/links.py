"""Which firms records name without an FEI, and which sites they are linked to."""

from __future__ import annotations

from typing import Any

from openqmm.apps.facilities.models import Establishment, Inspection, RecordLink
from openqmm.apps.facilities.queries.facilities import require_office
from openqmm.apps.facilities.queries.stored import LINKED_KINDS, MODELS, firm_of, to_establishment
from openqmm.core.errors import NotFound
from openqmm.core.records import canonical_json, sha256_hex
from openqmm.core.registry.firm_names import fold_place
from openqmm.core.registry.link_rules import StandingLink
from openqmm.core.registry.linkage import Named, Site, sites_of
from openqmm.core.workflow import Actor

SITE_KINDS = ("establishments", "inspections")
"""Kinds that tell which sites there are."""


def firms_without_fei(kind: str) -> dict[str, Named]:
    """Return what records of a kind say of firms without an FEI, by subject."""
    rows = MODELS[kind]._default_manager.exclude(subject="")
    return {row.subject: firm_of(kind, row) for row in rows.iterator(chunk_size=2_000)}


def sites() -> list[Site]:
    """Return every name and place under which sites are known, gone ones too: a record may be of
    the time when a site still had its registration."""
    registered = sites_of(map(to_establishment, Establishment.objects.iterator()))
    told = Inspection.objects.exclude(legal_name="").order_by()
    inspected = told.values_list("fei", "legal_name", "city", "country").distinct()
    return registered + [
        Site(fei, name, frozenset(filter(None, [fold_place(city)])), country or None)
        for fei, name, city, country in inspected
    ]


def standing_links(kind: str) -> dict[str, dict[str, StandingLink]]:
    """Return the links of every firm of a kind, by subject and FEI."""
    found: dict[str, dict[str, StandingLink]] = {}
    columns = ("subject", "fei", "state", "reviewer")
    for subject, fei, state, reviewer in RecordLink.objects.filter(kind=kind).values_list(*columns):
        link = StandingLink(fei, state, reviewer is not None)
        found.setdefault(subject, {})[fei] = link
    return found


def firm_links(by: Actor, kind: str, subject: str, *, locked: bool = False) -> list[RecordLink]:
    """Return the links of one firm, the likeliest first (NotFound for one without)."""
    require_office(by)
    rows = RecordLink.objects.filter(kind=kind, subject=subject)
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = list(rows.select_related("reviewer").order_by("-score", "fei"))
    if kind not in LINKED_KINDS or not found:
        raise NotFound("There is no such firm.")
    return found


def links_seen(links: list[RecordLink]) -> str:
    """Return what tells whether the links of a firm are as somebody saw them."""
    told: list[Any] = sorted([link.fei, link.state, link.reason] for link in links)
    return sha256_hex(canonical_json(told))


def site_name(fei: str | None) -> str | None:
    """Return under which name the files loaded know a site; None for one that none knows."""
    if not fei:
        return None
    name = Establishment.objects.filter(fei=fei).values_list("name", flat=True).first()
    if name is not None:
        return str(name)
    inspected = Inspection.objects.filter(fei=fei).values_list("legal_name", flat=True).first()
    return None if inspected is None else str(inspected)


def firm_words(named: Named) -> dict[str, str]:
    """Return what records say of a firm, as it is kept with its links."""
    told = {"name": named.name, "city": named.city, "country": named.country or ""}
    return told | {"address": named.address}

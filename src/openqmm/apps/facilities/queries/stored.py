"""The nine kinds as they are stored: which table, which columns, and back to the core's records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from openqmm.apps.facilities.models import (
    Citation,
    ComplianceAction,
    DrugProduct,
    Establishment,
    Form483,
    ImportAlertEntry,
    Inspection,
    PublicRow,
    Recall,
    Shortage,
)
from openqmm.core.records import canonical_json, sha256_hex
from openqmm.core.registry import compliance, import_alerts
from openqmm.core.registry import records as core
from openqmm.core.registry.identity import country_of_address, is_domestic_country
from openqmm.core.registry.kinds import KINDS
from openqmm.core.registry.linkage import Named

MODELS: Mapping[str, type[PublicRow]] = {
    "establishments": Establishment,
    "inspections": Inspection,
    "citations": Citation,
    "compliance": ComplianceAction,
    "form483": Form483,
    "enforcement": Recall,
    "shortages": Shortage,
    "import_alerts": ImportAlertEntry,
    "ndc": DrugProduct,
}
LINKED_KINDS = ("compliance", "form483", "enforcement", "shortages", "import_alerts", "ndc")
"""Kinds whose records may come without an FEI and are then linked by the words of their firm."""

_PROVENANCE = frozenset(field.name for field in PublicRow._meta.local_fields)


def content_fields(model: type[PublicRow]) -> tuple[str, ...]:
    """Return the columns that hold what the source says."""
    others = {*_PROVENANCE, "natural_key", "subject", "id"}
    return tuple(f.name for f in model._meta.concrete_fields if f.name not in others)


def firm_of(kind: str, row: Any) -> Named:
    """Return what a record, stored or read, says of its firm."""
    named = KINDS[kind].named(row)
    return replace(named, country=named.country or None, fei=named.fei or None)


def subject_of(named: Named) -> str:
    """Return the digest by which records that say the same of their firm share a link."""
    told = [named.name, named.city, named.country, named.duns, named.address]
    return sha256_hex(canonical_json(told))


def to_establishment(row: Establishment) -> core.Establishment:
    """Return a stored registration as the core knows it."""
    return core.Establishment(
        fei=row.fei,
        duns=row.duns or None,
        name=row.name,
        address=row.address,
        country=row.country or country_of_address(row.address),
        operations=tuple(row.operations),
        expires_on=row.expires_on,
    )


def to_inspection(row: Inspection) -> core.Inspection:
    """Return a stored inspection as the core knows it; its state is not stored."""
    known = row.classification if row.classification in core.SEVERITY else None
    return core.Inspection(
        fei=row.fei,
        inspection_id=row.inspection_id,
        ended_on=row.ended_on,
        classification=known,  # type: ignore[arg-type]
        project_area=row.project_area,
        legal_name=row.legal_name,
        city=row.city,
        state="",
        country=row.country or None,
        is_domestic=is_domestic_country(row.country or None),
    )


def to_action(row: ComplianceAction) -> compliance.ComplianceAction:
    """Return a stored compliance action as the core knows it; its state is not stored."""
    return compliance.ComplianceAction(
        fei=row.fei or None,
        legal_name=row.legal_name,
        state="",
        country=row.country or None,
        is_domestic=is_domestic_country(row.country or None),
        product_type=row.product_type,
        taken_on=row.taken_on,
        action_type=row.action_type,  # type: ignore[arg-type]
        case_id=row.case_id,
    )


def to_alert(row: ImportAlertEntry) -> import_alerts.ImportAlertEntry:
    """Return a stored entry of an import alert as the core knows it."""
    return import_alerts.ImportAlertEntry(
        alert=row.alert,
        firm=row.firm,
        address=row.address,
        country=row.country or None,
        published_on=row.published_on,
        fei=row.fei or None,
        products=tuple(row.products),
    )


def product_line(row: DrugProduct) -> str:
    """Return a product listing as one line of evidence."""
    name = row.proprietary_name or row.generic_name
    return f"NDC {row.product_ndc}, {name}, listed by {row.labeler}"

"""The review queue: firms for which a person has to say which site they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Max, Value, When

from openqmm.apps.facilities.models import Establishment, Inspection, RecordLink
from openqmm.apps.facilities.queries.facilities import applied_feis, require_office
from openqmm.apps.facilities.queries.links import firm_links, links_seen
from openqmm.apps.facilities.queries.stored import LINKED_KINDS, MODELS
from openqmm.core.registry.kinds import KINDS
from openqmm.core.registry.link_rules import METHOD_WORDS
from openqmm.core.workflow import Actor

_PAGE = 25
_SAMPLES = 5
_STATES = ("proposed", "accepted", "rejected")


@dataclass(frozen=True, slots=True)
class WaitingFirm:
    """A firm in the queue: what the records say of it, how many they are, the likeliest site."""

    kind: str
    kind_title: str
    subject: str
    firm: dict[str, str]
    records: int
    candidates: int
    likeliest: str
    score: float
    applied: bool


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """A page of the queue, and what to choose from."""

    page: Page[Any]
    firms: list[WaitingFirm]
    kinds: list[tuple[str, str]]
    kind: str
    state: str


@dataclass(frozen=True, slots=True)
class CandidateSite:
    """A site beside the record: under which names and addresses the files know it."""

    link: RecordLink
    names: list[str]
    places: list[str]
    method: str
    applied: bool


@dataclass(frozen=True, slots=True)
class FirmReview:
    """One firm with its records and the sites it could be; `seen` tells it from a later state."""

    kind: str
    kind_title: str
    subject: str
    firm: dict[str, str]
    records: int
    samples: list[str]
    sites: list[CandidateSite]
    seen: str
    decided: RecordLink | None


def review_queue(by: Actor, *, kind: str = "", state: str = "", page: Any = 1) -> ReviewQueue:
    """Return the firms that wait, or those linked or refused; first those that could be a facility
    that has applied."""
    require_office(by)
    state, kind = (state if state in _STATES else "proposed"), (kind if kind in KINDS else "")
    mine = Case(
        When(fei__in=applied_feis(by), then=1), default=Value(0), output_field=IntegerField()
    )
    links = RecordLink.objects.filter(state=state, **({"kind": kind} if kind else {}))
    firms = (
        links.values("kind", "subject")
        .annotate(best=Max("score"), applied=Max(mine))
        .order_by("-applied", "-best", "kind", "subject")
    )
    shown = Paginator(firms, _PAGE).get_page(page)
    return ReviewQueue(
        page=shown,
        firms=_waiting(list(shown), state),
        kinds=[(name, KINDS[name].title) for name in LINKED_KINDS],
        kind=kind,
        state=state,
    )


def firm_review(by: Actor, kind: str, subject: str) -> FirmReview:
    """Return one firm with its records and candidates (NotFound for one without)."""
    links = firm_links(by, kind, subject)
    rows = MODELS[kind]._default_manager.filter(subject=subject)
    applied = set(applied_feis(by))
    known = _known_sites([link.fei for link in links])
    decided = next((link for link in links if link.reviewer_id), None)
    return FirmReview(
        kind=kind,
        kind_title=KINDS[kind].title,
        subject=subject,
        firm=links[0].firm,
        records=rows.count(),
        samples=[_sample(kind, row) for row in rows[:_SAMPLES]],
        sites=[
            CandidateSite(
                link=link,
                names=sorted(known.get(link.fei, ({}, {}))[0]),
                places=sorted(known.get(link.fei, ({}, {}))[1]),
                method=METHOD_WORDS.get(link.method, link.method),
                applied=link.fei in applied,
            )
            for link in links
        ],
        seen=links_seen(links),
        decided=decided,
    )


def _waiting(groups: list[dict[str, Any]], state: str) -> list[WaitingFirm]:
    subjects = [group["subject"] for group in groups]
    links: dict[tuple[str, str], list[RecordLink]] = {}
    for link in RecordLink.objects.filter(subject__in=subjects, state=state).order_by("-score"):
        links.setdefault((link.kind, link.subject), []).append(link)
    counts = _record_counts(groups)
    firms = []
    for group in groups:
        key = (group["kind"], group["subject"])
        first = links[key][0]
        firms.append(
            WaitingFirm(
                kind=first.kind,
                kind_title=KINDS[first.kind].title,
                subject=first.subject,
                firm=first.firm,
                records=counts.get(key, 0),
                candidates=len(links[key]),
                likeliest=first.site_name or f"FEI {first.fei}",
                score=first.score,
                applied=bool(group["applied"]),
            )
        )
    return firms


def _record_counts(groups: Iterable[dict[str, Any]]) -> dict[tuple[str, str], int]:
    by_kind: dict[str, list[str]] = {}
    for group in groups:
        by_kind.setdefault(group["kind"], []).append(group["subject"])
    counts: dict[tuple[str, str], int] = {}
    for kind, subjects in by_kind.items():
        rows = MODELS[kind]._default_manager.filter(subject__in=subjects)
        for subject in rows.values_list("subject", flat=True):
            counts[kind, subject] = counts.get((kind, subject), 0) + 1
    return counts


def _known_sites(feis: list[str]) -> dict[str, tuple[set[str], set[str]]]:
    known: dict[str, tuple[set[str], set[str]]] = {}
    registered = Establishment.objects.filter(fei__in=feis)
    for fei, name, address in registered.values_list("fei", "name", "address"):
        names, places = known.setdefault(fei, (set(), set()))
        names.add(name)
        places.add(address)
    inspected = Inspection.objects.filter(fei__in=feis).order_by()
    told = inspected.values_list("fei", "legal_name", "city", "country").distinct()
    for fei, name, city, country in told:
        names, places = known.setdefault(fei, (set(), set()))
        names.add(name)
        if not places:
            places.add(", ".join(filter(None, [city, country])))
    return known


def _sample(kind: str, row: Any) -> str:
    match kind:
        case "enforcement":
            return f"Event {row.event_id} {row.recall_number}, {row.status}: {row.product}"
        case "shortages":
            return f"{row.generic_name}, {row.presentation}, {row.status}"
        case "import_alerts":
            return f"Import alert {row.alert}, {row.address}: {'; '.join(row.products)}"
        case "compliance":
            return f"{row.action_type} {row.case_id}, taken {row.taken_on}"
        case "form483":
            return f"483 of {row.record_date or row.posted_on}, {row.legal_name}"
    return f"NDC {row.product_ndc}, {row.proprietary_name or row.generic_name}"

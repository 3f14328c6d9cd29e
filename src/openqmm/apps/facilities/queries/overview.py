"""What the office has loaded of each kind, and what it should load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.urls import reverse

from openqmm.apps.facilities.models import RecordLink, RecordSource
from openqmm.apps.facilities.queries.facilities import applied_feis, require_office
from openqmm.apps.facilities.queries.public_records import public_record
from openqmm.apps.facilities.queries.sources import latest_sources
from openqmm.apps.facilities.queries.stored import MODELS
from openqmm.core.programs import shipped_program, shipped_program_ids
from openqmm.core.programs.file_doubts import file_doubts
from openqmm.core.registry.kinds import KINDS
from openqmm.core.registry.snapshots import SNAPSHOT_KINDS
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock
from openqmm.web.next_steps import NextStep

_PAGE = 10
_LESS_USED = {
    "citations": "Shown in a facility's timeline; no criterion needs it.",
    "form483": "Shown in a facility's timeline; no criterion needs it.",
    "enforcement": "Shown in a facility's timeline; no criterion needs it.",
    "shortages": "Shown in a facility's timeline; no criterion needs it.",
}


@dataclass(frozen=True, slots=True)
class LoadedKind:
    """One kind of public records as the office sees it: what stands, since when, what is amiss."""

    kind: str
    title: str
    is_list: bool
    standing: int
    gone: int
    source: RecordSource | None
    doubts: tuple[str, ...]
    use: str


def loaded_kinds(by: Actor) -> list[LoadedKind]:
    """Return every kind with what is loaded of it, and why that would not do to screen with."""
    require_office(by)
    sources = latest_sources()
    programs = [shipped_program(program_id) for program_id in shipped_program_ids()]
    doubts = file_doubts(programs, public_record(""), clock.today())
    rows = []
    for kind, table in KINDS.items():
        counts = MODELS[kind]._default_manager.aggregate(
            standing=Count("pk", filter=Q(gone_on__isnull=True)), everything=Count("pk")
        )
        rows.append(
            LoadedKind(
                kind=kind,
                title=table.title,
                is_list=kind in SNAPSHOT_KINDS,
                standing=counts["standing"],
                gone=counts["everything"] - counts["standing"],
                source=sources.get(kind),
                doubts=doubts.get(kind, ()),  # type: ignore[call-overload]
                use=_LESS_USED.get(kind, ""),
            )
        )
    return rows


def loaded_files(by: Actor, page: Any = 1) -> Page[RecordSource]:
    """Return a page of the files loaded, the last one first."""
    require_office(by)
    return Paginator(RecordSource.objects.all(), _PAGE).get_page(page)


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the office must do next about public records: say which records are of a
    facility that has applied; nothing for anybody else."""
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        return []
    waiting = RecordLink.objects.filter(state="proposed", fei__in=applied_feis(by))
    firms = waiting.order_by().values("kind", "subject").distinct().count()
    if not firms:
        return []
    label = "Link a firm to its site" if firms == 1 else f"Link {firms:,} firms to their sites"
    about = "public records that may be of a facility that has applied"
    return [NextStep(label, reverse("records:links"), about)]

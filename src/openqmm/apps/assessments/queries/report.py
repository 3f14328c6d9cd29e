"""What leaves an assessment: its strengths and opportunities, and its marks for the rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.assessments.models import Assessment, Remark
from openqmm.apps.assessments.queries.scope import opened_to
from openqmm.apps.assessments.queries.visibility import (
    REPORT_STATES,
    REVEALED,
    remarks_visible_to,
)
from openqmm.apps.protocols.queries import protocol_of
from openqmm.core.errors import NotFound
from openqmm.core.ratings.scores import ScoreRow
from openqmm.core.workflow import Actor, Role


@dataclass(frozen=True, slots=True)
class AreaRemarks:
    """An area of the report with what it names there."""

    id: str
    title: str
    strengths: tuple[Remark, ...]
    opportunities: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report as the actor may see it."""

    assessment: Assessment
    areas: tuple[AreaRemarks, ...]
    empty: bool
    may_write: bool


def report_page(by: Actor, assessment_id: Any) -> ReportPage:
    """Return the report of an assessment the actor may read (NotFound until then)."""
    assessment = opened_to(by, assessment_id)
    readable = REVEALED if assessment.member_role else REPORT_STATES
    if assessment.state not in readable:
        raise NotFound("There is no such page.")
    found = list(remarks_visible_to(by, assessment))
    areas = tuple(
        AreaRemarks(
            area.id, area.title, _of(found, area.id, "strength"), _of(found, area.id, "opportunity")
        )
        for area in protocol_of(assessment.application.round.protocol).areas
    )
    return ReportPage(
        assessment,
        areas,
        empty=not found,
        may_write=by.role is Role.LEAD_ASSESSOR
        and assessment.state in {"consensus", "draft_report"},
    )


def remarks(assessment: Assessment) -> list[Remark]:
    """Return the strengths, then the opportunities, of an assessment whose report the caller may
    already see, in protocol order of their areas."""
    protocol = protocol_of(assessment.application.round.protocol)
    order = {area.id: n for n, area in enumerate(protocol.areas)}
    found = Remark.objects.filter(assessment=assessment.pk)
    return sorted(found, key=lambda r: (r.kind != "strength", order.get(r.area_id, len(order))))


def remark(assessment: Assessment, remark_id: Any) -> Remark:
    """Return one remark of an assessment the caller may already see (NotFound)."""
    found = Remark.objects.filter(assessment=assessment.pk, pk=remark_id).first()
    if found is None:
        raise NotFound("There is no such remark.")
    return found


def remark_page(by: Actor, assessment_id: Any, remark_id: Any) -> tuple[ReportPage, Remark]:
    """Return a remark the actor may edit now, with its report (NotFound otherwise)."""
    page = report_page(by, assessment_id)
    if not page.may_write:
        raise NotFound("There is no such page.")
    return page, remark(page.assessment, remark_id)


def score_rows(assessment: Assessment) -> list[ScoreRow]:
    """Return every mark of an assessment as the rating takes it, assessors under pseudonyms.

    "A1", "A2" and so on stand in an order that says nothing of role or name and never changes;
    the facility is known by its FEI.
    """
    facility = assessment.application.facility
    marks = list(
        assessment.scores.exclude(mark="")
        .order_by("question_id")
        .values_list("assessor", "question_id", "mark")
    )
    people = sorted({person for person, _, _ in marks})
    pseudonyms = {person: f"A{n}" for n, person in enumerate(people, start=1)}
    rows = [
        ScoreRow(
            facility.fei, pseudonyms[person], question, mark, "assessor", facility.facility_type
        )
        for person, question, mark in marks
    ]
    rows += [
        ScoreRow(facility.fei, "consensus", question, mark, "consensus", facility.facility_type)
        for question, mark in assessment.consensus.values_list("question_id", "mark")
    ]
    return sorted(rows, key=lambda row: (row.question_id, row.role, row.assessor_id))


def _of(found: list[Remark], area_id: str, kind: str) -> tuple[Remark, ...]:
    return tuple(r for r in found if r.area_id == area_id and r.kind == kind)

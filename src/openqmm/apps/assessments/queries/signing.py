"""What the lead's signature under the final report is bound to, and whether it still holds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from openqmm.apps.assessments.models import Assessment, Consensus, Remark, Score
from openqmm.apps.assessments.queries.report import remarks, score_rows
from openqmm.apps.assessments.queries.scope import SCORING_ROLES
from openqmm.apps.signatures.queries import Paper, SignatureView, Source, signature_views
from openqmm.core.records import canonical_json, sha256_hex

MEANING = "I have led this assessment, and this is its final report."


def report_paper(assessment: Assessment) -> Paper:
    """Return the report of an assessment the caller may already see as its lead would sign it."""
    content = report_content(assessment)
    count = len(content["remarks"])
    reading = (
        (_("Report on"), str(assessment.application.facility)),
        (_("Round"), str(assessment.application.round)),
        (_("Strengths and opportunities"), count),
        (_("Assessors who finished scoring"), content["assessors"]),
        (_("Digest of every mark and decision"), content["marks_digest"]),
    )
    return Paper(assessment, content, MEANING, reading)


def signatures_of(assessment: Assessment) -> list[SignatureView]:
    """Return the signatures under an assessment's report the caller may already see."""
    key = "assessment_id"
    sources = (
        Source.row(assessment, "visit_from", "visit_to", "application_id"),
        Source(Remark, key, assessment.pk, ("kind", "area_id", "text")),
        Source(Consensus, key, assessment.pk, ("question_id", "mark")),
        Source(Score, key, assessment.pk, ("question_id", "mark", "assessor_id")),
    )
    return signature_views(assessment, lambda: report_content(assessment), sources)


def report_content(assessment: Assessment) -> dict[str, Any]:
    """Return the report as its signature binds it. The marks are in it by their digest alone: the
    facility may have the signature, and never an assessor's marks."""
    facility, round_ = assessment.application.facility, assessment.application.round
    marks = [
        [row.question_id, row.role, row.assessor_id, row.score] for row in score_rows(assessment)
    ]
    days = (assessment.visit_from, assessment.visit_to)
    return {
        "assessment": str(assessment.pk),
        "facility": {"id": str(facility.pk), "fei": facility.fei},
        "round": {"id": str(round_.pk), "protocol": round_.protocol.digest},
        "visit": [None if day is None else day.isoformat() for day in days],
        "assessors": assessment.team.filter(
            role__in=SCORING_ROLES, finished_at__isnull=False
        ).count(),
        "remarks": [[row.kind, row.area_id, row.text] for row in remarks(assessment)],
        "marks_digest": sha256_hex(canonical_json(marks)),
    }

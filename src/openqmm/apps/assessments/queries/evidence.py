"""The facility's evidence, as the team of its running assessment reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.assessments.models import Assessment
from openqmm.apps.assessments.queries.scope import opened_to
from openqmm.apps.evidence import queries as evidence
from openqmm.core.errors import NotFound, TransitionRefused
from openqmm.core.workflow import Actor, in_words
from openqmm.core.workflow.states import ASSESSMENT

RUNNING = frozenset(ASSESSMENT.states) - {"planned", "rated", "suspended", "cancelled"}
"""The states in which the team reads the facility's evidence."""


@dataclass(frozen=True, slots=True)
class TeamEvidence:
    """An assessment with the evidence its team may read."""

    assessment: Assessment
    files: list[evidence.EvidenceLine]


def team_evidence(by: Actor, assessment_id: Any) -> TeamEvidence:
    """Return what the actor's team may read of the facility's evidence; see
    `assessment_with_evidence` for who may and when."""
    found = assessment_with_evidence(by, assessment_id)
    return TeamEvidence(found, evidence.files_for_assessors(found.application.facility_id))


def sees_evidence(assessment: Assessment) -> bool:
    """Tell whether the actor for whom the assessment was read may read its evidence now."""
    return bool(assessment.declared_at) and assessment.state in RUNNING


def assessment_with_evidence(by: Actor, assessment_id: Any) -> Assessment:
    """Return an assessment whose facility's evidence the actor may read: that of a team they are on
    (NotFound), and have declared for (NotPermitted), while it runs (TransitionRefused)."""
    found = opened_to(by, assessment_id)
    if not found.member_role:
        raise NotFound("There is no such assessment.")
    if found.state not in RUNNING:
        raise TransitionRefused(
            f"The assessment is {in_words(found.state)}; its team reads the facility's evidence "
            "from the orientation until the report is final."
        )
    return found

"""Reading the facility's evidence as a member of the team."""

from __future__ import annotations

from typing import Any

from openqmm.apps.assessments import queries
from openqmm.apps.evidence import actions as evidence
from openqmm.core.workflow import Actor


def open_evidence(*, by: Actor, assessment_id: Any, evidence_id: Any) -> evidence.OpenedFile:
    """Open a file of the facility's evidence; event `evidence.read` on the facility's trail.

    The declared team of a running assessment may (NotFound, NotPermitted, TransitionRefused); not
    what the facility marked internal, replaced or withdrew (NotFound). Refused (FileUnreadable)
    when the bytes are no longer those that were sent.
    """
    assessment = queries.assessment_with_evidence(by, assessment_id)
    return evidence.open_for_assessor(
        by=by, facility_id=assessment.application.facility_id, evidence_id=evidence_id
    )

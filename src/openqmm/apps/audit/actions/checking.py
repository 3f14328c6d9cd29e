"""Verifying a whole trail on the auditor's word, with the verifier that strangers use."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model

from openqmm.apps.audit import queries
from openqmm.apps.audit.actions.checkpoints import configured_key
from openqmm.apps.audit.actions.events import event
from openqmm.apps.audit.actions.proving import newest_anchor_proof
from openqmm.core.errors import NotPermitted
from openqmm.core.verifier import Report, verify_trail
from openqmm.core.workflow import Actor, Role


def check_trail(*, by: Actor, trail_id: Any = None) -> Report:
    """Verify a whole trail as it stands: every event, hash, link and the signed checkpoint over it.

    A records auditor may (NotPermitted), the trails as for an export (NotFound). Event
    `trail.checked` with the outcome.
    """
    if by.role is not Role.RECORDS_AUDITOR:
        raise NotPermitted("Only a records auditor checks the trail.")
    whole = queries.whole_trail(by, trail_id)
    standing = queries.standing(whole.id)
    anchor = newest_anchor_proof(whole.id, most=standing.size)
    report = verify_trail(queries.whole_lines(whole, standing, anchor), configured_key().vkey())
    outcome = "it holds" if report.valid else f"{report.fault_count:,} faults"
    with event(
        by=by,
        what="trail.checked",
        on=get_user_model()(pk=by.person_id),
        sentence=f"checked the trail of {whole.name}, {standing.size:,} events: {outcome}",
        why=report.first_bad or f"root {standing.root}",
    ):
        pass
    return report

"""The team's decisions, and the strengths and opportunities its report names."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.assessments import policies, queries
from openqmm.apps.assessments.actions.rules import require, require_role
from openqmm.apps.assessments.models import MARKS, Consensus, Remark
from openqmm.apps.audit import actions as audit
from openqmm.apps.protocols.queries import protocol_of
from openqmm.core.errors import InvalidScores, Problem
from openqmm.core.records.merging import tidied
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock

LEAD = (Role.LEAD_ASSESSOR,)


def record_consensus(
    *, by: Actor, assessment_id: Any, question_id: str, mark: str, reason: str, version: int = 0
) -> Consensus:
    """Record the team's mark for one question, with its reason; event `consensus.recorded` on the
    decision. Only the assessment's lead may (NotPermitted, NotFound), in the consensus, with a
    reason (TransitionRefused). A change made on an older version is refused, never written over a
    newer one. InvalidScores for a question that is not asked and a mark that is not known."""
    require_role(by, LEAD, "record the team's decision")
    seen = queries.opened_to(by, assessment_id)
    # Known before it is stored, as a score's is: a decision sent twice meets itself.
    decision_id = uuid5(UUID(str(assessment_id)), f"consensus/{question_id}")
    with audit.event(
        by=by,
        what="consensus.recorded",
        on=Consensus(pk=decision_id),
        sentence=f"recorded the team's decision on {question_id}",
        why=reason,
        organisation_id=seen.contractor_id,
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        require(policies.decision_refusal(assessment, reason))
        _require_known(question_id, mark, queries.asked_questions(assessment))
        stored = Consensus.objects.filter(pk=decision_id).first()
        if stored is not None and (stored.mark, stored.reason) == (mark, reason.strip()):
            transaction.set_rollback(True)
            return stored
        known = stored.version if stored else 0
        require(policies.version_refusal(question_id, known, version))
        content = {
            "mark": mark,
            "reason": reason.strip(),
            "decided_by": accounts.person(by.person_id),
            "decided_at": clock.now(),
        }
        if stored is not None:
            return opened.update(stored, **content)
        decision = Consensus(assessment=assessment, question_id=question_id, **content)
        decision.pk = decision_id
        return opened.create(decision)


def add_remark(*, by: Actor, assessment_id: Any, kind: str, area_id: str, text: str) -> Remark:
    """Name a strength or an opportunity in an area; event `remark.added`. Only the assessment's
    lead may (NotPermitted, NotFound), from the consensus until the report goes out, and with words
    (TransitionRefused)."""
    require_role(by, LEAD, "write the report")
    seen = queries.opened_to(by, assessment_id)
    remark = Remark(assessment=seen, kind=kind, area_id=area_id, text=text.strip())
    with audit.event(
        by=by,
        what="remark.added",
        on=remark,
        sentence=f"named {'a strength' if kind == 'strength' else 'an opportunity'} in {area_id}",
        organisation_id=seen.contractor_id,
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        require(policies.remark_refusal(assessment))
        areas = {area.id for area in protocol_of(assessment.application.round.protocol).areas}
        require(policies.remark_content_refusal(kind, area_id, text, areas))
        return opened.create(remark)


@dataclass(frozen=True, slots=True)
class RemarkEntry:
    """What the report says of one area."""

    kind: str
    area_id: str
    text: str


def edit_remark(
    *, by: Actor, assessment_id: Any, remark_id: Any, version: int, entry: RemarkEntry
) -> Remark:
    """Say a strength or an opportunity in other words; event `remark.edited`, which keeps the old
    ones. Who may, and when: as for adding one. Refused (Stale) where somebody else saved meanwhile;
    what stands already, sent again, changes nothing."""
    require_role(by, LEAD, "write the report")
    seen = queries.opened_to(by, assessment_id)
    written = {name: tidied(value) for name, value in asdict(entry).items()}
    remark = queries.remark(seen, remark_id)
    if all(getattr(remark, name) == value for name, value in written.items()):
        return remark
    with audit.event(
        by=by,
        what="remark.edited",
        on=remark,
        sentence=f"edited a remark in {remark.area_id}",
        organisation_id=seen.contractor_id,
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        remark = queries.remark(assessment, remark_id)
        require(policies.remark_refusal(assessment))
        areas = {area.id for area in protocol_of(assessment.application.round.protocol).areas}
        require(policies.remark_content_refusal(**written, areas=areas))
        audit.require_version(remark, version)
        return opened.update(remark, **written)


def remove_remark(
    *, by: Actor, assessment_id: Any, remark_id: Any, version: int | None = None
) -> None:
    """Take a strength or an opportunity out of the report; event `remark.removed`, which keeps its
    words. Who may, and when: as for adding one; refused (Stale) when it was edited since
    `version`."""
    require_role(by, LEAD, "write the report")
    seen = queries.opened_to(by, assessment_id)
    remark = queries.remark(seen, remark_id)
    with audit.event(
        by=by,
        what="remark.removed",
        on=remark,
        sentence=f"removed a remark in {remark.area_id}",
        organisation_id=seen.contractor_id,
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        remark = queries.remark(assessment, remark_id)
        require(policies.remark_refusal(assessment))
        audit.require_version(remark, version)
        opened.delete(remark)


def _require_known(question_id: str, mark: str, asked: Any) -> None:
    problems = []
    if question_id not in {question.id for question in asked}:
        problems.append(Problem(f"{question_id} is not asked of this facility."))
    if mark not in {known for known, _ in MARKS}:
        problems.append(Problem(f"The mark is {mark!r}; expected 1 to 5, NR or NA."))
    if problems:
        raise InvalidScores("The decision", problems)

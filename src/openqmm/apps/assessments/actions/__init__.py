"""Every change of an assessment: its plan and team, its steps, its marks, its report."""

from openqmm.apps.assessments.actions.decisions import (
    RemarkEntry,
    add_remark,
    edit_remark,
    record_consensus,
    remove_remark,
)
from openqmm.apps.assessments.actions.evidence import open_evidence
from openqmm.apps.assessments.actions.scores import (
    ScoreEntry,
    finish_scoring,
    import_scores,
    record_score,
)
from openqmm.apps.assessments.actions.steps import (
    advance,
    rate_assessment,
    sign_report,
    signable_report,
)
from openqmm.apps.assessments.actions.teams import (
    assign_member,
    declare_no_conflict,
    plan_assessment,
    remove_member,
    set_member_period,
)

__all__ = [
    "RemarkEntry",
    "ScoreEntry",
    "add_remark",
    "advance",
    "assign_member",
    "declare_no_conflict",
    "edit_remark",
    "finish_scoring",
    "import_scores",
    "open_evidence",
    "plan_assessment",
    "rate_assessment",
    "record_consensus",
    "record_score",
    "remove_member",
    "remove_remark",
    "set_member_period",
    "sign_report",
    "signable_report",
]

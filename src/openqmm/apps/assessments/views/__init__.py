"""The pages of the assessments app."""

from openqmm.apps.assessments.views.consensus import (
    add_remark,
    consensus,
    decide,
    edit_remark,
    remove_remark,
    report,
)
from openqmm.apps.assessments.views.evidence import evidence, evidence_file
from openqmm.apps.assessments.views.life import (
    assessments,
    declare,
    detail,
    plan,
    remove_member,
    set_period,
    step,
    team,
)
from openqmm.apps.assessments.views.scoring import finish, score, score_next
from openqmm.apps.assessments.views.signing import sign_report, signature

__all__ = [
    "add_remark",
    "assessments",
    "consensus",
    "decide",
    "declare",
    "detail",
    "edit_remark",
    "evidence",
    "evidence_file",
    "finish",
    "plan",
    "remove_member",
    "remove_remark",
    "report",
    "score",
    "score_next",
    "set_period",
    "sign_report",
    "signature",
    "step",
    "team",
]

"""Every read of the assessments app; blindness is kept in `visibility`."""

from openqmm.apps.assessments.queries.agreement import (
    EVIDENCE_NEEDED,
    NUMERIC,
    Agreement,
    agreement_of,
    disagrees,
    lacking,
    spread_of,
)
from openqmm.apps.assessments.queries.consensus import (
    ConsensusPage,
    consensus_page,
    undecided_questions,
)
from openqmm.apps.assessments.queries.detail import (
    Detail,
    Readiness,
    detail,
    readiness,
    team_of,
    unfinished_scores,
)
from openqmm.apps.assessments.queries.evidence import (
    TeamEvidence,
    assessment_with_evidence,
    sees_evidence,
    team_evidence,
)
from openqmm.apps.assessments.queries.report import ReportPage, remarks, report_page, score_rows
from openqmm.apps.assessments.queries.scope import (
    SCORING_ROLES,
    assessment,
    assessments,
    candidates,
    final_assessments,
    holds_role,
    in_period,
    locked,
    opened_to,
    plannable,
    worked_at,
)
from openqmm.apps.assessments.queries.scoring import (
    ScoringPage,
    asked_questions,
    first_to_score,
    own_score,
    scoring_page,
)
from openqmm.apps.assessments.queries.signing import report_paper, signatures_of
from openqmm.apps.assessments.queries.steps import next_steps
from openqmm.apps.assessments.queries.visibility import (
    REPORT_STATES,
    REVEALED,
    decisions_visible_to,
    remarks_visible_to,
    scores_visible_to,
)

__all__ = [
    "EVIDENCE_NEEDED",
    "NUMERIC",
    "REPORT_STATES",
    "REVEALED",
    "SCORING_ROLES",
    "Agreement",
    "ConsensusPage",
    "Detail",
    "Readiness",
    "ReportPage",
    "ScoringPage",
    "TeamEvidence",
    "agreement_of",
    "asked_questions",
    "assessment",
    "assessment_with_evidence",
    "assessments",
    "candidates",
    "consensus_page",
    "decisions_visible_to",
    "detail",
    "disagrees",
    "final_assessments",
    "first_to_score",
    "holds_role",
    "in_period",
    "lacking",
    "locked",
    "next_steps",
    "opened_to",
    "own_score",
    "plannable",
    "readiness",
    "remarks",
    "remarks_visible_to",
    "report_page",
    "report_paper",
    "score_rows",
    "scores_visible_to",
    "scoring_page",
    "sees_evidence",
    "signatures_of",
    "spread_of",
    "team_evidence",
    "team_of",
    "undecided_questions",
    "unfinished_scores",
    "worked_at",
]

"""The six lives in the program: round, application, assessment, rating, disclosure, action.

Every state and step of the product is here, so that a rule about order has one home.
"""

from __future__ import annotations

from openqmm.core.workflow.actors import Role
from openqmm.core.workflow.tables import StateTable, step

OFFICE = (Role.PROGRAM_ADMINISTRATOR,)
BOARD = (Role.RATING_BOARD_MEMBER,)
LEAD = (Role.LEAD_ASSESSOR,)
QUALITY_LEAD = (Role.FACILITY_QUALITY_LEAD,)
SIGNATORY = (Role.AUTHORISED_SIGNATORY,)
SITE = (*QUALITY_LEAD, *SIGNATORY)

ROUND = StateTable(
    "the round",
    "draft",
    ("draft", "announced", "open", "screening", "selected", "assessing", "rating", "closed"),
    (
        step("announce", "draft -> announced", OFFICE, "Announce the round", "announced the round"),
        step("open", "announced -> open", OFFICE, "Open to applications", "opened the round"),
        step(
            "begin_screening",
            "open -> screening",
            OFFICE,
            "Close to applications",
            "closed the round to applications",
        ),
        step(
            "fix_selection",
            "screening -> selected",
            OFFICE,
            "Fix the selection",
            "fixed the selection",
        ),
        step(
            "begin_assessing",
            "selected -> assessing",
            OFFICE,
            "Begin assessments",
            "began the assessments",
        ),
        step("begin_rating", "assessing -> rating", OFFICE, "Begin rating", "began rating"),
        step("close", "rating -> closed", OFFICE, "Close the round", "closed the round"),
    ),
)

APPLICATION = StateTable(
    "the application",
    "draft",
    (
        "draft",
        "submitted",
        "screening",
        "needs_information",
        "ineligible",
        "eligible",
        "selected",
        "reserve",
        "not_selected",
        "accepted",
        "declined",
        "withdrawn",
    ),
    (
        step("submit", "draft -> submitted", SIGNATORY, "Sign and submit", "signed and submitted"),
        step(
            "begin_screening",
            "submitted -> screening",
            OFFICE,
            "Begin screening",
            "began screening",
        ),
        step(
            "ask_information",
            "screening -> needs_information",
            OFFICE,
            "Ask for information",
            "asked for information",
            reasoned=True,
        ),
        step(
            "give_information",
            "needs_information -> screening",
            SITE,
            "Answer the request",
            "answered the request for information",
            reasoned=True,
        ),
        step(
            "find_eligible",
            "screening -> eligible",
            OFFICE,
            "Find eligible",
            "found eligible",
            reasoned=True,
        ),
        step(
            "find_ineligible",
            "screening -> ineligible",
            OFFICE,
            "Find ineligible",
            "found ineligible",
            reasoned=True,
        ),
        step(
            "select",
            "eligible, reserve -> selected",
            # The system moves the reserve list up when a place is declined.
            (*OFFICE, Role.SYSTEM),
            "Select",
            "selected",
            reasoned=True,
        ),
        step(
            "reserve",
            "eligible -> reserve",
            OFFICE,
            "Place on the reserve list",
            "placed on the reserve list",
            reasoned=True,
        ),
        step(
            "not_select",
            "eligible, reserve -> not_selected",
            OFFICE,
            "Do not select",
            "did not select",
            reasoned=True,
        ),
        step("accept", "selected -> accepted", SIGNATORY, "Sign and accept", "signed and accepted"),
        step("decline", "selected -> declined", SIGNATORY, "Decline", "declined", reasoned=True),
        step(
            "withdraw",
            "draft, submitted, screening, needs_information, eligible, selected, reserve, accepted"
            " -> withdrawn",
            SITE,
            "Withdraw",
            "withdrew",
            reasoned=True,
        ),
    ),
)

BEFORE_SCORING = (
    "planned",
    "oriented",
    "questionnaire_out",
    "questionnaire_in",
    "scheduled",
    "in_progress",
    "exit_meeting_held",
)
"""The states of an assessment in which its team may still change and nobody has marked."""

_AFTER_VISIT = ("scoring", "consensus", "draft_report", "factual_check", "final")
_BEFORE_RATED = ", ".join((*BEFORE_SCORING, *_AFTER_VISIT))

ASSESSMENT = StateTable(
    "the assessment",
    "planned",
    (
        *BEFORE_SCORING,
        *_AFTER_VISIT,
        "rated",
        "suspended",
        "cancelled",
    ),
    (
        step(
            "hold_orientation",
            "planned -> oriented",
            LEAD,
            "Record the orientation",
            "held the orientation",
        ),
        step(
            "send_questionnaire",
            "oriented -> questionnaire_out",
            LEAD,
            "Send the questionnaire",
            "sent the questionnaire",
        ),
        step(
            "return_questionnaire",
            "questionnaire_out -> questionnaire_in",
            QUALITY_LEAD,
            "Return the questionnaire",
            "returned the questionnaire",
        ),
        step(
            "schedule",
            "questionnaire_in -> scheduled",
            LEAD,
            "Schedule the visit",
            "scheduled the visit",
        ),
        step("begin", "scheduled -> in_progress", LEAD, "Begin the visit", "began the visit"),
        step(
            "hold_exit_meeting",
            "in_progress -> exit_meeting_held",
            LEAD,
            "Record the exit meeting",
            "held the exit meeting",
        ),
        step(
            "begin_scoring",
            "exit_meeting_held -> scoring",
            LEAD,
            "Begin scoring",
            "began scoring",
        ),
        step(
            "open_consensus",
            "scoring -> consensus",
            LEAD,
            "Open the consensus",
            "opened the consensus",
        ),
        step(
            "draft_report",
            "consensus -> draft_report",
            LEAD,
            "Close the consensus and draft the report",
            "closed the consensus",
        ),
        step(
            "send_for_factual_check",
            "draft_report -> factual_check",
            LEAD,
            "Send for the factual check",
            "sent the report for the factual check",
        ),
        step(
            "finalise",
            "factual_check -> final",
            LEAD,
            "Sign and finalise the report",
            "signed and finalised the report",
        ),
        step("rate", "final -> rated", BOARD, "Rate", "rated the facility"),
        step(
            "suspend",
            f"{_BEFORE_RATED} -> suspended",
            OFFICE,
            "Suspend",
            "suspended",
            reasoned=True,
        ),
        step(
            "resume",
            f"suspended -> back to {_BEFORE_RATED}",
            OFFICE,
            "Resume",
            "resumed",
            reasoned=True,
        ),
        step(
            "cancel",
            f"{_BEFORE_RATED}, suspended -> cancelled",
            OFFICE,
            "Cancel",
            "cancelled",
            reasoned=True,
        ),
    ),
)

RATING = StateTable(
    "the rating",
    "proposed",
    ("proposed", "reviewed", "issued", "valid", "suspended", "expired", "superseded"),
    (
        step("review", "proposed -> reviewed", BOARD, "Record the review", "reviewed the rating"),
        step(
            "issue", "reviewed -> issued", BOARD, "Sign and issue", "signed and issued the rating"
        ),
        step("take_effect", "issued -> valid", BOARD, "Put into effect", "put it into effect"),
        step(
            "suspend",
            "valid -> suspended",
            BOARD,
            "Suspend the rating",
            "suspended the rating",
            reasoned=True,
        ),
        step(
            "reinstate",
            "suspended -> valid",
            BOARD,
            "Reinstate the rating",
            "reinstated the rating",
            reasoned=True,
        ),
        step(
            "expire",
            "valid, suspended -> expired",
            (Role.SYSTEM, *BOARD),
            "Let the rating expire",
            "let the rating expire",
        ),
        step(
            "supersede",
            "valid, suspended -> superseded",
            BOARD,
            "Supersede the rating",
            "superseded the rating",
            reasoned=True,
        ),
    ),
)

DISCLOSURE = StateTable(
    "the disclosure",
    "none",
    ("none", "consented", "published", "withdrawn", "expired"),
    (
        step(
            "consent",
            "none -> consented",
            SIGNATORY,
            "Sign the consent",
            "signed the consent to disclose",
        ),
        step(
            "publish",
            "consented -> published",
            (Role.SYSTEM, *OFFICE),
            "Publish",
            "published the rating",
        ),
        step(
            "withdraw",
            "consented, published -> withdrawn",
            SIGNATORY,
            "Withdraw the consent",
            "withdrew the consent",
            reasoned=True,
        ),
        step(
            "expire",
            "consented, published -> expired",
            (Role.SYSTEM,),
            "Let the consent expire",
            "let the consent expire",
        ),
    ),
)

IMPROVEMENT_ACTION = StateTable(
    "the improvement action",
    "proposed",
    ("proposed", "accepted", "in_progress", "evidenced", "verified", "rejected"),
    (
        step("accept", "proposed -> accepted", QUALITY_LEAD, "Accept", "accepted the action"),
        step("begin", "accepted -> in_progress", QUALITY_LEAD, "Begin", "began the action"),
        step(
            "evidence",
            "in_progress -> evidenced",
            QUALITY_LEAD,
            "Show the evidence",
            "showed the evidence",
        ),
        step(
            "verify",
            "evidenced -> verified",
            (*OFFICE, *LEAD),
            "Verify the effect",
            "verified the effect",
        ),
        step(
            "reject",
            "proposed, accepted, in_progress, evidenced -> rejected",
            (*QUALITY_LEAD, *OFFICE, *LEAD),
            "Reject",
            "rejected the action",
            reasoned=True,
        ),
    ),
)

TABLES = (ROUND, APPLICATION, ASSESSMENT, RATING, DISCLOSURE, IMPROVEMENT_ACTION)

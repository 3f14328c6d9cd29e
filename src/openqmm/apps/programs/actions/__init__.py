"""Every change of rounds and applications."""

from openqmm.apps.programs.actions.drafting import (
    ApplicationEntry,
    edit_application,
    start_application,
)
from openqmm.apps.programs.actions.placing import accept_place, decide_place, decline_place
from openqmm.apps.programs.actions.rounds import (
    RoundEntry,
    add_round,
    advance_round,
    edit_round,
)
from openqmm.apps.programs.actions.screening import (
    answer_request,
    decide_screening,
    screen_application,
)
from openqmm.apps.programs.actions.submitting import submit_application, withdraw_application

__all__ = [
    "ApplicationEntry",
    "RoundEntry",
    "accept_place",
    "add_round",
    "advance_round",
    "answer_request",
    "decide_place",
    "decide_screening",
    "decline_place",
    "edit_application",
    "edit_round",
    "screen_application",
    "start_application",
    "submit_application",
    "withdraw_application",
]

"""Every change of rounds and applications."""

from openqmm.apps.programs.actions.configuring import copy_program, edit_program
from openqmm.apps.programs.actions.drafting import (
    ApplicationEntry,
    edit_application,
    start_application,
)
from openqmm.apps.programs.actions.drawing import draw_places, release_reserve
from openqmm.apps.programs.actions.letters import send_letter
from openqmm.apps.programs.actions.placing import accept_place, decline_place
from openqmm.apps.programs.actions.rounds import (
    RoundEntry,
    add_round,
    advance_round,
    edit_round,
)
from openqmm.apps.programs.actions.screening import (
    answer_request,
    decide_criterion,
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
    "copy_program",
    "decide_criterion",
    "decide_screening",
    "decline_place",
    "draw_places",
    "edit_application",
    "edit_program",
    "edit_round",
    "release_reserve",
    "screen_application",
    "send_letter",
    "start_application",
    "submit_application",
    "withdraw_application",
]

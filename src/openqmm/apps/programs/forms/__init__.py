"""The forms of programs, rounds and applications."""

from openqmm.apps.programs.forms.application import STEP_FORMS, StepForm
from openqmm.apps.programs.forms.rounds import (
    CLOCK_LABELS,
    ProgramCopyForm,
    ProgramEditForm,
    ReasonForm,
    RoundEditForm,
    RoundForm,
    SelfCheckForm,
    StartForm,
)

__all__ = [
    "CLOCK_LABELS",
    "STEP_FORMS",
    "ProgramCopyForm",
    "ProgramEditForm",
    "ReasonForm",
    "RoundEditForm",
    "RoundForm",
    "SelfCheckForm",
    "StartForm",
    "StepForm",
]

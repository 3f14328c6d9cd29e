"""The forms of rounds and applications."""

from openqmm.apps.programs.forms.application import STEP_FORMS, StepForm
from openqmm.apps.programs.forms.rounds import ReasonForm, RoundEditForm, RoundForm, StartForm

__all__ = ["STEP_FORMS", "ReasonForm", "RoundEditForm", "RoundForm", "StartForm", "StepForm"]

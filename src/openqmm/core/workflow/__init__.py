"""Who may do what, and when: actors, state tables and the order of the program's steps."""

from openqmm.core.workflow.actors import (
    PUBLIC,
    ROLES_IN,
    SYSTEM,
    Actor,
    OrganisationKind,
    Role,
)
from openqmm.core.workflow.conflicts import (
    BAR_MONTHS,
    Period,
    earliest_last_day,
    is_barred,
    months_after,
)
from openqmm.core.workflow.reasons import reason_fault
from openqmm.core.workflow.scopes import Scope
from openqmm.core.workflow.tables import StateTable, Transition, in_words

__all__ = [
    "BAR_MONTHS",
    "PUBLIC",
    "ROLES_IN",
    "SYSTEM",
    "Actor",
    "OrganisationKind",
    "Period",
    "Role",
    "Scope",
    "StateTable",
    "Transition",
    "earliest_last_day",
    "in_words",
    "is_barred",
    "months_after",
    "reason_fault",
]

"""Who may do what, and when: actors, state tables and the order of the program's steps."""

from openqmm.core.workflow.actors import (
    PUBLIC,
    ROLES_IN,
    SYSTEM,
    Actor,
    OrganisationKind,
    Role,
)
from openqmm.core.workflow.tables import StateTable, Transition, in_words

__all__ = [
    "PUBLIC",
    "ROLES_IN",
    "SYSTEM",
    "Actor",
    "OrganisationKind",
    "Role",
    "StateTable",
    "Transition",
    "in_words",
]

"""Who configures rounds and writes applications, role by role, and how a refusal is raised."""

from __future__ import annotations

import pytest

from openqmm.apps.programs import policies
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import Actor, Role


@pytest.mark.parametrize("role", list(Role))
def test_every_role(role: Role) -> None:
    by = Actor(role, "Somebody")
    office = {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}
    assert policies.office_refusal(by) == (
        None if role in office else "Only a program administrator configures rounds."
    )
    assert policies.drafting_refusal(by) == (
        None
        if role is Role.FACILITY_QUALITY_LEAD
        else "Only a facility quality lead writes an application."
    )


def test_a_refusal_is_raised_in_its_words() -> None:
    policies.require(None)
    policies.require_permission(None)
    with pytest.raises(TransitionRefused, match="Not now"):
        policies.require("Not now.")
    with pytest.raises(NotPermitted, match="Never"):
        policies.require_permission("Never.")

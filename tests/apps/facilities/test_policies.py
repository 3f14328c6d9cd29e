"""Who adds, corrects, loads and links, role by role."""

from __future__ import annotations

import pytest

from openqmm.apps.facilities import policies
from openqmm.core.workflow import Actor, Role

QUALITY = {Role.FACILITY_QUALITY_LEAD}
OFFICE = {Role.PROGRAM_ADMINISTRATOR}


@pytest.mark.parametrize("role", list(Role))
def test_every_role(role: Role) -> None:
    by = Actor(role, "Somebody")
    for refusal, allowed, words in (
        (policies.adding_refusal, QUALITY, "adds facilities"),
        (policies.correcting_refusal, QUALITY, "corrects what their organisation entered"),
        (policies.importing_refusal, OFFICE | {Role.SYSTEM}, "loads public records"),
        (policies.linking_refusal, OFFICE, "decides which site a record is about"),
    ):
        said = refusal(by)
        assert (said is None) if role in allowed else (words in (said or ""))


@pytest.mark.parametrize(
    ("name", "address", "reason", "fits"),
    [
        ("Site", "1 Road", "The street was renamed.", True),
        ("", "1 Road", "The street was renamed.", False),
        ("Site", "", "The street was renamed.", False),
        ("", "", "The street was renamed.", False),
        ("Site", "1 Road", "ok", False),
    ],
)
def test_a_correction_is_whole_and_explained(
    name: str, address: str, reason: str, fits: bool
) -> None:
    refusal = policies.correction_refusal(name, address, reason)
    assert (refusal is None) == fits
    if not (name and address):
        assert refusal == "A facility has a name and an address."

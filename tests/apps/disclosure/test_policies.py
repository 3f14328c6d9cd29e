"""What may be disclosed, to whom and until when, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest

from openqmm.apps.disclosure import policies
from openqmm.core.workflow import Actor, Role

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize("role", list(Role))
def test_who_signs_and_withdraws(role: Role) -> None:
    assert policies.signatory_refusal(Actor(role, "Somebody")) == (
        None
        if role is Role.AUTHORISED_SIGNATORY
        else "Only the facility's authorised signatory signs and withdraws consents."
    )


@pytest.mark.parametrize(
    ("until", "valid", "said"),
    [
        (15, None, None),
        (15, 15, None),
        (20, 20, None),
        (14, None, "The last day lies in the past."),
        (14, 20, "The last day lies in the past."),
        (21, 20, "The rating is valid until 20 June 2026; it cannot be shown longer."),
        (21, None, None),
    ],
)
def test_until_when(until: int, valid: int | None, said: str | None) -> None:
    refusal = policies.until_refusal(
        date(2026, 6, until),
        valid_until=date(2026, 6, valid) if valid else None,
        today=TODAY,
    )
    assert refusal == said


@pytest.mark.parametrize(
    ("audience", "chosen", "said"),
    [
        ("public", [], None),
        ("public", ["elm"], "A public disclosure names no recipients."),
        ("named", ["elm"], None),
        ("named", ["elm", "fir"], None),
        ("named", ["ash", "elm", "fir"], None),
        ("named", [], "Name at least one purchaser."),
        ("named", ["elm", "oak"], "One of the recipients is not a purchaser in the program."),
        ("purchasers", [], None),
        ("purchasers", ["oak"], "One of the recipients is not a purchaser in the program."),
    ],
)
def test_to_whom(audience: str, chosen: list[str], said: str | None) -> None:
    assert policies.recipients_refusal(audience, chosen, ["elm", "fir", "ash"]) == said

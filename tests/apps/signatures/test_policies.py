"""What stands between a person and their signature, as truth tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from openqmm.apps.signatures import policies
from openqmm.core.workflow import PUBLIC, SYSTEM, Actor, Role

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
SID = Actor(Role.AUTHORISED_SIGNATORY, "Sid", uuid4())
PAPER: Any = SimpleNamespace(digest=lambda by: f"what {by.name} was shown")


def test_only_a_person_signs() -> None:
    assert policies.signer_refusal(SID) is None
    for nobody in (PUBLIC, SYSTEM):
        assert policies.signer_refusal(nobody) == "Only a person can sign."


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(
    ("change", "after", "said"),
    [
        ({}, timedelta(0), None),
        ({}, timedelta(minutes=10, microseconds=-1), None),
        ({}, timedelta(minutes=10), policies.NOT_SHOWN),
        ({}, timedelta(minutes=11), policies.NOT_SHOWN),
        ({"person": str(UUID(int=1))}, timedelta(0), policies.NOT_SHOWN),
        ({"digest": "another"}, timedelta(0), policies.CHANGED),
    ],
)
def test_a_challenge_stands_for_this_person_and_content_and_ten_minutes(
    change: dict[str, str], after: timedelta, said: str | None
) -> None:
    taken = {
        "person": str(SID.person_id),
        "until": policies.expires_at(NOW).isoformat(),
        "digest": "what Sid was shown",
    }
    refusal = policies.challenge_refusal(taken | change, by=SID, paper=PAPER, now=NOW + after)
    assert refusal == said


def test_a_challenge_that_nobody_gave_stands_for_nothing() -> None:
    refusal = policies.challenge_refusal(None, by=SID, paper=PAPER, now=NOW)
    assert refusal == policies.NOT_SHOWN

"""Who keeps evidence, and what is wrong with what is said of a file, as truth tables."""

from __future__ import annotations

from datetime import date

import pytest

from openqmm.apps.evidence import policies
from openqmm.core.workflow import Actor, Role

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 2)


@pytest.mark.parametrize("role", list(Role))
def test_who_keeps_evidence(role: Role) -> None:
    keepers = {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}
    assert policies.keeping_refusal(Actor(role, "Somebody")) == (
        None
        if role in keepers
        else "Only a facility's quality lead and its authorised signatory keep its evidence."
    )


@pytest.mark.parametrize(
    ("name", "mark", "period", "words"),
    [
        ("a.pdf", "confidential", (None, None), None),
        ("a.pdf", "internal", (FIRST, None), None),
        ("a.pdf", "public", (None, FIRST), None),
        ("a.pdf", "public", (FIRST, FIRST), None),
        ("a.pdf", "public", (FIRST, LAST), None),
        ("a.pdf", "public", (LAST, FIRST), "The time the file covers ends before it begins."),
        ("", "public", (None, None), "The file has no name that can be kept."),
        ("a.pdf", "secret", (None, None), "Mark the file as confidential, internal or public."),
        ("a.pdf", "", (None, None), "Mark the file as confidential, internal or public."),
    ],
)
def test_what_is_said_of_a_file(
    name: str, mark: str, period: tuple[date | None, date | None], words: str | None
) -> None:
    refusal = policies.entry_refusal(name, mark, period)
    assert (refusal is None) if words is None else (refusal or "").startswith(words)


@pytest.mark.parametrize(
    ("derived", "withdrawn", "newer", "words"),
    [
        (False, False, False, None),
        (True, False, False, "This file was made from another"),
        (False, True, False, "This file is withdrawn."),
        (False, False, True, "There is a newer version of this file already"),
        (True, True, True, "This file was made from another"),
        (False, True, True, "This file is withdrawn."),
    ],
)
def test_which_file_is_replaced(
    derived: bool, withdrawn: bool, newer: bool, words: str | None
) -> None:
    refusal = policies.replacing_refusal(derived=derived, withdrawn=withdrawn, newer=newer)
    assert (refusal is None) if words is None else (refusal or "").startswith(words)


def test_a_file_is_withdrawn_once_and_with_a_reason() -> None:
    assert policies.withdrawal_refusal(withdrawn=False) is None
    assert policies.withdrawal_refusal(withdrawn=True) == "This file is withdrawn already."
    assert policies.reason_refusal("It is another site's.") is None
    assert policies.reason_refusal("wrong") is not None

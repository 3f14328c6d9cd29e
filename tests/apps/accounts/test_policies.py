"""Who may give, hold, check and end access, and when a session or proof holds: truth tables."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from openqmm.apps.accounts.policies import people, signing_in
from openqmm.core.workflow import ROLES_IN, Actor, OrganisationKind, Period, Role, Scope

TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
ADA = Actor(Role.PROGRAM_ADMINISTRATOR, "Ada", uuid4())
MICRO = timedelta(microseconds=1)


def day(number: int | None) -> date | None:
    return None if number is None else date(2026, 6, number)


@pytest.mark.parametrize("role", list(Role))
def test_who_keeps_people_and_who_recertifies(role: Role) -> None:
    by = Actor(role, "Somebody", uuid4())
    keepers = {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}
    assert people.keeper_refusal(by) == (
        None if role in keepers else "Only a program administrator adds people and organisations."
    )
    reviewers = {Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER}
    assert people.reviewer_refusal(by) == (
        None
        if role in reviewers
        else "Only a program administrator, or for administrators the board, recertifies access."
    )


def person(**said: Any) -> Any:
    usable = said.pop("password", False)
    standing = {"pk": uuid4(), "full_name": "Pat", "is_active": True}
    return SimpleNamespace(has_usable_password=lambda: usable, **standing | said)


def test_who_is_invited() -> None:
    assert people.inviting_refusal(person()) is None
    assert people.inviting_refusal(person(is_active=False)) == "Pat is switched off."
    assert people.inviting_refusal(person(password=True)) == (
        "Pat has a password; a forgotten one is reset by mail."
    )


@pytest.mark.parametrize(
    ("reason", "fits"), [("12345678", True), ("1234567", False), (" 1234567 ", False), ("", False)]
)
def test_a_reason_has_a_length(reason: str, fits: bool) -> None:
    assert people.reason_refusal(reason) == (
        None if fits else "Give the reason in a few words; it stays on the record."
    )


def test_nobody_changes_their_own_access() -> None:
    own = "Nobody changes their own access; another administrator does."
    assert people.oneself_refusal(ADA, ADA.person_id) == own
    assert people.oneself_refusal(ADA, str(ADA.person_id)) == own
    assert people.oneself_refusal(ADA, uuid4()) is None
    system = Actor(Role.SYSTEM, "OpenQMM")
    assert people.oneself_refusal(system, None) is None


@pytest.mark.parametrize(
    ("first", "last", "others", "words"),
    [
        (15, None, [], None),
        (15, 15, [], None),
        (20, 20, [], None),
        (20, 19, [], "The last day lies before the first, or in the past."),
        (14, None, [], "access is never back-dated"),
        (1, 14, [], "The last day lies before the first, or in the past."),
        (20, 22, [(1, 19), (23, None)], None),
        (20, 22, [(1, 20)], "has this role there in those days already"),
        (20, None, [(25, 26)], "has this role there in those days already"),
    ],
)
def test_the_days_of_a_role(
    first: int, last: int | None, others: list[tuple[int, int | None]], words: str | None
) -> None:
    held = [Period(date(2026, 6, a), day(b)) for a, b in others]
    refusal = people.period_refusal(ADA, date(2026, 6, first), day(last), held, TODAY)
    assert (refusal is None) if words is None else (words in (refusal or ""))


def test_only_the_command_line_gives_a_role_of_the_past() -> None:
    system = Actor(Role.SYSTEM, "OpenQMM")
    assert people.period_refusal(system, date(2026, 6, 1), None, [], TODAY) is None
    assert people.period_refusal(system, date(2026, 6, 1), date(2026, 6, 2), [], TODAY) is not None


@pytest.mark.parametrize(
    ("until", "ended", "words"),
    [
        (None, None, None),
        (15, None, None),
        (14, None, "has ended already"),
        (None, NOW, "has ended already"),
    ],
)
def test_what_ended_is_not_ended_again(
    until: int | None, ended: datetime | None, words: str | None
) -> None:
    membership: Any = SimpleNamespace(until_on=day(until), ended_at=ended)
    refusal = people.ending_refusal(membership, "She left the office.", TODAY)
    assert (refusal is None) if words is None else (words in (refusal or ""))
    assert people.ending_refusal(membership, "ok", TODAY) is not None


def test_the_last_administrator_stays() -> None:
    last = "This is the only administrator. Give the role to another person first."
    assert people.last_administrator_refusal(True, 0) == last
    assert people.last_administrator_refusal(True, 1) is None
    assert people.last_administrator_refusal(False, 0) is None


def test_people_are_switched_off_and_on() -> None:
    why = "She left the office."
    refusal = people.activity_refusal
    assert refusal(person(is_active=True), False, why) is None
    assert refusal(person(is_active=False), True, why) is None
    assert refusal(person(is_active=True), True, why) == "Pat is active already."
    assert refusal(person(is_active=False), False, why) == "Pat is switched off already."
    assert refusal(person(is_active=True), False, "ok") is not None


@pytest.mark.parametrize("kind", list(OrganisationKind))
@pytest.mark.parametrize("role", list(Role))
def test_an_organisation_gives_the_roles_of_its_kind(kind: OrganisationKind, role: Role) -> None:
    organisation: Any = SimpleNamespace(kind=kind.value)
    refusal = people.role_refusal(organisation, role)
    assert (refusal is None) == (role in ROLES_IN[kind])
    if refusal is not None:
        assert refusal == f"A {kind.title.lower()} has no {role.title.lower()}."


@pytest.mark.parametrize(
    ("held", "role", "fits"),
    [
        ([], Role.RECORDS_AUDITOR, True),
        (["assessor"], Role.LEAD_ASSESSOR, True),
        (["assessor"], Role.RECORDS_AUDITOR, False),
        (["lead_assessor"], Role.RECORDS_AUDITOR, False),
        (["records_auditor"], Role.ASSESSOR, False),
        (["records_auditor"], Role.LEAD_ASSESSOR, False),
        (["records_auditor"], Role.OBSERVER, True),
    ],
)
def test_who_scores_does_not_audit(held: list[str], role: Role, fits: bool) -> None:
    assert (people.combination_refusal(held, role) is None) == fits


def test_who_accepts_what_a_signature_means() -> None:
    refusal = people.attesting_refusal
    assert refusal(None) == "Your identity is checked first; the program administrator records it."
    checked: Any = SimpleNamespace(attested_at=None)
    assert refusal(checked) is None
    attested: Any = SimpleNamespace(attested_at=NOW)
    assert refusal(attested) == "You have accepted this already."


def test_it_takes_two_to_reset_a_factor_and_72_hours_at_most() -> None:
    asker, whose = uuid4(), uuid4()
    given = {"confirmed_at": None, "asked_at": NOW, "asked_by_id": asker, "person_id": whose}

    def refusal(by: Any, after: timedelta, **change: Any) -> str | None:
        reset: Any = SimpleNamespace(**given | change)
        actor = Actor(Role.PROGRAM_ADMINISTRATOR, "x", by)
        return people.confirming_refusal(actor, reset, NOW + after)

    late, two = "The request has lapsed. Ask anew.", "it takes two, and not the person."
    assert refusal(uuid4(), timedelta(0)) is None
    assert refusal(uuid4(), timedelta(hours=72)) is None
    assert refusal(uuid4(), timedelta(hours=72) + MICRO) == late
    assert refusal(uuid4(), timedelta(0), confirmed_at=NOW) == "The reset is done already."
    assert (refusal(asker, timedelta(0)) or "").endswith(two)
    assert (refusal(whose, timedelta(0)) or "").endswith(two)
    earlier: Any = SimpleNamespace(**given)
    waits = people.waiting_refusal(earlier, NOW + timedelta(hours=72))
    assert (waits or "").startswith("A request waits already")
    assert people.waiting_refusal(earlier, NOW + timedelta(hours=72) + MICRO) is None


def test_days_are_in_order() -> None:
    before = date(2026, 6, 14)
    assert people.days_refusal(TODAY, None) is None
    assert people.days_refusal(TODAY, TODAY) is None
    assert people.days_refusal(TODAY, before) == "The last day lies before the first."


@pytest.mark.parametrize(
    ("scopes", "days", "words"),
    [
        ([Scope.RATINGS_READ.value], 0, None),
        ([scope.value for scope in Scope], 365, None),
        ([], 10, "Choose what the key may be used for."),
        ([Scope.RATINGS_READ.value, "ratings:write"], 10, "Choose what the key may be used for."),
        ([Scope.RATINGS_READ.value], -1, "A key ends between today and 365 days from now."),
        ([Scope.RATINGS_READ.value], 366, "A key ends between today and 365 days from now."),
    ],
)
def test_what_a_key_is_for_and_how_long(scopes: list[str], days: int, words: str | None) -> None:
    assert people.key_refusal(scopes, TODAY + timedelta(days=days), TODAY) == words


def test_a_recertification_is_of_every_membership_shown_and_none_of_ones_own() -> None:
    one: Any = SimpleNamespace(pk=uuid4(), person_id=uuid4())
    other: Any = SimpleNamespace(pk=uuid4(), person_id=uuid4())
    own: Any = SimpleNamespace(pk=uuid4(), person_id=ADA.person_id)
    ids, why = [str(one.pk), str(other.pk)], "She left the office."
    refusal = people.review_refusal
    every = "Confirm or end every membership shown. The list may have changed: look again."
    assert refusal(ADA, ids, [one, other], []) is None
    assert refusal(ADA, ids, [one, other], [why]) is None
    assert refusal(ADA, ids, [one, other], [why, "ok"]) is not None
    assert refusal(ADA, ids, [one], []) == every
    assert refusal(ADA, ids[:1], [one, other], []) == every
    assert refusal(ADA, [], [], []) == every
    assert refusal(ADA, [*ids, str(own.pk)], [one, other, own], []) == (
        "Nobody certifies their own membership."
    )


# Signing in.


@pytest.mark.parametrize(
    ("password", "second", "said"),
    [
        (True, None, None),
        (True, True, None),
        (True, False, "The password or the second proof is not right. Nothing was signed."),
        (False, True, "The password or the second proof is not right. Nothing was signed."),
        (False, False, "The password or the second proof is not right. Nothing was signed."),
        (False, None, "The password is not right. Nothing was signed."),
    ],
)
def test_a_proof_does_not_tell_which_part_was_wrong(
    password: bool, second: bool | None, said: str | None
) -> None:
    assert signing_in.proof_refusal(password_right=password, second_right=second) == said


IDLE = "You were signed out after 15 minutes without activity."
LONG = "You had been signed in for 12 hours."
CLOCK = "The clock was changed."


@pytest.mark.parametrize(
    ("seen", "now", "said"),
    [
        (timedelta(0), timedelta(0), None),
        (timedelta(0), timedelta(minutes=15) - MICRO, None),
        (timedelta(0), timedelta(minutes=15), IDLE),
        (timedelta(hours=11, minutes=50), timedelta(hours=12) - MICRO, None),
        (timedelta(hours=11, minutes=50), timedelta(hours=12), LONG),
        (timedelta(0), timedelta(hours=13), LONG),
        (-MICRO, timedelta(0), CLOCK),
        (timedelta(minutes=1), timedelta(seconds=59), CLOCK),
    ],
)
def test_how_long_a_session_holds(seen: timedelta, now: timedelta, said: str | None) -> None:
    assert signing_in.session_refusal(NOW, NOW + seen, NOW + now) == said


@pytest.mark.parametrize("role", list(Role))
def test_who_proves_more_than_a_password(role: Role) -> None:
    needed = role is not Role.PURCHASER_ANALYST
    assert signing_in.second_factor_required([role.value]) == needed
    assert signing_in.second_factor_required([Role.PURCHASER_ANALYST.value, role.value]) == needed
    assert (signing_in.removal_refusal([role.value], 0) is None) != needed
    assert signing_in.removal_refusal([role.value], 1) is None


def test_who_holds_no_role_needs_no_second_factor() -> None:
    assert not signing_in.second_factor_required([])
    assert signing_in.removal_refusal([], 0) is None


@pytest.mark.parametrize(
    ("given", "has", "required", "words"),
    [
        (True, True, True, None),
        (True, False, True, None),
        (False, False, False, None),
        (False, True, False, "A signature takes your password and a code"),
        (False, True, True, "A signature takes your password and a code"),
        (False, False, True, "A signature takes a second factor. Set one up"),
    ],
)
def test_a_signature_takes_a_second_component(
    given: bool, has: bool, required: bool, words: str | None
) -> None:
    refusal = signing_in.component_refusal(given=given, has_factor=has, required=required)
    assert (refusal is None) if words is None else (refusal or "").startswith(words)


def test_limits_stand_as_they_are_documented() -> None:
    assert (signing_in.MOST_WRONG_PROOFS, signing_in.WRONG_PROOF_MINUTES) == (5, 15)
    assert (people.LONGEST_KEY_DAYS, people.INVITATION_HOURS, people.RESET_HOURS) == (365, 72, 72)

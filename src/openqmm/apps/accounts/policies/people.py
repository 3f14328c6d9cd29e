"""May this person be given this role, this key, this review, and may they sign yet?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from openqmm.apps.accounts.models import (
    FactorReset,
    IdentityCheck,
    Membership,
    Organisation,
    User,
)
from openqmm.core.workflow import (
    ROLES_IN,
    Actor,
    OrganisationKind,
    Period,
    Role,
    Scope,
    reason_fault,
)

KEEPERS = frozenset({Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM})
LONGEST_KEY_DAYS = 365
INVITATION_HOURS = 72
RESET_HOURS = 72
"""How long a request to reset a second factor waits for the second person."""
SHORTEST_REASON = 8


def keeper_refusal(by: Actor) -> str | None:
    """Return why the actor may not add people, organisations or memberships, or None."""
    if by.role in KEEPERS:
        return None
    return "Only a program administrator adds people and organisations."


def name_refusal(name: str) -> str | None:
    """Return why no organisation can have this name, or None."""
    if Organisation.objects.filter(name__iexact=name).exists():
        return f"There is an organisation called {name} already."
    return None


def address_refusal(email: str) -> str | None:
    """Return why no new person can have this address, or None: one that was ever given stays that
    person's, switched off or not."""
    if User.objects.filter(email__iexact=email).exists():
        return (
            "This address was given to a person already, and is never given again. Look for them "
            "in the list; give that person the role."
        )
    return None


def inviting_refusal(person: User) -> str | None:
    """Return why a person needs no invitation, or None."""
    if not person.is_active:
        return f"{person.full_name} is switched off."
    if person.has_usable_password():
        return f"{person.full_name} has a password; a forgotten one is reset by mail."
    return None


def reviewer_refusal(by: Actor) -> str | None:
    """Return why the actor may not recertify memberships, or None: administrators do, and the
    board does for the administrators, who cannot certify themselves."""
    if by.role in {Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER}:
        return None
    return "Only a program administrator, or for administrators the board, recertifies access."


def reason_refusal(reason: str) -> str | None:
    """Return why the words given are no reason, or None."""
    if len(reason.strip()) >= SHORTEST_REASON:
        return None
    return "Give the reason in a few words; it stays on the record."


def oneself_refusal(by: Actor, person_id: Any) -> str | None:
    """Return why the actor cannot do this to their own access, or None."""
    if by.person_id is not None and str(by.person_id) == str(person_id):
        return "Nobody changes their own access; another administrator does."
    return None


def period_refusal(
    by: Actor, from_on: date, until_on: date | None, others: Iterable[Period], today: date
) -> str | None:
    """Return why a role cannot be given for these days, or None. Only what is set up from the
    command line may begin in the past."""
    if until_on is not None and until_on < max(from_on, today):
        return "The last day lies before the first, or in the past."
    if from_on < today and by.role is not Role.SYSTEM:
        return "A role is given from today or a later day; access is never back-dated."
    if any(Period(from_on, until_on).overlaps(other) for other in others):
        return "The person has this role there in those days already."
    return None


def ending_refusal(membership: Membership, reason: str, today: date) -> str | None:
    """Return why a membership cannot be ended now, or None."""
    over = membership.until_on is not None and membership.until_on < today
    if membership.ended_at is not None or over:
        return "The membership has ended already."
    return reason_fault(reason)


def last_administrator_refusal(leaving: bool, others: int) -> str | None:
    """Return why the last administrator stays, or None."""
    if leaving and not others:
        return "This is the only administrator. Give the role to another person first."
    return None


def activity_refusal(person: User, active: bool, reason: str) -> str | None:
    """Return why a person cannot be switched off or on now, or None."""
    if person.is_active is active:
        return f"{person.full_name} is {'active' if active else 'switched off'} already."
    return reason_fault(reason)


def role_refusal(organisation: Organisation, role: Role) -> str | None:
    """Return why the organisation cannot give this role, or None."""
    kind = OrganisationKind(organisation.kind)
    if role in ROLES_IN[kind]:
        return None
    return f"A {kind.title.lower()} has no {role.title.lower()}."


_SCORING = frozenset({Role.LEAD_ASSESSOR, Role.ASSESSOR})


def combination_refusal(held: Collection[str], role: Role) -> str | None:
    """Return why a person who holds these roles in an organisation cannot have this one too.

    The trail tells its auditor of every mark, so that an auditor who scores would not score blind.
    """
    both = {*held, role}
    if Role.RECORDS_AUDITOR in both and _SCORING & both:
        return (
            "Who scores for a contractor does not audit its trail: the scores would not be blind."
        )
    return None


def signing_refusal(person_id: UUID | None) -> str | None:
    """Return why the person cannot sign yet, or None: their identity is checked, and they have
    accepted that their signature here binds them."""
    check = IdentityCheck.objects.filter(person=person_id).first()
    if check is None:
        return (
            "Your identity has not been checked yet, so you cannot sign. Ask the program "
            "administrator to record the check."
        )
    if check.attested_at is None:
        return "Accept first what your signature here means, on the page “Your signature”."
    return None


def checking_refusal(by: Actor, person: User) -> str | None:
    """Return why the actor cannot record that this person's identity was checked, or None."""
    if by.person_id == person.pk:
        return "Nobody checks their own identity; another administrator does."
    if IdentityCheck.objects.filter(person=person).exists():
        return f"The identity of {person.full_name} is checked already."
    return None


def attesting_refusal(check: IdentityCheck | None) -> str | None:
    """Return why there is nothing for a person to accept now, or None."""
    if check is None:
        return "Your identity is checked first; the program administrator records it."
    return "You have accepted this already." if check.attested_at else None


def confirming_refusal(by: Actor, reset: FactorReset, now: Any) -> str | None:
    """Return why the actor cannot confirm the reset of a lost second factor, or None: it takes
    two, neither of whom is the person it is about."""
    if reset.confirmed_at is not None:
        return "The reset is done already."
    if now > reset.asked_at + timedelta(hours=RESET_HOURS):
        return "The request has lapsed. Ask anew."
    if by.person_id in {reset.asked_by_id, reset.person_id}:
        return "Another administrator or board member confirms: it takes two, and not the person."
    return None


def waiting_refusal(earlier: FactorReset, now: Any) -> str | None:
    """Return why a reset cannot be asked for again, or None: the earlier request still waits."""
    if now <= earlier.asked_at + timedelta(hours=RESET_HOURS):
        return "A request waits already; another administrator or board member confirms it."
    return None


def days_refusal(from_on: date, until_on: date | None) -> str | None:
    """Return why two days are no period, or None."""
    if until_on is not None and until_on < from_on:
        return "The last day lies before the first."
    return None


def key_refusal(scopes: Collection[str], expires_on: date, today: date) -> str | None:
    """Return why no such key can be made, or None."""
    if not scopes or not set(scopes) <= {scope.value for scope in Scope}:
        return "Choose what the key may be used for."
    if not today <= expires_on <= today + timedelta(days=LONGEST_KEY_DAYS):
        return f"A key ends between today and {LONGEST_KEY_DAYS} days from now."
    return None


def review_refusal(
    by: Actor, chosen: Collection[str], open_: Collection[Membership], reasons: Collection[str]
) -> str | None:
    """Return why this is no recertification, or None: every membership shown is confirmed or
    ended, an ending has its reason, and nobody certifies their own."""
    if any(membership.person_id == by.person_id for membership in open_):
        return "Nobody certifies their own membership."
    if not open_ or set(chosen) != {str(membership.pk) for membership in open_}:
        return "Confirm or end every membership shown. The list may have changed: look again."
    return next(filter(None, map(reason_fault, reasons)), None)

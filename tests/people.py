"""The cast of every portal test: two rival manufacturers, a contractor, the office, a purchaser.

Alder and Birch are rivals; nothing of one may ever show to the other. All names are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from openqmm.apps.accounts.actions import (
    Check,
    add_membership,
    add_organisation,
    add_person,
    attest,
    check_identity,
)
from openqmm.apps.accounts.models import Membership, Organisation
from openqmm.apps.accounts.queries import actor_as
from openqmm.core.workflow import SYSTEM, Actor, OrganisationKind, Role
from openqmm.site.sign_in.sessions import Strength, mark
from tests.browsers import Browser

PASSWORD = "correct horse battery staple"
SEEN = Check(method="In person, at the office.", document_kind="Passport")

# Name: (organisation, kind, role)
CAST = {
    "ada": ("Program Office", OrganisationKind.PROGRAM_OFFICE, Role.PROGRAM_ADMINISTRATOR),
    "bea": ("Program Office", OrganisationKind.PROGRAM_OFFICE, Role.RATING_BOARD_MEMBER),
    "odo": ("Program Office", OrganisationKind.PROGRAM_OFFICE, Role.OBSERVER),
    "rex": ("Program Office", OrganisationKind.PROGRAM_OFFICE, Role.RECORDS_AUDITOR),
    "lea": ("Cedar Assessors", OrganisationKind.CONTRACTOR, Role.LEAD_ASSESSOR),
    "asa": ("Cedar Assessors", OrganisationKind.CONTRACTOR, Role.ASSESSOR),
    "abe": ("Cedar Assessors", OrganisationKind.CONTRACTOR, Role.ASSESSOR),
    "zoe": ("Cedar Assessors", OrganisationKind.CONTRACTOR, Role.ASSESSOR),
    "quin": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.FACILITY_QUALITY_LEAD),
    "sid": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.AUTHORISED_SIGNATORY),
    "bria": ("Birch Pharma", OrganisationKind.MANUFACTURER, Role.FACILITY_QUALITY_LEAD),
    "boris": ("Birch Pharma", OrganisationKind.MANUFACTURER, Role.AUTHORISED_SIGNATORY),
    "cora": ("Dogwood Advisers", OrganisationKind.CONSULTANCY, Role.CONSULTANT),
    "pia": ("Elm Hospitals", OrganisationKind.PURCHASER, Role.PURCHASER_ANALYST),
}


@dataclass(frozen=True)
class Cast:
    """Everybody, as actors and as signed-in browsers, by first name."""

    actors: dict[str, Actor]
    organisations: dict[str, Organisation]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.actors[name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, name: str | None) -> Client:
        """Return a browser signed in as this person; nobody when None."""
        client = Browser()
        if name is not None:
            client.cookies[settings.SESSION_COOKIE_NAME] = session_of(f"{name}@example.org")
        return client


def session_of(email: str, strength: Strength = Strength.TWO_FACTORS) -> str:
    """Return the key of a session like one that this person has after signing in; it is written
    into the database, which nobody can from outside."""
    person = get_user_model().objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.update(mark(strength))
    session.save()
    return session.session_key


def assemble() -> Cast:
    """Create the cast (needs the database)."""
    organisations: dict[str, Organisation] = {}
    actors: dict[str, Actor] = {}
    for name, (title, kind, role) in CAST.items():
        if title not in organisations:
            organisations[title] = add_organisation(by=SYSTEM, name=title, kind=kind, country="USA")
        person = add_person(
            by=SYSTEM,
            email=f"{name}@example.org",
            full_name=f"{name.capitalize()} Test",
            password=PASSWORD,
        )
        membership = add_membership(
            by=SYSTEM,
            person=person,
            organisation=organisations[title],
            role=role,
            from_on=date(2020, 1, 1),
        )
        actors[name] = actor_as(
            Membership.objects.select_related("person", "organisation").get(pk=membership.pk)
        )
        check_identity(by=SYSTEM, person_id=person.pk, check=SEEN)
        attest(by=actors[name])
    return Cast(actors, organisations)

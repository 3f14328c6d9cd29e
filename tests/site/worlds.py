"""The platform at every stage of a program, for tests that ask who may do what when.

A world is built step by step by the platform's own actions; each step is a savepoint, so that going
to another stage undoes only what the two do not share. Both rivals stand at the same stage.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from openqmm.apps.accounts import actions as accounts
from openqmm.apps.accounts.actions import add_membership, add_organisation, add_person
from openqmm.apps.accounts.models import Membership
from openqmm.apps.accounts.queries import actor_as
from openqmm.apps.audit.models import Signature
from openqmm.apps.programs import queries as programs_queries
from openqmm.core.workflow import SYSTEM, OrganisationKind, Role
from openqmm.web import clock, tenancy
from tests.arranging import arranged
from tests.people import CAST, PASSWORD, SEEN, Cast, assemble
from tests.site.stages import LONG_AGO, STAGES, before

UNKNOWN = "00000000-0000-4000-8000-000000000000"

# Beside the cast: another contractor's lead, each rival's own auditor, and people whom nothing
# makes a member any more: without a role, with one that has lapsed or not begun, and switched off.
MORE = {
    "hal": ("Fir Inspectors", OrganisationKind.CONTRACTOR, Role.LEAD_ASSESSOR),
    "aud": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.RECORDS_AUDITOR),
    "bud": ("Birch Pharma", OrganisationKind.MANUFACTURER, Role.RECORDS_AUDITOR),
    "nan": None,
    "lou": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.FACILITY_QUALITY_LEAD),
    "eve": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.AUTHORISED_SIGNATORY),
    "dot": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.FACILITY_QUALITY_LEAD),
}
ROLES = {name: role for name, (_, _, role) in CAST.items()} | {
    name: told[2] for name, told in MORE.items() if told and name not in {"lou", "eve", "dot"}
}
MIRROR = {"quin": "bria", "sid": "boris", "aud": "bud", "lea": "lea"}
MIRROR |= {there: here for here, there in MIRROR.items()}

Owners = dict[str, dict[str, Any]]


@dataclass
class World:
    """Where the two rivals stand now; `at` takes them elsewhere."""

    cast: Cast
    path: list[tuple[str, str, Owners]] = field(default_factory=list)
    owners: tuple[str, ...] = ("alder", "birch")

    def at(self, stage: str) -> Owners:
        """Go to a stage; return whose objects have which ids there."""
        wanted = [*before(stage), stage]
        shared_steps = 0
        for (reached, _, _), name in zip(self.path, wanted, strict=False):
            if reached != name:
                break
            shared_steps += 1
        if shared_steps < len(self.path):
            transaction.savepoint_rollback(self.path[shared_steps][1])
            del self.path[shared_steps:]
        for name in wanted[shared_steps:]:
            self._go(name)
        return self.path[-1][2]

    @contextmanager
    def acting(self, owner: str, stage: str) -> Iterator[None]:
        """Surround the step to a stage that is taken for one of the two."""
        yield

    def _go(self, name: str) -> None:
        before = self.path[-1][2] if self.path else {owner: {} for owner in self.owners}
        owners = {owner: dict(ids) for owner, ids in before.items()}
        savepoint = transaction.savepoint()
        try:
            for owner in self.owners:
                with self.acting(owner, name):
                    cast = self.cast if owner == "alder" else mirrored(self.cast)
                    STAGES[name][1](cast, owners[owner], owner)
                    _tell(self.cast, owners[owner])
        except BaseException:
            transaction.savepoint_rollback(savepoint)
            raise
        self.path.append((name, savepoint, owners))


def _tell(cast: Cast, ids: dict[str, Any]) -> None:
    """Add what forms send at this stage beside the ids."""
    ids |= {
        "outsider": f"{cast.hal.person_id}:{Role.LEAD_ASSESSOR}",
        "no_member": f"{UNKNOWN}:{Role.ASSESSOR}",
        "hal": cast.hal.person_id,
        "asa": cast.asa.person_id,
        "contractor_as_purchaser": cast.organisations["Cedar Assessors"].pk,
        "purchaser_id": cast.organisations["Elm Hospitals"].pk,
        "no_place": f"{UNKNOWN}:{Role.CONSULTANT}",
        "too_high": f"{cast.organisations['Dogwood Advisers'].pk}:{Role.PROGRAM_ADMINISTRATOR}",
        "member": f"{cast.zoe.person_id}:{Role.ASSESSOR}",
        "abe": cast.abe.person_id,
        "contractor_id": cast.organisations["Cedar Assessors"].pk,
        "place": f"{cast.organisations['Dogwood Advisers'].pk}:{Role.CONSULTANT}",
    }
    for record in ("application", "assessment", "rating", "disclosure"):
        if f"{record}_id" in ids:
            under = Signature.objects.filter(record_id=str(ids[f"{record}_id"])).first()
            ids[f"{record} signature"] = under.pk if under else UNKNOWN
    if "application_id" in ids:
        row = programs_queries.application(SYSTEM, ids["application_id"])
        ids["sign"] = "submit" if row.state == "draft" else "accept"


def mirrored(cast: Cast) -> Cast:
    """Return the cast with Birch in Alder's place."""
    actors = {name: cast.actors[MIRROR.get(name, name)] for name in cast.actors}
    organisations = dict(cast.organisations)
    organisations["Alder Synthesis"] = cast.organisations["Birch Pharma"]
    return Cast(actors, organisations)


def everybody() -> Cast:
    """Create the cast and those beside it."""
    cast = assemble()
    for name in MORE:
        add_beside(cast, name)
    return cast


def add_beside(cast: Cast, name: str) -> None:
    """Create one of those beside the cast, with the organisation if it is new."""
    person = add_person(
        by=SYSTEM,
        email=f"{name}@example.org",
        full_name=f"{name.capitalize()} Test",
        password=PASSWORD,
    )
    told = MORE[name]
    if told is None:
        return
    title, kind, role = told
    if title not in cast.organisations:
        made = add_organisation(by=SYSTEM, name=title, kind=kind, country="USA")
        cast.organisations[title] = made
    membership = add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations[title],
        role=role,
        from_on=LONG_AGO if name != "eve" else clock.today() + timedelta(days=1),
    )
    cast.actors[name] = actor_as(
        Membership.objects.select_related("person", "organisation").get(pk=membership.pk)
    )
    accounts.check_identity(by=SYSTEM, person_id=person.pk, check=SEEN)
    if name != "eve":
        accounts.attest(by=cast.actors[name])
    if name == "lou":
        with arranged() as opened:
            opened.update(membership, until_on=clock.today() - timedelta(days=1))


def switch_off_dot() -> None:
    """Switch a person off who is still signed in."""
    with arranged() as opened:
        opened.update(get_user_model().objects.get(email="dot@example.org"), is_active=False)


@contextmanager
def undone() -> Iterator[None]:
    """Open a transaction of which nothing remains."""
    outermost = transaction.atomic()
    # As in Django's own test cases: what must be a transaction of its own is one within it.
    outermost._from_testcase = True
    with outermost, tenancy.scope(SYSTEM):
        yield
        transaction.set_rollback(True)

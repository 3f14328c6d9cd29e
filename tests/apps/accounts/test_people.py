"""Who somebody is here: memberships that hold today, one at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.test import Client

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.models import Membership, User
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.core.workflow import PUBLIC, SYSTEM, OrganisationKind, Role
from openqmm.web import clock
from tests.arranging import arranged
from tests.people import PASSWORD, Cast


def _user(name: str) -> User:
    return User.objects.get(email=f"{name}@example.org")


def test_nobody_is_the_public(db: None) -> None:
    assert queries.actor_of(AnonymousUser(), None) == PUBLIC


def test_a_person_acts_by_the_membership_they_chose(cast: Cast) -> None:
    birch = cast.organisations["Birch Pharma"]
    second = actions.add_membership(
        by=SYSTEM,
        person=_user("quin"),
        organisation=birch,
        role=Role.FACILITY_QUALITY_LEAD,
        from_on=clock.today(),
    )
    assert queries.actor_of(_user("quin"), str(second.pk)).organisation_name == "Birch Pharma"
    assert queries.actor_of(_user("quin"), None).organisation_name == "Alder Synthesis"


@pytest.mark.parametrize(("days_from", "days_until"), [(1, None), (-9, -1)])
def test_a_membership_lapses_by_date(cast: Cast, days_from: int, days_until: int | None) -> None:
    today = clock.today()
    with arranged():
        Membership.objects.filter(person=_user("pia")).update(
            from_on=today + timedelta(days=days_from),
            until_on=None if days_until is None else today + timedelta(days=days_until),
        )
    assert queries.actor_of(_user("pia"), None) == PUBLIC


def test_a_person_switched_off_is_nobody(cast: Cast) -> None:
    with arranged():
        User.objects.filter(email="pia@example.org").update(is_active=False)
    assert queries.actor_of(_user("pia"), None) == PUBLIC
    with pytest.raises(NotFound):
        queries.person(_user("pia").pk)


def test_an_address_is_one_person_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError):
        actions.add_person(by=SYSTEM, email="ADA@example.org", full_name="Other Ada")


@pytest.mark.parametrize("kind", list(OrganisationKind))
@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.PUBLIC, Role.SYSTEM}])
def test_an_organisation_gives_only_its_own_roles(
    cast: Cast, kind: OrganisationKind, role: Role
) -> None:
    organisation = next(o for o in cast.organisations.values() if o.kind == kind)
    person = actions.add_person(by=SYSTEM, email="new@example.org", full_name="New Person")

    def give() -> Membership:
        return actions.add_membership(
            by=SYSTEM, person=person, organisation=organisation, role=role, from_on=clock.today()
        )

    belongs = {
        OrganisationKind.PROGRAM_OFFICE: "program_administrator rating_board_member observer",
        OrganisationKind.CONTRACTOR: "lead_assessor assessor",
        OrganisationKind.MANUFACTURER: "facility_quality_lead authorised_signatory",
        OrganisationKind.CONSULTANCY: "consultant",
        OrganisationKind.PURCHASER: "purchaser_analyst",
    }[kind].split()
    if role in {*belongs, "records_auditor"}:
        assert give().role == role
    else:
        with pytest.raises(NotPermitted, match="has no"):
            give()


@pytest.mark.parametrize("name", ["lea", "asa"])
def test_who_scores_does_not_audit_the_same_contractor(cast: Cast, name: str) -> None:
    with pytest.raises(NotPermitted, match="would not be blind"):
        actions.add_membership(
            by=SYSTEM,
            person=_user(name),
            organisation=cast.organisations["Cedar Assessors"],
            role=Role.RECORDS_AUDITOR,
            from_on=clock.today(),
        )


def test_only_the_office_adds_people(cast: Cast) -> None:
    for by in (cast.quin, cast.lea, cast.rex, cast.pia):
        with pytest.raises(NotPermitted, match="Only a program administrator"):
            actions.add_person(by=by, email="new@example.org", full_name="New Person")
        with pytest.raises(NotPermitted, match="Only a program administrator"):
            actions.add_organisation(
                by=by, name="New", kind=OrganisationKind.PURCHASER, country="USA"
            )
    assert actions.add_person(by=cast.ada, email="new@example.org", full_name="New Person").pk


def test_a_signature_needs_the_password_anew(cast: Cast) -> None:
    actions.prove_identity(by=cast.sid, password=PASSWORD)
    with pytest.raises(NotPermitted, match="Nothing was signed"):
        actions.prove_identity(by=cast.sid, password="guess")


def test_a_password_is_not_guessed_at_the_signature(cast: Cast) -> None:
    for _ in range(5):
        with pytest.raises(NotPermitted, match="not right"):
            actions.prove_identity(by=cast.sid, password="guess")
    with pytest.raises(NotPermitted, match="Too many wrong passwords"):
        actions.prove_identity(by=cast.sid, password=PASSWORD)


def test_switching_to_somebody_elses_membership_is_not_found(cast: Cast) -> None:
    foreign = Membership.objects.get(person=_user("bria"))
    response = cast.client("quin").post("/people/switch/", {"membership": foreign.pk})
    assert response.status_code == 404


def test_switching_takes_effect_on_the_next_page(cast: Cast) -> None:
    own = Membership.objects.get(person=_user("quin"))
    client = cast.client("quin")
    response = client.post("/people/switch/", {"membership": own.pk})
    assert response.status_code == 302
    assert client.session["membership"] == str(own.pk)


def test_one_click_sign_in_exists_in_a_demonstration_only(cast: Cast, settings) -> None:
    client = Client()
    assert client.get("/people/demo/").status_code == 404
    assert client.post("/people/demo/", {"person": cast.ada.person_id}).status_code == 404
    settings.DEMO = True
    assert b"Ada Test" in client.get("/people/demo/").content
    assert client.post("/people/demo/", {"person": cast.ada.person_id}).status_code == 302
    assert client.session["_auth_user_id"] == str(cast.ada.person_id)


def test_the_clock_is_told_in_a_demonstration_only(settings) -> None:
    from django.core.exceptions import ImproperlyConfigured

    with pytest.raises(ImproperlyConfigured), clock.told(clock.now()):
        pass
    settings.DEMO = True
    moment = clock.now() - timedelta(days=100)
    with clock.told(moment):
        assert clock.now() == moment
    assert clock.now() > moment

"""The quarterly recertification, the identity check, and the lost second factor: never alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from openqmm.apps.accounts import actions, policies, queries
from openqmm.apps.accounts.models import AccessReview, FactorReset, IdentityCheck, Membership, User
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.models import AuditEvent
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import SYSTEM, Actor, Role
from openqmm.web import clock
from tests.people import SEEN, Cast

pytestmark = pytest.mark.django_db
WHY = "No longer needed there."


def shown(by: Actor, organisation_id: object) -> frozenset[str]:
    return frozenset(item.id for item in queries.to_review(by, organisation_id))


def second_administrator(cast: Cast) -> Actor:
    person = actions.add_person(by=SYSTEM, email="adi@example.org", full_name="Adi Test")
    actions.add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations["Program Office"],
        role=Role.PROGRAM_ADMINISTRATOR,
        from_on=clock.today(),
    )
    return queries.actor_of(person, None)


def last_event() -> AuditEvent:
    event = AuditEvent.objects.order_by("-at", "-seq").first()
    assert event is not None
    return event


@pytest.mark.requirement("R20")
@pytest.mark.parametrize(
    ("days", "listed", "late"),
    [(75, False, False), (76, True, False), (90, True, False), (91, True, True)],
)
def test_it_is_due_every_ninety_days(cast: Cast, settings, days: int, listed: bool, late: bool):
    settings.DEMO = True
    with clock.told(clock.now() + timedelta(days=days)):
        steps = [s for s in queries.next_steps(cast.ada) if "Recertify" in s.label]
        assert [step.late for step in steps] == ([late] if listed else [])
        if listed:
            assert steps[0].due == clock.today() + timedelta(days=90 - days)
            assert [s.about for s in queries.next_steps(cast.bea)] == ["1 membership"]


@pytest.mark.requirement("R20")
def test_each_role_is_confirmed_or_ended_and_the_counts_are_on_the_trail(cast: Cast, settings):
    settings.DEMO = True
    alder = cast.quin.organisation_id
    quin = Membership.objects.get(person=cast.quin.person_id)
    url = reverse("accounts:review", args=[alder])
    with clock.told(clock.now() + timedelta(days=80)):
        sid = (shown(cast.ada, alder) - {str(quin.pk)}).copy()
        review = actions.recertify(
            by=cast.ada, organisation_id=alder, endings={str(quin.pk): WHY}, confirmed=sid
        )
        assert (review.confirmed, review.ended) == (1, 1)
        event = last_event()
        assert (event.what, event.why, event.trail_id) == (
            "access.recertified",
            WHY,
            alder,
        )
        assert "1 confirmed, 1 ended" in event.sentence
        assert queries.memberships_of(cast.quin.person_id) == []
        (left,) = queries.to_review(cast.ada, alder)
        assert left.due_on == clock.today() + timedelta(days=90)
    assert cast.client("rex").get(url).status_code == 403


@pytest.mark.requirement("R20")
def test_nobody_certifies_themselves_and_the_board_certifies_administrators_only(cast: Cast):
    office = cast.ada.organisation_id
    own = str(Membership.objects.get(person=cast.ada.person_id).pk)
    assert own not in shown(cast.ada, office)
    assert shown(cast.bea, office) == {own}
    everything = shown(cast.ada, office) | {own}
    with pytest.raises(TransitionRefused, match="every membership shown"):
        actions.recertify(by=cast.ada, organisation_id=office, endings={}, confirmed=everything)
    with pytest.raises(NotFound):
        queries.to_review(cast.bea, cast.quin.organisation_id)
    for by in (cast.rex, cast.quin, cast.lea, cast.pia):
        with pytest.raises((NotPermitted, NotFound)):
            actions.recertify(by=by, organisation_id=office, endings={}, confirmed=frozenset())
    actions.recertify(by=cast.bea, organisation_id=office, endings={}, confirmed=frozenset({own}))
    adi = second_administrator(cast)
    assert own in shown(adi, office)


@pytest.mark.parametrize(
    ("endings", "confirmed"), [({}, "none"), ({}, "foreign"), ({"one": ""}, "rest")]
)
def test_a_half_recertification_changes_nothing(cast: Cast, endings, confirmed):
    alder = cast.quin.organisation_id
    ids = sorted(shown(cast.ada, alder))
    foreign = str(Membership.objects.get(person=cast.bria.person_id).pk)
    kept = {"none": [], "foreign": [*ids, foreign], "rest": ids[1:]}[confirmed]
    before = AuditEvent.objects.count()
    with pytest.raises(TransitionRefused):
        actions.recertify(
            by=cast.ada,
            organisation_id=alder,
            endings=dict(zip(ids, endings.values(), strict=False)),
            confirmed=frozenset(kept),
        )
    assert (AuditEvent.objects.count(), AccessReview.objects.count()) == (before, 0)


def test_the_page_asks_for_every_decision_and_for_reasons(cast: Cast):
    ada, alder = cast.client("ada"), cast.quin.organisation_id
    url = reverse("accounts:review", args=[alder])
    ids = sorted(shown(cast.ada, alder))
    assert ada.post(url).status_code == 400
    given = {f"keep_{id_}": "confirm" for id_ in ids} | {f"keep_{ids[0]}": "end"}
    assert b"Say why it ends" in ada.post(url, given).content
    assert ada.post(url, given | {f"why_{ids[0]}": WHY}).status_code == 302
    review = AccessReview.objects.get()
    assert (review.confirmed, review.ended) == (1, 1)
    assert b"Never" in ada.get(reverse("accounts:reviews")).content


@pytest.mark.requirement("R31")
def test_identity_is_checked_and_accepted_before_signing(cast: Cast):
    new = actions.NewPerson(
        "nia@example.org",
        "Nia Test",
        cast.sid.organisation_id,
        Role.AUTHORISED_SIGNATORY,
        clock.today(),
    )
    person = actions.invite_person(by=cast.ada, new=new, link=str).person
    nia = queries.actor_of(person, None)
    assert "not been checked" in (policies.signing_refusal(person.pk) or "")
    with pytest.raises(TransitionRefused, match="checked first"):
        actions.attest(by=nia)
    assert "Nia Test" in [step.about for step in queries.next_steps(cast.ada)]
    actions.check_identity(by=cast.ada, person_id=person.pk, check=SEEN)
    assert "Accept first" in (policies.signing_refusal(person.pk) or "")
    assert [s.label for s in queries.next_steps(nia)] == ["Accept what your signature means"]
    row = actions.attest(by=nia)
    assert policies.signing_refusal(person.pk) is None
    assert (row.attestation, last_event().why) == (actions.ATTESTATION, actions.ATTESTATION)
    assert last_event().actor_id == person.pk
    with pytest.raises(TransitionRefused, match="already"):
        actions.attest(by=nia)
    assert policies.signing_refusal(None) is not None


@pytest.mark.requirement("R31")
def test_nobody_checks_their_own_identity(cast: Cast):
    adi = second_administrator(cast)
    with pytest.raises(NotPermitted, match="own access"):
        actions.check_identity(by=adi, person_id=adi.person_id, check=SEEN)
    person = User.objects.get(pk=adi.person_id)
    own = IdentityCheck(person=person, method="x", document_kind="x", checked_by=person)
    own.checked_at = clock.now()
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        audit.event(by=SYSTEM, what="test", on=own, sentence="tried") as opened,
    ):
        opened.create(own)
    assert actions.check_identity(by=cast.ada, person_id=person.pk, check=SEEN).checked_by_id


@pytest.mark.requirement("R31")
def test_the_page_takes_the_acceptance_once(cast: Cast):
    adi = second_administrator(cast)
    actions.check_identity(by=cast.ada, person_id=adi.person_id, check=SEEN)
    cast.actors["adi"] = adi
    browser, url = cast.client("adi"), reverse("accounts:attest")
    assert actions.ATTESTATION.encode() in browser.get(url).content
    assert browser.post(url).status_code == 400
    assert browser.post(url, {"accepted": "on"}).status_code == 302
    assert b"You accepted this on" in browser.get(url).content
    assert browser.post(url, {"accepted": "on"}).status_code == 400


@pytest.mark.requirement("R30")
def test_a_lost_second_factor_takes_two_and_neither_is_the_person(cast: Cast):
    browser = cast.client("sid")
    asked = actions.ask_factor_reset(by=cast.ada, person_id=cast.sid.person_id, reason=WHY)
    assert browser.get("/ratings/").status_code == 200
    with pytest.raises(TransitionRefused, match="waits already"):
        actions.ask_factor_reset(by=cast.ada, person_id=cast.sid.person_id, reason=WHY)
    with pytest.raises(TransitionRefused, match="it takes two"):
        actions.confirm_factor_reset(by=cast.ada, reset_id=asked.pk)
    for by in (cast.sid, cast.rex, cast.lea, cast.quin):
        with pytest.raises(NotFound):
            actions.confirm_factor_reset(by=by, reset_id=asked.pk)
    assert "Sid Test" in [step.about for step in queries.next_steps(cast.bea)]
    done = actions.confirm_factor_reset(by=cast.bea, reset_id=asked.pk)
    done.refresh_from_db()
    assert (done.asked_by_id, done.confirmed_by_id) == (cast.ada.person_id, cast.bea.person_id)
    assert (last_event().what, last_event().why) == ("person.factor_reset", WHY)
    assert browser.get("/ratings/").status_code == 302


@pytest.mark.requirement("R30")
def test_the_person_concerned_neither_asks_nor_confirms(cast: Cast):
    asked = actions.ask_factor_reset(by=cast.ada, person_id=cast.bea.person_id, reason=WHY)
    with pytest.raises(TransitionRefused, match="not the person"):
        actions.confirm_factor_reset(by=cast.bea, reset_id=asked.pk)
    with pytest.raises(NotPermitted, match="own access"):
        actions.ask_factor_reset(by=cast.ada, person_id=cast.ada.person_id, reason=WHY)
    asker = User.objects.get(pk=cast.ada.person_id)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        audit.event(by=SYSTEM, what="test", on=asked, sentence="tried") as opened,
    ):
        opened.update(asked, confirmed_by=asker, confirmed_at=clock.now())


def test_a_request_lapses_and_can_be_made_anew(cast: Cast, settings):
    settings.DEMO = True
    with clock.told(clock.now() - timedelta(hours=73)):
        asked = actions.ask_factor_reset(by=cast.ada, person_id=cast.sid.person_id, reason=WHY)
    with pytest.raises(TransitionRefused, match="lapsed"):
        actions.confirm_factor_reset(by=cast.bea, reset_id=asked.pk)
    actions.ask_factor_reset(by=cast.ada, person_id=cast.sid.person_id, reason=WHY)
    assert FactorReset.objects.count() == 1


def test_the_command_line_resets_only_where_two_cannot(cast: Cast):
    person = User.objects.get(pk=cast.sid.person_id)
    with pytest.raises(NotPermitted, match="one asks, another confirms"):
        actions.reset_factor_by_command(person=person, reason=WHY)
    ada = User.objects.get(pk=cast.ada.person_id)
    with pytest.raises(TransitionRefused, match="Give the reason"):
        actions.reset_factor_by_command(person=ada, reason="")
    row = actions.reset_factor_by_command(person=ada, reason=WHY)
    assert (row.asked_by_id, row.confirmed_by_id) == (None, None)
    assert (last_event().what, last_event().actor_role) == ("person.factor_reset", "system")

"""Signing: what was shown, to whom, once, within ten minutes, and with proof every time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache.backends.locmem import LocMemCache

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.accounts.actions import add_membership, add_person
from openqmm.apps.accounts.queries import actor_as
from openqmm.apps.audit.models import AuditEvent, Signature
from openqmm.apps.programs import actions as programs
from openqmm.apps.programs import queries as program_queries
from openqmm.apps.signatures import actions
from openqmm.apps.signatures.actions import ceremony
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import SYSTEM, Role
from openqmm.web import clock
from tests.apps.programs.stories import alder_draft, open_round, written
from tests.apps.signatures.papers import UNSIGNED, Unsigned
from tests.arranging import arranged
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture(params=UNSIGNED)
def unsigned(request: pytest.FixtureRequest, cast: Cast) -> Unsigned:
    return UNSIGNED[request.param](cast)


def shown(unsigned: Unsigned) -> str:
    """The challenge on the page that the signer reads."""
    return actions.begin(by=unsigned.by, paper=unsigned.paper()).challenge


def refused(unsigned: Unsigned, error: Any, match: str | None, **means: Any) -> None:
    """Signing is refused, and leaves no trace but that."""
    before = unsigned.state(), Signature.objects.count(), events()
    by = means.pop("by", unsigned.by)
    with pytest.raises(error, match=match):
        unsigned.sign(by, **({"password": PASSWORD} | means))
    assert (unsigned.state(), Signature.objects.count(), events()) == before


def events() -> int:
    """How many events there are, but for those that tell of wrong proofs."""
    return AuditEvent.objects.exclude(what__startswith="person.").count()


@pytest.mark.requirement("R27")
def test_what_was_shown_is_signed_with_all_that_binds_it(unsigned: Unsigned) -> None:
    before = Signature.objects.count()
    page = actions.begin(by=unsigned.by, paper=unsigned.paper())
    unsigned.sign(unsigned.by, password=PASSWORD, challenge=page.challenge)
    row = Signature.objects.latest("signed_at")
    assert Signature.objects.count() == before + 1
    assert (row.digest, row.statement) == (page.digest, page.statement)
    assert (row.challenge, row.zone) == (page.challenge, "UTC")
    assert row.components.startswith("password")
    assert (row.signer_name, row.meaning) == (unsigned.by.name, unsigned.paper().meaning)


@pytest.mark.requirement("R28")
def test_a_challenge_is_good_once_whatever_came_of_it(unsigned: Unsigned) -> None:
    challenge = shown(unsigned)
    refused(unsigned, NotPermitted, "password", password="a guess", challenge=challenge)
    refused(unsigned, TransitionRefused, "signed already", challenge=challenge)
    unsigned.sign(unsigned.by, password=PASSWORD, challenge=shown(unsigned))


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("means", [{"password": ""}, {"password": "a guess"}])
def test_a_session_alone_never_signs(unsigned: Unsigned, means: dict[str, str]) -> None:
    # A proof a moment ago changes nothing: each signature asks again.
    with pytest.raises(NotPermitted):
        unsigned.sign(unsigned.by, challenge=shown(unsigned), **means)
    refused(unsigned, NotPermitted, "password", challenge=shown(unsigned), **means)


def test_a_challenge_never_given_or_none_signs_nothing(unsigned: Unsigned) -> None:
    for challenge in ("", "A" * 43):
        refused(unsigned, TransitionRefused, "no longer be signed", challenge=challenge)


@pytest.mark.requirement("R27")
def test_what_changed_since_it_was_shown_is_not_signed(unsigned: Unsigned) -> None:
    challenge = shown(unsigned)
    with arranged() as opened:
        unsigned.change(opened)
    refused(unsigned, TransitionRefused, "changed after you opened it", challenge=challenge)


@pytest.mark.requirement("R27")
def test_what_changes_while_it_is_being_signed_is_not_signed(unsigned: Unsigned) -> None:
    """The record is compared once more under its lock, after the proof."""
    proved = ceremony.prove_identity

    def slow(**means: Any) -> Any:
        proof = proved(**means)
        with arranged() as opened:
            unsigned.change(opened)
        return proof

    with (
        patch.object(ceremony, "prove_identity", slow),
        pytest.raises(TransitionRefused, match="changed after you opened it"),
    ):
        unsigned.sign(unsigned.by, password=PASSWORD, challenge=shown(unsigned))
    assert not AuditEvent.objects.filter(what__in=("application.submit", "rating.issued")).exists()


@pytest.mark.requirement("R29")
def test_ten_minutes_are_the_end_of_it(unsigned: Unsigned, monkeypatch: Any) -> None:
    challenge, now = shown(unsigned), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=10))
    refused(unsigned, TransitionRefused, "more than 10 minutes", challenge=challenge)


@pytest.mark.requirement("R30")
def test_nobody_signs_by_what_another_was_shown(unsigned: Unsigned) -> None:
    challenge = shown(unsigned)
    for by in (unsigned.rival, SYSTEM):
        refused(unsigned, (NotPermitted, NotFound), None, by=by, challenge=challenge)
    theirs = actions.begin(by=unsigned.rival, paper=unsigned.paper()).challenge
    refused(unsigned, TransitionRefused, "no longer be signed", challenge=theirs)


@pytest.mark.requirement("R30")
def test_the_office_signs_for_nobody_else(cast: Cast, unsigned: Unsigned) -> None:
    for name in ("ada", "rex", "odo", "quin", "asa"):
        if cast.actors[name] != unsigned.by:
            refused(unsigned, (NotPermitted, NotFound), None, by=cast.actors[name])


@pytest.mark.requirement("R31")
def test_whose_identity_is_not_checked_cannot_sign(unsigned: Unsigned, monkeypatch: Any) -> None:
    challenge = shown(unsigned)
    monkeypatch.setattr(ceremony, "signing_refusal", lambda person_id: "Not checked yet.")
    refused(unsigned, NotPermitted, "Not checked yet", challenge=challenge)
    page = actions.begin(by=unsigned.by, paper=unsigned.paper())
    assert (page.refusal, page.challenge) == ("Not checked yet.", "")


def test_of_many_who_take_a_challenge_at_once_one_gets_it(monkeypatch: Any) -> None:
    # In memory: threads of their own would wait for this test's transaction. In the database a
    # row is deleted once, and the count of rows says by whom.
    kept = LocMemCache("taking", {})
    monkeypatch.setattr(ceremony, "cache", kept)
    kept.set(ceremony._key("a challenge"), {"person": "somebody"}, 60)
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: ceremony._take("a challenge"), range(64)))
    assert sum(one is not None for one in taken) == 1


@pytest.mark.requirement("R31")
def test_a_signatory_nobody_checked_reads_why_there_is_no_panel(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    person = add_person(
        by=SYSTEM, email="nora@example.org", full_name="Nora New", password=PASSWORD
    )
    membership = add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations["Alder Synthesis"],
        role=Role.AUTHORISED_SIGNATORY,
        from_on=date(2020, 1, 1),
    )
    nora = actor_as(membership)
    paper = program_queries.submission_paper(program_queries.application(nora, draft.pk))
    page = actions.begin(by=nora, paper=paper)
    assert (page.challenge, "has not been checked yet" in page.refusal) == ("", True)
    with pytest.raises(NotPermitted, match="has not been checked yet"):
        programs.submit_application(by=nora, application_id=draft.pk, password=PASSWORD)
    assert not Signature.objects.exists()


@pytest.mark.requirement("R28")
def test_two_components_sign_and_a_code_signs_once(cast: Cast, settings: Any) -> None:
    settings.DEMO = settings.SIGNING_NEEDS_SECOND_FACTOR = True
    draft = alder_draft(cast, open_round(cast))

    def attempt(**means: str) -> Any:
        paper = program_queries.submission_paper(program_queries.application(cast.sid, draft.pk))
        page = actions.begin(by=cast.sid, paper=paper)
        return programs.submit_application(
            by=cast.sid, application_id=draft.pk, challenge=page.challenge, **means
        )

    code = accounts.demo_code(cast.sid)
    shown = cast.client("sid").get(f"/applications/{draft.pk}/").content.decode()
    assert f"your authenticator app shows {code}" in shown
    for means in (
        {"password": PASSWORD},
        {"password": PASSWORD, "code": "000000" if code != "000000" else "111111"},
        {"password": "a guess", "code": code},
    ):
        with pytest.raises(NotPermitted):
            attempt(**means)
    assert not Signature.objects.exists()
    attempt(password=PASSWORD, code=code)
    assert Signature.objects.get().components == "password + code"
    again = written(cast.quin, open_round(cast, "2028-A"), "3009999904", "Alder Unit 2")
    with pytest.raises(NotPermitted):
        programs.submit_application(
            by=cast.sid, application_id=again.pk, password=PASSWORD, code=code
        )

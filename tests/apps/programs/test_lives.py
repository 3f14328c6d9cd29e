"""A round and its applications from announcement to acceptance, and what is refused on the way."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from openqmm.apps.audit.models import AuditChange, AuditEvent, Signature
from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import Application, Round, RoundSeed
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.records import sha256_hex
from openqmm.web import clock
from tests.apps.facilities.stories import ALDER_FEI, facility_of, load_public_records
from tests.apps.programs.stories import (
    WRITTEN,
    advanced,
    alder_accepted,
    alder_applied,
    alder_draft,
    birch_applied,
    draft_round,
    drawn,
    found_eligible,
    fresh,
    open_round,
    sealed_protocol,
)
from tests.arranging import arranged
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def events(application: Application) -> list[str]:
    found = AuditEvent.objects.filter(subject_id=str(application.pk))
    return list(found.values_list("what", flat=True))


def test_an_application_from_draft_to_accepted_place(cast: Cast) -> None:
    load_public_records()
    application = alder_accepted(cast)
    assert application.state == "accepted"
    assert events(application) == [
        "application.started",
        "application.edited",
        "application.submit",
        "application.begin_screening",
        "application.find_eligible",
        "application.select",
        "application.accept",
    ]
    on_alders_trail = AuditEvent.objects.filter(subject_id=str(application.pk))
    assert {e.trail_id for e in on_alders_trail} == {cast.quin.organisation_id}
    assert [a.pk for a in queries.accepted_without_assessment(cast.ada)] == [application.pk]
    assert queries.accepted_without_assessment(cast.quin) == []


def test_the_cap_comes_from_the_program(cast: Cast) -> None:
    assert draft_round(cast).cap == 9


@pytest.mark.parametrize("name", ["bea", "odo", "lea", "quin", "sid", "cora", "pia", "rex"])
def test_only_the_office_makes_and_advances_rounds(cast: Cast, name: str) -> None:
    round_ = draft_round(cast)
    actor = cast.actors[name]
    entry = actions.RoundEntry("pilot-api", "X", round_.protocol_id, clock.today(), clock.today())
    with pytest.raises(NotPermitted):
        actions.add_round(by=actor, entry=entry)
    with pytest.raises(NotFound):
        actions.advance_round(by=actor, round_id=round_.pk, event="announce")
    assert Round.objects.get().state == "draft"


def test_a_round_takes_its_programs_protocol_and_a_name_of_its_own(cast: Cast) -> None:
    round_ = draft_round(cast)
    day, late = clock.today(), clock.today() + timedelta(days=29)
    other = sealed_protocol("successor-five-areas")
    for entry, words in (
        (actions.RoundEntry("pilot-api", "X", other.pk, day, late), "uses the protocol"),
        (actions.RoundEntry("pilot-api", "2027-A ", round_.protocol_id, day, late), "is called"),
        (actions.RoundEntry("pilot-api", "X", round_.protocol_id, day, day), "asks for 30 or more"),
    ):
        with pytest.raises(TransitionRefused, match=words):
            actions.add_round(by=cast.ada, entry=entry)
    assert Round.objects.count() == 1


def test_closing_before_the_announced_day_needs_a_reason_that_stays(cast: Cast) -> None:
    round_ = open_round(cast)
    with pytest.raises(TransitionRefused, match="say why the round closes early"):
        actions.advance_round(by=cast.ada, round_id=round_.pk, event="begin_screening")
    advanced(cast, round_, "begin_screening", reason="Every site has applied.")
    event = AuditEvent.objects.get(what="round.begin_screening")
    assert event.why == "Every site has applied."


def test_a_signature_binds_the_whole_application(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    signature = Signature.objects.get(record_id=str(application.pk))
    content = queries.application_content(fresh(cast.sid, application))
    assert json.loads(signature.statement)["content"] == content
    assert signature.digest == sha256_hex(signature.statement.encode())
    assert signature.signer_id == cast.sid.person_id
    page = queries.application_page(cast.sid, application.pk)
    assert [line.holds for line in page.signatures] == [True]
    with arranged():
        Application.objects.filter(pk=application.pk).update(products="Something else")
    page = queries.application_page(cast.sid, application.pk)
    (line,) = page.signatures
    assert (line.state, line.changed.sentence) == ("superseded", "arranged a test")


def test_a_wrong_password_signs_nothing(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    with pytest.raises(NotPermitted, match="Nothing was signed"):
        actions.submit_application(by=cast.sid, application_id=draft.pk, password="guess")
    assert fresh(cast.sid, draft).state == "draft"
    assert "application.submit" not in events(draft)
    assert not Signature.objects.exists()


def test_who_may_sign(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    with pytest.raises(NotPermitted, match="Only the role Authorised signatory"):
        actions.submit_application(by=cast.quin, application_id=draft.pk, password=PASSWORD)
    for rival in (cast.boris, cast.ada, cast.lea):
        with pytest.raises(NotFound):
            actions.submit_application(by=rival, application_id=draft.pk, password=PASSWORD)


def test_a_second_click_signs_once(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    with pytest.raises(TransitionRefused, match="is submitted"):
        actions.submit_application(by=cast.sid, application_id=application.pk, password=PASSWORD)
    assert Signature.objects.count() == 1
    assert events(application).count("application.submit") == 1


def test_an_unfinished_application_is_not_signed(cast: Cast) -> None:
    round_ = open_round(cast)
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    draft = actions.start_application(by=cast.quin, round_id=round_.pk, facility_id=facility.pk)
    assert (draft.contact_name, draft.contact_email) == ("Quin Test", "quin@example.org")
    with pytest.raises(
        TransitionRefused, match="still lacks the size of the facility, the sector, the prod"
    ):
        actions.submit_application(by=cast.sid, application_id=draft.pk, password=PASSWORD)


def test_one_application_a_facility_and_round_until_it_is_withdrawn(cast: Cast) -> None:
    round_ = open_round(cast)
    draft = alder_draft(cast, round_)
    again = {"by": cast.quin, "round_id": round_.pk, "facility_id": draft.facility_id}
    with pytest.raises(TransitionRefused, match="has an application to 2027-A already"):
        actions.start_application(**again)
    with pytest.raises(TransitionRefused, match="Say why"):
        actions.withdraw_application(by=cast.quin, application_id=draft.pk, reason=" ")
    actions.withdraw_application(by=cast.quin, application_id=draft.pk, reason="Too early for us.")
    assert actions.start_application(**again).state == "draft"


def test_only_own_facilities_and_open_rounds(cast: Cast) -> None:
    round_ = draft_round(cast)
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    with pytest.raises(NotFound):
        actions.start_application(by=cast.quin, round_id=round_.pk, facility_id=facility.pk)
    advanced(cast, round_, "announce")
    with pytest.raises(TransitionRefused, match="takes no applications"):
        actions.start_application(by=cast.quin, round_id=round_.pk, facility_id=facility.pk)
    advanced(cast, round_, "open")
    with pytest.raises(NotFound):
        actions.start_application(by=cast.bria, round_id=round_.pk, facility_id=facility.pk)
    with pytest.raises(NotPermitted):
        actions.start_application(by=cast.sid, round_id=round_.pk, facility_id=facility.pk)


def test_what_was_signed_cannot_be_edited(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    with pytest.raises(TransitionRefused, match="cannot be changed"):
        actions.edit_application(
            by=cast.quin, application_id=application.pk, version=1, entry=WRITTEN
        )


def test_screening_keeps_criteria_and_records(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    with pytest.raises(TransitionRefused, match="after it closed"):
        actions.screen_application(by=cast.ada, application_id=application.pk)
    advanced(cast, round_, "begin_screening")
    screened = actions.screen_application(by=cast.ada, application_id=application.pk)
    assert screened.screening["verdict"] == "eligible"
    assert screened.screening["as_of"] == clock.today().isoformat()
    by_id = {c["id"]: c for c in screened.screening["criteria"]}
    assert by_id["current_classification"]["records"][0].startswith("Inspection 900001")
    actions.screen_application(by=cast.ada, application_id=application.pk)
    assert events(application)[-2:] == [
        "application.begin_screening",
        "application.screened_again",
    ]


def test_an_oai_site_cannot_be_found_eligible(cast: Cast) -> None:
    load_public_records(alder="OAI")
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    decide = {"by": cast.ada, "application_id": application.pk, "reason": "We like them."}
    with pytest.raises(TransitionRefused, match="is submitted"):
        actions.decide_screening(event="find_eligible", **decide)
    actions.screen_application(by=cast.ada, application_id=application.pk)
    with pytest.raises(TransitionRefused, match="not met is Current class is NAI or VAI"):
        actions.decide_screening(event="find_eligible", **decide)
    decided = actions.decide_screening(event="find_ineligible", **decide)
    assert (decided.state, decided.reason) == ("ineligible", "We like them.")


def test_two_applications_for_one_fei_meet_in_screening(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder = alder_applied(cast, round_)
    birch_applied(cast, round_, fei=ALDER_FEI)
    advanced(cast, round_, "begin_screening")
    screened = actions.screen_application(by=cast.ada, application_id=alder.pk)
    found = {c["id"]: c["verdict"] for c in screened.screening["criteria"]}
    assert found["not_in_round"] == "not_met"


def test_a_request_is_answered_and_screened_again(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    actions.screen_application(by=cast.ada, application_id=application.pk)
    asked = actions.decide_screening(
        by=cast.ada,
        application_id=application.pk,
        event="ask_information",
        reason="Which product is on the US market?",
    )
    assert asked.answer_by_on == clock.today() + timedelta(days=14)
    with pytest.raises(TransitionRefused, match="Say why"):
        actions.answer_request(by=cast.quin, application_id=application.pk, reason="")
    answered = actions.answer_request(
        by=cast.quin, application_id=application.pk, reason="Inventol, since 2019."
    )
    assert (answered.state, answered.information) == ("screening", "Inventol, since 2019.")
    assert answered.answer_by_on is None
    assert answered.reason == "Which product is on the US market?"


def test_the_cap_is_kept_and_a_decline_moves_the_reserve_list_up(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    found_eligible(cast, birch)
    drawn(cast, round_, cap=1, first=alder)
    offered = fresh(cast.sid, alder)
    assert (offered.state, offered.draw_outcome, offered.draw_rank) == ("selected", "selected", 1)
    assert offered.answer_by_on == clock.today() + timedelta(days=14)
    waiting = fresh(cast.boris, birch)
    assert (waiting.state, waiting.draw_rank) == ("reserve", 1)
    assert "at place 1" in waiting.reason
    advanced(cast, round_, "fix_selection")
    actions.decline_place(by=cast.sid, application_id=alder.pk, reason="A move of the site.")
    moved = fresh(cast.boris, birch)
    assert (moved.state, moved.draw_outcome) == ("selected", "reserve")
    assert moved.answer_by_on == clock.today() + timedelta(days=14)
    event = AuditEvent.objects.filter(what="application.select", subject_id=str(birch.pk)).get()
    assert event.actor_role == "system"
    assert fresh(cast.sid, alder).reason == "A move of the site."


def test_the_places_are_drawn_once_and_by_the_seed_announced_alone(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    with pytest.raises(TransitionRefused, match="still waits for a decision"):
        drawn(cast, round_)
    found_eligible(cast, alder)
    announced = Round.objects.get(pk=round_.pk)
    kept = RoundSeed.objects.get(pk=round_.pk)
    assert announced.seed_digest == hashlib.sha256(kept.seed.encode()).hexdigest()
    assert announced.seed == ""
    with arranged():
        RoundSeed.objects.filter(pk=round_.pk).update(seed="0" * 64)
    with pytest.raises(TransitionRefused, match="not the one whose digest was announced"):
        drawn(cast, round_)
    with arranged():
        RoundSeed.objects.filter(pk=round_.pk).update(seed=kept.seed)
    drawn(cast, round_)
    with pytest.raises(TransitionRefused, match="a second draw"):
        drawn(cast, round_)
    published = advanced(cast, round_, "fix_selection")
    assert (published.seed, published.published_at is None) == (kept.seed, False)


@pytest.mark.parametrize("name", ["bea", "lea", "quin", "sid", "rex"])
def test_nobody_but_the_office_draws(cast: Cast, name: str) -> None:
    round_ = advanced(cast, open_round(cast), "begin_screening")
    with pytest.raises((NotPermitted, NotFound)):
        actions.draw_places(by=cast.actors[name], round_id=round_.pk)


def test_who_is_released_from_the_reserve_list_is_not_moved_up(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    found_eligible(cast, birch)
    drawn(cast, round_, cap=1, first=alder)
    with pytest.raises(TransitionRefused, match="Say why"):
        actions.release_reserve(by=cast.ada, application_id=birch.pk, reason="")
    actions.release_reserve(
        by=cast.ada, application_id=birch.pk, reason="The cohort is complete now."
    )
    actions.decline_place(by=cast.sid, application_id=alder.pk, reason="A move of the site.")
    assert fresh(cast.boris, birch).state == "not_selected"


def test_an_accepted_place_that_is_withdrawn_is_free_again(cast: Cast) -> None:
    load_public_records()
    application = alder_accepted(cast)
    assert queries.places_taken(application.round_id) == 1
    actions.withdraw_application(
        by=cast.sid, application_id=application.pk, reason="The site was sold."
    )
    assert queries.places_taken(application.round_id) == 0


def test_the_selection_is_fixed_when_all_is_decided(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    with pytest.raises(TransitionRefused, match="2 applications still wait"):
        advanced(cast, round_, "fix_selection")
    found_eligible(cast, birch)
    drawn(cast, round_)
    assert advanced(cast, round_, "fix_selection").state == "selected"
    with pytest.raises(TransitionRefused, match="No facility has accepted"):
        advanced(cast, round_, "begin_assessing")


def test_a_refused_action_leaves_neither_event_nor_change(cast: Cast) -> None:
    load_public_records()
    application = alder_accepted(cast)
    before = (AuditEvent.objects.count(), AuditChange.objects.count())
    for attempt in (
        lambda: actions.draw_places(by=cast.ada, round_id=application.round_id),
        lambda: actions.release_reserve(
            by=cast.ada, application_id=application.pk, reason="Signed for them already."
        ),
        lambda: actions.decide_screening(
            by=cast.ada, application_id=application.pk, event="select", reason="A quick shortcut."
        ),
        lambda: actions.decline_place(
            by=cast.sid, application_id=application.pk, reason="They would rather not."
        ),
    ):
        with pytest.raises(TransitionRefused):
            attempt()
    assert (AuditEvent.objects.count(), AuditChange.objects.count()) == before
    assert fresh(cast.sid, application).state == "accepted"

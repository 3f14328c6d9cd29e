"""Nobody writes over, or decides on, what somebody else has changed since they read it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.models import AuditEvent, Versioned
from openqmm.apps.facilities import actions as facilities
from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application, Round
from openqmm.core.errors import Stale
from openqmm.web import clock
from tests.apps.assessments.stories import Story, consensus, scoring
from tests.apps.facilities.stories import ALDER_FEI, facility_of
from tests.apps.programs.stories import (
    STEPS,
    alder_applied,
    alder_draft,
    draft_round,
    open_round,
    step_of,
)
from tests.arranging import arranged
from tests.people import Cast

pytestmark = pytest.mark.django_db
WRITTEN = STEPS["statements"] | {"statement": "We want to learn where our practices stand."}
CONTACTS = STEPS["contacts"] | {
    "deputy_name": "Quade Test",
    "deputy_email": "quade@example.org",
}


@pytest.fixture
def draft(cast: Cast) -> Application:
    """Alder's draft, at version 2."""
    return alder_draft(cast, open_round(cast))


def test_these_records_count_their_changes() -> None:
    assert {model.__name__ for model in apps.get_models() if issubclass(model, Versioned)} == {
        "Application", "Assessment", "Consensus", "Disclosure", "Facility", "ProgramConfiguration",
        "Rating", "Remark",
        "Round", "Score",
    }  # fmt: skip


@pytest.mark.requirement("R38")
def test_a_record_read_before_another_change_is_not_written_whatever_locked_it(cast: Cast) -> None:
    facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    mine, theirs = Facility.objects.get(), Facility.objects.get()
    with arranged() as opened:
        opened.update(theirs, name="Saved first")
    with (
        pytest.raises(Stale, match="facility was changed after you opened it"),
        arranged() as open_,
    ):
        open_.update(mine, name="Never read the other")
    assert Facility.objects.get().name == "Saved first"
    assert Facility.objects.get().version == theirs.version == 2


def test_a_change_that_changes_nothing_raises_no_version(cast: Cast) -> None:
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    with arranged() as opened:
        opened.update(facility, name="Alder Unit 1")
    assert Facility.objects.get().version == 1


@pytest.mark.requirement("R38")
def test_the_page_shows_what_was_what_is_and_what_was_typed(cast: Cast, draft: Application) -> None:
    quin, url = cast.client("quin"), step_of(draft, "statements")
    assert quin.post(url, WRITTEN | {"statement": "Theirs.", "version": 2}).status_code == 302
    mine = WRITTEN | {"statement": "Mine.", "in_commerce": "", "version": 2}
    answer = quin.post(url, mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    for words in ("We want to learn where our practices stand.", "Theirs.", "Mine."):
        assert words in page
    assert "Yours, and stays" in page
    assert "Quin Test edited the application" in page
    assert Application.objects.get().statement == "Theirs."
    merged = {
        "version": "3",
        "base_version": "2",
        "undecided": "statement",
        "mine-statement": "Mine.",
        "willing_visit": "true",
        "willing_observers": "true",
        "willing_data": "true",
        "clean_record": "true",
        "in_commerce": "false",
    }
    missed = quin.post(url, merged)
    assert missed.status_code == 409
    assert "choose one of the two" in missed.content.decode()
    assert quin.post(url, merged | {"statement": "Mine."}).status_code == 302
    now = Application.objects.get()
    assert (now.statement, now.version) == ("Mine.", 4)
    assert (now.clean_record, now.in_commerce) == (True, False)


@pytest.mark.requirement("R38")
def test_a_choice_of_several_is_put_together_as_one(cast: Cast, draft: Application) -> None:
    quin, url = cast.client("quin"), step_of(draft, "facility")
    site = STEPS["facility"] | {"version": 2}
    assert quin.post(url, site | {"activities": ["API", "FDF"]}).status_code == 302
    answer = quin.post(url, site | {"sector": "originator"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Different things were changed" in page, "one changed the sector, one the activities"
    assert '<input type="hidden" name="activities" value="API,FDF">' in page
    both = {"activities": "API,FDF", "size_band": "medium", "sector": "originator", "version": 3}
    assert quin.post(url, both).status_code == 302
    now = Application.objects.get()
    assert (now.activities, now.sector) == (["API", "FDF"], "originator")


@pytest.mark.requirement("R38")
def test_two_people_at_two_steps_do_not_meet(cast: Cast, draft: Application) -> None:
    quin = cast.client("quin")
    statements = WRITTEN | {"statement": "Theirs.", "version": 2}
    assert quin.post(step_of(draft, "statements"), statements).status_code == 302
    contacts = CONTACTS | {"contact_name": "Somebody Else", "version": 2}
    assert quin.post(step_of(draft, "contacts"), contacts).status_code == 302
    now = Application.objects.get()
    assert (now.statement, now.contact_name, now.version) == ("Theirs.", "Somebody Else", 4)
    third = CONTACTS | {"contact_name": "A Third", "version": 3}
    assert quin.post(step_of(draft, "contacts"), third).status_code == 409
    unread = CONTACTS | {"contact_name": "A Fourth", "version": 99}
    assert quin.post(step_of(draft, "contacts"), unread).status_code == 409


@pytest.mark.requirement("R38")
def test_somebody_who_saves_while_two_are_put_together_is_not_written_over(
    cast: Cast, draft: Application
) -> None:
    quin, url = cast.client("quin"), step_of(draft, "statements")
    quin.post(url, WRITTEN | {"statement": "Second.", "version": 2})
    quin.post(url, WRITTEN | {"statement": "Third.", "version": 3})
    answer = quin.post(url, WRITTEN | {"statement": "Mine.", "version": 3, "base_version": 2})
    assert answer.status_code == 409
    assert 'name="version" value="4"' in answer.content.decode()
    assert Application.objects.get().statement == "Third."


@pytest.mark.requirement("R38")
@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999"])
def test_a_change_that_does_not_say_what_it_was_made_from_is_refused(
    cast: Cast, draft: Application, version: str
) -> None:
    quin, url = cast.client("quin"), step_of(draft, "statements")
    answer = quin.post(url, WRITTEN | {"statement": "Last writer wins.", "version": version})
    assert "Last writer wins." in answer.content.decode(), "what was typed is still there"
    assert Application.objects.get().version == 2
    step = reverse("programs:take_step", args=[draft.pk])
    refused = quin.post(step, {"event": "withdraw", "reason": "Why.", "version": version})
    assert refused.status_code in {400, 409}
    assert Application.objects.get().state == "draft"


def test_the_same_content_again_is_no_change_and_no_conflict(
    cast: Cast, draft: Application
) -> None:
    quin, url = cast.client("quin"), step_of(draft, "statements")
    quin.post(url, WRITTEN | {"statement": "Once.", "version": 2})
    events = AuditEvent.objects.count()
    assert quin.post(url, WRITTEN | {"statement": "Once.", "version": 2}).status_code == 302
    assert AuditEvent.objects.count() == events


@pytest.mark.requirement("R37")
def test_the_time_is_the_servers_whatever_the_browser_says(cast: Cast, draft: Application) -> None:
    quin, url = cast.client("quin"), step_of(draft, "statements")
    for days in (-1, 1):
        told = clock.now() + timedelta(days=days)
        said = WRITTEN | {
            "statement": f"Said {days}.",
            "version": Application.objects.get().version,
            "at": told.isoformat(),
            "saved_at": told.isoformat(),
        }
        before = clock.now()
        headers = {"accept": "application/json", "date": told.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        answer = quin.post(url, said, headers=headers)
        event = AuditEvent.objects.filter(what="application.edited").latest("seq")
        assert before <= event.at <= clock.now()
        assert answer.status_code == 200


@pytest.mark.requirement("R38")
def test_a_step_on_what_changed_since_is_refused_with_what_changed(cast: Cast) -> None:
    story = scoring(cast)
    read = story.assessment.version
    ada, step = cast.client("ada"), reverse("assessments:step", args=[story.id])
    story.advance(cast.ada, "suspend", "The site has a recall.")
    answer = ada.post(step, {"event": "cancel", "reason": "It drags on.", "version": read})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The assessment was changed after you opened it (Ada Test suspended at" in page
    assert "It drags on." in page, "what was typed is still there"
    assert story.state == "suspended"


def test_a_suspended_assessment_goes_on_where_it_stood(cast: Cast) -> None:
    story = consensus(cast)
    ada, step = cast.client("ada"), reverse("assessments:step", args=[story.id])
    assert (
        ada.post(
            step, {"event": "suspend", "reason": "The site has a recall to handle."}
        ).status_code
        == 302
    )
    assert story.assessment.suspended_from == "consensus"
    silent = ada.post(step, {"event": "resume", "reason": ""})
    assert silent.status_code == 409
    assert (
        ada.post(step, {"event": "resume", "reason": "The recall is handled now."}).status_code
        == 302
    )
    assert (story.state, story.assessment.suspended_from) == ("consensus", "")
    event = AuditEvent.objects.filter(what="assessment.resume").get()
    assert event.why == "The recall is handled now."


def _remarked(story: Story) -> tuple[str, dict[str, str]]:
    """A remark's page, and its form as it stands."""
    lea = story.cast.client("lea")
    report = lea.get(reverse("assessments:report", args=[story.id])).context["page"]
    form = {"kind": "strength", "area_id": report.areas[0].id, "text": "They trend."}
    lea.post(reverse("assessments:add_remark", args=[story.id]), form)
    remark = story.assessment.remarks.get()
    return reverse("assessments:edit_remark", args=[story.id, remark.pk]), form


def test_a_remark_is_said_in_other_words(cast: Cast) -> None:
    story = consensus(cast)
    url, form = _remarked(story)
    lea = cast.client("lea")
    assert "They trend." in lea.get(url).content.decode()
    assert lea.post(url, form | {"text": "They trend complaints."}).status_code == 302
    assert story.assessment.remarks.get().text == "They trend complaints."
    late = lea.post(url, form | {"text": "They trend lots.", "version": 1})
    assert late.status_code == 409
    assert "They trend complaints." in late.content.decode()
    remove = f"{url}remove/"
    assert lea.post(remove, {"version": 1}).status_code == 409
    assert story.assessment.remarks.count() == 1, "not the words that were read"
    lea.post(remove)
    assert story.assessment.remarks.count() == 0
    assert lea.get(url).status_code == 404
    for name in ("asa", "quin", "bria", "zoe"):
        assert cast.client(name).get(url).status_code in {403, 404}


def test_a_round_is_changed_until_it_is_announced(cast: Cast) -> None:
    round_ = draft_round(cast)
    ada, url = cast.client("ada"), reverse("programs:edit_round", args=[round_.pk])
    form = {"name": "2027-B", "opens_on": round_.opens_on, "closes_on": round_.closes_on}
    assert ada.post(url, form).status_code == 302
    assert Round.objects.get().name == "2027-B"
    late = ada.post(url, form | {"name": "2027-C", "version": 1})
    assert late.status_code == 409
    assert Round.objects.get().name == "2027-B"
    backwards = form | {"closes_on": round_.opens_on - timedelta(days=1)}
    assert ada.post(url, backwards).status_code == 400
    ada.post(reverse("programs:advance_round", args=[round_.pk]), {"event": "announce"})
    assert ada.post(url, form | {"name": "2027-D"}).status_code == 404


def test_a_facility_is_corrected_with_a_reason(cast: Cast) -> None:
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    quin, url = cast.client("quin"), reverse("facilities:correct_facility", args=[facility.pk])
    form = {
        "name": "Alder Unit One",
        "address": facility.address,
        "reason": "The registration names it so.",
    }
    assert quin.post(url, form | {"reason": ""}).status_code == 400
    assert quin.post(url, form).status_code == 302
    assert Facility.objects.get().name == "Alder Unit One"
    assert AuditEvent.objects.get(what="facility.corrected").why == "The registration names it so."
    late = quin.post(url, form | {"name": "Alder 1", "version": 1})
    assert late.status_code == 409
    assert "The registration names it so." in late.content.decode(), (
        "the reason typed is still there"
    )
    assert cast.client("bria").get(url).status_code == 404
    assert cast.client("bria").post(url, form).status_code == 404
    assert cast.client("sid").get(url).status_code == 403
    with pytest.raises(Stale):
        facilities.correct_facility(
            by=cast.quin,
            facility_id=facility.pk,
            version=1,
            name="X",
            address="Y",
            reason=form["reason"],
        )


def test_what_stood_at_a_version_is_read_from_the_trail(cast: Cast, draft: Application) -> None:
    since = queries.since(draft, 1)
    assert since.began["statement"] == ""
    assert since.began["clean_record"] is False
    assert [act.by for act in since.acts] == ["Quin Test"]
    assert queries.since(draft, 7).began == {}
    assert queries.since(draft, 2).acts == ()


def test_the_rival_meets_none_of_it(cast: Cast) -> None:
    application = alder_applied(cast, open_round(cast))
    bria = cast.client("bria")
    for url in (
        step_of(application, "contacts"),
        reverse("programs:take_step", args=[application.pk]),
    ):
        assert bria.post(url, {"event": "withdraw", "reason": "Rival."}).status_code == 404
    with pytest.raises(Stale):
        actions.require_version(application, 1)

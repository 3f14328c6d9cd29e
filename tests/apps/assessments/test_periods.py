"""A place on a team holds for its days; other work bars from everything that is not public."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from openqmm.apps.accounts import actions as accounts
from openqmm.apps.accounts.models import Membership, User
from openqmm.apps.assessments import actions, queries
from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs import queries as programs
from openqmm.apps.ratings import queries as ratings
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import SYSTEM, Actor, Role
from openqmm.web import clock
from tests.apps.assessments import stories
from tests.apps.assessments.stories import Story
from tests.apps.ratings import stories as rated
from tests.people import Cast

pytestmark = pytest.mark.django_db
WHY = "Moves to another office."


def sees(by: Actor, story: Story) -> bool:
    return queries.assessments(by).filter(pk=story.id).exists()


@pytest.mark.requirement("R16")
@pytest.mark.parametrize("name", ["lea", "asa", "odo"])
def test_a_place_on_a_team_lapses_by_date(cast: Cast, settings, name: str):
    settings.DEMO = True
    story = stories.consensus(cast)
    by, today = cast.actors[name], clock.today()
    last = today + timedelta(days=3)
    actions.set_member_period(
        by=cast.ada, assessment_id=story.id, person_id=by.person_id, until_on=last, reason=WHY
    )
    for days, there in ((0, True), (3, True), (4, False)):
        with clock.told(clock.now() + timedelta(days=days)):
            assert sees(by, story) is there
            marks = queries.scores_visible_to(by, story.assessment)
            assert marks.exists() is there
            # Anew on each day: a session does not last from one to the next.
            browser = cast.client(name)
            for route in ("detail", "consensus", "report"):
                url = reverse(f"assessments:{route}", args=[story.id])
                assert browser.get(url).status_code == (200 if there else 404), (route, days)


@pytest.mark.requirement("R16")
def test_a_place_begins_on_its_first_day(cast: Cast, settings):
    settings.DEMO = True
    story = stories.planned(cast)
    first = clock.today() + timedelta(days=5)
    actions.assign_member(
        by=cast.ada,
        assessment_id=story.id,
        person_id=cast.lea.person_id,
        role=Role.LEAD_ASSESSOR,
        from_on=first,
    )
    assert not sees(cast.lea, story)
    with pytest.raises(NotFound):
        actions.declare_no_conflict(by=cast.lea, assessment_id=story.id)
    with clock.told(clock.now() + timedelta(days=5)):
        assert sees(cast.lea, story)


@pytest.mark.requirement("R16")
def test_a_rating_is_read_by_the_team_in_its_days_only(cast: Cast, settings):
    settings.DEMO = True
    story = rated.issued(cast)
    assert ratings.visible(cast.asa).exists()
    actions.set_member_period(
        by=cast.ada,
        assessment_id=story.assessment.id,
        person_id=cast.asa.person_id,
        until_on=clock.today(),
        reason=WHY,
    )
    with clock.told(clock.now() + timedelta(days=1)):
        assert not ratings.visible(cast.asa).exists()
        assert cast.client("asa").get(f"/api/v1/ratings/{story.id}").status_code == 404
        assert ratings.visible(cast.abe).exists()


def test_the_last_day_is_explained_and_set_by_the_office_alone(cast: Cast):
    story = stories.scoring(cast)
    given = {"assessment_id": story.id, "person_id": cast.asa.person_id}
    today = clock.today()
    with pytest.raises(TransitionRefused, match="Say why"):
        actions.set_member_period(by=cast.ada, until_on=today, reason=" ", **given)
    early = today - timedelta(days=1)
    with pytest.raises(TransitionRefused, match="in the past"):
        actions.set_member_period(by=cast.ada, until_on=early, reason=WHY, **given)
    for by in (cast.lea, cast.asa, cast.bea, cast.quin):
        with pytest.raises(NotPermitted):
            actions.set_member_period(by=by, until_on=today, reason=WHY, **given)
    url = reverse("assessments:set_period", args=[story.id])
    data = {"person": cast.asa.person_id, "until_on": today.isoformat(), "reason": WHY}
    assert cast.client("ada").post(url, data).status_code == 302
    event = AuditEvent.objects.order_by("-at", "-seq").first()
    assert (event.what, event.why) == ("assessment.member_period_set", WHY)
    page = cast.client("ada").get(reverse("assessments:team", args=[story.id]))
    assert f"{today:%b %Y}" in page.content.decode()


def employ(cast: Cast, person_id: object) -> None:
    accounts.add_membership(
        by=SYSTEM,
        person=User.objects.get(pk=person_id),
        organisation=cast.organisations["Alder Synthesis"],
        role=Role.FACILITY_QUALITY_LEAD,
        from_on=clock.today(),
    )


def advise(cast: Cast, person_id: object) -> None:
    work = accounts.Work(
        cast.organisations["Alder Synthesis"].pk, "Advised it on quality.", clock.today()
    )
    accounts.declare_interest(by=SYSTEM, person_id=person_id, work=work)


def everything_of_alder(by: Actor) -> list[object]:
    return [
        *queries.assessments(by),
        *ratings.visible(by),
        *ratings.ready_to_propose(by),
        *programs.applications(by),
        *facilities.facilities(by),
    ]


@pytest.mark.requirement("R18")
@pytest.mark.parametrize("bar", [employ, advise])
@pytest.mark.parametrize("name", ["ada", "bea", "odo", "lea", "asa"])
def test_other_work_bars_from_reading(cast: Cast, name: str, bar: Callable[..., None]):
    """In whichever role the program gives: nothing of Alder's, and Birch's as before."""
    story = rated.issued(cast)
    by, browser = cast.actors[name], cast.client(name)
    assert everything_of_alder(by)
    bar(cast, by.person_id)
    office_role = str(
        Membership.objects.get(person=by.person_id, organisation=by.organisation_id).pk
    )
    browser.post(reverse("accounts:switch"), {"membership": office_role})
    assert everything_of_alder(by) == []
    urls = [
        f"/assessments/{story.assessment.id}/",
        f"/assessments/{story.assessment.id}/report/",
        f"/ratings/{story.id}/",
        f"/ratings/{story.id}/bundle/",
        f"/api/v1/ratings/{story.id}",
    ]
    answers = {browser.get(url).status_code for url in urls}
    assert answers <= {403, 404}
    assert browser.get(f"/ratings/{story.id}/").status_code == 404


@pytest.mark.requirement("R18")
def test_whoever_declared_other_work_is_not_appointed(cast: Cast):
    story = stories.planned(cast)
    advise(cast, cast.zoe.person_id)
    with pytest.raises(TransitionRefused, match="has worked for Alder Synthesis"):
        actions.assign_member(
            by=cast.ada, assessment_id=story.id, person_id=cast.zoe.person_id, role=Role.ASSESSOR
        )


@pytest.mark.requirement("R18")
def test_a_manufacturers_own_people_are_not_barred_from_their_own(cast: Cast):
    story = rated.issued(cast)
    advise(cast, cast.quin.person_id)
    assert sees(cast.quin, story.assessment)
    assert ratings.visible(cast.sid).exists()

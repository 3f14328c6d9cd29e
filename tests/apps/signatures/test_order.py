"""The order of signatures: assessors finish, the lead signs, the board issues, the signatory
consents. No step is skipped, none is taken twice, nobody approves what is their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from openqmm.apps.assessments import actions as assessments
from openqmm.apps.audit.models import Signature
from openqmm.apps.disclosure import actions as disclosure
from openqmm.apps.programs import actions as programs
from openqmm.apps.ratings import actions as ratings
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import Role
from tests.apps.assessments import stories as assessment_stories
from tests.apps.disclosure.stories import shared
from tests.apps.ratings import stories
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db

REFUSED = (NotFound, NotPermitted, TransitionRefused)
PEOPLE = ("ada", "bea", "odo", "rex", "lea", "asa", "abe", "zoe", "quin", "sid", "bria", "boris")


def _scoring(cast: Cast) -> Any:
    return assessment_stories.scoring(cast)


def _checked(cast: Cast) -> Any:
    story = assessment_stories.consensus(cast)
    for event in ("draft_report", "send_for_factual_check"):
        story.advance(cast.lea, event)
    return story


STAGES: dict[str, Callable[[Cast], Any]] = {
    "scoring": _scoring,
    "consensus": assessment_stories.consensus,
    "factual check": _checked,
    "final": assessment_stories.final,
    "proposed": stories.proposed,
    "reviewed": stories.reviewed,
    "issued": stories.issued,
}
# The one signature each stage waits for, and whose it is; of scoring and consensus, none.
NEXT = {
    "factual check": ("report", "lea"),
    "reviewed": ("issue", "bea"),
    "issued": ("consent", "sid"),
}


def _signatures(story: Any, cast: Cast) -> dict[str, Callable[[str], object]]:
    """Every signature that could be tried at a stage, by anybody."""
    assessment = getattr(story, "assessment", story)
    assessment_id = getattr(assessment, "id", story.id)
    if isinstance(story, assessment_stories.Story):
        assessment_id = story.id
    application = assessment_stories.queries.assessment(cast.ada, assessment_id).application
    tried: dict[str, Callable[[str], object]] = {
        "submit": lambda who: programs.submit_application(
            by=cast.actors[who], application_id=application.pk, password=PASSWORD
        ),
        "accept": lambda who: programs.accept_place(
            by=cast.actors[who], application_id=application.pk, password=PASSWORD
        ),
        "report": lambda who: assessments.sign_report(
            by=cast.actors[who], assessment_id=assessment_id, password=PASSWORD
        ),
    }
    if isinstance(story, stories.Story):
        tried["issue"] = lambda who: stories.issue(story, by=cast.actors[who])
        tried["consent"] = lambda who: disclosure.record_consent(
            by=cast.actors[who],
            rating_id=story.id,
            entry=disclosure.ConsentEntry("overall", "public", assessment_today(story)),
            password=PASSWORD,
        )
    return tried


def assessment_today(story: stories.Story) -> Any:
    """A day on which any consent would do."""
    return story.rating.valid_until or assessment_stories.clock.today()


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("stage", STAGES)
def test_every_signature_out_of_order_or_by_another_is_refused(cast: Cast, stage: str) -> None:
    story = STAGES[stage](cast)
    before = Signature.objects.count()
    for what, attempt in _signatures(story, cast).items():
        for who in PEOPLE:
            if NEXT.get(stage) == (what, who):
                continue
            with pytest.raises(REFUSED):
                attempt(who)
    assert Signature.objects.count() == before
    if stage in NEXT:
        what, who = NEXT[stage]
        _signatures(story, cast)[what](who)
        assert Signature.objects.count() == before + 1
        with pytest.raises(REFUSED):
            _signatures(story, cast)[what](who)


@pytest.mark.requirement("R33")
def test_a_report_is_not_final_without_its_leads_signature(cast: Cast) -> None:
    story = _checked(cast)
    with pytest.raises(TransitionRefused, match="by the signature of its lead assessor"):
        story.advance(cast.lea, "finalise")
    assert story.state == "factual_check"


@pytest.mark.requirement("R33")
def test_nobody_issues_what_they_proposed(cast: Cast) -> None:
    story = stories.reviewed(cast)
    both = replace(cast.ada, role=Role.RATING_BOARD_MEMBER)
    with pytest.raises(NotPermitted, match="You proposed this rating"):
        stories.issue(story, by=both)
    assert story.rating.state == "reviewed"
    stories.issue(story)


@pytest.mark.requirement("R33")
@pytest.mark.parametrize("who", ["lea", "asa", "odo"])
def test_nobody_issues_what_they_scored_or_saw_scored(cast: Cast, who: str) -> None:
    story = stories.reviewed(cast)
    both = replace(
        cast.actors[who],
        role=Role.RATING_BOARD_MEMBER,
        organisation_id=cast.bea.organisation_id,
    )
    with pytest.raises(NotPermitted, match="on the assessment's team"):
        ratings.issue_rating(by=both, rating_id=story.id, reason="Fine.", password=PASSWORD)
    assert story.rating.state == "reviewed"


@pytest.mark.requirement("R33")
def test_a_consent_is_signed_once_for_an_audience(cast: Cast) -> None:
    story = stories.issued(cast)
    shared(story)
    with pytest.raises(TransitionRefused, match="public already"):
        shared(story)
    assert Signature.objects.filter(meaning__startswith="I consent").count() == 1

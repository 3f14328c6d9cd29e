"""A rating is proposed, reviewed, issued, suspended, reinstated; each step leaves its event."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from openqmm.apps.accounts.actions import add_membership
from openqmm.apps.accounts.models import Membership, User
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.models import AuditEvent, Signature
from openqmm.apps.ratings import actions, queries
from openqmm.apps.ratings.models import Rating
from openqmm.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from openqmm.core.ratings import read_bundle, recompute
from openqmm.core.workflow import BAR_MONTHS, SYSTEM, Role, months_after
from openqmm.web import clock
from tests.apps.assessments import stories as assessments
from tests.apps.ratings import stories
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def events() -> list[str]:
    return list(AuditEvent.objects.order_by("at", "seq").values_list("what", flat=True))


def test_proposing_seals_a_bundle_that_recomputes_to_the_letter(cast):
    story = stories.proposed(cast)
    rating = story.rating
    protocol = queries.protocol_of(rating)

    assert rating.state == "proposed"
    assert events()[-1] == "rating.proposed"
    assert recompute(rating.bundle, protocol, digest=rating.digest).valid
    bundle = read_bundle(rating.bundle)
    assert {row.assessor_id for row in bundle.rows} <= {"A1", "A2", "A3", "consensus"}
    # 4 and 11/3 by equal weights; the weak key question holds its area at 3.
    assert bundle.result["overall"]["score_exact"] == "23/6"
    assert bundle.result["areas"]["PLN"]["arithmetic_level"] == 4
    assert bundle.result["areas"]["PLN"]["level"] == 3
    assert (rating.level, rating.score_shown) == (4, "3.8")


def test_the_proposal_is_on_the_offices_trail_alone(cast):
    stories.proposed(cast)
    event = AuditEvent.objects.get(what="rating.proposed")
    assert event.trail_id == cast.ada.organisation_id


def test_only_the_administrator_proposes(cast):
    story = assessments.final(cast)
    before = events()
    for by in (cast.bea, cast.lea, cast.odo, cast.quin, cast.sid, cast.pia):
        with pytest.raises(NotPermitted):
            actions.propose_rating(by=by, assessment_id=story.id)
    assert events() == before


def test_an_assessment_is_rated_once_and_only_when_final(cast):
    story = assessments.consensus(cast)
    with pytest.raises(TransitionRefused, match="must be final"):
        actions.propose_rating(by=cast.ada, assessment_id=story.id)
    assert not Rating.objects.exists()
    assert "rating.proposed" not in events()


def test_a_second_proposal_is_refused(cast):
    story = stories.proposed(cast)
    with pytest.raises(TransitionRefused, match="already"):
        actions.propose_rating(by=cast.ada, assessment_id=story.assessment.id)
    assert events().count("rating.proposed") == 1


def test_issuing_signs_the_bundle_and_ends_the_assessment(cast):
    story = stories.issued(cast)
    rating = story.rating

    assert rating.state == "valid"
    assert story.assessment.state == "rated"
    assert events()[-2:] == ["rating.issued", "rating.put_into_effect"]
    (signature,) = queries.signatures_of(rating)
    assert (signature.name, signature.holds) == ("Bea Test", True)
    months = (rating.valid_until.year - rating.issued_at.year) * 12
    assert months + rating.valid_until.month - rating.issued_at.month == 24
    owner = story.assessment.assessment.application.facility.organisation_id
    assert {AuditEvent.objects.get(what=w).trail_id for w in events()[-2:]} == {owner}


def test_a_signature_does_not_hold_under_another_bundle(cast):
    rating = stories.issued(cast).rating
    rating.bundle = rating.bundle.replace('"score":"5"', '"score":"4"', 1)
    (signature,) = queries.signatures_of(rating)
    assert signature.state == "does not hold"
    assert "tells of no change" in signature.explanation


def test_a_facility_that_could_not_be_rated_is_issued_as_not_rated(cast):
    rating = stories.issued(cast, stories.NOT_RATED).rating
    assert (rating.state, rating.level, rating.score_shown) == ("valid", None, "")
    view = queries.rating(cast.quin, rating.pk)
    assert "Key question PLN-01" in " ".join(view.content["overall"]["reasons"])


def test_a_wrong_password_signs_nothing(cast):
    story = stories.reviewed(cast)
    before = events()
    with pytest.raises(NotPermitted, match="password"):
        stories.issue(story, password="not this one")
    assert (story.rating.state, events()) == ("reviewed", [*before, "person.proof_failed"])
    assert not Signature.objects.filter(record_id=str(story.id)).exists()


def test_a_board_member_of_the_team_decides_nothing(cast):
    story = stories.proposed(cast)
    # Odo accompanied the team; being a board member too does not undo that.
    add_membership(
        by=SYSTEM,
        person=User.objects.get(pk=cast.odo.person_id),
        organisation=cast.organisations["Program Office"],
        role=cast.bea.role,
        from_on=date(2020, 1, 1),
    )
    both = replace(cast.odo, role=cast.bea.role)
    for attempt in (
        lambda: actions.review_rating(by=both, rating_id=story.id, note="Gates were checked."),
        lambda: actions.issue_rating(
            by=both, rating_id=story.id, reason="The board agrees.", password=PASSWORD
        ),
    ):
        with pytest.raises(NotPermitted, match="on the assessment's team"):
            attempt()
    assert queries.rating(both, story.id).on_team
    assert not [s for s in queries.next_steps(both) if str(story.id) in s.url]


def test_a_rating_is_reviewed_before_it_is_issued_and_issued_once(cast):
    story = stories.proposed(cast)
    with pytest.raises(TransitionRefused):
        stories.issue(story)
    actions.review_rating(by=cast.bea, rating_id=story.id, note="Gates were checked.")
    stories.issue(story)
    with pytest.raises(TransitionRefused):
        stories.issue(story)
    assert events().count("rating.issued") == 1


def test_a_decision_needs_words(cast):
    story = stories.proposed(cast)
    with pytest.raises(InvalidInput):
        actions.review_rating(by=cast.bea, rating_id=story.id, note="  ")
    actions.review_rating(by=cast.bea, rating_id=story.id, note="Gates were checked.")
    with pytest.raises(InvalidInput):
        stories.issue(story, reason=" ")
    assert story.rating.state == "reviewed"


def test_a_rating_is_suspended_and_reinstated_with_reasons(cast):
    story = stories.issued(cast)
    with pytest.raises(InvalidInput):
        actions.suspend_rating(by=cast.bea, rating_id=story.id, reason="")
    actions.suspend_rating(by=cast.bea, rating_id=story.id, reason="The owner changed.")
    assert story.rating.state == "suspended"
    with pytest.raises(TransitionRefused):
        actions.suspend_rating(by=cast.bea, rating_id=story.id, reason="The owner changed again.")
    actions.reinstate_rating(by=cast.bea, rating_id=story.id, reason="The new owner confirmed.")
    assert story.rating.state == "valid"
    assert events()[-2:] == ["rating.suspended", "rating.reinstated"]
    assert queries.signatures_of(story.rating)[0].holds


@pytest.mark.parametrize(
    "person", ["ada", "odo", "lea", "quin", "sid", "bria", "pia", "cora", "rex"]
)
def test_nobody_but_the_board_takes_its_steps(cast, person):
    story = stories.issued(cast)
    before = events()
    with pytest.raises((NotPermitted, NotFound)):
        actions.suspend_rating(
            by=cast.actors[person], rating_id=story.id, reason="Because they asked."
        )
    assert (story.rating.state, events()) == ("valid", before)


@pytest.mark.requirement("R18")
def test_a_board_member_who_worked_for_the_manufacturer_decides_nothing(cast):
    """For 36 months they do not even read; after that they read, and still do not decide."""
    story = stories.proposed(cast)
    last = months_after(clock.today(), -BAR_MONTHS)
    worked = Membership(
        person=User.objects.get(pk=cast.bea.person_id),
        organisation=cast.organisations["Alder Synthesis"],
        role=Role.AUTHORISED_SIGNATORY,
        from_on=date(2020, 1, 1),
        given_at=clock.now(),
        until_on=last,
    )
    with audit.event(by=SYSTEM, what="test.set_up", on=worked, sentence="set the scene") as opened:
        opened.create(worked)
    with pytest.raises(NotFound):
        actions.review_rating(by=cast.bea, rating_id=story.id, note="All is well.")
    assert queries.ratings(cast.bea) == []
    with audit.event(by=SYSTEM, what="test.set_up", on=worked, sentence="set the scene") as opened:
        opened.update(worked, until_on=last - timedelta(days=1))
    assert len(queries.ratings(cast.bea)) == 1
    with pytest.raises(NotPermitted, match="worked for this manufacturer"):
        actions.review_rating(by=cast.bea, rating_id=story.id, note="All is well.")

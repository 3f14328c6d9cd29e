"""The steps of a rating's life: proposed, reviewed, signed and issued, suspended, reinstated."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction

from openqmm import __version__
from openqmm.apps.assessments import queries as assessments
from openqmm.apps.assessments.actions import rate_assessment
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.audit import actions as audit
from openqmm.apps.protocols.queries import protocol_of
from openqmm.apps.ratings import queries
from openqmm.apps.ratings.models import Rating
from openqmm.apps.ratings.policies import (
    board_refusal,
    issue_refusal,
    propose_refusal,
    proposer_refusal,
)
from openqmm.apps.signatures import actions as signatures
from openqmm.apps.signatures.actions import Confirmed, Means
from openqmm.core.errors import InvalidInput, NotPermitted, Problem, TransitionRefused
from openqmm.core.ratings import Bundle, Scores, rate, seal_bundle, shown_score
from openqmm.core.workflow import Actor, reason_fault
from openqmm.core.workflow.states import RATING
from openqmm.web import clock

_FORMS = {
    "report": queries.report,
    "table": queries.rating_table,
    "bundle": queries.bundle_text,
}


def propose_rating(*, by: Actor, assessment_id: Any) -> Rating:
    """Compute the rating of a final assessment, seal it in a bundle and put it before the board.

    The program administrator may. Event `rating.proposed`, on the office's trail alone: the
    facility learns of its rating when it is issued. Refused (NotPermitted, TransitionRefused) for
    an assessment that is not final, has no score, or has a rating already.
    """
    _refuse(proposer_refusal(by))
    assessment = queries.assessment_to_rate(by, assessment_id)
    rating = Rating(assessment=assessment, proposed_at=clock.now())
    with audit.event(
        by=by,
        what="rating.proposed",
        on=rating,
        sentence=f"proposed the rating of {assessment.application.facility.name}",
    ) as opened:
        locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
        rated = Rating.objects.filter(assessment=locked).exists()
        if refusal := propose_refusal(locked.state, rated=rated):
            raise TransitionRefused(refusal)
        bundle = _sealed(assessment)
        overall = bundle.rating.overall
        rating.bundle, rating.digest = bundle.text, bundle.digest
        rating.level = overall.level
        rating.score_shown = "" if overall.score is None else shown_score(overall.score)
        return opened.create(rating)


def review_rating(*, by: Actor, rating_id: Any, note: str, version: int | None = None) -> Rating:
    """Record what a board member's review of a proposed rating looked at and found.

    A board member who was not on the team may. Event `rating.reviewed`, on the office's trail.
    Refused without a note, when the rating is not proposed, or (Stale) changed since `version`.
    """
    found = queries.visible_rating(by, rating_id)
    _require_words("What the review found", note)
    with audit.event(
        by=by, what="rating.reviewed", on=found, sentence="reviewed the rating", why=note
    ) as opened:
        locked = _locked(by, found, version)
        target = RATING.require(locked.state, "review", by.role)
        return opened.update(locked, state=target, review_note=note)


def issue_rating(
    *,
    by: Actor,
    rating_id: Any,
    reason: str,
    version: int | None = None,
    **means: Unpack[Means],
) -> Rating:
    """Issue a reviewed rating under signature; it takes effect at once.

    A board member who was not on the team and did not propose it may, proving who they are. A
    facility that could not be rated is issued as not rated. Events `rating.issued` (with the
    signature over the bundle's digest, the reason and the last day, and the assessment's last step)
    and `rating.put_into_effect`, on the facility's organisation's trail. Refused without proof,
    without a reason, when what was read is not what stands, when the rating is not reviewed, or
    (Stale) changed since `version`.
    """
    found = issuable_rating(by=by, rating_id=rating_id)
    _require_words("The reason for the decision", reason)
    confirmed = signatures.confirm(by=by, paper=queries.issue_paper(found, reason), **means)
    with transaction.atomic():
        locked = _signed_and_issued(confirmed, found, reason, version)
        with audit.event(
            by=by,
            what="rating.put_into_effect",
            on=locked,
            sentence="put the rating into effect",
            organisation_id=_owner(found),
        ) as opened:
            target = RATING.require(locked.state, "take_effect", by.role)
            return opened.update(locked, state=target)


def issuable_rating(*, by: Actor, rating_id: Any) -> Rating:
    """Return a rating that the actor may sign and issue now; the refusals are those of
    `issue_rating`."""
    found = queries.visible_rating(by, rating_id)
    _refuse_issuing(by, found)
    RATING.require(found.state, "issue", by.role)
    return found


def suspend_rating(*, by: Actor, rating_id: Any, reason: str, version: int | None = None) -> Rating:
    """Suspend a valid rating: it counts nowhere, and no directory shows it, until reinstated.

    A board member who was not on the team may. Event `rating.suspended`, on the facility's
    organisation's trail. Refused without a reason, when the rating is not valid, or (Stale) changed
    since `version`.
    """
    return _step(by, rating_id, "suspend", "rating.suspended", reason, version)


def reinstate_rating(
    *, by: Actor, rating_id: Any, reason: str, version: int | None = None
) -> Rating:
    """Put a suspended rating back into effect.

    A board member who was not on the team may. Event `rating.reinstated`, on the facility's
    organisation's trail. Refused without a reason, when the rating is not suspended, or (Stale)
    changed since `version`.
    """
    return _step(by, rating_id, "reinstate", "rating.reinstated", reason, version)


def export_rating(*, by: Actor, rating_id: Any, form: str) -> tuple[str, Any]:
    """Return the facility's name and the rating as a file: its `report` (PDF), its `table` (CSV)
    or its sealed `bundle`. Whoever may see it may (NotFound), the bundle those who may have
    individual scores. Event `rating.exported` on the trail of the organisation that took it."""
    name, content = _FORMS[form](by, rating_id)
    with audit.event(
        by=by,
        what="rating.exported",
        on=Rating(pk=rating_id),
        sentence=f"took the rating of {name} away as its {form}",
    ):
        pass
    return name, content


def supersede_rating(
    *, by: Actor, rating_id: Any, reason: str, version: int | None = None
) -> Rating:
    """Declare a rating replaced: it counts nowhere any more, and its signatures are shown as
    superseded.

    A board member who was not on the team may. Event `rating.superseded`, on the facility's
    organisation's trail. Refused without a reason, or when the rating is neither valid nor
    suspended.
    """
    return _step(by, rating_id, "supersede", "rating.superseded", reason, version)


def _signed_and_issued(
    confirmed: Confirmed, found: Rating, reason: str, version: int | None
) -> Rating:
    by = confirmed.by
    with audit.event(
        by=by,
        what="rating.issued",
        on=found,
        sentence="signed and issued the rating",
        why=reason,
        organisation_id=_owner(found),
    ) as opened:
        locked = _locked(by, found, version)
        _refuse_issuing(by, locked)
        target = RATING.require(locked.state, "issue", by.role)
        paper = queries.issue_paper(locked, reason)
        signatures.sign(opened, paper=paper, confirmed=confirmed)
        opened.update(
            locked,
            state=target,
            issued_at=clock.now(),
            valid_until=queries.last_day(locked),
            decision_reason=reason,
        )
        rate_assessment(by=by, assessment=found.assessment, opened=opened)
        return locked


def _refuse_issuing(by: Actor, found: Rating) -> None:
    _refuse(
        board_refusal(by, on_team=queries.on_team(by, found), of_site=queries.of_site(by, found))
        or issue_refusal(by, proposed_by=queries.proposed_by(found))
    )


def _step(
    by: Actor, rating_id: Any, event: str, what: str, reason: str, version: int | None
) -> Rating:
    found = queries.visible_rating(by, rating_id)
    transition = RATING.transition(event)
    _require_words("The reason", reason)
    with audit.event(
        by=by,
        what=what,
        on=found,
        sentence=transition.done,
        why=reason,
        organisation_id=_owner(found),
    ) as opened:
        locked = _locked(by, found, version)
        return opened.update(locked, state=RATING.require(locked.state, event, by.role))


def _sealed(assessment: Assessment) -> Bundle:
    protocol = protocol_of(assessment.application.round.protocol)
    rows = assessments.score_rows(assessment)
    if not rows:
        raise TransitionRefused("No score is recorded for this assessment: nothing to rate.")
    (rating,) = rate(protocol, Scores.from_rows(rows)).facilities
    return seal_bundle(protocol, rows, rating, software_version=__version__)


def _locked(by: Actor, found: Rating, version: int | None) -> Rating:
    """Return the rating locked and read anew, for a board member who may decide on it, as the one
    that they read."""
    _refuse(
        board_refusal(by, on_team=queries.on_team(by, found), of_site=queries.of_site(by, found))
    )
    locked = Rating.objects.select_for_update().get(pk=found.pk)
    audit.require_version(locked, version)
    return locked


def _owner(found: Rating) -> Any:
    return found.assessment.application.facility.organisation_id


def _refuse(refusal: str | None) -> None:
    if refusal:
        raise NotPermitted(refusal)


def _require_words(name: str, words: str) -> None:
    if fault := reason_fault(words):
        raise InvalidInput("The decision", [Problem(f"{name}: {fault}")])

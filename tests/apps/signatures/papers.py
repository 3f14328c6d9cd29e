"""The records that are signed, each at the moment before and after; for every test of signing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from openqmm.apps.assessments import actions as assessments
from openqmm.apps.assessments import queries as assessment_queries
from openqmm.apps.assessments.models import Assessment, Remark
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.disclosure import queries as disclosure_queries
from openqmm.apps.disclosure.models import Disclosure
from openqmm.apps.programs import actions as programs
from openqmm.apps.programs import queries as program_queries
from openqmm.apps.programs.models import Application
from openqmm.apps.ratings import actions as ratings
from openqmm.apps.ratings import queries as rating_queries
from openqmm.apps.ratings.models import Rating
from openqmm.apps.signatures.queries import Paper
from openqmm.core.workflow import Actor
from tests.apps.assessments import stories as assessment_stories
from tests.apps.disclosure.stories import shared
from tests.apps.programs.stories import alder_draft, open_round
from tests.apps.ratings import stories as rating_stories
from tests.people import Cast


@dataclass(frozen=True)
class Unsigned:
    """A record that waits for its signature: who signs it, what, and by which action."""

    by: Actor
    rival: Actor
    paper: Callable[[], Paper]
    sign: Callable[..., Any]
    state: Callable[[], str]
    change: Callable[[OpenEvent], object]


def application(cast: Cast) -> Unsigned:
    """Alder's application, written and not signed."""
    draft = alder_draft(cast, open_round(cast))

    def now() -> Application:
        return program_queries.application(cast.sid, draft.pk)

    return Unsigned(
        cast.sid,
        cast.boris,
        lambda: program_queries.submission_paper(now()),
        lambda by, **means: programs.submit_application(by=by, application_id=draft.pk, **means),
        lambda: now().state,
        lambda opened: opened.update(now(), statement="Somebody wrote something else."),
    )


def report(cast: Cast) -> Unsigned:
    """The report of Alder's assessment, back from the factual check."""
    story = assessment_stories.consensus(cast)
    assessment_stories.add_remark(story, "strength", "Plans are made from data.")
    for event in ("draft_report", "send_for_factual_check"):
        story.advance(cast.lea, event)

    def now() -> Assessment:
        return assessment_queries.opened_to(cast.lea, story.id)

    return Unsigned(
        cast.lea,
        cast.asa,
        lambda: assessment_queries.report_paper(now()),
        lambda by, **means: assessments.sign_report(by=by, assessment_id=story.id, **means),
        lambda: story.state,
        lambda opened: opened.update(Remark.objects.get(), text="Somebody wrote something else."),
    )


def rating(cast: Cast) -> Unsigned:
    """The rating of Alder's facility, reviewed."""
    story = rating_stories.reviewed(cast)
    why = "The board agrees."
    return Unsigned(
        cast.bea,
        cast.boris,
        lambda: rating_queries.issue_paper(story.rating, why),
        lambda by, **means: ratings.issue_rating(by=by, rating_id=story.id, reason=why, **means),
        lambda: story.rating.state,
        lambda opened: opened.update(story.rating, level=5, score_shown="5.0"),
    )


UNSIGNED = {"application": application, "report": report, "rating": rating}


@dataclass(frozen=True)
class Signed:
    """Everything signed on one facility's way: its application, its report, its rating and the
    consent to share it."""

    application: Application
    assessment: Assessment
    rating: Rating
    disclosure: Disclosure
    story: rating_stories.Story


def signed(cast: Cast, **application: str) -> Signed:
    """Alder's facility with its rating shared; its application was signed by Sid too."""
    story = rating_stories.issued(cast, **application)
    consent = shared(story)
    found = story.assessment.assessment
    return Signed(found.application, found, story.rating, consent, story)


def signatures(kind: str, records: Signed) -> list[Any]:
    """Return the signatures under one of the records, as every page has them."""
    query = {
        "application": program_queries.signatures_of,
        "assessment": assessment_queries.signatures_of,
        "rating": rating_queries.signatures_of,
        "disclosure": disclosure_queries.signatures_of,
    }[kind]
    record = getattr(records, kind)
    return query(type(record).objects.get(pk=record.pk))

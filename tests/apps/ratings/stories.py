"""Ratings in every state, reached through the actions; used by the tests of other apps too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.ratings import actions, queries
from openqmm.apps.ratings.models import Rating
from tests.apps.assessments import stories as assessments
from tests.people import PASSWORD, Cast

# Lea, Asa and Abe by question of the two-area protocol: PLN means 4, held at 3 by its key question.
GATED = (
    {"PLN-01": "2", "PLN-02": "5", "PLN-03": "5", "WF-01": "4"},
    {"PLN-01": "2", "PLN-02": "5", "PLN-03": "5", "WF-01": "4"},
    {"PLN-01": "2", "PLN-02": "5", "PLN-03": "5", "WF-01": "3"},
)
NOT_RATED = ({"PLN-01": "NR"}, {"PLN-01": "NR"}, {"PLN-01": "NR"})


@dataclass(frozen=True)
class Story:
    """A rating and the people around it."""

    cast: Cast
    assessment: assessments.Story
    id: Any

    @property
    def rating(self) -> Rating:
        """The rating as the administrator reads it now."""
        return queries.visible_rating(self.cast.ada, self.id)

    @property
    def url(self) -> str:
        """Where its page is."""
        return f"/ratings/{self.id}/"


def proposed(cast: Cast, marks: Any = GATED, **application: object) -> Story:
    """A rating that Ada has proposed for the board."""
    assessment = assessments.final(cast, marks, **application)
    rating = actions.propose_rating(by=cast.ada, assessment_id=assessment.id)
    return Story(cast, assessment, rating.pk)


def reviewed(cast: Cast, marks: Any = GATED, **application: object) -> Story:
    """... that Bea has reviewed."""
    story = proposed(cast, marks, **application)
    actions.review_rating(by=cast.bea, rating_id=story.id, note="Gates and coverage were checked.")
    return story


def issued(cast: Cast, marks: Any = GATED, **application: object) -> Story:
    """... and has signed and issued."""
    story = reviewed(cast, marks, **application)
    issue(story)
    return story


def issue(story: Story, **given: Any) -> Rating:
    """Sign and issue as Bea."""
    content = {"by": story.cast.bea, "reason": "The board agrees.", "password": PASSWORD} | given
    return actions.issue_rating(rating_id=story.id, **content)

"""Ratings that are shared; used by the tests of other apps too."""

from __future__ import annotations

from typing import Any

from openqmm.apps.disclosure import actions
from openqmm.apps.disclosure.models import Disclosure
from tests.apps.ratings.stories import Story
from tests.people import PASSWORD


def shared(story: Story, **given: Any) -> Disclosure:
    """The rating with its areas, public until it ends, by Sid's signature."""
    by = given.pop("by", story.cast.sid)
    password = given.pop("password", PASSWORD)
    terms = {"scope": "areas", "audience": "public", "until_on": story.rating.valid_until}
    entry = actions.ConsentEntry(**(terms | given))
    return actions.record_consent(by=by, rating_id=story.id, entry=entry, password=password)


def shared_with_elm(story: Story, **given: Any) -> Disclosure:
    """The rating shown to Elm Hospitals alone."""
    elm = story.cast.organisations["Elm Hospitals"].pk
    return shared(story, audience="named", recipient_ids=[elm], **given)

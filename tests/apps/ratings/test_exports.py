"""A rating that leaves the platform leaves its mark."""

import pytest

from openqmm.apps.audit.models import AuditEvent
from tests.apps.ratings import stories

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R12")]


@pytest.mark.parametrize(
    ("person", "file", "form"),
    [
        ("quin", "rating.pdf", "report"),
        ("sid", "rating.csv", "table"),
        ("bea", "bundle.json", "bundle"),
    ],
)
def test_every_file_of_a_rating_is_on_the_trail_of_who_took_it(cast, person, file, form):
    story = stories.issued(cast)
    assert cast.client(person).get(f"/ratings/{story.id}/{file}").status_code == 200
    event = AuditEvent.objects.get(what="rating.exported")
    assert event.trail_id == cast.actors[person].organisation_id
    assert event.subject_id == str(story.id)
    assert event.sentence.endswith(f"away as its {form}")


def test_what_is_refused_leaves_none(cast):
    story = stories.issued(cast)
    assert cast.client("quin").get(f"/ratings/{story.id}/bundle.json").status_code == 404
    assert cast.client("bria").get(f"/ratings/{story.id}/rating.pdf").status_code == 404
    assert not AuditEvent.objects.filter(what="rating.exported").exists()

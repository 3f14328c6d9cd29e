"""The page of events says what the code can write, and nothing is written that it does not say."""

import re

import pytest

from openqmm.apps.audit.models import AuditEvent
from scripts.event_catalogue import PAGE, SOURCE, kinds, page
from tests.apps.disclosure.stories import shared
from tests.apps.ratings import stories


def test_the_page_of_events_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "run: .venv/bin/python scripts/event_catalogue.py"


@pytest.mark.requirement("R12")
def test_every_code_in_the_source_is_on_the_page_with_its_meaning():
    known = {kind.code for kind in kinds()}
    for file in SOURCE.rglob("*.py"):
        for code in re.findall(r'\bwhat="([a-z_]+\.[a-z_]+)"', file.read_text("utf-8")):
            assert code in known, f"{file}: {code}"
    assert {"rating.issued", "rating.suspended", "application.withdraw", "access.denied"} <= known
    assert [kind.code for kind in kinds() if not kind.meaning] == []


@pytest.mark.django_db
def test_every_event_of_a_whole_story_is_on_the_page(cast):
    shared(stories.issued(cast))
    written = set(AuditEvent.objects.values_list("what", flat=True))
    of_tests = {code for code in written if code.startswith("test.")}
    assert written - of_tests <= {kind.code for kind in kinds()}

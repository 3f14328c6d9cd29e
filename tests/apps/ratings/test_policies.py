"""Who may propose, decide, and have the bundle, role by role."""

from datetime import date
from uuid import uuid4

import pytest

from openqmm.apps.ratings import policies, queries
from openqmm.core.workflow import Actor, OrganisationKind, Role

OFFICE = {Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER}
TEAM = {Role.OBSERVER, Role.LEAD_ASSESSOR, Role.ASSESSOR}
SITE = {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}


@pytest.mark.parametrize("role", list(Role))
def test_every_role(role):
    by = Actor(role, "Somebody", organisation_kind=OrganisationKind.MANUFACTURER)
    assert (policies.proposer_refusal(by) is None) == (role is Role.PROGRAM_ADMINISTRATOR)
    assert (policies.board_refusal(by, on_team=False) is None) == (role is Role.RATING_BOARD_MEMBER)
    assert policies.board_refusal(by, on_team=True) is not None
    assert queries.reads_bundles(by) == (role in OFFICE | TEAM)
    assert (role in queries.READERS) == (role in OFFICE | TEAM | SITE)
    assert queries.is_site(by) == (role in SITE)


@pytest.mark.parametrize(
    ("state", "rated", "words"),
    [("final", False, None), ("final", True, "already"), ("consensus", False, "must be final")],
)
def test_when_a_rating_can_be_proposed(state, rated, words):
    refusal = policies.propose_refusal(state, rated=rated)
    assert (refusal is None) if words is None else (words in refusal)


@pytest.mark.parametrize(
    ("state", "until", "valid", "shown"),
    [
        ("valid", date(2026, 6, 30), True, "valid"),
        ("valid", date(2026, 6, 29), False, "expired"),
        ("suspended", date(2026, 6, 30), False, "suspended"),
        ("suspended", date(2026, 6, 29), False, "expired"),
        ("superseded", date(2026, 6, 29), False, "superseded"),
        ("proposed", None, False, "proposed"),
    ],
)
def test_a_rating_ends_on_its_day_recorded_or_not(state, until, valid, shown):
    today = date(2026, 6, 30)
    assert queries.is_valid(state, until, today) is valid
    assert queries.shown_state(state, until, today) == shown


@pytest.mark.parametrize(
    ("team", "site", "words"),
    [
        (False, False, None),
        (True, False, "You were on the assessment's team"),
        (False, True, "You have worked for this manufacturer"),
        (True, True, "You were on the assessment's team"),
    ],
)
def test_who_sits_on_the_board(team, site, words):
    by = Actor(Role.RATING_BOARD_MEMBER, "Bea", uuid4())
    refusal = policies.board_refusal(by, on_team=team, of_site=site)
    assert (refusal is None) if words is None else refusal.startswith(words)


def test_nobody_issues_what_they_proposed():
    by = Actor(Role.RATING_BOARD_MEMBER, "Bea", uuid4())
    own = "You proposed this rating; another board member issues it."
    assert policies.issue_refusal(by, proposed_by=by.person_id) == own
    assert policies.issue_refusal(by, proposed_by=uuid4()) is None
    assert policies.issue_refusal(by, proposed_by=None) is None
    system = Actor(Role.SYSTEM, "OpenQMM")
    assert policies.issue_refusal(system, proposed_by=None) is None


def test_a_refusal_to_propose_is_a_sentence():
    assert policies.propose_refusal("draft_report", rated=False) == (
        "The assessment is draft report; to propose a rating it must be final."
    )

"""Who may be what, and where: written down a second time, by hand."""

from __future__ import annotations

from openqmm.core.workflow import PUBLIC, ROLES_IN, SYSTEM, Actor, Role, Scope

ROLES = {
    "program_office": "observer program_administrator rating_board_member records_auditor",
    "contractor": "assessor lead_assessor records_auditor",
    "manufacturer": "authorised_signatory facility_quality_lead records_auditor",
    "consultancy": "consultant records_auditor",
    "purchaser": "purchaser_analyst records_auditor",
}


def test_each_kind_of_organisation_gives_these_roles_and_no_others() -> None:
    assert {kind.value: " ".join(sorted(roles)) for kind, roles in ROLES_IN.items()} == ROLES


def test_nobody_is_made_the_public_or_the_system() -> None:
    held = {role for roles in ROLES_IN.values() for role in roles}
    assert set(Role) - held == {Role.PUBLIC, Role.SYSTEM}
    assert Actor(Role.PUBLIC, "The public", None, None, "", None) == PUBLIC
    assert Actor(Role.SYSTEM, "OpenQMM", None, None, "", None) == SYSTEM


def test_codes_and_words() -> None:
    """The codes stand in the database and on the trail; they never change."""
    assert {role.value: role.title for role in Role} == {
        "program_administrator": "Program administrator",
        "rating_board_member": "Rating board member",
        "observer": "Observer",
        "lead_assessor": "Lead assessor",
        "assessor": "Assessor",
        "facility_quality_lead": "Facility quality lead",
        "authorised_signatory": "Authorised signatory",
        "consultant": "Consultant",
        "purchaser_analyst": "Purchaser analyst",
        "records_auditor": "Records auditor",
        "public": "Public",
        "system": "System",
    }
    assert {kind.value: kind.title for kind in ROLES_IN} == {
        "program_office": "Program office",
        "contractor": "Contractor",
        "manufacturer": "Manufacturer",
        "consultancy": "Consultancy",
        "purchaser": "Purchaser",
    }


def test_what_a_key_may_be_used_for() -> None:
    assert {scope.value: scope.title for scope in Scope} == {
        "directory:read": "Read directory",
        "protocols:read": "Read protocols",
        "ratings:read": "Read ratings",
    }

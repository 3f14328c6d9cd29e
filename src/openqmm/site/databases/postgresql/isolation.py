"""Row-level security: whose rows a statement sees and writes, whatever its WHERE clause says.

A safety net behind the scoped queries, not a second copy of the rules: it knows organisations, not
steps and states. What it is told (`openqmm.role` and the rest) holds until the transaction ends;
told nothing, it shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openqmm.site.databases.captured import APPEND_ONLY

PREFIX = "isolation_"
TOLD = ("role", "kind", "organisation", "person", "published")
"""What a scope says; an open event also tells its id and its trail."""

_TOLD = """
CREATE OR REPLACE FUNCTION openqmm_told(name text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(current_setting('openqmm.' || name, true), '')
$$
"""
# The sets below are read as the system, so that no policy calls itself; who reads is passed in. A
# SET clause of the function would say it better, and needs a superuser to make it.
_DEFINER = """LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 200
SET search_path = public, pg_temp AS $$
DECLARE
    was text := coalesce(current_setting('openqmm.role', true), '');
    own uuid := openqmm_told('organisation')::uuid;
    kind text := openqmm_told('kind');
BEGIN
    PERFORM set_config('openqmm.role', 'system', true);"""
_END = """
    PERFORM set_config('openqmm.role', was, true);
END $$
"""


def _set(signature: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {signature} {_DEFINER}{body}{_END}"


_PUBLISHED = _set(
    "openqmm_published() RETURNS SETOF uuid",
    """
    IF openqmm_told('published') = 'yes' THEN
        RETURN QUERY SELECT d.id FROM disclosure_disclosure d
            WHERE d.state = 'published' AND (d.audience = 'public' OR EXISTS (
                SELECT 1 FROM disclosure_disclosure_recipients r
                WHERE r.disclosure_id = d.id AND r.organisation_id = own));
    END IF;""",
)
_PUBLISHED_RATINGS = _set(
    "openqmm_published_ratings() RETURNS SETOF text",
    """
    RETURN QUERY SELECT d.rating_id::text FROM disclosure_disclosure d
        WHERE d.id IN (SELECT openqmm_published());""",
)
_APPLICATIONS = _set(
    "openqmm_applications(reader text, published boolean) RETURNS SETOF uuid",
    """
    IF published THEN
        RETURN QUERY SELECT s.application_id FROM assessments_assessment s
            JOIN ratings_rating r ON r.assessment_id = s.id
            JOIN disclosure_disclosure d ON d.rating_id = r.id
            WHERE d.id IN (SELECT openqmm_published());
    END IF;
    IF reader = 'observer' THEN
        RETURN QUERY SELECT s.application_id FROM assessments_assessment s
            JOIN assessments_teammember t ON t.assessment_id = s.id
            WHERE t.person_id = openqmm_told('person')::uuid;
    ELSIF kind = 'program_office' THEN
        -- The office never learns of a draft.
        RETURN QUERY SELECT a.id FROM programs_application a WHERE a.submitted_at IS NOT NULL;
    ELSIF kind = 'contractor' THEN
        RETURN QUERY SELECT s.application_id FROM assessments_assessment s
            WHERE s.contractor_id = own;
    ELSIF kind = 'manufacturer' THEN
        RETURN QUERY SELECT a.id FROM programs_application a
            JOIN facilities_facility f ON f.id = a.facility_id WHERE f.organisation_id = own;
    END IF;""",
)
_FACILITIES = _set(
    "openqmm_facilities(reader text, published boolean) RETURNS SETOF uuid",
    """
    RETURN QUERY SELECT a.facility_id FROM programs_application a
        WHERE a.id IN (SELECT openqmm_applications(reader, published));""",
)
_CLIENTS = _set(
    "openqmm_clients(reader text) RETURNS SETOF uuid",
    """
    IF kind = 'contractor' THEN
        RETURN QUERY SELECT f.organisation_id FROM facilities_facility f
            WHERE f.id IN (SELECT openqmm_facilities(reader, false));
    END IF;
    RETURN QUERY SELECT m.organisation_id FROM accounts_membership m
        WHERE m.person_id = openqmm_told('person')::uuid;""",
)
_OWN_FACILITIES = _set(
    "openqmm_own_facilities() RETURNS SETOF uuid",
    """
    RETURN QUERY SELECT f.id FROM facilities_facility f WHERE f.organisation_id = own;""",
)
_ASSESSMENTS = _set(
    "openqmm_assessments(reader text, published boolean) RETURNS SETOF uuid",
    """
    RETURN QUERY SELECT s.id FROM assessments_assessment s
        WHERE s.application_id IN (SELECT openqmm_applications(reader, published));""",
)
_RATINGS = _set(
    "openqmm_ratings(reader text) RETURNS SETOF uuid",
    """
    RETURN QUERY SELECT r.id FROM ratings_rating r
        WHERE r.assessment_id IN (SELECT openqmm_assessments(reader, false));""",
)
_DISCLOSURES = _set(
    "openqmm_disclosures(reader text) RETURNS SETOF uuid",
    """
    IF kind IN ('program_office', 'manufacturer') THEN
        RETURN QUERY SELECT d.id FROM disclosure_disclosure d
            WHERE d.rating_id IN (SELECT openqmm_ratings(reader));
    END IF;""",
)
_RECORDS = _set(
    "openqmm_records(reader text) RETURNS SETOF text",
    """
    RETURN QUERY SELECT found.id::text FROM (
        SELECT openqmm_applications(reader, false) AS id
        UNION ALL SELECT openqmm_assessments(reader, false)
        UNION ALL SELECT openqmm_ratings(reader)
        UNION ALL SELECT openqmm_disclosures(reader)
        UNION ALL SELECT openqmm_facilities(reader, false)
        UNION ALL SELECT openqmm_own_facilities()
    ) found;""",
)
FUNCTIONS = (
    _TOLD,
    _PUBLISHED,
    _PUBLISHED_RATINGS,
    _APPLICATIONS,
    _FACILITIES,
    _CLIENTS,
    _OWN_FACILITIES,
    _ASSESSMENTS,
    _RATINGS,
    _DISCLOSURES,
    _RECORDS,
)

# Each in a subquery of its own, so that it is worked out once a statement and not once a row.
_SYSTEM = "(SELECT openqmm_told('role') = 'system')"
_SOMEBODY = "(SELECT openqmm_told('role') IS NOT NULL)"
_UNKNOWN = "(SELECT openqmm_told('role') = 'public')"
_OFFICE = "(SELECT openqmm_told('kind') = 'program_office')"
_SCORING = "(SELECT openqmm_told('kind') IN ('program_office', 'contractor'))"
_DISCLOSING = "(SELECT openqmm_told('kind') IN ('program_office', 'manufacturer'))"
_OWN = "(SELECT openqmm_told('organisation')::uuid)"
_PERSON = "(SELECT openqmm_told('person')::uuid)"
_READER = "openqmm_told('role')"
_INSTALLATION = "'00000000-0000-0000-0000-000000000000'::uuid"
_OPEN = "(SELECT openqmm_told('event')::uuid)"

_TEAM = (
    "(SELECT openqmm_told('kind') = 'contractor' OR openqmm_told('role') = 'observer') "
    f"AND facility_id IN (SELECT openqmm_facilities({_READER}, false))"
)
_OF_PERSON = f"{_OFFICE} OR person_id = {_PERSON}"
_DISCLOSED = f"id IN (SELECT openqmm_disclosures({_READER}))"
_OF_APPLICATION = f"application_id IN (SELECT openqmm_applications({_READER}, false))"
_OF_ASSESSMENT = f"assessment_id IN (SELECT openqmm_assessments({_READER}, false))"
_INSTALLATIONS = f"({_OFFICE} AND trail_id = {_INSTALLATION})"
_OWN_TRAIL = (
    f"trail_id = {_OWN} OR actor_id = {_PERSON} OR actor_organisation_id = {_OWN} "
    f"OR {_INSTALLATIONS} OR ({_OFFICE} AND subject_type LIKE 'accounts.%')"
)
# Of another organisation's trail one sees where it ends while one writes to it, and may write there
# as the office, as one of its own people, on having been given its facility to assess, and as
# somebody unknown (who typed a wrong password).
_HEAD = (
    f"trail_id = {_OWN} OR (trail_id = (SELECT openqmm_told('trail')::uuid) AND ({_OFFICE} "
    f"OR {_UNKNOWN} OR ({_SOMEBODY} AND trail_id = {_INSTALLATION}) "
    f"OR trail_id IN (SELECT openqmm_clients({_READER}))))"
)


@dataclass(frozen=True, slots=True)
class Isolated:
    """Whose rows a table holds: which may be read, which changed or removed (None: the same;
    "false": by the system alone), and what a new or changed row must be (None: one of those)."""

    read: str
    write: str | None = None
    new: str | None = None


TABLES = {
    "accounts_membership": Isolated(
        f"{_OFFICE} OR organisation_id = {_OWN} OR person_id = {_PERSON}",
        f"{_OFFICE} OR organisation_id = {_OWN}",
    ),
    "accounts_interest": Isolated(_OF_PERSON),
    "accounts_invitation": Isolated(_OF_PERSON),
    "accounts_factorreset": Isolated(_OF_PERSON),
    "accounts_identitycheck": Isolated(_OF_PERSON),
    "accounts_accessreview": Isolated(f"{_OFFICE} OR organisation_id = {_OWN}"),
    "accounts_reviewedmembership": Isolated(
        "EXISTS (SELECT 1 FROM accounts_accessreview r WHERE r.id = review_id)"
    ),
    "accounts_apikey": Isolated(
        f"{_OFFICE} OR membership_id IN "
        f"(SELECT m.id FROM accounts_membership m WHERE m.person_id = {_PERSON})"
    ),
    "facilities_facility": Isolated(
        f"organisation_id = {_OWN} OR id IN (SELECT openqmm_facilities({_READER}, true))",
        f"organisation_id = {_OWN}",
    ),
    "evidence_evidencefile": Isolated(
        f"organisation_id = {_OWN} OR ({_TEAM})",
        f"organisation_id = {_OWN}",
        f"organisation_id = {_OWN} AND facility_id IN (SELECT openqmm_own_facilities())",
    ),
    "programs_application": Isolated(
        f"id IN (SELECT openqmm_applications({_READER}, true))",
        f"id IN (SELECT openqmm_applications({_READER}, false))",
        f"facility_id IN (SELECT openqmm_own_facilities()) "
        f"OR facility_id IN (SELECT openqmm_facilities({_READER}, false))",
    ),
    "programs_programconfiguration": Isolated(_OFFICE),
    # Nobody reads a seed before its draw is published; afterwards it stands with the round.
    "programs_roundseed": Isolated("false"),
    "programs_criteriondecision": Isolated(f"{_OFFICE} AND {_OF_APPLICATION}"),
    "programs_letter": Isolated(
        f"{_DISCLOSING} AND {_OF_APPLICATION}", f"{_OFFICE} AND {_OF_APPLICATION}"
    ),
    "assessments_assessment": Isolated(
        f"application_id IN (SELECT openqmm_applications({_READER}, true))",
        f"application_id IN (SELECT openqmm_applications({_READER}, false))",
    ),
    "assessments_teammember": Isolated(_OF_ASSESSMENT),
    "assessments_score": Isolated(f"{_SCORING} AND {_OF_ASSESSMENT}"),
    "assessments_consensus": Isolated(f"{_SCORING} AND {_OF_ASSESSMENT}"),
    "assessments_remark": Isolated(_OF_ASSESSMENT),
    "ratings_rating": Isolated(
        f"assessment_id IN (SELECT openqmm_assessments({_READER}, true))", _OF_ASSESSMENT
    ),
    "disclosure_disclosure": Isolated(
        f"{_DISCLOSED} OR id IN (SELECT openqmm_published())",
        f"{_DISCLOSING} AND rating_id IN (SELECT openqmm_ratings({_READER}))",
    ),
    "disclosure_disclosure_recipients": Isolated(
        f"organisation_id = {_OWN} OR disclosure_{_DISCLOSED}", f"disclosure_{_DISCLOSED}"
    ),
    "audit_auditevent": Isolated(
        f"{_OWN_TRAIL} OR subject_id IN (SELECT openqmm_records({_READER}))",
        f"id = {_OPEN} AND ({_HEAD})",
    ),
    # Written by the capturing trigger alone, as the system.
    "audit_auditchange": Isolated(
        f"event_id = {_OPEN} OR EXISTS (SELECT 1 FROM audit_auditevent e "
        f"WHERE e.id = event_id AND ({_OWN_TRAIL}))",
        "false",
    ),
    "audit_trailhead": Isolated(f"{_HEAD} OR {_INSTALLATIONS}", _HEAD),
    "audit_anchoredhead": Isolated(f"trail_id = {_OWN} OR {_INSTALLATIONS}", "false"),
    "audit_doneonce": Isolated(f"person_id = {_PERSON}"),
    "audit_trailreview": Isolated(f"trail_id = {_OWN}"),
    "audit_reviewedevent": Isolated(
        "EXISTS (SELECT 1 FROM audit_trailreview r WHERE r.id = review_id)"
    ),
    "audit_signature": Isolated(
        f"signer_id = {_PERSON} OR record_id IN (SELECT openqmm_records({_READER})) "
        "OR record_id IN (SELECT openqmm_published_ratings())",
        f"signer_id = {_PERSON}",
    ),
}
"""Tables whose rows belong to somebody."""
SHARED = frozenset(
    {
        # Sign-in finds a person by address before anybody is known to be there.
        "accounts_user",
        # A signatory chooses purchasers by name, the office contractors.
        "accounts_organisation",
        # Public files, announced rounds and sealed protocols belong to nobody.
        "facilities_citation",
        "facilities_complianceaction",
        "facilities_drugproduct",
        "facilities_establishment",
        "facilities_form483",
        "facilities_importalertentry",
        "facilities_inspection",
        "facilities_recall",
        "facilities_recordsource",
        "facilities_shortage",
        # Which site a public record is about; who applied is no part of it.
        "facilities_recordlink",
        "programs_round",
        "protocols_protocolversion",
        # Roots over every trail, which tell of none of them.
        "audit_anchor",
    }
)
"""Tables of ours that everybody's statements see as a whole."""


def policies() -> dict[tuple[str, str], str]:
    """Return the statement that makes each policy, by table and policy name."""
    return {
        (table, f"{PREFIX}{verb.lower()}"): (
            f"CREATE POLICY {PREFIX}{verb.lower()} ON {table} FOR {verb} {clause}"
        )
        for table, rows in TABLES.items()
        for verb, clause in _clauses(table, rows)
    }


def _clauses(table: str, rows: Isolated) -> Iterator[tuple[str, str]]:
    read = f"{_SYSTEM} OR ({rows.read})"
    write = f"{_SYSTEM} OR ({rows.write or rows.read})"
    new = f"{_SYSTEM} OR ({rows.new or rows.write or rows.read})"
    yield "SELECT", f"USING ({read})"
    yield "INSERT", f"WITH CHECK ({new})"
    if table not in APPEND_ONLY:
        yield "UPDATE", f"USING ({write}) WITH CHECK ({new})"
        yield "DELETE", f"USING ({write})"

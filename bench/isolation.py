"""What row-level security costs on PostgreSQL: lists of each role over 200 facilities and 200,000
events.

Usage: python scripts/with_postgresql.py python bench/isolation.py
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

FACILITIES, EVENTS, ROUNDS = 200, 200_000, 15

SEED = f"""
INSERT INTO accounts_organisation SELECT md5('office')::uuid, 'Office', 'program_office', 'USA';
INSERT INTO accounts_organisation
    SELECT md5('c' || i)::uuid, 'Contractor ' || i, 'contractor', 'USA'
    FROM generate_series(1, 5) i;
INSERT INTO accounts_organisation
    SELECT md5('m' || i)::uuid, 'Maker ' || i, 'manufacturer', 'USA'
    FROM generate_series(1, {FACILITIES}) i;
INSERT INTO accounts_user (id, email, full_name, password, is_active, date_joined)
    SELECT md5('u' || i)::uuid, i || '@example.org', 'Person ' || i, '', true, now()
    FROM generate_series(0, {FACILITIES}) i;
INSERT INTO protocols_protocolversion (id, protocol_id, version, title, digest, source, sealed_at)
    VALUES (md5('p')::uuid, 'p', '1', 'P', 'p', '', now());
INSERT INTO programs_round (id, program_id, name, state, protocol_id, cap, opens_on, closes_on)
    VALUES (md5('r')::uuid, 'pilot-api', 'R', 'assessing', md5('p')::uuid, 9, now(), now());
INSERT INTO facilities_facility
    (id, organisation_id, name, fei, duns, address, country, facility_type)
    SELECT md5('f' || i)::uuid, md5('m' || i)::uuid, 'F ' || i, i, '', '', 'USA', 'API'
    FROM generate_series(1, {FACILITIES}) i;
INSERT INTO programs_application (id, round_id, facility_id, state, contact_name, contact_email,
    products, size_band, statement, clean_record, in_commerce, submitted_at, screening, reason,
    information)
    SELECT md5('a' || i)::uuid, md5('r')::uuid, md5('f' || i)::uuid, 'rated', '', '', '', 'small',
    '', true, true, now(), '{{}}', '', '' FROM generate_series(1, {FACILITIES}) i;
INSERT INTO assessments_assessment (id, application_id, contractor_id, state)
    SELECT md5('s' || i)::uuid, md5('a' || i)::uuid, md5('c' || (i % 5 + 1))::uuid, 'rated'
    FROM generate_series(1, {FACILITIES}) i;
INSERT INTO assessments_score (id, assessment_id, assessor_id, question_id, mark, rationale,
    evidence_types, complete, scored_at, version)
    SELECT gen_random_uuid(), md5('s' || i)::uuid, md5('u' || p)::uuid, 'Q' || q, '3', '', '[]',
    true, now(), 1
    FROM generate_series(1, {FACILITIES}) i, generate_series(0, 2) p, generate_series(1, 88) q;
INSERT INTO ratings_rating (id, assessment_id, state, bundle, digest, level, score_shown,
    proposed_at, review_note, decision_reason, issued_at, valid_until)
    SELECT md5('g' || i)::uuid, md5('s' || i)::uuid, 'valid', '', '', 3, '3.0', now(), '', '',
    now(), now() + interval '1 year' FROM generate_series(1, {FACILITIES}) i;
INSERT INTO disclosure_disclosure (id, rating_id, state, scope, audience, until_on, consented_at,
    reason)
    SELECT md5('d' || i)::uuid, md5('g' || i)::uuid, 'published', 'areas', 'public',
    now() + interval '1 year', now(), '' FROM generate_series(1, {FACILITIES}) i;
INSERT INTO audit_auditevent (id, trail_id, seq, at, actor_id, actor_name, actor_role,
    actor_organisation_id, what, sentence, why, subject_type, subject_id, salt, content, prev, leaf)
    SELECT gen_random_uuid(), md5('m' || (i % {FACILITIES} + 1))::uuid, i / {FACILITIES},
    now() - i * interval '1 second', md5('u' || (i % {FACILITIES} + 1))::uuid, 'P', 'assessor',
    md5('m' || (i % {FACILITIES} + 1))::uuid, 'score.recorded', 'recorded', '',
    'programs.Application', md5('a' || (i % {FACILITIES} + 1))::uuid::text, '', '', i, i
    FROM generate_series(1, {EVENTS}) i;
INSERT INTO audit_auditchange (event_id, table_name, record_id, after)
    SELECT id, 'x', 'x', '{{}}' FROM audit_auditevent;
"""


def main() -> None:
    """Fill a database, then print the median of each list for each role, with and without."""
    os.environ.setdefault("OPENQMM_DATA", tempfile.mkdtemp(prefix="openqmm-bench-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openqmm.site.settings")
    import django

    django.setup()
    _fill()
    _measure()


def _fill() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.as_owner(), connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for verb in ("DISABLE", "ENABLE"):
            for table in tables:
                cursor.execute(f'ALTER TABLE "{table}" {verb} TRIGGER USER')
            if verb == "DISABLE":
                cursor.execute(SEED)
        cursor.execute("ANALYZE")


def _measure() -> None:
    from openqmm.apps.assessments import queries as assessments
    from openqmm.apps.audit import queries as audit
    from openqmm.apps.disclosure import queries as disclosure
    from openqmm.apps.facilities import queries as facilities
    from openqmm.apps.programs import queries as programs
    from openqmm.apps.programs.models import Application
    from openqmm.apps.ratings import queries as ratings
    from openqmm.core.workflow import PUBLIC, Role

    lists: dict[str, tuple[Any, Callable[[Any], Any]]] = {
        "office: applications": (_office(), programs.application_rows),
        "office: facilities": (_office(), facilities.facilities),
        "office: ratings": (_office(Role.RATING_BOARD_MEMBER), ratings.ratings),
        "office: assessments": (_office(), lambda by: list(assessments.assessments(by))),
        "office: an application's history": (
            _office(),
            lambda by: audit.timeline(Application(pk=_id("a7"))),
        ),
        "office: 50 of its trail": (
            _office(Role.RECORDS_AUDITOR),
            lambda by: list(audit.trail(by)[:50]),
        ),
        "maker: applications": (_maker(), programs.application_rows),
        "maker: an application's history": (
            _maker(),
            lambda by: audit.timeline(Application(pk=_id("a7"))),
        ),
        "maker: 50 of its trail with changes": (
            _maker(Role.RECORDS_AUDITOR),
            lambda by: audit.entries(audit.trail(by)[:50]),
        ),
        "maker: the length of its trail": (
            _maker(Role.RECORDS_AUDITOR),
            lambda by: audit.trail(by).count(),
        ),
        "maker: no filter at all, events": (_maker(), lambda by: _count("audit_auditevent")),
        "maker: no filter at all, changes": (_maker(), lambda by: _count("audit_auditchange")),
        "contractor: no filter at all, scores": (
            _contractor(),
            lambda by: _count("assessments_score"),
        ),
        "public: directory": (PUBLIC, disclosure.directory),
    }
    print(f"{'list':42} {'own ms':>8} {'system ms':>10} {'rows':>7}")
    for name, (by, read) in lists.items():
        own, found = _timed(by, by, read)
        as_system, _ = _timed(_system(), by, read)
        print(f"{name:42} {own:8.1f} {as_system:10.1f} {found:7}")


def _timed(reader: Any, by: Any, read: Callable[[Any], Any]) -> tuple[float, int]:
    from openqmm.web import tenancy

    taken, found = [], 0
    for _ in range(ROUNDS):
        with tenancy.scope(reader):
            start = time.perf_counter()
            result = read(by)
            taken.append((time.perf_counter() - start) * 1000)
            found = result if isinstance(result, int) else len(result)
    return statistics.median(taken), found


def _count(table: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])


def _id(name: str) -> Any:
    import hashlib
    from uuid import UUID

    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


def _actor(role: Any, organisation: str, person: str, kind: Any) -> Any:
    from openqmm.core.workflow import Actor

    return Actor(role, "P", _id(person), _id(organisation), organisation, kind)


def _office(role: Any = None) -> Any:
    from openqmm.core.workflow import OrganisationKind, Role

    return _actor(
        role or Role.PROGRAM_ADMINISTRATOR, "office", "u0", OrganisationKind.PROGRAM_OFFICE
    )


def _maker(role: Any = None) -> Any:
    from openqmm.core.workflow import OrganisationKind, Role

    return _actor(role or Role.AUTHORISED_SIGNATORY, "m7", "u7", OrganisationKind.MANUFACTURER)


def _contractor() -> Any:
    from openqmm.core.workflow import OrganisationKind, Role

    return _actor(Role.LEAD_ASSESSOR, "c1", "u1", OrganisationKind.CONTRACTOR)


def _system() -> Any:
    from openqmm.core.workflow import SYSTEM

    return SYSTEM


if __name__ == "__main__":
    sys.exit(main())

"""Two rivals in one database, read in plain SQL, and whose each row is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from openqmm.apps.accounts.actions import add_membership, add_organisation, add_person
from openqmm.apps.accounts.models import (
    AccessReview,
    ApiKey,
    FactorReset,
    Interest,
    Invitation,
    Membership,
    ReviewedMembership,
)
from openqmm.apps.assessments.models import Consensus, Remark
from openqmm.apps.audit.models import DoneOnce, ReviewedEvent, TrailReview
from openqmm.apps.programs.actions import copy_program
from openqmm.apps.programs.models import CriterionDecision, Letter
from openqmm.core.workflow import PUBLIC, SYSTEM, Actor, OrganisationKind, Role
from openqmm.web import clock, tenancy
from tests.apps.disclosure.stories import shared, shared_with_elm
from tests.apps.evidence.stories import evidence
from tests.apps.programs import stories as programs
from tests.apps.ratings import stories
from tests.arranging import arranged
from tests.people import Cast, assemble
from tests.site.worlds import mirrored

# How each table says whose a row is: by plain joins, independently of the policies.
_FACILITY = "JOIN facilities_facility f ON f.id = a.facility_id"
_APPLIED = f"x JOIN programs_application a ON a.id = x.application_id {_FACILITY}"
_ASSESSED = f"JOIN programs_application a ON a.id = s.application_id {_FACILITY}"
_OF = f"x JOIN assessments_assessment s ON s.id = x.assessment_id {_ASSESSED}"
_SHARED = (
    "d JOIN ratings_rating r ON r.id = d.rating_id "
    f"JOIN assessments_assessment s ON s.id = r.assessment_id {_ASSESSED}"
)
_JOINED = {
    "facilities_facility": "f",
    "programs_application": f"a {_FACILITY}",
    "programs_criteriondecision": _APPLIED,
    "programs_letter": _APPLIED,
    "assessments_assessment": f"s {_ASSESSED}",
    "assessments_teammember": _OF,
    "assessments_score": _OF,
    "assessments_consensus": _OF,
    "assessments_remark": _OF,
    "ratings_rating": _OF,
    "evidence_evidencefile": "x JOIN facilities_facility f ON f.id = x.facility_id",
    "disclosure_disclosure": _SHARED,
    "disclosure_disclosure_recipients": (
        f"x JOIN disclosure_disclosure d ON d.id = x.disclosure_id {_SHARED.removeprefix('d ')}"
    ),
}
OWNERS = {
    table: f"SELECT {joined[0]}.id, f.organisation_id FROM {table} {joined}"
    for table, joined in _JOINED.items()
}
MARKS = {"assessments_score", "assessments_consensus"}
SCREENING = {"programs_criteriondecision"}
LETTERS = {"programs_letter"}
DISCLOSING = {"disclosure_disclosure", "disclosure_disclosure_recipients"}
OFFICES = {"programs_programconfiguration": True, "programs_roundseed": False}
"""Tables that no organisation but the office has a part of, and whether the office reads them."""
ACCESS = {
    "accounts_interest": "person_id",
    "accounts_invitation": "person_id",
    "accounts_factorreset": "person_id",
    "accounts_identitycheck": "person_id",
    "accounts_accessreview": "reviewer_id",
    "accounts_reviewedmembership": (
        "(SELECT reviewer_id FROM accounts_accessreview r WHERE r.id = review_id)"
    ),
    "audit_doneonce": "person_id",
    "audit_trailreview": "reviewer_id",
    "audit_reviewedevent": "(SELECT reviewer_id FROM audit_trailreview r WHERE r.id = review_id)",
    "accounts_apikey": "(SELECT person_id FROM accounts_membership m WHERE m.id = membership_id)",
}
"""Tables about a person's access, and whom a row is about (here its reviewer is of the same
organisation)."""
ALL_ISOLATED = {
    *OWNERS,
    *ACCESS,
    "accounts_membership",
    *OFFICES,
    "audit_auditevent",
    "audit_auditchange",
    "audit_trailhead",
    "audit_anchoredhead",
    "audit_signature",
}


@dataclass
class World:
    """Two rivals, rated by one contractor, each sharing in public and with Elm; and a stranger."""

    cast: Cast
    alder: Any
    birch: Any
    stranger: Actor

    def actor(self, name: str) -> Actor:
        people = {"nobody": PUBLIC, "system": SYSTEM, "stranger": self.stranger}
        return people.get(name) or self.cast.actors[name]


@contextmanager
def rivals() -> Iterator[World]:
    """Tell the story, hand it out, and undo it."""
    with transaction.atomic(), tenancy.scope(SYSTEM):
        cast = assemble()
        for rival, given in ((cast, {}), (mirrored(cast), _BIRCH)):
            rated = stories.issued(rival, **given)
            shared(rated)
            shared_with_elm(rated)
            _discussed(rated)
            _admitted(rival.quin)
            _answered(rated)
            evidence(rival.quin, rated.assessment.assessment.application.facility_id)
        programs.written(cast.quin, programs.open_round(cast, "2031-A"), "3009999977", "Unit 7")
        copy_program(by=cast.ada, copied_from="pilot-api", program_id="own-api", title="Our own")
        yield World(
            cast,
            cast.organisations["Alder Synthesis"].pk,
            cast.organisations["Birch Pharma"].pk,
            _stranger(),
        )
        transaction.set_rollback(True)


_BIRCH = {"name": "Birch Works", "fei": "3009999902"}


def _discussed(rated: stories.Story) -> None:
    """Give the assessment a decision of its team and a remark, which its story has none of."""
    with arranged() as opened:
        of = {"assessment_id": rated.assessment.id}
        lea, now = rated.cast.lea.person_id, clock.now()
        opened.create(
            Consensus(
                question_id="x", mark="3", reason="x", decided_by_id=lea, decided_at=now, **of
            )
        )
        opened.create(Remark(kind="strength", area_id="x", text="x", **of))


def _answered(rated: stories.Story) -> None:
    """Let the office have decided a criterion of the application, and have written a letter."""
    of, now = {"application": rated.assessment.assessment.application}, clock.now()
    with arranged() as opened:
        opened.create(
            CriterionDecision(
                criterion="x",
                about="x",
                verdict="met",
                reason="x",
                decided_at=now,
                decided_by_id=rated.cast.ada.person_id,
                **of,
            )
        )
        opened.create(Letter(kind="selected", subject="x", body="x", sent_at=now, **of))


def _admitted(person: Actor) -> None:
    """Give a person one row of everything that is kept about access."""
    about = {"person_id": person.person_id}
    where = {"organisation_id": person.organisation_id}
    day, now = clock.today(), clock.now()
    membership = Membership.objects.get(**about)
    with arranged() as opened:
        opened.create(Interest(nature="x", from_on=day, declared_at=now, **about, **where))
        unlike = str(person.person_id)
        opened.create(Invitation(digest=unlike, made_at=now, expires_at=now, **about))
        opened.create(FactorReset(reason="x", asked_at=now, **about))
        review = AccessReview(
            reviewer_id=person.person_id, reviewed_at=now, confirmed=1, ended=0, **where
        )
        opened.create(review)
        looked = TrailReview(
            trail_id=person.organisation_id,
            from_on=day,
            until_on=day,
            reviewer_id=person.person_id,
            opened_at=now,
        )
        opened.create(looked)
        sent = DoneOnce(key=unlike, content="x", route="/", at=now, **about)
        opened.create(sent)
        opened.create(ReviewedEvent(review=looked, event_id=looked.pk, position=0))
        opened.create(ReviewedMembership(review=review, membership=membership, confirmed=True))
        opened.create(
            ApiKey(
                membership=membership,
                name="x",
                prefix=unlike[:20],
                digest=unlike,
                made_at=now,
                expires_on=day,
            )
        )


def _stranger() -> Actor:
    """A lead assessor of another contractor, which has been given nothing to assess."""
    firm = add_organisation(
        by=SYSTEM, name="Fir Assessors", kind=OrganisationKind.CONTRACTOR, country="USA"
    )
    person = add_person(by=SYSTEM, email="fay@example.org", full_name="Fay Test")
    role = Role.LEAD_ASSESSOR
    add_membership(by=SYSTEM, person=person, organisation=firm, role=role, from_on=date(2020, 1, 1))
    return Actor(role, "Fay Test", person.pk, firm.pk, firm.name, OrganisationKind.CONTRACTOR)


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def ids(table: str) -> set[Any]:
    return {id_ for (id_,) in rows(f"SELECT id FROM {table}")}


def count(table: str) -> int:
    return rows(f"SELECT count(*) FROM {table}")[0][0]


def by_owner(world: World, table: str) -> dict[str, set[Any]]:
    """Return a table's rows by whose they are, read as the system."""
    names = {world.alder: "alder", world.birch: "birch"}
    found: dict[str, set[Any]] = {"alder": set(), "birch": set()}
    for id_, owner in rows(OWNERS[table]):
        found[names[owner]].add(id_)
    return found


_UNSENT = (
    "SELECT id FROM programs_application WHERE submitted_at IS NULL",
    "SELECT id FROM facilities_facility WHERE id NOT IN "
    "(SELECT facility_id FROM programs_application WHERE submitted_at IS NOT NULL)",
)


def expected_ids(world: World, person: str, table: str) -> set[Any]:
    """Return the rows of a table that belong to a person's organisation, or that it works on."""
    owned = by_owner(world, table)
    every = owned["alder"] | owned["birch"]
    drafts = {id_ for statement in _UNSENT for (id_,) in rows(statement)}
    match person:
        case "system":
            return every
        case "quin" | "sid" | "bria" | "boris" if table in MARKS | SCREENING:
            return set()
        case "quin" | "sid":
            return owned["alder"]
        case "bria" | "boris":
            return owned["birch"]
        case "lea" | "zoe":
            return set() if table in DISCLOSING | LETTERS | SCREENING else every - drafts
        case "ada" | "bea" | "rex" if table == "evidence_evidencefile":
            return set()
        case "ada" | "bea" | "rex":
            return every - drafts
        case "odo" if table not in DISCLOSING | LETTERS | SCREENING:
            return every - drafts
        case "pia" if table == "disclosure_disclosure_recipients":
            return every
    return set()


def address() -> dict[str, Any]:
    """Return where another connection to the same database finds it, as the running role."""
    params = connection.get_connection_params()
    return {name: params[name] for name in ("dbname", "user", "password", "host", "port")}

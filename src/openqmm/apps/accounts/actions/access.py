"""The quarterly recertification, the export of who has access, and declared other work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.people import end_within
from openqmm.apps.accounts.actions.rules import forbid, require
from openqmm.apps.accounts.models import AccessReview, Interest, Organisation, ReviewedMembership
from openqmm.apps.audit import actions as audit
from openqmm.core.workflow import Actor
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class Work:
    """Work of a person for an organisation, outside any membership."""

    organisation_id: Any
    nature: str
    from_on: date
    until_on: date | None = None


def recertify(
    *, by: Actor, organisation_id: Any, endings: Mapping[str, str], confirmed: frozenset[str]
) -> AccessReview:
    """Record that each membership shown was confirmed, or end it with a reason (`endings`); event
    `access.recertified` with the counts on the organisation's trail.

    An administrator may for every organisation, a board member for the office's administrators;
    nobody for themselves (NotPermitted, NotFound). Refused (TransitionRefused) unless every
    membership that waits is decided.
    """
    forbid(policies.reviewer_refusal(by))
    organisation = queries.reviewed_organisation(by, organisation_id)
    review = AccessReview(
        organisation=organisation,
        reviewer_id=by.person_id,
        reviewed_at=clock.now(),
        confirmed=len(confirmed),
        ended=len(endings),
    )
    with audit.event(
        by=by,
        what="access.recertified",
        on=review,
        sentence=(
            f"recertified the access of {organisation}: {len(confirmed)} confirmed, "
            f"{len(endings)} ended"
        ),
        why="; ".join(endings.values()),
        organisation_id=organisation.pk,
    ) as opened:
        # Two reviews at once would each see the other's memberships as still open.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        shown = [item.membership for item in queries.to_review(by, organisation_id)]
        chosen = [*endings, *confirmed]
        require(policies.review_refusal(by, chosen, shown, list(endings.values())))
        opened.create(review)
        for membership in shown:
            kept = str(membership.pk) in confirmed
            if not kept:
                end_within(opened, membership.pk, endings[str(membership.pk)])
            opened.create(ReviewedMembership(review=review, membership=membership, confirmed=kept))
        return review


def export_access(*, by: Actor, day: date) -> str:
    """Return who held which role where on a day as CSV; event `access.exported` on the office's
    trail. For the office's administrators and its records auditor (NotFound)."""
    held = queries.access_on(by, day)
    with audit.event(
        by=by,
        what="access.exported",
        on=Organisation(pk=by.organisation_id),
        sentence=f"exported who had access on {day}: {len(held)} roles",
    ):
        return queries.access_csv(held, day)


def declare_interest(*, by: Actor, person_id: Any, work: Work) -> Interest:
    """Record that a person works or worked for an organisation outside any membership; from then
    on, and for 36 months after it ended, they see nothing of it that is not public. Event
    `person.interest_declared` on the trail of their organisation. A program administrator may
    (NotPermitted); refused (TransitionRefused) without words or with days in the wrong order."""
    forbid(policies.keeper_refusal(by))
    person = queries.known_person(by, person_id)
    organisation = queries.known_organisation(by, work.organisation_id)
    row = Interest(
        person=person,
        organisation=organisation,
        nature=work.nature.strip(),
        from_on=work.from_on,
        until_on=work.until_on,
        declared_at=clock.now(),
    )
    with audit.event(
        by=by,
        what="person.interest_declared",
        on=person,
        sentence=f"recorded that {person.full_name} does other work that bars them",
        organisation_id=queries.home_of(person),
    ) as opened:
        require(policies.reason_refusal(work.nature))
        require(policies.days_refusal(work.from_on, work.until_on))
        return opened.create(row)

"""Who acts: a person, in one role, for one organisation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may be within an organisation; each has its own view of the program."""

    PROGRAM_ADMINISTRATOR = "program_administrator"
    RATING_BOARD_MEMBER = "rating_board_member"
    OBSERVER = "observer"
    LEAD_ASSESSOR = "lead_assessor"
    ASSESSOR = "assessor"
    FACILITY_QUALITY_LEAD = "facility_quality_lead"
    AUTHORISED_SIGNATORY = "authorised_signatory"
    CONSULTANT = "consultant"
    PURCHASER_ANALYST = "purchaser_analyst"
    RECORDS_AUDITOR = "records_auditor"
    PUBLIC = "public"
    SYSTEM = "system"

    @property
    def title(self) -> str:  # type: ignore[override]  # a word for people, not a method
        """The role as people read it."""
        return self.value.replace("_", " ").capitalize()


class OrganisationKind(StrEnum):
    """What an organisation is in the program."""

    PROGRAM_OFFICE = "program_office"
    CONTRACTOR = "contractor"
    MANUFACTURER = "manufacturer"
    CONSULTANCY = "consultancy"
    PURCHASER = "purchaser"

    @property
    def title(self) -> str:  # type: ignore[override]  # a word for people, not a method
        """The kind as people read it."""
        return self.value.replace("_", " ").capitalize()


ROLES_IN: dict[OrganisationKind, frozenset[Role]] = {
    OrganisationKind.PROGRAM_OFFICE: frozenset(
        {
            Role.PROGRAM_ADMINISTRATOR,
            Role.RATING_BOARD_MEMBER,
            Role.OBSERVER,
            Role.RECORDS_AUDITOR,
        }
    ),
    OrganisationKind.CONTRACTOR: frozenset(
        {Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.RECORDS_AUDITOR}
    ),
    OrganisationKind.MANUFACTURER: frozenset(
        {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY, Role.RECORDS_AUDITOR}
    ),
    OrganisationKind.CONSULTANCY: frozenset({Role.CONSULTANT, Role.RECORDS_AUDITOR}),
    OrganisationKind.PURCHASER: frozenset({Role.PURCHASER_ANALYST, Role.RECORDS_AUDITOR}),
}
"""The roles a membership may give in each kind of organisation."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as the rules see them: the one role they act in now, and for whom.

    The public and the system are actors without a person or an organisation.
    """

    role: Role
    name: str
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation_name: str = ""
    organisation_kind: OrganisationKind | None = None


PUBLIC = Actor(Role.PUBLIC, "The public")
SYSTEM = Actor(Role.SYSTEM, "OpenQMM")

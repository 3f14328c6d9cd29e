"""The demonstration's invented people: the office, two contractors, purchasers, a consultancy."""

from __future__ import annotations

from datetime import date

from openqmm.apps.accounts import actions as accounts
from openqmm.apps.accounts.models import Membership, Organisation
from openqmm.apps.accounts.queries import actor_as, demo_code
from openqmm.core.workflow import SYSTEM, Actor, OrganisationKind, Role
from openqmm.site.demo.sites import SITES

SEEN = accounts.Check("In person, when they were given access.", "Passport")
PASSWORD = "maturity is practice seen"  # noqa: S105  (printed on purpose, for a demonstration only)


def proof_of(by: Actor) -> dict[str, str]:
    """Return what a person of the demonstration signs with, at the moment that is told."""
    return {"password": PASSWORD, "code": demo_code(by)}


OFFICE = "Office of Quality Maturity"
CONTRACTORS = ("Cedar Ridge Assessors", "Northlight Quality Partners")
PURCHASERS = ("Elm Valley Health System", "Great Lakes Purchasing Alliance")

_STAFF: tuple[tuple[str, OrganisationKind, str, str, Role], ...] = (
    (OFFICE, OrganisationKind.PROGRAM_OFFICE, "USA", "Amara Okafor", Role.PROGRAM_ADMINISTRATOR),
    (OFFICE, OrganisationKind.PROGRAM_OFFICE, "USA", "Daniel Whitehorse", Role.RATING_BOARD_MEMBER),
    (OFFICE, OrganisationKind.PROGRAM_OFFICE, "USA", "Priya Raman", Role.RATING_BOARD_MEMBER),
    (OFFICE, OrganisationKind.PROGRAM_OFFICE, "USA", "Owen Castellano", Role.OBSERVER),
    (OFFICE, OrganisationKind.PROGRAM_OFFICE, "USA", "Ruth Engstrom", Role.RECORDS_AUDITOR),
    (CONTRACTORS[0], OrganisationKind.CONTRACTOR, "USA", "Ines Moreau", Role.LEAD_ASSESSOR),
    (CONTRACTORS[0], OrganisationKind.CONTRACTOR, "USA", "Tomas Lindqvist", Role.ASSESSOR),
    (CONTRACTORS[0], OrganisationKind.CONTRACTOR, "USA", "Mei-Ling Zhou", Role.ASSESSOR),
    (CONTRACTORS[1], OrganisationKind.CONTRACTOR, "USA", "Harriet Boateng", Role.LEAD_ASSESSOR),
    (CONTRACTORS[1], OrganisationKind.CONTRACTOR, "USA", "Luis Ferreira", Role.ASSESSOR),
    (CONTRACTORS[1], OrganisationKind.CONTRACTOR, "USA", "Yuki Tanabe", Role.ASSESSOR),
    (PURCHASERS[0], OrganisationKind.PURCHASER, "USA", "Grace Holloway", Role.PURCHASER_ANALYST),
    (PURCHASERS[1], OrganisationKind.PURCHASER, "USA", "Peter Novak", Role.PURCHASER_ANALYST),
    ("Fennel & Ash Advisers", OrganisationKind.CONSULTANCY, "USA", "Salma Idris", Role.CONSULTANT),
)

_SITE_NAMES = (
    "Anil Deshmukh|Kavya Nair",
    "Britta Hansen|Jörg Petersen",
    "Carmen Ibáñez|Rafael Soto",
    "Chen Yulan|Wang Haoran",
    "Aoife Brennan|Declan Murphy",
    "Giulia Conti|Paolo Ferri",
    "Meera Joshi|Rakesh Patel",
    "Kim Seo-yeon|Park Min-jun",
    "Freja Madsen|Lars Holm",
    "Sato Haruka|Ito Kenji",
    "Liu Fang|Zhang Wei",
    "Nina Keller|Urs Baumann",
    "Monica Alvarez|James Whitfield",
    "Derek Olson|Patricia Lange",
    "Shreya Kapoor|Thomas Redding",
    "Angela Brooks|Marcus Hale",
    "Wendy Schultz|Carl Jensen",
    "Leah Goldman|Robert Silva",
    "Denise Carter|William Pryor",
    "Hannah Vogel|George Tate",
    "Emily Stoltz|Frank Yoder",
    "Rachel Dumont|Steven Cole",
    "Tanya Pruitt|Leonard Moss",
)

_SINCE = date(2025, 9, 1)
_LONGER = date(2025, 3, 1)
# Whom the sign-in page offers, by organisation or by name: their facility has a rating to read and
# to disclose, their assessment has marks to give or disagreements to decide.
_SHOWN = frozenset(
    {"Harbour Light Ophthalmics", OFFICE, PURCHASERS[0], "Ines Moreau", "Luis Ferreira"}
)


class Cast:
    """Everybody in the demonstration, as actors by name and by manufacturer."""

    def __init__(self) -> None:
        self.organisations: dict[str, Organisation] = {}
        self.by_name: dict[str, Actor] = {}
        self.quality_leads: dict[str, Actor] = {}
        self.signatories: dict[str, Actor] = {}

    def assemble(self) -> None:
        """Create every organisation and person."""
        for organisation, kind, country, name, role in _STAFF:
            self._add(organisation, kind, country, name, role)
        manufacturers = {site.manufacturer: site.country for site in SITES}
        for (manufacturer, country), names in zip(manufacturers.items(), _SITE_NAMES, strict=True):
            lead, signatory = names.split("|")
            kind = OrganisationKind.MANUFACTURER
            self.quality_leads[manufacturer] = self._add(
                manufacturer, kind, country, lead, Role.FACILITY_QUALITY_LEAD
            )
            self.signatories[manufacturer] = self._add(
                manufacturer, kind, country, signatory, Role.AUTHORISED_SIGNATORY
            )

    def _add(
        self, organisation: str, kind: OrganisationKind, country: str, name: str, role: Role
    ) -> Actor:
        if organisation not in self.organisations:
            self.organisations[organisation] = accounts.add_organisation(
                by=SYSTEM, name=organisation, kind=kind, country=country
            )
        person = accounts.add_person(
            by=SYSTEM, email=_address(name, organisation), full_name=name, password=PASSWORD
        )
        membership = accounts.add_membership(
            by=SYSTEM,
            person=person,
            organisation=self.organisations[organisation],
            role=role,
            from_on=_LONGER if _SHOWN & {organisation, name} else _SINCE,
        )
        actor = actor_as(
            Membership.objects.select_related("person", "organisation").get(pk=membership.pk)
        )
        self.by_name[name] = actor
        accounts.check_identity(by=SYSTEM, person_id=person.pk, check=SEEN)
        accounts.attest(by=actor)
        return actor


def _address(name: str, organisation: str) -> str:
    """Return an address that is plainly invented: the example domain reaches nobody."""
    local = ".".join(_plain(word) for word in name.split())
    return f"{local}@{_plain(organisation.split(maxsplit=1)[0])}.example"


def _plain(word: str) -> str:
    return "".join(c for c in word.lower() if c.isascii() and c.isalpha())

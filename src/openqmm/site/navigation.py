"""The navigation of each role: six entries at most."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openqmm.apps.accounts.queries import may_read_access
from openqmm.core.workflow import Actor, Role

_ENTRIES = {
    "home": "Home",
    "programs:rounds": "Rounds",
    "programs:applications": "Applications",
    "facilities:facilities": "Facilities",
    "assessments:assessments": "Assessments",
    "ratings:ratings": "Ratings",
    "public:directory": "Rated facilities",
    "accounts:people": "People",
    "audit:trail": "Audit trail",
    "public:method": "Method",
}

_BY_ROLE: dict[Role, tuple[str, ...]] = {
    Role.PROGRAM_ADMINISTRATOR: (
        "home",
        "programs:rounds",
        "programs:applications",
        "assessments:assessments",
        "ratings:ratings",
        # The method is in the footer of every page.
        "accounts:people",
    ),
    Role.RATING_BOARD_MEMBER: ("home", "ratings:ratings", "public:directory", "public:method"),
    Role.OBSERVER: ("home", "assessments:assessments", "public:method"),
    Role.LEAD_ASSESSOR: ("home", "assessments:assessments", "public:method"),
    Role.ASSESSOR: ("home", "assessments:assessments", "public:method"),
    Role.FACILITY_QUALITY_LEAD: (
        "home",
        "facilities:facilities",
        "programs:applications",
        "assessments:assessments",
        "ratings:ratings",
        "public:method",
    ),
    Role.AUTHORISED_SIGNATORY: (
        "home",
        "facilities:facilities",
        "programs:applications",
        "ratings:ratings",
        "public:directory",
        "public:method",
    ),
    Role.CONSULTANT: ("home", "public:method", "public:directory"),
    Role.PURCHASER_ANALYST: ("home", "public:directory", "public:method"),
    Role.RECORDS_AUDITOR: ("home", "audit:trail", "public:method"),
}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the left navigation."""

    label: str
    url: str
    active: bool


def nav_items(by: Actor, path: str) -> list[NavItem]:
    """Return the entries of the actor's role; the one whose pages `path` belongs to is active."""
    items = []
    for route in _entries(by):
        url = reverse(route)
        active = path == url if route == "home" else path.startswith(url)
        items.append(NavItem(_ENTRIES[route], url, active))
    return items


def sign_in_link() -> NavItem:
    """Return the entry of whoever has signed in, though they may not act yet."""
    return NavItem("Your sign-in", reverse("sign_in"), False)


def person_links() -> list[NavItem]:
    """Return the entries under a person's own name, the same in every role."""
    routes = {"accounts:attest": "Your signature", "accounts:keys": "Your keys"}
    return [NavItem(label, reverse(route), False) for route, label in routes.items()]


def _entries(by: Actor) -> tuple[str, ...]:
    routes = _BY_ROLE.get(by.role, ())
    if by.role is Role.RECORDS_AUDITOR and may_read_access(by):
        return (*routes[:-1], "accounts:people", routes[-1])
    return routes

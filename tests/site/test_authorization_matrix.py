"""Every route, method, person and owner: who gets in is written down, and nothing else gets in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from openqmm.apps.accounts import actions as accounts
from openqmm.apps.accounts.models import Membership
from openqmm.apps.audit.models import AuditEvent, Signature
from openqmm.core.workflow import SYSTEM, Role, Scope
from openqmm.site.checks import TRUSTED_MODULES, routes
from openqmm.web import clock, tenancy
from tests.apps.disclosure.stories import shared
from tests.apps.evidence.stories import evidence
from tests.apps.ratings import stories
from tests.arranging import arranged
from tests.people import CAST, Cast, assemble
from tests.signing import sign

SPEC = yaml.safe_load(Path(__file__).with_name("matrix.yaml").read_text(encoding="utf-8"))
PEOPLE = SPEC["groups"]["everyone"]
MIRROR = {"quin": "bria", "sid": "boris", "bria": "quin", "boris": "sid"}
METHODS = ("GET", "POST")
pytestmark = pytest.mark.django_db

REMARK = "00000000-0000-4000-8000-000000000000"


@dataclass
class World:
    """Two rivals, each with a rated facility and a disclosure, and everybody's browser."""

    clients: dict[str, Client]
    addresses: dict[str, dict[str, Any]]


def _mirrored(cast: Cast) -> Cast:
    """Return the cast with Birch in Alder's place."""
    actors = {name: cast.actors[MIRROR.get(name, name)] for name in cast.actors}
    organisations = dict(cast.organisations)
    organisations["Alder Synthesis"] = cast.organisations["Birch Pharma"]
    return Cast(actors, organisations)


def _access_addresses(cast: Cast) -> dict[str, Any]:
    """Return a manufacturer's person, role, key, invitation and lost second factor."""
    site = cast.quin.organisation_id
    membership = Membership.objects.get(person=cast.quin.person_id)
    made = accounts.make_key(
        by=cast.sid,
        name="Nightly",
        scopes=[Scope.RATINGS_READ.value],
        expires_on=clock.today(),
    )
    new = accounts.NewPerson(
        f"new@{site}.example", "New Test", site, Role.AUTHORISED_SIGNATORY, clock.today()
    )
    reason = "Lost with the telephone."
    reset = accounts.ask_factor_reset(by=cast.ada, person_id=cast.quin.person_id, reason=reason)
    return {
        "person_id": cast.quin.person_id,
        "membership_id": membership.pk,
        "organisation_id": site,
        "key_id": made.key.pk,
        "text": accounts.invite_person(by=cast.ada, new=new, link=str).link,
        "reset_id": reset.pk,
    }


def _addresses(cast: Cast, **application: str) -> dict[str, Any]:
    story = stories.issued(cast, **application)
    consent = shared(story)
    applied = story.assessment.assessment.application
    file = evidence(cast.quin, applied.facility_id)
    with arranged() as opened:
        sign(opened, by=cast.sid, record=applied, content={}, meaning="Accepts")
    signed = {
        "programs:signature": applied,
        "assessments:signature": story.assessment.assessment,
        "ratings:signature": story.rating,
        "disclosure:signature": consent,
    }
    return {
        "signatures": {
            route: Signature.objects.get(record_id=str(record.pk)).pk
            for route, record in signed.items()
        },
        "facility_id": applied.facility_id,
        "round_id": applied.round_id,
        "application_id": applied.pk,
        "assessment_id": story.assessment.id,
        "evidence_id": file.pk,
        "question_id": story.assessment.asked[0],
        "remark_id": REMARK,
        "step": "contacts",
        "rating_id": story.id,
        "disclosure_id": consent.pk,
        "protocol_id": applied.round.protocol.protocol_id,
        "kind": "yaml",
        "subject": "none",
        "event_id": AuditEvent.objects.filter(subject_id=str(story.id)).latest("at").pk,
        "table": "ratings_rating",
        "record_id": story.id,
        "review_id": REMARK,
        "uidb36": "1",
        "key": "none",
        "provider_id": "nobody",
        "factor_id": 1,
    } | _access_addresses(cast)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), _undone(), tenancy.scope(SYSTEM):
        cast = assemble()
        addresses = {
            "alder": _addresses(cast),
            "birch": _addresses(_mirrored(cast), name="Birch Works", fei="3009999902"),
        }
        clients = {name: cast.client(None if name == "nobody" else name) for name in PEOPLE}
        yield World(clients, addresses)
        transaction.set_rollback(True)


def _undone() -> transaction.Atomic:
    """Return a transaction as Django's own test cases have it: what must be a transaction of its
    own is one within it."""
    outermost = transaction.atomic()
    outermost._from_testcase = True
    return outermost


def _members(names: list[str]) -> set[str]:
    return {one for name in names for one in SPEC["groups"].get(name, [name])}


def _expected(rule: dict[str, list[str]], person: str) -> str:
    if person in _members(rule.get("ok", [])):
        return "ok"
    if person in _members(rule.get("not_found", [])):
        return "not_found"
    return "sign_in" if person == "nobody" else "refused"


def _answer(response: HttpResponse) -> str:
    if response.status_code == 404:
        return "not_found"
    if response.status_code in {302, 401} and (
        response.status_code == 401 or "/accounts/login/" in response.headers["Location"]
    ):
        return "sign_in"
    if response.status_code == 403:
        return "refused"
    return "ok" if response.status_code < 500 else f"broken ({response.status_code})"


def _cases() -> list[tuple[str, str]]:
    return [(route, method) for route, methods in SPEC["routes"].items() for method in methods]


def _url(route: str, pattern: str, address: dict[str, Any]) -> str:
    named = {name: value for name, value in address.items() if f":{name}>" in pattern}
    named |= {name: value for name, value in address.items() if f"<{name}>" in pattern}
    if route in address["signatures"]:
        named["signature_id"] = address["signatures"][route]
    return reverse(route, kwargs=named)


def _data(route: str, address: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent; a value such as @application_id is the object's own."""
    sent = SPEC["data"].get(route, {})
    return {
        name: address[value[1:]] if value.startswith("@") else value for name, value in sent.items()
    }


def test_every_route_is_in_the_matrix() -> None:
    known = {name for name, _, _ in routes()}
    assert known == set(SPEC["routes"])


def test_every_method_a_view_takes_is_in_the_matrix() -> None:
    for name, _, view in routes():
        if not view.__module__.startswith(TRUSTED_MODULES):
            assert set(SPEC["routes"][name]) == set(view.allowed_methods), name


@pytest.mark.parametrize(("route", "method"), _cases())
def test_who_gets_in(world: World, route: str, method: str) -> None:
    pattern = next(pattern for name, pattern, _ in routes() if name == route)
    wrong = []
    for owner, address in world.addresses.items():
        url = _url(route, pattern, address)
        data = _data(route, address) if method == "POST" else {}
        for person in PEOPLE:
            seen_as = MIRROR.get(person, person) if owner == "birch" else person
            expected = _expected(SPEC["routes"][route][method], seen_as)
            answer = _call(world.clients[person], method, url, data)
            if answer != expected:
                wrong.append(f"{method} {owner} {person}: {answer}, expected {expected}")
    assert not wrong, "\n".join(wrong)


def _call(client: Client, method: str, url: str, data: dict[str, str]) -> str:
    """Call and undo: a cell must not change what the next one finds."""
    cookies = client.cookies.copy()
    with _undone():
        response = getattr(client, method.lower())(url, data)
        answer = _answer(response)
        if response.streaming:
            # Read to its end, which closes what it is read from.
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer


def test_the_matrix_counts_its_cells() -> None:
    """The figure the documentation states is this one."""
    cells = len(_cases()) * len(PEOPLE) * 2
    assert cells >= 2_000
    assert set(PEOPLE) == {"nobody", *CAST}


@pytest.mark.parametrize(
    ("route", "name"),
    [
        ("programs:application", "application_id"),
        ("ratings:rating", "rating_id"),
        ("facilities:facility", "facility_id"),
        ("evidence:detail", "evidence_id"),
        ("evidence:download", "evidence_id"),
        ("assessments:detail", "assessment_id"),
    ],
)
def test_what_may_not_be_known_answers_as_what_does_not_exist(
    world: World, route: str, name: str
) -> None:
    """To the byte, apart from the address that was asked for and the page's token."""
    client = world.clients["bria"]
    real = world.addresses["alder"][name]
    hidden = client.get(reverse(route, args=[real]))
    unknown = client.get(reverse(route, args=[REMARK]))
    assert hidden.status_code == unknown.status_code == 404
    plain = [
        response.content.replace(str(id_).encode(), b"ID")
        for response, id_ in ((hidden, real), (unknown, REMARK))
    ]
    assert _without_token(plain[0]) == _without_token(plain[1])


def _without_token(content: bytes) -> bytes:
    start = content.find(b'name="csrfmiddlewaretoken"')
    while start >= 0:
        end = content.index(b">", start)
        content = content[:start] + content[end:]
        start = content.find(b'name="csrfmiddlewaretoken"')
    return content

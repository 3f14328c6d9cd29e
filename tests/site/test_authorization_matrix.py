"""Every route, method, person, owner and state: who gets in, and who changes something, is written
down in matrix.yaml; nothing else gets in, and nothing else changes anything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openqmm.core.workflow import Role
from openqmm.web.access import SIGNED_IN
from tests.people import CAST
from tests.site import stages, worlds
from tests.site.cells import (
    OWNERS,
    PEOPLE,
    SPEC,
    Caller,
    all_routes,
    calling,
    cells_of,
    members,
    undeclared_cells,
)
from tests.site.determinism import still
from tests.site.pages import comparable

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R15")]

_NAMED = re.compile(r"<(?:\w+:)?(\w+)>")
There = tuple[str, worlds.Owners]
CASES = [(stage, name) for name, route in all_routes().items() for stage in route.stages]
WITH_IDS = [name for name, route in all_routes().items() if len(route.owners) > 1]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    with django_db_blocker.unblock(), worlds.undone():
        yield worlds.World(worlds.everybody())


@pytest.fixture(scope="module")
def caller(world: worlds.World) -> Iterator[Caller]:
    with calling(world.cast, PEOPLE) as caller:
        worlds.switch_off_dot()
        yield caller


@pytest.fixture(scope="module")
def there(world: worlds.World, caller: Caller, request: Any) -> There:
    """The stage that a test asks for, reached before its own transaction begins."""
    return request.param, world.at(request.param) | {"unknown": {}}


def test_every_route_is_in_the_matrix() -> None:
    assert set(all_routes()) == set(SPEC["routes"])


def test_every_operation_of_the_api_is_in_the_matrix(client: Any) -> None:
    """By its own document, which is made from the operations and not from the routes."""
    document = client.get(reverse("api:openapi-json")).json()
    by_pattern = {
        "/" + _NAMED.sub(r"{\1}", route.pattern): set(route.rules)
        for name, route in all_routes().items()
        if name.startswith("api:")
    }
    for path, operations in document["paths"].items():
        assert by_pattern[path] == {method.upper() for method in operations}, path
    assert len(document["paths"]) == len(by_pattern) - 2  # the document itself, and the root


@pytest.mark.requirement("R14")
def test_every_method_a_view_takes_is_in_the_matrix() -> None:
    for route in all_routes().values():
        if not route.of_library:
            assert set(route.rules) == set(route.view.allowed_methods), route.name


@pytest.mark.requirement("R14")
def test_whom_a_view_says_it_takes_is_whom_the_matrix_names() -> None:
    """Both ways: a role that is named must be taken; one that is taken must be named somewhere, or
    named as one that the rules behind the view refuse."""
    wrong = []
    for name, route in all_routes().items():
        if route.of_library or route.view.allowed_roles >= SIGNED_IN:
            continue
        named = {worlds.ROLES[one] for one in worlds.ROLES if route.answers(one)}
        deep = {worlds.ROLES[one] for one in members(SPEC["deep"].get(name, []))}
        taken = route.view.allowed_roles - {Role.SYSTEM}
        if named | deep != taken or named & deep:
            wrong.append(f"{name}: takes {sorted(taken)}, named {sorted(named)}, {sorted(deep)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("there", "name"), CASES, indirect=["there"], scope="module")
def test_who_gets_in_and_who_changes_something(there: There, caller: Caller, name: str) -> None:
    route, (stage, owners) = all_routes()[name], there
    wrong = []
    for method, owner, person in cells_of(route, stage):
        ids = owners[owner]
        sent, held = route.sent(stage, ids), route.held(ids)
        answer, _ = caller.call(person, method, route.url(ids), sent, held)
        expected = route.expected(method, stage, owner, person)
        if answer != expected:
            wrong.append(f"{method} {owner} {person}: {answer}, expected {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("there", [stages.LATEST], indirect=True, scope="module")
def test_the_methods_that_a_route_does_not_take(
    world: worlds.World, caller: Caller, there: There
) -> None:
    _, owners = there
    wrong = []
    for name, route in all_routes().items():
        url = route.url(owners["alder"])
        for method, person in undeclared_cells(route):
            answer, response = caller.call(person, method, url, {})
            # A library's own pages answer HEAD, PUT and OPTIONS as Django's views do, or ask to
            # sign in whatever the method; nothing is changed by any.
            fits = response.status_code == 405 or (
                route.of_library and response.status_code < 500 and "done" not in answer
            )
            if not fits:
                wrong.append(f"{name} {method} {person}: {response.status_code}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("there", "name"),
    [(stages.LATEST, name) for name in WITH_IDS],
    indirect=["there"],
    scope="module",
)
def test_what_may_not_be_known_answers_as_what_does_not_exist(
    caller: Caller, there: There, name: str
) -> None:
    """To the byte, headers included, apart from what was asked for and the page's token; and after
    about as many questions to the database."""
    route, (stage, owners) = all_routes()[name], there
    for method in route.rules:
        for owner in ("alder", "birch"):
            for person in PEOPLE:
                if route.expected(method, stage, owner, person) != "not_found":
                    continue
                answers, asked = [], []
                sent = route.sent(stage, owners[owner]) | {"version": "1"}
                with still():
                    for ids in (owners[owner], {}):
                        with CaptureQueriesContext(connection) as queries:
                            _, response = caller.call(person, method, route.url(ids), sent)
                        answers.append(comparable(response, *route.url_ids(ids)))
                        asked.append(len(queries))
                assert answers[0] == answers[1], (method, owner, person)
                assert max(asked) <= 2 * min(asked) + 4, (method, owner, person, asked)


def test_the_matrix_counts_its_cells() -> None:
    """The figure the documentation states is this one."""
    cells = sum(1 for stage, name in CASES for _ in cells_of(all_routes()[name], stage))
    cells += sum(1 for route in all_routes().values() for _ in undeclared_cells(route))
    assert cells >= 10_000
    assert set(PEOPLE) == {"nobody", *CAST, *worlds.MORE}
    assert set(OWNERS) == {"alder", "birch", "unknown"}
    page = Path("docs/explanation/isolation-tests.md").read_text(encoding="utf-8")
    assert f"{cells:,} cells" in page

"""Every route, method, person, owner and state: who gets in, and who changes something, is written
down in matrix.yaml; nothing else gets in, and nothing else changes anything."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.people import CAST
from tests.site import worlds
from tests.site.cells import (
    OWNERS,
    PEOPLE,
    SPEC,
    Caller,
    Route,
    all_routes,
    answer_of,
    cells_of,
    members,
)
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
    names = {name: None if name == "nobody" else name for name in PEOPLE}
    caller = Caller({name: world.cast.client(told) for name, told in names.items()})
    worlds.switch_off_dot()
    # Thousands of refusals are what is asked for here.
    logging.disable(logging.WARNING)
    yield caller
    logging.disable(logging.NOTSET)


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


@pytest.mark.parametrize(("there", "name"), CASES, indirect=["there"], scope="module")
def test_who_gets_in_and_who_changes_something(there: There, caller: Caller, name: str) -> None:
    route, (stage, owners) = all_routes()[name], there
    wrong = []
    for method, owner, person in cells_of(route, stage):
        ids = owners[owner]
        answer, _ = caller.call(person, method, route.url(ids), route.sent(stage, ids))
        expected = route.expected(method, stage, owner, person)
        if answer != expected:
            wrong.append(f"{method} {owner} {person}: {answer}, expected {expected}")
    assert not wrong, "\n".join(wrong)

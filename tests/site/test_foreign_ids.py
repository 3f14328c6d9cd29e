"""No id of somebody else's takes effect, wherever a request could carry one."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from django import forms
from django.urls import reverse

import openqmm
from tests.site import stages, worlds
from tests.site.cells import PEOPLE, Caller, all_routes, calling

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R15")]

SPEC = yaml.safe_load(Path(__file__).with_name("smuggling.yaml").read_text(encoding="utf-8"))
APPS = Path(openqmm.__file__).parent / "apps"
TRIED = [(field, attempt) for field, attempts in SPEC["ids"].items() for attempt in attempts]
# What a refusal may not tell somebody of a manufacturer.
OF_BIRCH = (b"Birch", b"3009999902", b"Bria Test", b"Boris Test")
# Stages at which both halves of an address with two ids exist.
AT = {"remark_id": "assessment consensus", "evidence_id": "assessment scoring"}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[worlds.World]:
    with django_db_blocker.unblock(), worlds.undone():
        yield worlds.World(worlds.everybody())


@pytest.fixture(scope="module")
def caller(world: worlds.World) -> Iterator[Caller]:
    with calling(world.cast, [name for name in PEOPLE if name != "nobody"]) as caller:
        yield caller


@pytest.fixture(scope="module")
def there(world: worlds.World, caller: Caller, request: Any) -> worlds.Owners:
    return world.at(request.param)


def _fields() -> Iterator[str]:
    """Yield every field of a form that could name a record: an id, a choice made of records, or
    something that the page hides."""
    for path in [*sorted(APPS.glob("*/forms.py")), *sorted(APPS.glob("*/forms/*.py"))]:
        app, *within = path.relative_to(APPS).with_suffix("").parts
        module = importlib.import_module(".".join(["openqmm.apps", app, *within]))
        for name, form in vars(module).items():
            if not (isinstance(form, type) and issubclass(form, forms.BaseForm)):
                continue
            if form.__module__ == module.__name__:
                own = form.base_fields.items()
                yield from (f"{app}.{name}.{field}" for field, kind in own if _may_name(kind))


def _may_name(field: forms.Field) -> bool:
    chosen = isinstance(field, forms.ChoiceField) and not list(field.choices)
    return (
        chosen
        or isinstance(field, forms.UUIDField | forms.ModelChoiceField)
        or isinstance(field.widget, forms.HiddenInput)
    )


def _read_by_views() -> Iterator[str]:
    """Yield every value that a view reads from a request by itself."""
    for path in sorted(APPS.glob("*/views*")) + sorted(APPS.glob("*/views/*.py")):
        if path.suffix != ".py":
            continue
        module = ".".join(path.relative_to(APPS).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if read := _read(node):
                yield f"{module} {read}"


def _read(node: ast.AST) -> str:
    """Return `POST name` where the node reads one value of the request."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        asked, source = node.func.attr, node.func.value
        if asked not in ("get", "getlist") or not node.args:
            return ""
        key = node.args[0]
    elif isinstance(node, ast.Subscript):
        source, key = node.value, node.slice
    else:
        return ""
    if isinstance(source, ast.BoolOp):
        # `(request.POST or request.GET).get(...)`
        source = source.values[0]
    if not (isinstance(source, ast.Attribute) and source.attr in ("GET", "POST")):
        return ""
    return f"{source.attr} {key.value if isinstance(key, ast.Constant) else ast.unparse(key)}"


def _parameters(document: dict[str, Any]) -> Iterator[str]:
    for operations in document["paths"].values():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", []):
                yield f"api {method.upper()} {parameter['name']}"
            assert "requestBody" not in operation, "list its fields here too"


def test_every_field_that_could_name_a_record_is_tried(client: Any) -> None:
    document = client.get(reverse("api:openapi-json")).json()
    found = {*_fields(), *_read_by_views(), *_parameters(document)}
    listed = {*SPEC["words"], *(field for field, attempts in SPEC["ids"].items() if attempts)}
    assert found - listed == set(), "could name a record, and is not tried"
    assert listed - found == set(), "is there no more"


@pytest.mark.parametrize(
    ("there", "field", "attempt"),
    [(attempt["at"], field, attempt) for field, attempt in TRIED],
    indirect=["there"],
    scope="module",
    ids=[f"{attempt['at']}-{field}" for field, attempt in TRIED],
)
def test_a_foreign_id_takes_no_effect(
    there: worlds.Owners, caller: Caller, field: str, attempt: dict[str, Any]
) -> None:
    route, ids = all_routes()[attempt["route"]], there["alder"]
    more = {n: ids[v[1:]] if v.startswith("@") else v for n, v in attempt.get("more", {}).items()}
    sent, method = route.sent(attempt["at"], ids) | more, attempt.get("method", "POST")
    name, by = attempt.get("field", field.replace(" ", ".").split(".")[-1]), attempt["by"]
    answer, _ = caller.call(by, method, route.url(ids), sent, route.held(ids))
    assert answer == attempt.get("honest", "done"), "the same request with the own id"
    answers = []
    for wanted in attempt["foreign"]:
        foreign = _value(there, wanted)
        answer, response = caller.call(
            by, method, route.url(ids), sent, route.held(ids), smuggled={name: foreign}
        )
        assert answer in {"ok", "refused", "not_found"}, (wanted, answer)
        assert response.status_code in {200, 400, 403, 404, 409}, wanted
        answers.append(response.status_code)
        if worlds.CAST.get(by, ("Alder Synthesis",))[0] == "Alder Synthesis":
            assert not [word for word in OF_BIRCH if word in response.body], wanted
    if by in ("quin", "sid", "aud") and "unknown" in attempt["foreign"]:
        assert len(set(answers)) == 1, "a foreign id is answered like one that nothing has"


def _value(there: worlds.Owners, wanted: str) -> Any:
    owner, _, name = wanted.rpartition(".")
    return worlds.UNKNOWN if wanted == "unknown" else there[owner or "alder"][name]


NESTED = [
    name
    for name, route in all_routes().items()
    if sum(kind == "uuid" for kind, _ in route.named) > 1
]


@pytest.mark.parametrize(
    ("there", "name"),
    [
        (next((AT[i] for i in all_routes()[name].ids if i in AT), stages.LATEST), name)
        for name in NESTED
    ],
    indirect=["there"],
    scope="module",
)
def test_the_ids_of_one_address_belong_together(
    there: worlds.Owners, caller: Caller, name: str
) -> None:
    """A part of one record under the address of another is not found, by whoever may see both."""
    route = all_routes()[name]
    alder, birch = there["alder"], there["birch"]
    last = [named for kind, named in route.named if kind == "uuid"][-1]
    signed = f"{route.subject} signature" if last == "signature_id" else last
    for (outer, inner), method in product(((alder, birch), (birch, alder)), route.rules):
        mixed = outer | {signed: inner[signed]}
        assert inner[signed] != outer[signed] != worlds.UNKNOWN
        for person in caller.clients:
            sent = route.sent("", outer)
            answer, _ = caller.call(person, method, route.url(mixed), sent)
            assert answer in {"not_found", "refused", "sign_in"}, (method, person, answer)


@pytest.mark.parametrize("there", [stages.LATEST], indirect=True, scope="module")
def test_a_recertification_ends_no_role_of_another_organisation(
    there: worlds.Owners, caller: Caller
) -> None:
    """Its fields are called by the memberships they are about."""
    foreign = there["birch"]["membership_id"]
    route = all_routes()["accounts:review"]
    sent = {f"keep_{foreign}": "end", f"why_{foreign}": "They have left the company."}
    answer, response = caller.call("ada", "POST", route.url(there["alder"]), sent)
    assert (answer, response.status_code) == ("ok", 400)

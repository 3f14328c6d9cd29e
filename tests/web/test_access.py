"""A view is called by whom it declares, by the methods it takes, and by nobody else."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import PUBLIC, Actor, Role
from openqmm.web import access, tenancy

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R14")]


def asked(method: str, by: Actor, path: str = "/somewhere/?a=1", **headers: str) -> HttpRequest:
    request = RequestFactory().generic(method, path, headers=headers)
    request.actor = by
    request.once = lambda answer: HttpResponse(b"once: " + answer().content)
    return request


def by(role: Role) -> Actor:
    return Actor(role, "Somebody", uuid4())


def view(request: HttpRequest, *said: Any) -> HttpResponse:
    return HttpResponse(f"{request.method} {said}")


STAFF = by(Role.PROGRAM_ADMINISTRATOR)


def test_the_groups_of_roles_as_written_down_by_hand() -> None:
    assert {Role.PROGRAM_ADMINISTRATOR} == access.STAFF
    assert access.STAFF | {Role.RATING_BOARD_MEMBER, Role.OBSERVER} == access.OFFICE
    assert {Role.LEAD_ASSESSOR, Role.ASSESSOR} == access.CONTRACTOR
    assert {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY} == access.SITE
    assert set(Role) - access.SIGNED_IN == {Role.PUBLIC, Role.SYSTEM}
    assert set(Role) - access.EVERYONE == {Role.SYSTEM}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLIC])
def test_a_role_that_was_not_declared_is_told_so(role: Role) -> None:
    guarded = access.allow(Role.OBSERVER, access.SITE)(view)
    if role in {Role.OBSERVER, *access.SITE}:
        assert guarded(asked("GET", by(role)), 7).content == b"GET (7,)"
        return
    with pytest.raises(NotPermitted) as refused:
        guarded(asked("GET", by(role)), 7)
    assert str(refused.value) == f"The role {role.title} has no use of this page."


def test_what_was_declared_can_be_read() -> None:
    guarded = access.allow(Role.OBSERVER, access.SITE, methods=("GET", "POST"), once=True)(view)
    assert guarded.allowed_roles == {Role.OBSERVER, *access.SITE}
    assert guarded.allowed_methods == {"GET", "POST"}
    assert guarded.once is True
    plain = access.allow(Role.OBSERVER)(view)
    assert (plain.allowed_methods, plain.once) == ({"GET"}, False)
    assert plain.__name__ == "view"


@pytest.mark.parametrize(
    ("methods", "method", "status"),
    [
        (("GET",), "GET", 200),
        (("GET",), "HEAD", 200),
        (("GET",), "POST", 405),
        (("GET",), "PUT", 405),
        (("POST",), "POST", 200),
        (("POST",), "GET", 405),
        (("POST",), "HEAD", 405),
        (("GET", "POST"), "POST", 200),
        (("GET", "POST"), "DELETE", 405),
    ],
)
def test_only_declared_methods_are_taken(
    methods: tuple[str, ...], method: str, status: int
) -> None:
    answer = access.allow(access.STAFF, methods=methods)(view)(asked(method, STAFF))
    assert answer.status_code == status
    if status == 405:
        taken = [*methods, "HEAD"] if "GET" in methods else [*methods]
        assert answer.headers["Allow"] == ", ".join(sorted(taken))
    else:
        assert answer.content.decode() == f"{'GET' if method == 'HEAD' else method} ()"


@pytest.mark.parametrize(
    ("once", "method", "content"),
    [
        (True, "POST", b"once: POST ()"),
        (True, "GET", b"GET ()"),
        (False, "POST", b"POST ()"),
        (False, "GET", b"GET ()"),
    ],
)
def test_a_form_takes_effect_once_where_that_is_declared(
    once: bool, method: str, content: bytes
) -> None:
    guarded = access.allow(access.STAFF, methods=("GET", "POST"), once=once)(view)
    assert guarded(asked(method, STAFF)).content == content


@pytest.mark.parametrize(
    ("method", "referer", "back"),
    [
        ("GET", "http://testserver/other/", "/somewhere/?a=1"),
        ("HEAD", "", "/somewhere/?a=1"),
        ("POST", "http://testserver/form/?b=2", "/form/"),
        ("POST", "http://testserver", "/"),
        ("POST", "", "/"),
        ("POST", "https://evil.example/form/", "/"),
        ("POST", "//evil.example/form/", "/"),
        ("POST", "javascript:alert(1)", "/"),
    ],
)
def test_who_is_not_signed_in_is_asked_to_and_comes_back(
    method: str, referer: str, back: str
) -> None:
    guarded = access.allow(access.SIGNED_IN, methods=("GET", "POST"))(view)
    answer = guarded(asked(method, PUBLIC, Referer=referer))
    assert answer.status_code == 302
    _, _, query = answer.headers["Location"].partition("?next=")
    assert query.replace("%3F", "?").replace("%3D", "=") == back
    for_person = access.allow_person(methods=("GET", "POST"))(view)
    request = asked(method, PUBLIC, Referer=referer)
    request.user = type("Nobody", (), {"is_authenticated": False})()
    assert for_person(request).headers["Location"] == answer.headers["Location"]


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.CONSULTANT, Role.RECORDS_AUDITOR])
def test_a_page_about_oneself_asks_for_a_person_and_no_role(role: Role) -> None:
    guarded = access.allow_person()(view)
    request = asked("GET", by(role))
    request.user = type("Somebody", (), {"is_authenticated": True})()
    assert guarded(request, 7).content == b"GET (7,)"
    assert guarded.allowed_roles == access.EVERYONE
    assert guarded(asked("POST", by(role))).status_code == 405


def test_what_is_sent_after_the_view_is_read_as_its_actor(monkeypatch: pytest.MonkeyPatch) -> None:
    read_by: list[Actor] = []

    def streamed(actor: Actor, chunks: Any) -> Any:
        read_by.append(actor)
        return chunks

    monkeypatch.setattr(tenancy, "streamed", streamed)
    rows = access.allow(access.STAFF)(lambda _: StreamingHttpResponse([b"a", b"b"]))
    assert b"".join(rows(asked("GET", STAFF)).streaming_content) == b"ab"
    assert read_by == [STAFF]
    file = access.allow(access.STAFF)(lambda _: FileResponse(BytesIO(b"ab")))
    assert b"".join(file(asked("GET", STAFF)).streaming_content) == b"ab"
    assert access.allow(access.STAFF)(view)(asked("GET", STAFF)).content == b"GET ()"
    assert read_by == [STAFF]


@pytest.mark.parametrize("policy", ["", " ", "\n"])
def test_what_runs_unattended_says_who_starts_it(policy: str) -> None:
    with pytest.raises(ValueError, match="Say who may start it"):
        access.unattended(policy)
    assert access.unattended("By the clock.")(view) is view
    assert view.declared_policy == "By the clock."  # type: ignore[attr-defined]

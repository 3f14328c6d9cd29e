"""Nothing starts that does not say who may use it; nobody is more than their role."""

from __future__ import annotations

import sys
from io import StringIO
from types import ModuleType, SimpleNamespace

import click
import pytest
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.http import HttpResponse
from django.urls import path, reverse

from openqmm.apps.accounts import queries
from openqmm.apps.accounts.models import Membership, User
from openqmm.apps.assessments.actions import ScoreEntry, record_score
from openqmm.apps.audit import queries as audit
from openqmm.apps.audit.models import AuditEvent
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.core.workflow import Role
from openqmm.site import checks, serving
from openqmm.web.access import unattended
from tests.apps.assessments import stories
from tests.people import Cast
from tests.site.test_commands import MEMBER

COMMANDS = "openqmm.site.management.commands"


def ids(found: list) -> list[str]:
    return [fault.id for fault in found]


@pytest.mark.requirement("R14")
def test_everything_that_stands_here_is_declared():
    for check in (
        checks.every_route_declares_access,
        checks.every_operation_declares_its_scope,
        checks.every_command_declares_its_policy,
        checks.every_task_declares_its_policy,
    ):
        assert check() == []
    assert len(list(checks._modules("management.commands"))) >= 4


@pytest.mark.requirement("R14")
def test_a_view_without_access_stops_the_start(monkeypatch):
    def open_to_all(request):
        return HttpResponse()

    planted = SimpleNamespace(url_patterns=[path("x/", open_to_all, name="planted")])
    monkeypatch.setattr(checks, "get_resolver", lambda: planted)
    assert ids(checks.every_route_declares_access()) == ["openqmm.E001"]


@pytest.mark.requirement("R14")
def test_an_operation_that_any_key_opens_stops_the_start(monkeypatch):
    def route(scopes):
        return [("api:planted", "x/", SimpleNamespace(scopes=frozenset(scopes)))]

    monkeypatch.setattr(checks, "routes", lambda: route([]))
    assert ids(checks.every_operation_declares_its_scope()) == ["openqmm.E006"]
    monkeypatch.setattr(checks, "routes", lambda: route(["ratings:read"]))
    assert checks.every_operation_declares_its_scope() == []


@pytest.mark.requirement("R14")
def test_a_command_without_a_policy_stops_the_start(monkeypatch):
    class Command(BaseCommand):
        pass

    planted = ModuleType(f"{COMMANDS}.planted")
    planted.Command = Command
    monkeypatch.setattr(checks, "_modules", lambda place: iter([planted]))
    assert ids(checks.every_command_declares_its_policy()) == ["openqmm.E007"]
    unattended("Whoever runs the machine.")(Command)
    assert checks.every_command_declares_its_policy() == []


@pytest.mark.requirement("R14")
def test_a_task_without_a_policy_stops_the_start(monkeypatch):
    name = "openqmm.apps.facilities.tasks"
    planted = ModuleType(name)
    source = "def reload():\n    pass\n\ndef _private():\n    pass\n"
    exec(source, planted.__dict__)
    # What a task library makes of a function, and what is only imported.
    planted.enqueued = SimpleNamespace(func=planted.reload)
    planted.borrowed = unattended
    monkeypatch.setitem(sys.modules, name, planted)
    assert ids(checks.every_task_declares_its_policy()) == ["openqmm.E008"] * 2
    unattended("The clock, each night.")(planted.reload)
    assert checks.every_task_declares_its_policy() == []


def test_a_policy_says_something():
    with pytest.raises(ValueError, match="Say who"):
        unattended(" ")


@pytest.mark.requirement("R17")
def test_there_is_no_superuser_no_admin_site_and_no_impersonation():
    fields = {field.name for field in User._meta.get_fields()}
    assert not fields & {"is_superuser", "is_staff", "user_permissions", "groups"}
    assert not hasattr(User, "has_perm")
    assert issubclass(User, AbstractBaseUser)
    assert not hasattr(User.objects, "create_superuser")
    names = {name for name, _, _ in checks.routes()}
    assert not [n for n in names if any(w in n for w in ("admin", "imperson", "hijack", "become"))]


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("command", ["createsuperuser", "changepassword"])
def test_the_machine_makes_nobody_and_sets_nobodys_password(command: str):
    with pytest.raises(click.ClickException):
        serving.manage([command])


@pytest.mark.requirement("R17")
@pytest.mark.django_db
def test_a_role_given_from_the_command_line_is_on_the_offices_trail(cast: Cast):
    call_command("add_member", **MEMBER, stdout=StringIO())
    told = audit.trail(cast.rex, audit.Wanted(what="access.given_by_command")).get()
    assert told.why == MEMBER["reason"]
    assert "made Nia Test facility quality lead of Fir Works" in told.sentence
    assert told.actor_role == Role.SYSTEM
    with pytest.raises(CommandError, match="Give the reason"):
        call_command("add_member", **(MEMBER | {"email": "n@example.org", "reason": "."}))
    assert not User.objects.filter(email="n@example.org").exists()


@pytest.mark.requirement("R17")
@pytest.mark.django_db
def test_the_first_administrator_holds_no_other_role():
    serving.create_admin(
        email="head@example.org",
        name="Head Test",
        office="The Office",
        country="USA",
        password="a sentence nobody guesses",
    )
    roles = Membership.objects.values_list("role", flat=True)
    assert list(roles) == [Role.PROGRAM_ADMINISTRATOR]
    assert AuditEvent.objects.filter(what="membership.added", actor_role=Role.SYSTEM).exists()


@pytest.mark.requirement("R17")
@pytest.mark.django_db
def test_an_administrator_changes_no_score(cast: Cast):
    story = stories.scoring(cast)
    question = story.asked[0]
    url = reverse("assessments:score", args=[story.id, question])
    assert cast.client("ada").post(url, {"mark": "5"}).status_code in {403, 404}
    entry = ScoreEntry(question, "5", stories.WHY, stories.BOTH, 0)
    with pytest.raises((NotPermitted, NotFound)):
        record_score(by=cast.ada, assessment_id=story.id, entry=entry)
    with pytest.raises(NotPermitted, match="own access"):
        _give(cast, "ada", Role.LEAD_ASSESSOR)


def _give(cast: Cast, name: str, role: Role) -> Membership:
    from openqmm.apps.accounts.actions import add_membership
    from openqmm.web import clock

    by = cast.actors[name]
    return add_membership(
        by=by,
        person=queries.person(by.person_id),
        organisation=cast.organisations["Cedar Assessors"],
        role=role,
        from_on=clock.today(),
    )

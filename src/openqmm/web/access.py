"""Who may call a view: declared beside it, denied when it is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Role
from openqmm.web import tenancy

View = Callable[..., HttpResponse]

STAFF = frozenset({Role.PROGRAM_ADMINISTRATOR})
OFFICE = frozenset({Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER, Role.OBSERVER})
CONTRACTOR = frozenset({Role.LEAD_ASSESSOR, Role.ASSESSOR})
SITE = frozenset({Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY})
SIGNED_IN = frozenset(role for role in Role if role not in {Role.PUBLIC, Role.SYSTEM})
EVERYONE = SIGNED_IN | {Role.PUBLIC}


def allow(
    *roles: Role | frozenset[Role], methods: tuple[str, ...] = ("GET",), once: bool = False
) -> Any:
    """Declare the roles that may call a view, and the HTTP methods it takes.

    `once` says that what is sent by POST takes effect once, however often it is sent: the form
    needs a one-time key, `{% once %}` in its template.

    A person of another role is told so (403); somebody not signed in is asked to sign in. Which
    *records* a role may see is the queries' business: those answer 404. The view runs in its
    actor's tenant scope, one transaction on PostgreSQL: an error undoes it as a whole, a refusal
    only what it refused.
    """
    allowed: set[Role] = set()
    for role in roles:
        allowed |= {role} if isinstance(role, Role) else role
    accepted = {*methods, "HEAD"} if "GET" in methods else set(methods)

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in accepted:
                return HttpResponse(status=405, headers={"Allow": ", ".join(sorted(accepted))})
            if request.method == "HEAD":
                # The same answer as GET's; the server leaves its body out.
                request.method = "GET"
            if request.actor.role not in allowed:
                if request.actor.role is Role.PUBLIC:
                    return redirect_to_login(_way_back(request))
                raise NotPermitted(f"The role {request.actor.role.title} has no use of this page.")
            answer = partial(view, request, *args, **kwargs)
            return _answered(request, answer, once=once and request.method == "POST")

        guarded.once = once
        guarded.allowed_roles = frozenset(allowed)
        guarded.allowed_methods = frozenset(methods)
        return guarded

    return declare


def _answered(
    request: HttpRequest, answer: Callable[[], HttpResponse], *, once: bool
) -> HttpResponse:
    with tenancy.answering(request.actor):
        response = request.once(answer) if once else answer()
    # A file's content is not the database's to read.
    if response.streaming and not isinstance(response, FileResponse):
        response.streaming_content = tenancy.streamed(request.actor, response.streaming_content)
    return response


def unattended(policy: str) -> Callable[[Any], Any]:
    """Declare what stands for a permission where nobody is signed in.

    For the management commands and background tasks of this platform: `policy` says in words who
    starts it, as whom it acts, and what it leaves on the trail. One without it stops the start.
    """
    if not policy.strip():
        raise ValueError("Say who may start it, and what it leaves on the trail.")

    def declare(command_or_task: Any) -> Any:
        command_or_task.declared_policy = policy
        return command_or_task

    return declare


def allow_person(methods: tuple[str, ...] = ("GET",)) -> Any:
    """Declare that whoever has signed in may call a view about themselves, in whatever role and
    before they act in any: `request.user` is the person."""
    declare_role = allow(EVERYONE, methods=methods)

    def declare(view: View) -> View:
        @wraps(view)
        def for_person(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(_way_back(request))
            return view(request, *args, **kwargs)

        return declare_role(for_person)

    return declare


def _way_back(request: HttpRequest) -> str:
    """Return the page to come back to: of a form that was sent, the page it stood on."""
    if request.method == "GET":
        return request.get_full_path()
    stood_on = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(stood_on, allowed_hosts={request.get_host()}):
        return urlsplit(stood_on).path or "/"
    return "/"

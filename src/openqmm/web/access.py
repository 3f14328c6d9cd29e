"""Who may call a view: declared beside it, denied when it is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Role

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
    *records* a role may see is the queries' business: those answer 404.
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
                    return redirect_to_login(request.get_full_path())
                raise NotPermitted(f"The role {request.actor.role.title} has no use of this page.")
            if once and request.method == "POST":
                return request.once(partial(view, request, *args, **kwargs))
            return view(request, *args, **kwargs)

        guarded.once = once
        guarded.allowed_roles = frozenset(allowed)
        guarded.allowed_methods = frozenset(methods)
        return guarded

    return declare

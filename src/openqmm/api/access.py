"""Who may call an operation: declared beside it, as for every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.errors import AuthenticationError

from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Role

Operation = Callable[..., Any]


def allow(*roles: Role | frozenset[Role]) -> Callable[[Operation], Operation]:
    """Declare the roles that may call an operation.

    Somebody not signed in is answered 401, a person of another role 403. Which *records* a role
    may see is the queries' business: those answer 404. Operations written with this must have
    annotations that are types, not text.
    """
    allowed: set[Role] = set()
    for role in roles:
        allowed |= {role} if isinstance(role, Role) else role

    def declare(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            role = request.actor.role
            if role not in allowed:
                if role is Role.PUBLIC:
                    raise AuthenticationError
                raise NotPermitted(f"The role {role.title} has no use of this.")
            return operation(request, *args, **kwargs)

        guarded.allowed_roles = frozenset(allowed)
        return guarded

    return declare

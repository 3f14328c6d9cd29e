"""Who may call an operation, and with a key for what: declared beside it, as for every page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import PUBLIC, Actor, Role, Scope
from openqmm.web import tenancy

Operation = Callable[..., Any]
KeyReader = Callable[[str], tuple[Actor, frozenset[Scope]] | None]
"""Returns whom the text of a key lets act and for what; None for one that opens nothing."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SessionOrKey(HttpBearer):
    """Somebody: by the session of a browser, or by a key. `identify` has found out who."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        return None if request.actor.role is Role.PUBLIC else request.actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        raise NotImplementedError


def allow(*roles: Role | frozenset[Role], scope: Scope | None = None) -> Callable[..., Operation]:
    """Declare the roles that may call an operation, and the scope that a key needs for it.

    Somebody not signed in is answered 401, a person of another role, or a key without the scope,
    403. Which *records* a role may see is the queries' business: those answer 404. Operations
    written with this must have annotations that are types, not text. They run in their actor's
    tenant scope and return what they have read, not what is still to be read.
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
            held = getattr(request, "key_scopes", None)
            if held is not None and scope not in held:
                raise NotPermitted(f"The key may not be used for this: it lacks {scope}.")
            with tenancy.answering(request.actor):
                return operation(request, *args, **kwargs)

        guarded.allowed_roles = frozenset(allowed)
        guarded.scope = scope
        return guarded

    return declare


def identify(request: HttpRequest, read_key: KeyReader) -> None:
    """Say who calls: the key, where one is shown, or the session's person, who may only read.

    A key that opens nothing is refused (AuthenticationError), whatever else the request carries.
    Nothing is changed by a session here: a browser would send it along with a forged request.
    """
    request.key_scopes = None
    shown = request.headers.get("Authorization")
    if shown is None:
        if request.method not in _SAFE:
            request.actor = PUBLIC
        return
    kind, _, text = shown.partition(" ")
    found = read_key(text.strip()) if kind.lower() == "bearer" else None
    if found is None:
        # Who shows a wrong key is nobody, even with a session beside it.
        request.actor = PUBLIC
        raise AuthenticationError
    request.actor, request.key_scopes = found

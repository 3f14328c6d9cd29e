"""What the shell around every page needs: navigation by role, memberships, what is waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.accounts.policies import IDLE
from openqmm.core.workflow import PUBLIC, Actor, Role
from openqmm.site.navigation import nav_items, person_links, sign_in_link
from openqmm.site.next_steps import next_steps
from openqmm.web import tenancy


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the shell's variables; a page of the public has none of a person's."""
    actor = getattr(request, "actor", PUBLIC)
    base: dict[str, Any] = {"demo": settings.DEMO, "single_sign_on": settings.OIDC}
    if getattr(request, "sign_in", None):
        base["idle_seconds"] = int(IDLE.total_seconds())
        base["person_links"] = [sign_in_link()]
    if actor.role is Role.PUBLIC:
        return base
    # In a scope of their own, for pages that no view makes: an address that does not exist.
    return base | {
        "nav_items": nav_items(actor, request.path),
        "memberships": _lazily(actor, lambda: accounts.memberships_of(actor.person_id)),
        "active_membership": _lazily(actor, lambda: accounts.active_membership(actor)),
        "person_links": [sign_in_link(), *person_links()],
        "waiting_count": _lazily(actor, lambda: len(next_steps(actor))),
    }


def _lazily(by: Actor, read: Callable[[], Any]) -> SimpleLazyObject:
    return SimpleLazyObject(tenancy.scope(by)(read))
